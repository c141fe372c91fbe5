/* netns.h - inside a new network namespace. netdevice(7). */
#ifndef KERNEL_NETNS_H
#define KERNEL_NETNS_H

#include "immure/err.h"

/* Brings lo up and reads the flag back. */
int netns_loopback_up(struct err *e);

#endif
