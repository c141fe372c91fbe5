/*
 * immure-oci.c - the OCI runtime command line.
 */
#include <stddef.h>
#include "base/log.h"
#include "base/path.h"
#include "base/program.h"
#include "oci/oci.h"

int main(int argc, char **argv)
{
	static char *const none[] = { NULL };
	struct err e = ERR_INIT;

	if (program_begin("immure-oci", &e) < 0) {
		log_error(&e);
		return 1;
	}
	if (argc < 1 || !*path_base(argv[0]))
		return oci_main("immure-oci", none);
	return oci_main(path_base(argv[0]), argv + 1);
}
