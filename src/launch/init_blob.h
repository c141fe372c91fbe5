/* init_blob.h - immure-init, embedded at build time (R8: it runs from a
 * sealed memfd, never from a file that a sandbox could reach). */
#ifndef LAUNCH_INIT_BLOB_H
#define LAUNCH_INIT_BLOB_H

#include <stddef.h>

extern const unsigned char init_blob[];
extern const size_t init_blob_size;

#endif
