/*
 * record_seen.c - a hash table with open addressing. Keys are SHA-256: a
 * payload cannot make two events look like one.
 */
#include "monitor/record_seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static struct seen_entry *find(const struct seen *s, const uint8_t key[16])
{
	size_t i;

	memcpy(&i, key, sizeof(i));
	for (;; i++) {
		struct seen_entry *x = &s->v[i & (s->size - 1)];

		if (!x->count || !memcmp(x->key, key, sizeof(x->key)))
			return x;
	}
}

static void grow(struct seen *s)
{
	struct seen old = *s;

	s->size = old.size ? old.size * 2 : 256;
	s->v = xcalloc(s->size, sizeof(*s->v));
	for (size_t i = 0; i < old.size; i++)
		if (old.v[i].count)
			*find(s, old.v[i].key) = old.v[i];
	free(old.v);
}

enum seen_what seen_count(struct seen *s, struct sha256 *key, uint32_t *ret_n)
{
	uint8_t digest[SHA256_LEN];
	struct seen_entry *x;

	if (s->n * 2 >= s->size)
		grow(s);
	sha256_final(key, digest);
	x = find(s, digest);
	if (!x->count && s->n == SEEN_MAX)
		return SEEN_FULL;
	if (!x->count) {
		memcpy(x->key, digest, sizeof(x->key));
		x->n = (uint32_t)++s->n;
	}
	*ret_n = x->n;
	return x->count++ ? SEEN_AGAIN : SEEN_NEW;
}

void seen_done(struct seen *s)
{
	free(s->v);
	memset(s, 0, sizeof(*s));
}
