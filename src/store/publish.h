/*
 * publish.h - what a load has prepared becomes part of the store. First a
 * list of it is written into the staging directory (the commit); from then
 * on the load will be completed, by whoever opens the store next.
 */
#ifndef STORE_PUBLISH_H
#define STORE_PUBLISH_H

#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "format/manifest.h"
#include "immure/err.h"
#include "store/store.h"

#define COMMIT_FILE "commit"

struct publish_item {
	char digest[DIGEST_MAX]; /* blob, diff id or manifest */
	uint64_t size;		 /* of the blob or manifest */
	char *name;		 /* image: its full name, or NULL */
};
struct publish_set {
	struct publish_item *v;
	size_t n;
};
struct publish {
	struct publish_set blobs, layers, images;
};
void publish_done(struct publish *p);
DEFINE_AUTO_DONE(struct publish, publish_done);

/*
 * Adds after a check of its form (what a worker says is not trusted): a
 * valid sha256 digest, a name that format/ref.h takes.
 */
int publish_add(struct publish_set *set, const char *digest, uint64_t size,
		const char *name, struct err *e);
/* Commits and completes. `name`: of the staging directory `dir`. */
int publish_all(struct store *s, int dir, const struct publish *p,
		struct err *e);
/* Completes what was committed and nobody works on. */
int publish_recover(struct store *s, struct err *e);

#endif
