/*
 * bundle.h - a bundle's spec -> plan. Nothing is added that its config.json
 * does not ask for, but what the runtime specification itself demands: the
 * default devices and links of /dev. Pure.
 */
#ifndef PLAN_BUNDLE_H
#define PLAN_BUNDLE_H

#include "immure/host.h"
#include "immure/plan.h"
#include "immure/spec.h"

/*
 * What the specification and this host decide: the default devices, the
 * capabilities that can be had (the others are warned of), a user namespace
 * where the caller is not root. Before facts are gathered.
 */
int bundle_resolve(struct spec *s, const struct host *h, struct err *e);
/* Nodes are bound from the host instead of made. */
bool bundle_binds_devices(const struct spec *s, const struct host *h);
struct plan *plan_build_bundle(const struct spec *s, const struct host *h,
			       struct err *e);

#endif
