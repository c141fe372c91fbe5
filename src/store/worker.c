/*
 * worker.c - finds and starts immure-image. It lies beside the program that
 * runs, or where `make install` puts it; no variable says otherwise.
 */
#include "store/worker.h"

#include "base/alloc.h"
#include "base/path.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "kernel/idjob.h"

#define PROGRAM "immure-image"

/* Heap; the installed place when there is none beside us. */
static char *program_path(void)
{
	char *beside = path_beside_program(PROGRAM);

	return beside ? beside : xstrdup(LIBEXECDIR "/" PROGRAM);
}

pid_t worker_start(const struct host *h, const struct worker *w, struct err *e)
{
	auto_free char *path = program_path();
	AUTO(strv_free) char **argv = NULL;
	struct idjob j = { .path = path,
			   .fds = { w->in, -1, -1, w->sock },
			   .n_fds = 4,
			   .trees = { { w->tree, true }, { w->oci, false } },
			   .n_trees = w->oci ? 2 : 1 };

	strv_add(&argv, PROGRAM);
	strv_foreach (word, w->words)
		strv_add(&argv, *word);
	j.argv = argv;
	return idjob_start(h, &j, e);
}

int worker_remove(const struct host *h, const char *path, struct err *e)
{
	char *words[] = { (char[]){ "remove" }, NULL };
	struct worker w = {
		.words = words, .in = -1, .sock = -1, .tree = path
	};
	pid_t pid = worker_start(h, &w, e);
	int status;

	if (pid < 0)
		return -1;
	status = spawn_wait(pid, e);
	if (status < 0)
		return -1;
	if (status != 0)
		return err_set(e, ERR_SYS,
			       "remove %s: the worker ended with status %d",
			       path, status);
	return 0;
}
