/*
 * doc.c - what the JSON documents of an image have in common. Knows no
 * document in particular.
 */
#include "format/doc.h"

#include <json-c/json.h>
#include <string.h>
#include <strings.h>
#include "base/alloc.h"
#include "base/table.h"
#include "base/strv.h"
#include "format/manifest.h"
#include "format/text.h"

struct json_object *doc_parse(const char *name, const char *p, size_t n,
			      bool array, struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	enum json_type want = array ? json_type_array : json_type_object;

	if (n > MANIFEST_MAX) {
		err_set(e, ERR_LIMIT, "%s: %zu bytes: larger than 4 MiB", name,
			n);
		return NULL;
	}
	o = json_parse(name, p, n, e);
	if (!o)
		return NULL;
	if (!json_object_is_type(o, want)) {
		err_set(e, ERR_INPUT, "%s: expected %s at the top", name,
			array ? "an array" : "an object");
		return NULL;
	}
	return TAKE(o);
}

bool doc_is_object(struct json_object *o)
{
	return json_object_is_type(o, json_type_object);
}

const char *doc_string(struct json_object *o)
{
	return json_object_is_type(o, json_type_string)
		       ? json_object_get_string(o)
		       : NULL;
}

size_t doc_length(struct json_object *array)
{
	return json_object_array_length(array);
}

bool doc_has(struct json_object *o, const char *key)
{
	return json_object_object_get_ex(o, key, NULL);
}

static int check_key(const char *got, const char *const *keys, size_t n,
		     struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(got, keys[i]) && strcmp(got, keys[i]))
			return err_set(e, ERR_INPUT,
				       "member \"%s\": other programs would "
				       "read it as \"%s\"; only the exact "
				       "spelling is accepted",
				       SHOW(got), keys[i]);
	return 0;
}

int doc_check_keys(struct json_object *o, const char *const *keys, size_t n,
		   struct err *e)
{
	struct json_object_iterator i = json_object_iter_begin(o);
	struct json_object_iterator end = json_object_iter_end(o);

	while (!json_object_iter_equal(&i, &end)) {
		if (check_key(json_object_iter_peek_name(&i), keys, n, e))
			return -1;
		json_object_iter_next(&i);
	}
	return 0;
}

int doc_object_at(struct json_object *array, size_t i, const char *what,
		  struct json_object **ret, struct err *e)
{
	struct json_object *o = json_at(array, i);

	if (!doc_is_object(o))
		return err_set(e, ERR_INPUT, "%s[%zu]: expected an object",
			       what, i);
	*ret = o;
	return 0;
}

int doc_get_plain(struct json_object *o, const char *key, char **ret,
		  struct err *e)
{
	const char *s;

	if (json_get_str(o, key, &s, e))
		return -1;
	if (s && !text_is_plain(s))
		return err_set(e, ERR_INPUT,
			       "%s: \"%s\": it holds a control character", key,
			       SHOW(s));
	*ret = xstrdup(s);
	return 0;
}

int doc_need_plain(struct json_object *o, const char *key, char **ret,
		   struct err *e)
{
	auto_free char *s = NULL;

	if (doc_get_plain(o, key, &s, e))
		return -1;
	if (!s || !*s)
		return err_set(e, ERR_INPUT, "%s: it is missing", key);
	*ret = TAKE(s);
	return 0;
}

int doc_get_map(struct json_object *o, const struct doc_map *map, char ***ret,
		struct err *e)
{
	AUTO(strv_free) char **v = NULL;
	struct json_object_iterator i, end;
	struct json_object *m;
	size_t n = 0;

	if (json_get_obj(o, map->key, &m, e))
		return -1;
	if (m && (size_t)json_object_object_length(m) > map->max)
		return err_set(e, ERR_LIMIT, "%s: %d members: more than %zu",
			       map->key, json_object_object_length(m),
			       map->max);
	if (m) {
		v = xcalloc((size_t)json_object_object_length(m) + 1,
			    sizeof(*v));
		i = json_object_iter_begin(m);
		end = json_object_iter_end(m);
	}
	while (m && !json_object_iter_equal(&i, &end)) {
		v[n] = map->row(json_object_iter_peek_name(&i),
				json_object_iter_peek_value(&i), e);
		if (!v[n++])
			return err_prefix(e, "%s", map->key);
		json_object_iter_next(&i);
	}
	*ret = TAKE(v);
	return 0;
}

int doc_only_keys(struct json_object *o, const char *const *keys, size_t n,
		  struct err *e)
{
	json_object_object_foreach(o, key, value)
	{
		const char *near;
		size_t i = 0;

		(void)value;
		while (i < n && strcmp(keys[i], key))
			i++;
		if (i < n)
			continue;
		near = word_nearest(key, keys, n);
		return err_set(e, ERR_INPUT, "unknown member \"%s\"%s%s%s", key,
			       near ? "; did you mean \"" : "",
			       near ? near : "", near ? "\"?" : "");
	}
	return 0;
}
