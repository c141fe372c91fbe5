/*
 * resolve_walls.c - capabilities, no_new_privs, filters, labels, limits.
 *
 * --privileged turns all of it off; the policy sees that it was asked for.
 */
#include "plan/resolve_parts.h"

#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/strv.h"

static bool has_all(char *const *v)
{
	strv_foreach (name, v) {
		if (strcasecmp(*name, "ALL") == 0 ||
		    strcasecmp(*name, "CAP_ALL") == 0)
			return true;
	}
	return false;
}

/* The named ones, without ALL. */
static int parse_caps(char *const *v, const char *flag, uint64_t *ret,
		      struct err *e)
{
	uint64_t set = 0;
	unsigned cap;

	strv_foreach (name, v) {
		if (strcasecmp(*name, "ALL") == 0 ||
		    strcasecmp(*name, "CAP_ALL") == 0)
			continue;
		if (cap_parse(*name, flag, &cap, e))
			return -1;
		set |= 1ull << cap;
	}
	*ret = set;
	return 0;
}

/* ALL on one side makes the other side the exceptions. */
static uint64_t apply_caps(const struct request *r, uint64_t base, uint64_t add,
			   uint64_t drop)
{
	if (has_all(r->cap_drop))
		return add;
	if (has_all(r->cap_add))
		base = CAPS_ALL;
	return (base | add) & ~drop;
}

static int add_caps(struct resolve *v, struct err *e)
{
	static const struct word words[] = { { "none", 0 },
					     { "compat", CAPS_COMPAT },
					     { "all", CAPS_ALL },
					     { NULL, 0 } };
	const struct request *r = v->r;
	const struct choice caps = { "--caps", r->caps,
				     r->privileged ? "all" : "none", words };
	uint64_t base, add, drop, set;

	if (resolve_word(&caps, &base, e) ||
	    parse_caps(r->cap_add, "--cap-add", &add, e) ||
	    parse_caps(r->cap_drop, "--cap-drop", &drop, e))
		return -1;
	if (add & drop || (has_all(r->cap_add) && has_all(r->cap_drop)))
		return err_set(e, ERR_USAGE,
			       "--cap-add and --cap-drop contradict each "
			       "other: both name %s",
			       add & drop ? word_name(cap_words,
						      (uint64_t)__builtin_ctzll(
							      add & drop))
					  : "ALL");
	set = apply_caps(r, base, add, drop);
	/* an ordinary user gets none: nothing could be done with them without
	 * ambient ones, and those leak into every program */
	v->s->caps = v->s->uid == 0 ? set : 0;
	return 0;
}

static int add_filters(struct resolve *v, struct err *e)
{
	static const struct word words[] = { { "required", NEED_REQUIRED },
					     { "wanted", NEED_WANTED },
					     { "off", NEED_OFF },
					     { NULL, 0 } };
	const struct request *r = v->r;
	const char *profile = r->seccomp ? r->seccomp : "default";
	const struct choice landlock = { "--security-opt landlock", r->landlock,
					 r->privileged ? "off" : "wanted",
					 words };
	uint64_t need;

	if (resolve_word(&landlock, &need, e))
		return -1;
	v->s->landlock = (enum need)need;
	if (!*profile)
		return err_set(e, ERR_USAGE,
			       "--security-opt seccomp: the profile has no "
			       "name");
	if (!r->privileged && strcmp(profile, "unconfined") != 0)
		v->s->seccomp = xstrdup(profile);
	v->s->no_new_privs = r->no_new_privs == UNSET ? !r->privileged
						      : r->no_new_privs == YES;
	v->s->nested_userns = r->privileged;
	return 0;
}

static char *label_of(const char *s)
{
	return s && strcmp(s, "unconfined") != 0 ? xstrdup(s) : NULL;
}

/* A label that is asked for must be set. Without one, none is. */
static void add_labels(struct resolve *v)
{
	v->s->apparmor = label_of(v->r->apparmor);
	v->s->selinux = label_of(v->r->selinux);
	v->s->lsm = v->s->apparmor || v->s->selinux ? NEED_REQUIRED : NEED_OFF;
}

static int find_rlimit(const char *name, int *ret, struct err *e)
{
	const char *names[24], *near;
	uint64_t value;
	size_t n;

	if (word_find(rlimit_words, name, &value)) {
		*ret = (int)value;
		return 0;
	}
	for (n = 0; rlimit_words[n].name; n++)
		names[n] = rlimit_words[n].name;
	near = word_nearest(name, names, n);
	return err_set(e, ERR_USAGE, "--ulimit %s: unknown limit; %s%s", name,
		       near ? "did you mean " : "see setrlimit(2)",
		       near ? near : "");
}

/* Replaces a default of the same name. */
static int set_rlimit(struct spec *s, const char *name, uint64_t soft,
		      uint64_t hard, struct err *e)
{
	struct spec_rlimit *l = NULL;
	int resource = 0;
	size_t i;

	if (find_rlimit(name, &resource, e))
		return -1;
	if (soft > hard)
		return err_set(e, ERR_USAGE,
			       "--ulimit %s: the soft limit is above the hard "
			       "one",
			       name);
	for (i = 0; i < s->n_rlimits; i++)
		if (s->rlimits[i].resource == resource)
			l = &s->rlimits[i];
	if (!l) {
		l = GROW(s->rlimits, s->n_rlimits);
		s->n_rlimits++;
	}
	*l = (struct spec_rlimit){ resource, soft, hard };
	return 0;
}

static int add_limits(struct resolve *v, struct err *e)
{
	const struct request *r = v->r;
	const struct default_rlimit *d;
	size_t i;

	for (d = default_rlimits; d->name; d++)
		if (set_rlimit(v->s, d->name, d->soft, d->hard, e))
			return -1;
	for (i = 0; i < r->n_rlimits; i++)
		if (set_rlimit(v->s, r->rlimits[i].name, r->rlimits[i].soft,
			       r->rlimits[i].hard, e))
			return -1;
	if (r->pids_limit < -1)
		return err_set(e, ERR_USAGE,
			       "--pids-limit %lld: expected -1 or a number",
			       (long long)r->pids_limit);
	v->s->pids_limit = r->pids_limit ? r->pids_limit : DEFAULT_PIDS;
	return 0;
}

int resolve_walls(struct resolve *v, struct err *e)
{
	if (add_caps(v, e) || add_filters(v, e))
		return -1;
	add_labels(v);
	return add_limits(v, e);
}
