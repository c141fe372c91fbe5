/*
 * start.c - `immure-oci start ID`: opens the gate of a container that waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include "base/alloc.h"
#include "engine/bundle.h"
#include "format/oci_spec.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "plan/resolve.h"
#include "store/oci.h"

static int open_gate(int dir, const struct oci_state *s, struct err *e)
{
	auto_fd status = store_oci_fifo(dir, "result", O_RDONLY | O_NONBLOCK);
	/* ENXIO: nobody waits there */
	auto_fd gate = store_oci_fifo(dir, "gate", O_WRONLY | O_NONBLOCK);

	if (gate < 0 || status < 0)
		return err_sys(e, "open the container's gate");
	if (fcntl(status, F_SETFL, 0) < 0)
		return err_sys(e, "wait for the container");
	if (engine_bundle_start(gate, status, s->hash, e) == 0)
		return 0;
	/* Who is told of the failure deletes the container next, and must find
	 * it ended; of two errors the first is the one to tell. */
	(void)store_oci_await_end(s, NULL);
	return -1;
}

/* A poststart hook that fails is told, and ends nothing. */
static void run_hooks(const struct oci_globals *g, int dir)
{
	struct err e = ERR_INIT;

	if (oci_hooks(dir, HOOK_POSTSTART, OCI_RUNNING, &e) < 0)
		oci_log_error(g, &e);
}

/* Somebody may see a container before it is made, and start it: for so long as
 * that takes. */
#define CREATING_MS 10000
#define TICK_MS	    10

static int load_created(int dir, struct oci_state *s, enum oci_status *status,
			struct err *e)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };

	for (int ms = 0;; ms += TICK_MS) {
		if (store_oci_load(dir, s, e) < 0)
			return -1;
		*status = store_oci_status(dir, s);
		if (*status != OCI_CREATING || ms >= CREATING_MS)
			return 0;
		oci_state_done(s);
		(void)nanosleep(&tick, NULL); /* EINTR: asked a bit sooner */
	}
}

/* Of a failure: which program it was. */
static void explain(int dir, struct err *e)
{
	AUTO(spec_free) struct spec *spec = oci_own_spec(dir, NULL);

	if (spec)
		oci_explain(spec->argv[0], e);
}

int oci_open_gate(const struct oci_globals *g, int dir, struct err *e)
{
	AUTO(oci_state_done) struct oci_state s = { 0 };
	enum oci_status status;

	if (load_created(dir, &s, &status, e) < 0)
		return -1;
	if (status != OCI_CREATED)
		return err_set(e, ERR_CONFLICT,
			       "cannot start a container that is %s",
			       oci_status_word(status));
	if (open_gate(dir, &s, e) < 0) {
		explain(dir, e);
		return -1;
	}
	if (store_oci_started(dir, e) < 0)
		return -1;
	run_hooks(g, dir);
	return 0;
}

static int start(const struct oci_command *c, struct oci_call *x, struct err *e)
{
	AUTO(oci_state_done) struct oci_state s = { 0 };
	auto_fd dir = -1;
	int r = oci_parse(c, x, NULL, e);

	if (r)
		return r;
	if (oci_load(x->globals, x->words[0], &dir, &s, e) < 0)
		return -1;
	return oci_open_gate(x->globals, dir, e);
}

const struct oci_command oci_command_start = {
	.name = "start",
	.usage = "ID",
	.text = "run the program of a container that was created",
	.options = { .command = "start", .program = "immure-oci" },
	.min = 1,
	.max = 1,
	.run = start,
};
