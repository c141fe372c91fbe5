/*
 * layer.h - the rules for one entry of a layer archive (image-spec layer.md,
 * R10), pure text and numbers: what its name means, whether it is a
 * whiteout, what to do with its type, mode, owner and extended attributes.
 * store/unpack carries it out.
 */
#ifndef FORMAT_LAYER_H
#define FORMAT_LAYER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "immure/err.h"

#define LAYER_PATH_MAX	4095
#define LAYER_NAME_MAX	255
#define LAYER_DEPTH_MAX 256
#define LAYER_XATTR_MAX (64u << 10)

enum layer_what {
	LAYER_ENTRY,	/* create it */
	LAYER_WHITEOUT, /* ".wh.NAME": hide NAME of the layers below */
	LAYER_OPAQUE,	/* ".wh..wh..opq": hide all below this directory */
	LAYER_ROOT,	/* ".", "./", "/": the root itself; only a directory */
	LAYER_IGNORE,	/* other ".wh..wh." names: AUFS housekeeping */
};
/*
 * Cleans an entry's name into `ret` (relative, no ".", no "//"; LAYER_ROOT:
 * "") of LAYER_PATH_MAX+1 bytes. "..", an absolute name (other than "/"), too
 * long, too deep, a name below a whiteout: ERR_INPUT.
 * For whiteouts `ret` is the hidden path (".wh." removed), for LAYER_OPAQUE
 * the directory. Returns the enum, or -1.
 */
int layer_name(const char *name, char *ret, struct err *e);
/* The same for the target of a hard link: LAYER_ENTRY or -1 (it must stay
 * inside and be neither the root nor a whiteout). */
int layer_link(const char *name, char *ret, struct err *e);
/* The mode that is stored: permissions and sticky bit, no type; setuid and
 * setgid bits cleared (R10). For directories u+rwx is NOT added (unpack keeps
 * access by capability). */
mode_t layer_mode(mode_t mode);
/* May this extended attribute be stored? user.* except what overlayfs and
 * immure themselves read (user.overlay.*, user.immure.*), and nothing else:
 * security.*, trusted.*, system.* are dropped (false). */
bool layer_keeps_xattr(const char *name);
/* Maps an owner id of the archive into 0…limit-1; beyond: ERR_INPUT. */
int layer_owner(int64_t id, uint32_t limit, const char *what, uint32_t *ret,
		struct err *e);

#endif
