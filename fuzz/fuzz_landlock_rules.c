/*
 * fuzz_landlock_rules.c - format/landlock_rules: what is accepted is clean
 * paths with known rights, what is refused says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/cleanup.h"
#include "base/path.h"
#include "format/landlock_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct buf text = { .p = (char *)(uintptr_t)data, .len = size };
	struct landlock_path *v = NULL;
	struct err e = ERR_INIT;
	size_t n = 0;

	if (landlock_rules_parse("fuzz", &text, &v, &n, &e) < 0) {
		if (!*e.msg || e.kind == ERR_NONE || v || n)
			abort();
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		auto_free char *clean = path_clean(v[i].path);

		if (strcmp(clean, v[i].path) || !v[i].access ||
		    v[i].access > 0xffff)
			abort();
	}
	landlock_rules_free(v, n);
	return 0;
}
