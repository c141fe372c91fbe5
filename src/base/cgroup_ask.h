/*
 * cgroup_ask.h - what the settings of a cgroup (FILE=VALUE, of either version)
 * hold, as amounts: bytes, processes, processors rounded up; UINT64_MAX: no
 * limit.
 */
#ifndef BASE_CGROUP_ASK_H
#define BASE_CGROUP_ASK_H

#include <stdbool.h>
#include <stdint.h>
#include "immure/cgroup.h"

uint64_t cgroup_ask_memory(const struct cgroup_ask *c);
uint64_t cgroup_ask_pids(const struct cgroup_ask *c);
uint64_t cgroup_ask_cpus(const struct cgroup_ask *c);
/* Is the controller in that list of words between blanks (NULL: none)? */
bool cgroup_in_list(const char *list, const char *controller);

#endif
