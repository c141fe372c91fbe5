/*
 * context.c - puts SELinux contexts together and takes them apart.
 */
#include "plan/context.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"

enum { USER, ROLE, TYPE, RANGE, PARTS };

/* The range may hold colons of its own. False: less than four parts. */
static bool split(const char *s, char *ret[PARTS])
{
	for (int i = 0; i < PARTS; i++) {
		size_t n = i == RANGE ? strlen(s) : strcspn(s, ":");

		if (n == 0 || (i < RANGE && !s[n]))
			return false;
		ret[i] = xstrndup(s, n);
		s += n + 1;
	}
	return true;
}

static void done(char *parts[PARTS])
{
	for (int i = 0; i < PARTS; i++)
		free(parts[i]);
}

static bool is_plain(const char *s)
{
	return *s && !s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_-.,:")];
}

static int refuse(const char *asked, struct err *e)
{
	return err_set(e, ERR_USAGE,
		       "--security-opt label=%.100s: expected required, "
		       "wanted, disable, type:TYPE, level:LEVEL or "
		       "USER:ROLE:TYPE:LEVEL",
		       asked);
}

static const char *after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

int context_make(const char *asked, const char *own, const char *level,
		 struct contexts *ret, struct err *e)
{
	const char *type = after(asked, "type:");
	const char *range = after(asked, "level:");
	char *of_own[PARTS] = { 0 }, *whole[PARTS] = { 0 };
	bool is_whole = *asked && !type && !range;
	int r = 0;

	if ((*asked && !is_plain(asked)) || (type && strchr(type, ':')) ||
	    (is_whole && !split(asked, whole)) || (type && !*type) ||
	    (range && !*range))
		r = refuse(asked, e);
	else if (!split(own, of_own))
		r = err_set(e, ERR_HOST,
			    "our own SELinux context is \"%.100s\", which has "
			    "no level: sandboxes could not be told apart",
			    own);
	if (r == 0) {
		range = is_whole ? whole[RANGE] : range ? range : level;
		ret->process =
			is_whole ? xstrdup(asked)
				 : xasprintf("%s:%s:%s:%s", of_own[USER],
					     of_own[ROLE],
					     type ? type : CONTEXT_TYPE, range);
		ret->files =
			xasprintf("%s:object_r:" CONTEXT_FILE_TYPE ":%s",
				  is_whole ? whole[USER] : of_own[USER], range);
	}
	done(of_own);
	done(whole);
	return r;
}

char *context_shared(const char *files)
{
	const char *range = files;

	for (int i = USER; i < RANGE && range; i++) {
		range = strchr(range, ':');
		range = range ? range + 1 : NULL;
	}
	if (!range)
		return xstrdup(files);
	return xstrndup(files, (size_t)(range - files) + strcspn(range, ":"));
}

char *context_type(const char *context)
{
	char *parts[PARTS] = { 0 }, *type;

	type = xstrdup(split(context, parts) ? parts[TYPE] : context);
	done(parts);
	return type;
}
