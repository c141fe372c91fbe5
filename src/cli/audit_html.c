/*
 * audit_html.c - an audit as one page that needs nothing else: no script, no
 * font, no image from elsewhere, which its own policy line forbids as well.
 *
 * All text of images, paths and processes goes through audit_html_text.
 */
#include "cli/audit_html.h"

#include <string.h>

#include "base/sha256.h"
#include "cli/audit_print.h"
#include "plan/hash.h"
#include "plan/print.h"
#include "policy/audit.h"

#define MANY 6 /* places beyond this are folded */

void audit_html_text(struct buf *b, const char *s)
{
	static const struct {
		char c;
		const char *entity;
	} special[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" }, { '\0', NULL },
	};
	AUTO(buf_done) struct buf plain = BUF_INIT;

	buf_escaped(&plain, s);
	for (const char *p = plain.p; *p; p++) {
		size_t i = 0;

		while (special[i].c && special[i].c != *p)
			i++;
		if (special[i].c)
			buf_str(b, special[i].entity);
		else
			buf_char(b, *p);
	}
}

static void add_head(const struct audit *a, struct buf *b)
{
	buf_str(b, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
		   "<meta charset=\"utf-8\">\n"
		   "<meta http-equiv=\"Content-Security-Policy\" "
		   "content=\"default-src 'none'; style-src "
		   "'unsafe-inline'\">\n"
		   "<meta name=\"viewport\" content=\"width=device-width, "
		   "initial-scale=1\">\n<title>Audit of ");
	audit_html_text(b, a->subject);
	buf_str(b, "</title>\n<style>\n");
	buf_str(b, audit_style);
	buf_str(b, "</style>\n</head>\n<body>\n");
}

static void add_badge(struct buf *b, enum audit_severity s)
{
	const char *word = audit_severity_word(s);

	buf_printf(b, "<span class=\"badge %s\">%s</span>", word, word);
}

/* ---- the top ---- */

static size_t count_of(const struct audit *a, enum audit_severity s)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += a->v[i].row->severity == s;
	return n;
}

static void add_counts(const struct audit *a, struct buf *b)
{
	buf_str(b, "<ul class=\"counts\" aria-label=\"findings by "
		   "severity\">\n");
	for (int s = SEVERITY_COUNT - 1; s >= 0; s--) {
		const char *word = audit_severity_word((enum audit_severity)s);

		buf_printf(b,
			   "<li><span class=\"badge %s\">%zu %s</span></li>\n",
			   word, count_of(a, (enum audit_severity)s), word);
	}
	buf_str(b, "</ul>\n");
}

static void add_header(const struct audit *a, struct buf *b)
{
	buf_str(b, "<header>\n<h1>Audit of a ");
	buf_str(b, a->is_process ? "running process" : "sandbox");
	buf_str(b, "</h1>\n<p class=\"subject\">");
	audit_html_text(b, a->subject);
	buf_str(b, "</p>\n<div class=\"score\">\n");
	audit_draw_score(a, b);
	buf_str(b, "<div>\n");
	buf_printf(b, "<p>Exposure <strong>%u of %u</strong>%s.</p>\n",
		   a->score, AUDIT_SCORE_MAX,
		   a->n_blind ? " at least: not everything can be seen" : "");
	add_counts(a, b);
	buf_str(b, "</div>\n</div>\n</header>\n<main>\n");
}

static void add_wall(const struct audit *a, enum audit_wall w, struct buf *b)
{
	const char *class = a->walls[w].state == WALL_STANDS ? " stands" : "";

	buf_printf(b, "<li><div><h3>%s</h3><p>%s</p>", audit_wall_word(w),
		   audit_wall_text(w));
	buf_printf(b, "<p class=\"state%s\">%s", class,
		   audit_state_word(a->walls[w].state));
	if (a->walls[w].n)
		buf_printf(b, ": %zu finding%s, %u points", a->walls[w].n,
			   a->walls[w].n == 1 ? "" : "s", a->walls[w].points);
	buf_str(b, "</p></div>\n");
	audit_draw_wall(a, w, b);
	buf_str(b, "</li>\n");
}

static void add_walls(const struct audit *a, struct buf *b)
{
	buf_str(b, "<section aria-labelledby=\"walls\">\n"
		   "<h2 id=\"walls\">Walls</h2>\n<p>Each missing brick is two "
		   "points of exposure.</p>\n<ul class=\"walls\">\n");
	for (size_t w = 0; w < WALL_COUNT; w++)
		add_wall(a, (enum audit_wall)w, b);
	buf_str(b, "</ul>\n</section>\n");
}

/* ---- findings ---- */

static void add_place(const struct audit_hit *h, const struct plan *p,
		      struct buf *b)
{
	buf_str(b, "<li>");
	if (p && h->step >= 0)
		buf_printf(b, "<a href=\"#step-%d\">step %d</a> ", h->step,
			   h->step);
	audit_html_text(b, h->what);
	buf_str(b, "</li>\n");
}

static void add_places(const struct audit_finding *f, const struct plan *p,
		       struct buf *b)
{
	buf_str(b, "<dt>where</dt><dd><ul>\n");
	for (size_t i = 0; i < f->n_hits && i < MANY; i++)
		add_place(&f->hits[i], p, b);
	buf_str(b, "</ul>");
	if (f->n_hits > MANY) {
		buf_printf(b,
			   "<details><summary>%zu more</summary>"
			   "<div class=\"body\"><ul>\n",
			   f->n_hits - MANY);
		for (size_t i = MANY; i < f->n_hits; i++)
			add_place(&f->hits[i], p, b);
		buf_str(b, "</ul></div></details>");
	}
	buf_str(b, "</dd>\n");
}

static void add_item(struct buf *b, const char *name, const char *tag,
		     const char *text)
{
	buf_printf(b, "<dt>%s</dt><dd>", name);
	if (tag)
		buf_printf(b, "<%s>", tag);
	audit_html_text(b, text);
	if (tag)
		buf_printf(b, "</%s>", tag);
	buf_str(b, "</dd>\n");
}

static void add_escapes(const struct audit_row *r, struct buf *b)
{
	if (!r->cves)
		return;
	buf_str(b, "<dt>escapes</dt><dd><ul>\n");
	for (const char *const *id = r->cves; *id; id++) {
		const struct audit_cve *c = audit_cve(*id);

		if (c)
			buf_printf(b, "<li>%s (%s): %s</li>\n", c->id,
				   c->project, c->text);
	}
	buf_str(b, "</ul></dd>\n");
}

static void add_finding(const struct audit_finding *f, const struct plan *p,
			struct buf *b)
{
	const struct audit_row *r = f->row;

	buf_printf(b, "<details id=\"%s\"%s><summary>", r->id,
		   r->severity >= SEVERITY_HIGH ? " open" : "");
	add_badge(b, r->severity);
	buf_printf(b, "<span class=\"id\">%s</span>", r->id);
	audit_html_text(b, r->title);
	buf_str(b, "</summary>\n<div class=\"body\"><dl>\n");
	add_places(f, p, b);
	add_item(b, "why", NULL, r->why);
	add_item(b, "fix", NULL, r->fix);
	if (r->policy)
		add_item(b, "policy", "code", r->policy);
	add_escapes(r, b);
	buf_str(b, "</dl></div></details>\n");
}

static void add_findings(const struct audit *a, const struct plan *p,
			 struct buf *b)
{
	buf_str(b, "<section aria-labelledby=\"findings\">\n"
		   "<h2 id=\"findings\">Findings</h2>\n");
	if (!a->n)
		buf_str(b, "<p>None.</p>\n");
	for (size_t i = 0; i < a->n; i++)
		add_finding(&a->v[i], p, b);
	buf_str(b, "</section>\n");
	if (!a->n_blind)
		return;
	buf_str(b, "<section aria-labelledby=\"unseen\">\n"
		   "<h2 id=\"unseen\">Not seen</h2>\n<ul>\n");
	for (size_t i = 0; i < a->n_blind; i++) {
		buf_printf(b, "<li><span class=\"id\">%s</span>",
			   a->blind[i].row->id);
		audit_html_text(b, a->blind[i].row->title);
		buf_str(b, ": ");
		audit_html_text(b, a->blind[i].why);
		buf_str(b, "</li>\n");
	}
	buf_str(b, "</ul>\n</section>\n");
}

/* ---- the plan ---- */

static void add_step_findings(const struct audit *a, int step, struct buf *b)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct audit_finding *f = &a->v[i];
		size_t k = 0;

		while (k < f->n_hits && f->hits[k].step != step)
			k++;
		if (k == f->n_hits)
			continue;
		buf_printf(b, "<p><a href=\"#%s\">%s</a> ", f->row->id,
			   f->row->id);
		audit_html_text(b, f->row->title);
		buf_str(b, "</p>\n");
	}
}

static void add_step(const struct audit *a, const struct plan *p, size_t i,
		     struct buf *b)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const struct step *s = &p->steps[i];

	buf_printf(b,
		   "<li><details id=\"step-%zu\"><summary>"
		   "<span class=\"num\">%zu</span>",
		   i, i);
	plan_print_step(s, false, &text);
	audit_html_text(b, text.p);
	buf_printf(b, "</summary>\n<div class=\"body\"><p>%s</p><p><code>",
		   op_text(s->op));
	buf_clear(&text);
	plan_print_step(s, true, &text);
	audit_html_text(b, text.p);
	buf_str(b, "</code></p>\n");
	add_step_findings(a, (int)i, b);
	buf_str(b, "</div></details></li>\n");
}

static void add_phase(const struct audit *a, const struct plan *p,
		      enum phase phase, struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += op_phase(p->steps[i].op) == phase;
	if (!n)
		return;
	buf_printf(b,
		   "<details><summary>%s: %zu step%s</summary>\n"
		   "<ol class=\"steps\">\n",
		   phase_word(phase), n, n == 1 ? "" : "s");
	for (size_t i = 0; i < p->n; i++)
		if (op_phase(p->steps[i].op) == phase)
			add_step(a, p, i, b);
	buf_str(b, "</ol></details>\n");
}

static void add_plan(const struct audit *a, const struct plan *p, struct buf *b)
{
	uint8_t digest[PLAN_HASH_LEN];
	char hex[SHA256_HEX + 1];

	plan_hash(p, digest);
	sha256_hex(digest, hex);
	buf_str(b, "<section aria-labelledby=\"plan\">\n"
		   "<h2 id=\"plan\">Plan</h2>\n<p>Every effect, in order, by "
		   "phase.</p>\n");
	for (int phase = PHASE_NS; phase <= PHASE_GO; phase++)
		add_phase(a, p, (enum phase)phase, b);
	buf_printf(b, "<p>sha256:<wbr><code>%s</code></p>\n</section>\n", hex);
}

static void add_footer(struct buf *b)
{
	buf_str(b, "</main>\n<footer>\n<p>Exposure is the sum of points over "
		   "all findings, each id once, cut at ");
	buf_printf(b, "%u:", AUDIT_SCORE_MAX);
	for (int s = 0; s < SEVERITY_COUNT; s++)
		buf_printf(b, " %s %u%s",
			   audit_severity_word((enum audit_severity)s),
			   audit_severity_points((enum audit_severity)s),
			   s == SEVERITY_COUNT - 1 ? "." : ",");
	buf_str(b, " Ids keep their meaning; see immure-audit(1).</p>\n"
		   "<p>immure " VERSION "</p>\n</footer>\n</body>\n</html>\n");
}

void audit_print_html(const struct audit *a, const struct plan *p,
		      struct buf *b)
{
	add_head(a, b);
	add_header(a, b);
	add_walls(a, b);
	add_findings(a, p, b);
	if (p)
		add_plan(a, p, b);
	add_footer(b);
}
