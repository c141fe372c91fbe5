/*
 * doctor.c - `immure doctor`: what this host lacks, what follows from it and
 * how to mend it. Exit status 1 when sandboxes cannot start.
 */
#include "base/strv.h"
#include "cli/cli.h"
#include "cli/control.h"
#include "engine/examine.h"

DEFINE_AUTO(struct host *, host_free);

struct doctor_args {
	bool quiet;
};

static const struct option rows[] = {
	{ "quiet", 'q', OPTION_BOOL, NULL, offsetof(struct doctor_args, quiet),
	  "Flags", "only what is not in order", NULL, NULL },
	{ 0 },
};

static int doctor(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(host_free) struct host *h = NULL;
	AUTO(controls_done) struct control_list l = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct doctor_args a = { 0 };
	struct host_trials t;
	int r = cli_parse(c, args, &a, &words, e);

	if (r)
		return r;
	h = engine_examine(&t, e);
	if (!h)
		return -1;
	controls_find(h, &t, &l);
	controls_print(&l, !a.quiet, &b);
	if (cli_print(&b, e))
		return -1;
	return controls_worst(&l) == CONTROL_MISSING ? 1 : 0;
}

const struct command command_doctor = {
	.name = "doctor",
	.group = "Host",
	.words = "[flags]",
	.text = "tell what this host lacks, and the command that mends it",
	.more = "Exit status 1 when something is missing without which no "
		"sandbox starts.\n",
	.options = { .command = "doctor", .rows = rows },
	.run = doctor,
};
