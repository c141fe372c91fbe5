/*
 * resolve_tree.c - what the sandbox's tree holds beside its root. Pure.
 */
#include "plan/resolve_parts.h"

#include <sched.h>
#include <string.h>
#include <linux/mount.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/strv.h"

#define NSE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

static struct spec_mount *add_mount(struct spec *s, const char *type,
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

static void add_host_bind(struct spec *s, const char *path, uint64_t attr)
{
	struct spec_mount *m = add_mount(s, "bind", path, attr, NULL);

	m->source = xstrdup(path);
	m->recursive = true;
}

/* /dev, /proc, /sys: made new, or the host's where its namespace is shared. */
static void add_standard(struct resolving *x)
{
	uint64_t own = x->s->unshare;
	auto_free char *pts = NULL;

	/* devices and terminals work in /dev itself only */
	add_mount(x->s, "tmpfs", "/dev", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
		  "mode=755,size=64k");
	add_mount(x->s, "devpts", "/dev/pts",
		  MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
		  "newinstance,ptmxmode=0666,mode=0620");
	add_mount(x->s, "tmpfs", "/dev/shm", NSE, "mode=1777,size=64m");
	if (own & CLONE_NEWIPC)
		add_mount(x->s, "mqueue", "/dev/mqueue", NSE, NULL);
	if (own & CLONE_NEWPID)
		add_mount(x->s, "proc", "/proc", NSE, NULL);
	else
		add_host_bind(x->s, "/proc", NSE);
	if (own & CLONE_NEWNET)
		add_mount(x->s, "sysfs", "/sys",
			  NSE | (x->r->privileged ? 0 : MOUNT_ATTR_RDONLY),
			  NULL);
	else /* a sysfs belongs to its network namespace */
		add_mount(x->s, "tmpfs", "/sys", NSE | MOUNT_ATTR_RDONLY,
			  "mode=555,size=4k");
}

/* Where a mount would undo what the launcher or a mask does. */
static int check_target(const char *target, const char *what, struct err *e)
{
	static const char *const whole[] = { "/proc", "/sys" };

	if (strcmp(target, "/") == 0 || strcmp(target, "/dev") == 0 ||
	    strcmp(target, "/dev/pts") == 0)
		return err_set(e, ERR_USAGE,
			       "%s %s: would cover what the launcher makes "
			       "there: give another target",
			       what, target);
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		if (path_is_below(target, whole[i]))
			return err_set(e, ERR_USAGE,
				       "%s %s: would cover %s, which holds "
				       "labels and masks: give another target",
				       what, target, whole[i]);
	return 0;
}

static uint64_t request_attr(const struct request_mount *m)
{
	return (m->writable ? 0 : MOUNT_ATTR_RDONLY) |
	       (m->suid ? 0 : MOUNT_ATTR_NOSUID) |
	       (m->dev ? 0 : MOUNT_ATTR_NODEV) |
	       (m->exec ? 0 : MOUNT_ATTR_NOEXEC);
}

static int add_requested(struct resolving *x, const struct request_mount *m,
			 struct err *e)
{
	uint64_t size = m->tmpfs_size ? m->tmpfs_size : DEFAULT_TMPFS_SIZE;
	auto_free char *target = path_clean(m->target);
	auto_free char *data = NULL;
	struct spec_mount *to;

	if (check_target(target, "mount on", e) < 0)
		return -1;
	if (strcmp(m->type, "tmpfs") == 0)
		data = xasprintf("mode=%o,size=%llu",
				 m->tmpfs_mode ? m->tmpfs_mode : 01777,
				 (unsigned long long)size);
	to = add_mount(x->s, m->type, target, request_attr(m), data);
	to->source = xstrdup(m->source);
	to->recursive = m->recursive;
	return 0;
}

/*
 * An image's volumes: with a writable root they need nothing, the root is
 * new for each run; a read-only root gets a tmpfs there.
 */
static int add_volumes(struct resolving *x, struct err *e)
{
	if (!x->config)
		return 0;
	strv_foreach (v, x->config->volumes) {
		auto_free char *target = path_clean(*v);

		if (check_target(target, "volume of the image on", e) < 0)
			return -1;
		if (x->r->read_only)
			add_mount(x->s, "tmpfs", target,
				  MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
				  "mode=755,size=64m");
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

/* Shallow targets first, otherwise in the order of asking. */
static void sort_mounts(struct spec_mount *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = i;
		     j > 0 && depth(v[j].target) < depth(v[j - 1].target);
		     j--) {
			struct spec_mount t = v[j];

			v[j] = v[j - 1];
			v[j - 1] = t;
		}
}

static void add_device(struct spec *s, const char *source, const char *path,
		       bool writable)
{
	struct spec_device *d = GROW(s->devices, s->n_devices);

	s->n_devices++;
	d->source = xstrdup(source);
	d->path = xstrdup(path);
	d->writable = writable;
}

/* SOURCE[:TARGET][:PERMISSIONS] */
static void add_requested_device(struct spec *s, const char *word)
{
	AUTO(strv_free) char **v = strv_split(word, ':');
	size_t n = strv_len(v);
	const char *target = n > 1 && v[1][0] == '/' ? v[1] : v[0];
	const char *rights = n > 1 && v[n - 1][0] != '/' ? v[n - 1] : "rwm";

	add_device(s, v[0], target, strchr(rights, 'w') != NULL);
}

static void add_file(struct spec *s, const char *path, uint32_t mode,
		     char *content)
{
	struct spec_file *f = GROW(s->files, s->n_files);

	s->n_files++;
	f->path = xstrdup(path);
	f->mode = mode;
	f->content = content;
}

/* Files that tell the payload who and where it is. */
static void add_files(struct resolving *x)
{
	const char *name = x->s->hostname;

	if (x->s->root != SPEC_ROOT_LAYERS)
		return; /* a directory or the host brings its own */
	add_file(x->s, "/etc/hostname", 0644, xasprintf("%s\n", name));
	add_file(x->s, "/etc/hosts", 0644,
		 xasprintf("127.0.0.1\tlocalhost\n"
			   "::1\tlocalhost ip6-localhost ip6-loopback\n"
			   "127.0.1.1\t%s\n",
			   name));
	add_file(x->s, "/etc/resolv.conf", 0644,
		 xstrdup("# no name server: the sandbox has no network\n"));
}

static void add_covers(struct resolving *x)
{
	if (x->r->unmask || x->r->privileged)
		return;
	for (const char *const *p = default_masked; *p; p++)
		strv_add(&x->s->masked, *p);
	for (const char *const *p = default_readonly; *p; p++)
		strv_add(&x->s->readonly, *p);
}

int resolve_tree(struct resolving *x, struct err *e)
{
	size_t first;

	add_standard(x);
	first = x->s->n_mounts;
	for (size_t i = 0; i < x->r->n_mounts; i++)
		if (add_requested(x, &x->r->mounts[i], e) < 0)
			return -1;
	if (add_volumes(x, e) < 0)
		return -1;
	sort_mounts(x->s->mounts + first, x->s->n_mounts - first);
	for (const char *const *d = default_devices; *d; d++)
		add_device(x->s, *d, *d, true);
	strv_foreach (d, x->r->devices)
		add_requested_device(x->s, *d);
	add_files(x);
	add_covers(x);
	return 0;
}
