/*
 * placed.h - a test program that runs as a copy in a directory of its own,
 * with itself beside it under the name of the worker that it starts: so the
 * worker does whatever a test wants, in the user's id space for real.
 */
#ifndef TESTS_PLACED_H
#define TESTS_PLACED_H

#include <libgen.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "unit.h"
#include "immure/host.h"

#define PLACED_WORKER "immure-image"

static inline int placed_copy(const char *dir)
{
	char command[512], exe[128];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n < 0)
		return -1;
	exe[n] = '\0';
	snprintf(command, sizeof(command),
		 "chmod 755 %s && cp '%s' %s/test && ln %s/test %s/%s", dir,
		 exe, dir, dir, dir, PLACED_WORKER);
	return system(command);
}

/* The status of the tests, run from there. */
static inline int placed_run(void)
{
	char dir[64], program[80];
	int status = 0;
	pid_t pid;

	close(unit_make_dir(dir));
	snprintf(program, sizeof(program), "%s/test", dir);
	if (placed_copy(dir))
		return 1;
	pid = fork();
	if (pid == 0) {
		execl(program, "test", "placed", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	unit_remove_dir(dir);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The whole main(): which of the three it is. `worker` gets the words that
 * it was started with, without its name. */
static inline int placed_main(int argc, char **argv,
			      int (*worker)(char **words), int (*tests)(void))
{
	if (!strcmp(basename(argv[0]), PLACED_WORKER))
		return worker(argv + 1);
	if (argc == 2 && !strcmp(argv[1], "placed"))
		return tests();
	if (geteuid() != 0) {
		printf("skip worker: root is needed, for subordinate ids of "
		       "the test's own\n");
		return 0;
	}
	return placed_run();
}

/* Root, with a thousand ids. The first is id 0 of the worker's space. */
static inline struct host placed_host(struct id_range *range, char *arch)
{
	*range = (struct id_range){ 500000, 1000 };
	return (struct host){ .arch = arch,
			      .subuid = range,
			      .subgid = range,
			      .n_subuid = 1,
			      .n_subgid = 1,
			      .has_userns = true };
}

#endif
