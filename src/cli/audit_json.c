/*
 * audit_json.c - an audit as one JSON object, for programs. Its members are
 * listed in immure-audit(1).
 */
#include "cli/audit_print.h"

#include "base/json.h"
#include "base/sha256.h"
#include "plan/hash.h"
#include "policy/audit.h"

static void put_hash(struct json_out *j, const struct plan *p)
{
	uint8_t digest[PLAN_HASH_LEN];
	char hex[SHA256_HEX + 1];

	plan_hash(p, digest);
	sha256_hex(digest, hex);
	json_out_str(j, "plan", hex);
}

static void put_walls(struct json_out *j, const struct audit *a)
{
	json_out_array(j, "walls");
	for (size_t w = 0; w < WALL_COUNT; w++) {
		json_out_obj(j, NULL);
		json_out_str(j, "wall", audit_wall_word((enum audit_wall)w));
		json_out_str(j, "state", audit_state_word(a->walls[w].state));
		json_out_u64(j, "points", a->walls[w].points);
		json_out_u64(j, "findings", a->walls[w].n);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void put_places(struct json_out *j, const struct audit_finding *f,
		       const struct plan *p)
{
	json_out_array(j, "places");
	for (size_t i = 0; i < f->n_hits; i++) {
		const struct audit_hit *h = &f->hits[i];

		json_out_obj(j, NULL);
		json_out_i64(j, "step", h->step);
		if (p && h->step >= 0 && (size_t)h->step < p->n)
			json_out_str(j, "op", op_word(p->steps[h->step].op));
		json_out_str(j, "what", h->what);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void put_escapes(struct json_out *j, const struct audit_row *r)
{
	json_out_array(j, "escapes");
	for (const char *const *id = r->cves; id && *id; id++) {
		const struct audit_cve *c = audit_cve(*id);

		if (!c)
			continue;
		json_out_obj(j, NULL);
		json_out_str(j, "id", c->id);
		json_out_str(j, "project", c->project);
		json_out_str(j, "text", c->text);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void put_finding(struct json_out *j, const struct audit_finding *f,
			const struct plan *p)
{
	const struct audit_row *r = f->row;

	json_out_obj(j, NULL);
	json_out_str(j, "id", r->id);
	json_out_str(j, "severity", audit_severity_word(r->severity));
	json_out_u64(j, "points", audit_severity_points(r->severity));
	json_out_str(j, "wall", audit_wall_word(r->wall));
	json_out_str(j, "title", r->title);
	json_out_str(j, "why", r->why);
	json_out_str(j, "fix", r->fix);
	json_out_str(j, "policy", r->policy);
	put_places(j, f, p);
	put_escapes(j, r);
	json_out_obj_end(j);
}

void audit_print_json(const struct audit *a, const struct plan *p,
		      struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "subject", a->subject);
	json_out_str(&j, "kind", a->is_process ? "process" : "plan");
	if (p)
		put_hash(&j, p);
	json_out_u64(&j, "exposure", a->score);
	json_out_bool(&j, "complete", a->n_blind == 0);
	put_walls(&j, a);
	json_out_array(&j, "findings");
	for (size_t i = 0; i < a->n; i++)
		put_finding(&j, &a->v[i], p);
	json_out_array_end(&j);
	json_out_array(&j, "unseen");
	for (size_t i = 0; i < a->n_blind; i++) {
		json_out_obj(&j, NULL);
		json_out_str(&j, "id", a->blind[i].row->id);
		json_out_str(&j, "title", a->blind[i].row->title);
		json_out_str(&j, "why", a->blind[i].why);
		json_out_obj_end(&j);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}
