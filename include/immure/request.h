/*
 * request.h - what somebody asked for, in the words of docker and podman,
 * before anything is resolved. Front ends fill it; plan/resolve reads it.
 * A NULL string or vector means "not asked".
 */
#ifndef IMMURE_REQUEST_H
#define IMMURE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/cgroup.h"

enum root_source { ROOT_IMAGE, ROOT_DIR, ROOT_HOST };
enum tristate { UNSET = 0, NO, YES };

struct request_mount {	     /* -v, --mount, --tmpfs */
	char *type;	     /* "bind", "tmpfs" */
	char *source;	     /* bind: host path as given (made absolute) */
	char *target;	     /* absolute container path */
	bool writable;	     /* default false */
	bool exec;	     /* default: bind true, tmpfs false */
	bool suid, dev;	     /* default false */
	bool recursive;	     /* default true */
	uint64_t tmpfs_size; /* bytes, 0: default */
	uint32_t tmpfs_mode; /* 0: 01777 */
	bool relabel_shared, relabel_private; /* bind: z and Z */
};

struct request_rlimit {
	char *name;	     /* "nofile" */
	uint64_t soft, hard; /* UINT64_MAX: unlimited */
};

struct request {
	enum root_source root;
	char *image;	   /* name, id or digest (ROOT_IMAGE) */
	char *rootfs;	   /* directory (ROOT_DIR) */
	char **command;	   /* the words after IMAGE */
	char **entrypoint; /* --entrypoint; empty vector: cleared */
	bool has_entrypoint;
	char **env; /* KEY=VALUE, complete */
	char *user;
	char *workdir;
	char *hostname;
	char *name;
	char *stop_signal;
	char **annotations, **labels; /* KEY=VALUE */

	bool interactive, tty, keep, read_only, privileged;
	enum tristate init; /* UNSET: on */
	struct request_mount *mounts;
	size_t n_mounts;
	char **devices; /* "/dev/x[:/dev/y[:rwm]]" */

	char **cap_add, **cap_drop;
	char *caps;	      /* "none" (default), "compat", "all" */
	char *seccomp;	      /* "default", "strict", "build", "unconfined",
				 or a file */
	char *seccomp_narrow; /* one more profile, a file; or NULL */
	char *landlock;	      /* "required" (default), "wanted", "off" */
	char *landlock_rules; /* a file, or NULL: the usual ones */
	char *record;	      /* the file that is written, or NULL */
	char *record_mode;    /* "deny" (default), "allow" */
	char *record_calls;   /* "all" (default), "denied" */
	/* label, "required", "wanted" (NULL), "off" or "unconfined" */
	char *apparmor, *selinux;
	enum tristate no_new_privs; /* UNSET: on */
	bool unmask; /* --security-opt unmask=ALL / systempaths=… */

	char *userns; /* "nomap" (default), "keep-id", "root", "single",
			 "host" */
	char **uidmap, **gidmap; /* CONTAINER:ID:COUNT, id in the id space */
	char *pid, *ipc, *uts, *cgroupns,
		*network; /* "private"/"none","host" */
	struct request_rlimit *rlimits;
	size_t n_rlimits;
	int64_t pids_limit;	     /* 0: default (512), -1: unlimited */
	struct cgroup_limits limits; /* its pids: see above */
	char *cgroup_parent;	     /* a cgroup, or a slice of systemd's */
	char *cgroups;	     /* "auto" (default), "enabled", "disabled" */
	uint64_t root_size;  /* bytes of the tmpfs upper, 0: default */
	uint64_t timeout_ms; /* 0: none */
};

void request_free(struct request *r);

#endif
