/*
 * rootfs.h - reads a file of an image's /etc without mounting anything: what
 * the layers, laid over each other, would show.
 */
#ifndef STORE_ROOTFS_H
#define STORE_ROOTFS_H

#include "immure/image.h"

/*
 * /etc/NAME of the image as heap text, or NULL: not there, hidden by a
 * whiteout, /etc or the file is a symlink or no plain directory or file,
 * larger than 1 MiB, holds a NUL, or not for us to read.
 */
char *rootfs_read(const struct image *i, const char *name);

#endif
