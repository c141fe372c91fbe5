/*
 * probe_dirs.c - where the user's things are: home, data, state, runtime.
 *
 * Makes nothing. A runtime directory that is not the user's own, or that
 * others may enter, is not used: what is in it decides what a later command
 * does. Without one, a directory below the data directory serves.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "kernel/probe_parts.h"

/* The XDG specification: a relative value is to be ignored. */
static const char *absolute_env(const char *name)
{
	const char *s = getenv(name);

	return s && s[0] == '/' ? s : NULL;
}

static bool is_private_dir(const char *path, uid_t uid)
{
	struct stat st;

	return !probe_stat(path, 0, &st) && S_ISDIR(st.st_mode) &&
	       st.st_uid == uid && !(st.st_mode & 077);
}

static char *find_runtime(const struct host *h)
{
	const char *env = absolute_env("XDG_RUNTIME_DIR");
	auto_free char *usual = xasprintf("/run/user/%u", h->uid);

	if (env && is_private_dir(env, h->uid))
		return path_join(env, "immure");
	if ((!env || strcmp(env, usual)) && is_private_dir(usual, h->uid))
		return path_join(usual, "immure");
	return NULL;
}

void probe_dirs(struct host *h, bool *fallback)
{
	const char *home = absolute_env("HOME");
	const char *data = absolute_env("XDG_DATA_HOME");
	const char *state = absolute_env("XDG_STATE_HOME");

	if (home) {
		free(h->home);
		h->home = path_clean(home);
	}
	if (data)
		h->data_dir = path_join(data, "immure");
	else if (h->home)
		h->data_dir = path_join(h->home, ".local/share/immure");
	if (state)
		h->state_dir = path_join(state, "immure");
	else if (h->home)
		h->state_dir = path_join(h->home, ".local/state/immure");
	h->runtime_dir = find_runtime(h);
	if (fallback)
		*fallback = !h->runtime_dir;
	if (!h->runtime_dir && h->data_dir)
		h->runtime_dir = path_join(h->data_dir, "run");
}
