/*
 * hooks.c - runs the hooks of a bundle, one after the other: its own program,
 * its own environment, the state of the container on standard input.
 */
#include <unistd.h>

#include "base/fd.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/bundle.h"
#include "plan/ops.h"

/* A hook without a time-out may take as long as it likes: a day. */
#define LONG_MS (24 * 60 * 60 * 1000)

static int limit_of(const struct bundle_hook *h)
{
	return h->timeout && h->timeout < LONG_MS / 1000
		       ? (int)h->timeout * 1000
		       : LONG_MS;
}

static int run(const struct bundle_hook *h, const char *state, struct err *e)
{
	char *const own[] = { h->path, NULL };
	struct spawn s = { .path = h->path,
			   .argv = strv_len(h->args) ? h->args : own,
			   .env = h->env ? h->env : environ,
			   .fds = { -1, STDOUT_FILENO, STDERR_FILENO },
			   .n_fds = 3 };
	/* no pipe: nobody waits for a reader */
	auto_fd text = fd_memfd_text("state", state, e);
	pid_t pid;
	int status;

	if (text < 0)
		return -1;
	s.fds[0] = text;
	pid = spawn_start(&s, e);
	if (pid < 0)
		return -1;
	status = spawn_wait_within(pid, limit_of(h), h->path, e);
	if (status > 0)
		return err_set(e, ERR_SYS, "it ended with status %d", status);
	return status;
}

int engine_bundle_hooks(const struct bundle *b, enum hook_when when,
			const char *state, struct err *e)
{
	for (size_t i = 0; i < b->n_hooks; i++)
		if (b->hooks[i].when == when && run(&b->hooks[i], state, e) < 0)
			return err_prefix(e, "%s hook %s",
					  word_name(hook_words, when),
					  b->hooks[i].path);
	return 0;
}
