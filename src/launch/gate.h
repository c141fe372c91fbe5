/*
 * gate.h - what goes through the gate of a container that was created: one
 * message that starts it, for exactly the plan that was judged.
 */
#ifndef LAUNCH_GATE_H
#define LAUNCH_GATE_H

#include <stdint.h>
#include "immure/plan.h"

#define GATE_MAGIC 0x49676f31u

struct gate_message {
	uint32_t magic;
	uint8_t hash[PLAN_HASH_LEN];
};

#endif
