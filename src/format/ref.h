/*
 * ref.h - image names: [HOST[:PORT]/]PATH[:TAG][@DIGEST], with docker's
 * completion ("x" is docker.io/library/x:latest; no dot, colon or
 * "localhost" in the first part means docker.io). With a digest the tag is
 * kept for show; the digest wins.
 */
#ifndef FORMAT_REF_H
#define FORMAT_REF_H

#include "base/cleanup.h"
#include "immure/err.h"

struct ref {
	char *host;   /* docker.io, localhost:5000 */
	char *path;   /* library/busybox */
	char *tag;    /* "latest", or NULL when only a digest was given */
	char *digest; /* or NULL */
};
int ref_parse(const char *s, struct ref *ret, struct err *e);
char *ref_print(const struct ref *r);	 /* full, heap */
char *ref_familiar(const struct ref *r); /* as docker shows it, heap */
void ref_done(struct ref *r);
DEFINE_AUTO_DONE(struct ref, ref_done);

#endif
