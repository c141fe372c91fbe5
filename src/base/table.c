/*
 * table.c - looking things up in tables of words.
 */
#include <string.h>
#include "base/table.h"

bool word_find(const struct word *table, const char *name, uint64_t *ret)
{
	for (; table->name; table++) {
		if (!strcmp(table->name, name)) {
			*ret = table->value;
			return true;
		}
	}
	return false;
}

const char *word_name(const struct word *table, uint64_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

#define WORD_MAX 64

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edit distance of two words of at most WORD_MAX letters; a swap of two
 * neighbours counts as one edit. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *two = rows[0], *one = rows[1], *now = rows[2], *t;

	for (size_t j = 0; j <= nb; j++)
		one[j] = j;
	for (size_t i = 1; i <= na; i++) {
		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = one[j - 1] + (a[i - 1] != b[j - 1]);
			now[j] = least(now[j], least(one[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], two[j - 2] + 1);
		}
		t = two;
		two = one;
		one = now;
		now = t;
	}
	return one[nb];
}

const char *word_nearest(const char *got, const char *const *candidates,
			 size_t n)
{
	size_t len = strlen(got), best = 2 + len / 3, i, d;
	const char *ret = NULL;

	if (len > WORD_MAX)
		return NULL;
	for (i = 0; i < n; i++) {
		size_t other = candidates[i] ? strlen(candidates[i]) : 0;

		if (other == 0 || other > WORD_MAX)
			continue;
		d = distance(got, len, candidates[i], other);
		if (d < best) {
			best = d;
			ret = candidates[i];
		}
	}
	return ret;
}
