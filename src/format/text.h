/*
 * text.h - strings from outside: checked for control characters, shown in
 * messages. Parses nothing.
 */
#ifndef FORMAT_TEXT_H
#define FORMAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define TEXT_SHOW_MAX 256

/* No control character (below 0x20, or 0x7f). */
bool text_is_plain(const char *s);
/* The same, but tab, newline and carriage return are allowed: what an
 * argument or the value of a variable may hold. */
bool text_is_value(const char *s);
/* Only letters, digits and the characters of `extra`; not empty. ASCII. */
bool text_is_word(const char *s, const char *extra);
/*
 * `s` for a message: escaped (R40), cut after 60 bytes. SHOW(s) needs no
 * buffer of the caller's; it lives until the end of the block.
 */
const char *text_show(char ret[TEXT_SHOW_MAX], const char *s);
#define SHOW(s) text_show((char[TEXT_SHOW_MAX]){ 0 }, (s))

#endif
