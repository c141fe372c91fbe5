/* user.h - the user that a request or an image names, as numbers. */
#ifndef ENGINE_USER_H
#define ENGINE_USER_H

#include "format/passwd.h"
#include "immure/image.h"
#include "immure/request.h"
#include "immure/spec.h"

/* From the image's own passwd and group, or those of the root directory. */
int user_resolve(const struct request *r, const struct image *image,
		 struct passwd_user *ret, struct err *e);
/* HOME, where the environment has none: of the spec's uid in the passwd of
 * that root directory; who is unknown there gets "/". */
int user_home(struct spec *s, const char *rootfs, struct err *e);

#endif
