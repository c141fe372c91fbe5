/*
 * resolve_parts.h - the parts of resolve: each fills its fields of a spec.
 */
#ifndef PLAN_RESOLVE_PARTS_H
#define PLAN_RESOLVE_PARTS_H

#include "plan/resolve.h"

struct resolving {
	const struct request *r;
	const struct image_config *config; /* NULL without an image */
	const struct resolved_user *user;
	const struct host *host;
	struct spec *s;
};

/* resolve_process.c: argv, environment, directory, user, signal. */
int resolve_process(struct resolving *x, struct err *e);
/* resolve_ids.c: namespaces and id maps. */
int resolve_namespaces(struct resolving *x, struct err *e);
int resolve_maps(struct resolving *x, struct err *e);
/* resolve_tree.c: mounts, devices, files, covers. */
int resolve_tree(struct resolving *x, struct err *e);
/* resolve_walls.c: capabilities, profiles, labels, limits. */
int resolve_walls(struct resolving *x, struct err *e);

/* One of `words` (NULL-terminated): its index; -1 with ERR_USAGE naming the
 * flag, the value and the nearest word. NULL is index 0. */
int resolve_word(const char *value, const char *const *words, const char *flag,
		 struct err *e);

#endif
