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
					 r->privileged ? "off" : "required",
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

/* What is denied is what is recorded: without a profile there is nothing. */
static int add_record(struct resolve *v, struct err *e)
{
	static const struct word modes[] = { { "deny", RECORD_DENY },
					     { "allow", RECORD_ALLOW },
					     { NULL, 0 } };
	static const struct word calls[] = { { "denied", false },
					     { "all", true },
					     { NULL, 0 } };
	const struct request *r = v->r;
	const struct choice mode = { "--record-mode", r->record_mode, "deny",
				     modes };
	const struct choice what = { "--record-calls", r->record_calls, "all",
				     calls };
	uint64_t m, all;

	if (!r->record && (r->record_mode || r->record_calls))
		return err_set(e, ERR_USAGE,
			       "--record-%s without --record FILE: where to?",
			       r->record_mode ? "mode" : "calls");
	if (!r->record)
		return 0;
	if (resolve_word(&mode, &m, e) || resolve_word(&what, &all, e))
		return -1;
	if (!*r->record)
		return err_set(e, ERR_USAGE, "--record: the file has no name");
	if (!v->s->seccomp)
		return err_set(e, ERR_USAGE,
			       "--record and %s contradict each other: "
			       "recorded is what a profile says of the calls; "
			       "to let all pass take --record-mode allow",
			       r->privileged ? "--privileged"
					     : "--security-opt "
					       "seccomp=unconfined");
	v->s->record = true;
	v->s->record_mode = (enum record_mode)m;
	v->s->record_all = all;
	return 0;
}

/* The kernel takes the strictest answer: on top of a profile it needs no
 * judging what is in it. */
static int add_narrow(struct resolve *v, struct err *e)
{
	const char *file = v->r->seccomp_narrow;

	if (!file)
		return 0;
	if (!v->s->seccomp)
		return err_set(e, ERR_USAGE,
			       "--security-opt seccomp-narrow=%s: there is no "
			       "profile to be narrowed; take seccomp=%s",
			       file, file);
	if (v->s->record)
		return err_set(e, ERR_USAGE,
			       "--record and --security-opt seccomp-narrow: "
			       "recorded is what one profile says; leave it "
			       "out, and learn from both records");
	v->s->seccomp_narrow = xstrdup(file);
	return 0;
}

static int add_landlock_rules(struct resolve *v, struct err *e)
{
	const char *file = v->r->landlock_rules;

	if (!file)
		return 0;
	if (!*file)
		return err_set(e, ERR_USAGE,
			       "--landlock-rules: the file has no name");
	if (v->s->landlock == NEED_OFF)
		return err_set(
			e, ERR_USAGE,
			"--landlock-rules %s, and Landlock is off: leave "
			"one of the two out",
			file);
	v->s->landlock_file = xstrdup(file);
	return 0;
}

static const struct word label_needs[] = {
	{ "required", NEED_REQUIRED },
	{ "wanted", NEED_WANTED },
	{ "off", NEED_OFF },
	{ "unconfined", NEED_OFF },
	{ NULL, 0 },
};

/* "required", "wanted" and "off" are about our own label; another one that is
 * named must be set. */
static enum need need_label(const char *asked, const char *ours, char **ret)
{
	uint64_t need;

	if (!word_find(label_needs, asked, &need)) {
		*ret = xstrdup(asked);
		return NEED_REQUIRED;
	}
	*ret = need == NEED_OFF ? NULL : xstrdup(ours);
	return (enum need)need;
}

static void add_labels(struct resolve *v)
{
	const struct request *r = v->r;
	const char *usual = r->privileged ? "off" : "wanted";

	v->s->apparmor_need = need_label(r->apparmor ? r->apparmor : usual,
					 DEFAULT_APPARMOR, &v->s->apparmor);
	v->s->selinux_need =
		need_label(r->selinux ? r->selinux : usual, "", &v->s->selinux);
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

/* The caller's own hard limit; nothing is above it when it is not known. */
static uint64_t callers_limit(const struct host *h, int resource)
{
	for (size_t i = 0; i < h->n_rlimits; i++)
		if (h->rlimits[i].resource == resource)
			return h->rlimits[i].hard;
	return UINT64_MAX;
}

/* A default gives way to what the caller may have; a wish does not. */
static int add_default_limits(struct resolve *v, struct err *e)
{
	const struct default_rlimit *d;
	int resource = 0;

	for (d = default_rlimits; d->name; d++) {
		uint64_t most;

		if (find_rlimit(d->name, &resource, e))
			return -1;
		most = callers_limit(v->host, resource);
		if (set_rlimit(v->s, d->name, d->soft < most ? d->soft : most,
			       d->hard < most ? d->hard : most, e))
			return -1;
	}
	return 0;
}

static int add_asked_limits(struct resolve *v, struct err *e)
{
	const struct request *r = v->r;
	int resource = 0;

	for (size_t i = 0; i < r->n_rlimits; i++) {
		const struct request_rlimit *l = &r->rlimits[i];
		uint64_t most;

		if (set_rlimit(v->s, l->name, l->soft, l->hard, e) ||
		    find_rlimit(l->name, &resource, e))
			return -1;
		most = callers_limit(v->host, resource);
		if (l->hard > most)
			return err_set(e, ERR_USAGE,
				       "--ulimit %s: %llu is above your own "
				       "hard limit %llu (ulimit -H)",
				       l->name, (unsigned long long)l->hard,
				       (unsigned long long)most);
	}
	return 0;
}

static int add_pids_limit(struct resolve *v, struct err *e)
{
	uint64_t most = callers_limit(v->host, RLIMIT_NPROC);
	int64_t n = v->r->pids_limit;

	if (n < -1)
		return err_set(e, ERR_USAGE,
			       "--pids-limit %lld: expected -1 or a number",
			       (long long)n);
	if (n > 0 && (uint64_t)n > most)
		return err_set(e, ERR_USAGE,
			       "--pids-limit %lld: above your own limit of "
			       "%llu processes (ulimit -Hu)",
			       (long long)n, (unsigned long long)most);
	if (n == 0)
		n = most < DEFAULT_PIDS ? (int64_t)most : DEFAULT_PIDS;
	v->s->pids_limit = n;
	return 0;
}

static int add_limits(struct resolve *v, struct err *e)
{
	return add_default_limits(v, e) || add_asked_limits(v, e) ||
			       add_pids_limit(v, e)
		       ? -1
		       : 0;
}

int resolve_walls(struct resolve *v, struct err *e)
{
	if (add_caps(v, e) || add_filters(v, e) || add_record(v, e) ||
	    add_narrow(v, e) || add_landlock_rules(v, e))
		return -1;
	add_labels(v);
	return add_limits(v, e);
}
