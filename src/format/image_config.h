/*
 * image_config.h - image-spec config.md (and docker's superset). Unknown
 * members are ignored as the spec says; a member of a wrong type, a NUL or
 * control character in a string that reaches the process is an error.
 */
#ifndef FORMAT_IMAGE_CONFIG_H
#define FORMAT_IMAGE_CONFIG_H

#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/image.h"

int image_config_parse(const char *p, size_t n, struct image_config *ret,
		       struct err *e);
DEFINE_AUTO_DONE(struct image_config, image_config_done);

#endif
