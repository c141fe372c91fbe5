/*
 * mcs.h - a pair of SELinux categories for each sandbox that runs: two of one
 * user never have the same.
 */
#ifndef ENGINE_MCS_H
#define ENGINE_MCS_H

#include "immure/err.h"

/* "s0:c1,c2", heap; it is ours while *ret_fd is open. */
int mcs_take(const char *runtime_dir, char **ret_level, int *ret_fd,
	     struct err *e);

#endif
