/*
 * staging.h - tmp/<random>/: where things are prepared, and where they go to
 * be removed. Its owner holds an flock on the directory; one that nobody
 * holds is left over and swept.
 */
#ifndef STORE_STAGING_H
#define STORE_STAGING_H

#include <stdint.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/host.h"
#include "store/store.h"

#define STAGING_BLOBS  "blobs"	/* <sha256 hex>, as publish.c finds them */
#define STAGING_LAYERS "layers" /* <diff-id hex>/root */

struct staging {
	int dir; /* flocked as long as it is open */
	char name[33];
	char *path; /* absolute */
};
int staging_new(struct store *s, struct staging *ret, struct err *e);
void staging_done(struct staging *g); /* closes; removes nothing */
DEFINE_AUTO_DONE(struct staging, staging_done);

/* Opens and flocks an existing one: its fd, -1 when somebody holds it. */
int staging_claim(struct store *s, const char *name);
/* Removes it with everything below, whoever owns that. */
int staging_remove(struct store *s, const struct host *h, const char *name,
		   struct err *e);
/*
 * Removes all that nobody holds; *ret_n counts them. One that is committed is
 * completed by publish_recover and not touched here.
 */
int staging_sweep(struct store *s, const struct host *h, size_t *ret_n,
		  struct err *e);
/* Names in a directory of ours, without "." and ".."; an strv. */
int staging_list(int dir, const char *what, char ***ret, struct err *e);

#endif
