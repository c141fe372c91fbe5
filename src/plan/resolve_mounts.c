/*
 * resolve_mounts.c - the mounts and devices that a request or an image asks
 * for.
 *
 * Refused: whatever would cover /, /proc, /sys, /dev or /dev/pts. Sorted by
 * depth, so that no mount hides another one.
 *
 * VOLUMEs of an image need no mount below a writable root: writes go to the
 * upper layer, with what the image has there, and end with the sandbox. With
 * a read-only root they are empty tmpfs, or they could not be written.
 */
#include "plan/resolve_parts.h"

#include <inttypes.h>
#include <string.h>
#include <linux/mount.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/strv.h"

struct spec_mount *resolve_add_mount(struct spec *s, const char *type,
				     const char *target, uint64_t attr,
				     const char *data)
{
	struct spec_mount *m = GROW(s->mounts, s->n_mounts);

	s->n_mounts++;
	m->type = xstrdup(type);
	m->target = xstrdup(target);
	m->attr = attr;
	m->data = xstrdup(data);
	return m;
}

const struct request_mount *resolve_mount_at(const struct request *r,
					     const char *target)
{
	size_t i;

	for (i = 0; i < r->n_mounts; i++) {
		auto_free char *clean = path_clean(r->mounts[i].target);

		if (strcmp(clean, target) == 0)
			return &r->mounts[i];
	}
	return NULL;
}

/* Why nothing may be mounted there, or NULL. */
static const char *reserved(const char *target)
{
	static const struct {
		const char *path;
		bool below;
		const char *why;
	} rows[] = {
		{ "/", false, "it is the root" },
		{ "/dev", false, "it is made fresh" },
		{ "/dev/pts", true, "it holds the sandbox's terminals" },
		{ "/proc", true, "it would cover the masks" },
		{ "/sys", true, "it would cover the masks" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].below ? path_is_below(target, rows[i].path)
				  : strcmp(target, rows[i].path) == 0)
			return rows[i].why;
	return NULL;
}

static uint64_t attr_of(const struct request_mount *m)
{
	return (m->writable ? 0 : MOUNT_ATTR_RDONLY) |
	       (m->suid ? 0 : MOUNT_ATTR_NOSUID) |
	       (m->dev ? 0 : MOUNT_ATTR_NODEV) |
	       (m->exec ? 0 : MOUNT_ATTR_NOEXEC);
}

static int check_target(struct resolve *v, size_t i, const char *target,
			struct err *e)
{
	const struct request_mount *m = &v->r->mounts[i];
	const char *why = reserved(target);

	if (!m->target || *m->target != '/')
		return err_set(e, ERR_USAGE,
			       "mount at %s: the path in the sandbox must be "
			       "absolute",
			       m->target ? m->target : "nothing");
	if (why)
		return err_set(e, ERR_USAGE, "mount at %s: %s", target, why);
	if (resolve_mount_at(v->r, target) != m)
		return err_set(e, ERR_USAGE, "two mounts at %s", target);
	return 0;
}

static int add_bind(struct resolve *v, const struct request_mount *m,
		    const char *target, struct err *e)
{
	struct spec_mount *to;

	if (!m->source || *m->source != '/')
		return err_set(e, ERR_USAGE,
			       "bind at %s: the source %s is not an absolute "
			       "path",
			       target, m->source ? m->source : "nothing");
	to = resolve_add_mount(v->s, "bind", target, attr_of(m), NULL);
	to->source = path_clean(m->source);
	to->recursive = m->recursive;
	to->relabel_shared = m->relabel_shared;
	to->relabel_private = m->relabel_private;
	return 0;
}

static void add_tmpfs(struct resolve *v, const struct request_mount *m,
		      const char *target)
{
	auto_free char *data =
		xasprintf("mode=%" PRIo32 ",size=%" PRIu64,
			  m->tmpfs_mode ? m->tmpfs_mode : 01777,
			  m->tmpfs_size ? m->tmpfs_size : DEFAULT_TMPFS_SIZE);

	resolve_add_mount(v->s, "tmpfs", target, attr_of(m), data);
}

static int add_requested(struct resolve *v, struct err *e)
{
	static const struct word types[] = { { "bind", 1 },
					     { "tmpfs", 0 },
					     { NULL, 0 } };
	uint64_t is_bind;
	size_t i;

	for (i = 0; i < v->r->n_mounts; i++) {
		const struct request_mount *m = &v->r->mounts[i];
		const struct choice type = { "--mount type", m->type, "bind",
					     types };
		auto_free char *target = path_clean(m->target ? m->target : "");

		if (resolve_word(&type, &is_bind, e) ||
		    check_target(v, i, target, e))
			return -1;
		if (!is_bind)
			add_tmpfs(v, m, target);
		else if (add_bind(v, m, target, e))
			return -1;
	}
	return 0;
}

static int add_volumes(struct resolve *v, struct err *e)
{
	auto_free char *data =
		xasprintf("mode=755,size=%" PRIu64, DEFAULT_TMPFS_SIZE);

	if (!v->image)
		return 0;
	strv_foreach (volume, v->image->config.volumes) {
		auto_free char *target = path_clean(*volume);

		if (reserved(target) || path_is_below(target, "/dev"))
			return err_set(e, ERR_INPUT,
				       "the image asks for a volume over %s: "
				       "refused",
				       target);
		if (v->s->read_only && !resolve_mount_at(v->r, target))
			resolve_add_mount(v->s, "tmpfs", target,
					  MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
					  data);
	}
	return 0;
}

static size_t depth(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* Stable: what was said first stays first among equals. */
static void sort(struct spec_mount *v, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++) {
		struct spec_mount m = v[i];

		for (j = i; j && depth(v[j - 1].target) > depth(m.target); j--)
			v[j] = v[j - 1];
		v[j] = m;
	}
}

int resolve_mounts(struct resolve *v, struct err *e)
{
	size_t first = v->s->n_mounts;

	if (add_requested(v, e) || add_volumes(v, e))
		return -1;
	if (v->s->n_mounts > first)
		sort(v->s->mounts + first, v->s->n_mounts - first);
	return 0;
}

/* ---- devices ---- */

static struct spec_device *add_node(struct spec *s, const char *source,
				    const char *path)
{
	struct spec_device *d = GROW(s->devices, s->n_devices);

	s->n_devices++;
	d->source = xstrdup(source);
	d->path = xstrdup(path);
	d->writable = true;
	return d;
}

static struct spec_device *find_node(struct spec *s, const char *path)
{
	size_t i;

	for (i = 0; i < s->n_devices; i++)
		if (strcmp(s->devices[i].path, path) == 0)
			return &s->devices[i];
	return NULL;
}

static bool is_device_target(const char *path)
{
	static const char *const taken[] = { "/dev/pts", "/dev/shm",
					     "/dev/mqueue", "/dev/console" };
	const struct default_link *l;
	size_t i;

	if (!path_is_below(path, "/dev") || strcmp(path, "/dev") == 0)
		return false;
	for (i = 0; i < ARRAY_SIZE(taken); i++)
		if (path_is_below(path, taken[i]))
			return false;
	for (l = default_links; l->path; l++)
		if (path_is_below(path, l->path))
			return false;
	return true;
}

/* SOURCE[:TARGET][:rwm] */
static int add_device(struct resolve *v, const char *word, struct err *e)
{
	AUTO(strv_free) char **part = strv_split(word, ':');
	size_t n = strv_len(part);
	const char *rights = n > 1 && *part[n - 1] != '/' ? part[--n] : "rwm";
	auto_free char *source = path_clean(part[0]);
	auto_free char *target = path_clean(n > 1 ? part[1] : part[0]);
	struct spec_device *d;

	if (*part[0] != '/' || n > 2 || !*rights ||
	    rights[strspn(rights, "rwm")])
		return err_set(e, ERR_USAGE,
			       "--device %s: expected /SOURCE[:/TARGET][:rwm]",
			       word);
	if (!is_device_target(target))
		return err_set(e, ERR_USAGE,
			       "--device %s: a device can only stand below "
			       "/dev, not on what is there already",
			       word);
	d = find_node(v->s, target);
	if (d && strcmp(d->source, source) != 0)
		return err_set(e, ERR_USAGE,
			       "--device %s: %s is there already, from %s",
			       word, target, d->source);
	if (!d)
		d = add_node(v->s, source, target);
	d->writable = strchr(rights, 'w') != NULL;
	return 0;
}

int resolve_devices(struct resolve *v, struct err *e)
{
	const char *const *d;

	for (d = default_devices; *d; d++)
		add_node(v->s, *d, *d);
	strv_foreach (word, v->r->devices) {
		if (add_device(v, *word, e))
			return -1;
	}
	return 0;
}
