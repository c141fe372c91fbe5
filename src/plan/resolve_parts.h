/*
 * resolve_parts.h - what the files that resolve a request share. Each
 * function fills its part of the spec. Not for other layers.
 */
#ifndef PLAN_RESOLVE_PARTS_H
#define PLAN_RESOLVE_PARTS_H

#include "base/table.h"
#include "plan/resolve.h"

struct resolve {
	const struct request *r;
	const struct image *image; /* or NULL */
	const struct resolved_user *user;
	const struct host *host;
	struct spec *s;
};

/* ---- resolve.c ---- */
struct choice {
	const char *flag, *got; /* got NULL: not said */
	const char *dflt;
	const struct word *words;
};
/* The value of the word; unknown: ERR_USAGE naming flag and nearest word. */
int resolve_word(const struct choice *c, uint64_t *ret, struct err *e);

/* ---- resolve_clash.c: flags that say opposite things ---- */
int resolve_clashes(const struct request *r, struct err *e);
/* ---- resolve_ids.c: namespaces, user, id maps ---- */
int resolve_ids(struct resolve *v, struct err *e);
/* ---- resolve_process.c: command, environment, directory, signal ---- */
int resolve_process(struct resolve *v, struct err *e);
/* ---- resolve_tree.c: the root, what is mounted, what is hidden ---- */
int resolve_tree(struct resolve *v, struct err *e);
/* ---- resolve_mounts.c: what the request and the image ask to mount ---- */
int resolve_mounts(struct resolve *v, struct err *e);
int resolve_devices(struct resolve *v, struct err *e);
/* The mount that the request puts exactly there, or NULL. */
const struct request_mount *resolve_mount_at(const struct request *r,
					     const char *target);
/* A zeroed mount at the end of the spec's list. */
struct spec_mount *resolve_add_mount(struct spec *s, const char *type,
				     const char *target, uint64_t attr,
				     const char *data);
/* ---- resolve_walls.c: capabilities, filters, limits ---- */
int resolve_walls(struct resolve *v, struct err *e);
/* ---- resolve_cgroup.c: limits that a cgroup holds; after the walls ---- */
int resolve_cgroup(struct resolve *v, struct err *e);

#endif
