/*
 * opts.h - the structured words of the command line: "-v SRC:DST:OPTIONS",
 * "--mount KEY=VALUE,…", "--tmpfs", "--ulimit", "--device", id maps,
 * variables and env-files, signals. Pure: whether a source exists, and what
 * "./x" is relative to, is decided later. Errors are ERR_USAGE and name the
 * word, the part that is wrong and, for unknown words, the nearest known
 * one.
 */
#ifndef FORMAT_OPTS_H
#define FORMAT_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/request.h"
#include "immure/spec.h"

/* ---- opts_mount.c ---- */
/*
 * A bind is read-only, nosuid and nodev unless the words rw, suid, dev are
 * said; exec and recursive unless noexec, bind. A tmpfs is writable, noexec,
 * nosuid, nodev unless told otherwise (`writable` is set for it). Container
 * paths come out absolute and clean, never "/". Sources are kept as given
 * ("./x" too); a source without a slash would be a named volume, which
 * immure does not have. "z" and "Z" ask for an SELinux context where SELinux is
 * active, and for nothing elsewhere. Said twice, or contradicting: an error.
 */
int opts_volume(const char *s, struct request_mount *ret, struct err *e);
int opts_mount(const char *s, struct request_mount *ret, struct err *e);
int opts_tmpfs(const char *s, struct request_mount *ret, struct err *e);
void opts_mount_done(struct request_mount *m);
DEFINE_AUTO_DONE(struct request_mount, opts_mount_done);

/* ---- opts.c ---- */
/* NAME=SOFT[:HARD]; -1 or "unlimited" is UINT64_MAX. ret->name is heap. */
int opts_ulimit(const char *s, struct request_rlimit *ret, struct err *e);

struct opts_device {
	char *source, *target;	 /* clean; target is source when not given */
	bool read, write, mknod; /* all when not given */
};
int opts_device(const char *s, struct opts_device *ret, struct err *e);
void opts_device_done(struct opts_device *d);
DEFINE_AUTO_DONE(struct opts_device, opts_device_done);

/* CONTAINER:ID:COUNT; neither range may reach 4294967295. */
int opts_idmap(const char *s, struct spec_idmap *ret, struct err *e);

/*
 * A word of -e: "KEY=VALUE" is set in *env; "KEY" is copied from `caller`
 * (a vector of KEY=VALUE), or removed from *env when it is not there.
 */
int opts_env(const char *s, char *const *caller, char ***env, struct err *e);

#define OPTS_ENV_FILE_MAX (1u << 20)
struct opts_text {
	const char *name; /* of the file, for messages */
	const char *p;
	size_t n;
};
/*
 * An env-file: each line a word as for -e; blank lines and lines that begin
 * with '#' are left out. Values are taken as they stand, quotes too. *env is
 * untouched on error.
 */
int opts_env_file(const struct opts_text *t, char *const *caller, char ***env,
		  struct err *e);

/* "SIGTERM", "term", "15", "SIGRTMIN+3" -> 1…64. */
int opts_signal(const char *s, int *ret, struct err *e);

#endif
