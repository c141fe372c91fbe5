/*
 * locate.c - finding policy files and profiles.
 */
#include "engine/locate.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"

static char *program_dir(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	return xstrdup(path);
}

char *locate_data(const char *name, struct err *e)
{
	auto_free char *installed = path_join(DATADIR, name);
	auto_free char *dir = program_dir();
	auto_free char *beside = NULL, *up = NULL;

	if (access(installed, R_OK) == 0)
		return TAKE(installed);
	if (dir) {
		up = path_join(dir, "..");
		beside = path_join(up, name);
		if (access(beside, R_OK) == 0)
			return path_clean(beside);
	}
	err_set(e, ERR_HOST,
		"%s: not found (nor beside the program): reinstall immure",
		installed);
	return NULL;
}
