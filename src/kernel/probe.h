/*
 * probe.h - asks the host what it offers and fills struct host. `deep`
 * also tries what can only be learnt by trying (a user namespace, an overlay
 * in one): slow, for `immure info`; a run leaves those fields true and lets
 * the step itself fail.
 */
#ifndef KERNEL_PROBE_H
#define KERNEL_PROBE_H

#include "immure/err.h"
#include "immure/host.h"

int probe_host(bool deep, struct host *ret, struct err *e);

#endif
