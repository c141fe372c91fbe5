/*
 * oci_state.h - what is written down of a container that was created from a
 * bundle.
 */
#ifndef IMMURE_OCI_STATE_H
#define IMMURE_OCI_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "immure/plan.h"

enum oci_status {
	OCI_CREATING,
	OCI_CREATED,
	OCI_RUNNING,
	OCI_PAUSED,
	OCI_STOPPED
};

struct oci_state {
	char *id;
	char *bundle;  /* absolute */
	char *rootfs;  /* absolute */
	char *created; /* RFC 3339 */
	char *owner;   /* user name, or the number */
	char **annotations;
	/* where the first three descriptors of whoever created it led, as a
	 * JSON array in a text; NULL: not known */
	char *streams;
	char **cgroup; /* its lines (kernel/cgroup.h); NULL: none of its own */
	char *scope;   /* the unit of systemd that it is, or NULL */
	bool own_pids; /* a pid namespace of its own: all end with its first */
	pid_t pid;     /* 0: never was one */
	/* of the process: its start in clock ticks after the boot, so that
	 * another one with its number is not taken for it */
	uint64_t start_time;
	uint8_t hash[PLAN_HASH_LEN]; /* of its plan */
};

void oci_state_done(struct oci_state *s);

#endif
