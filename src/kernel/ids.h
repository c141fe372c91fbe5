/*
 * ids.h - groups, gid, uid: set explicitly, all three of each, read back
 * (R16). credentials(7).
 */
#ifndef KERNEL_IDS_H
#define KERNEL_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"

struct ids {
	uint32_t uid, gid;
	const uint32_t *groups;
	size_t n_groups;
	bool set_groups; /* false: setgroups is denied here, keep them */
};
int ids_set(const struct ids *i, struct err *e);

#endif
