/*
 * program.c - the first lines of a main().
 *
 * Refuses to run with more rights than its caller (set-user-id, set-group-id,
 * file capabilities): nothing here is written to be trusted with any.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/prefault.h"
#include "base/program.h"

/* Who ignores SIGCHLD gets no exit statuses; a parent of ours may have. */
static int want_statuses(struct err *e)
{
	return signal(SIGCHLD, SIG_DFL) == SIG_ERR
		       ? err_sys(e, "stop ignoring SIGCHLD")
		       : 0;
}

static int refuse_privilege(struct err *e)
{
	if (getauxval(AT_SECURE) || getuid() != geteuid() ||
	    getgid() != getegid())
		return err_set(e, ERR_HOST,
			       "installed set-user-id, set-group-id or with "
			       "file capabilities: it never needs them; remove "
			       "them (chmod ug-s, setcap -r)");
	return 0;
}

int program_begin(const char *name, struct err *e)
{
	log_name(name);
	if (fd_sanitize_stdio(e) < 0 || refuse_privilege(e) < 0)
		return -1;
	prefault_text();
	free(xmalloc(1)); /* so that there is a heap */
	prefault_written();
	return want_statuses(e);
}
