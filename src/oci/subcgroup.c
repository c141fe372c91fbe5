/*
 * subcgroup.c - `exec --cgroup`: which cgroup below the container's own. Does
 * not look whether it is there.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "oci/oci.h"

/* "cpu,cpuacct:/a/b": what stands before the path. */
static char *controllers_of(const char *line)
{
	const char *colon = strstr(line, ":/");

	return xstrndup(line, colon ? (size_t)(colon - line) : strlen(line));
}

static bool is_below(const char *path)
{
	AUTO(strv_free) char **parts = strv_split(path, '/');

	strv_foreach (part, parts)
		if (strcmp(*part, "..") == 0)
			return false;
	return true;
}

/* Of each hierarchy that has the controller; NULL: of all. How many? */
static size_t change(char **lines, const char *controller, const char *sub)
{
	size_t n = 0;

	for (char **line = lines; *line; line++) {
		auto_free char *list = controllers_of(*line);
		AUTO(strv_free) char **names = strv_split(list, ',');
		auto_free char *named =
			xasprintf("name=%s", controller ? controller : "");
		auto_free char *joined = NULL, *path = NULL;

		if (controller && !strv_has(names, controller) &&
		    !strv_has(names, named))
			continue;
		n++;
		joined = path_join(*line + strlen(list) + 1, sub);
		path = path_clean(joined);
		free(*line);
		*line = xasprintf("%s:%s", list, path);
	}
	return n;
}

static int apply(char **lines, const char *asked, struct err *e)
{
	const char *colon = strchr(asked, ':');
	const char *sub = colon ? colon + 1 : asked;
	auto_free char *list =
		xstrndup(asked, colon ? (size_t)(colon - asked) : 0);
	AUTO(strv_free) char **names = strv_split(list, ',');

	if (!is_below(sub))
		return err_set(e, ERR_USAGE,
			       "--cgroup: %s is not a sub cgroup path", sub);
	if (!colon)
		(void)change(lines, NULL, sub);
	else
		strv_foreach (name, names)
			if (!**name || !change(lines, *name, sub))
				return err_set(e, ERR_USAGE,
					       "--cgroup: unknown controller "
					       "%s",
					       *name);
	return 0;
}

char **oci_subcgroups(char *const *lines, char *const *asked, struct err *e)
{
	AUTO(strv_free) char **changed = strv_copy(lines);

	if (!strv_len(changed)) {
		err_set(e, ERR_CONFLICT,
			"--cgroup: the container has no cgroup of its own");
		return NULL;
	}
	strv_foreach (one, asked)
		if (apply(changed, *one, e) < 0)
			return NULL;
	return TAKE(changed);
}
