/*
 * audit_sarif.c - an audit as SARIF 2.1.0, for code-scanning services. The
 * plan's text is in it as an artifact, and findings point at its lines.
 */
#include "cli/audit_print.h"

#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "plan/print.h"
#include "policy/audit.h"

#define SCHEMA                                                                 \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"  \
	"sarif-schema-2.1.0.json"
#define ARTIFACT "plan.txt"

static const char *level_of(enum audit_severity s)
{
	static const char *const levels[] = {
#define X(id, word, points, level) level,
		AUDIT_SEVERITIES(X)
#undef X
	};

	return levels[s];
}

/* Text of anybody's, for readers that take no odd bytes. */
static void put_escaped(struct json_out *j, const char *key, const char *text)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_escaped(&b, text);
	json_out_str(j, key, b.p);
}

/* A message: our own text, with its lines. */
static void put_text(struct json_out *j, const char *key, const char *text)
{
	json_out_obj(j, key);
	json_out_str(j, "text", text);
	json_out_obj_end(j);
}

static void put_message(struct json_out *j, const char *text)
{
	json_out_obj(j, "message");
	put_escaped(j, "text", text);
	json_out_obj_end(j);
}

static void put_help(struct json_out *j, const struct audit_row *r)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b, "%s.\nFix: %s\n", r->why, r->fix);
	if (r->policy)
		buf_printf(&b, "Policy: %s\n", r->policy);
	for (const char *const *id = r->cves; id && *id; id++) {
		const struct audit_cve *c = audit_cve(*id);

		if (c)
			buf_printf(&b, "%s (%s): %s\n", c->id, c->project,
				   c->text);
	}
	put_text(j, "help", b.p);
}

static void put_rule(struct json_out *j, const struct audit_row *r)
{
	json_out_obj(j, NULL);
	json_out_str(j, "id", r->id);
	put_text(j, "shortDescription", r->title);
	put_text(j, "fullDescription", r->why);
	put_help(j, r);
	json_out_obj(j, "defaultConfiguration");
	json_out_str(j, "level", level_of(r->severity));
	json_out_obj_end(j);
	json_out_obj(j, "properties");
	json_out_str(j, "severity", audit_severity_word(r->severity));
	json_out_u64(j, "points", audit_severity_points(r->severity));
	json_out_array(j, "tags");
	json_out_str(j, NULL, "security");
	json_out_str(j, NULL, audit_wall_word(r->wall));
	for (const char *const *id = r->cves; id && *id; id++)
		json_out_str(j, NULL, *id);
	json_out_array_end(j);
	json_out_obj_end(j);
	json_out_obj_end(j);
}

static void put_driver(struct json_out *j, const struct audit *a)
{
	json_out_obj(j, "tool");
	json_out_obj(j, "driver");
	json_out_str(j, "name", "immure");
	json_out_str(j, "version", VERSION);
	json_out_array(j, "rules");
	for (size_t i = 0; i < a->n; i++)
		put_rule(j, a->v[i].row);
	json_out_array_end(j);
	json_out_obj_end(j);
	json_out_obj_end(j);
}

/* The line of the plan's text that step 0 stands in, from 1. */
static unsigned first_line(const char *text, size_t n_steps)
{
	size_t lines = 0;

	for (const char *p = text; (p = strchr(p, '\n')); p++)
		lines++;
	/* the steps and the hash are the last ones */
	return (unsigned)(lines - n_steps);
}

/* What the locations of one audit have in common. */
struct places {
	const struct audit *a;
	const struct plan *p;
	unsigned first;
};

static void put_location(struct json_out *j, const struct places *at,
			 const struct audit_hit *h)
{
	auto_free char *step = xasprintf("step %d", h->step);

	json_out_obj(j, NULL);
	if (at->p) {
		json_out_obj(j, "physicalLocation");
		json_out_obj(j, "artifactLocation");
		json_out_str(j, "uri", ARTIFACT);
		json_out_u64(j, "index", 0);
		json_out_obj_end(j);
		json_out_obj(j, "region");
		json_out_u64(j, "startLine",
			     h->step < 0 ? 1 : at->first + (unsigned)h->step);
		json_out_obj_end(j);
		json_out_obj_end(j);
	}
	json_out_array(j, "logicalLocations");
	json_out_obj(j, NULL);
	put_escaped(j, "fullyQualifiedName",
		    h->step < 0 ? at->a->subject : step);
	json_out_obj_end(j);
	json_out_array_end(j);
	put_message(j, h->what);
	json_out_obj_end(j);
}

static void put_result(struct json_out *j, const struct places *at, size_t i)
{
	const struct audit_finding *f = &at->a->v[i];
	auto_free char *text =
		xasprintf("%s: %s", f->row->title, f->hits[0].what);

	json_out_obj(j, NULL);
	json_out_str(j, "ruleId", f->row->id);
	json_out_u64(j, "ruleIndex", i);
	json_out_str(j, "level", level_of(f->row->severity));
	put_message(j, text);
	json_out_array(j, "locations");
	for (size_t k = 0; k < f->n_hits; k++)
		put_location(j, at, &f->hits[k]);
	json_out_array_end(j);
	json_out_obj_end(j);
}

static void put_artifact(struct json_out *j, const char *text)
{
	json_out_array(j, "artifacts");
	json_out_obj(j, NULL);
	json_out_obj(j, "location");
	json_out_str(j, "uri", ARTIFACT);
	json_out_obj_end(j);
	put_text(j, "contents", text);
	json_out_obj_end(j);
	json_out_array_end(j);
}

static void put_run(struct json_out *j, const struct audit *a,
		    const struct plan *p)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	struct places at = { .a = a, .p = p };

	json_out_obj(j, NULL);
	put_driver(j, a);
	if (p) {
		plan_print_text(p, false, &text);
		at.first = first_line(text.p, p->n);
		put_artifact(j, text.p);
	}
	json_out_array(j, "results");
	for (size_t i = 0; i < a->n; i++)
		put_result(j, &at, i);
	json_out_array_end(j);
	json_out_obj(j, "properties");
	put_escaped(j, "subject", a->subject);
	json_out_u64(j, "exposure", a->score);
	json_out_bool(j, "complete", a->n_blind == 0);
	json_out_obj_end(j);
	json_out_obj_end(j);
}

void audit_print_sarif(const struct audit *a, const struct plan *p,
		       struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "$schema", SCHEMA);
	json_out_str(&j, "version", "2.1.0");
	json_out_array(&j, "runs");
	put_run(&j, a, p);
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}
