/*
 * fuzz_digest.c - format/digest: what is valid has 64 or 128 hex digits, and
 * both entrances agree.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "format/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *s = xstrndup((const char *)data, size);
	struct err e = ERR_INIT;
	bool valid = digest_is_valid(s);

	if (valid != (digest_check(s, "fuzz", &e) == 0))
		abort();
	if (!valid && !*e.msg)
		abort();
	if (valid && strlen(digest_hex(s)) != 64 &&
	    strlen(digest_hex(s)) != 128)
		abort();
	return 0;
}
