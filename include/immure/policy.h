/*
 * policy.h - parsed policy files. Written by format/policy_text, read by
 * policy/. See policy/README.md for the language.
 */
#ifndef IMMURE_POLICY_H
#define IMMURE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"
#include "immure/host.h"

/*
 * permit and deny answer facts. limit is a ceiling: it permits what is at most
 * that and denies what is more, but asks for nothing where it is not written.
 * require demands that something is so; no later rule takes that back.
 */
enum rule_action { RULE_PERMIT, RULE_DENY, RULE_REQUIRE, RULE_LIMIT };

/*
 * What a rule speaks of: enum, word, the key of the value that may follow
 * the word at once (NONE: no such value), meaning. Every fact that the judge
 * raises has one of these subjects.
 */
#define POLICY_SUBJECTS(X)                                                     \
	X(ANY, "any", NONE, "every fact")                                      \
	X(PRIVILEGED, "privileged", NONE, "--privileged was asked for")        \
	X(IMAGE, "image", NONE, "the root comes from an image")                \
	X(ROOTFS, "rootfs", NONE, "the root is a directory of the host")       \
	X(HOST_ROOT, "host-root", NONE, "the root is the host's own")          \
	X(BIND, "bind", NONE, "a host object is bound into the sandbox")       \
	X(DEVICE, "device", NONE, "a device node of the host is given")        \
	X(FILESYSTEM, "filesystem", TYPE, "a filesystem is mounted")           \
	X(NAMESPACE, "namespace", NONE, "a namespace is not its own")          \
	X(HOOK, "hook", PROGRAM, "a program of the host is run for it")        \
	X(ABSTRACT, "abstract-sockets", NONE,                                  \
	  "abstract sockets of the host can be reached")                       \
	X(NESTED_USERNS, "nested-userns", NONE, "user namespaces inside")      \
	X(USER_MAPPED, "user-mapped", NONE, "the caller has an id inside")     \
	X(USER, "user", WHO, "the program starts as this user")                \
	X(CAPABILITY, "capability", CAP, "a capability is kept")               \
	X(PROFILE, "profile", NONE, "a seccomp profile is installed")          \
	X(LABEL, "label", LSM, "an AppArmor or SELinux label is set")          \
	X(RECORD, "record", ANSWER, "calls are recorded by the monitor")       \
	X(UNCONFINED, "unconfined", CONTROL, "a control is off")               \
	X(MISSING, "missing", CONTROL, "a control the host does not offer")    \
	X(MASK_REMOVAL, "mask-removal", MASKED, "a default mask is left out")  \
	X(SYSCTL, "sysctl", SYSCTL, "a kernel parameter is set")               \
	X(ANNOTATION, "annotation", ANNOTATION, "an annotation is given")      \
	X(LIMIT, "limit", RESOURCE, "how much of a resource there is")         \
	X(REQUIRE, "require", REQUIRED, "what the policy demands")

enum rule_subject {
#define X(id, word, first, text) SUBJECT_##id,
	POLICY_SUBJECTS(X)
#undef X
		SUBJECT_COUNT
};

/* What `limit` speaks of: the limits of setrlimit(2), nproc as "pids" (which a
 * cgroup may limit, too), memory that a root ("storage") or one tmpfs mount
 * ("tmpfs") may take; and what only a cgroup limits: memory, processors. */
#define POLICY_RESOURCES                                                       \
	"pids memory cpus storage tmpfs as core cpu data fsize locks memlock " \
	"msgqueue "                                                            \
	"nice nofile rss rtprio rttime sigpending stack"

/* What `require` demands: enum, word, what is missing without it. */
#define POLICY_REQUIREMENTS(X)                                                 \
	X(SECCOMP, "seccomp", "a seccomp filter")                              \
	X(LANDLOCK, "landlock", "Landlock")                                    \
	X(NNP, "no_new_privs", "no_new_privs")                                 \
	X(CAPABILITIES, "capabilities", "capability sets of its own")          \
	X(LABEL, "label", "an AppArmor or SELinux label")                      \
	X(MASKS, "masks", "every default mask of /proc and /sys")              \
	X(NAMESPACES, "namespaces", "namespaces, none of the host's")          \
	X(UNMAPPED, "unmapped", "no id of the caller inside")                  \
	X(NONROOT, "nonroot", "a program that does not start as root")         \
	X(READ_ONLY, "read-only", "a root that cannot be written")             \
	X(IMAGE, "image", "a root from an image")                              \
	X(PINNED, "pinned", "an image that is asked for by its digest")        \
	X(AUDIT_LOG, "audit-log", "an entry in the audit log")
#define POLICY_REQUIRED                                                        \
	"seccomp landlock no_new_privs capabilities label masks namespaces "   \
	"unmapped nonroot read-only image pinned audit-log"

enum requirement {
#define X(id, word, text) REQUIRED_##id,
	POLICY_REQUIREMENTS(X)
#undef X
		REQUIRED_COUNT
};

/* How the value of a condition is written and compared. */
enum rule_value {
	VALUE_FLAG,   /* no value: the fact has it or has not */
	VALUE_WORD,   /* one word of a fixed list */
	VALUE_PATH,   /* an object of the host, compared by dev:ino */
	VALUE_UNDER,  /* the same, or anything below it */
	VALUE_TARGET, /* a path in the sandbox, or one below it */
	VALUE_GLOB,   /* text; `*` stands for any run of characters */
	VALUE_DIGEST, /* sha256:… or sha512:…, whole */
	VALUE_CAP,    /* a capability name, or the group "compat" */
	VALUE_ABOVE,  /* an object of the host, or what holds it */
	VALUE_PEER,   /* a user or group of the host: name or number */
	VALUE_MIN,    /* a number: at least that */
};

/*
 * Conditions: enum, word ("" for a value that directly follows the subject),
 * kind of value, the words of VALUE_WORD separated by spaces, meaning.
 */
#define POLICY_KEYS(X)                                                         \
	X(NONE, "", FLAG, "", "")                                              \
	X(TYPE, "", GLOB, "", "type of filesystem")                            \
	X(WHO, "", WORD, "root", "user in the sandbox")                        \
	X(CAP, "", CAP, "", "capability")                                      \
	X(ANSWER, "", WORD, "deny allow", "what becomes of denied calls")      \
	X(PROGRAM, "", GLOB, "", "path of the program")                        \
	X(CONTROL, "", WORD,                                                   \
	  "seccomp landlock no_new_privs capabilities label", "control")       \
	X(MASKED, "", GLOB, "", "path in the sandbox")                         \
	X(SYSCTL, "", GLOB, "", "name of the parameter")                       \
	X(LSM, "", WORD, "apparmor selinux", "security module")                \
	X(ANNOTATION, "", GLOB, "", "name of the annotation")                  \
	X(RESOURCE, "", WORD, POLICY_RESOURCES, "resource")                    \
	X(REQUIRED, "", WORD, POLICY_REQUIRED, "demand")                       \
	X(RO, "ro", FLAG, "", "read-only")                                     \
	X(RW, "rw", FLAG, "", "writable")                                      \
	X(KIND, "kind", WORD, "file dir socket fifo block char",               \
	  "kind of the source")                                                \
	X(PATH, "path", PATH, "", "exactly this host object")                  \
	X(UNDER, "under", UNDER, "", "this host directory or below")           \
	X(ABOVE, "above", ABOVE, "", "this host object, or what holds it")     \
	X(TO, "to", TARGET, "", "this path in the sandbox or below")           \
	X(OWNER, "owner", WORD, "self root other", "owner of the source")      \
	X(PROTECTED, "protected", FLAG, "",                                    \
	  "is, holds or lies in what sandboxes must not get at")               \
	X(RECURSIVE, "recursive", FLAG, "", "with the mounts below it")        \
	X(SUID, "suid", FLAG, "", "set-user-id files work")                    \
	X(DEV, "dev", FLAG, "", "device nodes work")                           \
	X(EXEC, "exec", FLAG, "", "programs in it can be run")                 \
	X(SOCKETS, "sockets", FLAG, "",                                        \
	  "a socket lies below it, or it was not searched to its end")         \
	X(UNSEARCHED, "unsearched", FLAG, "",                                  \
	  "it was not searched to its end, and no socket was found")           \
	X(RELABEL, "relabel", FLAG, "",                                        \
	  "its files get another SELinux label, on the host")                  \
	X(STANDARD, "standard", FLAG, "", "null zero full random urandom tty") \
	X(NUMBER, "number", GLOB, "", "MAJOR:MINOR")                           \
	X(NAME, "name", GLOB, "", "full name of the image")                    \
	X(REGISTRY, "registry", GLOB, "", "host of the image's name")          \
	X(PINNED, "pinned", FLAG, "", "asked for by its digest")               \
	X(DIGEST, "digest", DIGEST, "", "digest of the image or filter")       \
	X(HOST, "host", WORD,                                                  \
	  "user mount pid network ipc uts cgroup time keyring",                \
	  "namespace of the host")                                             \
	X(JOINED, "joined", WORD,                                              \
	  "user mount pid network ipc uts cgroup time",                        \
	  "namespace of another container, or of one that is entered")         \
	X(SECCOMP, "seccomp", GLOB, "", "name of the profile, or `file`")      \
	X(AS, "as", GLOB, "", "the label")                                     \
	X(VALUE, "value", GLOB, "", "the value")                               \
	X(ABI, "abi", MIN, "", "at least this version of Landlock")            \
	X(PEER, "peer", PEER, "", "asked for by this user")                    \
	X(PEER_GROUP, "peer-group", PEER, "", "asked for by one of this group")

enum rule_key {
#define X(id, word, value, words, text) KEY_##id,
	POLICY_KEYS(X)
#undef X
		KEY_COUNT
};

/* A condition: `kind socket`, `under /srv`. */
struct rule_cond {
	enum rule_key id_key;
	const char *key; /* static: the word, "" when positional */
	char *value;	 /* NULL for a flag */
	/* of a `limit`: the most there may be, UINT64_MAX: "unlimited"; of
	 * VALUE_MIN: the least; of VALUE_PEER: the id, UINT64_MAX: a name that
	 * is yet to be looked up (by the engine, when the file is loaded) */
	uint64_t number;
	/* for path conditions (is_path): the object that policy_cond_path()
	 * resolves to and the directories above it, filled by the engine when
	 * the file is loaded; has_id false: it does not exist */
	bool is_path;
	bool has_id;
	uint32_t mode; /* st_mode of the object */
	struct object_id id;
	struct object_id *parents; /* heap; nearest first */
	size_t n_parents;
};

struct rule {
	enum rule_action action;
	enum rule_subject subject;
	const char *what;	 /* static: the subject's word */
	struct rule_cond *conds; /* all must hold */
	size_t n_conds;
	char *file; /* as shown in messages */
	unsigned line, column;
	char *text; /* as written, without comment */
};

/* One layer. Within it the last rule that matches a fact decides. */
struct policy {
	char *file; /* as shown in messages */
	struct rule *rules;
	size_t n;
};

/* Who asks: the caller, or whoever is at the other end of a socket. */
struct peer {
	uint32_t uid, gid;
	const uint32_t *groups;
	size_t n_groups;
};

/* The layers, each must permit: [0] system, then the user's. */
struct policy_set {
	struct policy *layers;
	size_t n;
};

/*
 * The host path that a path condition means, to be resolved by the engine:
 * its value, with a leading "~" replaced by `home`. Heap; NULL when the
 * condition is no path condition, or is "~" and `home` is NULL.
 */
char *policy_cond_path(const struct rule_cond *c, const char *home);
void policy_done(struct policy *p);
void policy_set_free(struct policy_set *s);

#endif
