/*
 * host.h - the host as data. Probed once (kernel/probe), passed into the
 * pure layers, so that planning and judging need no system call and golden
 * tests run anywhere.
 */
#ifndef IMMURE_HOST_H
#define IMMURE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct id_range { /* a line of /etc/subuid: ids first … first+count-1 */
	uint32_t first;
	uint32_t count;
};

/* Identity of a filesystem object: what no symlink or alias can change. */
struct object_id {
	uint64_t dev; /* st_dev */
	uint64_t ino; /* st_ino */
};

/*
 * A thing on this host that a sandbox must not get at: control sockets,
 * /proc, /sys, /dev, runtime directories, our own store and policy. Probed
 * by resolving `path`. `parents` are the directories above it up to "/", so
 * that binding a parent is seen as binding the thing.
 */
struct protected_object {
	char *path;
	const char *why; /* static: "docker control socket", … */
	struct object_id id;
	struct object_id *parents;
	size_t n_parents;
	bool is_tree; /* what lies below it is protected too */
};

/* A hard limit of the caller's own; no sandbox can have more. */
struct host_rlimit {
	int resource; /* RLIMIT_… */
	uint64_t hard;
};
#define HOST_RLIMITS 2

/*
 * What the security module holds back of who has this label. An AppArmor
 * profile in complain mode and an SELinux type under a permissive policy only
 * tell: LABEL_TELLS.
 */
enum label_mode {
	LABEL_ABSENT, /* no such profile is loaded, no such type in the policy
		       */
	LABEL_HOLDS,
	LABEL_TELLS,
	LABEL_EMPTY,   /* AppArmor's "unconfined" mode: a name without rules */
	LABEL_UNKNOWN, /* may not be asked: the kernel will say at the step */
};
/* A label that was looked up (kernel/label). */
struct host_label {
	char *name;
	enum label_mode mode;
};

enum cgroup_mode { CGROUP_NONE, CGROUP_V1, CGROUP_HYBRID, CGROUP_V2 };

struct host {
	uid_t uid; /* the caller's real ids, in the initial view */
	gid_t gid;
	gid_t *groups;
	size_t n_groups;
	char *user;	   /* login name, or NULL */
	char *home;	   /* $HOME if absolute, else from passwd, or NULL */
	char *data_dir;	   /* $XDG_DATA_HOME/immure or ~/.local/share/immure */
	char *runtime_dir; /* $XDG_RUNTIME_DIR/immure, or a fallback */
	char *state_dir;   /* $XDG_STATE_HOME/immure or ~/.local/state/immure */
	struct id_range *subuid, *subgid;
	size_t n_subuid, n_subgid;
	bool subid_overlaps; /* with another user's range, or with our uid */
	char *newuidmap, *newgidmap; /* absolute, root-owned; NULL: not there */
	unsigned kernel_major, kernel_minor;
	char *arch;	  /* OCI name: amd64, arm64 */
	int landlock_abi; /* 0: not there */
	bool has_userns;  /* an unprivileged user namespace can be made */
	bool has_timens;
	bool has_overlay_userns; /* unprivileged overlay (5.11) */
	bool apparmor;		 /* active LSMs */
	bool selinux;
	struct host_label *labels; /* those of the spec, by the engine */
	size_t n_labels;
	bool userns_restricted; /* Ubuntu's AppArmor restriction is on */
	enum cgroup_mode cgroup;
	/* Where a cgroup of ours could be made; probed when one is asked for.
	 * The controllers that are ours to give, space-separated, or "" */
	bool cgroup_probed;
	char *cgroup_controllers;
	char *cgroup_place;   /* version 2: the directory; NULL: none */
	bool cgroup_is_own;   /* we are in it */
	size_t cgroup_others; /* and so many other processes */
	/* What a scope made by systemd (the user's own, root: the system's)
	 * would have, and the program that asks; NULL: there is none */
	char *scope_controllers, *scope_helper;
	bool has_tun; /* /dev/net/tun usable */
	uint64_t max_user_namespaces;
	/* of the limits that have a default of ours, when they were asked */
	struct host_rlimit rlimits[HOST_RLIMITS];
	size_t n_rlimits;
	/* our own rights, asked only before a bundle */
	bool in_userns;		/* our user namespace is not the first one */
	uint64_t cap_bounding;	/* bit n: capability n */
	uint64_t cap_permitted; /* the same */
	struct protected_object *protected_objects;
	size_t n_protected;
};

/* Frees what kernel/probe allocated (base/host.c: no system calls). */
void host_free(struct host *h);
/* LABEL_ABSENT for one that was not looked up. */
enum label_mode host_label_mode(const struct host *h, const char *name);

#endif
