/*
 * label.h - the AppArmor or SELinux label of the next exec, written to and
 * read back from /proc/PID/attr of the private procfs. Not through the
 * libraries: they allocate and open /proc by path, where a sandbox may have
 * put another one (R4). apparmor(7), selinux(8).
 */
#ifndef KERNEL_LABEL_H
#define KERNEL_LABEL_H

#include "immure/err.h"

/* `lsm` is "apparmor" (the label is stacked onto the present one),
 * "apparmor-exec" (it replaces it) or "selinux". An LSM that is not active is
 * ERR_HOST. */
int label_set_exec(int proc, const char *lsm, const char *label, struct err *e);

#endif
