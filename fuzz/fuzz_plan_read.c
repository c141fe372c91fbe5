/*
 * fuzz_plan_read.c - saved plans from anywhere.
 *
 * What is read prints, and what it prints is read as the same plan: nothing
 * in it was overlooked, or understood in two ways. Judging it never crashes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "plan/build.h"
#include "plan/print.h"
#include "plan/read.h"
#include "policy/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t hash[PLAN_HASH_LEN];
	AUTO(buf_done) struct buf a = BUF_INIT, b = BUF_INIT, text = BUF_INIT;
	AUTO(plan_free) struct plan *p = NULL, *again = NULL;
	AUTO(verdict_free) struct verdict *v = NULL;
	struct policy_set none = { 0 };
	struct host host = { .uid = 1000, .gid = 1000 };
	struct err e = ERR_INIT;

	p = plan_read_json("fuzz", (const char *)data, size, &e);
	if (!p) {
		require(e.msg[0] && !strchr(e.msg, '\n'), "no message");
		return 0;
	}
	plan_print_json(p, false, &a);
	again = plan_read_json("again", a.p, a.len, &e);
	require(again != NULL, e.msg);
	plan_print_json(again, false, &b);
	require(!strcmp(a.p, b.p), "another plan");
	plan_print_text(p, true, &text);
	v = policy_judge(p, hash, &host, &none);
	require(!v->permitted, "permitted without a policy");
	return 0;
}
