/*
 * locate.c - finding policy files and profiles.
 */
#include "engine/locate.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"

char *locate_data(const char *name, struct err *e)
{
	auto_free char *installed = path_join(DATADIR, name);
	auto_free char *up = path_join("..", name);
	auto_free char *beside = NULL;

	if (path_is_there(installed))
		return TAKE(installed);
	beside = path_beside_program(up);
	if (beside)
		return path_clean(beside);
	err_set(e, ERR_HOST,
		"%s: not found (nor beside the program): reinstall immure",
		installed);
	return NULL;
}
