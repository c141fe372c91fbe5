/*
 * old_kernel.c - runs a sandbox as it is run on an older Linux: the plan is
 * made for that one, everything else is as always.
 *
 *   old_kernel MAJOR.MINOR ROOTFS ro|rw PROGRAM [ARGUMENT…]
 */
#include <stdio.h>
#include <string.h>
#include "engine/engine.h"

int main(int argc, char **argv)
{
	struct request r = { .root = ROOT_DIR, .interactive = true };
	struct run_options o = { 0 };
	struct run_result result = { 0 };
	struct err e = ERR_INIT;
	AUTO(engine_free) struct engine *g = engine_open(&e);
	struct host *h;

	if (argc < 5)
		return 99;
	if (!g) {
		fprintf(stderr, "%s\n", e.msg);
		return 98;
	}
	h = (struct host *)(uintptr_t)engine_host(g); /* as if it were so */
	if (sscanf(argv[1], "%u.%u", &h->kernel_major, &h->kernel_minor) != 2)
		return 99;
	r.rootfs = argv[2];
	r.read_only = strcmp(argv[3], "ro") == 0;
	r.command = argv + 4;
	if (engine_run(g, &r, &o, &result, &e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		return 97;
	}
	return result.status;
}
