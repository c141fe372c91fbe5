/*
 * lint_rules.c - rules that can never match, and rules that a later one
 * overrules in every case.
 *
 * What it says is so; it does not find all there is: two patterns with stars
 * are compared by their text.
 */
#include <string.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/table.h"
#include "policy/lint.h"
#include "policy/rules.h"

static const enum rule_value values[] = {
#define X(id, word, value, words, text) VALUE_##value,
	POLICY_KEYS(X)
#undef X
};

static const struct rule_cond *get(const struct rule *r, enum rule_key key)
{
	for (size_t i = 0; i < r->n_conds; i++)
		if (r->conds[i].id_key == key)
			return &r->conds[i];
	return NULL;
}

/* ---- never ---- */

static const struct word kinds[] = {
	{ "file", S_IFREG }, { "dir", S_IFDIR },   { "socket", S_IFSOCK },
	{ "fifo", S_IFIFO }, { "block", S_IFBLK }, { "char", S_IFCHR },
	{ NULL, 0 },
};

static bool holds(const struct rule_cond *c, const struct object_id *id)
{
	for (size_t i = 0; i < c->n_parents; i++)
		if (c->parents[i].dev == id->dev &&
		    c->parents[i].ino == id->ino)
			return true;
	return false;
}

static bool is_same(const struct rule_cond *a, const struct rule_cond *b)
{
	return a->has_id && b->has_id && a->id.dev == b->id.dev &&
	       a->id.ino == b->id.ino;
}

/* A condition about an object that cannot be the object it names. */
static char *never_object(const struct rule *r)
{
	const struct rule_cond *path = get(r, KEY_PATH);
	const struct rule_cond *under = get(r, KEY_UNDER);
	const struct rule_cond *kind = get(r, KEY_KIND);
	uint64_t type = 0;

	for (size_t i = 0; i < r->n_conds; i++)
		if (r->conds[i].is_path && !r->conds[i].has_id)
			return xasprintf("%s is not there (or not in reach) "
					 "on this host",
					 r->conds[i].value);
	if (kind && path && word_find(kinds, kind->value, &type) &&
	    (path->mode & S_IFMT) != type)
		return xasprintf("%s is a %s", path->value,
				 word_name(kinds, path->mode & S_IFMT));
	if (get(r, KEY_RELABEL) &&
	    (get(r, KEY_RO) || get(r, KEY_TO) || get(r, KEY_SUID) ||
	     get(r, KEY_DEV) || get(r, KEY_EXEC) || get(r, KEY_SOCKETS) ||
	     get(r, KEY_UNSEARCHED)))
		return xasprintf("a new label is written to the host, not to "
				 "what is seen in the sandbox");
	if (kind && strcmp(kind->value, "dir") != 0 &&
	    (get(r, KEY_SOCKETS) || get(r, KEY_UNSEARCHED)))
		return xasprintf("only a dir is searched for sockets");
	/* a deny holds for what is above, too */
	if (path && under && r->action == RULE_PERMIT &&
	    !is_same(path, under) && !holds(path, &under->id))
		return xasprintf("%s does not lie below %s", path->value,
				 under->value);
	if (path && r->subject == SUBJECT_DEVICE && r->action == RULE_PERMIT &&
	    !S_ISCHR(path->mode) && !S_ISBLK(path->mode))
		return xasprintf("%s is no device", path->value);
	if (path && r->subject == SUBJECT_ROOTFS && r->action == RULE_PERMIT &&
	    !S_ISDIR(path->mode))
		return xasprintf("%s is no directory", path->value);
	return NULL;
}

static char *never_image(const struct rule *r)
{
	const struct rule_cond *name = get(r, KEY_NAME);
	const struct rule_cond *registry = get(r, KEY_REGISTRY);
	const char *slash = name ? strchr(name->value, '/') : NULL;
	auto_free char *host = NULL;

	if (!registry || !slash)
		return NULL;
	host = xstrndup(name->value, (size_t)(slash - name->value));
	if (strchr(host, '*') || strchr(registry->value, '*') ||
	    strcmp(host, registry->value) == 0)
		return NULL;
	return xasprintf("an image of %s is not from %s", host,
			 registry->value);
}

/* A pattern below /proc or /sys that no default mask fits. */
static char *never_mask(const struct rule *r)
{
	const struct rule_cond *c = get(r, KEY_MASKED);

	if (!c || (!path_is_below(c->value, "/proc") &&
		   !path_is_below(c->value, "/sys")))
		return NULL;
	for (size_t i = 0; default_masked[i]; i++)
		if (rule_glob(c->value, default_masked[i]))
			return NULL;
	for (size_t i = 0; default_readonly[i]; i++)
		if (rule_glob(c->value, default_readonly[i]))
			return NULL;
	return xasprintf("%s is neither masked nor read-only by default",
			 c->value);
}

static char *never_sysctl(const struct rule *r)
{
	const struct rule_cond *c = get(r, KEY_SYSCTL);

	if (!c || !strchr(c->value, '/'))
		return NULL;
	return xasprintf("names of parameters have dots, as net.ipv4.x");
}

static void lint_never(const struct policy *p, size_t i, struct lint *l)
{
	static char *(*const questions[])(const struct rule *) = {
		never_object,
		never_image,
		never_mask,
		never_sysctl,
	};

	for (size_t n = 0; n < ARRAY_SIZE(questions); n++) {
		auto_free char *why = questions[n](&p->rules[i]);

		if (why) {
			lint_add(l, LINT_NEVER, i, "never matches: %s", why);
			return;
		}
	}
}

/* ---- shadowed ---- */

static bool covers_path(const struct rule_cond *b, const struct rule_cond *a)
{
	if (is_same(a, b))
		return b->id_key == KEY_UNDER || a->id_key == b->id_key;
	return b->id_key == KEY_UNDER && a->id_key != KEY_ABOVE && a->has_id &&
	       b->has_id && holds(a, &b->id);
}

/* Does `b` hold whenever `a` does? Both of the same key, or of paths. */
static bool covers_cond(const struct rule_cond *b, const struct rule_cond *a)
{
	if (b->is_path && a->is_path)
		return covers_path(b, a);
	if (b->id_key != a->id_key)
		return false;
	switch (values[b->id_key]) {
	case VALUE_FLAG:
		return true;
	case VALUE_TARGET:
		return path_is_below(a->value, b->value);
	case VALUE_GLOB:
		return strcmp(a->value, b->value) == 0 ||
		       (!strchr(a->value, '*') &&
			rule_glob(b->value, a->value)) ||
		       strcmp(b->value, "*") == 0;
	case VALUE_PEER:
		return a->number == b->number;
	case VALUE_MIN:
		return true; /* told apart by covers_demand */
	default:
		return strcmp(a->value, b->value) == 0;
	}
}

/* A deny of a path is about what holds it, too: a permit of it is not. */
static bool is_wider(const struct rule *b, const struct rule *a,
		     const struct rule_cond *c)
{
	return a->action == RULE_DENY && b->action == RULE_PERMIT &&
	       (c->is_path || c->id_key == KEY_TO);
}

/* `b` matches every fact that `a` does. */
static bool covers(const struct rule *b, const struct rule *a)
{
	if (b->subject != a->subject &&
	    (b->subject != SUBJECT_ANY || a->subject >= SUBJECT_LIMIT))
		return false;
	for (size_t i = 0; i < b->n_conds; i++) {
		bool found = false;

		for (size_t n = 0; n < a->n_conds && !found; n++)
			found = covers_cond(&b->conds[i], &a->conds[n]) &&
				!is_wider(b, a, &b->conds[i]);
		if (!found)
			return false;
	}
	return true;
}

/* A requirement is overruled by none, but may be said already. */
static bool is_said_twice(const struct rule *a, const struct rule *b)
{
	const struct rule_cond *x = get(a, KEY_ABI), *y = get(b, KEY_ABI);

	return (x ? x->number : 0) <= (y ? y->number : 0);
}

static void lint_shadowed(const struct policy *p, size_t i, struct lint *l)
{
	const struct rule *a = &p->rules[i];

	for (size_t n = i + 1; n < p->n; n++) {
		const struct rule *b = &p->rules[n];

		if (!covers(b, a))
			continue;
		if (a->action == RULE_REQUIRE && !is_said_twice(a, b))
			continue;
		lint_add(l, LINT_SHADOWED, i,
			 "never decides: %s:%u has the last word on all "
			 "that it matches: %s",
			 b->file, b->line, b->text);
		return;
	}
}

void lint_of_rules(const struct policy *layer, struct lint *l)
{
	for (size_t i = 0; i < layer->n; i++) {
		lint_never(layer, i, l);
		lint_shadowed(layer, i, l);
	}
}
