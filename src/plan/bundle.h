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
/* What the launcher is told, and where it is. */
struct bundle_host {
	const char *id;		   /* of the container */
	bool is_root;		   /* of the first user namespace */
	bool no_cgroups;	   /* the cgroup manager is "disabled" */
	bool systemd;		   /* … is "systemd" */
	char *const *cgroup_lines; /* our own; kernel/cgroup.h */
};
/* spec.cgroup: NULL when there is none to be made. */
int bundle_cgroup(struct spec *s, const struct host *h,
		  const struct bundle_host *x, struct err *e);
/* Its user namespace is another than the caller's: a new one, or joined. */
bool bundle_leaves_userns(const struct spec *s);
/* Nodes are bound from the host instead of made. */
bool bundle_binds_devices(const struct spec *s, const struct host *h);
/* The capabilities that a program in the container can have. */
void bundle_narrow_caps(struct spec *s, const struct host *h);
struct plan *plan_build_entry(const struct spec *s, const struct host *h,
			      struct err *e);
struct plan *plan_build_bundle(const struct spec *s, const struct host *h,
			       struct err *e);

#endif
