/*
 * run_security.c - --security-opt KEY[=VALUE], docker's and podman's keys.
 *
 * A key that is said twice with two values is an error: the last one winning
 * would let a long command line undo what its beginning promised.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/run_args.h"

struct security_key {
	const char *name;
	const char *bare;  /* the value when none is given; NULL: needed */
	const char *words; /* the only values, or NULL */
	int (*set)(struct run_args *a, const char *value, struct err *e);
};

static void put(char **at, const char *value)
{
	free(*at);
	*at = xstrdup(value);
}

static int set_nnp(struct run_args *a, const char *value, struct err *e)
{
	(void)e;
	a->r.no_new_privs = !strcmp(value, "true") ? YES : NO;
	return 0;
}

static int set_seccomp(struct run_args *a, const char *value, struct err *e)
{
	(void)e;
	put(&a->r.seccomp, value);
	return 0;
}

static int set_narrow(struct run_args *a, const char *value, struct err *e)
{
	(void)e;
	put(&a->r.seccomp_narrow, value);
	return 0;
}

static int set_apparmor(struct run_args *a, const char *value, struct err *e)
{
	(void)e;
	put(&a->r.apparmor, value);
	return 0;
}

static int set_label(struct run_args *a, const char *value, struct err *e)
{
	(void)e;
	put(&a->r.selinux, strcmp(value, "disable") ? value : "unconfined");
	return 0;
}

static int set_landlock(struct run_args *a, const char *value, struct err *e)
{
	(void)e;
	put(&a->r.landlock, value);
	return 0;
}

static int set_unmask(struct run_args *a, const char *value, struct err *e)
{
	(void)value, (void)e;
	a->r.unmask = true;
	return 0;
}

static const struct security_key keys[] = {
	{ "no-new-privileges", "true", "true|false", set_nnp },
	{ "seccomp", NULL, NULL, set_seccomp },
	{ "seccomp-narrow", NULL, NULL, set_narrow },
	{ "apparmor", NULL, NULL, set_apparmor },
	{ "label", NULL, NULL, set_label },
	{ "landlock", NULL, "required|wanted|off", set_landlock },
	{ "unmask", NULL, "ALL", set_unmask },
	{ "systempaths", NULL, "unconfined", set_unmask },
};

static const struct security_key *find_key(const char *name, struct err *e)
{
	const char *names[ARRAY_SIZE(keys)], *near;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(keys[i].name, name))
			return &keys[i];
		names[i] = keys[i].name;
	}
	near = word_nearest(name, names, ARRAY_SIZE(keys));
	if (near)
		err_set(e, ERR_USAGE,
			"--security-opt %s: unknown key; did you mean %s?",
			name, near);
	else
		err_set(e, ERR_USAGE,
			"--security-opt %s: unknown key; known are "
			"no-new-privileges, seccomp, seccomp-narrow, "
			"apparmor, label, "
			"landlock, unmask, systempaths",
			name);
	return NULL;
}

/* Remembers "key=value"; the same key with another value is refused. */
static int say_once(struct run_args *a, const char *key, const char *value,
		    struct err *e)
{
	const char *before = strv_getenv(a->security, key);
	auto_free char *said = NULL;

	if (before && strcmp(before, value))
		return err_set(e, ERR_USAGE,
			       "--security-opt %s=%s contradicts %s=%s, given "
			       "before",
			       key, value, key, before);
	said = xasprintf("%s=%s", key, value);
	strv_setenv(&a->security, said);
	return 0;
}

int run_security_opt(void *target, const struct option *o, const char *value,
		     struct err *e)
{
	struct run_args *a = target;
	size_t len = strcspn(value, "=:"); /* docker took ":" once */
	auto_free char *name = xstrndup(value, len), *what = NULL;
	const struct security_key *k = find_key(name, e);
	const char *v = value[len] ? value + len + 1 : NULL;

	(void)o;
	if (!k)
		return -1;
	if (!v)
		v = k->bare;
	if (!v || !*v)
		return err_set(e, ERR_USAGE,
			       "--security-opt %s needs a value: %s=%s", name,
			       name, k->words ? k->words : "VALUE");
	what = xasprintf("--security-opt %s", name);
	if (k->words && option_words(what, v, k->words, e))
		return -1;
	return say_once(a, name, v, e) ? -1 : k->set(a, v, e);
}
