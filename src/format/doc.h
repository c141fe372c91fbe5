/*
 * doc.h - what the JSON documents of an image have in common: a size limit,
 * an object or array at the top, members whose names differ only in case
 * refused, strings checked on the way out. On top of base/json.h.
 */
#ifndef FORMAT_DOC_H
#define FORMAT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/json.h"
#include "immure/err.h"

/* NULL with *e: larger than MANIFEST_MAX, not strict JSON, not an object
 * (or, with `array`, not an array). `name` as in json_parse. */
struct json_object *doc_parse(const char *name, const char *p, size_t n,
			      bool array, struct err *e);
bool doc_is_object(struct json_object *o);
/* A string's text, NULL when it is not one. */
const char *doc_string(struct json_object *o);
size_t doc_length(struct json_object *array);
bool doc_has(struct json_object *o, const char *key); /* also when null */
/*
 * A member that equals one of `keys` but for the case of its letters is an
 * error: other readers would take it for that one (R13).
 */
int doc_check_keys(struct json_object *o, const char *const *keys, size_t n,
		   struct err *e);
/* A member that is none of `keys` is ERR_INPUT, naming the nearest. */
int doc_only_keys(struct json_object *o, const char *const *keys, size_t n,
		  struct err *e);
/* Element i of an array, which must be an object; `what` for the message. */
int doc_object_at(struct json_object *array, size_t i, const char *what,
		  struct json_object **ret, struct err *e);
/* A copy of a string member without control characters; NULL when it is not
 * there. */
int doc_get_plain(struct json_object *o, const char *key, char **ret,
		  struct err *e);
/* The same, and not there or empty is an error. */
int doc_need_plain(struct json_object *o, const char *key, char **ret,
		   struct err *e);

/*
 * The members of an object, each as a string made by `row` from key and
 * value (NULL with *e: refused). At most `max` of them. Not there: NULL.
 */
struct doc_map {
	const char *key;
	size_t max;
	char *(*row)(const char *key, struct json_object *value, struct err *e);
};
int doc_get_map(struct json_object *o, const struct doc_map *map, char ***ret,
		struct err *e);

#endif
