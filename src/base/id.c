/*
 * id.c - container ids, names, and uid and gid numbers.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include "base/id.h"
#include "base/num.h"
#include "base/sha256.h"

int id_new(char ret[ID_LEN + 1], struct err *e)
{
	uint8_t raw[SHA256_LEN];

	_Static_assert(ID_LEN == SHA256_HEX, "both are 64 hex digits");
	if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
		return err_sys(e, "getrandom");
	sha256_hex(raw, ret);
	return 0;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

bool id_is_name(const char *s)
{
	size_t n;

	for (n = 0; s[n]; n++)
		if (!is_alnum(s[n]) && (n == 0 || !strchr("_.-", s[n])))
			return false;
	return n >= 1 && n <= 128;
}

bool id_is_number(const char *s)
{
	return *s && !s[strspn(s, "0123456789")];
}

int id_parse_uid(const char *s, const char *what, uint32_t *ret, struct err *e)
{
	/* 4294967295 is (uid_t)-1, "leave as it is" to chown and setresuid */
	uint64_t v = UINT64_MAX;

	if (strlen(s) > 10 || num_u64(s, UINT32_MAX - 1, what, &v, NULL))
		return err_set(e, ERR_USAGE,
			       "%s: %s: expected an id from 0 to 4294967294",
			       what, s);
	*ret = (uint32_t)v;
	return 0;
}
