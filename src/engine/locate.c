/*
 * locate.c - finding policy files and profiles.
 */
#include "engine/locate.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"

char *locate_data(const char *name)
{
	auto_free char *up = path_join("..", name);
	auto_free char *beside = path_beside_program(up);

	return beside ? path_clean(beside) : path_join(DATADIR, name);
}
