/*
 * json.c - strict JSON on top of json-c: parse and getters.
 *
 * json-c alone takes duplicate keys, NaN, raw controls and more; therefore
 * nothing reaches it that json_scan has not passed.
 */
#include <inttypes.h>
#include <limits.h>
#include <json-c/json.h>
#include "base/json.h"
#include "base/strv.h"

/* Above json_scan's 32, which is the limit that counts. */
#define JSON_C_DEPTH 40

struct json_object *json_parse(const char *name, const char *p, size_t n,
			       struct err *e)
{
	struct json_tokener *tok;
	struct json_object *o;

	if (n >= INT_MAX) {
		err_set(e, ERR_LIMIT, "%s: %zu bytes are too many", name, n);
		return NULL;
	}
	if (json_scan(name, p, n, e))
		return NULL;
	tok = json_tokener_new_ex(JSON_C_DEPTH);
	if (!tok) {
		err_set(e, ERR_LIMIT, "%s: out of memory", name);
		return NULL;
	}
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT |
					    JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, p, (int)n);
	if (!o)
		err_set(e, ERR_INPUT, "%s: %s", name,
			json_tokener_error_desc(json_tokener_get_error(tok)));
	json_tokener_free(tok);
	return o;
}

void json_free(struct json_object *o)
{
	json_object_put(o);
}

/* The member, NULL when it is not there or null. */
static int find(struct json_object *o, const char *key, json_type type,
		struct json_object **ret, struct err *e)
{
	static const char *const words[] = {
		[json_type_boolean] = "true or false",
		[json_type_double] = "a number",
		[json_type_int] = "a whole number",
		[json_type_object] = "an object",
		[json_type_array] = "an array",
		[json_type_string] = "a string",
	};
	struct json_object *v = NULL;

	if (o && !json_object_is_type(o, json_type_object))
		return err_set(e, ERR_INPUT,
			       "%s: what should hold it is not "
			       "an object",
			       key);
	if (o)
		json_object_object_get_ex(o, key, &v);
	if (v && !json_object_is_type(v, type))
		return err_set(e, ERR_INPUT, "%s: expected %s", key,
			       words[type]);
	*ret = v;
	return 0;
}

int json_get_str(struct json_object *o, const char *key, const char **ret,
		 struct err *e)
{
	struct json_object *v;

	if (find(o, key, json_type_string, &v, e))
		return -1;
	*ret = v ? json_object_get_string(v) : NULL;
	return 0;
}

int json_get_i64(struct json_object *o, const char *key, int64_t dflt,
		 int64_t *ret, struct err *e)
{
	struct json_object *v;

	if (find(o, key, json_type_int, &v, e))
		return -1;
	/* json-c answers with the nearest int64 for what is above */
	if (v && json_object_get_int64(v) == INT64_MAX &&
	    json_object_get_uint64(v) > INT64_MAX)
		return err_set(e, ERR_INPUT, "%s: %" PRIu64 " is too large",
			       key, json_object_get_uint64(v));
	*ret = v ? json_object_get_int64(v) : dflt;
	return 0;
}

int json_get_u64(struct json_object *o, const char *key, uint64_t dflt,
		 uint64_t *ret, struct err *e)
{
	struct json_object *v;

	if (find(o, key, json_type_int, &v, e))
		return -1;
	if (v && json_object_get_int64(v) < 0)
		return err_set(e, ERR_INPUT, "%s: %" PRId64 " is negative", key,
			       json_object_get_int64(v));
	*ret = v ? json_object_get_uint64(v) : dflt;
	return 0;
}

int json_get_bool(struct json_object *o, const char *key, bool dflt, bool *ret,
		  struct err *e)
{
	struct json_object *v;

	if (find(o, key, json_type_boolean, &v, e))
		return -1;
	*ret = v ? json_object_get_boolean(v) : dflt;
	return 0;
}

int json_get_obj(struct json_object *o, const char *key,
		 struct json_object **ret, struct err *e)
{
	return find(o, key, json_type_object, ret, e);
}

int json_get_array(struct json_object *o, const char *key,
		   struct json_object **ret, size_t *ret_len, struct err *e)
{
	struct json_object *v;

	if (find(o, key, json_type_array, &v, e))
		return -1;
	*ret = v;
	*ret_len = v ? json_object_array_length(v) : 0;
	return 0;
}

int json_get_strv(struct json_object *o, const char *key, char ***ret,
		  struct err *e)
{
	AUTO(strv_free) char **v = NULL;
	struct json_object *array, *item;
	size_t n, i;

	if (json_get_array(o, key, &array, &n, e))
		return -1;
	for (i = 0; i < n; i++) {
		item = json_at(array, i);
		if (!json_object_is_type(item, json_type_string))
			return err_set(e, ERR_INPUT,
				       "%s[%zu]: expected a string", key, i);
		strv_add(&v, json_object_get_string(item));
	}
	if (array && !v)
		v = strv_copy((char *[]){ NULL });
	*ret = TAKE(v);
	return 0;
}

struct json_object *json_at(struct json_object *array, size_t i)
{
	return json_object_array_get_idx(array, i);
}
