/*
 * num.c - strict numbers.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include "base/num.h"
#include "base/table.h"

/* Digits of `base` at *s; false on none or overflow. Moves *s past them. */
static bool digits(const char **s, unsigned base, uint64_t *ret)
{
	const char *p = *s;
	uint64_t v = 0;

	for (; *p >= '0' && *p < (char)('0' + base); p++)
		if (__builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
			return false;
	if (p == *s)
		return false;
	*s = p;
	*ret = v;
	return true;
}

int num_u64(const char *s, uint64_t max, const char *what, uint64_t *ret,
	    struct err *e)
{
	const char *p = s;
	uint64_t v = 0;

	if (!digits(&p, 10, &v) || *p || v > max)
		return err_set(e, ERR_USAGE,
			       "%s: %s: expected a number from 0 to %" PRIu64,
			       what, s, max);
	*ret = v;
	return 0;
}

int num_u32(const char *s, const char *what, uint32_t *ret, struct err *e)
{
	uint64_t v = 0;

	if (num_u64(s, UINT32_MAX, what, &v, e))
		return -1;
	*ret = (uint32_t)v;
	return 0;
}

int num_int(const char *s, int min, int max, const char *what, int *ret,
	    struct err *e)
{
	bool minus = *s == '-' && min < 0;
	const char *p = s + minus;
	uint64_t v = 0;
	int64_t n;

	if (!digits(&p, 10, &v) || *p || v > (uint64_t)INT32_MAX + 1)
		return err_set(e, ERR_USAGE,
			       "%s: %s: expected a number from %d to %d", what,
			       s, min, max);
	n = minus ? -(int64_t)v : (int64_t)v;
	if (n < min || n > max)
		return err_set(e, ERR_USAGE,
			       "%s: %s: expected a number from %d to %d", what,
			       s, min, max);
	*ret = (int)n;
	return 0;
}

int num_mode(const char *s, const char *what, uint32_t *ret, struct err *e)
{
	const char *p = s;
	uint64_t v = 0;

	if (!digits(&p, 8, &v) || *p || v > 07777)
		return err_set(e, ERR_USAGE,
			       "%s: %s: expected an octal mode such as 0755",
			       what, s);
	*ret = (uint32_t)v;
	return 0;
}

int num_size(const char *s, const char *what, uint64_t *ret, struct err *e)
{
	static const struct {
		const char *unit;
		unsigned shift;
	} units[] = {
		{ "", 0 },     { "b", 0 },    { "k", 10 },   { "kb", 10 },
		{ "kib", 10 }, { "m", 20 },   { "mb", 20 },  { "mib", 20 },
		{ "g", 30 },   { "gb", 30 },  { "gib", 30 }, { "t", 40 },
		{ "tb", 40 },  { "tib", 40 },
	};
	const char *p = s;
	uint64_t v = 0;
	size_t i;

	if (!digits(&p, 10, &v))
		p = "?";
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcasecmp(p, units[i].unit))
			break;
	if (i == ARRAY_SIZE(units) || v > UINT64_MAX >> units[i].shift)
		return err_set(e, ERR_USAGE,
			       "%s: %s: expected a size such as 512m or 2g",
			       what, s);
	*ret = v << units[i].shift;
	return 0;
}

static const struct unit {
	const char *name;
	uint64_t ms;
} durations[] = {
	{ "h", 3600000 },
	{ "m", 60000 },
	{ "s", 1000 },
	{ "ms", 1 },
};

/* One "30s" at *s; units must come largest first, each once (*row). */
static bool duration_part(const char **s, size_t *row, uint64_t *sum)
{
	uint64_t v = 0;
	size_t n;

	if (!digits(s, 10, &v))
		return false;
	n = strspn(*s, "hms");
	for (; *row < ARRAY_SIZE(durations); (*row)++) {
		const struct unit *u = &durations[*row];

		if (n != strlen(u->name) || strncmp(*s, u->name, n))
			continue;
		*s += n;
		(*row)++;
		return !__builtin_mul_overflow(v, u->ms, &v) &&
		       !__builtin_add_overflow(*sum, v, sum);
	}
	return false;
}

int num_duration_ms(const char *s, const char *what, uint64_t *ret,
		    struct err *e)
{
	const char *p = s;
	uint64_t sum = 0;
	size_t row = 0;
	bool ok;

	if (*s && !s[strspn(s, "0123456789")]) {
		ok = digits(&p, 10, &sum) &&
		     !__builtin_mul_overflow(sum, (uint64_t)1000, &sum);
	} else {
		do
			ok = duration_part(&p, &row, &sum);
		while (ok && *p);
	}
	if (!ok)
		return err_set(e, ERR_USAGE,
			       "%s: %s: expected a duration such as 90, 1m30s "
			       "or 500ms",
			       what, s);
	*ret = sum;
	return 0;
}
