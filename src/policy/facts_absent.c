/*
 * facts_absent.c - facts about what a plan does not do: walls that are left
 * out. A wall is there when its step is; nothing else counts, not even that
 * nobody asked for its absence.
 */
#include <linux/mount.h>
#include <linux/sched.h>
#include <string.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/table.h"
#include "policy/facts.h"

/* A control is off, or this host does not offer it. */
static void add_control(struct facts *f, enum rule_subject subject,
			const char *control, const char *what)
{
	struct fact *fact = facts_add(f, subject, -1, "%s", what);

	fact->value[KEY_CONTROL] = control;
}

static const struct {
	enum op op;
	const char *control, *what;
} controls[] = {
	{ OP_NNP, "no_new_privs", "no_new_privs is off" },
	{ OP_SECCOMP, "seccomp", "no seccomp filter" },
	{ OP_CAPS, "capabilities", "capability sets are not set" },
	{ OP_BOUNDING, "capabilities", "the bounding set is not dropped" },
};

static void absent_controls(struct facts *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(controls); i++)
		if (!facts_find(f, controls[i].op) &&
		    !(controls[i].op == OP_SECCOMP &&
		      facts_find(f, OP_RECORD)) &&
		    (controls[i].op != OP_CAPS || !facts_find(f, OP_CAPSETS)))
			add_control(f, SUBJECT_UNCONFINED, controls[i].control,
				    controls[i].what);
}

/* A ruleset that handles nothing restricts nothing. */
static void absent_landlock(struct facts *f)
{
	const struct step *s = facts_find(f, OP_LANDLOCK);
	bool acts = s && s->landlock.abi > 0 && s->landlock.fs;

	if (acts)
		return;
	if (f->host->landlock_abi > 0 || f->plan->no_landlock)
		add_control(f, SUBJECT_UNCONFINED, "landlock",
			    "Landlock is off");
	else
		add_control(f, SUBJECT_MISSING, "landlock",
			    "this host has no Landlock");
}

/* Without an active module there is nothing to say. */
static void absent_label(struct facts *f)
{
	if ((f->host->apparmor || f->host->selinux) && !facts_find(f, OP_LABEL))
		add_control(f, SUBJECT_MISSING, "label",
			    "no AppArmor or SELinux label");
}

static const struct {
	const char *word;
	uint64_t flag;
} namespaces[] = {
	{ "user", CLONE_NEWUSER },     { "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },       { "network", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },       { "uts", CLONE_NEWUTS },
	{ "cgroup", CLONE_NEWCGROUP },
};

static void add_namespace(struct facts *f, const char *word, const char *what)
{
	struct fact *fact = facts_add(f, SUBJECT_NAMESPACE, -1,
				      "the host's %s %s", word, what);

	fact->value[KEY_HOST] = word;
}

/* Joined is not the host's: who fills in a plan leaves those out. */
static const struct step *find_join(const struct facts *f, uint64_t ns)
{
	for (size_t i = 0; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];

		if (s->op == OP_JOIN && s->need != NEED_OFF && s->join.ns == ns)
			return s;
	}
	return NULL;
}

static void foreign_namespace(struct facts *f, const char *word, uint64_t ns)
{
	const struct step *s = find_join(f, ns);
	struct fact *fact;

	if (!s) {
		add_namespace(f, word, "namespace");
		return;
	}
	fact = facts_add(f, SUBJECT_NAMESPACE, -1,
			 "the %s namespace that is there: %s", word,
			 s->join.path);
	fact->value[KEY_JOINED] = word;
}

/* Abstract sockets belong to a network namespace; Landlock's scope keeps a
 * sandbox from those of others all the same. */
static bool are_sockets_scoped(const struct facts *f)
{
	const struct step *s = facts_find(f, OP_LANDLOCK);

	return s && s->landlock.abi > 0 && s->landlock.scope & 1;
}

static void shared_namespaces(struct facts *f)
{
	const struct step *s = facts_find(f, OP_CLONE);
	uint64_t flags = s ? s->clone.flags : 0;

	if (facts_find(f, OP_USERNS))
		flags |= CLONE_NEWUSER;
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (!(flags & namespaces[i].flag))
			foreign_namespace(f, namespaces[i].word,
					  namespaces[i].flag);
	/* without it in the kernel there is nothing to be shared */
	/* one whose clocks are moved is made later */
	if (f->host->has_timens && !(flags & CLONE_NEWTIME) &&
	    !facts_find(f, OP_TIMENS))
		foreign_namespace(f, "time", CLONE_NEWTIME);
	if (!facts_find(f, OP_KEYRING))
		add_namespace(f, "keyring", "of the session");
	if (!(flags & CLONE_NEWNET) && !find_join(f, CLONE_NEWNET) &&
	    !are_sockets_scoped(f))
		facts_add(f, SUBJECT_ABSTRACT, -1,
			  "abstract sockets of the host can be reached");
}

/* ---- ids ---- */

static bool has_outer(const struct idmap_list *l, uint32_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (id >= l->v[i].outer && id - l->v[i].outer < l->v[i].count)
			return true;
	return false;
}

/* In the inner namespace the caller is id `user_outer` of the id space; with
 * one namespace alone its map speaks of host ids. */
static bool is_user_mapped(const struct facts *f)
{
	const struct step *inner = facts_find(f, OP_USERNS);
	const struct step *outer = facts_find(f, OP_IDMAP);

	if (inner)
		return has_outer(&inner->userns.uids, f->plan->user_outer) ||
		       has_outer(&inner->userns.gids, f->plan->user_outer);
	if (outer)
		return has_outer(&outer->idmap.uids, f->host->uid) ||
		       has_outer(&outer->idmap.gids, f->host->gid);
	return true;
}

/* The limit holds for the namespace that the sandbox's own is made in, and
 * that one counts. */
static void nested_userns(struct facts *f)
{
	const struct step *s = facts_find(f, OP_NSLIMIT);
	uint64_t own = facts_find(f, OP_USERNS) ? 1 : 0;

	if (!s || s->nslimit.value > own)
		facts_add(f, SUBJECT_NESTED_USERNS, -1,
			  "user namespaces can be made in the sandbox");
}

/* ---- masks ---- */

/* What a default mask below /proc or /sys is called where the filesystem is
 * mounted; heap, NULL when it is not one of that filesystem. */
static char *mask_path(const struct step *mount, const char *path)
{
	static const struct {
		const char *type, *top;
	} roots[] = { { "proc", "/proc" }, { "sysfs", "/sys" } };

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
		if (strcmp(mount->mount.type, roots[i].type) == 0 &&
		    path_is_below(path, roots[i].top))
			return path_join(mount->mount.target,
					 path + strlen(roots[i].top) + 1);
	return NULL;
}

/* A step after the mount hides the path, or makes it read-only. */
static bool is_covered(const struct facts *f, size_t mount, const char *path,
		       bool readonly)
{
	for (size_t i = mount + 1; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];

		if (s->need == NEED_OFF ||
		    (s->op != OP_MASK && !(readonly && s->op == OP_READONLY)))
			continue;
		if (path_is_below(path, s->path.path))
			return true;
	}
	return false;
}

static void removed_masks(struct facts *f, size_t mount,
			  const char *const *paths, bool readonly)
{
	const struct step *s = &f->plan->steps[mount];
	struct fact *fact;

	if (readonly && s->mount.attr & MOUNT_ATTR_RDONLY)
		return;
	for (; *paths; paths++) {
		auto_free char *path = mask_path(s, *paths);

		if (!path || is_covered(f, mount, path, readonly))
			continue;
		fact = facts_add(f, SUBJECT_MASK_REMOVAL, (int)mount,
				 "%s is not %s", path,
				 readonly ? "read-only" : "masked");
		fact->value[KEY_MASKED] = facts_own(fact, TAKE(path));
	}
}

void facts_of_absence(struct facts *f)
{
	absent_controls(f);
	absent_landlock(f);
	absent_label(f);
	shared_namespaces(f);
	nested_userns(f);
	if (is_user_mapped(f))
		facts_add(f, SUBJECT_USER_MAPPED, -1,
			  "the caller's own id is mapped into the sandbox");
	for (size_t i = 0; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];

		if (s->op != OP_MOUNT || s->need == NEED_OFF)
			continue;
		removed_masks(f, i, default_masked, false);
		removed_masks(f, i, default_readonly, true);
	}
}
