/*
 * kill.c - `immure-oci kill ID [SIGNAL]`: to the container's first process,
 * exactly that one; --all: to everything in its cgroup, or pid namespace.
 */
#include <signal.h>
#include <string.h>
#include "base/defaults.h"
#include "engine/bundle.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "store/oci.h"

struct kill_args {
	bool all;
};
static const struct option rows[] = {
	{ "all", 'a', OPTION_BOOL, NULL, offsetof(struct kill_args, all),
	  "Flags", "to every process of the container", NULL, NULL },
	{ 0 },
};

/* 0: is it there? */
static int read_signal(const char *text, int *ret, struct err *e)
{
	if (text && strcmp(text, "0") == 0) {
		*ret = 0;
		return 0;
	}
	return signal_parse(text ? text : "TERM", "signal", ret, e);
}

/* Without a pid namespace of its own the others go on when the first one ends,
 * and nobody would hear of them any more. */
static int kill_rest(const struct oci_globals *g, const struct oci_state *s,
		     struct err *e)
{
	auto_fd root = oci_root(g, false, e);

	if (root < 0)
		return -1;
	return oci_cgroup_is_anothers(root, s->id, s->cgroup)
		       ? store_oci_kill(s, SIGKILL, e)
		       : engine_cgroup_signal(s->cgroup, SIGKILL, e);
}

static int kill_container(const struct oci_command *c, struct oci_call *x,
			  struct err *e)
{
	AUTO(oci_state_done) struct oci_state s = { 0 };
	struct kill_args a = { 0 };
	auto_fd dir = -1;
	int sig, r = oci_parse(c, x, &a, e);

	if (r)
		return r;
	if (read_signal(x->words[1], &sig, e) < 0 ||
	    oci_load(x->globals, x->words[0], &dir, &s, e) < 0)
		return -1;
	if (a.all && s.cgroup)
		return engine_cgroup_signal(s.cgroup, sig, e);
	if (a.all)
		return store_oci_kill_all(&s, sig, e);
	if (sig == SIGKILL && s.cgroup && !s.own_pids)
		return kill_rest(x->globals, &s, e);
	return store_oci_kill(&s, sig, e);
}

const struct oci_command oci_command_kill = {
	.name = "kill",
	.usage = "[flags] ID [SIGNAL]",
	.text = "send a signal to a container (default TERM)",
	.options = { .command = "kill", .program = "immure-oci", .rows = rows },
	.min = 1,
	.max = 2,
	.run = kill_container,
};
