/*
 * resolve_walls.c - capabilities, profiles, labels, limits: the defaults, and
 * what one word of the request relaxes. Pure.
 */
#include "plan/resolve_parts.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/strv.h"

/* "ALL", or one capability, added to or taken from the set. */
static int change_caps(char *const *words, const char *flag, bool add,
		       uint64_t *set, struct err *e)
{
	strv_foreach (w, words) {
		uint64_t bits = CAPS_ALL;
		unsigned cap;

		if (strcasecmp(*w, "ALL") != 0 &&
		    strcasecmp(*w, "CAP_ALL") != 0) {
			if (cap_parse(*w, flag, &cap, e) < 0)
				return -1;
			bits = 1ull << cap;
		}
		*set = add ? *set | bits : *set & ~bits;
	}
	return 0;
}

static int resolve_caps(struct resolving *x, struct err *e)
{
	static const char *const words[] = { "none", "compat", "all", NULL };
	static const uint64_t sets[] = { 0, CAPS_COMPAT, CAPS_ALL };
	const struct request *r = x->r;
	int i = resolve_word(r->caps, words, "--caps", e);

	if (i < 0)
		return -1;
	x->s->caps = r->privileged ? CAPS_ALL : sets[i];
	/* drop first: `--cap-drop ALL --cap-add CHOWN` keeps CHOWN */
	if (change_caps(r->cap_drop, "--cap-drop", false, &x->s->caps, e) < 0 ||
	    change_caps(r->cap_add, "--cap-add", true, &x->s->caps, e) < 0)
		return -1;
	if (x->s->uid != 0)
		x->s->caps = 0; /* R15: only root inside has any */
	return 0;
}

static int resolve_landlock(struct resolving *x, struct err *e)
{
	static const char *const words[] = { "wanted", "required", "off",
					     NULL };
	static const enum need needs[] = { NEED_WANTED, NEED_REQUIRED,
					   NEED_OFF };
	int i = resolve_word(x->r->landlock, words, "--security-opt landlock",
			     e);

	if (i < 0)
		return -1;
	x->s->landlock = x->r->privileged ? NEED_OFF : needs[i];
	return 0;
}

static char *label_of(const char *asked)
{
	bool off = !asked || strcmp(asked, "unconfined") == 0 ||
		   strcmp(asked, "disable") == 0;

	return off ? NULL : xstrdup(asked);
}

static void set_rlimit(struct spec *s, int resource, uint64_t soft,
		       uint64_t hard)
{
	struct spec_rlimit *l = NULL;

	for (size_t i = 0; i < s->n_rlimits; i++)
		if (s->rlimits[i].resource == resource)
			l = &s->rlimits[i];
	if (!l) {
		l = GROW(s->rlimits, s->n_rlimits);
		s->n_rlimits++;
	}
	*l = (struct spec_rlimit){ resource, soft, hard };
}

static int resolve_limits(struct resolving *x, struct err *e)
{
	const struct request *r = x->r;
	uint64_t id;

	for (const struct default_rlimit *d = default_rlimits; d->name; d++)
		if (word_find(rlimit_words, d->name, &id))
			set_rlimit(x->s, (int)id, d->soft, d->hard);
	for (size_t i = 0; i < r->n_rlimits; i++) {
		const struct request_rlimit *l = &r->rlimits[i];

		if (!word_find(rlimit_words, l->name, &id))
			return err_set(e, ERR_USAGE,
				       "--ulimit %s: no such "
				       "limit",
				       l->name);
		if (strcmp(l->name, "nproc") == 0)
			return err_set(e, ERR_USAGE,
				       "--ulimit nproc: say --pids-limit %llu",
				       (unsigned long long)l->soft);
		if (l->soft > l->hard)
			return err_set(e, ERR_USAGE,
				       "--ulimit %s: the soft limit is above "
				       "the hard one",
				       l->name);
		set_rlimit(x->s, (int)id, l->soft, l->hard);
	}
	x->s->pids_limit = r->pids_limit ? r->pids_limit : DEFAULT_PIDS;
	return 0;
}

int resolve_walls(struct resolving *x, struct err *e)
{
	const struct request *r = x->r;
	const char *profile = r->seccomp ? r->seccomp : "default";

	if (resolve_caps(x, e) < 0 || resolve_landlock(x, e) < 0)
		return -1;
	x->s->no_new_privs = r->no_new_privs != NO && !r->privileged;
	if (!r->privileged && strcmp(profile, "unconfined") != 0)
		x->s->seccomp = xstrdup(profile);
	x->s->apparmor = label_of(r->apparmor);
	x->s->selinux = label_of(r->selinux);
	return resolve_limits(x, e);
}
