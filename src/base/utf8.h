/*
 * utf8.h - strict UTF-8: no overlong forms, no surrogates, at most U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the character at p (of n bytes), its code point in *ret; 0 when
 * the bytes are not UTF-8 (or n is 0). NUL is a character of length 1. */
size_t utf8_decode(const char *p, size_t n, uint32_t *ret);
/* Writes a code point (not a surrogate); its length, 1 to 4. */
size_t utf8_encode(uint32_t cp, char ret[4]);
/* May it be shown as it is? Not so: controls, bidi marks, invisibles. */
bool utf8_is_printable(uint32_t cp);

#endif
