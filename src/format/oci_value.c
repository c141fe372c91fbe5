/*
 * oci_value.c - readers of the plain values of a config.json, and the walk
 * through an object by its table. Knows no member in particular.
 */
#include <json-c/json.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "format/oci_parts.h"
#include "format/text.h"

void oci_warn(struct oci *o, const char *fmt, ...)
{
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	if (!strv_has(o->b->warnings, text))
		strv_take(&o->b->warnings, TAKE(text));
}

static int expected(const char *what, struct err *e)
{
	return err_set(e, ERR_INPUT, "expected %s", what);
}

int oci_str(struct json_object *v, char **ret, struct err *e)
{
	if (!json_object_is_type(v, json_type_string))
		return expected("a string", e);
	free(*ret);
	*ret = xstrdup(json_object_get_string(v));
	return 0;
}

int oci_path(struct json_object *v, char **ret, struct err *e)
{
	const char *s;

	if (!json_object_is_type(v, json_type_string))
		return expected("a path", e);
	s = json_object_get_string(v);
	if (!*s || strlen(s) >= PATH_MAX)
		return err_set(e, ERR_INPUT, "a path of %zu bytes", strlen(s));
	free(*ret);
	*ret = path_clean(s);
	return 0;
}

int oci_strv(struct json_object *v, char ***ret, struct err *e)
{
	AUTO(strv_free) char **list = NULL;

	if (!json_object_is_type(v, json_type_array))
		return expected("an array of strings", e);
	for (size_t i = 0; i < json_object_array_length(v); i++) {
		char *s = NULL;

		if (oci_str(json_object_array_get_idx(v, i), &s, e) < 0)
			return err_prefix(e, "[%zu]", i);
		strv_take(&list, s);
	}
	strv_free(*ret);
	*ret = TAKE(list);
	return 0;
}

int oci_bool(struct json_object *v, bool *ret, struct err *e)
{
	if (!json_object_is_type(v, json_type_boolean))
		return expected("true or false", e);
	*ret = json_object_get_boolean(v);
	return 0;
}

int oci_u64(struct json_object *v, uint64_t *ret, struct err *e)
{
	if (!json_object_is_type(v, json_type_int))
		return expected("a whole number", e);
	/* json-c gives 0 for a negative one: ask for the sign first */
	if (json_object_get_int64(v) < 0)
		return err_set(e, ERR_INPUT, "%s: below 0",
			       json_object_get_string(v));
	*ret = json_object_get_uint64(v);
	return 0;
}

int oci_u32(struct json_object *v, uint32_t *ret, struct err *e)
{
	uint64_t n;

	if (oci_u64(v, &n, e) < 0)
		return -1;
	if (n > UINT32_MAX)
		return err_set(e, ERR_INPUT, "%s: above %u",
			       json_object_get_string(v), UINT32_MAX);
	*ret = (uint32_t)n;
	return 0;
}

int oci_int(struct json_object *v, int min, int max, int *ret, struct err *e)
{
	int64_t n;

	if (!json_object_is_type(v, json_type_int))
		return expected("a whole number", e);
	n = json_object_get_int64(v);
	if (n < min || n > max)
		return err_set(e, ERR_INPUT, "%s: not in %d…%d",
			       json_object_get_string(v), min, max);
	*ret = (int)n;
	return 0;
}

#define WORDS_MAX 64

int oci_word(struct json_object *v, const struct word *table, uint64_t *ret,
	     struct err *e)
{
	const char *names[WORDS_MAX], *s, *near;
	size_t n = 0;

	if (!json_object_is_type(v, json_type_string))
		return expected("a string", e);
	s = json_object_get_string(v);
	if (word_find(table, s, ret))
		return 0;
	for (; n < WORDS_MAX && table[n].name; n++)
		names[n] = table[n].name;
	near = word_nearest(s, names, n);
	return err_set(e, ERR_INPUT, "unknown word \"%s\"%s%s%s", SHOW(s),
		       near ? "; did you mean \"" : "", near ? near : "",
		       near ? "\"?" : "");
}

int oci_map(struct json_object *v, char sep, char ***ret, struct err *e)
{
	AUTO(strv_free) char **list = NULL;

	if (!json_object_is_type(v, json_type_object))
		return expected("an object of strings", e);
	json_object_object_foreach(v, key, value)
	{
		auto_free char *s = NULL;

		if (oci_str(value, &s, e) < 0)
			return err_prefix(e, "%s", SHOW(key));
		if (!*key || strchr(key, sep))
			return err_set(e, ERR_INPUT, "the key \"%s\"",
				       SHOW(key));
		strv_take(&list, xasprintf("%s%c%s", key, sep, s));
	}
	strv_free(*ret);
	*ret = TAKE(list);
	return 0;
}

static bool any_says(struct json_object *v)
{
	json_object_object_foreach(v, key, value)
	{
		(void)key;
		if (oci_says(value))
			return true;
	}
	return false;
}

bool oci_says(struct json_object *v)
{
	switch (json_object_get_type(v)) {
	case json_type_null:
		return false;
	case json_type_string:
		return *json_object_get_string(v);
	case json_type_array:
		return json_object_array_length(v) > 0;
	case json_type_object:
		return any_says(v);
	default:
		return json_object_get_double(v) != 0;
	}
}

static const struct oci_member *find(const struct oci_member *table,
				     const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

static int unknown(struct oci *o, const char *name,
		   const struct oci_member *table, struct err *e)
{
	for (; table->name; table++)
		if (strcasecmp(table->name, name) == 0)
			return err_set(e, ERR_INPUT,
				       "member \"%s\": other programs would "
				       "read it as \"%s\"; only the exact "
				       "spelling is accepted",
				       SHOW(name), table->name);
	oci_warn(o, "unknown member \"%s\": ignored", name);
	return 0;
}

static int read_member(struct oci *o, const struct oci_member *m,
		       struct json_object *v, struct err *e)
{
	if (!v) /* null: as if it were not there */
		return 0;
	if (m->read)
		return m->read(o, v, e);
	if (m->members)
		return oci_walk(o, v, m->members, e);
	if (!oci_says(v))
		return 0;
	if (m->refused || (m->resource && !o->facts->no_cgroups))
		return err_set(e, ERR_HOST, "known, and refused: %s",
			       m->refused ? m->refused : m->resource);
	oci_warn(o, "%s: without effect: %s", m->name,
		 m->ignored ? m->ignored : "cgroups are disabled");
	return 0;
}

int oci_walk(struct oci *o, struct json_object *v,
	     const struct oci_member *table, struct err *e)
{
	if (!json_object_is_type(v, json_type_object))
		return expected("an object", e);
	json_object_object_foreach(v, key, value)
	{
		const struct oci_member *m = find(table, key);

		if (!m && unknown(o, key, table, e) < 0)
			return -1;
		if (m && read_member(o, m, value, e) < 0)
			return err_prefix(e, "%s", key);
	}
	return 0;
}

int oci_each(struct oci *o, struct json_object *v, size_t max, oci_read *read,
	     struct err *e)
{
	size_t n;

	if (!json_object_is_type(v, json_type_array))
		return expected("an array", e);
	n = json_object_array_length(v);
	if (n > max)
		return err_set(e, ERR_LIMIT, "%zu elements; at most %zu", n,
			       max);
	for (size_t i = 0; i < n; i++)
		if (read(o, json_object_array_get_idx(v, i), e) < 0)
			return err_prefix(e, "[%zu]", i);
	return 0;
}
