/*
 * policy_lint.c - asks a layer about binds of what this host has: protected
 * objects, the directories that hold them, and what its own rules name.
 *
 * A file of a policy may be anybody's here: nothing is permitted by it.
 */
#include "engine/policy_lint.h"

#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/facts.h"
#include "engine/policies.h"
#include "engine/policy_cases.h"
#include "engine/sockets.h"
#include "format/policy_text.h"

int engine_read_policy(struct engine *g, char *const *names, struct policy *ret,
		       struct err *e)
{
	AUTO(policy_done) struct policy layer = { 0 };

	strv_foreach (name, names) {
		AUTO(policy_done) struct policy p = { 0 };

		if (policy_by_name(*name, NULL, &p, e) < 0 ||
		    policies_resolve(&p, engine_host(g)->home, e) < 0)
			return -1;
		policy_extend(&layer, &p);
	}
	*ret = layer;
	layer = (struct policy){ 0 };
	return 0;
}

/* Asks about the object at `path`, read-only and writable. What cannot be
 * looked at cannot be given away either. */
static void ask(const struct policy *layer, const struct host *h,
		const char *path, bool search, struct lint *l)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct step s = { .op = OP_BIND };

	if (facts_of(path, &f, NULL) < 0 ||
	    (search && sockets_find(path, true, &f, NULL) < 0))
		return;
	s.bind.source = (char *)path;
	s.bind.target = (char *)path;
	s.bind.resolved = f.resolved;
	s.bind.id = f.id;
	s.bind.mode = f.mode;
	s.bind.uid = f.uid;
	s.bind.gid = f.gid;
	s.bind.parents = f.parents;
	s.bind.n_parents = f.n_parents;
	s.bind.sockets = f.sockets;
	s.bind.recursive = true;
	s.bind.attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY;
	policy_lint_bind(layer, h, &s, l);
	s.bind.attr &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	policy_lint_bind(layer, h, &s, l);
}

/* A protected object, and every directory that leads to it. */
static void ask_protected(const struct policy *layer, const struct host *h,
			  struct lint *l)
{
	AUTO(strv_free) char **asked = NULL;

	for (size_t i = 0; i < h->n_protected; i++) {
		auto_free char *at = xstrdup(h->protected_objects[i].path);

		while (!strv_has(asked, at)) {
			strv_add(&asked, at);
			ask(layer, h, at, false, l);
			*(strrchr(at, '/') + (strrchr(at, '/') == at)) = '\0';
		}
	}
}

/* What its permits of binds name: is there a socket in it? */
static void ask_named(const struct policy *layer, const struct host *h,
		      struct lint *l)
{
	for (size_t i = 0; i < layer->n; i++) {
		const struct rule *r = &layer->rules[i];

		if (r->action != RULE_PERMIT || r->subject != SUBJECT_BIND)
			continue;
		for (size_t n = 0; n < r->n_conds; n++) {
			auto_free char *path =
				policy_cond_path(&r->conds[n], h->home);

			if (path && r->conds[n].has_id)
				ask(layer, h, path, true, l);
		}
	}
}

/* What a device node gives, or NULL when nothing is known of it. */
static const char *gift_of(const struct rule_cond *c)
{
	static const struct {
		const char *path, *why;
	} known[] = {
		{ "/dev/mem", "the machine's memory" },
		{ "/dev/kmem", "the kernel's memory" },
		{ "/dev/port", "the machine's ports" },
		{ "/dev/kmsg", "the kernel's messages" },
		{ "/dev/uinput", "the keyboard: keys can be typed" },
		{ "/dev/fuse", "filesystems made by programs" },
		{ "/dev/vhost-vsock", "sockets to virtual machines" },
	};

	if (!c->is_path)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i].path, c->value) == 0)
			return known[i].why;
	return S_ISBLK(c->mode) ? "a disk, with every file on it" : NULL;
}

/* Device nodes that a permit names, by what they are. */
static void ask_devices(const struct policy *layer, struct lint *l)
{
	for (size_t i = 0; i < layer->n; i++) {
		const struct rule *r = &layer->rules[i];

		if (r->action != RULE_PERMIT || r->subject != SUBJECT_DEVICE)
			continue;
		for (size_t n = 0; n < r->n_conds; n++) {
			const char *why = gift_of(&r->conds[n]);

			if (why)
				lint_add(l, LINT_ESCAPE, i, "permits %s: %s",
					 r->conds[n].value, why);
		}
	}
}

int engine_lint_policy(struct engine *g, const struct policy *layer,
		       struct lint *ret, struct err *e)
{
	struct host *h = engine_probe_protected(g, e);

	if (!h)
		return -1;
	policy_lint(layer, ret);
	ask_protected(layer, h, ret);
	ask_named(layer, h, ret);
	ask_devices(layer, ret);
	policy_lint_sort(ret);
	return 0;
}
