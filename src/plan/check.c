/*
 * check.c - the invariants of a plan, each a row. Pure.
 */
#include "plan/check.h"

#include <stddef.h>

#include "base/table.h"

/* What must be there how often, unless the plan says why not. */
static const struct {
	enum op op;
	size_t at_least, at_most;
	size_t excuse; /* offset of a bool in struct plan; 0: none */
} rows[] = {
	{ OP_CLONE, 1, 1, 0 },
	{ OP_IDMAP, 1, 1, 0 },
	{ OP_PRIVATE, 1, 1, 0 },
	{ OP_PROCFS, 1, 1, 0 },
	{ OP_PIVOT, 1, 1, 0 },
	{ OP_USERNS, 1, 1, 0 },
	{ OP_SESSION, 1, 1, 0 },
	{ OP_UMASK, 1, 1, 0 },
	{ OP_CWD, 1, 1, 0 },
	{ OP_COMMAND, 1, 1, 0 },
	{ OP_BOUNDING, 1, 1, 0 },
	{ OP_IDS, 1, 1, 0 },
	{ OP_CAPS, 1, 1, 0 },
	{ OP_FDS, 1, 1, 0 },
	{ OP_VERIFY, 1, 1, 0 },
	{ OP_EXEC, 1, 1, 0 },
	{ OP_NNP, 1, 1, offsetof(struct plan, no_nnp) },
	{ OP_SECCOMP, 1, 8, offsetof(struct plan, no_seccomp) },
	{ OP_LANDLOCK, 1, 1, offsetof(struct plan, no_landlock) },
};

static size_t count(const struct plan *p, enum op op)
{
	size_t n = 0;

	plan_foreach (s, p)
		n += s->op == op;
	return n;
}

static bool is_excused(const struct plan *p, size_t offset)
{
	return offset && *(const bool *)((const char *)p + offset);
}

static int check_counts(const struct plan *p, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t n = count(p, rows[i].op);

		if (n > rows[i].at_most)
			return err_set(e, ERR_BUG, "%zu steps %s", n,
				       op_word(rows[i].op));
		if (n < rows[i].at_least && !is_excused(p, rows[i].excuse))
			return err_set(e, ERR_BUG, "no step %s",
				       op_word(rows[i].op));
	}
	return 0;
}

static int check_order(const struct plan *p, struct err *e)
{
	for (size_t i = 1; i < p->n; i++)
		if (op_phase(p->steps[i].op) < op_phase(p->steps[i - 1].op))
			return err_set(e, ERR_BUG,
				       "step %zu, %s, goes back to phase %s", i,
				       op_word(p->steps[i].op),
				       phase_word(op_phase(p->steps[i].op)));
	return 0;
}

static size_t position(const struct plan *p, enum op op)
{
	size_t at = p->n;

	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].op == op)
			at = i;
	return at;
}

/* Pairs that must stand in this order inside their phase. */
static int check_pairs(const struct plan *p, struct err *e)
{
	static const enum op pairs[][2] = {
		{ OP_NSLIMIT, OP_USERNS }, { OP_USERNS, OP_SESSION },
		{ OP_BOUNDING, OP_IDS },   { OP_IDS, OP_CAPS },
		{ OP_LANDLOCK, OP_FDS },   { OP_FDS, OP_SECCOMP },
		{ OP_LABEL, OP_LANDLOCK }, { OP_PROCFS, OP_PIVOT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		size_t a = position(p, pairs[i][0]);
		size_t b = position(p, pairs[i][1]);

		if (a < p->n && b < p->n && a > b)
			return err_set(e, ERR_BUG, "%s stands behind %s",
				       op_word(pairs[i][0]),
				       op_word(pairs[i][1]));
	}
	return 0;
}

int plan_check(const struct plan *p, struct err *e)
{
	if (check_counts(p, e) < 0 || check_order(p, e) < 0 ||
	    check_pairs(p, e) < 0)
		return -1;
	if (p->steps[0].op != OP_CLONE || p->steps[1].op != OP_IDMAP)
		return err_set(e, ERR_BUG, "clone and idmap are not first");
	if (p->steps[p->n - 1].op != OP_EXEC ||
	    p->steps[p->n - 2].op != OP_VERIFY)
		return err_set(e, ERR_BUG, "verify and exec are not last");
	return 0;
}
