/*
 * label.h - the AppArmor or SELinux label of a process, written to and read
 * from /proc/PID/attr of the private procfs. Not through the libraries: they
 * allocate and open /proc by path, where a sandbox may have put another one
 * (R4). apparmor(7), selinux(8).
 *
 * AppArmor's is stacked onto the present label, at once, so that others can
 * read it before the exec; SELinux's is that of the next exec. "apparmor-exec"
 * replaces the present label at the exec, as other runtimes do.
 */
#ifndef KERNEL_LABEL_H
#define KERNEL_LABEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "immure/err.h"

#define LABEL_SIZE 4096

/* Sets ours and reads it back. A module that is not active, a profile that is
 * not loaded, a type that the policy does not have: ERR_HOST. */
int label_set(int proc, const char *lsm, const char *label, struct err *e);
/* Can nobody but the process itself read it? */
bool label_is_own(const char *lsm);
/* Reads that of a process: `ret` holds LABEL_SIZE bytes. */
int label_get(int proc, pid_t pid, const char *lsm, char *ret, struct err *e);
/*
 * Is `label` what the kernel's `text` says? AppArmor: each profile of it is
 * one of the stack, and the mode holds something back; SELinux: the same.
 * ERR_VERIFY if not. Pure.
 */
int label_check(const char *lsm, const char *label, const char *text,
		struct err *e);

#endif
