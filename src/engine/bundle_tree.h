/* bundle_tree.h - a bundle's paths, as they are on this host. */
#ifndef ENGINE_BUNDLE_TREE_H
#define ENGINE_BUNDLE_TREE_H

#include "immure/err.h"
#include "immure/host.h"
#include "immure/spec.h"

/* The root, the sources of binds, where each target leads inside the root;
 * the namespaces that are joined. */
int bundle_tree_fill(struct spec *s, const struct host *h, struct err *e);
/* Every mount of type "cgroup": what it is on this host (bundle_cgroup.c). */
int bundle_cgroup_expand(struct spec *s, const struct host *h, struct err *e);

#endif
