/*
 * policies.h - the policy files in force: the system's layer
 * (/etc/immure/policy.d, in name order, or the shipped default), then the
 * user's own (~/.config/immure/policy.d), which can only narrow.
 */
#ifndef ENGINE_POLICIES_H
#define ENGINE_POLICIES_H

#include "immure/err.h"
#include "immure/host.h"
#include "immure/policy.h"

/* Files that others than their owner may write are refused. */
struct policy_set *policies_load(const struct host *h, struct err *e);
/* One file instead of the user's layer; the system's stays. */
struct policy_set *policies_load_file(const struct host *h, const char *file,
				      struct err *e);

/* One file alone, its paths and peers resolved on this host. */
int policies_read(const char *file, const struct host *h, struct policy *ret,
		  struct err *e);
/* The objects and ids that the conditions of its rules mean here. */
int policies_resolve(struct policy *p, const char *home, struct err *e);
/* For bundles: permit, then the rules of /etc/immure/policy.d. */
struct policy_set *policies_load_bundles(const struct host *h, struct err *e);

#endif
