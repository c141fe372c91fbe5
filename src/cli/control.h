/*
 * control.h - what this host offers and lacks, as findings: the control, its
 * state, the consequence, the command that mends it. Pure: judged from what
 * was probed.
 */
#ifndef CLI_CONTROL_H
#define CLI_CONTROL_H

#include <stddef.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/host.h"
#include "immure/trials.h"

enum control_level {
	CONTROL_OK,
	CONTROL_NOTE,	 /* not there; nothing that is needed depends on it */
	CONTROL_WEAKER,	 /* sandboxes work, with one wall less */
	CONTROL_MISSING, /* sandboxes cannot start */
};

struct control {
	const char *name; /* static */
	enum control_level level;
	char *state;
	char *effect; /* the consequence, or NULL */
	char *mend;   /* the exact command, or NULL */
	char *advice; /* what to do where no one command does it, or NULL */
};
struct control_list {
	struct control *v;
	size_t n;
};

void controls_find(const struct host *h, const struct host_trials *t,
		   struct control_list *ret);
void controls_done(struct control_list *l);
DEFINE_AUTO_DONE(struct control_list, controls_done);
/* The worst level of the list. */
enum control_level controls_worst(const struct control_list *l);
const char *control_word(enum control_level level);
/* One line a control; below it, indented, effect and mend where not ok.
 * `all`: the ok ones, too. */
void controls_print(const struct control_list *l, bool all, struct buf *b);

#endif
