/*
 * probe.h - asks the host what it offers and fills struct host. A run takes
 * the quick form: a few dozen stat-like calls, nothing is spawned; what can
 * only be learnt by trying is taken as there (has_userns, has_overlay_userns)
 * and the step itself fails if it is not. Not looked at then either, and left
 * empty: cgroup_controllers, has_tun, max_user_namespaces, userns_restricted.
 * `deep` looks at those, and makes the trials.
 */
#ifndef KERNEL_PROBE_H
#define KERNEL_PROBE_H

#include <stdbool.h>
#include "immure/err.h"
#include "immure/host.h"
#include "immure/trials.h"

/* Fills *ret, which host_free frees together with the struct itself. */
int probe_host(bool deep, struct host *ret, struct err *e);
/* Tries everything of HOST_TRIALS. A trial that fails is a result, not an
 * error; -1 only when no child could be made. */
int probe_trials(const struct host *h, struct host_trials *ret, struct err *e);

/*
 * Adds the protected objects: some fifty look-ups, so probe_host does it only
 * when `deep`; a run does it before anything of the host is judged. After an
 * error the list is empty; after success a second call does nothing.
 */
int probe_protected(struct host *h, struct err *e);
/* Adds where a cgroup of ours could be made; likewise. */
int probe_cgroups(struct host *h, struct err *e);

/* The caller's own rights, for bundles: in_userns, cap_bounding,
 * cap_permitted. */
int probe_rights(struct host *h, struct err *e);

#endif
