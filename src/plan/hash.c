/*
 * hash.c - the SHA-256 of a plan's canonical JSON: whatever the table of
 * operands knows is in it, so nothing can change unnoticed.
 */
#include "plan/hash.h"

#include "base/buf.h"
#include "base/sha256.h"
#include "plan/print.h"

void plan_hash(const struct plan *p, uint8_t ret[PLAN_HASH_LEN])
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct sha256 s;

	plan_print_json(p, false, &b);
	sha256_init(&s);
	sha256_add(&s, b.p, b.len);
	sha256_final(&s, ret);
}
