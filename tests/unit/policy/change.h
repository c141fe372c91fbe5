/*
 * change.h - changes to the ordinary plan, as words: "bind:ro:/srv/data",
 * "caps:NET_ADMIN,CHOWN", "without:seccomp", … Each word is a row below.
 */
#ifndef TESTS_POLICY_CHANGE_H
#define TESTS_POLICY_CHANGE_H

#include "fixture.h"

struct case_of {
	struct plan *plan;
	struct host *host;
};

/* The step after which additions stand: before the identity phase. */
static struct step *insert_step(struct plan *p, enum op op)
{
	struct step made = { .op = op };
	size_t at = 0;

	while (at < p->n && p->steps[at].op != OP_NSLIMIT &&
	       p->steps[at].op != OP_USERNS && p->steps[at].op != OP_EXEC)
		at++;
	add_step(p, op);
	memmove(&p->steps[at + 1], &p->steps[at],
		(p->n - 1 - at) * sizeof(made));
	p->steps[at] = made;
	return &p->steps[at];
}

static void remove_steps(struct plan *p, enum op op, const char *path)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->steps[i].op == op &&
		    (!path || !strcmp(p->steps[i].path.path, path)))
			step_done(&p->steps[i]);
		else
			p->steps[kept++] = p->steps[i];
	}
	if (kept == p->n)
		fail_msg("nothing to remove: %s", path ? path : "step");
	p->n = kept;
}

static struct step *get_step(struct plan *p, enum op op)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].op == op)
			return &p->steps[i];
	fail_msg("no such step");
	return NULL;
}

/* bind:MODE:SOURCE[:OPTION…], options: suid dev norec, or the target. */
static void change_bind(struct case_of *c, char **w)
{
	struct step *s = insert_step(c->plan, OP_BIND);
	const struct file *f = find_file(w[2]);

	if (!f)
		fail_msg("no such file: %s", w[2]);
	s->bind.source = xstrdup(w[2]);
	s->bind.resolved = xstrdup(f->real ? f->real : f->path);
	s->bind.id = id_of(f);
	s->bind.parents = parents_of(f, &s->bind.n_parents);
	s->bind.mode = f->mode | 0644;
	s->bind.uid = f->uid;
	s->bind.attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	s->bind.recursive = true;
	if (!strcmp(w[1], "ro"))
		s->bind.attr |= MOUNT_ATTR_RDONLY;
	for (w += 3; *w; w++) {
		if (!strcmp(*w, "suid"))
			s->bind.attr &= ~(uint64_t)MOUNT_ATTR_NOSUID;
		else if (!strcmp(*w, "dev"))
			s->bind.attr &= ~(uint64_t)MOUNT_ATTR_NODEV;
		else if (!strcmp(*w, "norec"))
			s->bind.recursive = false;
		else
			s->bind.target = xstrdup(*w);
	}
	if (!s->bind.target)
		s->bind.target = xstrdup("/x");
}

/* device:MODE:SOURCE[:MINOR]; with MINOR the number is 1:MINOR. */
static void change_device(struct case_of *c, char **w)
{
	uint64_t rdev =
		w[3] ? makedev(1, (unsigned)atoi(w[3])) : makedev(10, 232);

	/* behind the rest: devices stand in no order to other facts */
	add_device(c->plan, w[2], rdev, !strcmp(w[1], "rw"));
}

static void change_caps(struct case_of *c, char **w)
{
	AUTO(strv_free) char **names = strv_split(w[1], ',');
	enum op op = strcmp(w[0], "bounding") ? OP_CAPS : OP_BOUNDING;
	struct err e = ERR_INIT;
	unsigned cap;

	strv_foreach (name, names) {
		assert_ok(cap_parse(*name, "cap", &cap, &e), &e);
		get_step(c->plan, op)->caps.set |= 1ull << cap;
	}
}

static const struct word step_words[] = {
	{ "clone", OP_CLONE },	   { "keyring", OP_KEYRING },
	{ "nslimit", OP_NSLIMIT }, { "userns", OP_USERNS },
	{ "rlimit", OP_RLIMIT },   { "nnp", OP_NNP },
	{ "seccomp", OP_SECCOMP }, { "landlock", OP_LANDLOCK },
	{ "caps", OP_CAPS },	   { "bounding", OP_BOUNDING },
	{ "mask", OP_MASK },	   { "readonly", OP_READONLY },
	{ "idmap", OP_IDMAP },	   { NULL, 0 },
};

static void change_without(struct case_of *c, char **w)
{
	uint64_t op;

	if (!word_find(step_words, w[1], &op))
		fail_msg("unknown step: %s", w[1]);
	remove_steps(c->plan, (enum op)op, w[2]);
}

/* A step that is there, but turned off. */
static void change_off(struct case_of *c, char **w)
{
	uint64_t op;

	if (!word_find(step_words, w[1], &op))
		fail_msg("unknown step: %s", w[1]);
	for (size_t i = 0; i < c->plan->n; i++)
		if (c->plan->steps[i].op == (enum op)op)
			c->plan->steps[i].need = NEED_OFF;
}

static void change_share(struct case_of *c, char **w)
{
	static const struct word words[] = {
		{ "mount", CLONE_NEWNS },      { "pid", CLONE_NEWPID },
		{ "network", CLONE_NEWNET },   { "ipc", CLONE_NEWIPC },
		{ "uts", CLONE_NEWUTS },       { "user", CLONE_NEWUSER },
		{ "cgroup", CLONE_NEWCGROUP }, { NULL, 0 },
	};
	uint64_t flag;

	if (!word_find(words, w[1], &flag))
		fail_msg("unknown namespace: %s", w[1]);
	get_step(c->plan, OP_CLONE)->clone.flags &= ~flag;
}

/* A built-in profile has two filters; that of a file here has one. */
static void change_seccomp(struct case_of *c, char **w)
{
	remove_steps(c->plan, OP_SECCOMP, NULL);
	add_filter(c->plan, w[1], 7);
	if (!strchr(w[1], '/')) {
		auto_free char *second = xasprintf("%s/deny", w[1]);

		add_filter(c->plan, second, 8);
	}
}

static void change_map_user(struct case_of *c, char **w)
{
	struct step *s = get_step(c->plan, OP_USERNS);

	add_map(w[1] && !strcmp(w[1], "gid") ? &s->userns.gids
					     : &s->userns.uids,
		70000, 0, 1);
}

/* One namespace, one id: the caller's, or with an argument another. */
static void change_single(struct case_of *c, char **w)
{
	struct step *s = get_step(c->plan, OP_IDMAP);
	uint32_t outer = w[1] ? (uint32_t)atoi(w[1]) : 1000;

	remove_steps(c->plan, OP_USERNS, NULL);
	s = get_step(c->plan, OP_IDMAP);
	s->idmap.uids.n = s->idmap.gids.n = 0;
	add_map(&s->idmap.uids, 0, outer, 1);
	add_map(&s->idmap.gids, 0, outer, 1);
	get_step(c->plan, OP_NSLIMIT)->nslimit.value = 0;
}

static void change_user(struct case_of *c, char **w)
{
	get_step(c->plan, OP_IDS)->ids.uid = (uint32_t)atoi(w[1]);
}

static void change_privileged(struct case_of *c, char **w)
{
	(void)w;
	c->plan->privileged = true;
}

static void no_image(struct plan *p)
{
	free_strings(p->subject, p->image_name, p->image_digest);
	p->subject = p->image_name = p->image_digest = NULL;
}

static void change_rootfs(struct case_of *c, char **w)
{
	struct step *s = get_step(c->plan, OP_OVERLAY);

	no_image(c->plan);
	c->plan->subject = xasprintf("rootfs %s", w[1]);
	free(s->overlay.lower[0].path);
	s->overlay.lower[0].path = xstrdup(w[1]);
	s->overlay.lower[0].id = id_of(find_file(w[1]));
}

/* --host: an empty root, and programs bound where they are. */
static void change_host_root(struct case_of *c, char **w)
{
	static const char *const places[] = { "bind:ro:/usr:/usr",
					      "bind:ro:/etc:/etc" };

	(void)w;
	no_image(c->plan);
	c->plan->subject = xstrdup("the host's own programs");
	remove_steps(c->plan, OP_OVERLAY, NULL);
	insert_step(c->plan, OP_TMPROOT);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		AUTO(strv_free) char **v = strv_split(places[i], ':');

		change_bind(c, v);
	}
}

static void change_image(struct case_of *c, char **w)
{
	free(c->plan->image_name);
	c->plan->image_name = strv_join(w + 1, ":");
}

static void change_sysctl(struct case_of *c, char **w)
{
	struct step *s = insert_step(c->plan, OP_SYSCTL);

	s->sysctl.name = xstrdup(w[1]);
	s->sysctl.value = xstrdup("1");
}

static void change_pids(struct case_of *c, char **w)
{
	get_step(c->plan, OP_RLIMIT)->rlimit.hard =
		strcmp(w[1], "none") ? (uint64_t)atoi(w[1]) : UINT64_MAX;
}

static void change_nslimit(struct case_of *c, char **w)
{
	get_step(c->plan, OP_NSLIMIT)->nslimit.value = (uint64_t)atoi(w[1]);
}

/* fs:TYPE:MODE:TARGET */
static void change_fs(struct case_of *c, char **w)
{
	struct step *s = insert_step(c->plan, OP_MOUNT);

	s->mount.type = xstrdup(w[1]);
	s->mount.attr = strcmp(w[2], "ro") ? 0 : MOUNT_ATTR_RDONLY;
	s->mount.target = xstrdup(w[3]);
}

static void change_readonly(struct case_of *c, char **w)
{
	insert_step(c->plan, OP_READONLY)->path.path = xstrdup(w[1]);
}

static void change_mask(struct case_of *c, char **w)
{
	insert_step(c->plan, OP_MASK)->path.path = xstrdup(w[1]);
}

static void change_label(struct case_of *c, char **w)
{
	struct step *s = insert_step(c->plan, OP_LABEL);

	c->host->apparmor = true;
	s->label.lsm = xstrdup("AppArmor");
	s->label.label = xstrdup(w[1]);
}

static void change_lsm(struct case_of *c, char **w)
{
	(void)w;
	c->host->apparmor = true;
}

static void change_no_landlock(struct case_of *c, char **w)
{
	(void)w;
	c->host->landlock_abi = 0;
	get_step(c->plan, OP_LANDLOCK)->landlock.abi = 0;
}

static void change_idle_landlock(struct case_of *c, char **w)
{
	(void)w;
	get_step(c->plan, OP_LANDLOCK)->landlock.fs = 0;
}

static void change_nothing(struct case_of *c, char **w)
{
	(void)c, (void)w;
}

static const struct {
	const char *word;
	void (*apply)(struct case_of *, char **);
	size_t least; /* words, the first counted */
} changes[] = {
	{ "ordinary", change_nothing, 1 },
	{ "bind", change_bind, 3 },
	{ "device", change_device, 3 },
	{ "caps", change_caps, 2 },
	{ "bounding", change_caps, 2 },
	{ "without", change_without, 2 },
	{ "off", change_off, 2 },
	{ "share", change_share, 2 },
	{ "seccomp", change_seccomp, 2 },
	{ "map-user", change_map_user, 1 },
	{ "single-id", change_single, 1 },
	{ "user", change_user, 2 },
	{ "privileged", change_privileged, 1 },
	{ "rootfs", change_rootfs, 2 },
	{ "host-root", change_host_root, 1 },
	{ "image", change_image, 2 },
	{ "sysctl", change_sysctl, 2 },
	{ "pids", change_pids, 2 },
	{ "nslimit", change_nslimit, 2 },
	{ "fs", change_fs, 4 },
	{ "readonly", change_readonly, 2 },
	{ "mask", change_mask, 2 },
	{ "label", change_label, 2 },
	{ "lsm", change_lsm, 1 },
	{ "no-landlock", change_no_landlock, 1 },
	{ "idle-landlock", change_idle_landlock, 1 },
};

/* One change; its words are separated by ':'. */
FIXTURE void apply(struct case_of *c, const char *change)
{
	AUTO(strv_free) char **w = strv_split(change, ':');

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		if (strcmp(w[0], changes[i].word))
			continue;
		if (strv_len(w) < changes[i].least)
			fail_msg("%s: too few words", change);
		changes[i].apply(c, w);
		return;
	}
	fail_msg("unknown change: %s", change);
}

/* The ordinary plan with changes, separated by blanks. */
FIXTURE void case_make(struct case_of *c, const char *text)
{
	AUTO(strv_free) char **v = strv_split(text, ' ');

	c->plan = new_plan();
	c->host = new_host();
	strv_foreach (change, v)
		if (**change)
			apply(c, *change);
}

FIXTURE void case_done(struct case_of *c)
{
	drop_plan(c->plan);
	host_free(c->host);
}
DEFINE_AUTO_DONE(struct case_of, case_done);

static const uint8_t some_hash[PLAN_HASH_LEN] = { 0xab, 0xcd, 0xef };

/* The verdict of `set` on the ordinary plan with these changes. */
FIXTURE struct verdict *judge_case(const char *text,
				   const struct policy_set *set)
{
	AUTO(case_done) struct case_of c = { 0 };

	case_make(&c, text);
	return policy_judge(c.plan, some_hash, c.host, set);
}

#endif
