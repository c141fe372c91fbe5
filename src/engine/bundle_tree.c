/*
 * bundle_tree.c - opens the root of a bundle, follows the links in it for
 * every target, measures every object of the host.
 */
#include "engine/bundle_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/facts.h"
#include "engine/maps.h"
#include "format/oci_spec.h"
#include "kernel/ns.h"
#include "plan/bundle.h"

/* A relative path is one of the bundle's directory. */
static void make_absolute(const struct bundle *b, char **path)
{
	char *joined =
		**path == '/' ? xstrdup(*path) : path_join(b->dir, *path);

	free(*path);
	*path = path_clean(joined);
	free(joined);
}

static int open_root(struct spec *s, struct err *e)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct spec_layer *l = GROW(s->layers, s->n_layers);
	int fd;

	s->n_layers++;
	l->path = xstrdup(s->bundle->root_path);
	make_absolute(s->bundle, &l->path);
	if (facts_of_object(l->path, &f, e) < 0)
		return err_prefix(e, "root.path");
	if (!S_ISDIR(f.mode))
		return err_set(e, ERR_INPUT, "root.path: %s is no directory",
			       l->path);
	l->id = f.id;
	fd = path_open(AT_FDCWD, l->path, PATH_HOST, O_PATH | O_DIRECTORY, 0);
	return fd < 0 ? err_sys(e, "open the root %s", l->path) : fd;
}

/* Follows the links of one path of the container; not those that the mounts
 * before it cover: /proc/sys of the root may be a link, of procfs it is none.
 */
static int resolve(int root, char **path, char *const *mounts, struct err *e)
{
	char *real = path_resolve(root, *path, mounts);

	if (!real)
		return err_sys(e, "follow %s in the root", *path);
	free(*path);
	*path = real;
	return 0;
}

/* A root being looked through. */
struct looking {
	struct spec *s;
	int root;
	char **mounts; /* where they are, in their order */
};

static void looking_done(struct looking *l)
{
	if (l->root >= 0)
		close(l->root);
	strv_free(l->mounts);
}
DEFINE_AUTO_DONE(struct looking, looking_done);

/* Did a link of the root lead to a directory of the host? */
static bool is_led_out(const struct looking *l, const char *from,
		       const char *to)
{
	for (size_t i = 0; i < l->s->n_mounts; i++)
		if (strcmp(l->s->mounts[i].type, "bind") == 0 &&
		    path_is_below(to, l->mounts[i]) &&
		    !path_is_below(from, l->mounts[i]))
			return true;
	return false;
}

/* Where a node or a link is made: its own name is no link to follow. */
static int resolve_made(const struct looking *l, char **path, struct err *e)
{
	const char *name = path_base(*path);
	auto_free char *parent = xstrndup(*path, (size_t)(name - *path));
	auto_free char *made = NULL;

	if (resolve(l->root, &parent, l->mounts, e) < 0)
		return -1;
	made = path_join(parent, name);
	if (is_led_out(l, *path, made))
		return err_set(e, ERR_INPUT,
			       "%s: a link of the root leads to %s, which "
			       "would be made on the host: refused",
			       *path, made);
	free(*path);
	*path = TAKE(made);
	return 0;
}

static int resolve_nodes(const struct looking *l, struct err *e)
{
	struct bundle *b = l->s->bundle;

	for (size_t i = 0; i < b->n_devices; i++)
		if (resolve_made(l, &b->devices[i].path, e) < 0)
			return -1;
	return 0;
}

/* What the kernel tells of itself stands where it says, or nowhere. */
static bool is_kernels(const struct spec_mount *m)
{
	return strcmp(m->type, "proc") == 0 || strcmp(m->type, "sysfs") == 0;
}

static int resolve_target(const struct looking *l, struct spec_mount *m,
			  struct err *e)
{
	auto_free char *asked = path_clean(m->target);

	if (resolve(l->root, &m->target, l->mounts, e) < 0)
		return -1;
	if (is_kernels(m) && strcmp(m->target, asked) != 0)
		return err_set(e, ERR_INPUT,
			       "mount at %s: %s must be mounted on ordinary "
			       "directory, and there is a symbolic link",
			       asked, m->type);
	return 0;
}

static bool is_covered(const struct looking *l, const char *path)
{
	strv_foreach (mount, l->mounts)
		if (path_is_below(path, *mount))
			return true;
	return false;
}

/* A tmpfs whose mode nobody says has that of the root's directory that it is
 * mounted on, where there is one. */
static void fill_mode(const struct looking *l, struct spec_mount *m)
{
	AUTO(strv_free) char **data = strv_split(m->data ? m->data : "", ',');
	auto_fd fd = -1;
	struct stat st;
	char *more;

	if (strcmp(m->type, "tmpfs") != 0 || m->copy_up ||
	    is_covered(l, m->target))
		return;
	strv_foreach (option, data)
		if (strncmp(*option, "mode=", 5) == 0)
			return;
	fd = path_open(l->root, m->target, PATH_IN_ROOT, O_PATH | O_DIRECTORY,
		       0);
	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	more = xasprintf("%s%smode=%o", m->data ? m->data : "",
			 m->data && *m->data ? "," : "", st.st_mode & 07777);
	free(m->data);
	m->data = more;
}

static int resolve_targets(struct looking *l, struct err *e)
{
	struct spec *s = l->s;

	for (size_t i = 0; i < s->n_mounts; i++) {
		if (resolve_target(l, &s->mounts[i], e) < 0)
			return -1;
		fill_mode(l, &s->mounts[i]);
		strv_add(&l->mounts, s->mounts[i].target);
	}
	strv_foreach (path, s->masked)
		if (resolve(l->root, (char **)(uintptr_t)path, l->mounts, e) <
		    0)
			return -1;
	strv_foreach (path, s->readonly)
		if (resolve(l->root, (char **)(uintptr_t)path, l->mounts, e) <
		    0)
			return -1;
	for (size_t i = 0; i < s->n_links; i++)
		if (resolve_made(l, &s->links[i].path, e) < 0)
			return -1;
	return 0;
}

/* The link itself takes the place of the mount. */
static void move_to_links(struct spec *s, size_t i, const char *content)
{
	struct spec_file *f = GROW(s->links, s->n_links);
	struct spec_mount *m = &s->mounts[i];

	s->n_links++;
	f->path = TAKE(m->target);
	f->content = xstrdup(content);
	free(m->type);
	free(m->source);
	free(m->data);
	s->n_mounts--;
	memmove(m, m + 1, (s->n_mounts - i) * sizeof(*m));
}

static int copy_links(struct spec *s, struct err *e)
{
	for (size_t i = s->n_mounts; i-- > 0;) {
		struct spec_mount *m = &s->mounts[i];
		auto_fd fd = -1;
		char content[4096];
		ssize_t n;

		if (!m->copy_link)
			continue;
		make_absolute(s->bundle, &m->source);
		fd = path_open(AT_FDCWD, m->source, PATH_HOST,
			       O_PATH | O_NOFOLLOW, 0);
		if (fd < 0)
			return err_sys(e, "open %s", m->source);
		n = readlinkat(fd, "", content, sizeof(content) - 1);
		if (n < 0)
			continue; /* no link: an ordinary bind */
		content[n] = '\0';
		move_to_links(s, i, content);
	}
	return 0;
}

static int fill_sources(struct spec *s, struct err *e)
{
	for (size_t i = 0; i < s->n_mounts; i++) {
		if (strcmp(s->mounts[i].type, "bind") != 0)
			continue;
		make_absolute(s->bundle, &s->mounts[i].source);
		/* volumes may be large: the judge is told so */
		s->mounts[i].facts.unsearched = true;
	}
	return facts_fill(s, e);
}

/* Nodes that are bound must be the host's own of that number. */
static int fill_devices(struct spec *s, struct err *e)
{
	for (size_t i = 0; i < s->bundle->n_devices; i++) {
		struct bundle_device *d = &s->bundle->devices[i];
		AUTO(source_facts_done) struct source_facts f = { 0 };

		if (facts_of_object(d->path, &f, e) < 0)
			return err_prefix(e, "linux.devices");
		d->id = f.id;
	}
	return 0;
}

/* What is set in a namespace that is our own is set for the host. */
static int check_own(const struct spec *s, uint64_t own, struct err *e)
{
	if (own & CLONE_NEWUTS && (s->hostname || s->bundle->domainname))
		return err_set(e, ERR_INPUT,
			       "hostname, domainname: the uts namespace to be "
			       "joined is our own: refused");
	strv_foreach (row, s->sysctls) {
		auto_free char *name = xstrndup(*row, strcspn(*row, "="));

		if (own & oci_sysctl_namespace(name))
			return err_set(e, ERR_INPUT,
				       "linux.sysctl: %s: the namespace to be "
				       "joined is our own: refused",
				       name);
	}
	return 0;
}

static int fill_maps(struct spec *s, const struct host *h, struct err *e)
{
	const struct bundle *b = s->bundle;

	for (size_t i = 0; i < b->n_joins; i++)
		if (b->joins[i].ns == CLONE_NEWUSER)
			return maps_of_namespace(s, h, &b->joins[i], e);
	return 0;
}

/* To join what the caller is in is to share it: no step, and for the policy
 * it is the host's. */
static int fill_joins(struct spec *s, const struct host *h, struct err *e)
{
	struct bundle *b = s->bundle;
	uint64_t shared = 0;
	size_t n = 0;

	for (size_t i = 0; i < b->n_joins; i++) {
		struct bundle_join j = b->joins[i];
		struct object_id own;

		if (ns_identify(j.path, j.ns, &j.id, e) < 0 ||
		    ns_own(j.ns, &own, e) < 0)
			return err_prefix(e, "linux.namespaces");
		b->joins[i].path = NULL;
		if (own.dev == j.id.dev && own.ino == j.id.ino) {
			shared |= j.ns;
			free(j.path);
		} else {
			b->joins[n++] = j;
		}
	}
	b->n_joins = n;
	maps_order_joins(b, h);
	return check_own(s, shared, e) < 0 ? -1 : fill_maps(s, h, e);
}

int bundle_tree_fill(struct spec *s, const struct host *h, struct err *e)
{
	AUTO(looking_done) struct looking l = { .s = s };

	l.root = open_root(s, e);
	if (l.root < 0 || copy_links(s, e) < 0 || resolve_targets(&l, e) < 0 ||
	    fill_sources(s, e) < 0 || fill_joins(s, h, e) < 0)
		return -1;
	/* what is bound has the same name on the host: it stays as it is */
	return bundle_binds_devices(s, h) ? fill_devices(s, e)
					  : resolve_nodes(&l, e);
}
