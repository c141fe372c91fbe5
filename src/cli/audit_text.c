/*
 * audit_text.c - an audit for a terminal: the score, the walls, the findings
 * with what to do, and what could not be seen.
 */
#include "cli/audit_print.h"

#include <string.h>

#include "policy/audit.h"

#define MANY	8  /* places beyond this are counted */
#define COLUMNS 68 /* behind the first twelve */

static void add_walls(const struct audit *a, struct buf *b)
{
	for (size_t w = 0; w < WALL_COUNT; w++) {
		buf_printf(b, "  %-17s %s", audit_wall_word((enum audit_wall)w),
			   audit_state_word(a->walls[w].state));
		if (a->walls[w].n)
			buf_printf(b, " (%zu finding%s, %u points)",
				   a->walls[w].n, a->walls[w].n == 1 ? "" : "s",
				   a->walls[w].points);
		buf_char(b, '\n');
	}
}

/* Words of `text` in lines of at most 80 columns, from the 13th. */
static void add_wrapped(struct buf *b, const char *text)
{
	AUTO(buf_done) struct buf plain = BUF_INIT;
	size_t column = 0;

	buf_escaped(&plain, text);
	for (const char *p = plain.p; *p;) {
		size_t n = strcspn(p, " ");

		if (column && column + 1 + n > COLUMNS) {
			buf_str(b, "\n            ");
			column = 0;
		} else if (column) {
			buf_char(b, ' ');
			column++;
		}
		buf_add(b, p, n);
		column += n;
		p += n + strspn(p + n, " ");
	}
	buf_char(b, '\n');
}

static void add_line(struct buf *b, const char *name, const char *text)
{
	buf_printf(b, "    %-8s", name);
	add_wrapped(b, text);
}

static void add_hit(const struct audit *a, const struct audit_hit *h,
		    struct buf *b)
{
	if (h->step >= 0)
		buf_printf(b, "    step %-3d", h->step);
	else
		buf_printf(b, "    %-8s", a->is_process ? "seen" : "plan");
	add_wrapped(b, h->what);
}

static void add_hits(const struct audit *a, const struct audit_finding *f,
		     struct buf *b)
{
	for (size_t i = 0; i < f->n_hits && i < MANY; i++)
		add_hit(a, &f->hits[i], b);
	if (f->n_hits > MANY)
		buf_printf(b, "            and %zu more (--format json)\n",
			   f->n_hits - MANY);
}

static void add_finding(const struct audit *a, const struct audit_finding *f,
			struct buf *b)
{
	const struct audit_row *r = f->row;

	buf_printf(b, "\n%-8s %s %s\n", audit_severity_word(r->severity), r->id,
		   r->title);
	add_hits(a, f, b);
	add_line(b, "why", r->why);
	add_line(b, "fix", r->fix);
	if (r->policy)
		add_line(b, "policy", r->policy);
	for (const char *const *id = r->cves; id && *id; id++) {
		const struct audit_cve *c = audit_cve(*id);

		if (c)
			buf_printf(b, "    %s (%s) %s\n", c->id, c->project,
				   c->text);
	}
}

void audit_print_text(const struct audit *a, const struct plan *p,
		      struct buf *b)
{
	(void)p;
	buf_str(b, "audit of ");
	buf_escaped(b, a->subject);
	buf_printf(b, "\nexposure %u of %u%s\n", a->score, AUDIT_SCORE_MAX,
		   a->n_blind ? ", at least: not all can be seen" : "");
	add_walls(a, b);
	for (size_t i = 0; i < a->n; i++)
		add_finding(a, &a->v[i], b);
	if (a->n_blind)
		buf_str(b, "\nnot seen\n");
	for (size_t i = 0; i < a->n_blind; i++)
		buf_printf(b, "    %s %s: %s\n", a->blind[i].row->id,
			   a->blind[i].row->title, a->blind[i].why);
}
