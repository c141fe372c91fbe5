/*
 * digest.c - the two spellings of a content digest that are accepted.
 * Computes nothing.
 */
#include "format/digest.h"

#include <string.h>
#include "base/table.h"
#include "format/text.h"

static const struct {
	const char *prefix;
	size_t digits;
} algorithms[] = {
	{ "sha256:", 64 },
	{ "sha512:", 128 },
};

bool digest_is_valid(const char *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		size_t len = strlen(algorithms[i].prefix);
		size_t digits = algorithms[i].digits;

		if (strncmp(s, algorithms[i].prefix, len))
			continue;
		if (strnlen(s + len, digits + 1) != digits)
			return false;
		return strspn(s + len, "0123456789abcdef") == digits;
	}
	return false;
}

const char *digest_hex(const char *s)
{
	return strchr(s, ':') + 1;
}

int digest_check(const char *s, const char *what, struct err *e)
{
	if (digest_is_valid(s))
		return 0;
	return err_set(e, ERR_INPUT,
		       "%s: \"%s\": not a digest; it must be sha256: and 64 "
		       "or sha512: and 128 lower-case hex digits",
		       what, SHOW(s));
}
