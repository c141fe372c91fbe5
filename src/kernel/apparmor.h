/*
 * apparmor.h - what AppArmor has loaded, as an ordinary user may ask: the
 * listing of securityfs. Setting a label is kernel/label.h.
 */
#ifndef KERNEL_APPARMOR_H
#define KERNEL_APPARMOR_H

#include "immure/err.h"
#include "immure/host.h"

/*
 * The mode of a profile of our own policy namespace. LABEL_UNKNOWN: the
 * listing cannot be read (no securityfs), or the name is not one of a single
 * profile (a stack, a child, another namespace).
 */
int apparmor_mode(const char *name, enum label_mode *ret, struct err *e);
/* The same in an open listing, which `name` is looked for in. */
int apparmor_mode_in(int dir, const char *name, enum label_mode *ret,
		     struct err *e);

#endif
