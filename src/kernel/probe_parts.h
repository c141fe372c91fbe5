/*
 * probe_parts.h - the parts that probe.c puts together; nobody else calls
 * them but their tests.
 */
#ifndef KERNEL_PROBE_PARTS_H
#define KERNEL_PROBE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include "immure/err.h"
#include "immure/host.h"
#include "immure/trials.h"

/* probe_ids.c */
#define PROBE_SUBID_MAX (4u << 20) /* bytes of /etc/subuid that are read */

struct subid_view { /* what one of /etc/subuid, /etc/subgid says to us */
	struct id_range *ranges; /* ours, in the order of the file; heap */
	size_t n;
	bool overlaps; /* another's range, or our own id, lies in ours */
	char overlap_line[96];
	uint32_t past; /* no range of anybody reaches it, or beyond */
};
/* `text` is changed. Malformed lines are skipped, as newuidmap(1) does. */
void probe_subids(char *text, const char *user, uid_t uid,
		  struct subid_view *ret);
/* `t` NULL, or its overlap and free_subid are filled. */
int probe_ids(struct host *h, struct host_trials *t, struct err *e);
/* The line of `uid` in passwd(5) text: name and home, heap. False: none. */
bool probe_passwd(char *text, uid_t uid, char **name, char **home);
/* The helper's path, heap; NULL with the reason in `problem`. */
char *probe_helper(const char *name, char *problem, size_t size);

/* probe_dirs.c: home, data_dir, runtime_dir; `fallback` NULL allowed. */
void probe_dirs(struct host *h, bool *fallback);

/* The first line of a small file of /proc or /sys, heap; NULL when it is not
 * there. -1 when that cannot be told. */
int probe_line(const char *path, char **ret, struct err *e);

/* What lies at a path of the host's, or of the caller's environment; `flags`
 * as fstatat(2). 0, or an errno. Nothing is opened. */
int probe_stat(const char *path, int flags, struct stat *ret);

#endif
