/*
 * ops.c - the table of operations and of their operands.
 *
 * It describes; it neither prints nor decides. The macro FIELD checks at
 * compile time that an operand has the C type of its kind.
 */
#include "plan/ops.h"

#include <stddef.h>
#include <stdlib.h>
#include <linux/mount.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/idspace.h"
#include "base/sched_words.h"
#include "base/strv.h"

const struct word ns_words[] = {
	{ "user", CLONE_NEWUSER },
	{ "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },
	{ "network", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },
	{ "uts", CLONE_NEWUTS },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME },
	{ NULL, 0 },
};

const struct word attr_words[] = {
	{ "ro", MOUNT_ATTR_RDONLY },
	{ "nosuid", MOUNT_ATTR_NOSUID },
	{ "nodev", MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC },
	{ "noatime", MOUNT_ATTR_NOATIME },
	{ "strictatime", MOUNT_ATTR_STRICTATIME },
	{ "nodiratime", MOUNT_ATTR_NODIRATIME },
	{ "nosymfollow", 0x00200000 },
	{ NULL, 0 },
};

const struct word landlock_net_words[] = { { "bind_tcp", 1 << 0 },
					   { "connect_tcp", 1 << 1 },
					   { NULL, 0 } };
const struct word landlock_scope_words[] = { { "abstract_unix", 1 << 0 },
					     { "signal", 1 << 1 },
					     { NULL, 0 } };
const struct word need_words[] = { { "required", NEED_REQUIRED },
				   { "wanted", NEED_WANTED },
				   { "off", NEED_OFF },
				   { NULL, 0 } };

const struct word spread_words[] = { { "private", MS_PRIVATE },
				     { "slave", MS_SLAVE },
				     { "shared", MS_SHARED },
				     { "unbindable", MS_UNBINDABLE },
				     { NULL, 0 } };
const struct word hook_words[] = {
#define X(id, word, where) { word, HOOK_##id },
	HOOKS(X)
#undef X
		{ NULL, 0 },
};

const struct word plan_kind_words[] = { { "sandbox", PLAN_SANDBOX },
					{ "bundle", PLAN_BUNDLE },
					{ "entry", PLAN_ENTRY },
					{ NULL, 0 } };

static const struct word how_words[] = { { "directly", IDMAP_DIRECT },
					 { "newuidmap", IDMAP_HELPER },
					 { "already", IDMAP_THERE },
					 { NULL, 0 } };
static const struct word upper_words[] = { { "tmpfs", UPPER_TMPFS },
					   { "directory", UPPER_DIR },
					   { NULL, 0 } };

static const struct word cgroup_how_words[] = {
	{ "directory", CGROUP_DIRECTORY },
	{ "scope", CGROUP_SCOPE },
	{ "unit", CGROUP_UNIT },
	{ NULL, 0 },
};
static const struct word cgroup_mode_words[] = {
	{ "v1", CGROUP_V1 },
	{ "hybrid", CGROUP_HYBRID },
	{ "v2", CGROUP_V2 },
	{ NULL, 0 },
};

static const struct word record_words[] = { { "deny", RECORD_DENY },
					    { "allow", RECORD_ALLOW },
					    { NULL, 0 } };

struct op_row {
	const char *word, *text;
	enum phase phase;
	enum actor actor;
};
static const struct op_row rows[] = {
#define X(op, word_, phase_, actor_, text_)                                    \
	[OP_##op] = { word_, text_, PHASE_##phase_, actor_ },
	PLAN_OPS(X)
#undef X
};

#define TYPE_OF(member) __typeof__(((struct step *)NULL)->member)
/* offsetof, and an error when the member is not of that type. */
#define OFFSET(member, type)                                                   \
	(offsetof(struct step, member) +                                       \
	 0 * sizeof(char[__builtin_types_compatible_p(TYPE_OF(member), type)   \
				 ? 1                                           \
				 : -1]))
#define X(kind, type) typedef type type_##kind;
FIELD_KINDS(X)
#undef X

#define FIELD(kind_, show_, name_, member, ...)                                \
	{                                                                      \
		.name = name_, .kind = FIELD_##kind_, .show = SHOW_##show_,    \
		.offset = OFFSET(member, type_##kind_), ##__VA_ARGS__          \
	}
#define COUNT(member) .count_offset = OFFSET(member, size_t)
#define WORDS(table)  .words = table
#define OPTIONAL      .may_be_null = true
#define END                                                                    \
	{                                                                      \
		.name = NULL                                                   \
	}

#define FIELDS(...)                                                            \
	(const struct field[])                                                 \
	{                                                                      \
		__VA_ARGS__, END                                               \
	}
static const struct field none[] = { END };

#define HOOK_FIELDS                                                            \
	FIELDS(FIELD(WORD, BARE, "when", hook.when, WORDS(hook_words)),        \
	       FIELD(STR, BARE, "path", hook.path),                            \
	       FIELD(STRV, SET, "args", hook.args),                            \
	       FIELD(STRV, FULL, "env", hook.env),                             \
	       FIELD(U32, SET, "timeout", hook.timeout))

static const struct field *const fields[] = {
	[OP_JOIN] = FIELDS(
		FIELD(FLAGS, BARE, "namespace", join.ns, WORDS(ns_words)),
		FIELD(PATH, BARE, "path", join.path),
		FIELD(OBJECT, FULL, "id", join.id)),
	[OP_COPYUP] = FIELDS(
		FIELD(STR, BARE, "type", mount.type),
		FIELD(PATH, BARE, "target", mount.target),
		FIELD(FLAGS, SET_BARE, "attr", mount.attr, WORDS(attr_words)),
		FIELD(STR, SET_BARE, "data", mount.data, OPTIONAL)),
	[OP_ROOTTREE] = FIELDS(FIELD(PATH, BARE, "path", roottree.path),
			       FIELD(WORD, NAMED, "spread", roottree.spread,
				     WORDS(spread_words)),
			       FIELD(OBJECT, FULL, "id", roottree.id)),
	[OP_TREE] = FIELDS(
		FIELD(PATH, BARE, "source", tree.source),
		FIELD(PATH, ARROW, "target", tree.target),
		FIELD(FLAGS, SET_BARE, "set", tree.set, WORDS(attr_words)),
		FIELD(FLAGS, SET, "clear", tree.clear, WORDS(attr_words)),
		FIELD(FLAGS, SET, "all", tree.all_set, WORDS(attr_words)),
		FIELD(FLAGS, SET, "all_clear", tree.all_clear,
		      WORDS(attr_words)),
		FIELD(BOOL, SET, "recursive", tree.recursive),
		FIELD(WORD, NAMED, "spread", tree.spread, WORDS(spread_words)),
		FIELD(BOOL, SET, "spread_all", tree.spread_all),
		FIELD(IDMAP, SET, "uids", tree.uids),
		FIELD(IDMAP, SET, "gids", tree.gids),
		FIELD(BOOL, SET, "map_all", tree.map_all),
		FIELD(MODE, BARE, "mode", tree.mode),
		FIELD(PATH, FULL, "resolved", tree.resolved, OPTIONAL),
		FIELD(U32, FULL, "uid", tree.uid),
		FIELD(OBJECT, FULL, "id", tree.id),
		FIELD(OBJECTS, FULL, "parents", tree.parents,
		      COUNT(tree.n_parents))),
	[OP_MKNOD] = FIELDS(FIELD(PATH, BARE, "path", mknod.path),
			    FIELD(MODE, BARE, "mode", mknod.mode),
			    FIELD(RDEV, BARE, "rdev", mknod.rdev),
			    FIELD(U32, NAMED, "uid", mknod.uid),
			    FIELD(U32, NAMED, "gid", mknod.gid)),
	[OP_PROPAGATE] = FIELDS(
		FIELD(PATH, BARE, "path", propagate.path),
		FIELD(WORD, BARE, "how", propagate.how, WORDS(spread_words)),
		FIELD(BOOL, SET, "recursive", propagate.recursive)),
	[OP_ATTR] =
		FIELDS(FIELD(PATH, BARE, "path", attr.path),
		       FIELD(FLAGS, BARE, "set", attr.set, WORDS(attr_words))),
	[OP_TIMENS] = FIELDS(FIELD(STRV, BARE, "clocks", timens.clocks)),
	[OP_HOOK] = HOOK_FIELDS,
	[OP_HOOK_INSIDE] = HOOK_FIELDS,
	[OP_HOOK_START] = HOOK_FIELDS,
	[OP_HOOK_LATER] = HOOK_FIELDS,
	[OP_INCGROUP] = FIELDS(FIELD(STRV, BARE, "lines", incgroup.lines)),
	[OP_ENTER] = FIELDS(FIELD(BOOL, SET, "root", enter.root),
			    FIELD(BOOL, SET, "set_groups", enter.set_groups)),
	[OP_PASS] =
		FIELDS(FIELD(IDS, BARE, "fds", pass.fds, COUNT(pass.n_fds))),
	[OP_DOMAINNAME] = FIELDS(FIELD(STR, BARE, "name", hostname.name)),
	[OP_OOM] = FIELDS(FIELD(INT, BARE, "adj", oom.adj)),
	[OP_SCHEDULER] = FIELDS(FIELD(WORD, BARE, "policy", scheduler.policy,
				      WORDS(sched_policy_words)),
				FIELD(INT, SET, "nice", scheduler.nice),
				FIELD(U32, SET, "priority", scheduler.priority),
				FIELD(FLAGS, SET, "flags", scheduler.flags,
				      WORDS(sched_flag_words)),
				FIELD(U64, SET, "runtime", scheduler.runtime),
				FIELD(U64, SET, "deadline", scheduler.deadline),
				FIELD(U64, SET, "period", scheduler.period)),
	[OP_IO_PRIORITY] = FIELDS(FIELD(WORD, BARE, "class", io_priority.class_,
					WORDS(io_class_words)),
				  FIELD(U32, BARE, "level", io_priority.level)),
	[OP_AFFINITY] =
		FIELDS(FIELD(IDS, BARE, "cpus", affinity.v, COUNT(affinity.n))),
	[OP_MEMPOLICY] = FIELDS(FIELD(WORD, BARE, "mode", mempolicy.mode,
				      WORDS(mempolicy_words)),
				FIELD(FLAGS, SET, "flags", mempolicy.flags,
				      WORDS(mempolicy_flag_words)),
				FIELD(IDS, SET, "nodes", mempolicy.nodes.v,
				      COUNT(mempolicy.nodes.n))),
	[OP_PERSONA] = FIELDS(FIELD(U32, BARE, "domain", persona.domain)),
	[OP_CAPSETS] =
		FIELDS(FIELD(CAPS, NAMED, "permitted", capsets.permitted),
		       FIELD(CAPS, NAMED, "effective", capsets.effective),
		       FIELD(CAPS, NAMED, "inheritable", capsets.inheritable),
		       FIELD(CAPS, NAMED, "ambient", capsets.ambient)),
	[OP_CLONE] = FIELDS(
		FIELD(FLAGS, BARE, "namespaces", clone.flags, WORDS(ns_words))),
	[OP_IDMAP] = FIELDS(
		FIELD(WORD, BARE, "how", idmap.how, WORDS(how_words)),
		FIELD(IDMAP, NAMED, "uids", idmap.uids),
		FIELD(IDMAP, NAMED, "gids", idmap.gids),
		FIELD(BOOL, NAMED, "setgroups", idmap.setgroups),
		FIELD(PATH, FULL, "newuidmap", idmap.newuidmap, OPTIONAL),
		FIELD(PATH, FULL, "newgidmap", idmap.newgidmap, OPTIONAL)),
	[OP_CGROUP] = FIELDS(
		FIELD(WORD, BARE, "how", cgroup.how, WORDS(cgroup_how_words)),
		FIELD(WORD, BARE, "mode", cgroup.mode,
		      WORDS(cgroup_mode_words)),
		FIELD(PATH, SET_BARE, "parent", cgroup.parent, OPTIONAL),
		FIELD(STR, SET, "slice", cgroup.slice, OPTIONAL),
		FIELD(STR, SET, "name", cgroup.name, OPTIONAL),
		FIELD(BOOL, SET, "aside", cgroup.aside),
		FIELD(BOOL, SET, "make_parents", cgroup.make_parents),
		FIELD(STRV, NAMED, "controllers", cgroup.controllers),
		FIELD(STRV, SET, "set", cgroup.set),
		FIELD(PATH, FULL, "helper", cgroup.helper, OPTIONAL)),
	[OP_CONTEXT] = FIELDS(FIELD(STR, BARE, "files", context.files)),
	[OP_RELABEL] = FIELDS(FIELD(PATH, BARE, "source", relabel.source),
			      FIELD(STR, BARE, "context", relabel.context),
			      FIELD(OBJECT, FULL, "id", relabel.id)),
	[OP_UPPER] = FIELDS(
		FIELD(WORD, BARE, "kind", upper.kind, WORDS(upper_words)),
		FIELD(PATH, SET_BARE, "path", upper.path, OPTIONAL),
		FIELD(SIZE, SET, "size", upper.size),
		FIELD(U32, NAMED, "owner", upper.owner),
		FIELD(OBJECT, FULL, "id", upper.id)),
	[OP_OVERLAY] = FIELDS(FIELD(LAYERS, BARE, "lower", overlay.lower,
				    COUNT(overlay.n_lower)),
			      FIELD(BOOL, SET, "staged", overlay.staged),
			      FIELD(BOOL, SET, "volatile", overlay.volatile_)),
	[OP_ROOTDIR] = FIELDS(
		FIELD(PATH, BARE, "path", rootdir.path),
		FIELD(FLAGS, BARE, "attr", rootdir.attr, WORDS(attr_words)),
		FIELD(OBJECT, FULL, "id", rootdir.id)),
	[OP_TMPROOT] = FIELDS(FIELD(SIZE, NAMED, "size", tmproot.size),
			      FIELD(U32, NAMED, "owner", tmproot.owner)),
	[OP_MOUNT] = FIELDS(
		FIELD(STR, BARE, "type", mount.type),
		FIELD(PATH, BARE, "target", mount.target),
		FIELD(FLAGS, SET_BARE, "attr", mount.attr, WORDS(attr_words)),
		FIELD(STR, SET_BARE, "data", mount.data, OPTIONAL)),
	[OP_BIND] = FIELDS(
		FIELD(PATH, BARE, "source", bind.source),
		FIELD(PATH, ARROW, "target", bind.target),
		FIELD(FLAGS, SET_BARE, "attr", bind.attr, WORDS(attr_words)),
		FIELD(BOOL, SET, "recursive", bind.recursive),
		FIELD(MODE, BARE, "mode", bind.mode),
		FIELD(PATH, FULL, "resolved", bind.resolved, OPTIONAL),
		FIELD(U32, FULL, "uid", bind.uid),
		FIELD(U32, FULL, "gid", bind.gid),
		FIELD(OBJECT, FULL, "id", bind.id),
		FIELD(OBJECTS, FULL, "parents", bind.parents,
		      COUNT(bind.n_parents)),
		FIELD(STRV, FULL, "sockets", bind.sockets),
		FIELD(BOOL, FULL, "unsearched", bind.unsearched)),
	[OP_DEVICE] = FIELDS(FIELD(PATH, BARE, "source", device.source),
			     FIELD(PATH, ARROW, "target", device.target),
			     FIELD(RDEV, BARE, "rdev", device.rdev),
			     FIELD(BOOL, SET, "writable", device.writable),
			     FIELD(OBJECT, FULL, "id", device.id)),
	[OP_SYMLINK] = FIELDS(FIELD(PATH, BARE, "path", symlink.path),
			      FIELD(STR, ARROW, "target", symlink.target)),
	[OP_DIR] = FIELDS(FIELD(PATH, BARE, "path", dir.path),
			  FIELD(OCTAL, NAMED, "mode", dir.mode),
			  FIELD(U32, NAMED, "owner", dir.owner)),
	[OP_FILE] = FIELDS(FIELD(PATH, BARE, "path", file.path),
			   FIELD(OCTAL, NAMED, "mode", file.mode),
			   FIELD(U32, NAMED, "owner", file.owner),
			   FIELD(STR, COUNT, "content", file.content)),
	[OP_PTY] = FIELDS(FIELD(U32, NAMED, "uid", pty.uid),
			  FIELD(U32, NAMED, "gid", pty.gid)),
	[OP_READONLY] = FIELDS(FIELD(PATH, BARE, "path", path.path)),
	[OP_MASK] = FIELDS(FIELD(PATH, BARE, "path", path.path)),
	[OP_CWD] = FIELDS(FIELD(PATH, BARE, "path", path.path)),
	[OP_HOSTNAME] = FIELDS(FIELD(STR, BARE, "name", hostname.name)),
	[OP_SYSCTL] = FIELDS(FIELD(STR, BARE, "name", sysctl.name),
			     FIELD(STR, NAMED, "value", sysctl.value)),
	[OP_NSLIMIT] = FIELDS(FIELD(U64, BARE, "value", nslimit.value)),
	[OP_USERNS] = FIELDS(FIELD(IDMAP, NAMED, "uids", userns.uids),
			     FIELD(IDMAP, NAMED, "gids", userns.gids)),
	[OP_RLIMIT] = FIELDS(FIELD(WORD, BARE, "resource", rlimit.resource,
				   WORDS(rlimit_words)),
			     FIELD(LIMIT, NAMED, "soft", rlimit.soft),
			     FIELD(LIMIT, NAMED, "hard", rlimit.hard)),
	[OP_UMASK] = FIELDS(FIELD(OCTAL, BARE, "mask", umask.mask)),
	[OP_BOUNDING] = FIELDS(FIELD(CAPS, BARE, "set", caps.set)),
	[OP_CAPS] = FIELDS(FIELD(CAPS, BARE, "set", caps.set)),
	[OP_IDS] = FIELDS(
		FIELD(U32, NAMED, "uid", ids.uid),
		FIELD(U32, NAMED, "gid", ids.gid),
		FIELD(BOOL, NAMED, "set_groups", ids.set_groups),
		FIELD(IDS, NAMED, "groups", ids.groups, COUNT(ids.n_groups))),
	[OP_COMMAND] = FIELDS(FIELD(STR, BARE, "name", command.name),
			      FIELD(STRV, SET, "path", command.path)),
	[OP_LABEL] = FIELDS(FIELD(STR, BARE, "lsm", label.lsm),
			    FIELD(STR, BARE, "label", label.label)),
	[OP_LANDLOCK] = FIELDS(FIELD(INT, NAMED, "abi", landlock.abi),
			       FIELD(FLAGS, FULL, "handled", landlock.fs,
				     WORDS(landlock_fs_words)),
			       FIELD(FLAGS, SET, "net", landlock.net,
				     WORDS(landlock_net_words)),
			       FIELD(FLAGS, SET, "scope", landlock.scope,
				     WORDS(landlock_scope_words)),
			       FIELD(RULES, NAMED, "allow", landlock.paths,
				     COUNT(landlock.n_paths))),
	[OP_SECCOMP] = FIELDS(FIELD(BLOB, BARE, "filter", seccomp.filter)),
	[OP_RECORD] = FIELDS(
		FIELD(WORD, BARE, "mode", record.mode, WORDS(record_words)),
		FIELD(BOOL, SET, "all", record.all),
		FIELD(BLOB, BARE, "filter", record.filter),
		FIELD(BLOB, NAMED, "judge", record.judge)),
	[OP_EXEC] = FIELDS(FIELD(BOOL, SET, "init", exec.init),
			   FIELD(STRV, BARE, "argv", exec.argv),
			   FIELD(STRV, COUNT, "env", exec.env)),
	/* without operands */
	[OP_KEYRING] = none,
	[OP_PRIVATE] = none,
	[OP_SLAVE] = none,
	[OP_KEEPCAPS] = none,
	[OP_GATE] = none,
	[OP_FETCH] = none,
	[OP_STATE] = none,
	[OP_PROCFS] = none,
	[OP_CGROUPNS] = none,
	[OP_PIVOT] = none,
	[OP_LOOPBACK] = none,
	[OP_SESSION] = none,
	[OP_NNP] = none,
	[OP_FDS] = none,
	[OP_VERIFY] = none,
};
_Static_assert(ARRAY_SIZE(fields) == OP_COUNT, "one row an op");

const struct field *op_fields(enum op op)
{
	return fields[op];
}

size_t field_size(enum field_kind kind)
{
	static const size_t sizes[] = {
#define X(kind_, type) [FIELD_##kind_] = sizeof(type),
		FIELD_KINDS(X)
#undef X
	};

	return sizes[kind];
}

const void *field_get(const struct field *f, const struct step *s)
{
	return (const char *)s + f->offset;
}

size_t field_count(const struct field *f, const struct step *s)
{
	if (!f->count_offset)
		return 0;
	return *(const size_t *)(const void *)((const char *)s +
					       f->count_offset);
}

bool field_is_empty(const struct field *f, const struct step *s)
{
	const char *p = field_get(f, s);
	size_t i;

	if (f->count_offset)
		return field_count(f, s) == 0;
	if (f->kind == FIELD_STRV)
		return strv_len(*(char **const *)(const void *)p) == 0;
	for (i = 0; i < field_size(f->kind); i++)
		if (p[i])
			return false;
	return true;
}

static void free_layers(void *p, size_t n)
{
	struct spec_layer *v = *(struct spec_layer **)p;

	for (size_t i = 0; i < n; i++)
		free(v[i].path);
	free(v);
}

static void free_rules(void *p, size_t n)
{
	struct landlock_path *v = *(struct landlock_path **)p;

	for (size_t i = 0; i < n; i++)
		free(v[i].path);
	free(v);
}

static void free_one(void *p, size_t n)
{
	(void)n;
	free(*(void **)p);
}

static void free_strv(void *p, size_t n)
{
	(void)n;
	strv_free(*(char ***)p);
}

static void free_idmap(void *p, size_t n)
{
	(void)n;
	idmap_list_done(p);
}

static void free_blob(void *p, size_t n)
{
	(void)n;
	blob_done(p);
}

void step_done(struct step *s)
{
	static void (*const free_kind[FIELD_KIND_COUNT])(void *, size_t) = {
		[FIELD_STR] = free_one,	      [FIELD_PATH] = free_one,
		[FIELD_OBJECTS] = free_one,   [FIELD_IDS] = free_one,
		[FIELD_STRV] = free_strv,     [FIELD_IDMAP] = free_idmap,
		[FIELD_LAYERS] = free_layers, [FIELD_RULES] = free_rules,
		[FIELD_BLOB] = free_blob,
	};

	op_foreach_field(f, s->op)
	{
		if (free_kind[f->kind])
			free_kind[f->kind]((char *)s + f->offset,
					   field_count(f, s));
	}
	*s = (struct step){ 0 };
}

struct step *plan_add(struct plan *p, enum op op)
{
	struct step *s = GROW(p->steps, p->n);

	p->n++;
	s->op = op;
	return s;
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	plan_foreach (s, p) {
		step_done(s);
	}
	free(p->steps);
	free(p->subject);
	free(p->image_name);
	free(p->image_digest);
	strv_free(p->annotations);
	free(p);
}

const struct step *plan_find(const struct plan *p, enum op op)
{
	plan_foreach (s, p)
		if (s->op == op)
			return s;
	return NULL;
}

uint64_t plan_namespaces(const struct plan *p)
{
	const struct step *s = plan_find(p, OP_CLONE);

	return s ? s->clone.flags : 0;
}

const char *op_word(enum op op)
{
	return rows[op].word;
}

const char *op_text(enum op op)
{
	return rows[op].text;
}

enum phase op_phase(enum op op)
{
	return rows[op].phase;
}

enum actor op_actor(enum op op)
{
	return rows[op].actor;
}

const char *phase_word(enum phase p)
{
	static const char *const words[] = {
		[PHASE_NS] = "ns",
		[PHASE_ROOT] = "root",
		[PHASE_NET] = "net",
		[PHASE_IDENTITY] = "identity",
		[PHASE_LOCKDOWN] = "lockdown",
		[PHASE_VERIFY] = "verify",
		[PHASE_GO] = "go",
	};

	return words[p];
}
