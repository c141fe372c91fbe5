/* labels.h - the labels of a spec, made whole, and what the security modules
 * of this host have of them. */
#ifndef ENGINE_LABELS_H
#define ENGINE_LABELS_H

#include "immure/err.h"
#include "immure/host.h"
#include "immure/spec.h"

/* An AppArmor profile, by its name. Nothing where AppArmor is not active. */
int labels_look_up(const char *profile, struct host *h, struct err *e);
/*
 * Fills the SELinux contexts of the spec, and looks up all its labels.
 * *ret_fd: the sandbox's categories are its own while it is open; -1: none
 * were taken.
 */
int labels_fill(struct spec *s, struct host *h, int *ret_fd, struct err *e);
/* Whether our own SELinux type would be put on a sandbox of this caller. */
int labels_look_up_type(struct host *h, struct err *e);

#endif
