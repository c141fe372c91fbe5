/*
 * parts.h - what the files that build a plan share. Not for other layers.
 */
#ifndef PLAN_PARTS_H
#define PLAN_PARTS_H

#include "immure/host.h"
#include "immure/plan.h"
#include "immure/spec.h"

/* A plan being built. */
struct build {
	const struct spec *s;
	const struct host *h;
	struct plan *p;
	bool has_context;	      /* SELinux's, of all its files */
	bool has_helper;	      /* setgroups(2) is allowed */
	struct idmap_list uids, gids; /* the inner maps; the spec's */
	/* outer ids of the sandbox's root and of the program's user */
	uint32_t root_uid, root_gid;
	uint32_t user_uid, user_gid;
};

#define BUILD_OF(spec, host, plan)                                             \
	{                                                                      \
		.s = (spec), .h = (host), .p = (plan),                         \
		.uids = { (spec)->uid_map, (spec)->n_uid_map },                \
		.gids = { (spec)->gid_map, (spec)->n_gid_map },                \
	}

/* ---- build.c ---- */
/* EXEC of the spec's command. */
struct step *build_exec(struct build *b);

/* ---- identity.c ---- */
/* CLONE, IDMAP, CGROUP, KEYRING. */
int build_start(struct build *b, struct err *e);
/* CGROUP, if the spec has one. */
void build_cgroup(struct build *b);
/* CGROUPNS, after PROCFS: with cgroups of version 1 the namespace of CLONE
 * begins at the launcher's own, as the child is moved only then. */
void build_cgroupns(struct build *b);
/* NSLIMIT, USERNS, SESSION. */
int build_identity(struct build *b, struct err *e);

/* ---- build_root.c ---- */
int build_root(struct build *b, struct err *e);

/* ---- build_mount.c ---- */
/* Every mount of the spec in order; /dev is filled right after it. */
int build_mounts(struct build *b, struct err *e);

/* ---- lockdown.c ---- */
int build_lockdown(struct build *b, struct err *e);

/* Will the program get an SELinux label? Refuses what cannot be. */
int build_selinux(const struct build *b, bool *ret, struct err *e);

/* ---- landlock.c ---- */
int build_landlock(struct build *b, struct err *e);

/* ---- of bundles: bundle_root.c, bundle_lockdown.c ---- */
int bundle_root(struct build *b, struct err *e);
int bundle_lockdown(struct build *b, struct err *e);
void build_joins(struct build *b);
/* IDMAP: as a user namespace that is joined has it. */
void build_map_there(struct build *b);
void build_copy_map(const struct idmap_list *from, struct idmap_list *to);
void build_hooks(struct build *b, enum op op, enum hook_when when);

/* ---- what both kinds of plan share ---- */
void build_rlimits(struct build *b);
void build_command(struct build *b);
/* IDS: the program's user, group and other groups. */
void build_ids(struct build *b);
int build_filters(struct build *b, struct err *e);
int build_sysctls(struct build *b, struct err *e);
int build_check_map(const struct idmap_list *l, const char *what,
		    struct err *e);

#endif
