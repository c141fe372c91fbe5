/*
 * digest.h - "sha256:<64 hex>" and "sha512:<128 hex>" (image-spec
 * descriptor.md). Lower case only; nothing else is a digest (R12).
 */
#ifndef FORMAT_DIGEST_H
#define FORMAT_DIGEST_H

#include <stdbool.h>
#include "immure/err.h"

bool digest_is_valid(const char *s);
/* The hex part, a pointer into `s` (which must be valid). */
const char *digest_hex(const char *s);
int digest_check(const char *s, const char *what, struct err *e);

#endif
