/*
 * cppcheck.h - what cppcheck must know of libraries whose headers it does not
 * read.
 */
#define json_object_object_foreach(o, k, v)                                    \
	char *k = (char *)(o);                                                 \
	struct json_object *v = (o);                                           \
	for (;;)
