/*
 * json.h - strict JSON on top of json-c. json_parse first scans the bytes
 * itself: valid UTF-8, no duplicate keys, no NUL (also not as \u0000), no
 * NaN, no integer beyond int64 and uint64, no infinite double, no trailing
 * bytes, depth at most 32, an object or array outermost; only then json-c
 * sees them. Errors say name:line:column and the near key. Getters take the
 * path of the value for their messages.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/err.h"

struct json_object;

/* `name` is the document's name in messages. Free with json_free. */
struct json_object *json_parse(const char *name, const char *p, size_t n,
			       struct err *e);
void json_free(struct json_object *o);
DEFINE_AUTO(struct json_object *, json_free);

/* The strict scan alone (pure: no json-c): 0, or -1 with *e. */
int json_scan(const char *name, const char *p, size_t n, struct err *e);

/*
 * Getters: a member of `o` by key. A wrong type is ERR_INPUT "KEY: expected
 * a string". Not there (or null): 0 with *ret = NULL / the given default.
 * Strings and objects belong to the document.
 */
int json_get_str(struct json_object *o, const char *key, const char **ret,
		 struct err *e);
int json_get_i64(struct json_object *o, const char *key, int64_t dflt,
		 int64_t *ret, struct err *e);
int json_get_u64(struct json_object *o, const char *key, uint64_t dflt,
		 uint64_t *ret, struct err *e);
int json_get_bool(struct json_object *o, const char *key, bool dflt, bool *ret,
		  struct err *e);
int json_get_obj(struct json_object *o, const char *key,
		 struct json_object **ret, struct err *e);
int json_get_array(struct json_object *o, const char *key,
		   struct json_object **ret, size_t *ret_len, struct err *e);
/* An array of strings as a new strv (NULL when not there). */
int json_get_strv(struct json_object *o, const char *key, char ***ret,
		  struct err *e);
/* Element i of an array. */
struct json_object *json_at(struct json_object *array, size_t i);

/*
 * Writer: appends to a buf; commas are put where they belong. Keys NULL
 * inside arrays. Strings are escaped; output is ASCII-safe and canonical.
 */
struct json_out {
	struct buf *b;
	int depth;
	bool first[32];
	bool pretty; /* two spaces a level, newline between members */
};
void json_out_init(struct json_out *j, struct buf *b, bool pretty);
void json_out_obj(struct json_out *j, const char *key); /* { */
void json_out_obj_end(struct json_out *j);
void json_out_array(struct json_out *j, const char *key); /* [ */
void json_out_array_end(struct json_out *j);
void json_out_str(struct json_out *j, const char *key, const char *s);
void json_out_u64(struct json_out *j, const char *key, uint64_t v);
void json_out_i64(struct json_out *j, const char *key, int64_t v);
void json_out_bool(struct json_out *j, const char *key, bool v);
void json_out_strv(struct json_out *j, const char *key, char *const *v);

#endif
