/*
 * change.c - the words that change an ordinary plan: one row, one function.
 *
 * The plans that they make are for judging: what no fact is made of is not
 * always there.
 */
#include <linux/mount.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"
#include "policy/change.h"

/* A change: its words, the first names it. */
#define CHANGE(name)                                                           \
	static int change_##name(struct model_case *c, char **w, struct err *e)
#define UNUSED (void)c, (void)w, (void)e

static int unknown(const char *what, const char *word, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s: no such %s", word, what);
}

struct step *model_insert(struct plan *p, enum op op)
{
	struct step made = { .op = op };
	size_t at = 0;

	while (at < p->n && p->steps[at].op != OP_NSLIMIT &&
	       p->steps[at].op != OP_USERNS && p->steps[at].op != OP_EXEC)
		at++;
	model_add(p, op);
	memmove(&p->steps[at + 1], &p->steps[at],
		(p->n - 1 - at) * sizeof(made));
	p->steps[at] = made;
	return &p->steps[at];
}

static bool is_path_op(enum op op)
{
	return op == OP_MASK || op == OP_READONLY;
}

/* Turns them off; of masks and the like only those of `path`, if given. A
 * step that is off is one that is not there. */
static int turn_off(struct plan *p, enum op op, const char *path, struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct step *s = &p->steps[i];

		if (s->op != op ||
		    (path && is_path_op(op) && strcmp(s->path.path, path) != 0))
			continue;
		s->need = NEED_OFF;
		n++;
	}
	return n ? 0
		 : err_set(e, ERR_INPUT, "%s: there is no such step to change",
			   path ? path : op_word(op));
}

static struct step *find_step(struct plan *p, enum op op)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].op == op)
			return &p->steps[i];
	return NULL;
}

/* Every ordinary plan has one, and no change takes a step out. */
static struct step *get_step(struct plan *p, enum op op)
{
	struct step *s = find_step(p, op);

	return s ? s : model_add(p, op);
}

/* ---- the tree ---- */

static void bind_option(struct step *s, const char *word)
{
	static const struct word cleared[] = {
		{ "suid", MOUNT_ATTR_NOSUID },
		{ "dev", MOUNT_ATTR_NODEV },
		{ NULL, 0 },
	};
	uint64_t attr;

	if (word_find(cleared, word, &attr)) {
		s->bind.attr &= ~attr;
	} else if (strcmp(word, "noexec") == 0) {
		s->bind.attr |= MOUNT_ATTR_NOEXEC;
	} else if (strcmp(word, "norec") == 0) {
		s->bind.recursive = false;
	} else if (strcmp(word, "unsearched") == 0) {
		s->bind.unsearched = true;
	} else if (strncmp(word, "socket=", 7) == 0) {
		strv_add(&s->bind.sockets, word + 7);
	} else {
		free(s->bind.target);
		s->bind.target = xstrdup(word);
	}
}

CHANGE(bind)
{
	const struct model_file *f = model_find(w[2]);
	struct step *s;

	if (!f)
		return unknown("file of the made-up host", w[2], e);
	s = model_insert(c->plan, OP_BIND);
	s->bind.source = xstrdup(w[2]);
	s->bind.resolved = xstrdup(f->real ? f->real : f->path);
	s->bind.target = xstrdup("/x");
	s->bind.id = model_id(f);
	s->bind.parents = model_parents(f, &s->bind.n_parents);
	s->bind.mode = f->mode | 0644;
	s->bind.uid = f->uid;
	s->bind.attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	s->bind.recursive = true;
	if (strcmp(w[1], "ro") == 0)
		s->bind.attr |= MOUNT_ATTR_RDONLY;
	for (w += 3; *w; w++)
		bind_option(s, *w);
	return 0;
}

CHANGE(device)
{
	/* behind the rest: devices stand in no order to other facts */
	(void)e;
	model_device(c->plan, w[2],
		     w[3] ? makedev(1, (unsigned)strtoul(w[3], NULL, 10))
			  : makedev(10, 232),
		     strcmp(w[1], "rw") == 0);
	return 0;
}

/* fs:TYPE:MODE:TARGET[:DATA] */
CHANGE(fs)
{
	struct step *s = model_insert(c->plan, OP_MOUNT);

	(void)e;
	s->mount.type = xstrdup(w[1]);
	s->mount.attr = strcmp(w[2], "ro") == 0 ? MOUNT_ATTR_RDONLY : 0;
	s->mount.target = xstrdup(w[3]);
	s->mount.data = xstrdup(w[4]);
	return 0;
}

CHANGE(readonly)
{
	(void)e;
	model_insert(c->plan, OP_READONLY)->path.path = xstrdup(w[1]);
	return 0;
}

CHANGE(mask)
{
	(void)e;
	model_insert(c->plan, OP_MASK)->path.path = xstrdup(w[1]);
	return 0;
}

static void no_image(struct plan *p)
{
	free(TAKE(p->subject));
	free(TAKE(p->image_name));
	free(TAKE(p->image_digest));
}

CHANGE(rootfs)
{
	struct step *s = get_step(c->plan, OP_OVERLAY);
	const struct model_file *f = model_find(w[1]);

	if (!f)
		return unknown("file of the made-up host", w[1], e);
	no_image(c->plan);
	c->plan->subject = xasprintf("rootfs %s", w[1]);
	free(s->overlay.lower[0].path);
	s->overlay.lower[0].path = xstrdup(w[1]);
	s->overlay.lower[0].id = model_id(f);
	return 0;
}

/* --host: an empty root, and programs bound where they are. */
CHANGE(host_root)
{
	static const char *const places[] = { "bind:ro:/usr:/usr:unsearched",
					      "bind:ro:/etc:/etc:unsearched" };

	(void)w;
	no_image(c->plan);
	c->plan->subject = xstrdup("the host's own programs");
	if (turn_off(c->plan, OP_OVERLAY, NULL, e) < 0 ||
	    turn_off(c->plan, OP_UPPER, NULL, e) < 0)
		return -1;
	model_insert(c->plan, OP_TMPROOT)->tmproot.size = DEFAULT_ROOT_SIZE;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		AUTO(strv_free) char **v = strv_split(places[i], ':');

		if (change_bind(c, v, e) < 0)
			return -1;
	}
	return 0;
}

CHANGE(image)
{
	(void)e;
	free(c->plan->image_name);
	c->plan->image_name = strv_join(w + 1, ":");
	return 0;
}

CHANGE(pinned)
{
	UNUSED;
	c->plan->image_pinned = true;
	return 0;
}

CHANGE(kept)
{
	UNUSED;
	get_step(c->plan, OP_UPPER)->upper.kind = UPPER_DIR;
	return 0;
}

/* ---- who ---- */

CHANGE(map_user)
{
	struct step *s = get_step(c->plan, OP_USERNS);

	(void)e;
	model_map(w[1] && strcmp(w[1], "gid") == 0 ? &s->userns.gids
						   : &s->userns.uids,
		  70000, 0, 1);
	return 0;
}

/* One namespace, one id: the caller's, or with an argument another. */
CHANGE(single_id)
{
	uint32_t outer = w[1] ? (uint32_t)strtoul(w[1], NULL, 10) : 1000;
	struct step *s = get_step(c->plan, OP_IDMAP);

	s->idmap.uids.n = s->idmap.gids.n = 0;
	model_map(&s->idmap.uids, 0, outer, 1);
	model_map(&s->idmap.gids, 0, outer, 1);
	get_step(c->plan, OP_NSLIMIT)->nslimit.value = 0;
	return turn_off(c->plan, OP_USERNS, NULL, e);
}

CHANGE(user)
{
	return num_u32(w[1], "user", &get_step(c->plan, OP_IDS)->ids.uid, e);
}

CHANGE(peer)
{
	static const struct word users[] = {
		{ "u", 1000 }, { "guest", 2000 }, { "root", 0 }, { NULL, 0 }
	};
	uint64_t id;

	if (!word_find(users, w[1], &id))
		return unknown("user of the made-up host", w[1], e);
	c->peer.uid = c->peer.gid = (uint32_t)id;
	c->groups[0] = (uint32_t)id;
	c->peer.n_groups = id == 2000 ? 2 : 1;
	return 0;
}

CHANGE(privileged)
{
	UNUSED;
	c->plan->privileged = true;
	return 0;
}

CHANGE(annotation)
{
	(void)e;
	strv_take(&c->plan->annotations, strv_join(w + 1, ":"));
	return 0;
}

/* ---- walls ---- */

static const struct word step_words[] = {
	{ "clone", OP_CLONE },
	{ "keyring", OP_KEYRING },
	{ "nslimit", OP_NSLIMIT },
	{ "userns", OP_USERNS },
	{ "rlimit", OP_RLIMIT },
	{ "nnp", OP_NNP },
	{ "seccomp", OP_SECCOMP },
	{ "landlock", OP_LANDLOCK },
	{ "caps", OP_CAPS },
	{ "bounding", OP_BOUNDING },
	{ "mask", OP_MASK },
	{ "readonly", OP_READONLY },
	{ "idmap", OP_IDMAP },
	{ "ids", OP_IDS },
	{ NULL, 0 },
};

CHANGE(without)
{
	uint64_t op;

	if (!word_find(step_words, w[1], &op))
		return unknown("step", w[1], e);
	return turn_off(c->plan, (enum op)op, w[2], e);
}

CHANGE(caps)
{
	AUTO(strv_free) char **names = strv_split(w[1], ',');
	enum op op = strcmp(w[0], "bounding") == 0 ? OP_BOUNDING : OP_CAPS;
	unsigned cap;

	strv_foreach (name, names) {
		if (cap_parse(*name, w[0], &cap, e) < 0)
			return -1;
		get_step(c->plan, op)->caps.set |= 1ull << cap;
	}
	return 0;
}

CHANGE(share)
{
	static const struct word words[] = {
		{ "mount", CLONE_NEWNS },
		{ "pid", CLONE_NEWPID },
		{ "network", CLONE_NEWNET },
		{ "ipc", CLONE_NEWIPC },
		{ "uts", CLONE_NEWUTS },
		{ "user", CLONE_NEWUSER },
		{ "cgroup", CLONE_NEWCGROUP },
		{ "time", CLONE_NEWTIME },
		{ NULL, 0 },
	};
	uint64_t flag;

	if (!word_find(words, w[1], &flag))
		return unknown("namespace", w[1], e);
	get_step(c->plan, OP_CLONE)->clone.flags &= ~flag;
	return 0;
}

/* A built-in profile has two filters; that of a file here has one. */
CHANGE(seccomp)
{
	if (turn_off(c->plan, OP_SECCOMP, NULL, e) < 0)
		return -1;
	model_filter(c->plan, w[1], 7);
	if (!strchr(w[1], '/')) {
		auto_free char *second = xasprintf("%s/deny", w[1]);

		model_filter(c->plan, second, 8);
	}
	return 0;
}

/* A file's filter on top of the profile. */
CHANGE(narrow)
{
	(void)e;
	model_filter(c->plan, w[1], 9);
	return 0;
}

/* record:deny:default */
CHANGE(record)
{
	struct step *s;

	if (turn_off(c->plan, OP_SECCOMP, NULL, e) < 0)
		return -1;
	s = model_add(c->plan, OP_RECORD);
	s->record.mode = strcmp(w[1], "deny") ? RECORD_ALLOW : RECORD_DENY;
	s->record.judge.name = xstrdup(w[2]);
	return 0;
}

CHANGE(nslimit)
{
	return num_u64(w[1], UINT64_MAX, "nslimit",
		       &get_step(c->plan, OP_NSLIMIT)->nslimit.value, e);
}

CHANGE(label)
{
	struct step *s = model_insert(c->plan, OP_LABEL);

	(void)e;
	c->host->apparmor = true;
	s->label.lsm = xstrdup("apparmor");
	s->label.label = xstrdup(w[1]);
	return 0;
}

CHANGE(lsm)
{
	UNUSED;
	c->host->apparmor = true;
	return 0;
}

CHANGE(no_landlock)
{
	UNUSED;
	c->host->landlock_abi = 0;
	get_step(c->plan, OP_LANDLOCK)->landlock.abi = 0;
	return 0;
}

CHANGE(landlock_abi)
{
	struct step *s = get_step(c->plan, OP_LANDLOCK);

	if (num_int(w[1], 1, 100, "landlock-abi", &s->landlock.abi, e) < 0)
		return -1;
	c->host->landlock_abi = s->landlock.abi;
	if (s->landlock.abi < 6)
		s->landlock.scope = 0;
	return 0;
}

CHANGE(idle_landlock)
{
	UNUSED;
	get_step(c->plan, OP_LANDLOCK)->landlock.fs = 0;
	return 0;
}

/* ---- what it may use ---- */

CHANGE(sysctl)
{
	struct step *s = model_insert(c->plan, OP_SYSCTL);

	(void)e;
	s->sysctl.name = xstrdup(w[1]);
	s->sysctl.value = xstrdup(w[2] ? w[2] : "1");
	return 0;
}

/* rlimit:NAME:N, or none. */
CHANGE(rlimit)
{
	uint64_t resource, n = UINT64_MAX;
	struct step *s = NULL;

	if (!word_find(rlimit_words, w[1], &resource))
		return unknown("limit", w[1], e);
	if (strcmp(w[2], "none") != 0 &&
	    num_u64(w[2], UINT64_MAX - 1, w[1], &n, e) < 0)
		return -1;
	for (size_t i = 0; i < c->plan->n; i++)
		if (c->plan->steps[i].op == OP_RLIMIT &&
		    c->plan->steps[i].rlimit.resource == resource)
			s = &c->plan->steps[i];
	if (!s)
		s = model_add(c->plan, OP_RLIMIT);
	s->rlimit.resource = (uint32_t)resource;
	s->rlimit.soft = s->rlimit.hard = n;
	return 0;
}

CHANGE(pids)
{
	char name[] = "nproc", *v[] = { w[0], name, w[1], NULL };

	return change_rlimit(c, v, e);
}

/* cgroup:FILE=VALUE, a limit of its own cgroup. */
CHANGE(cgroup)
{
	struct step *s = find_step(c->plan, OP_CGROUP);

	(void)e;
	s = s ? s : model_insert(c->plan, OP_CGROUP);
	strv_add(&s->cgroup.set, w[1]);
	return 0;
}

CHANGE(storage)
{
	return num_size(w[1], "storage",
			&get_step(c->plan, OP_UPPER)->upper.size, e);
}

CHANGE(nothing)
{
	UNUSED;
	return 0;
}

static const struct {
	const char *word;
	int (*apply)(struct model_case *, char **, struct err *);
	size_t least; /* words, the first counted */
} changes[] = {
	{ "ordinary", change_nothing, 1 },
	{ "bind", change_bind, 3 },
	{ "device", change_device, 3 },
	{ "caps", change_caps, 2 },
	{ "bounding", change_caps, 2 },
	{ "without", change_without, 2 },
	{ "off", change_without, 2 },
	{ "share", change_share, 2 },
	{ "seccomp", change_seccomp, 2 },
	{ "map-user", change_map_user, 1 },
	{ "single-id", change_single_id, 1 },
	{ "user", change_user, 2 },
	{ "peer", change_peer, 2 },
	{ "privileged", change_privileged, 1 },
	{ "rootfs", change_rootfs, 2 },
	{ "host-root", change_host_root, 1 },
	{ "image", change_image, 2 },
	{ "pinned", change_pinned, 1 },
	{ "kept", change_kept, 1 },
	{ "annotation", change_annotation, 2 },
	{ "sysctl", change_sysctl, 2 },
	{ "pids", change_pids, 2 },
	{ "rlimit", change_rlimit, 3 },
	{ "cgroup", change_cgroup, 2 },
	{ "storage", change_storage, 2 },
	{ "nslimit", change_nslimit, 2 },
	{ "narrow", change_narrow, 2 },
	{ "record", change_record, 3 },
	{ "fs", change_fs, 4 },
	{ "readonly", change_readonly, 2 },
	{ "mask", change_mask, 2 },
	{ "label", change_label, 2 },
	{ "lsm", change_lsm, 1 },
	{ "no-landlock", change_no_landlock, 1 },
	{ "landlock-abi", change_landlock_abi, 2 },
	{ "idle-landlock", change_idle_landlock, 1 },
};

/* One change; its words are separated by ':'. */
static int apply(struct model_case *c, const char *change, struct err *e)
{
	AUTO(strv_free) char **w = strv_split(change, ':');

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		if (strcmp(w[0], changes[i].word) != 0)
			continue;
		if (strv_len(w) < changes[i].least)
			return err_set(e, ERR_INPUT, "%s: too few words",
				       change);
		return changes[i].apply(c, w, e);
	}
	return unknown("change", change, e);
}

int model_case_make(const char *text, struct model_case *ret, struct err *e)
{
	AUTO(strv_free) char **v = strv_split(text, ' ');

	*ret = (struct model_case){
		.plan = model_plan(),
		.host = model_host(),
		.groups = { 1000, 500 },
		.peer = { .uid = 1000, .gid = 1000, .n_groups = 1 },
	};
	ret->peer.groups = ret->groups;
	strv_foreach (change, v) {
		if (**change && apply(ret, *change, e) < 0) {
			model_case_done(ret);
			return -1;
		}
	}
	return 0;
}

void model_case_done(struct model_case *c)
{
	plan_free(c->plan);
	host_free(c->host);
	*c = (struct model_case){ 0 };
}
