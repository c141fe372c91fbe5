/*
 * fixture.h - a made-up host and its files, an ordinary plan, and a small
 * language of changes to it ("bind:ro:/run/docker.sock caps:NET_ADMIN"), so
 * that a test is a line. Nothing here touches the real host.
 */
#ifndef TESTS_POLICY_FIXTURE_H
#define TESTS_POLICY_FIXTURE_H

#include <linux/mount.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/file.h"
#include "base/strv.h"
#include "format/policy_text.h"
#include "policy/explain.h"
#include "policy/judge.h"

#define FIXTURE __attribute__((unused)) static

/* ---- the host ---- */

enum { OPEN, OBJECT, TREE }; /* protected: not, itself, all below it too */

static const struct file {
	const char *path;
	uint64_t ino;
	const char *in; /* the directory above it */
	uint32_t mode, uid;
	int protected;
	const char *real; /* what the path is an alias of */
} files[] = {
	{ "/", 1, NULL, S_IFDIR, 0, OPEN, NULL },
	{ "/dev", 20, "/", S_IFDIR, 0, TREE, NULL },
	{ "/dev/kvm", 21, "/dev", S_IFCHR, 0, OPEN, NULL },
	{ "/dev/sda", 22, "/dev", S_IFBLK, 0, OPEN, NULL },
	{ "/dev/shm", 23, "/dev", S_IFDIR, 0, OPEN, NULL },
	{ "/dev/null", 24, "/dev", S_IFCHR, 0, OPEN, NULL },
	{ "/dev/zero", 25, "/dev", S_IFCHR, 0, OPEN, NULL },
	{ "/dev/full", 26, "/dev", S_IFCHR, 0, OPEN, NULL },
	{ "/dev/random", 27, "/dev", S_IFCHR, 0, OPEN, NULL },
	{ "/dev/urandom", 28, "/dev", S_IFCHR, 0, OPEN, NULL },
	{ "/dev/tty", 29, "/dev", S_IFCHR, 0, OPEN, NULL },
	{ "/proc", 30, "/", S_IFDIR, 0, TREE, NULL },
	{ "/proc/sys", 31, "/proc", S_IFDIR, 0, OPEN, NULL },
	{ "/run", 10, "/", S_IFDIR, 0, TREE, NULL },
	{ "/run/docker.sock", 11, "/run", S_IFSOCK, 0, OBJECT, NULL },
	{ "/run/user", 12, "/run", S_IFDIR, 0, OPEN, NULL },
	{ "/run/user/1000", 13, "/run/user", S_IFDIR, 1000, OPEN, NULL },
	{ "/run/user/1000/foo.sock", 14, "/run/user/1000", S_IFSOCK, 1000, OPEN,
	  NULL },
	{ "/var/run/docker.sock", 11, "/run", S_IFSOCK, 0, OPEN,
	  "/run/docker.sock" },
	{ "/srv/link", 11, "/run", S_IFSOCK, 0, OPEN, "/run/docker.sock" },
	{ "/var/run", 10, "/", S_IFDIR, 0, OPEN, "/run" },
	{ "/etc", 40, "/", S_IFDIR, 0, OBJECT, NULL },
	{ "/etc/hosts", 41, "/etc", S_IFREG, 0, OPEN, NULL },
	{ "/usr", 42, "/", S_IFDIR, 0, OPEN, NULL },
	{ "/usr/lib", 43, "/usr", S_IFDIR, 0, OPEN, NULL },
	{ "/home", 50, "/", S_IFDIR, 0, OPEN, NULL },
	{ "/home/u", 51, "/home", S_IFDIR, 1000, OBJECT, NULL },
	{ "/home/u/.ssh", 52, "/home/u", S_IFDIR, 1000, TREE, NULL },
	{ "/home/u/.ssh/key", 53, "/home/u/.ssh", S_IFREG, 1000, OPEN, NULL },
	{ "/home/u/src", 54, "/home/u", S_IFDIR, 1000, OPEN, NULL },
	{ "/home/u/src/a.c", 55, "/home/u/src", S_IFREG, 1000, OPEN, NULL },
	{ "/home/u/pipe", 56, "/home/u", S_IFIFO, 1000, OPEN, NULL },
	{ "/home/u/app.sock", 57, "/home/u", S_IFSOCK, 1000, OPEN, NULL },
	{ "/srv", 60, "/", S_IFDIR, 0, OPEN, NULL },
	{ "/srv/data", 61, "/srv", S_IFDIR, 1000, OPEN, NULL },
	{ "/srv/data/x", 62, "/srv/data", S_IFREG, 1000, OPEN, NULL },
	{ "/srv/database", 63, "/srv", S_IFDIR, 1000, OPEN, NULL },
	{ "/srv/other", 64, "/srv", S_IFDIR, 2000, OPEN, NULL },
	{ "/srv/sub", 65, "/srv", S_IFDIR, 100005, OPEN, NULL },
	{ "/srv/root", 66, "/srv", S_IFDIR, 0, OPEN, NULL },
	{ "/mnt/alias", 61, "/srv", S_IFDIR, 1000, OPEN, NULL },
	{ "/var", 70, "/", S_IFDIR, 0, OPEN, NULL },
	{ "/var/cache", 71, "/var", S_IFDIR, 0, OPEN, NULL },
	{ "/srv/odd \"name\" \xff\n", 72, "/srv", S_IFDIR, 1000, OPEN, NULL },
};

static const struct file *find_file(const char *path)
{
	for (size_t i = 0; path && i < ARRAY_SIZE(files); i++)
		if (!strcmp(files[i].path, path))
			return &files[i];
	return NULL;
}

static struct object_id id_of(const struct file *f)
{
	return (struct object_id){ .dev = 8, .ino = f->ino };
}

/* The directories above a file, nearest first; heap. */
static struct object_id *parents_of(const struct file *f, size_t *n)
{
	struct object_id *v = NULL;

	*n = 0;
	while ((f = find_file(f->in))) {
		*GROW(v, *n) = id_of(f);
		(*n)++;
	}
	return v;
}

FIXTURE struct host *new_host(void)
{
	struct host *h = xcalloc(1, sizeof(*h));
	struct protected_object *o;

	h->uid = h->gid = 1000;
	h->home = xstrdup("/home/u");
	h->subuid = xcalloc(1, sizeof(*h->subuid));
	h->subuid[0] = (struct id_range){ 100000, 65536 };
	h->n_subuid = 1;
	h->landlock_abi = 5;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (files[i].protected == OPEN)
			continue;
		o = GROW(h->protected_objects, h->n_protected);
		h->n_protected++;
		o->path = xstrdup(files[i].path);
		o->why = "not for sandboxes";
		o->id = id_of(&files[i]);
		o->is_tree = files[i].protected == TREE;
		o->parents = parents_of(&files[i], &o->n_parents);
	}
	return h;
}
DEFINE_AUTO(struct host *, host_free);

/* ---- an ordinary plan ---- */

static struct step *add_step(struct plan *p, enum op op)
{
	struct step *s = GROW(p->steps, p->n);

	p->n++;
	s->op = op;
	return s;
}

static void add_map(struct idmap_list *l, uint32_t inside, uint32_t outer,
		    uint32_t count)
{
	*GROW(l->v, l->n) = (struct spec_idmap){ inside, outer, count };
	l->n++;
}

static void add_mount(struct plan *p, const char *type, const char *target,
		      uint64_t attr)
{
	struct step *s = add_step(p, OP_MOUNT);

	s->mount.type = xstrdup(type);
	s->mount.target = xstrdup(target);
	s->mount.attr = attr;
}

static void add_paths(struct plan *p, enum op op, const char *const *paths)
{
	for (; *paths; paths++)
		add_step(p, op)->path.path = xstrdup(*paths);
}

static void add_filter(struct plan *p, const char *name, char digit)
{
	struct blob *b = &add_step(p, OP_SECCOMP)->seccomp.filter;

	b->name = xstrdup(name);
	snprintf(b->digest, sizeof(b->digest), "sha256:%064d", digit);
}

static void add_device(struct plan *p, const char *source, uint64_t rdev,
		       bool writable)
{
	struct step *s = add_step(p, OP_DEVICE);
	const struct file *f = find_file(source);

	s->device.source = xstrdup(source);
	s->device.target = xstrdup(source);
	s->device.id.ino = 900 + p->n;
	if (f)
		s->device.id = id_of(f);
	s->device.rdev = rdev;
	s->device.writable = writable;
}

static void add_root(struct plan *p)
{
	static const struct {
		const char *path;
		unsigned major, minor;
	} nodes[] = {
		{ "/dev/null", 1, 3 },	  { "/dev/zero", 1, 5 },
		{ "/dev/full", 1, 7 },	  { "/dev/random", 1, 8 },
		{ "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
	};
	struct step *s = add_step(p, OP_OVERLAY);

	s->overlay.lower = xcalloc(1, sizeof(*s->overlay.lower));
	s->overlay.n_lower = 1;
	s->overlay.lower[0].path = xstrdup("/store/layers/1");
	s->overlay.lower[0].id = (struct object_id){ 8, 800 };
	add_mount(p, "proc", "/proc", 0);
	add_mount(p, "sysfs", "/sys", MOUNT_ATTR_RDONLY);
	add_mount(p, "tmpfs", "/dev", 0);
	add_mount(p, "devpts", "/dev/pts", 0);
	add_mount(p, "mqueue", "/dev/mqueue", 0);
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		add_device(p, nodes[i].path,
			   makedev(nodes[i].major, nodes[i].minor), true);
	add_paths(p, OP_MASK, default_masked);
	add_paths(p, OP_READONLY, default_readonly);
}

static void add_lockdown(struct plan *p)
{
	struct step *s;

	add_step(p, OP_NSLIMIT)->nslimit.value = 1;
	s = add_step(p, OP_USERNS);
	add_map(&s->userns.uids, 0, 1, 65536);
	add_map(&s->userns.gids, 0, 1, 65536);
	s = add_step(p, OP_RLIMIT);
	s->rlimit.resource = RLIMIT_NPROC;
	s->rlimit.soft = s->rlimit.hard = 512;
	add_step(p, OP_BOUNDING);
	add_step(p, OP_IDS);
	add_step(p, OP_CAPS);
	add_step(p, OP_NNP);
	s = add_step(p, OP_LANDLOCK);
	s->landlock.abi = 5;
	s->landlock.fs = 0xffff;
	add_step(p, OP_FDS);
	add_filter(p, "default", 1);
	add_filter(p, "default/deny", 2);
	add_step(p, OP_VERIFY);
	add_step(p, OP_EXEC);
}

#define ALL_NAMESPACES                                                         \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |           \
	 CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)
#define IMAGE_NAME "docker.io/library/debian:12"
#define IMAGE_DIGEST                                                           \
	"sha256:"                                                              \
	"00000000000000000000000000000000"                                     \
	"00000000000000000000000000000abc"

FIXTURE struct plan *new_plan(void)
{
	struct plan *p = xcalloc(1, sizeof(*p));
	struct step *s;

	p->subject = xstrdup("image " IMAGE_NAME "@" IMAGE_DIGEST);
	p->image_name = xstrdup(IMAGE_NAME);
	p->image_digest = xstrdup(IMAGE_DIGEST);
	add_step(p, OP_CLONE)->clone.flags = ALL_NAMESPACES;
	s = add_step(p, OP_IDMAP);
	add_map(&s->idmap.uids, 0, 1000, 1);
	add_map(&s->idmap.uids, 1, 100000, 65536);
	add_map(&s->idmap.gids, 0, 1000, 1);
	add_map(&s->idmap.gids, 1, 100000, 65536);
	add_step(p, OP_KEYRING);
	add_root(p);
	add_lockdown(p);
	return p;
}

static void free_strings(char *a, char *b, char *c)
{
	free(a);
	free(b);
	free(c);
}

static void step_done(struct step *s)
{
	if (s->op == OP_IDMAP) {
		free(s->idmap.uids.v);
		free(s->idmap.gids.v);
	} else if (s->op == OP_USERNS) {
		free(s->userns.uids.v);
		free(s->userns.gids.v);
	} else if (s->op == OP_OVERLAY) {
		for (size_t i = 0; i < s->overlay.n_lower; i++)
			free(s->overlay.lower[i].path);
		free(s->overlay.lower);
	} else if (s->op == OP_BIND) {
		free_strings(s->bind.source, s->bind.target, s->bind.resolved);
		free(s->bind.parents);
	} else if (s->op == OP_MOUNT) {
		free_strings(s->mount.type, s->mount.target, s->mount.data);
	} else if (s->op == OP_DEVICE) {
		free_strings(s->device.source, s->device.target, NULL);
	} else if (s->op == OP_MASK || s->op == OP_READONLY) {
		free(s->path.path);
	} else if (s->op == OP_SECCOMP) {
		free(s->seccomp.filter.name);
	} else if (s->op == OP_SYSCTL) {
		free_strings(s->sysctl.name, s->sysctl.value, NULL);
	} else if (s->op == OP_LABEL) {
		free_strings(s->label.lsm, s->label.label, NULL);
	}
}

FIXTURE void drop_plan(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		step_done(&p->steps[i]);
	free_strings(p->subject, p->image_name, p->image_digest);
	free(p->steps);
	free(p);
}
DEFINE_AUTO(struct plan *, drop_plan);

/* ---- policies ---- */

/* What the engine does when it loads a file. */
FIXTURE void resolve(struct policy *p)
{
	for (size_t r = 0; r < p->n; r++) {
		for (size_t i = 0; i < p->rules[r].n_conds; i++) {
			struct rule_cond *c = &p->rules[r].conds[i];
			auto_free char *path = policy_cond_path(c, "/home/u");
			const struct file *f = find_file(path);

			if (!f)
				continue;
			c->has_id = true;
			c->id = id_of(f);
			c->parents = parents_of(f, &c->n_parents);
		}
	}
}

FIXTURE void add_layer(struct policy_set *set, const char *file,
		       const char *text)
{
	struct policy *p = GROW(set->layers, set->n);
	struct err e = ERR_INIT;

	assert_ok(policy_text_parse(file, text, strlen(text), p, &e), &e);
	set->n++;
	resolve(p);
}

FIXTURE struct policy_set *new_set(const char *file, const char *text)
{
	struct policy_set *set = xcalloc(1, sizeof(*set));

	add_layer(set, file, text);
	return set;
}

/* A policy that is shipped: "default". */
FIXTURE struct policy_set *shipped(const char *name)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *path = xasprintf("policy/%s.policy", name);
	struct err e = ERR_INIT;

	assert_ok(file_read(path, POLICY_MAX, &b, &e), &e);
	return new_set(path, b.p);
}

#endif
