/*
 * alloc.h - allocation that does not fail. On exhaustion it writes one line
 * to standard error and ends the process with 125: the only place in the
 * library that does so, because no caller could do better.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>
#include <stdarg.h>

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size); /* checked multiplication, zeroed */
void *xrealloc(void *p, size_t n, size_t size); /* n * size, checked */
char *xstrdup(const char *s);			/* NULL gives NULL */
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

/* Grows `v` (a T *) so that v[n] exists; zeroes the new element. */
#define GROW(v, n)                                                             \
	({                                                                     \
		(v) = xrealloc((v), (size_t)(n) + 1, sizeof(*(v)));            \
		__builtin_memset(&(v)[n], 0, sizeof(*(v)));                    \
		&(v)[(n)];                                                     \
	})

#endif
