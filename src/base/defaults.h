/*
 * defaults.h - the tables of what a sandbox gets when nothing else is said,
 * and the names of capabilities, resource limits and signals. Pure data.
 */
#ifndef BASE_DEFAULTS_H
#define BASE_DEFAULTS_H

#include <stdint.h>
#include "base/table.h"
#include "immure/err.h"

#define DEFAULT_PATH                                                           \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define DEFAULT_TERM	 "xterm"
#define DEFAULT_HOSTNAME "immure"
#define DEFAULT_PIDS	 512
#define DEFAULT_UMASK	 0022
#define DEFAULT_APPARMOR "immure-default" /* profiles/apparmor */
/* Writes of a sandbox live in memory: 512 MiB, charged when used. */
#define DEFAULT_ROOT_SIZE ((uint64_t)512 << 20)
/* The same for every tmpfs that was asked for without a size. */
#define DEFAULT_TMPFS_SIZE ((uint64_t)512 << 20)

/* What hides in /proc and /sys: the union of docker's and podman's lists. */
extern const char *const default_masked[]; /* NULL ends them */
extern const char *const default_readonly[];
extern const char *const default_devices[]; /* nodes of /dev */

struct default_link {
	const char *path, *target;
};
extern const struct default_link default_links[]; /* of /dev */

struct default_rlimit {
	const char *name;
	uint64_t soft, hard;
};
extern const struct default_rlimit default_rlimits[];

/* podman's set of 11 (`--caps compat`); bit n is capability n. */
#define CAPS_COMPAT                                                            \
	(1ull << 0 | 1ull << 1 | 1ull << 3 | 1ull << 4 | 1ull << 5 |           \
	 1ull << 6 | 1ull << 7 | 1ull << 8 | 1ull << 10 | 1ull << 18 |         \
	 1ull << 31)
#define CAP_COUNT 41
#define CAPS_ALL  ((1ull << CAP_COUNT) - 1)

extern const struct word cap_words[];	      /* "CAP_CHOWN" -> 0 */
extern const struct word rlimit_words[];      /* "nofile" -> RLIMIT_NOFILE */
extern const struct word landlock_fs_words[]; /* LANDLOCK_ACCESS_FS_* */
extern const struct word signal_words[];      /* "HUP" -> 1 */

/*
 * "net_raw", "CAP_NET_RAW", "Net_Raw" -> 13. Unknown: ERR_USAGE naming
 * `what` and the nearest name.
 */
int cap_parse(const char *s, const char *what, unsigned *ret, struct err *e);
/* "TERM", "SIGTERM", "15", "SIGRTMIN+3" -> number; else ERR_USAGE. */
int signal_parse(const char *s, const char *what, int *ret, struct err *e);

#endif
