/*
 * bundle_resolve.c - what config.json leaves to the specification and to the
 * host: default devices, capabilities that exist, a user namespace for those
 * who are not root.
 */
#include <linux/sched.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/defaults.h"
#include "base/idspace.h"
#include "base/strv.h"
#include "plan/bundle.h"
#include "plan/ops.h"
#include "plan/values.h"

/* runtime-spec, config-linux.md, "Default Devices" */
static const struct {
	const char *path;
	uint32_t major, minor;
} nodes[] = {
	{ "/dev/null", 1, 3 },	  { "/dev/zero", 1, 5 },
	{ "/dev/full", 1, 7 },	  { "/dev/random", 1, 8 },
	{ "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static bool has_device(const struct bundle *b, const char *path)
{
	for (size_t i = 0; i < b->n_devices; i++)
		if (strcmp(b->devices[i].path, path) == 0)
			return true;
	return false;
}

/* Somebody else's /dev has its own nodes. */
static bool has_foreign_dev(const struct spec *s)
{
	for (size_t i = 0; i < s->n_mounts; i++)
		if (strcmp(s->mounts[i].target, "/dev") == 0 &&
		    strcmp(s->mounts[i].type, "bind") == 0)
			return true;
	return false;
}

static void add_devices(struct bundle *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		struct bundle_device *d;

		if (has_device(b, nodes[i].path))
			continue;
		d = GROW(b->devices, b->n_devices);
		b->n_devices++;
		d->path = xstrdup(nodes[i].path);
		d->mode = S_IFCHR | 0666;
		d->major = nodes[i].major;
		d->minor = nodes[i].minor;
	}
}

static void add_links(struct spec *s)
{
	for (const struct default_link *l = default_links; l->path; l++) {
		struct spec_file *f = GROW(s->links, s->n_links);

		s->n_links++;
		f->path = xstrdup(l->path);
		f->content = xstrdup(l->target);
	}
}

bool bundle_leaves_userns(const struct spec *s)
{
	return (s->unshare | bundle_joined(s->bundle)) & CLONE_NEWUSER;
}

bool bundle_binds_devices(const struct spec *s, const struct host *h)
{
	return h->in_userns || bundle_leaves_userns(s);
}

/* ---- capabilities ---- */

/* Keeps what is in `may`; the rest is warned of. */
static void narrow(struct bundle *b, const char *name, uint64_t *set,
		   uint64_t may)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const char *between = "";

	for (const struct word *w = cap_words; w->name; w++) {
		if (!(*set & ~may & 1ull << w->value))
			continue;
		buf_printf(&text, "%s%s", between, w->name);
		between = " ";
	}
	*set &= may;
	if (text.len)
		strv_take(&b->warnings,
			  xasprintf("%s capabilities that cannot be given: %s",
				    name, text.p));
}

/* The specification: what cannot be granted is a warning. */
void bundle_narrow_caps(struct spec *s, const struct host *h)
{
	struct cap_sets *c = &s->bundle->caps;
	uint64_t may = h->cap_bounding;

	if (!bundle_leaves_userns(s))
		may &= h->cap_permitted;
	narrow(s->bundle, "bounding", &c->bounding, may);
	narrow(s->bundle, "permitted", &c->permitted, may);
	narrow(s->bundle, "effective", &c->effective, c->permitted);
	narrow(s->bundle, "inheritable", &c->inheritable, may & c->bounding);
	narrow(s->bundle, "ambient", &c->ambient,
	       c->permitted & c->inheritable);
	s->caps = c->bounding;
}

/* ---- the user namespace ---- */

static void take_map(struct spec_idmap **v, size_t *n, struct idmap_list *l)
{
	*v = TAKE(l->v);
	*n = l->n;
	l->n = 0;
}

static void map_own_id(struct spec_idmap **v, size_t *n, uint32_t id)
{
	struct spec_idmap *row = GROW(*v, *n);

	++*n;
	*row = (struct spec_idmap){ .inside = 0, .outer = id, .count = 1 };
}

/* The maps of a user namespace of which nothing is said: the caller's own id
 * as root, and for an ordinary user the subordinate ids above it. */
static int add_maps(struct spec *s, const struct host *h, struct err *e)
{
	struct idmap_list uids = { 0 }, gids = { 0 };
	bool single =
		!h->n_subuid || !h->n_subgid || !h->newuidmap || !h->newgidmap;

	if (h->uid == 0) {
		map_own_id(&s->uid_map, &s->n_uid_map, h->uid);
		map_own_id(&s->gid_map, &s->n_gid_map, h->gid);
		return 0;
	}
	if (idspace_outer(h, single, &uids, &gids, e) < 0)
		return -1;
	take_map(&s->uid_map, &s->n_uid_map, &uids);
	take_map(&s->gid_map, &s->n_gid_map, &gids);
	return 0;
}

/* Who is not root can do nothing without a user namespace. */
static int add_userns(struct spec *s, const struct host *h, struct err *e)
{
	bool is_asked = s->unshare & CLONE_NEWUSER;

	if (bundle_joined(s->bundle) & CLONE_NEWUSER)
		return 0;
	if (is_asked ? s->n_uid_map > 0 : h->uid == 0)
		return 0;
	s->unshare |= CLONE_NEWUSER;
	strv_add(&s->bundle->warnings,
		 is_asked ? "linux.namespaces: a user namespace without maps "
			    "gets the caller's own id as root"
			  : "not root: a user namespace that was not asked "
			    "for is made");
	return add_maps(s, h, e);
}

int bundle_resolve(struct spec *s, const struct host *h, struct err *e)
{
	if (add_userns(s, h, e) < 0)
		return -1;
	if (!has_foreign_dev(s)) {
		add_devices(s->bundle);
		add_links(s);
	}
	bundle_narrow_caps(s, h);
	return 0;
}
