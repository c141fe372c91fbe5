/*
 * plan.h - a flat list of steps. A step is one effect that the kernel can
 * see, with every operand resolved. The list is printed, hashed, judged and
 * then walked by two actors in lockstep. No second description of a
 * container exists.
 *
 * Phases never go back: NS < ROOT < NET < IDENTITY < LOCKDOWN < VERIFY < GO.
 */
#ifndef IMMURE_PLAN_H
#define IMMURE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"
#include "immure/host.h"
#include "immure/sched.h"
#include "immure/spec.h"

enum phase {
	PHASE_NS,
	PHASE_ROOT,
	PHASE_NET,
	PHASE_IDENTITY,
	PHASE_LOCKDOWN,
	PHASE_VERIFY,
	PHASE_GO,
};
enum actor { PARENT, CHILD };

/*
 * One row an operation: enum, word, phase, actor, union member, sentence.
 * The operands of each are in struct step below; plan/ops.c describes them
 * field by field for print, JSON and hash.
 */
#define PLAN_OPS(X)                                                            \
	X(JOIN, "join", NS, PARENT, "enter a namespace that is there")         \
	X(CLONE, "clone", NS, PARENT, "start the child in new namespaces")     \
	X(IDMAP, "idmap", NS, PARENT, "map the id space (outer userns)")       \
	X(CGROUP, "cgroup", NS, PARENT, "a cgroup of its own, its limits")     \
	X(INCGROUP, "incgroup", NS, PARENT, "move into a container's cgroup")  \
	X(FETCH, "fetch", NS, PARENT, "open what is bound, as the caller")     \
	X(KEYRING, "keyring", NS, CHILD, "join a new session keyring")         \
	X(ENTER, "enter", ROOT, CHILD, "be in the root of a container")        \
	X(PRIVATE, "private", ROOT, CHILD, "cut mount propagation")            \
	X(SLAVE, "slave", ROOT, CHILD, "mounts come from the host, none go")   \
	X(PROCFS, "procfs", ROOT, CHILD, "a private procfs for the launcher")  \
	X(CGROUPNS, "cgroupns", ROOT, CHILD, "its cgroup is the root of all")  \
	X(TIMENS, "timens", ROOT, CHILD, "a time namespace, clocks moved")     \
	X(CONTEXT, "context", ROOT, CHILD, "SELinux's name for what is made")  \
	X(UPPER, "upper", ROOT, CHILD, "where writes go")                      \
	X(OVERLAY, "overlay", ROOT, CHILD, "the root: layers, copy on write")  \
	X(ROOTDIR, "rootdir", ROOT, CHILD, "the root: a directory, read-only") \
	X(TMPROOT, "tmproot", ROOT, CHILD, "the root: an empty tmpfs")         \
	X(ROOTTREE, "roottree", ROOT, CHILD,                                   \
	  "the root: a directory, as it is")                                   \
	X(MOUNT, "mount", ROOT, CHILD, "mount a filesystem")                   \
	X(COPYUP, "copyup", ROOT, CHILD, "mount a tmpfs with what it covers")  \
	X(RELABEL, "relabel", ROOT, CHILD, "give a host tree that name")       \
	X(BIND, "bind", ROOT, CHILD, "bind a host object")                     \
	X(TREE, "tree", ROOT, CHILD, "bind a host object, as it is asked")     \
	X(DEVICE, "device", ROOT, CHILD, "bind a device node")                 \
	X(MKNOD, "mknod", ROOT, CHILD, "make a device node")                   \
	X(SYMLINK, "symlink", ROOT, CHILD, "make a symbolic link")             \
	X(DIR, "dir", ROOT, CHILD, "make a directory")                         \
	X(FILE, "file", ROOT, CHILD, "write a file of ours")                   \
	X(PTY, "pty", ROOT, CHILD, "open the sandbox's own terminal")          \
	X(READONLY, "readonly", ROOT, CHILD, "make a path read-only")          \
	X(MASK, "mask", ROOT, CHILD, "hide a path")                            \
	X(ATTR, "attr", ROOT, CHILD, "set attributes of a mount of ours")      \
	X(PROPAGATE, "propagate", ROOT, CHILD, "how mounts there spread")      \
	X(HOOK, "hook", ROOT, PARENT, "run a program of the host")             \
	X(STATE, "state", ROOT, PARENT, "the state that hooks in it read")     \
	X(HOOK_INSIDE, "hook-inside", ROOT, CHILD,                             \
	  "run a program of the host in the namespaces")                       \
	X(PIVOT, "pivot", ROOT, CHILD, "make it the root, drop the host's")    \
	X(LOOPBACK, "loopback", NET, CHILD, "bring lo up")                     \
	X(HOSTNAME, "hostname", NET, CHILD, "set the host name")               \
	X(DOMAINNAME, "domainname", NET, CHILD, "set the NIS domain name")     \
	X(SYSCTL, "sysctl", NET, CHILD, "set a namespaced sysctl")             \
	X(NSLIMIT, "nslimit", IDENTITY, CHILD, "no more user namespaces")      \
	X(USERNS, "userns", IDENTITY, CHILD, "enter the sandbox's userns")     \
	X(SESSION, "session", IDENTITY, CHILD, "a session of its own")         \
	X(OOM, "oom_score_adj", LOCKDOWN, CHILD,                               \
	  "how soon it is killed for memory")                                  \
	X(RLIMIT, "rlimit", LOCKDOWN, CHILD, "set a resource limit")           \
	X(PERSONA, "personality", LOCKDOWN, CHILD, "set the execution domain") \
	X(SCHEDULER, "scheduler", LOCKDOWN, CHILD, "how it is scheduled")      \
	X(IO_PRIORITY, "io_priority", LOCKDOWN, CHILD,                         \
	  "when its input and output are served")                              \
	X(AFFINITY, "cpu_affinity", LOCKDOWN, CHILD, "where it is run")        \
	X(MEMPOLICY, "memory_policy", LOCKDOWN, CHILD,                         \
	  "where its memory is taken from")                                    \
	X(UMASK, "umask", LOCKDOWN, CHILD, "set the umask")                    \
	X(KEEPCAPS, "keepcaps", LOCKDOWN, CHILD,                               \
	  "keep capabilities over the change")                                 \
	X(BOUNDING, "bounding", LOCKDOWN, CHILD, "drop the bounding set")      \
	X(IDS, "ids", LOCKDOWN, CHILD, "set groups, gid, uid")                 \
	X(CAPS, "caps", LOCKDOWN, CHILD, "set the capability sets")            \
	X(CAPSETS, "capsets", LOCKDOWN, CHILD,                                 \
	  "set each of the capability sets")                                   \
	X(CWD, "cwd", LOCKDOWN, CHILD, "set the working directory")            \
	X(COMMAND, "command", LOCKDOWN, CHILD, "find the program")             \
	X(NNP, "no_new_privs", LOCKDOWN, CHILD, "no new privileges, ever")     \
	X(LABEL, "label", LOCKDOWN, CHILD, "set the AppArmor/SELinux label")   \
	X(LANDLOCK, "landlock", LOCKDOWN, CHILD, "restrict to named trees")    \
	X(PASS, "pass", LOCKDOWN, CHILD, "keep descriptors for the program")   \
	X(FDS, "fds", LOCKDOWN, CHILD, "close every other descriptor")         \
	X(SECCOMP, "seccomp", LOCKDOWN, CHILD, "install a filter")             \
	X(RECORD, "record", LOCKDOWN, CHILD, "a filter that asks the monitor") \
	X(VERIFY, "verify", VERIFY, PARENT, "compare the kernel's report")     \
	X(GATE, "gate", GO, CHILD, "wait until it is started")                 \
	X(HOOK_START, "hook-start", GO, CHILD, "run a program of the root")    \
	X(HOOK_LATER, "later", GO, PARENT, "run a program at another time")    \
	X(EXEC, "exec", GO, CHILD, "run the program")

enum op {
#define X(op, word, phase, actor, text) OP_##op,
	PLAN_OPS(X)
#undef X
		OP_COUNT
};

struct idmap_list {
	struct spec_idmap *v;
	size_t n;
};

/*
 * Ids in steps of the phases NS and ROOT (owner, uid=, gid= in mount data)
 * are ids of the outer namespace, those of LOCKDOWN are the sandbox's own.
 */

/* THERE: of a namespace that was joined; it is only compared */
enum idmap_how { IDMAP_DIRECT, IDMAP_HELPER, IDMAP_THERE };
enum upper_kind { UPPER_TMPFS, UPPER_DIR };

struct step {
	enum op op;
	enum need need;
	union {
		struct {
			uint64_t ns;
			char *path;
			struct object_id id;
		} join;
		struct {
			uint64_t flags;
		} clone; /* CLONE_NEW* */
		/* root: id 0 of the joined user namespace first */
		struct {
			bool root, set_groups;
		} enter;
		struct {
			uint32_t *fds; /* above 2, ascending */
			size_t n_fds;
		} pass;
		struct { /* outer: `outer` field of each row is a host id */
			uint32_t how;		     /* enum idmap_how */
			char *newuidmap, *newgidmap; /* HELPER */
			struct idmap_list uids, gids;
			bool setgroups; /* false: "deny" written first */
		} idmap;
		struct cgroup_ask cgroup;
		/* of every filesystem that is mounted after it, and of
		 * immure-init: an SELinux context */
		struct {
			char *files;
		} context;
		struct {
			char *source, *context;
			struct object_id id;
		} relabel;
		struct {
			char **lines; /* kernel/cgroup.h */
		} incgroup;
		struct {
			uint32_t kind;
			uint64_t size;
			char *path;
			struct object_id id;
			uint32_t owner;
		} upper;
		struct {
			struct spec_layer *lower;
			size_t n_lower;
			bool volatile_;
			/* Linux before 6.15 takes layers by path only: bind
			 * them below a tmpfs first */
			bool staged;
		} overlay; /* lowest first */
		struct {
			char *path;
			struct object_id id;
			uint64_t attr;
		} rootdir;
		struct {
			uint64_t size;
			uint32_t owner;
		} tmproot;
		struct {
			char *path;
			struct object_id id;
			uint32_t spread; /* MS_* */
		} roottree;
		/* set, clear: of this mount; all_*: of those below, too */
		struct {
			char *source, *target;
			struct object_id id;
			uint32_t mode; /* st_mode of the source */
			bool recursive;
			uint64_t set, clear, all_set, all_clear;
			uint32_t spread; /* MS_* */
			bool spread_all; /* and what lies below */
			uint32_t uid;	 /* owner of the source */
			char *resolved;
			struct object_id *parents;
			size_t n_parents;
			/* owners are mapped, below it too; rows or none */
			struct idmap_list uids, gids;
			bool map_all;
		} tree;
		struct {
			char *path;
			uint32_t mode; /* type included */
			uint64_t rdev;
			uint32_t uid, gid;
		} mknod;
		struct {
			char *path;
			uint32_t how; /* MS_* */
			bool recursive;
		} propagate;
		struct {
			char *path;
			uint64_t set;
		} attr;
		struct {
			char **clocks; /* "monotonic SECONDS NANOSECONDS" … */
		} timens;
		struct {
			uint32_t when; /* enum hook_when */
			char *path;
			char **args, **env;
			uint32_t timeout; /* seconds, 0: none */
		} hook;			  /* HOOK* */
		struct {
			char *type, *target, *data;
			uint64_t attr;
		} mount; /* MOUNT, COPYUP */
		struct {
			char *source, *target;
			struct object_id id;
			uint32_t mode; /* st_mode of the source */
			uint32_t uid, gid;
			uint64_t attr;
			bool recursive;
			struct object_id *parents;
			size_t n_parents;
			char *resolved;
			char **sockets;	 /* found below it, relative */
			bool unsearched; /* not to its end */
		} bind;
		struct {
			char *source, *target;
			struct object_id id;
			uint64_t rdev;
			bool writable;
		} device;
		struct {
			char *target, *path;
		} symlink;
		struct {
			char *path;
			uint32_t mode, owner;
		} dir;
		struct {
			char *path, *content;
			uint32_t mode, owner;
		} file;
		struct {
			uint32_t uid, gid;
		} pty; /* owner of the slave */
		struct {
			char *path;
		} path; /* READONLY, MASK, CWD */
		struct {
			char *name;
		} hostname; /* HOSTNAME, DOMAINNAME */
		struct {
			int adj;
		} oom;
		struct {
			uint32_t domain;
		} persona;
		struct sched_ask scheduler;
		struct io_ask io_priority;
		struct sched_numbers affinity;
		struct mempolicy_ask mempolicy;
		struct {
			char *name, *value;
		} sysctl;
		struct {
			uint64_t value;
		} nslimit;
		struct {
			struct idmap_list uids, gids;
		} userns; /* inner */
		struct {
			uint32_t resource;
			uint64_t soft, hard;
		} rlimit;
		struct {
			uint32_t mask;
		} umask;
		struct {
			uint64_t set;
		} caps; /* BOUNDING, CAPS */
		struct {
			uint64_t permitted, effective, inheritable, ambient;
		} capsets;
		struct {
			uint32_t uid, gid;
			uint32_t *groups;
			size_t n_groups;
			bool set_groups;
		} ids;
		struct {
			char *name;
			char **path;
		} command; /* PATH dirs */
		struct {
			char *lsm, *label;
		} label;
		/* abi 0 (only when wanted): this host has none, no effect */
		struct {
			int abi;
			uint64_t fs, net, scope;
			struct landlock_path *paths;
			size_t n_paths;
		} landlock;
		struct {
			struct blob filter;
		} seccomp;
		struct { /* judge: the profile whole, not installed */
			uint32_t mode; /* enum record_mode */
			bool all;
			struct blob filter, judge;
		} record;
		struct {
			char **argv, **env;
			bool init;
		} exec;
	};
};

/*
 * Which invariants hold (plan/check): a sandbox has walls unless the plan says
 * that they were turned off; a bundle has exactly what its config.json says,
 * and so has a program that enters a container made of one.
 */
enum plan_kind { PLAN_SANDBOX, PLAN_BUNDLE, PLAN_ENTRY };

struct plan {
	struct step *steps;
	size_t n;
	enum plan_kind kind;
	/* facts for the reader and the judge; part of the hash */
	char *subject; /* "image NAME@sha256:…", "rootfs /p", "host" */
	char *image_name, *image_digest;      /* NULL when not from an image */
	bool image_pinned;		      /* asked for by its digest */
	char **annotations;		      /* KEY=VALUE */
	bool privileged;		      /* asked for as such */
	bool no_nnp, no_seccomp, no_landlock; /* turned off as such */
	uint32_t user_outer; /* always 0: the id-space id of the caller */
};

#define plan_foreach(s_, plan)                                                 \
	for (struct step *s_ = (plan)->steps; s_ < (plan)->steps + (plan)->n;  \
	     s_++)

#define PLAN_HASH_LEN 32

void plan_free(struct plan *p);
/* The first step of this op, or NULL. */
const struct step *plan_find(const struct plan *p, enum op op);
/* The namespaces that are new (CLONE_NEW*). */
uint64_t plan_namespaces(const struct plan *p);
const char *op_word(enum op op);
const char *op_text(enum op op);
enum phase op_phase(enum op op);
enum actor op_actor(enum op op);
const char *phase_word(enum phase p);

#endif
