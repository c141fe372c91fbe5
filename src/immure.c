/*
 * immure.c - the user's command line.
 */
#include <stddef.h>
#include "base/log.h"
#include "base/program.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
	static char *const none[] = { NULL };
	struct err e = ERR_INIT;

	if (program_begin("immure", &e) < 0) {
		log_error(&e);
		return err_exit_status(e.kind);
	}
	return cli_main(argc > 0 ? argv + 1 : none);
}
