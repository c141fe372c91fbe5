/*
 * selinux.h - what SELinux says to everybody: our own context, whether its
 * policy has another one, whether it is enforced. selinux(8).
 */
#ifndef KERNEL_SELINUX_H
#define KERNEL_SELINUX_H

#include "immure/err.h"
#include "immure/host.h"

/* The caller's context; heap. */
int selinux_own(char **ret, struct err *e);
/* LABEL_ABSENT: the policy has no such type, or not at this level;
 * LABEL_TELLS: permissive; LABEL_UNKNOWN: may not be asked. */
int selinux_mode(const char *context, enum label_mode *ret, struct err *e);
/* Gives a file of ours (by fd) a context, and reads it back. */
int selinux_set_file(int fd, const char *context, struct err *e);
/*
 * Gives everything below an O_PATH fd a context: links are not followed,
 * nothing is opened but directories, other filesystems are left out. Changes
 * the working directory. Allocates nothing.
 */
int selinux_relabel(int fd, const char *context, struct err *e);

#endif
