/*
 * fuzz_seccomp_json.c - format/seccomp_json: what is accepted keeps the
 * promises that the compiler builds on, what is refused says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/strv.h"
#include "base/table.h"
#include "format/seccomp_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rule(const struct seccomp_rule *r)
{
	if (!strv_len(r->names) || r->act > SECCOMP_ACT_ALLOW)
		abort();
	strv_foreach (name, r->names)
		if (!**name || strlen(*name) > 64)
			abort();
	if (r->err > 4095 || (r->otherwise && r->n_args))
		abort();
	if (r->err && r->act != SECCOMP_ACT_ERRNO &&
	    r->act != SECCOMP_ACT_TRACE)
		abort();
	for (size_t i = 0; i < r->n_args; i++)
		if (r->args[i].index > 5 || r->args[i].op > CMP_MASKED_EQ ||
		    (r->args[i].op != CMP_MASKED_EQ && r->args[i].value2))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct seccomp_facts facts[] = {
		{ .arch = "amd64", .kernel_major = 6, .kernel_minor = 1 },
		{ .arch = "arm64",
		  .caps = 1ull << 21,
		  .kernel_major = 5,
		  .kernel_minor = 12 },
	};

	const struct buf text = { .p = (char *)(uintptr_t)data, .len = size };

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		struct seccomp_profile p = { 0 };
		struct err e = ERR_INIT;

		if (seccomp_json_parse("fuzz", &text, &facts[i], &p, &e) < 0) {
			if (!*e.msg || e.kind == ERR_NONE || p.rules)
				abort();
			continue;
		}
		for (size_t k = 0; k < p.n_rules; k++)
			check_rule(&p.rules[k]);
		seccomp_profile_done(&p);
	}
	return 0;
}
