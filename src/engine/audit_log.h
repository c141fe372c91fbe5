/*
 * audit_log.h - every decision as a line of JSON in the user's state
 * directory: audit.log there, audit.log.1 the one before, and so on.
 *
 * A line is one write(2) to a file opened for appending, so that concurrent
 * runs never mix; a log that has reached AUDIT_LOG_SIZE is renamed under a
 * lock, and the oldest of AUDIT_LOG_FILES goes.
 */
#ifndef ENGINE_AUDIT_LOG_H
#define ENGINE_AUDIT_LOG_H

#include "base/buf.h"
#include "immure/host.h"
#include "immure/verdict.h"

#define AUDIT_LOG_SIZE	(1u << 20)
#define AUDIT_LOG_FILES 5
#define AUDIT_LINE_MAX	4096

/*
 * Appends the verdict on this plan. ERR_SYS, ERR_INPUT (a log that others
 * may write) or ERR_HOST (no state directory) when it cannot.
 */
int audit_log_append(const struct host *h, const struct plan *p,
		     const struct verdict *v, struct err *e);
/* All lines there are, oldest first. No log is an empty one. */
int audit_log_read(const struct host *h, struct buf *ret, struct err *e);

#endif
