/*
 * idmap.h - uid_map, gid_map, setgroups of a user namespace, written and
 * read back (R38). user_namespaces(7).
 */
#ifndef KERNEL_IDMAP_H
#define KERNEL_IDMAP_H

#include <stdbool.h>
#include <sys/types.h>
#include "immure/err.h"
#include "immure/plan.h"

struct idmap {
	const struct idmap_list *uids, *gids;
	const char *newuidmap, *newgidmap; /* NULL: written directly */
	bool setgroups;			   /* false: "deny" first */
};
/* Maps the user namespace that `pid` (a child of ours) is in, through `proc`,
 * the host's (procfs_open_host), and reads the maps back. */
int idmap_write(int proc, pid_t pid, const struct idmap *m, struct err *e);

/* A user namespace with these maps that nobody is in: an fd, or -1. */
int idmap_open(int proc, const struct idmap *m, struct err *e);

/* A child of ours that does nothing in the user namespace `ns`, for others to
 * read its maps in /proc; ended by pidfd_end. Its pid, or -1. */
pid_t idmap_visit(int ns, int *ret_pidfd, struct err *e);

/*
 * The calling process enters a new user namespace below its own, with these
 * maps (`outer` is an id of the present namespace): a helper that stays in
 * the present one for a moment writes them through `proc`, the private
 * procfs. Nothing is allocated. Whoever verifies the process from outside
 * reads the maps back.
 */
int idmap_enter(int proc, const struct idmap *m, struct err *e);

#endif
