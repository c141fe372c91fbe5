/*
 * child.h - the child's half: walks the list, one function an operation.
 * Between clone and exec nothing is allocated and nothing is parsed.
 */
#ifndef LAUNCH_CHILD_H
#define LAUNCH_CHILD_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include "immure/err.h"
#include "immure/plan.h"
#include "launch/launch.h"
#include "launch/wire.h"

/* The child's descriptors. Each is -1 until its step; FDS closes them. */
struct child {
	const struct plan *plan;
	int sock;
	/* the parent's ends, copied by clone: while one of them is open the
	 * parent's death would not be seen. Closed first of all. */
	int parents[2];
	const uint8_t *hash; /* of the plan: GO must carry it */
	const struct launch_io *io;
	int status; /* write end of exec_status */
	int gate;   /* where a plan with a gate waits, or -1 */
	/* started by root: the objects of the host, opened before its rights
	 * are gone; NULL: each is opened by its step */
	int *sources;
	size_t next_source;
	int init;	  /* sealed memfd of immure-init, or -1 */
	char **init_argv; /* made by the parent, names `program` */
	char init_name[12];
	int proc;	     /* private procfs */
	int fdlist;	     /* its PID/fd, opened before Landlock */
	int writes;	     /* mount that holds them (a detached one lives
				as long as its fd) */
	uint32_t owner;	     /* id-space id of the sandbox's root */
	bool kept;	     /* `writes` is a directory of the host */
	const char *context; /* of what is mounted, or NULL */
	int upper, work;     /* directories of the overlay */
	int root;	     /* the new root's mount */
	int links;	     /* directory of the last symbolic link */
	int stages;	     /* mounts of ours left over the old root */
	/* What covers a file (the host's null device, checked) and what
	 * covers a directory (an empty read-only tmpfs), once attached. */
	int null, empty;
	/* by PASS: the program's are among 3 … 2 + passed, or NULL and 0 */
	const struct step *pass;
	int passed;
	/* lives without the launcher after VERIFY, though there is no gate */
	bool detached;
	int pty; /* peer of the terminal */
	/* what hooks inside read: while it is created, at its start; or -1 */
	int states[2];
	int hook_status;	/* of one at the start that failed */
	char program[PATH_MAX]; /* found by COMMAND */
	uint8_t skipped[WIRE_STEPS_MAX / 8];
};

/* Never returns. Reports errors through the socket and exits. */
_Noreturn void child_main(struct child *c);

typedef int step_fn(struct child *c, const struct step *s, struct err *e);
/* step_root.c */
step_fn step_private, step_procfs, step_context, step_upper, step_overlay,
	step_rootdir, step_tmproot, step_mount, step_symlink, step_dir,
	step_file, step_readonly, step_mask, step_pivot;
/* step_dev.c */
step_fn step_relabel, step_bind, step_device, step_pty;
/* step_identity.c */
step_fn step_keyring, step_cgroupns, step_timens, step_loopback, step_hostname,
	step_sysctl, step_nslimit, step_userns, step_session, step_ids,
	step_caps, step_bounding;
/* step_lockdown.c */
step_fn step_rlimit, step_umask, step_cwd, step_command, step_nnp, step_label,
	step_landlock, step_fds, step_seccomp, step_record;

/* step_bundle.c */
step_fn step_slave, step_roottree, step_tree, step_mknod, step_attr,
	step_propagate, step_domainname, step_oom, step_persona, step_keepcaps,
	step_capsets, step_gate, step_copyup, step_enter, step_pass;

/* step_sched.c */
step_fn step_scheduler, step_io_priority, step_affinity, step_mempolicy;

/* step_hook.c */
step_fn step_hook;

/* One object that a step names. */
struct source {
	const char *path;
	const struct object_id *id;
};
typedef int source_fn(void *arg, const struct step *s, const struct source *x,
		      struct err *e);
/* fn for each that the plan names, in the order of the steps. */
int source_each(const struct plan *p, source_fn *fn, void *arg, struct err *e);
/* source.c: how many objects of the host a plan names; opens all of them;
 * opens the next one, or gives it when it is open. */
size_t source_count(const struct plan *p);
int source_open_all(struct child *c, struct err *e);
int source_open(struct child *c, const char *path, const struct object_id *id,
		struct stat *ret_st, struct err *e);

/* Is the child in another pid namespace than we: a new or a joined one? */
bool launch_has_own_pids(const struct plan *p);

/* The tmpfs that hides directories. */
#define MASK_OPTIONS "mode=555,size=4k,nr_inodes=2"

/* Opens a mount target inside the new root, no symlink in any place (R3). */
int child_open_target(struct child *c, const char *path, struct err *e);
/* Makes the target (directory, or empty file) when missing and opens it. */
int child_make_target(struct child *c, const char *path, bool directory,
		      struct err *e);
/* The parent directory (made when missing) and the last part of the path;
 * `how`: PARENT_STRICT, or 0. */
int child_open_parent(struct child *c, const char *path, int how,
		      char ret_name[256], struct err *e);
void child_skip(struct child *c, const struct step *s);

#endif
