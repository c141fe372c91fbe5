/*
 * cleanup.h - ownership in scope: auto_fd, AUTO(x_free), TAKE(p).
 *
 *   AUTO(plan_free) struct plan *p = NULL;   freed at the end of the scope
 *   return TAKE(p);                          given away instead
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>
#include <dirent.h>
#include <stdio.h>

/* DEFINE_AUTO(struct plan *, plan_free) makes AUTO(plan_free) usable. */
#define DEFINE_AUTO(type, fn)                                                  \
	static inline void auto_##fn(type *p)                                  \
	{                                                                      \
		if (*p)                                                        \
			fn(*p);                                                \
	}                                                                      \
	struct auto_##fn##_semicolon
/* For embedded structs: DEFINE_AUTO_DONE(struct buf, buf_done). */
#define DEFINE_AUTO_DONE(type, fn)                                             \
	static inline void auto_##fn(type *p)                                  \
	{                                                                      \
		fn(p);                                                         \
	}                                                                      \
	struct auto_##fn##_semicolon

#define AUTO(fn) __attribute__((cleanup(auto_##fn), unused))

#define TAKE(p)                                                                \
	({                                                                     \
		__typeof__(p) take_ = (p);                                     \
		(p) = 0;                                                       \
		take_;                                                         \
	})
#define TAKE_FD(fd)                                                            \
	({                                                                     \
		int take_ = (fd);                                              \
		(fd) = -1;                                                     \
		take_;                                                         \
	})

static inline void auto_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define auto_fd __attribute__((cleanup(auto_close_fd), unused)) int

static inline void auto_free_ptr(void *p)
{
	free(*(void **)p);
}
#define auto_free __attribute__((cleanup(auto_free_ptr), unused))

DEFINE_AUTO(DIR *, closedir);
DEFINE_AUTO(FILE *, fclose);

#endif
