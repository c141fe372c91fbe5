/*
 * resolve_tree.c - the tree of a sandbox: standard filesystems, our own
 * files, what is hidden and what is read-only.
 *
 * With --host the engine adds what of the host is bound into an empty root.
 */
#include "plan/resolve_parts.h"

#include <string.h>
#include <linux/mount.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/strv.h"

#define RO     MOUNT_ATTR_RDONLY
#define NOSUID MOUNT_ATTR_NOSUID
#define NODEV  MOUNT_ATTR_NODEV
#define NOEXEC MOUNT_ATTR_NOEXEC

struct standard {
	const char *type, *target, *data;
	uint64_t attr;
	uint64_t needs;	  /* only with this new namespace … */
	uint64_t without; /* … or only without that one */
};

/* sysfs shows a network namespace and cannot be mounted in another's; the
 * same for the message queues; and a proc of the host's processes can only
 * be bound. */
static const struct standard standards[] = {
	{ "tmpfs", "/dev", "mode=755,size=64k", NOSUID | NODEV | NOEXEC, 0, 0 },
	{ "devpts", "/dev/pts", "newinstance,ptmxmode=0666,mode=620,gid=5",
	  NOSUID | NOEXEC, 0, 0 },
	{ "tmpfs", "/dev/shm", "mode=1777,size=64m", NOSUID | NODEV | NOEXEC, 0,
	  0 },
	{ "mqueue", "/dev/mqueue", NULL, NOSUID | NODEV | NOEXEC, CLONE_NEWIPC,
	  0 },
	{ "proc", "/proc", NULL, NOSUID | NODEV | NOEXEC, CLONE_NEWPID, 0 },
	{ "bind", "/proc", NULL, NOSUID | NODEV | NOEXEC, 0, CLONE_NEWPID },
	{ "sysfs", "/sys", NULL, RO | NOSUID | NODEV | NOEXEC, CLONE_NEWNET,
	  0 },
	{ "tmpfs", "/sys", "mode=755,size=4k", RO | NOSUID | NODEV | NOEXEC, 0,
	  CLONE_NEWNET },
};

static void add_standard(struct resolve *v)
{
	struct spec *s = v->s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(standards); i++) {
		const struct standard *t = &standards[i];
		struct spec_mount *m;

		if ((t->needs && !(s->unshare & t->needs)) ||
		    (t->without && s->unshare & t->without) ||
		    resolve_mount_at(v->r, t->target))
			continue;
		m = resolve_add_mount(s, t->type, t->target, t->attr, t->data);
		if (v->r->privileged && strcmp(t->type, "sysfs") == 0)
			m->attr &= ~(uint64_t)RO;
		if (strcmp(t->type, "bind") != 0)
			continue;
		m->source = xstrdup(t->target);
		m->recursive = true;
	}
}

static void add_file(struct spec *s, const char *path, char *content)
{
	struct spec_file *f = GROW(s->files, s->n_files);

	s->n_files++;
	f->path = xstrdup(path);
	f->mode = 0644;
	f->content = content;
}

/* Names inside the sandbox, over the image's. With the host's network its
 * resolver's addresses are needed: the file itself is bound. */
static void add_files(struct resolve *v)
{
	struct spec *s = v->s;
	const char *name = s->hostname;

	if (s->root != SPEC_ROOT_LAYERS)
		return;
	if (name)
		add_file(s, "/etc/hostname", xasprintf("%s\n", name));
	add_file(s, "/etc/hosts",
		 xasprintf("127.0.0.1\tlocalhost%s%s\n"
			   "::1\tlocalhost ip6-localhost ip6-loopback\n",
			   name ? " " : "", name ? name : ""));
	if (s->unshare & CLONE_NEWNET)
		add_file(s, "/etc/resolv.conf",
			 xstrdup("# this sandbox has no network\n"));
}

static void add_resolver(struct resolve *v)
{
	static const char path[] = "/etc/resolv.conf";
	struct spec_mount *m;

	if (v->s->root != SPEC_ROOT_LAYERS || v->s->unshare & CLONE_NEWNET ||
	    resolve_mount_at(v->r, path))
		return;
	m = resolve_add_mount(v->s, "bind", path, RO | NOSUID | NODEV | NOEXEC,
			      NULL);
	m->source = xstrdup(path);
}

/* Nothing is masked below /sys when it is an empty tmpfs, and nothing made
 * read-only below what is read-only. */
static void add_masks(struct resolve *v)
{
	bool has_sysfs = v->s->unshare & CLONE_NEWNET;
	const char *const *p;

	if (v->r->privileged || v->r->unmask)
		return;
	for (p = default_masked; *p; p++)
		if (has_sysfs || !path_is_below(*p, "/sys"))
			strv_add(&v->s->masked, *p);
	for (p = default_readonly; *p; p++)
		strv_add(&v->s->readonly, *p);
}

int resolve_tree(struct resolve *v, struct err *e)
{
	add_standard(v);
	if (resolve_devices(v, e))
		return -1;
	add_files(v);
	add_resolver(v);
	add_masks(v);
	return resolve_mounts(v, e);
}
