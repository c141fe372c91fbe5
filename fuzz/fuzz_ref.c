/*
 * fuzz_ref.c - format/ref: what is printed, in either form, parses to the
 * same image again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "format/ref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_mean(const char *text, const char *full)
{
	AUTO(ref_done) struct ref r = { 0 };
	auto_free char *again = NULL;

	if (ref_parse(text, &r, NULL))
		abort();
	again = ref_print(&r);
	if (strcmp(again, full))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(ref_done) struct ref r = { 0 };
	auto_free char *s = xstrndup((const char *)data, size);
	auto_free char *full = NULL, *familiar = NULL;
	struct err e = ERR_INIT;

	if (ref_parse(s, &r, &e)) {
		if (!*e.msg || r.host)
			abort();
		return 0;
	}
	full = ref_print(&r);
	familiar = ref_familiar(&r);
	must_mean(full, full);
	must_mean(familiar, full);
	if (!r.tag && !r.digest)
		abort();
	return 0;
}
