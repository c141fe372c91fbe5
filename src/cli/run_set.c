/*
 * run_set.c - what each structured flag of run does to the request.
 *
 * Splits and checks words (format/opts does most); never looks at the host.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/id.h"
#include "base/num.h"
#include "base/strv.h"
#include "cli/run_args.h"
#include "cli/run_set.h"
#include "format/opts.h"

/* The place of a row's value. */
#define AT(type, target, o) ((type *)((char *)(target) + (o)->offset))

static int add_mount(struct run_args *a,
		     int (*parse)(const char *s, struct request_mount *ret,
				  struct err *e),
		     const char *value, struct err *e)
{
	struct request_mount m = { 0 };

	if (parse(value, &m, e))
		return -1;
	*GROW(a->r.mounts, a->r.n_mounts) = m;
	a->r.n_mounts++;
	return 0;
}

int set_volume(void *target, const struct option *o, const char *value,
	       struct err *e)
{
	(void)o;
	return add_mount(target, opts_volume, value, e);
}

int set_mount(void *target, const struct option *o, const char *value,
	      struct err *e)
{
	(void)o;
	return add_mount(target, opts_mount, value, e);
}

int set_tmpfs(void *target, const struct option *o, const char *value,
	      struct err *e)
{
	(void)o;
	return add_mount(target, opts_tmpfs, value, e);
}

int set_ulimit(void *target, const struct option *o, const char *value,
	       struct err *e)
{
	struct run_args *a = target;
	struct request_rlimit l = { 0 };

	(void)o;
	if (opts_ulimit(value, &l, e))
		return -1;
	*GROW(a->r.rlimits, a->r.n_rlimits) = l;
	a->r.n_rlimits++;
	return 0;
}

int set_device(void *target, const struct option *o, const char *value,
	       struct err *e)
{
	AUTO(opts_device_done) struct opts_device d = { 0 };

	if (opts_device(value, &d, e))
		return -1;
	strv_add(AT(char **, target, o), value);
	return 0;
}

int set_idmap(void *target, const struct option *o, const char *value,
	      struct err *e)
{
	struct spec_idmap m;

	if (opts_idmap(value, &m, e))
		return err_prefix(e, "--%s", o->name);
	strv_add(AT(char **, target, o), value);
	return 0;
}

/* docker: 0 and -1 are no limit */
int set_pids_limit(void *target, const struct option *o, const char *value,
		   struct err *e)
{
	uint64_t n;

	if (!strcmp(value, "-1") || !strcmp(value, "0") ||
	    !strcmp(value, "unlimited")) {
		*AT(int64_t, target, o) = -1;
		return 0;
	}
	if (num_u64(value, INT32_MAX, "--pids-limit", &n, e))
		return -1;
	*AT(int64_t, target, o) = (int64_t)n;
	return 0;
}

int set_timeout(void *target, const struct option *o, const char *value,
		struct err *e)
{
	return num_duration_ms(value, "--timeout", AT(uint64_t, target, o), e);
}

int set_storage_size(void *target, const struct option *o, const char *value,
		     struct err *e)
{
	uint64_t n;

	if (num_size(value, "--storage-size", &n, e))
		return -1;
	if (n == 0)
		return err_set(e, ERR_USAGE,
			       "--storage-size 0: a root without room; say "
			       "--read-only");
	*AT(uint64_t, target, o) = n;
	return 0;
}

/* An empty one clears what the image says, as docker's. */
int set_entrypoint(void *target, const struct option *o, const char *value,
		   struct err *e)
{
	struct run_args *a = target;

	(void)o, (void)e;
	a->r.has_entrypoint = true;
	strv_free(a->r.entrypoint);
	a->r.entrypoint = NULL;
	if (value[0])
		strv_add(&a->r.entrypoint, value);
	return 0;
}

/* KEY=VALUE; KEY alone has an empty value. */
int set_pair(void *target, const struct option *o, const char *value,
	     struct err *e)
{
	if (value[0] == '\0' || value[0] == '=')
		return err_set(e, ERR_USAGE, "--%s %s: the key is empty",
			       o->name, value);
	if (strchr(value, '='))
		strv_add(AT(char **, target, o), value);
	else
		strv_take(AT(char **, target, o), xasprintf("%s=", value));
	return 0;
}

int set_name(void *target, const struct option *o, const char *value,
	     struct err *e)
{
	char **at = AT(char *, target, o);

	if (!id_is_name(value))
		return err_set(e, ERR_USAGE,
			       "--name %s: a name is letters, digits, '_', "
			       "'.', '-', and begins with a letter or digit",
			       value);
	free(*at);
	*at = xstrdup(value);
	return 0;
}

int set_stop_signal(void *target, const struct option *o, const char *value,
		    struct err *e)
{
	char **at = AT(char *, target, o);
	int sig;

	if (opts_signal(value, &sig, e))
		return err_prefix(e, "--stop-signal");
	free(*at);
	*at = xstrdup(value);
	return 0;
}

int set_network(void *target, const struct option *o, const char *value,
		struct err *e)
{
	static const char *const later[] = { "bridge",	    "default",
					     "pasta",	    "slirp4netns",
					     "container:*", "ns:*" };
	char **at = AT(char *, target, o);
	size_t i, n;

	for (i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		n = strcspn(later[i], "*");
		if (strncmp(value, later[i], n) || (!later[i][n] && value[n]))
			continue;
		return err_set(e, ERR_USAGE,
			       "--network %s: not offered yet: none (only lo, "
			       "the default) or host",
			       value);
	}
	if (option_words("--network", value, "none|host", e))
		return -1;
	free(*at);
	*at = xstrdup(value);
	return 0;
}

/* podman takes a list with commas, too */
int set_cap(void *target, const struct option *o, const char *value,
	    struct err *e)
{
	AUTO(strv_free) char **names = strv_split(value, ',');

	strv_foreach (name, names) {
		if (!**name)
			return err_set(e, ERR_USAGE,
				       "--%s %s: an empty capability name",
				       o->name, value);
		strv_add(AT(char **, target, o), *name);
	}
	return 0;
}

/* Words that docker's users type and that are the default here. */
int set_inert(void *target, const struct option *o, const char *value,
	      struct err *e)
{
	(void)target;
	if (o->words)
		return 0; /* option_words has looked at it */
	if (!strcmp(value, "true"))
		return 0;
	return err_set(e, ERR_USAGE, "--%s=%s: %s", o->name, value, o->text);
}
