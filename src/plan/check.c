/*
 * check.c - the invariants of every plan, as tables: how often an operation
 * stands, which stands before which, and what operands must look like.
 *
 * It trusts nothing that built the plan. It does not judge: the policy does.
 */
#include "plan/check.h"

#include <string.h>

#include "base/path.h"
#include "base/strv.h"
#include "plan/ops.h"

#define LISTENER (1ull << 3) /* SECCOMP_FILTER_FLAG_NEW_LISTENER */

/* From … to times; the others as often as they like. */
static const struct {
	enum op op;
	size_t min, max;
} counts[] = {
	{ OP_CLONE, 1, 1 },    { OP_IDMAP, 1, 1 },   { OP_KEYRING, 0, 1 },
	{ OP_PRIVATE, 1, 1 },  { OP_PROCFS, 1, 1 },  { OP_UPPER, 0, 1 },
	{ OP_OVERLAY, 0, 1 },  { OP_ROOTDIR, 0, 1 }, { OP_TMPROOT, 0, 1 },
	{ OP_PTY, 0, 1 },      { OP_PIVOT, 1, 1 },   { OP_LOOPBACK, 0, 1 },
	{ OP_HOSTNAME, 0, 1 }, { OP_NSLIMIT, 0, 1 }, { OP_USERNS, 1, 1 },
	{ OP_SESSION, 1, 1 },  { OP_UMASK, 1, 1 },   { OP_BOUNDING, 1, 1 },
	{ OP_IDS, 1, 1 },      { OP_CAPS, 1, 1 },    { OP_CWD, 1, 1 },
	{ OP_COMMAND, 1, 1 },  { OP_NNP, 0, 1 },     { OP_LABEL, 0, 2 },
	{ OP_LANDLOCK, 0, 1 }, { OP_FDS, 1, 1 },     { OP_RECORD, 0, 1 },
	{ OP_VERIFY, 1, 1 },   { OP_EXEC, 1, 1 },
};

/* Every `first` stands before every `then`. */
struct order {
	enum op first, then;
	const char *why;
};
static const struct order orders[] = {
	{ OP_PRIVATE, OP_OVERLAY, "mounts would reach the host" },
	{ OP_PRIVATE, OP_ROOTDIR, "mounts would reach the host" },
	{ OP_PRIVATE, OP_TMPROOT, "mounts would reach the host" },
	{ OP_PROCFS, OP_OVERLAY, "the launcher's own /proc comes first" },
	{ OP_UPPER, OP_OVERLAY, "the overlay needs it" },
	{ OP_OVERLAY, OP_MOUNT, "there is no root to mount on" },
	{ OP_OVERLAY, OP_BIND, "there is no root to mount on" },
	{ OP_ROOTDIR, OP_MOUNT, "there is no root to mount on" },
	{ OP_ROOTDIR, OP_BIND, "there is no root to mount on" },
	{ OP_TMPROOT, OP_MOUNT, "there is no root to mount on" },
	{ OP_TMPROOT, OP_BIND, "there is no root to mount on" },
	{ OP_FILE, OP_BIND, "it would be written to the host" },
	{ OP_DIR, OP_BIND, "it would be made on the host" },
	{ OP_MOUNT, OP_MASK, "the mount would cover it" },
	{ OP_BIND, OP_MASK, "the bind would cover it" },
	{ OP_MOUNT, OP_READONLY, "the mount would cover it" },
	{ OP_BIND, OP_READONLY, "the bind would cover it" },
	{ OP_NSLIMIT, OP_USERNS, "only the outer namespace may limit" },
	{ OP_USERNS, OP_SESSION, "the session is the sandbox's" },
	{ OP_CWD, OP_FDS, "the root would be closed" },
	{ OP_LANDLOCK, OP_FDS, "the root would be closed" },
	{ OP_LABEL, OP_LANDLOCK, "/proc would be out of reach" },
	{ OP_BOUNDING, OP_IDS, "the right to drop it would be gone" },
	{ OP_IDS, OP_CAPS, "setuid would change the sets again" },
	{ OP_FDS, OP_SECCOMP, "the filter may deny closing" },
	{ OP_FDS, OP_RECORD, "the listener would be closed" },
};
static const struct order with_nnp[] = {
	{ OP_NNP, OP_LANDLOCK, "only then may it be installed" },
	{ OP_NNP, OP_SECCOMP, "only then may it be installed" },
	{ OP_NNP, OP_RECORD, "only then may it be installed" },
	{ OP_CAPS, OP_SECCOMP, "the filter may deny dropping them" },
	{ OP_CAPS, OP_RECORD, "the filter may deny dropping them" },
};
static const struct order without_nnp[] = {
	{ OP_LANDLOCK, OP_IDS, "without no_new_privs it needs rights" },
	{ OP_SECCOMP, OP_BOUNDING, "without no_new_privs it needs rights" },
	{ OP_RECORD, OP_BOUNDING, "without no_new_privs it needs rights" },
};

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

static int check_counts(const struct plan *p, struct err *e)
{
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		n = count(p, counts[i].op);
		if (n < counts[i].min)
			return bug(e, -1, op_word(counts[i].op), "is missing");
		if (n > counts[i].max)
			return bug(e, find(p, counts[i].op, true),
				   op_word(counts[i].op), "stands twice");
	}
	if (count(p, OP_OVERLAY) + count(p, OP_ROOTDIR) +
		    count(p, OP_TMPROOT) !=
	    1)
		return bug(e, -1, "root", "there must be exactly one");
	if (count(p, OP_UPPER) != count(p, OP_OVERLAY))
		return bug(e, -1, "upper", "an overlay has one, nothing else");
	return 0;
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

static int check_orders(const struct plan *p, const struct order *v, size_t n,
			struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++) {
		int first = find(p, v[i].first, true);
		int then = find(p, v[i].then, false);

		if (first >= 0 && then >= 0 && first > then)
			return bug(e, then, op_word(v[i].then), v[i].why);
	}
	return 0;
}

/* Fixed places: the first two, the last two, the end of ROOT. */
static int check_places(const struct plan *p, struct err *e)
{
	int idmap = find(p, OP_IDMAP, false), n = (int)p->n;
	const struct step *after;

	if (p->steps[0].op != OP_CLONE)
		return bug(e, 0, "clone", "is not the first step");
	if (idmap >= 0 && idmap != 1)
		return bug(e, idmap, "idmap", "is not the second step");
	if (p->steps[n - 1].op != OP_EXEC)
		return bug(e, n - 1, "exec", "is not the last step");
	if (p->steps[n - 2].op != OP_VERIFY)
		return bug(e, n - 2, "verify", "is not just before exec");
	after = &p->steps[find(p, OP_PIVOT, false) + 1];
	if (op_phase(after->op) == PHASE_ROOT)
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

static int check_operands(const struct plan *p, struct err *e)
{
	plan_foreach (s, p) {
		int at = (int)(s - p->steps);

		op_foreach_field(f, s->op)
		{
			if (check_field(s, f, at, e))
				return -1;
		}
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
	    check_orders(p, orders, ARRAY_SIZE(orders), e) ||
	    check_operands(p, e) || check_walls(p, e))
		return -1;
	return nnp ? check_orders(p, with_nnp, ARRAY_SIZE(with_nnp), e)
		   : check_orders(p, without_nnp, ARRAY_SIZE(without_nnp), e);
}
