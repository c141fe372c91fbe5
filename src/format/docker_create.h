/*
 * docker_create.h - what a client of the Docker Engine API asks for: the body
 * of POST /containers/create (API 1.41 to 1.44) as words of `immure run`, so
 * that one table of flags says what each of them means. Pure.
 *
 * A member that is not set (null, false, 0, "", [], {}) asks for nothing.
 * Every other member is either a flag, or of no matter to what a sandbox may
 * do, or refused with the reason; one that is not known is refused, too.
 * What is not asked for is immure's default, not docker's.
 */
#ifndef FORMAT_DOCKER_CREATE_H
#define FORMAT_DOCKER_CREATE_H

#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/err.h"

#define DOCKER_CREATE_MAX (1u << 20)

struct docker_create {
	char **words; /* strv: flags, image, command */
	char **notes; /* strv: what is given differently than docker does */
};
/* `name` is the document's, for messages. *ret only on success. */
int docker_create_parse(const char *name, const struct buf *text,
			struct docker_create *ret, struct err *e);
void docker_create_done(struct docker_create *d);
DEFINE_AUTO_DONE(struct docker_create, docker_create_done);

#endif
