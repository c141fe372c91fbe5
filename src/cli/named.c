/*
 * named.c - finds running sandboxes by the names that a user gave them.
 */
#include "cli/named.h"

#include "engine/engine.h"

int named_find(const char *word, struct running *ret, struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open(e);
	struct err why = ERR_INIT;

	if (!g)
		return -1;
	if (running_find(engine_host(g)->runtime_dir, word, ret, &why) == 0)
		return 1;
	if (why.kind == ERR_MISSING)
		return 0;
	*e = why;
	return -1;
}
