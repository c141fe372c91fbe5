/*
 * fuzz_passwd.c - format/passwd. The input is three texts with a NUL
 * between: the user asked for, passwd, group.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "format/passwd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

/* Takes the next text off the input; "" at its end. */
static char *next(const uint8_t **p, size_t *n)
{
	size_t len = strnlen((const char *)*p, *n);
	char *s = xstrndup((const char *)*p, len);

	len += len < *n;
	*p += len;
	*n -= len;
	return s;
}

static void check(const char *spec, const struct passwd_user *u)
{
	must(u->uid != UINT32_MAX && u->gid != UINT32_MAX);
	must(u->n_groups >= 1 && u->groups[0] == u->gid);
	for (size_t i = 1; i < u->n_groups; i++) {
		must(u->groups[i] != u->gid && u->groups[i] != UINT32_MAX);
		must(i < 2 || u->groups[i] > u->groups[i - 1]);
	}
	must(!u->home || *u->home == '/');
	/* a number is that number, whatever the files say */
	if (*spec >= '0' && *spec <= '9') {
		must(strtoull(spec, NULL, 10) == u->uid);
		must(u->n_groups == 1);
	}
	if (!*spec)
		must(u->uid == 0 && u->gid == 0 && u->n_groups == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	auto_free char *spec = next(&data, &size);
	auto_free char *passwd = next(&data, &size);
	auto_free char *group = next(&data, &size);
	struct err e = ERR_INIT;

	if (passwd_resolve(spec, passwd, group, &u, &e))
		must(*e.msg && !u.groups);
	else
		check(spec, &u);
	return 0;
}
