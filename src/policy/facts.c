/*
 * facts.c - the facts of a plan, step by step.
 *
 * Steps that only build what every sandbox has (directories, links, our own
 * files) raise none. What is not there is told by facts_absent.c.
 */
#include <linux/mount.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/strv.h"
#include "base/table.h"
#include "policy/facts.h"

struct fact *facts_add(struct facts *f, enum rule_subject subject, int step,
		       const char *what, ...)
{
	struct fact *fact = GROW(f->v, f->n);
	va_list ap;

	f->n++;
	fact->subject = subject;
	fact->step = step;
	fact->peer = f->peer;
	va_start(ap, what);
	fact->what = xvasprintf(what, ap);
	va_end(ap);
	return fact;
}

const char *facts_own(struct fact *fact, char *s)
{
	strv_take(&fact->own, s);
	return s;
}

void facts_done(struct facts *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].what);
		strv_free(f->v[i].own);
	}
	free(f->v);
	f->v = NULL;
	f->n = 0;
}

const struct step *facts_find(const struct facts *f, enum op op)
{
	for (size_t i = 0; i < f->plan->n; i++)
		if (f->plan->steps[i].op == op &&
		    f->plan->steps[i].need != NEED_OFF)
			return &f->plan->steps[i];
	return NULL;
}

/* ---- the plan as a whole ---- */

/* The host in a full name: what stands before its first slash. */
static char *registry_of(const char *name)
{
	const char *slash = name ? strchr(name, '/') : NULL;

	return slash ? xstrndup(name, (size_t)(slash - name)) : NULL;
}

static void facts_of_image(struct facts *f)
{
	const struct plan *p = f->plan;
	char *registry = registry_of(p->image_name);
	struct fact *fact;

	fact = facts_add(f, SUBJECT_IMAGE, -1, "image %s%s%s",
			 p->image_name ? p->image_name : "",
			 p->image_name && p->image_digest ? "@" : "",
			 p->image_digest ? p->image_digest : "");
	fact->value[KEY_NAME] = p->image_name;
	fact->value[KEY_DIGEST] = p->image_digest;
	fact->value[KEY_PINNED] = p->image_pinned ? "" : NULL;
	if (registry)
		fact->value[KEY_REGISTRY] = facts_own(fact, registry);
}

static void facts_of_annotations(struct facts *f)
{
	strv_foreach (text, f->plan->annotations) {
		const char *eq = strchr(*text, '=');
		size_t len = eq ? (size_t)(eq - *text) : strlen(*text);
		struct fact *fact = facts_add(f, SUBJECT_ANNOTATION, -1,
					      "annotation %s", *text);

		fact->value[KEY_ANNOTATION] =
			facts_own(fact, xstrndup(*text, len));
		fact->value[KEY_VALUE] = eq ? eq + 1 : "";
	}
}

static void facts_of_plan(struct facts *f)
{
	if (f->plan->privileged)
		facts_add(f, SUBJECT_PRIVILEGED, -1, "privileged mode");
	if (f->plan->image_name || f->plan->image_digest)
		facts_of_image(f);
	facts_of_annotations(f);
}

/* ---- one function an operation ---- */

/* Layers of an image are the store's. */
static void of_root(struct facts *f, const char *path,
		    const struct object_id *id, int i)
{
	if (!f->plan->image_name && !f->plan->image_digest)
		facts_of_rootfs(f, path, id, i);
}

/* An empty root is filled with programs of the host: facts_bind.c. */
static void of_tmproot(struct facts *f, const struct step *s, int i)
{
	(void)s;
	facts_add(f, SUBJECT_HOST_ROOT, i, "root of the host's own programs");
}

static void of_overlay(struct facts *f, const struct step *s, int i)
{
	for (size_t n = 0; n < s->overlay.n_lower; n++)
		of_root(f, s->overlay.lower[n].path, &s->overlay.lower[n].id,
			i);
}

static void of_rootdir(struct facts *f, const struct step *s, int i)
{
	of_root(f, s->rootdir.path, &s->rootdir.id, i);
}

void facts_flags(struct fact *fact, uint64_t attr)
{
	fact->value[KEY_SUID] = attr & MOUNT_ATTR_NOSUID ? NULL : "";
	fact->value[KEY_DEV] = attr & MOUNT_ATTR_NODEV ? NULL : "";
	fact->value[KEY_EXEC] = attr & MOUNT_ATTR_NOEXEC ? NULL : "";
}

/* Is the target made read-only by a step of its own? */
static bool is_made_readonly(const struct plan *p, const char *target)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].op == OP_READONLY &&
		    p->steps[i].need != NEED_OFF &&
		    strcmp(p->steps[i].path.path, target) == 0)
			return true;
	return false;
}

static void of_mount(struct facts *f, const struct step *s, int i)
{
	bool ro = s->mount.attr & MOUNT_ATTR_RDONLY ||
		  is_made_readonly(f->plan, s->mount.target);
	struct fact *fact;

	fact = facts_add(f, SUBJECT_FILESYSTEM, i, "%sfilesystem %s on %s",
			 ro ? "" : "writable ", s->mount.type, s->mount.target);
	fact->value[KEY_TYPE] = s->mount.type;
	fact->value[KEY_TO] = s->mount.target;
	fact->value[ro ? KEY_RO : KEY_RW] = "";
	facts_flags(fact, s->mount.attr);
}

/* Nodes that give nothing away; both the name and the number must fit, and
 * the name is one that only the host's root can make. */
static const struct {
	const char *path;
	unsigned major, minor;
} standard_devices[] = {
	{ "/dev/null", 1, 3 },	  { "/dev/zero", 1, 5 },
	{ "/dev/full", 1, 7 },	  { "/dev/random", 1, 8 },
	{ "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static bool is_standard_device(const struct step *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(standard_devices); i++)
		if (strcmp(s->device.source, standard_devices[i].path) == 0)
			return s->device.rdev ==
			       makedev(standard_devices[i].major,
				       standard_devices[i].minor);
	return false;
}

static void of_device(struct facts *f, const struct step *s, int i)
{
	bool standard = is_standard_device(s);
	char *number = xasprintf("%u:%u", major(s->device.rdev),
				 minor(s->device.rdev));
	struct fact *fact;

	fact = facts_add(f, SUBJECT_DEVICE, i, "%sdevice %s%s%s%s -> %s",
			 s->device.writable ? "writable " : "",
			 s->device.source, standard ? "" : " (",
			 standard ? "" : number, standard ? "" : ")",
			 s->device.target);
	fact->value[KEY_NUMBER] = facts_own(fact, number);
	fact->id = &s->device.id;
	fact->value[KEY_PATH] = s->device.source;
	fact->value[KEY_TO] = s->device.target;
	fact->value[s->device.writable ? KEY_RW : KEY_RO] = "";
	fact->value[KEY_STANDARD] = standard ? "" : NULL;
}

static void of_mknod(struct facts *f, const struct step *s, int i)
{
	struct fact *fact = facts_add(
		f, SUBJECT_DEVICE, i, "writable device node %s (%u:%u)",
		s->mknod.path, major(s->mknod.rdev), minor(s->mknod.rdev));

	fact->value[KEY_PATH] = fact->value[KEY_TO] = s->mknod.path;
	fact->value[KEY_RW] = "";
	for (size_t n = 0; n < ARRAY_SIZE(standard_devices); n++)
		if (strcmp(s->mknod.path, standard_devices[n].path) == 0 &&
		    s->mknod.rdev == makedev(standard_devices[n].major,
					     standard_devices[n].minor))
			fact->value[KEY_STANDARD] = "";
}

static void of_roottree(struct facts *f, const struct step *s, int i)
{
	facts_of_rootfs(f, s->roottree.path, &s->roottree.id, i);
}

static void of_sysctl(struct facts *f, const struct step *s, int i)
{
	struct fact *fact = facts_add(f, SUBJECT_SYSCTL, i, "sysctl %s = %s",
				      s->sysctl.name, s->sysctl.value);

	fact->value[KEY_SYSCTL] = s->sysctl.name;
	fact->value[KEY_VALUE] = s->sysctl.value;
}

/* Has a step before this one kept the capability already? */
static bool is_told(const struct facts *f, uint64_t cap)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].subject == SUBJECT_CAPABILITY &&
		    f->v[i].number == cap)
			return true;
	return false;
}

static void add_caps(struct facts *f, uint64_t set, int i)
{
	const char *name;
	struct fact *fact;

	for (uint64_t cap = 0; cap < 64; cap++) {
		if (!(set & 1ull << cap) || is_told(f, cap))
			continue;
		name = word_name(cap_words, cap);
		fact = facts_add(f, SUBJECT_CAPABILITY, i, "capability %s",
				 name ? name + strlen("CAP_") : "unknown");
		fact->number = cap;
		fact->value[KEY_CAP] = name ? name + strlen("CAP_") : NULL;
	}
}

static void of_caps(struct facts *f, const struct step *s, int i)
{
	add_caps(f, s->caps.set, i);
}

static void of_capsets(struct facts *f, const struct step *s, int i)
{
	add_caps(f,
		 s->capsets.permitted | s->capsets.effective |
			 s->capsets.inheritable | s->capsets.ambient,
		 i);
}

/* It runs as the caller, outside of all walls; the engine names it. */
static void of_hook(struct facts *f, const struct step *s, int i)
{
	struct fact *fact = facts_add(f, SUBJECT_HOOK, i, "the host's %s runs",
				      s->hook.path);

	fact->value[KEY_PROGRAM] = s->hook.path;
}

static void of_ids(struct facts *f, const struct step *s, int i)
{
	struct fact *fact;

	if (s->ids.uid != 0)
		return;
	fact = facts_add(f, SUBJECT_USER, i, "user root in the sandbox");
	fact->value[KEY_WHO] = "root";
}

/* Is a filter of this name (its first `len` bytes) installed before step i? */
static bool is_installed(const struct plan *p, const char *name, size_t len,
			 int i)
{
	for (int n = 0; n < i; n++) {
		const struct step *s = &p->steps[n];

		if (s->op == OP_SECCOMP && s->need != NEED_OFF &&
		    s->seccomp.filter.name &&
		    strlen(s->seccomp.filter.name) == len &&
		    memcmp(s->seccomp.filter.name, name, len) == 0)
			return true;
	}
	return false;
}

/* Names of built-in profiles are letters and dashes; the second filter of one
 * has "/deny" behind. All else is a file: its name proves nothing. */
static bool is_builtin(const struct plan *p, const char *name, int i,
		       size_t *len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";

	*len = strspn(name, letters);
	if (*len == 0)
		return false;
	return !name[*len] || (strcmp(name + *len, "/deny") == 0 &&
			       is_installed(p, name, *len, i));
}

/* On top of a built-in profile (both of whose filters come first) another
 * filter can only narrow: the kernel takes the strictest answer. */
static bool is_narrowing(const struct plan *p, int i)
{
	size_t len;

	for (int n = 0; n < i; n++) {
		const struct step *s = &p->steps[n];
		const char *name = s->seccomp.filter.name;

		if (s->op == OP_SECCOMP && s->need != NEED_OFF && name &&
		    is_builtin(p, name, n, &len) && name[len])
			return true;
	}
	return false;
}

static void of_seccomp(struct facts *f, const struct step *s, int i)
{
	const struct blob *b = &s->seccomp.filter;
	const char *name = b->name ? b->name : "";
	size_t len;
	bool builtin = is_builtin(f->plan, name, i, &len);
	struct fact *fact;

	if (!builtin && is_narrowing(f->plan, i)) {
		fact = facts_add(f, SUBJECT_PROFILE, i,
				 "seccomp filter of a file, on top: %s", name);
		fact->value[KEY_SECCOMP] = "narrowing";
		fact->value[KEY_DIGEST] = b->digest[0] ? b->digest : NULL;
		return;
	}
	fact = facts_add(f, SUBJECT_PROFILE, i, "seccomp filter %s%s%s%s",
			 builtin ? "" : "of a file: ", name,
			 b->digest[0] && !builtin ? " " : "",
			 builtin ? "" : b->digest);
	fact->value[KEY_SECCOMP] =
		builtin ? facts_own(fact, xstrndup(name, len)) : "file";
	fact->value[KEY_DIGEST] = b->digest[0] ? b->digest : NULL;
}

/* Denied calls that pass are no filter at all, whatever its profile. */
static void of_record(struct facts *f, const struct step *s, int i)
{
	const char *name = s->record.judge.name ? s->record.judge.name : "";
	bool allow = s->record.mode != RECORD_DENY;
	size_t len;
	bool builtin = is_builtin(f->plan, name, i, &len);
	struct fact *fact;

	fact = facts_add(f, SUBJECT_RECORD, i,
			 "system calls are recorded, denied ones %s",
			 allow ? "pass" : "fail");
	fact->value[KEY_ANSWER] = allow ? "allow" : "deny";
	fact = facts_add(f, SUBJECT_PROFILE, i, "seccomp profile %s%s",
			 builtin ? "" : "of a file: ", name);
	fact->value[KEY_SECCOMP] =
		builtin ? facts_own(fact, xstrndup(name, len)) : "file";
	fact->value[KEY_DIGEST] =
		s->record.judge.digest[0] ? s->record.judge.digest : NULL;
}

static void of_label(struct facts *f, const struct step *s, int i)
{
	struct fact *fact;

	if (strcmp(s->label.label, "unconfined") == 0) {
		fact = facts_add(f, SUBJECT_UNCONFINED, i, "no %s confinement",
				 s->label.lsm);
		fact->value[KEY_CONTROL] = "label";
		return;
	}
	fact = facts_add(f, SUBJECT_LABEL, i, "%s label %s", s->label.lsm,
			 s->label.label);
	fact->value[KEY_LSM] = s->label.lsm;
	fact->value[KEY_AS] = s->label.label;
}

static void (*const by_op[OP_COUNT])(struct facts *, const struct step *,
				     int) = {
	[OP_OVERLAY] = of_overlay,  [OP_ROOTDIR] = of_rootdir,
	[OP_TMPROOT] = of_tmproot,  [OP_MOUNT] = of_mount,
	[OP_BIND] = facts_of_bind,  [OP_DEVICE] = of_device,
	[OP_SYSCTL] = of_sysctl,    [OP_BOUNDING] = of_caps,
	[OP_CAPS] = of_caps,	    [OP_IDS] = of_ids,
	[OP_SECCOMP] = of_seccomp,  [OP_LABEL] = of_label,
	[OP_TREE] = facts_of_tree,  [OP_COPYUP] = of_mount,
	[OP_MKNOD] = of_mknod,	    [OP_ROOTTREE] = of_roottree,
	[OP_RECORD] = of_record,    [OP_RELABEL] = facts_of_relabel,
	[OP_CAPSETS] = of_capsets,  [OP_HOOK] = of_hook,
	[OP_HOOK_INSIDE] = of_hook, [OP_HOOK_START] = of_hook,
	[OP_HOOK_LATER] = of_hook,
};

/* By step, the plan as a whole first; in the order of raising otherwise. */
static void sort_facts(struct facts *f)
{
	for (size_t i = 1; i < f->n; i++) {
		struct fact one = f->v[i];
		size_t at = i;

		for (; at && f->v[at - 1].step > one.step; at--)
			f->v[at] = f->v[at - 1];
		f->v[at] = one;
	}
}

void facts_init_for(struct facts *f, const struct plan *p, const struct host *h,
		    const struct peer *peer)
{
	*f = (struct facts){ .plan = p, .host = h, .peer = peer };
	facts_of_plan(f);
	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->steps[i];

		if (s->need != NEED_OFF && by_op[s->op])
			by_op[s->op](f, s, (int)i);
	}
	facts_of_absence(f);
	facts_of_limits(f);
	facts_of_requirements(f);
	sort_facts(f);
}

void facts_init(struct facts *f, const struct plan *p, const struct host *h)
{
	facts_init_for(f, p, h, NULL);
}
