/*
 * check.c - the invariants of every plan: the tables of check_rules.c, fixed
 * places, and what operands must look like.
 *
 * It trusts nothing that built the plan. It does not judge: the policy does.
 */
#include "plan/check.h"

#include <linux/sched.h>
#include <string.h>

#include "base/path.h"
#include "base/strv.h"
#include "plan/check_rules.h"
#include "plan/ops.h"

#define LISTENER (1ull << 3) /* SECCOMP_FILTER_FLAG_NEW_LISTENER */

static size_t count(const struct plan *p, enum op op)
{
	size_t n = 0;

	plan_foreach (s, p) {
		n += s->op == op;
	}
	return n;
}

/* The index of the first (or last) step with this op, or -1. */
static int find(const struct plan *p, enum op op, bool last)
{
	int at = -1;

	plan_foreach (s, p) {
		if (s->op == op && (last || at < 0))
			at = (int)(s - p->steps);
	}
	return at;
}

/* ERR_BUG at a step. */
static int bug(struct err *e, int step, const char *what, const char *why)
{
	err_set(e, ERR_BUG, "plan: step %d: %s: %s", step, what, why);
	if (e)
		e->step = step;
	return -1;
}

/* One root, and what belongs to it. */
static int check_root_counts(const struct plan *p, struct err *e)
{
	if (count(p, OP_OVERLAY) + count(p, OP_ROOTDIR) +
		    count(p, OP_TMPROOT) !=
	    1)
		return bug(e, -1, "root", "there must be exactly one");
	if (count(p, OP_UPPER) != count(p, OP_OVERLAY))
		return bug(e, -1, "upper", "an overlay has one, nothing else");
	return 0;
}

static size_t count_joins(const struct plan *p, uint64_t ns)
{
	size_t n = 0;

	plan_foreach (s, p)
		n += s->op == OP_JOIN && s->join.ns == ns;
	return n;
}

static int check_bundle_counts(const struct plan *p, struct err *e)
{
	size_t users = count_joins(p, CLONE_NEWUSER) +
		       !!(plan_namespaces(p) & CLONE_NEWUSER);

	if (count(p, OP_PRIVATE) + count(p, OP_SLAVE) != 1)
		return bug(e, -1, "private, slave", "exactly one is there");
	if (count(p, OP_IDMAP) != users)
		return bug(e, -1, "idmap", "it belongs to a user namespace");
	return 0;
}

/* A map is compared when a user namespace is entered. */
static int check_entry_counts(const struct plan *p, struct err *e)
{
	if (plan_namespaces(p))
		return bug(e, -1, "clone", "a container is entered, not made");
	if (count_joins(p, CLONE_NEWNS) != 1)
		return bug(e, -1, "join",
			   "its mount namespace is entered once");
	if (count(p, OP_IDMAP) != count_joins(p, CLONE_NEWUSER))
		return bug(e, -1, "idmap", "it belongs to a user namespace");
	return 0;
}

static int check_counts(const struct plan *p, struct err *e)
{
	const struct check_rules *r = &check_rules[p->kind];
	size_t i, n;

	for (i = 0; i < r->n_counts; i++) {
		const struct check_count *c = &r->counts[i];

		n = count(p, c->op);
		if (n < c->min)
			return bug(e, -1, op_word(c->op), "is missing");
		if (n > c->max)
			return bug(e, find(p, c->op, true), op_word(c->op),
				   c->max ? "stands twice"
					  : "is for another kind of plan");
	}
	switch (p->kind) {
	case PLAN_BUNDLE:
		return check_bundle_counts(p, e);
	case PLAN_ENTRY:
		return check_entry_counts(p, e);
	default:
		return check_root_counts(p, e);
	}
}

static int check_phases(const struct plan *p, struct err *e)
{
	enum phase last = PHASE_NS;

	plan_foreach (s, p) {
		int at = (int)(s - p->steps);

		if (op_phase(s->op) < last)
			return bug(e, at, op_word(s->op), "its phase is over");
		last = op_phase(s->op);
		if (s->need == NEED_REQUIRED)
			continue;
		if (s->need != NEED_WANTED ||
		    (s->op != OP_LANDLOCK && s->op != OP_LABEL))
			return bug(e, at, op_word(s->op), "must be required");
	}
	return 0;
}

static int check_orders(const struct plan *p, const struct check_rules *r,
			struct err *e)
{
	for (size_t i = 0; i < r->n_orders; i++) {
		const struct check_order *o = &r->orders[i];
		int first = find(p, o->first, true);
		int then = find(p, o->then, false);

		if (first >= 0 && then >= 0 && first > then)
			return bug(e, then, op_word(o->then), o->why);
	}
	return 0;
}

/* Fixed places: the first two (after what is joined), the last two, the end of
 * ROOT. */
static int check_places(const struct plan *p, struct err *e)
{
	int idmap = find(p, OP_IDMAP, false), n = (int)p->n;
	int clone = (int)count(p, OP_JOIN);
	const struct step *after;

	if (p->steps[clone].op != OP_CLONE)
		return bug(e, clone, "clone", "is not the first step");
	if (idmap >= 0 && idmap != clone + 1)
		return bug(e, idmap, "idmap", "is not the second step");
	if (p->steps[n - 1].op != OP_EXEC)
		return bug(e, n - 1, "exec", "is not the last step");
	if (p->kind == PLAN_SANDBOX && p->steps[n - 2].op != OP_VERIFY)
		return bug(e, n - 2, "verify", "is not just before exec");
	if (p->kind == PLAN_ENTRY)
		return 0;
	after = &p->steps[find(p, OP_PIVOT, false) + 1];
	if (op_phase(after->op) == PHASE_ROOT && after->op != OP_PROPAGATE)
		return bug(e, (int)(after - p->steps), op_word(after->op),
			   "stands after the pivot");
	return 0;
}

/* Only MASK and READONLY take "/", a bind or mount there would be another
 * root; every path is clean, so that comparing texts compares places. */
static const char *bad_path(const char *path)
{
	auto_free char *clean = NULL;

	if (*path != '/')
		return "is not absolute";
	clean = path_clean(path);
	return strcmp(clean, path) == 0 ? NULL : "is not clean";
}

static int check_field(const struct step *s, const struct field *f, int at,
		       struct err *e)
{
	const char *text, *why;

	if (f->kind == FIELD_BLOB) {
		const struct blob *b = field_get(f, s);

		return b->name && b->data && b->size && b->size % 8 == 0
			       ? 0
			       : bug(e, at, op_word(s->op), "no program");
	}
	if (f->kind != FIELD_STR && f->kind != FIELD_PATH)
		return 0;
	text = *(char *const *)field_get(f, s);
	if (!text)
		return f->may_be_null ? 0 : bug(e, at, f->name, "is missing");
	why = f->kind == FIELD_PATH ? bad_path(text) : NULL;
	return why ? bug(e, at, text, why) : 0;
}

/* Of the cgroup that the plan makes. */
static bool is_own(const struct plan *p, const struct step *s)
{
	return count(p, OP_CGROUP) &&
	       path_is_below(s->tree.source, "/sys/fs/cgroup");
}

static int check_operands(const struct plan *p, struct err *e)
{
	plan_foreach (s, p) {
		int at = (int)(s - p->steps);

		op_foreach_field(f, s->op)
		{
			if (check_field(s, f, at, e))
				return -1;
		}
		if (s->op == OP_TREE && !s->tree.id.ino && !is_own(p, s))
			return bug(e, at, "tree", "nobody knows what it is");
		if (s->op == OP_RECORD && !(s->record.filter.flags & LISTENER))
			return bug(e, at, "record", "nobody would listen");
		if (s->op == OP_EXEC && !strv_len(s->exec.argv))
			return bug(e, at, "exec", "has no command");
	}
	return 0;
}

/* What the plan says was turned off is off, and nothing else is. */
static int check_walls(const struct plan *p, struct err *e)
{
	const struct {
		enum op op;
		bool off;
	} walls[] = {
		{ OP_NNP, p->no_nnp },
		{ count(p, OP_RECORD) ? OP_RECORD : OP_SECCOMP, p->no_seccomp },
		{ OP_LANDLOCK, p->no_landlock },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(walls); i++) {
		bool is_there = count(p, walls[i].op) > 0;

		if (is_there == walls[i].off)
			return bug(e, find(p, walls[i].op, false),
				   op_word(walls[i].op),
				   is_there ? "is there, and was turned off"
					    : "is missing, and was not turned "
					      "off");
	}
	return 0;
}

int plan_check(const struct plan *p, struct err *e)
{
	bool nnp = count(p, OP_NNP) > 0;

	if (check_counts(p, e) || check_phases(p, e) || check_places(p, e) ||
	    check_orders(p, &check_rules[p->kind], e) || check_operands(p, e) ||
	    check_walls(p, e))
		return -1;
	return check_orders(p, &check_rules_nnp[nnp], e);
}
