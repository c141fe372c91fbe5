/*
 * seccomp_imply.c - tests of one argument, compared as sets of values.
 *
 * Knows ranges and bits under a mask, and not how the two meet: there it
 * answers "cannot be told".
 */
#include "kernel/seccomp_imply.h"

bool seccomp_test_holds(const struct seccomp_arg *a, uint64_t value)
{
	switch (a->op) {
	case CMP_NE:
		return value != a->value;
	case CMP_LT:
		return value < a->value;
	case CMP_LE:
		return value <= a->value;
	case CMP_EQ:
		return value == a->value;
	case CMP_GE:
		return value >= a->value;
	case CMP_GT:
		return value > a->value;
	case CMP_MASKED_EQ:
		return (value & a->value) == a->value2;
	}
	return false;
}

/* The least and the greatest value that a test lets through; a test that
 * none passes is `empty`. */
struct range {
	uint64_t least, most;
	bool empty;
};

static struct range range_of(const struct seccomp_arg *a)
{
	struct range r = { 0, UINT64_MAX, false };

	switch (a->op) {
	case CMP_EQ:
		r.least = r.most = a->value;
		break;
	case CMP_LT:
		r.empty = a->value == 0;
		r.most = a->value - 1;
		break;
	case CMP_LE:
		r.most = a->value;
		break;
	case CMP_GT:
		r.empty = a->value == UINT64_MAX;
		r.least = a->value + 1;
		break;
	case CMP_GE:
		r.least = a->value;
		break;
	case CMP_MASKED_EQ: /* at least the bits that must be set */
		r.empty = a->value2 & ~a->value;
		r.least = a->value2;
		r.most = a->value2 | ~a->value;
		break;
	case CMP_NE:
		break;
	}
	return r;
}

static bool same_test(const struct seccomp_arg *a, const struct seccomp_arg *b)
{
	return a->op == b->op && a->value == b->value &&
	       (a->op != CMP_MASKED_EQ || a->value2 == b->value2);
}

bool seccomp_test_implies(const struct seccomp_arg *a,
			  const struct seccomp_arg *b)
{
	struct range r = range_of(a);

	if (a->index != b->index)
		return false;
	if (same_test(a, b) || r.empty)
		return true;
	switch (b->op) {
	case CMP_NE: /* the excluded value fails a */
		return !seccomp_test_holds(a, b->value);
	case CMP_LT:
	case CMP_LE:
		return seccomp_test_holds(b, r.most);
	case CMP_GT:
	case CMP_GE:
		return seccomp_test_holds(b, r.least);
	case CMP_EQ:
		return r.least == r.most && r.least == b->value;
	case CMP_MASKED_EQ:
		if (a->op == CMP_MASKED_EQ)
			return !(b->value & ~a->value) &&
			       (a->value2 & b->value) == b->value2;
		return !b->value2 && !b->value
			       ? true
			       : r.least == r.most &&
					 seccomp_test_holds(b, r.least);
	}
	return false;
}

bool seccomp_tests_clash(const struct seccomp_arg *a,
			 const struct seccomp_arg *b)
{
	struct range x = range_of(a), y = range_of(b);

	if (a->index != b->index)
		return false;
	if (x.empty || y.empty || x.least > y.most || y.least > x.most)
		return true;
	if (x.least == x.most)
		return !seccomp_test_holds(b, x.least);
	if (y.least == y.most)
		return !seccomp_test_holds(a, y.least);
	return a->op == CMP_MASKED_EQ && b->op == CMP_MASKED_EQ &&
	       (a->value2 ^ b->value2) & a->value & b->value;
}
