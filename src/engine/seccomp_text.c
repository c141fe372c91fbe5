/*
 * seccomp_text.c - answers and calls as words, and words as calls.
 */
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/num.h"
#include "base/strv.h"
#include "engine/seccomp_parts.h"
#include "format/seccomp_words.h"
#include "kernel/seccomp_walk.h"

#define WIDTH	 78
#define X32_CALL 0x40000000u

uint32_t filters_answer(const struct filters *f, const struct seccomp_data *d)
{
	return seccomp_emulate(f->v, f->n, d);
}

bool answer_passes(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

static const struct word actions[] = {
	{ "KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
	{ "KILL_THREAD", SECCOMP_RET_KILL_THREAD },
	{ "TRAP", SECCOMP_RET_TRAP },
	{ "ERRNO", SECCOMP_RET_ERRNO },
	{ "NOTIFY", SECCOMP_RET_USER_NOTIF },
	{ "TRACE", SECCOMP_RET_TRACE },
	{ "LOG", SECCOMP_RET_LOG },
	{ "ALLOW", SECCOMP_RET_ALLOW },
	{ NULL, 0 },
};

void answer_print(uint32_t answer, struct buf *b)
{
	uint32_t data = answer & SECCOMP_RET_DATA;
	const char *word = word_name(actions, answer & SECCOMP_RET_ACTION_FULL);
	const char *name;

	if (!word) { /* the kernel kills for what it does not know */
		buf_printf(b, "KILL_PROCESS (0x%08x is no action)", answer);
		return;
	}
	buf_str(b, word);
	if ((answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE)
		buf_printf(b, " %u", data);
	if ((answer & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		return;
	name = word_name(seccomp_words_errno, data);
	buf_printf(b, name ? " %u (%s)" : " %u", data, name);
}

char *answer_text(uint32_t answer)
{
	struct buf b = BUF_INIT;

	answer_print(answer, &b);
	return buf_take(&b);
}

char *call_text(const struct filters *f, uint32_t nr)
{
	char *name = seccomp_call_name(f->m, nr);

	return name ? name : xasprintf("%u", nr);
}

bool filters_is_constant(const struct filters *f, uint32_t nr)
{
	for (size_t i = 0; i < f->n; i++) {
		AUTO(seccomp_reach_done) struct seccomp_reach r = { 0 };

		seccomp_reach(&f->v[i],
			      (struct seccomp_entry){ f->m->audit, nr }, &r);
		if (r.n_answers > 1)
			return false;
	}
	return true;
}

void fold_word(struct buf *b, size_t *column, const char *word)
{
	if (!*column || *column + 1 + strlen(word) > WIDTH) {
		buf_str(b, *column ? "\n " : " ");
		*column = 1;
	}
	buf_printf(b, " %s", word);
	*column += 1 + strlen(word);
}

/* ---- words as calls ---- */

static int parse_word(const char *word, uint64_t *ret, struct err *e)
{
	char *end;

	if (word_find(seccomp_words_value, word, ret))
		return 0;
	*ret = word[0] == '-' ? (uint64_t)strtoll(word, &end, 0)
			      : strtoull(word, &end, 0);
	if (end == word || *end)
		return err_set(e, ERR_USAGE,
			       "%s: neither a number nor a word as AF_VSOCK, "
			       "CLONE_NEWUSER, TIOCSTI",
			       word);
	return 0;
}

/* "A|B|0x40" */
static int parse_value(const char *text, uint64_t *ret, struct err *e)
{
	AUTO(strv_free) char **words = strv_split(text, '|');
	uint64_t all = 0, v;

	if (!words)
		return err_set(e, ERR_USAGE, "an argument is empty");
	strv_foreach (w, words) {
		if (parse_word(*w + strspn(*w, " "), &v, e) < 0)
			return -1;
		all |= v;
	}
	*ret = all;
	return 0;
}

/* "40,1,0)": up to six */
static int parse_args(const char *text, struct seccomp_data *d, struct err *e)
{
	AUTO(strv_free) char **parts = NULL;
	size_t n = strlen(text);
	auto_free char *inside = NULL;

	if (!n || text[n - 1] != ')')
		return err_set(e, ERR_USAGE, "the ) is missing");
	inside = xstrndup(text, n - 1);
	if (!inside[strspn(inside, " ")])
		return 0;
	parts = strv_split(inside, ',');
	if (strv_len(parts) > 6)
		return err_set(e, ERR_USAGE,
			       "a call has six arguments at most");
	for (size_t i = 0; parts && parts[i]; i++) {
		uint64_t v = 0;

		if (parse_value(parts[i], &v, e) < 0)
			return -1;
		d->args[i] = v;
	}
	return 0;
}

/* The entry's prefix; what follows it. */
static const char *parse_entry(const struct filters *f, const char *text,
			       struct seccomp_data *d,
			       const struct seccomp_machine **ret_names)
{
	*ret_names = f->m;
	d->arch = f->m->audit;
	if (!strncmp(text, "x32:", 4) && f->m->has_x32) {
		d->nr = (int)X32_CALL;
		return text + 4;
	}
	if (!strncmp(text, "i386:", 5)) {
		*ret_names = seccomp_machine_i386();
		d->arch = AUDIT_ARCH_I386;
		return text + 5;
	}
	return text;
}

int call_parse(const struct filters *f, const char *text,
	       struct seccomp_data *ret, struct err *e)
{
	struct seccomp_data d = { 0 };
	const struct seccomp_machine *m;
	const char *name = parse_entry(f, text, &d, &m);
	auto_free char *only = xstrndup(name, strcspn(name, "("));
	uint64_t number;
	int nr;

	if (num_u64(only, UINT32_MAX, "call", &number, NULL) == 0)
		nr = (int)(uint32_t)number;
	else
		nr = seccomp_call_number(m, only);
	if (nr == CALL_ELSEWHERE || nr == CALL_UNKNOWN)
		return err_set(e, ERR_USAGE, "%s: %s", text,
			       nr == CALL_UNKNOWN ? "no such system call"
						  : "no call of this machine");
	d.nr |= nr;
	if (name[strlen(only)] == '(' &&
	    parse_args(name + strlen(only) + 1, &d, e) < 0)
		return err_prefix(e, "%s", text);
	*ret = d;
	return 0;
}
