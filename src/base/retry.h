/*
 * retry.h - a call that a signal interrupted is made again.
 */
#ifndef BASE_RETRY_H
#define BASE_RETRY_H

#include <errno.h>

/* No signal of ours has a handler, so that EINTR is rare; a kernel, or a
 * tracer, that says nothing else must not keep us here for ever. */
#define RETRY_MAX 1000

/* The value of `call`, which fails with -1 and errno. */
#define RETRY(call)                                                            \
	({                                                                     \
		__typeof__(call) retry_value;                                  \
		int retry_left = RETRY_MAX;                                    \
                                                                               \
		do                                                             \
			retry_value = (call);                                  \
		while (retry_value < 0 && errno == EINTR && --retry_left);     \
		retry_value;                                                   \
	})

#endif
