/*
 * audit_plan.c - the breaches that a plan shows: those that the judge asks
 * about are taken from its facts, by a table; the rest is looked for here.
 *
 * What the filters of the plan admit is not asked here: that takes running
 * them (engine/doors.c).
 */
#include "policy/audit.h"

#include <linux/sched.h>
#include <string.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "base/cgroup_ask.h"
#include "base/defaults.h"
#include "base/strv.h"
#include "base/table.h"
#include "policy/facts.h"

#define HAS ((const char *)-1) /* any value will do */

/* A fact with this subject, and this value (or none) of this key. */
static const struct {
	enum rule_subject subject;
	enum rule_key key;
	const char *value;
	enum audit_breach breach;
} from_facts[] = {
	{ SUBJECT_PRIVILEGED, KEY_NONE, NULL, BREACH_PRIVILEGED },
	{ SUBJECT_NAMESPACE, KEY_HOST, "mount", BREACH_MOUNT_NS },
	{ SUBJECT_NAMESPACE, KEY_HOST, "pid", BREACH_PID_NS },
	{ SUBJECT_NAMESPACE, KEY_HOST, "ipc", BREACH_IPC_NS },
	{ SUBJECT_NAMESPACE, KEY_HOST, "uts", BREACH_UTS_NS },
	{ SUBJECT_NAMESPACE, KEY_HOST, "cgroup", BREACH_CGROUP_NS },
	{ SUBJECT_NAMESPACE, KEY_HOST, "keyring", BREACH_KEYRING },
	{ SUBJECT_NAMESPACE, KEY_HOST, "user", BREACH_USER_NS },
	{ SUBJECT_NAMESPACE, KEY_HOST, "network", BREACH_HOST_NET },
	{ SUBJECT_NESTED_USERNS, KEY_NONE, NULL, BREACH_NESTED_USERNS },
	{ SUBJECT_USER_MAPPED, KEY_NONE, NULL, BREACH_OWN_ID },
	{ SUBJECT_USER, KEY_WHO, "root", BREACH_SANDBOX_ROOT },
	{ SUBJECT_UNCONFINED, KEY_CONTROL, "no_new_privs",
	  BREACH_NO_NEW_PRIVS },
	{ SUBJECT_UNCONFINED, KEY_CONTROL, "seccomp", BREACH_SECCOMP },
	{ SUBJECT_RECORD, KEY_ANSWER, "allow", BREACH_SECCOMP },
	{ SUBJECT_UNCONFINED, KEY_CONTROL, "landlock", BREACH_LANDLOCK },
	{ SUBJECT_UNCONFINED, KEY_CONTROL, "label", BREACH_LABEL },
	{ SUBJECT_UNCONFINED, KEY_CONTROL, "capabilities",
	  BREACH_CAP_SYS_ADMIN },
	{ SUBJECT_MISSING, KEY_CONTROL, "landlock", BREACH_LANDLOCK_MISSING },
	{ SUBJECT_MISSING, KEY_CONTROL, "label", BREACH_LABEL_MISSING },
	{ SUBJECT_BIND, KEY_SUID, HAS, BREACH_SET_USER_ID },
	{ SUBJECT_BIND, KEY_DEV, HAS, BREACH_DEVICE_NODES },
	{ SUBJECT_BIND, KEY_KIND, "char", BREACH_DEVICE },
	{ SUBJECT_BIND, KEY_KIND, "block", BREACH_DEVICE },
	{ SUBJECT_MASK_REMOVAL, KEY_NONE, NULL, BREACH_MASKS },
	{ SUBJECT_ROOTFS, KEY_PROTECTED, HAS, BREACH_ROOT_PROTECTED },
	{ SUBJECT_ROOTFS, KEY_NONE, NULL, BREACH_ROOT_UNPINNED },
	{ SUBJECT_SYSCTL, KEY_NONE, NULL, BREACH_SYSCTL },
};

static bool is_value(const struct fact *f, enum rule_key key, const char *value)
{
	if (key == KEY_NONE)
		return true;
	if (!f->value[key])
		return false;
	return value == HAS || strcmp(f->value[key], value) == 0;
}

/* ---- facts that take more than a row ---- */

/* Is it a thing that does what it is told? By the words of its description. */
static bool is_control(const struct protected_object *o)
{
	static const char *const words[] = { "socket", "bus", "agent" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (o->why && strstr(o->why, words[i]))
			return true;
	return false;
}

static bool reaches_control(const struct facts *f, const struct fact *bind)
{
	for (size_t i = 0; i < f->host->n_protected; i++)
		if (is_control(&f->host->protected_objects[i]) &&
		    facts_touch(bind, &f->host->protected_objects[i]))
			return true;
	return false;
}

/* What is protected is told as such, not by kind and owner. */
static void of_protected(const struct facts *f, const struct fact *fact,
			 struct audit *a)
{
	bool control = reaches_control(f, fact);

	if (control)
		audit_add(a, BREACH_CONTROL_SOCKET, fact->step, "%s",
			  fact->what);
	if (fact->value[KEY_RW])
		audit_add(a, BREACH_PROTECTED_WRITABLE, fact->step, "%s",
			  fact->what);
	else if (!control)
		audit_add(a, BREACH_PROTECTED_READABLE, fact->step, "%s",
			  fact->what);
}

static void of_bind(const struct facts *f, const struct fact *fact,
		    struct audit *a)
{
	const char *kind = fact->value[KEY_KIND];
	const char *owner = fact->value[KEY_OWNER];
	bool is_own = owner && strcmp(owner, "self") == 0;

	if (fact->value[KEY_PROTECTED])
		of_protected(f, fact, a);
	else if (kind && strcmp(kind, "socket") == 0)
		audit_add(a, BREACH_SOCKET, fact->step, "%s", fact->what);
	else if (fact->value[KEY_RW])
		audit_add(a,
			  is_own ? BREACH_OWN_WRITABLE
				 : BREACH_FOREIGN_WRITABLE,
			  fact->step, "%s", fact->what);
}

static void of_device(const struct facts *f, const struct fact *fact,
		      struct audit *a)
{
	(void)f;
	if (!fact->value[KEY_STANDARD])
		audit_add(a, BREACH_DEVICE, fact->step, "%s", fact->what);
}

static const struct {
	const char *type;
	bool is_kernel; /* writable, it acts on the host */
} usual_filesystems[] = {
	{ "tmpfs", false },  { "proc", false }, { "devpts", false },
	{ "mqueue", false }, { "sysfs", true }, { "cgroup", true },
	{ "cgroup2", true },
};

static void of_filesystem(const struct facts *f, const struct fact *fact,
			  struct audit *a)
{
	const char *type = fact->value[KEY_TYPE];

	(void)f;
	for (size_t i = 0; i < ARRAY_SIZE(usual_filesystems); i++) {
		if (strcmp(type, usual_filesystems[i].type) != 0)
			continue;
		if (usual_filesystems[i].is_kernel && fact->value[KEY_RW])
			audit_add(a, BREACH_KERNEL_WRITABLE, fact->step, "%s",
				  fact->what);
		return;
	}
	audit_add(a, BREACH_FILESYSTEM, fact->step, "%s", fact->what);
}

static void of_capability(const struct facts *f, const struct fact *fact,
			  struct audit *a)
{
	(void)f;
	audit_add(a, audit_of_cap(fact->number), fact->step, "%s", fact->what);
}

static void of_limit(const struct facts *f, const struct fact *fact,
		     struct audit *a)
{
	(void)f;
	if (fact->number == UINT64_MAX &&
	    strcmp(fact->value[KEY_RESOURCE], "pids") == 0)
		audit_add(a, BREACH_PROCESSES, fact->step, "%s", fact->what);
}

static void of_host_root(const struct facts *f, const struct fact *fact,
			 struct audit *a)
{
	(void)f;
	if (!audit_has(a, BREACH_ROOT_UNPINNED))
		audit_add(a, BREACH_ROOT_UNPINNED, fact->step, "%s",
			  fact->what);
}

static void (*const by_subject[SUBJECT_COUNT])(const struct facts *,
					       const struct fact *,
					       struct audit *) = {
	[SUBJECT_BIND] = of_bind,
	[SUBJECT_DEVICE] = of_device,
	[SUBJECT_FILESYSTEM] = of_filesystem,
	[SUBJECT_CAPABILITY] = of_capability,
	[SUBJECT_LIMIT] = of_limit,
	[SUBJECT_HOST_ROOT] = of_host_root,
};

static void of_fact(const struct facts *f, const struct fact *fact,
		    struct audit *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(from_facts); i++)
		if (from_facts[i].subject == fact->subject &&
		    is_value(fact, from_facts[i].key, from_facts[i].value))
			audit_add(a, from_facts[i].breach, fact->step, "%s",
				  fact->what);
	if (by_subject[fact->subject])
		by_subject[fact->subject](f, fact, a);
}

/* ---- what no rule of a policy asks about ---- */

static int index_of(const struct facts *f, const struct step *s)
{
	return (int)(s - f->plan->steps);
}

static void time_namespace(const struct facts *f, struct audit *a)
{
	const struct step *s = facts_find(f, OP_CLONE);

	if (s && !(s->clone.flags & CLONE_NEWTIME))
		audit_add(a, BREACH_TIME_NS, index_of(f, s),
			  "no time namespace of its own");
}

/* Is host id 0 the outer end of an inner row? Through both maps. */
static bool maps_root(const struct idmap_list *outer,
		      const struct idmap_list *inner)
{
	for (size_t i = 0; i < outer->n; i++) {
		const struct spec_idmap *o = &outer->v[i];

		for (size_t k = 0; o->outer == 0 && k < inner->n; k++)
			if (o->inside >= inner->v[k].outer &&
			    o->inside - inner->v[k].outer < inner->v[k].count)
				return true;
	}
	return false;
}

static void host_root_id(const struct facts *f, struct audit *a)
{
	const struct step *inner = facts_find(f, OP_USERNS);
	const struct step *outer = facts_find(f, OP_IDMAP);

	if (!inner || !outer)
		return;
	if (maps_root(&outer->idmap.uids, &inner->userns.uids) ||
	    maps_root(&outer->idmap.gids, &inner->userns.gids))
		audit_add(a, BREACH_HOST_ROOT_ID, index_of(f, inner),
			  "id 0 of the host is mapped");
}

static void own_groups(const struct facts *f, struct audit *a)
{
	const struct step *s = facts_find(f, OP_IDS);

	for (size_t i = 0; s && !s->ids.set_groups && i < f->host->n_groups;
	     i++)
		if (f->host->groups[i] != f->host->gid)
			audit_add(a, BREACH_OWN_GROUPS, index_of(f, s),
				  "group %u of the host",
				  (unsigned)f->host->groups[i]);
}

static void bounding_set(const struct facts *f, struct audit *a)
{
	const struct step *caps = facts_find(f, OP_CAPS);
	const struct step *s = facts_find(f, OP_BOUNDING);

	if (caps && s && s->caps.set & ~caps->caps.set)
		audit_add(a, BREACH_CAP_BOUNDING, index_of(f, s),
			  "more capabilities than the program starts with");
}

static void writable_root(const struct facts *f, struct audit *a)
{
	const struct step *root = facts_find(f, OP_OVERLAY);

	for (size_t i = 0; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];

		if (s->op == OP_READONLY && strcmp(s->path.path, "/") == 0)
			return;
	}
	if (!root)
		root = facts_find(f, OP_TMPROOT);
	if (root)
		audit_add(a, BREACH_ROOT_WRITABLE, index_of(f, root),
			  "/ is writable, in a copy");
}

static void secrets(const struct facts *f, struct audit *a)
{
	const struct step *s = facts_find(f, OP_EXEC);

	strv_foreach (env, s ? s->exec.env : NULL) {
		size_t n = strcspn(*env, "=");
		auto_free char *name = xstrndup(*env, n);

		if (audit_is_secret(name) && (*env)[n] && (*env)[n + 1])
			audit_add(a, BREACH_SECRET, index_of(f, s),
				  "variable %s", name);
	}
}

static void abstract_sockets(const struct facts *f, struct audit *a)
{
	const struct step *s = facts_find(f, OP_LANDLOCK);

	if (audit_has(a, BREACH_HOST_NET) && (!s || !(s->landlock.scope & 1)))
		audit_add(a, BREACH_ABSTRACT_SOCKETS, s ? index_of(f, s) : -1,
			  "the host's network, and Landlock does not scope "
			  "abstract sockets");
}

static void core_dumps(const struct facts *f, struct audit *a)
{
	for (size_t i = 0; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];

		if (s->op != OP_RLIMIT || s->rlimit.resource != RLIMIT_CORE)
			continue;
		if (s->rlimit.hard)
			audit_add(a, BREACH_CORE, (int)i,
				  "core dumps may be written");
		return;
	}
	audit_add(a, BREACH_CORE, -1, "core dumps are not limited");
}

/* Said only where it could be otherwise. */
static void memory(const struct facts *f, struct audit *a)
{
	const struct step *s = facts_find(f, OP_CGROUP);
	const struct host *h = f->host;

	if (!cgroup_in_list(h->cgroup_controllers, "memory") &&
	    !cgroup_in_list(h->scope_controllers, "memory"))
		return;
	if (!s || cgroup_ask_memory(&s->cgroup) == UINT64_MAX)
		audit_add(a, BREACH_MEMORY, s ? index_of(f, s) : -1,
			  "no limit of memory, and the controller is at hand");
}

void audit_plan(struct audit *a, const struct plan *p, const struct host *h)
{
	static void (*const more[])(const struct facts *, struct audit *) = {
		time_namespace,	  host_root_id,	 own_groups,
		bounding_set,	  writable_root, secrets,
		abstract_sockets, core_dumps,	 memory,
	};
	AUTO(facts_done) struct facts f = { 0 };

	facts_init(&f, p, h);
	a->subject = xstrdup(p->subject ? p->subject : "a plan");
	for (size_t i = 0; i < f.n; i++)
		of_fact(&f, &f.v[i], a);
	for (size_t i = 0; i < ARRAY_SIZE(more); i++)
		more[i](&f, a);
}
