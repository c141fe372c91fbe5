/*
 * table.h - tables over switches. ARRAY_SIZE, flag and word tables with
 * lookup in both directions and a nearest-word search for error messages.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A word and its value. Tables of words end with { NULL, 0 }. */
struct word {
	const char *name;
	uint64_t value;
};

/* Finds `name` (exact, case-sensitive); false when it is not in the table. */
bool word_find(const struct word *table, const char *name, uint64_t *ret);
/* The name of `value`, or NULL. */
const char *word_name(const struct word *table, uint64_t value);

/*
 * The candidate nearest to `got` by edit distance, or NULL when nothing is
 * near (distance > 1 + length/3). For "unknown flag --priviledged; did you
 * mean --privileged?".
 */
const char *word_nearest(const char *got, const char *const *candidates,
			 size_t n);

#endif
