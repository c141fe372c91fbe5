/*
 * fetch.h - the step `fetch`: what a plan binds is opened for the child, which
 * is in a user namespace and has root's rights over no file of the host, by a
 * process that still has them.
 */
#ifndef LAUNCH_FETCH_H
#define LAUNCH_FETCH_H

#include <sys/types.h>
#include "immure/err.h"
#include "immure/plan.h"

struct fetch {
	const struct plan *plan;
	uint32_t step; /* that of the messages */
	int proc;      /* the host's /proc */
	int child;     /* its pidfd */
	int sock;      /* to the child, which receives source_count of them */
};
/* In the child's own mount namespace, so that what it binds stays locked as the
 * kernel locks it there. */
int fetch_sources(const struct fetch *f, struct err *e);

#endif
