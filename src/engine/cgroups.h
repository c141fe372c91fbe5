/*
 * cgroups.h - the cgroups that runs of this user have made: written down before
 * they are made, so that whoever comes next can remove what a killed launcher
 * left behind.
 */
#ifndef ENGINE_CGROUPS_H
#define ENGINE_CGROUPS_H

#include "immure/err.h"
#include "immure/host.h"

/* One that is about to be made; for launch_order.note, `arg` is what
 * cgroups_open gave. */
struct cgroup_notes;
/* NULL with *e: the runtime directory cannot be had. */
struct cgroup_notes *cgroups_open(const struct host *h, struct err *e);
void cgroups_free(struct cgroup_notes *n);
int cgroups_note(void *arg, char *const *lines, struct err *e);
/* It is gone. */
void cgroups_forget(struct cgroup_notes *n);
/* Removes those that nobody has any more. What cannot be removed stays written
 * down. */
void cgroups_sweep(const struct cgroup_notes *n);
/* The same for a command that makes none. */
void cgroups_sweep_left(const struct host *h);

#endif
