/*
 * num.h - strict numbers. The whole string must be digits (no sign, no
 * space, no 0x); overflow is an error. Returns 0, or -1 with *e set;
 * `what` names the value in the message. *ret is written only on success.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdint.h>
#include "immure/err.h"

int num_u64(const char *s, uint64_t max, const char *what, uint64_t *ret,
	    struct err *e);
int num_u32(const char *s, const char *what, uint32_t *ret, struct err *e);
int num_int(const char *s, int min, int max, const char *what, int *ret,
	    struct err *e); /* a leading '-' is allowed when min < 0 */
/* Octal mode as 0644 or 644, at most 07777. */
int num_mode(const char *s, const char *what, uint32_t *ret, struct err *e);
/* Bytes: digits and an optional b, k, m, g, t (or kb, kib …), base 1024. */
int num_size(const char *s, const char *what, uint64_t *ret, struct err *e);
/* Seconds as "90", "1m30s", "2h", "500ms"; milliseconds in *ret. */
int num_duration_ms(const char *s, const char *what, uint64_t *ret,
		    struct err *e);

#endif
