/*
 * effective.h - what the kernel reports of a running process, as the caller
 * sees it. Not what was asked for. Written by kernel/inspect.
 */
#ifndef IMMURE_EFFECTIVE_H
#define IMMURE_EFFECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "immure/spec.h"

struct effective_mount {
	int id, parent;
	char *dev;    /* "8:1" */
	char *root;   /* what of that filesystem is mounted */
	char *target; /* where, inside */
	char *type;
	uint64_t attr; /* MOUNT_ATTR_* of the four flags; RDONLY also when the
			  filesystem itself is */
};

struct effective {
	pid_t pid;
	char *name; /* of its program, 15 bytes at most; its own to choose */
	uint32_t uid[4], gid[4];
	struct spec_idmap *uid_map, *gid_map; /* outer: the caller's ids */
	size_t n_uid_map, n_gid_map;
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd, cap_amb;
	bool no_new_privs;
	int seccomp, n_filters; /* mode; filters, inherited ones too */
	uint64_t own_ns;	/* CLONE_NEW* that differ from the caller's */
	uint64_t unseen_ns;	/* those that may not be compared */
	struct effective_mount *mounts;
	size_t n_mounts;
	bool has_mounts;
	/* the caller's own, to tell what is the host's */
	struct effective_mount *host_mounts;
	size_t n_host_mounts;
	char *label; /* of the security module; NULL: none, or not readable */
	uint64_t max_processes, max_core; /* hard limits; UINT64_MAX: none */
	char **env; /* at its start; NULL when has_env is false */
	bool has_env;
	/* of the paths that are masked or read-only by default, those that
	 * this kernel does not have */
	char **absent;
};

void effective_done(struct effective *x);

#endif
