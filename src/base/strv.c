/*
 * strv.c - NULL-terminated vectors of heap strings.
 */
#include <string.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"

size_t strv_len(char *const *v)
{
	size_t n = 0;

	while (v && v[n])
		n++;
	return n;
}

void strv_take(char ***v, char *s)
{
	size_t n = strv_len(*v);

	*v = xrealloc(*v, n + 2, sizeof(**v));
	(*v)[n] = s;
	(*v)[n + 1] = NULL;
}

void strv_add(char ***v, const char *s)
{
	strv_take(v, xstrdup(s));
}

char **strv_copy(char *const *v)
{
	size_t n = strv_len(v), i;
	char **ret;

	if (!v)
		return NULL;
	ret = xcalloc(n + 1, sizeof(*ret));
	for (i = 0; i < n; i++)
		ret[i] = xstrdup(v[i]);
	return ret;
}

void strv_free(char **v)
{
	for (size_t i = 0; v && v[i]; i++)
		free(v[i]);
	free(v);
}

bool strv_has(char *const *v, const char *s)
{
	strv_foreach (p, v)
		if (!strcmp(*p, s))
			return true;
	return false;
}

char **strv_split(const char *s, char sep)
{
	char **v = NULL;
	size_t n = 1, i;

	for (const char *p = s; *p; p++)
		n += *p == sep;
	v = xcalloc(n + 1, sizeof(*v));
	for (i = 0; i < n; i++) {
		const char *end = strchrnul(s, sep);

		v[i] = xstrndup(s, (size_t)(end - s));
		s = end + 1;
	}
	return v;
}

char *strv_join(char *const *v, const char *sep)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	strv_foreach (p, v) {
		if (p != v)
			buf_str(&b, sep);
		buf_str(&b, *p);
	}
	return buf_take(&b);
}

/* The element that holds KEY=… for a key of n bytes, or NULL. */
static char *const *find_key(char *const *env, const char *key, size_t n)
{
	strv_foreach (p, env)
		if (!strncmp(*p, key, n) && (*p)[n] == '=')
			return p;
	return NULL;
}

const char *strv_getenv(char *const *env, const char *key)
{
	size_t n = strlen(key);
	char *const *p = find_key(env, key, n);

	return p ? *p + n + 1 : NULL;
}

void strv_setenv(char ***env, const char *assignment)
{
	size_t n = (size_t)(strchrnul(assignment, '=') - assignment);
	char *const *p = find_key(*env, assignment, n);

	if (!p) {
		strv_add(env, assignment);
		return;
	}
	free((*env)[p - *env]);
	(*env)[p - *env] = xstrdup(assignment);
}
