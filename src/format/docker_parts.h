/*
 * docker_parts.h - the rows of docker_create.c, and those members whose value
 * is a structure (docker_mounts.c). For these two files.
 */
#ifndef FORMAT_DOCKER_PARTS_H
#define FORMAT_DOCKER_PARTS_H

#include "format/docker_create.h"

struct json_object;

struct docker_row {
	const char *name;
	/* Called when the member is set; the value is not NULL. */
	int (*take)(struct docker_create *d, const struct docker_row *row,
		    struct json_object *v, struct err *e);
	const char *arg; /* the flag, or why it is refused */
	char sep;	 /* take_map: between name and value */
};

int docker_take_binds(struct docker_create *d, const struct docker_row *row,
		      struct json_object *v, struct err *e);
int docker_take_mounts(struct docker_create *d, const struct docker_row *row,
		       struct json_object *v, struct err *e);
int docker_take_devices(struct docker_create *d, const struct docker_row *row,
			struct json_object *v, struct err *e);
int docker_take_ulimits(struct docker_create *d, const struct docker_row *row,
			struct json_object *v, struct err *e);

#endif
