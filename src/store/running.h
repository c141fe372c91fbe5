/*
 * running.h - the sandboxes that run under a name: one file each in
 * <runtime directory>/running, locked (flock(2)) by the launcher as long as
 * it lives. Who is killed leaves a file without a lock: the next look removes
 * it. The directory is the user's alone; `runtime` is host.runtime_dir.
 */
#ifndef STORE_RUNNING_H
#define STORE_RUNNING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/spec.h"

struct running {
	char *name;
	char *image;	/* or the root's path */
	char **command; /* strv */
	char *plan;	/* its hash, hex */
	char *record;	/* the absolute path of its record, or NULL */
	/* installed, outermost first; flags are not kept */
	struct blob *filters;
	size_t n_filters;
	pid_t pid;	 /* of its pid 1 */
	int64_t started; /* seconds since 1970 */
};
void running_done(struct running *r);
DEFINE_AUTO_DONE(struct running, running_done);

/*
 * Takes the name for the calling process: an fd (O_CLOEXEC) that holds it
 * until it is closed. ERR_CONFLICT when another has it, ERR_USAGE when it is
 * no name.
 */
int running_claim(const char *runtime, const char *name, struct err *e);
/* Says what runs under the name. Before that nobody sees it. */
int running_tell(int fd, const struct running *r, struct err *e);
/* Gives the name back and closes fd. */
void running_release(const char *runtime, const char *name, int fd);

/* ERR_MISSING when none of that name runs. */
int running_find(const char *runtime, const char *name, struct running *ret,
		 struct err *e);
struct running_list {
	struct running *v; /* oldest first */
	size_t n;
};
void running_list_done(struct running_list *l);
DEFINE_AUTO_DONE(struct running_list, running_list_done);
int running_list(const char *runtime, struct running_list *ret, struct err *e);

#endif
