/*
 * seccomp_notify.h - seccomp_unotify(2): a filter with a listener, and the
 * listener's calls. The caller of a call waits until it is answered.
 */
#ifndef KERNEL_SECCOMP_NOTIFY_H
#define KERNEL_SECCOMP_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include "immure/err.h"
#include "immure/spec.h"

/* SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, younger than Debian 12's headers:
 * once a call is received only a fatal signal interrupts it. */
#define SECCOMP_NOTIFY_PATIENT (1ull << 5)

/* One call that waits. `pid` is the thread's number in our pid namespace. */
struct seccomp_call {
	uint64_t id;
	uint32_t pid;
	int nr;
	uint32_t arch;
	uint64_t ip;
	uint64_t args[6];
};

/* Installs a filter that has SECCOMP_FILTER_FLAG_NEW_LISTENER: its listener
 * (O_CLOEXEC), or -1. */
int seccomp_listen(const struct blob *filter, struct err *e);
/* Is it a listener, of a kernel whose structures are these? */
int seccomp_listener_check(int listener, struct err *e);
/* Wakes the answered thread on our own processor, where the kernel can. */
void seccomp_listener_hasten(int listener);
/* The next call that waits: 1; 0 when it is gone already. For a listener that
 * poll(2) calls readable; waits otherwise. */
int seccomp_receive(int listener, struct seccomp_call *ret, struct err *e);
/* Does it still wait? Then what was read of its thread is its own. */
bool seccomp_is_waiting(int listener, uint64_t id);
/*
 * The call goes on in the kernel, as if the filter had allowed it (what its
 * pointers lead to may change until then); or it fails with errnum (0: it
 * returns 0, undone). A caller that is gone is no error.
 */
int seccomp_let_pass(int listener, uint64_t id, struct err *e);
int seccomp_refuse(int listener, uint64_t id, int errnum, struct err *e);

#endif
