/*
 * probe_rights.c - our own rights: whether our user namespace is the first
 * one, and which capabilities we can give away.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/probe.h"
#include "kernel/procfs.h"

static int get_set(const char *status, const char *name, uint64_t *ret,
		   struct err *e)
{
	const char *at = strstr(status, name);

	if (!at)
		return err_set(e, ERR_HOST, "the kernel reports no %s", name);
	*ret = strtoull(at + strlen(name), NULL, 16);
	return 0;
}

int probe_rights(struct host *h, struct err *e)
{
	auto_fd proc = procfs_open_host(e);
	char status[8192], map[4096];
	uint32_t inside, outside, count;

	if (proc < 0)
		return -1;
	/* "self" is a symbolic link, and no name for procfs_read */
	snprintf(map, sizeof(map), "%d/status", (int)getpid());
	if (procfs_read(proc, map, status, sizeof(status), e) < 0 ||
	    get_set(status, "\nCapBnd:", &h->cap_bounding, e) < 0 ||
	    get_set(status, "\nCapPrm:", &h->cap_permitted, e) < 0)
		return -1;
	snprintf(status, sizeof(status), "%d/uid_map", (int)getpid());
	if (procfs_read(proc, status, map, sizeof(map), e) < 0)
		return -1;
	h->in_userns = sscanf(map, "%" SCNu32 " %" SCNu32 " %" SCNu32, &inside,
			      &outside, &count) != 3 ||
		       inside != 0 || outside != 0 || count != UINT32_MAX;
	return 0;
}
