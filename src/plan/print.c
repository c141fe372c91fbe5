/*
 * print.c - a plan as text: one line a step, driven by the table of operands.
 */
#include "plan/print.h"

#include <string.h>

#include "base/sha256.h"
#include "base/strv.h"
#include "plan/hash.h"
#include "plan/values.h"

/* In the short form long things are counted. */
static void add_size(const struct field *f, const struct step *s, struct buf *b)
{
	const char *text;

	if (f->kind == FIELD_STRV) {
		buf_printf(b, "%zu", strv_len(VALUE(char **, f, s)));
		return;
	}
	text = VALUE(char *, f, s);
	buf_printf(b, "%zu bytes", text ? strlen(text) : 0);
}

static bool is_left_out(const struct field *f, const struct step *s, bool full)
{
	switch (f->show) {
	case SHOW_FULL:
		return !full || field_is_empty(f, s);
	case SHOW_SET:
	case SHOW_SET_BARE:
		return field_is_empty(f, s);
	default:
		return false;
	}
}

static void add_field(const struct field *f, const struct step *s, bool full,
		      struct buf *b)
{
	bool bare = f->show == SHOW_BARE || f->show == SHOW_SET_BARE;

	buf_char(b, ' ');
	if (f->kind == FIELD_BOOL) { /* "setgroups", "no setgroups" */
		buf_str(b, VALUE(bool, f, s) ? "" : "no ");
		buf_str(b, f->name);
		return;
	}
	if (f->show == SHOW_ARROW)
		buf_str(b, "-> ");
	else if (!bare)
		buf_printf(b, "%s ", f->name);
	if (f->show == SHOW_COUNT && !full)
		add_size(f, s, b);
	else
		value_text(f, s, full, b);
}

static void add_operands(const struct step *s, bool full, struct buf *b)
{
	op_foreach_field(f, s->op)
	{
		if (!is_left_out(f, s, full))
			add_field(f, s, full, b);
	}
	if (s->need != NEED_REQUIRED)
		buf_printf(b, " (%s)", word_name(need_words, s->need));
}

void plan_print_step(const struct step *s, bool full, struct buf *b)
{
	buf_str(b, op_word(s->op));
	add_operands(s, full, b);
}

static void add_header(const struct plan *p, struct buf *b)
{
	static const char *const words[] = { "privileged", "no_new_privs",
					     "seccomp", "landlock" };
	const bool off[] = { p->privileged, p->no_nnp, p->no_seccomp,
			     p->no_landlock };
	size_t i;

	buf_str(b, "plan of ");
	buf_escaped(b, p->subject ? p->subject : "nothing");
	buf_char(b, '\n');
	if (off[0])
		buf_str(b, "asked for: privileged\n");
	for (i = 1; i < ARRAY_SIZE(off); i++)
		if (off[i])
			buf_printf(b, "turned off: %s\n", words[i]);
}

void plan_print_text(const struct plan *p, bool full, struct buf *b)
{
	uint8_t digest[PLAN_HASH_LEN];
	char hex[SHA256_HEX + 1];

	add_header(p, b);
	plan_foreach (s, p) {
		buf_printf(b, "%3zu %-8s %-12s", (size_t)(s - p->steps),
			   phase_word(op_phase(s->op)), op_word(s->op));
		add_operands(s, full, b);
		while (b->len && b->p[b->len - 1] == ' ')
			b->p[--b->len] = '\0';
		buf_char(b, '\n');
	}
	plan_hash(p, digest);
	sha256_hex(digest, hex);
	buf_printf(b, "hash sha256:%s\n", hex);
}
