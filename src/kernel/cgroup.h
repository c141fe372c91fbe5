/*
 * cgroup.h - the cgroup of one container: cgroups(7) of version 2, of version
 * 1, and where both are mounted (hybrid). Plain arguments, no policy.
 *
 * A container's cgroup is one directory of version 2, or one in each hierarchy
 * of version 1 that it needs. All of it is reached by descriptors: from the
 * mount point on no symbolic link is followed and no mount is crossed.
 *
 * How a front end uses it:
 *   make     cgroup_make (limits: cgroup_set), clone with cgroup_clone_fd, or
 *            cgroup_put; then cgroup_check and cgroup_has
 *   keep     cgroup_lines; later cgroup_open of those lines
 *   control  cgroup_set (update), cgroup_freeze, cgroup_kill, cgroup_pids
 *   watch    cgroup_stat, cgroup_oom_kills
 *   end      cgroup_remove
 * What is written where, for what limit, is plan/cgroup.h's.
 */
#ifndef KERNEL_CGROUP_H
#define KERNEL_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/cleanup.h"
#include "immure/cgroup.h"
#include "immure/err.h"
#include "immure/host.h"

/* Where the kernel shows them. */
struct cgroup_fs {
	enum cgroup_mode mode;
	int root; /* /sys/fs/cgroup */
};
#define CGROUP_FS_INIT                                                         \
	{                                                                      \
		.mode = CGROUP_NONE, .root = -1                                \
	}
/* Of this host; none is mounted: mode CGROUP_NONE. */
int cgroup_fs_open(struct cgroup_fs *ret, struct err *e);
void cgroup_fs_done(struct cgroup_fs *fs);
DEFINE_AUTO_DONE(struct cgroup_fs, cgroup_fs_done);

/*
 * Lines of /proc/PID/cgroup without their number, as "memory:/a/b" (version 1)
 * and ":/a/b" (version 2): what a process, or a cgroup of ours, is in. strv.
 */
int cgroup_lines_of(int proc, pid_t pid, char ***ret, struct err *e);
/* The path in the line of this controller, "" for version 2; NULL: none. */
const char *cgroup_line_path(char *const *lines, const char *controller);

struct cgroup_dir {
	char *controllers; /* as in a line: "cpu,cpuacct"; "": version 2 */
	char *path;	   /* in its hierarchy, clean */
	int fd;
	bool made; /* by cgroup_make: it was not there before */
};
struct cgroup {
	struct cgroup_dir *dirs;
	size_t n;
};
void cgroup_free(struct cgroup *c);
DEFINE_AUTO(struct cgroup *, cgroup_free);

struct cgroup_new {
	/* the cgroup that it is made in: a clean path, the same in every
	 * hierarchy; NULL: our own of each */
	const char *parent;
	const char *name; /* NULL: one that nobody has; *ret says which */
	/* those that must be in force in it, NULL-terminated. Of version 1:
	 * the hierarchies it has a directory in */
	char *const *controllers;
	bool make_parents; /* missing directories above it, too */
	/* version 2: `parent` holds us; we move to a directory beside the new
	 * one, as a cgroup with processes passes no controllers on */
	bool aside;
	/* called before anything is made, with the lines of what will be; -1:
	 * nothing is. May be NULL */
	int (*note)(void *arg, char *const *lines, struct err *e);
	void *note_arg;
};
/* The name of the directory that `aside` moves us to. */
#define CGROUP_ASIDE "immure-launcher"
/* What names of ours begin with, when none is given. */
#define CGROUP_PREFIX "immure-"

/*
 * ERR_HOST names the controller that cannot be had, and where; ERR_CONFLICT:
 * it is in use, or what is put there would stand still. The new
 * directories are locked (flock) for as long as *ret, or a copy of its
 * descriptors, is open; on failure nothing of it is left.
 */
int cgroup_make(const struct cgroup_fs *fs, const struct cgroup_new *n,
		struct cgroup **ret, struct err *e);
/* One that is there. ERR_MISSING: it is not (any more). */
int cgroup_open(const struct cgroup_fs *fs, char *const *lines,
		struct cgroup **ret, struct err *e);
/* For cgroup_open, later. strv. */
char **cgroup_lines(const struct cgroup *c);
/* The fd for CLONE_INTO_CGROUP; -1: version 1, use cgroup_put. The child's
 * own cgroup namespace (CLONE_NEWCGROUP of the same call) begins there. */
int cgroup_clone_fd(const struct cgroup *c);
/* Moves a process, with all of its threads, into it. */
int cgroup_put(const struct cgroup *c, pid_t pid, struct err *e);
/* Is it in there, in all of its directories? ERR_VERIFY: no. */
int cgroup_has(const struct cgroup *c, pid_t pid, struct err *e);

/* ---- cgroup_set.c: settings are "FILE=VALUE", as in "memory.max=64" ----
 * "devices.allow=c 1:3 rwm" and its kin are, with version 2, one program.
 * "?FILE=VALUE": where the kernel has that file; "FILE|OTHER=VALUE": the one
 * that it has. A value of many lines is
 * written line by line. Of version 1 the directory is found by the name. */
int cgroup_set(const struct cgroup *c, char *const *settings, struct err *e);
/* Does the kernel report them? ERR_VERIFY: no. Numbers of bytes may be rounded
 * down to pages. Files of which nothing can be read back are not looked at
 * (devices.allow, devices.deny). */
int cgroup_check(const struct cgroup *c, char *const *settings, struct err *e);
/* A whole small file; NULL text: there is none. */
int cgroup_read(const struct cgroup *c, const char *file, char **ret,
		struct err *e);

/* ---- cgroup_state.c ---- */
/* Waits until all of it stands still (or runs), at most so long. */
int cgroup_freeze(const struct cgroup *c, bool frozen, int ms, struct err *e);
int cgroup_is_frozen(const struct cgroup *c, bool *ret, struct err *e);
/* SIGKILL to everything in it and below, frozen or not; waits until it is
 * empty, at most so long (ERR_TIMEOUT). */
int cgroup_kill(const struct cgroup *c, int ms, struct err *e);
/* Is a process in the directory, or below it? 1, 0, or -1 and errno. */
int cgroup_is_used(int dir);
/* Waits until none is, in all of it, at most so long: *ret, still used. */
int cgroup_wait_unused(const struct cgroup *c, int ms, bool *ret,
		       struct err *e);
/* A signal to everything in it and below, as far as it is there. */
int cgroup_signal(const struct cgroup *c, int sig, struct err *e);
/* Numbers of all processes in it and below; heap. */
int cgroup_pids(const struct cgroup *c, pid_t **ret, size_t *ret_n,
		struct err *e);
/*
 * Removes it and what is below. Processes that are ending are waited for, at
 * most so long; gone already is success. *c is freed.
 */
int cgroup_remove(const struct cgroup_fs *fs, struct cgroup *c, int ms,
		  struct err *e);
/*
 * The same for one that somebody made and left behind: only when nobody holds
 * its lock and nothing runs in it. True: it is gone.
 */
bool cgroup_sweep(const struct cgroup_fs *fs, char *const *lines);
/* After `aside`, and when what was made is removed: back into `parent`, unless
 * others have cgroups in there: then we stay, and harm nobody. */
int cgroup_return(const struct cgroup_fs *fs, const char *parent,
		  struct err *e);

/* ---- cgroup_stat.c ---- */
/* What is not counted is CGROUP_UNKNOWN. */
int cgroup_stat(const struct cgroup *c, struct cgroup_stat *ret, struct err *e);
/* How many processes the kernel ended for lack of memory in it, or below;
 * 0 without the controller. */
int cgroup_oom_kills(const struct cgroup *c, uint64_t *ret, struct err *e);

/* ---- cgroup_place.c ---- */
/*
 * Of version 2: the nearest cgroup, from ours upwards, that was given to us to
 * make others in; path NULL: none. Where systemd manages the tree that is one
 * of a unit that it has marked as delegated; never user@UID.service, in which
 * the user's manager works itself.
 */
struct cgroup_place {
	char *path;	   /* clean */
	char *controllers; /* that it may pass on, space-separated */
	bool is_own;	   /* the cgroup that we are in, and not the root */
	size_t others;	   /* processes in it that are not we */
};
void cgroup_place_done(struct cgroup_place *p);
DEFINE_AUTO_DONE(struct cgroup_place, cgroup_place_done);
int cgroup_find_place(const struct cgroup_fs *fs, char *const *own,
		      struct cgroup_place *ret, struct err *e);
/* Version 1: the controllers in whose hierarchy we may make directories below
 * our own; heap, space-separated. */
char *cgroup_v1_writable(const struct cgroup_fs *fs, char *const *own);

/* ---- for the files above ---- */
/* Opens a directory of the hierarchy: `controllers` as in a line. -1: errno. */
int cgroup_open_dir(const struct cgroup_fs *fs, const char *controllers,
		    const char *path);
/* Reads a small file below `dir` (NUL added). -1 and errno. */
ssize_t cgroup_read_at(int dir, const char *file, char *ret, size_t size);
/* Writes in one write(2). -1 and errno. */
int cgroup_write_at(int dir, const char *file, const char *value);
/* Does the list (separated by `sep` and the end) have the word? */
bool cgroup_list_has(const char *list, char sep, const char *word);
/* The directory whose controllers have this file; -1: none. */
int cgroup_dir_of(const struct cgroup *c, const char *file);

#endif
