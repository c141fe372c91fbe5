/*
 * explain.c - a verdict in words.
 *
 * Text from the plan and from policy files is escaped; a message that does
 * not fit is shortened where it hurts least, never the rule's place.
 */
#include <stdio.h>
#include <string.h>
#include "base/json.h"
#include "base/sha256.h"
#include "policy/explain.h"

static size_t count_denied(const struct verdict *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		n += !v->findings[i].permitted;
	return n;
}

/* "step 17", or "plan" for the plan as a whole. */
static void add_place(const struct finding *f, const struct plan *p,
		      struct buf *b)
{
	if (f->step < 0 || (size_t)f->step >= p->n)
		buf_str(b, "plan");
	else
		buf_printf(b, "step %d", f->step);
}

/* Who decided: FILE:LINE: RULE, or that nobody did. */
static void add_decision(const struct finding *f, struct buf *b)
{
	if (!f->file) {
		buf_str(b, "there is no policy");
		return;
	}
	buf_escaped(b, f->file);
	if (!f->rule) {
		buf_str(b, ": no rule permits it");
		return;
	}
	buf_printf(b, ":%u: ", f->line);
	buf_escaped(b, f->rule);
}

/* Every rule that speaks of it, in order; the one that decides is marked. */
static void add_matches(const struct finding *f, struct buf *b)
{
	const struct match *m = f->matches;
	bool marked = false;

	for (size_t i = 0; i < f->n_matches; i++) {
		/* the last of those that stand in the deciding line */
		bool decides = m[i].layer == f->layer && m[i].line == f->line &&
			       !marked && strcmp(m[i].file, f->file) == 0;

		marked |= decides;
		buf_printf(b, "\n%18s ", decides ? "=" : "");
		buf_escaped(b, m[i].file);
		buf_printf(b, ":%u: ", m[i].line);
		buf_escaped(b, m[i].rule);
	}
	if (marked)
		return;
	buf_printf(b, "\n%18s ", "=");
	add_decision(f, b);
}

static void add_finding(const struct finding *f, const struct plan *p,
			struct buf *b)
{
	AUTO(buf_done) struct buf place = BUF_INIT;

	add_place(f, p, &place);
	buf_printf(b, "%-7s %-8s ", f->permitted ? "permit" : "deny", place.p);
	buf_escaped(b, f->what);
	add_matches(f, b);
	if (f->advice) {
		buf_str(b, "\n                   to permit it write: ");
		buf_escaped(b, f->advice);
	}
	buf_char(b, '\n');
}

void policy_explain_text(const struct verdict *v, const struct plan *p,
			 struct buf *b)
{
	size_t denied = count_denied(v);

	for (size_t i = 0; i < v->n; i++)
		add_finding(&v->findings[i], p, b);
	if (v->permitted)
		buf_printf(b, "permitted: all of %zu\n", v->n);
	else
		buf_printf(b, "denied: %zu of %zu\n", denied, v->n);
}

static const char *const subjects[] = {
#define X(id, word, first, text) word,
	POLICY_SUBJECTS(X)
#undef X
};

static void json_matches(struct json_out *j, const struct finding *f)
{
	json_out_array(j, "matches");
	for (size_t i = 0; i < f->n_matches; i++) {
		const struct match *m = &f->matches[i];

		json_out_obj(j, NULL);
		json_out_bool(j, "permits", m->permits);
		json_out_u64(j, "layer", m->layer);
		json_out_str(j, "file", m->file);
		json_out_u64(j, "line", m->line);
		json_out_str(j, "rule", m->rule);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void json_finding(struct json_out *j, const struct finding *f)
{
	json_out_obj(j, NULL);
	json_out_i64(j, "step", f->step);
	json_out_str(j, "subject", subjects[f->subject]);
	json_out_str(j, "what", f->what);
	json_out_bool(j, "permitted", f->permitted);
	json_out_u64(j, "layer", f->layer);
	json_out_str(j, "file", f->file);
	json_out_u64(j, "line", f->line);
	json_out_str(j, "rule", f->rule);
	json_out_str(j, "advice", f->advice);
	json_matches(j, f);
	json_out_obj_end(j);
}

void policy_explain_json(const struct verdict *v, const struct plan *p,
			 struct buf *b)
{
	char hash[SHA256_HEX + 1] = "";
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_bool(&j, "permitted", v->permitted);
	json_out_str(&j, "subject", p->subject);
	if (v->permit.granted)
		sha256_hex(v->permit.hash, hash);
	json_out_str(&j, "permit", v->permit.granted ? hash : NULL);
	sha256_hex(v->hash, hash);
	json_out_str(&j, "plan", hash);
	json_out_array(&j, "findings");
	for (size_t i = 0; i < v->n; i++)
		json_finding(&j, &v->findings[i]);
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

/* ---- the one line of a denial ---- */

/* Escaped into `ret`; when longer than `max` bytes, its middle is "...". */
static const char *fit(const char *s, size_t max, struct buf *ret)
{
	AUTO(buf_done) struct buf whole = BUF_INIT;
	size_t head = max * 2 / 3, tail = max - head - 3;

	buf_escaped(&whole, s);
	if (whole.len <= max) {
		buf_add(ret, whole.p ? whole.p : "", whole.len);
		return ret->p;
	}
	tail = whole.len - tail;
	/* never half a UTF-8 sequence */
	while (head && ((unsigned char)whole.p[head] & 0xc0) == 0x80)
		head--;
	while (((unsigned char)whole.p[tail] & 0xc0) == 0x80)
		tail++;
	buf_add(ret, whole.p, head);
	buf_str(ret, "...");
	buf_str(ret, whole.p + tail);
	return ret->p;
}

static void add_denial(const struct finding *f, struct buf *b)
{
	AUTO(buf_done) struct buf file = BUF_INIT, rule = BUF_INIT;

	if (!f->file) {
		buf_str(b, "denied: there is no policy");
		return;
	}
	fit(f->file, 80, &file);
	if (!f->rule) {
		buf_printf(b, "denied: no rule of %s permits it", file.p);
		return;
	}
	buf_printf(b, "denied by %s:%u \"%s\"", file.p, f->line,
		   fit(f->rule, 60, &rule));
}

/* What to write; too long to be copied whole: where it is printed. */
static void add_advice(const struct finding *f, size_t room, struct buf *b)
{
	static const char lead[] = "; to permit it write: ";
	AUTO(buf_done) struct buf advice = BUF_INIT;

	if (!f->advice) /* what is required has no line that permits it */
		return;
	buf_escaped(&advice, f->advice);
	if (advice.len + sizeof(lead) <= room)
		buf_printf(b, "%s%s", lead, advice.p);
	else
		buf_str(b, "; immure check prints what to write");
}

int policy_explain_err(const struct verdict *v, const struct plan *p,
		       struct err *e)
{
	AUTO(buf_done)
	struct buf b = BUF_INIT, what = BUF_INIT, more = BUF_INIT;
	const struct finding *f = v->findings;
	size_t denied = count_denied(v);

	while (f < v->findings + v->n && f->permitted)
		f++;
	if (f == v->findings + v->n)
		return err_set(e, ERR_DENIED,
			       "policy: the plan shows nothing "
			       "that could be judged");
	buf_printf(&b, "policy: %s (", fit(f->what, 160, &what));
	add_place(f, p, &b);
	buf_str(&b, "): ");
	add_denial(f, &b);
	if (denied > 1)
		buf_printf(&more, " (and %zu more)", denied - 1);
	add_advice(f, sizeof(e->msg) - b.len - more.len, &b);
	if (more.len)
		buf_str(&b, more.p);
	err_set(e, ERR_DENIED, "%s", b.p);
	if (e)
		e->step = f->step;
	return -1;
}
