/*
 * immure.c - the user's command line.
 *
 * Refuses to run with more rights than its caller (set-user-id, set-group-id,
 * file capabilities): nothing here is written to be trusted with any.
 */
#include <signal.h>
#include <sys/auxv.h>
#include <unistd.h>
#include "base/fd.h"
#include "base/log.h"
#include "cli/cli.h"

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

int main(int argc, char **argv)
{
	static char *const none[] = { NULL };
	struct err e = ERR_INIT;

	log_name("immure");
	if (fd_sanitize_stdio(&e) || refuse_privilege(&e) ||
	    want_statuses(&e)) {
		log_error(&e);
		return err_exit_status(e.kind);
	}
	return cli_main(argc > 0 ? argv + 1 : none);
}
