/*
 * procfs.h - the launcher's own view of /proc: a detached procfs that no
 * container and no over-mount can replace (R4). Files are opened below it
 * with no symlink and no mount crossing; values written are read back.
 */
#ifndef KERNEL_PROCFS_H
#define KERNEL_PROCFS_H

#include <stddef.h>
#include <sys/types.h>
#include "immure/err.h"

/* A detached procfs of our pid namespace, checked to be one. */
int procfs_open(struct err *e);
/*
 * The host's /proc as an fd, for the parent: checked with fstatfs. Only for
 * children of ours, before they can be anything else.
 */
int procfs_open_host(struct err *e);
/* Our own number in this procfs, which may be that of another pid namespace;
 * -1. */
pid_t procfs_own_pid(int proc, struct err *e);
/* Is it the root of a procfs? */
int procfs_check(int fd, struct err *e);
/*
 * Reads a whole small file that the kernel makes in one piece, with one
 * read(2): its length (NUL added), or -1. Too long: -1.
 */
ssize_t procfs_read(int proc, const char *path, char *ret, size_t size,
		    struct err *e);
/* The same for a file of many records (mountinfo), until its end. */
ssize_t procfs_read_all(int proc, const char *path, char *ret, size_t size,
			struct err *e);
/* Writes in one write(2). */
int procfs_write(int proc, const char *path, const char *value, struct err *e);
/* Writes, reads back, compares (white space at the end aside). */
int procfs_set(int proc, const char *path, const char *value, struct err *e);

#endif
