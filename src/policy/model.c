/*
 * model.c - the made-up host: its files, and an ordinary plan on it.
 */
#include <linux/mount.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/table.h"
#include "policy/model.h"

/* ---- the host ---- */

#define OPEN   MODEL_OPEN
#define OBJECT MODEL_OBJECT
#define TREE   MODEL_TREE

static const struct model_file files[] = {
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

const struct model_file *model_find(const char *path)
{
	for (size_t i = 0; path && i < ARRAY_SIZE(files); i++)
		if (!strcmp(files[i].path, path))
			return &files[i];
	return NULL;
}

struct object_id model_id(const struct model_file *f)
{
	return (struct object_id){ .dev = 8, .ino = f->ino };
}

/* The directories above a file, nearest first; heap. */
struct object_id *model_parents(const struct model_file *f, size_t *n)
{
	struct object_id *v = NULL;

	*n = 0;
	while ((f = model_find(f->in))) {
		*GROW(v, *n) = model_id(f);
		(*n)++;
	}
	return v;
}

struct host *model_host(void)
{
	struct host *h = xcalloc(1, sizeof(*h));
	struct protected_object *o;

	h->uid = h->gid = 1000;
	h->home = xstrdup(MODEL_HOME);
	h->subuid = xcalloc(1, sizeof(*h->subuid));
	h->subuid[0] = (struct id_range){ 100000, 65536 };
	h->n_subuid = 1;
	h->landlock_abi = 6;
	h->has_timens = true;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (files[i].protected == OPEN)
			continue;
		o = GROW(h->protected_objects, h->n_protected);
		h->n_protected++;
		o->path = xstrdup(files[i].path);
		o->why = "not for sandboxes";
		o->id = model_id(&files[i]);
		o->is_tree = files[i].protected == TREE;
		o->parents = model_parents(&files[i], &o->n_parents);
	}
	return h;
}

/* ---- an ordinary plan ---- */

struct step *model_add(struct plan *p, enum op op)
{
	struct step *s = GROW(p->steps, p->n);

	p->n++;
	s->op = op;
	return s;
}

void model_map(struct idmap_list *l, uint32_t inside, uint32_t outer,
	       uint32_t count)
{
	*GROW(l->v, l->n) = (struct spec_idmap){ inside, outer, count };
	l->n++;
}

static void add_mount(struct plan *p, const char *type, const char *target,
		      uint64_t attr)
{
	struct step *s = model_add(p, OP_MOUNT);

	s->mount.type = xstrdup(type);
	s->mount.target = xstrdup(target);
	s->mount.attr = attr;
	if (strcmp(type, "tmpfs") == 0)
		s->mount.data = xstrdup("mode=755,size=64k");
}

static void add_paths(struct plan *p, enum op op, const char *const *paths)
{
	for (; *paths; paths++)
		model_add(p, op)->path.path = xstrdup(*paths);
}

void model_filter(struct plan *p, const char *name, char digit)
{
	struct blob *b = &model_add(p, OP_SECCOMP)->seccomp.filter;

	b->name = xstrdup(name);
	snprintf(b->digest, sizeof(b->digest), "sha256:%064d", digit);
}

void model_device(struct plan *p, const char *source, uint64_t rdev,
		  bool writable)
{
	struct step *s = model_add(p, OP_DEVICE);
	const struct model_file *f = model_find(source);

	s->device.source = xstrdup(source);
	s->device.target = xstrdup(source);
	s->device.id.ino = 900 + p->n;
	if (f)
		s->device.id = model_id(f);
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
	struct step *s = model_add(p, OP_UPPER);

	s->upper.size = DEFAULT_ROOT_SIZE;
	s = model_add(p, OP_OVERLAY);
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
		model_device(p, nodes[i].path,
			     makedev(nodes[i].major, nodes[i].minor), true);
	add_paths(p, OP_MASK, default_masked);
	add_paths(p, OP_READONLY, default_readonly);
}

static void add_rlimit(struct plan *p, uint32_t resource, uint64_t n)
{
	struct step *s = model_add(p, OP_RLIMIT);

	s->rlimit.resource = resource;
	s->rlimit.soft = s->rlimit.hard = n;
}

static void add_lockdown(struct plan *p)
{
	struct step *s;

	model_add(p, OP_NSLIMIT)->nslimit.value = 1;
	s = model_add(p, OP_USERNS);
	model_map(&s->userns.uids, 0, 1, 65536);
	model_map(&s->userns.gids, 0, 1, 65536);
	add_rlimit(p, RLIMIT_NOFILE, 4096);
	add_rlimit(p, RLIMIT_CORE, 0);
	add_rlimit(p, RLIMIT_NPROC, 512);
	model_add(p, OP_BOUNDING);
	model_add(p, OP_IDS);
	model_add(p, OP_CAPS);
	model_add(p, OP_NNP);
	s = model_add(p, OP_LANDLOCK);
	s->landlock.abi = 6;
	s->landlock.scope = 3;
	s->landlock.fs = 0xffff;
	model_add(p, OP_FDS);
	model_filter(p, "default", 1);
	model_filter(p, "default/deny", 2);
	model_add(p, OP_VERIFY);
	model_add(p, OP_EXEC);
}

#define ALL_NAMESPACES                                                         \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |           \
	 CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME)
#define IMAGE_NAME "docker.io/library/debian:12"
#define IMAGE_DIGEST                                                           \
	"sha256:"                                                              \
	"00000000000000000000000000000000"                                     \
	"00000000000000000000000000000abc"

struct plan *model_plan(void)
{
	struct plan *p = xcalloc(1, sizeof(*p));
	struct step *s;

	p->subject = xstrdup("image " IMAGE_NAME "@" IMAGE_DIGEST);
	p->image_name = xstrdup(IMAGE_NAME);
	p->image_digest = xstrdup(IMAGE_DIGEST);
	model_add(p, OP_CLONE)->clone.flags = ALL_NAMESPACES;
	s = model_add(p, OP_IDMAP);
	model_map(&s->idmap.uids, 0, 1000, 1);
	model_map(&s->idmap.uids, 1, 100000, 65536);
	model_map(&s->idmap.gids, 0, 1000, 1);
	model_map(&s->idmap.gids, 1, 100000, 65536);
	model_add(p, OP_KEYRING);
	add_root(p);
	add_lockdown(p);
	return p;
}

/* ---- policies ---- */

static const struct {
	const char *name;
	uint32_t id;
	bool is_group;
} peers[] = {
	{ "u", 1000, false },	  { "guest", 2000, false },
	{ "root", 0, false },	  { "users", 1000, true },
	{ "sandbox", 500, true }, { "guests", 2000, true },
};

/* A name that this host has not stays UINT64_MAX, which is nobody. */
static void resolve_peer(struct rule_cond *c)
{
	bool is_group = c->id_key == KEY_PEER_GROUP;

	if ((c->id_key != KEY_PEER && !is_group) || c->number != UINT64_MAX)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(peers); i++)
		if (peers[i].is_group == is_group &&
		    strcmp(peers[i].name, c->value) == 0)
			c->number = peers[i].id;
}

void model_resolve(struct policy *p)
{
	for (size_t r = 0; r < p->n; r++) {
		for (size_t i = 0; i < p->rules[r].n_conds; i++) {
			struct rule_cond *c = &p->rules[r].conds[i];
			auto_free char *path = policy_cond_path(c, MODEL_HOME);
			const struct model_file *f = model_find(path);

			resolve_peer(c);
			if (!f)
				continue;
			c->has_id = true;
			c->mode = f->mode;
			c->id = model_id(f);
			c->parents = model_parents(f, &c->n_parents);
		}
	}
}
