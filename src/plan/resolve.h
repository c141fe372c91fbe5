/*
 * resolve.h - request (+ image) -> spec. Decides everything that does not
 * depend on the host: command line, user, environment, mounts with their
 * defaults, masks, namespaces, capabilities, limits. Pure.
 */
#ifndef PLAN_RESOLVE_H
#define PLAN_RESOLVE_H

#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/host.h"
#include "immure/image.h"
#include "immure/request.h"
#include "immure/spec.h"

struct passwd_user;
/*
 * `image` is NULL for ROOT_DIR and ROOT_HOST. `user` is the resolved user
 * (format/passwd, called by the engine). Contradictions and unknown words:
 * ERR_USAGE naming the flag and the nearest word.
 */
struct resolved_user {
	uint32_t uid, gid;
	uint32_t *groups;
	size_t n_groups;
	const char *home;
};
struct spec *plan_resolve(const struct request *r, const struct image *image,
			  const struct resolved_user *user,
			  const struct host *host, struct err *e);
/*
 * Nobody said which ids exist inside, and there is only one: the caller's own
 * (no subordinate ids, or no helper to map them).
 */
bool plan_is_forced_single(const struct request *r, const struct host *host);
DEFINE_AUTO(struct spec *, spec_free);
DEFINE_AUTO(struct request *, request_free);

#endif
