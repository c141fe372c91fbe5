/*
 * record.h - what a recorded run asked of the kernel. Written as JSON lines
 * by monitor/record, read by format/record, turned into a profile and rules
 * by engine/learn.
 */
#ifndef IMMURE_RECORD_H
#define IMMURE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/spec.h"

/* One of those that are alike, the first; `count` says how many. */
struct record_event {
	char *call; /* NULL: a program begins */
	uint32_t nr;
	uint64_t args[6];
	bool denied;	    /* by the profile, whatever the answer was */
	bool kills;	    /* and would have ended the program */
	int errnum;	    /* of the denial */
	char *path;	    /* as the call had it, made absolute; or NULL */
	char *program, *at; /* who and where in it; or NULL */
	struct landlock_path *needs;
	size_t n_needs;
	uint64_t count;
};
struct record {
	char *profile; /* it ran under: a built-in's name, or a file */
	char *arch;
	enum record_mode mode;
	bool all; /* calls that pass are in it, too */
	uint64_t caps;
	char **command;
	struct record_event *v;
	size_t n;
	uint64_t calls, dropped;
	bool ended; /* false: cut off */
};
void record_done(struct record *r);

#endif
