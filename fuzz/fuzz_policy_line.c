/*
 * fuzz_policy_line.c - one line of a policy file, cut into words.
 *
 * Words written back, each in quotes with every byte as \xNN, are cut into
 * the same words.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "format/policy_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static int cut(const char *p, size_t n, struct policy_line *l, struct err *e)
{
	*l = (struct policy_line){
		.file = "fuzz", .number = 1, .start = p, .at = p, .end = p + n
	};
	return policy_line_read(l, e);
}

static void write_back(const struct policy_line *l, struct buf *b)
{
	for (size_t i = 0; i < l->n; i++) {
		buf_str(b, i ? " \"" : "\"");
		for (const char *s = l->words[i].s; *s; s++)
			buf_printf(b, "\\x%02x", (unsigned char)*s);
		buf_char(b, '"');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(policy_line_done) struct policy_line l = { 0 }, again = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	if (memchr(data, '\n', size))
		return 0; /* a file is cut into lines first */
	if (cut((const char *)data, size, &l, &e) < 0) {
		require(e.kind == ERR_INPUT && e.msg[0], "no message");
		return 0;
	}
	require(l.n <= WORDS_MAX, "too many words");
	write_back(&l, &b);
	require(cut(b.p ? b.p : "", b.len, &again, &e) == 0, e.msg);
	require(again.n == l.n, "another number of words");
	for (size_t i = 0; i < l.n; i++) {
		require(l.words[i].column <= size, "a column outside");
		require(!strcmp(l.words[i].s, again.words[i].s),
			"another word");
	}
	return 0;
}
