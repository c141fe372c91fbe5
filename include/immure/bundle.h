/*
 * bundle.h - what an OCI bundle asks for beyond what every container has
 * (spec.h). A spec with a bundle is carried out exactly as it is written: no
 * namespace, mount or limit is added that was not asked for, but for a list of
 * devices where root's container in a cgroup has none (plan/bundle_cgroup.c).
 */
#ifndef IMMURE_BUNDLE_H
#define IMMURE_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/cgroup.h"
#include "immure/host.h"
#include "immure/sched.h"

struct seccomp_profile;

/* A namespace that is there already: CLONE_NEW*, its file. */
struct bundle_join {
	uint64_t ns;
	char *path;
	struct object_id id; /* filled by the engine */
};

/* A node of linux.devices. */
struct bundle_device {
	char *path;
	uint32_t mode; /* S_IFCHR, S_IFBLK or S_IFIFO, and permissions */
	uint32_t major, minor;
	uint32_t uid, gid; /* of the container */
	/* a node is made, unless the caller's user namespace cannot: then the
	 * host's own is bound; filled by the engine */
	struct object_id id;
};

/* enum, member of `hooks`, in which the program is looked for */
#define HOOKS(X)                                                               \
	X(PRESTART, "prestart", "runtime")                                     \
	X(CREATE_RUNTIME, "createRuntime", "runtime")                          \
	X(CREATE_CONTAINER, "createContainer", "runtime")                      \
	X(START_CONTAINER, "startContainer", "container")                      \
	X(POSTSTART, "poststart", "runtime")                                   \
	X(POSTSTOP, "poststop", "runtime")

enum hook_when {
#define X(id, word, where) HOOK_##id,
	HOOKS(X)
#undef X
		HOOK_COUNT
};

struct bundle_hook {
	enum hook_when when;
	char *path;
	char **args, **env;
	uint32_t timeout; /* seconds, 0: none */
};

struct cap_sets { /* bit n: capability n */
	uint64_t bounding, permitted, effective, inheritable, ambient;
};

/* How mounts spread to other namespaces, as the MS_* flag; 0: not said. */
struct propagation {
	uint64_t how;
	bool recursive;
};

struct bundle {
	char *dir;	   /* absolute, filled by the engine */
	char *oci_version; /* as it was written */
	char *root_path;   /* as it was written */
	struct propagation root_propagation;
	struct bundle_join *joins;
	size_t n_joins;
	char *domainname;
	struct cap_sets caps;
	bool has_oom_score_adj;
	int oom_score_adj;
	bool has_umask;
	bool keep_groups; /* those of the caller, instead of the spec's */
	struct bundle_device *devices;
	size_t n_devices;
	struct bundle_hook *hooks;
	size_t n_hooks;
	struct seccomp_profile *seccomp; /* parsed, or NULL */
	uint16_t rows, columns;		 /* of the terminal; 0: not said */
	char *cgroups_path;
	struct cgroup_limits limits; /* linux.resources */
	/* by how much clocks are moved: monotonic, boottime */
	struct bundle_clock {
		int64_t seconds;
		uint32_t nanoseconds;
	} clocks[2];
	bool has_clocks;
	bool has_persona;
	uint32_t persona; /* personality(2) */
	bool has_scheduler, has_io_priority, has_mempolicy;
	struct sched_ask scheduler;
	struct io_ask io_priority;
	struct mempolicy_ask mempolicy;
	struct sched_numbers affinity; /* of programs that enter; may be none */
	/* descriptors above 2 that the program gets, ascending */
	uint32_t *passed;
	size_t n_passed;
	/* a program that enters the container: `joins` are all its namespaces,
	 * the spec's maps those of its user namespace when it has one */
	bool is_entry, set_groups;
	char *entered;	       /* its id */
	char **entered_cgroup; /* its lines, or NULL */
	char **warnings;       /* what was accepted without effect, and why */
};

void bundle_free(struct bundle *b);
/* The kinds of namespaces (CLONE_NEW*) that it joins. */
uint64_t bundle_joined(const struct bundle *b);

#endif
