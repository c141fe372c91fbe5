/*
 * immure-image.c - the confined worker of the store: reads image archives,
 * unpacks layers, removes trees. Started by immure in the user's id space
 * (kernel/idjob), never by hand.
 *
 * The only program that links libarchive and libcrypto.
 */
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "store/work.h"

/* Asked by AddressSanitizer, in a build with it: who is confined cannot trace
 * himself to search for leaks. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int r;

	log_name("immure-image");
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("immure-image %s\n", VERSION);
		return 0;
	}
	r = fd_sanitize_stdio(&e);
	if (r == 0)
		r = argc == 2 && !strcmp(argv[1], "remove")
			    ? work_remove(&e)
			    : work_load(argv + 1, &e);
	if (r == 0)
		return 0;
	log_error(&e);
	return err_exit_status(e.kind);
}
