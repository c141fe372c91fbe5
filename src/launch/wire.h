/*
 * wire.h - the messages between the two actors: fixed size, over one
 * SOCK_SEQPACKET pair. A short, long or unexpected message is an error.
 */
#ifndef LAUNCH_WIRE_H
#define LAUNCH_WIRE_H

#include <stdint.h>
#include "immure/err.h"
#include "immure/plan.h"

enum wire_kind {
	WIRE_DONE = 0x49d01, /* parent: step carried out, go on */
	WIRE_PTY,	     /* child: here is the terminal's master (fd) */
	WIRE_LISTENER,	     /* child: who is asked about its calls (fd) */
	WIRE_READY,	     /* child: at VERIFY; its private procfs (fd) */
	WIRE_GO,	     /* parent: verified; hash, what to reset */
	WIRE_ERR,	     /* child: a step failed */
	WIRE_DETACHED,	     /* child: lives without the parent now */
};
#define WIRE_STEPS_MAX 1024

struct wire {
	uint32_t kind;
	uint32_t step;
	union {
		struct err err;
		struct { /* GO */
			uint8_t hash[PLAN_HASH_LEN];
			uint64_t ignored; /* signals; bit n-1 is signal n */
		};
		/* bit n: step n was skipped because its path is not there */
		uint8_t skipped[WIRE_STEPS_MAX / 8];
	};
};

int wire_send(int sock, const struct wire *w, int fd, struct err *e);
/* *ret_fd (may be NULL: none expected) gets the passed fd or -1. The peer's
 * death is ERR_SYS. */
int wire_recv(int sock, struct wire *ret, int *ret_fd, struct err *e);

#endif
