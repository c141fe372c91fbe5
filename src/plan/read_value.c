/*
 * read_value.c - one operand of a step from its JSON: the other direction of
 * print_json.c and values.c, kind by kind.
 *
 * Believes nothing: a value that would be printed differently is an error.
 */
#include "plan/read_value.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/num.h"
#include "base/strv.h"
#include "plan/values.h"

#define READER(kind)                                                           \
	static int read_##kind(struct json_object *v, const struct field *f,   \
			       struct step *s, struct err *e)
/* The field of `s` as an lvalue. */
#define PUT(type) (*(type *)(void *)((char *)s + f->offset))

static int fail(const struct field *f, const char *want, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s: expected %s", f->name, want);
}

static const char *text_of(struct json_object *v)
{
	return json_object_is_type(v, json_type_string)
		       ? json_object_get_string(v)
		       : NULL;
}

static bool is_number(struct json_object *v, uint64_t max, uint64_t *ret)
{
	if (!json_object_is_type(v, json_type_int) ||
	    json_object_get_int64(v) < 0)
		return false;
	*ret = json_object_get_uint64(v);
	return *ret <= max;
}

/* "0x" and digits. */
static bool is_hex(const char *s, uint64_t *ret)
{
	char *end;

	if (strncmp(s, "0x", 2) != 0 || !s[2] || strlen(s) > 18 ||
	    s[2 + strspn(s + 2, "0123456789abcdef")])
		return false;
	*ret = strtoull(s, &end, 16);
	return true;
}

READER(bool)
{
	if (!json_object_is_type(v, json_type_boolean))
		return fail(f, "true or false", e);
	PUT(bool) = json_object_get_boolean(v);
	return 0;
}

READER(int)
{
	uint64_t n;

	if (!is_number(v, INT32_MAX, &n))
		return fail(f, "a small number", e);
	PUT(int) = (int)n;
	return 0;
}

READER(u32)
{
	uint64_t n;

	if (!is_number(v, UINT32_MAX, &n))
		return fail(f, "a number of 32 bits", e);
	PUT(uint32_t) = (uint32_t)n;
	return 0;
}

READER(u64)
{
	uint64_t n;

	if (!is_number(v, UINT64_MAX, &n))
		return fail(f, "a number", e);
	PUT(uint64_t) = n;
	return 0;
}

READER(str)
{
	if (!v && f->may_be_null)
		return 0;
	if (!text_of(v))
		return fail(f, "a string", e);
	PUT(char *) = xstrdup(text_of(v));
	return 0;
}

READER(strv)
{
	size_t n = v ? json_object_array_length(v) : 0;

	for (size_t i = 0; i < n; i++) {
		const char *text = text_of(json_at(v, i));

		if (!text)
			return fail(f, "strings", e);
		strv_add(&PUT(char **), text);
	}
	return 0;
}

READER(flags)
{
	size_t n = json_object_array_length(v);
	uint64_t bits;

	for (size_t i = 0; i < n; i++) {
		const char *text = text_of(json_at(v, i));

		if (!text ||
		    (!word_find(f->words, text, &bits) && !is_hex(text, &bits)))
			return fail(f, "words that are known", e);
		PUT(uint64_t) |= bits;
	}
	return 0;
}

/* ---- kinds that are text ---- */

READER(limit)
{
	const char *text = text_of(v);

	if (text && strcmp(text, "unlimited") == 0)
		PUT(uint64_t) = UINT64_MAX;
	else if (!text || num_u64(text, UINT64_MAX - 1, f->name, &PUT(uint64_t),
				  NULL) < 0)
		return fail(f, "a number or \"unlimited\"", e);
	return 0;
}

READER(octal)
{
	const char *text = text_of(v);

	if (!text || num_mode(text, f->name, &PUT(uint32_t), NULL) < 0)
		return fail(f, "an octal mode", e);
	return 0;
}

/* Every mode that there can be is tried: types are few. */
READER(mode)
{
	static const struct word types[] = {
		{ "file,", S_IFREG }, { "dir,", S_IFDIR },
		{ "char,", S_IFCHR }, { "block,", S_IFBLK },
		{ "fifo,", S_IFIFO }, { "socket,", S_IFSOCK },
		{ "link,", S_IFLNK }, { "0", 0 },
	};
	const char *text = text_of(v);
	uint32_t mode;

	for (size_t i = 0; text && i < ARRAY_SIZE(types); i++) {
		size_t len = strlen(types[i].name);

		if (strncmp(text, types[i].name, len) != 0 ||
		    num_mode(text + len, f->name, &mode, NULL) < 0)
			continue;
		PUT(uint32_t) = (uint32_t)types[i].value | mode;
		return 0;
	}
	return fail(f, "a type and a mode, as \"dir,0755\"", e);
}

/* "A:B", both of at most `max`. */
static bool is_pair(const char *text, uint64_t max, uint64_t ret[2])
{
	const char *colon = text ? strchr(text, ':') : NULL;
	auto_free char *first = NULL;

	if (!colon)
		return false;
	first = xstrndup(text, (size_t)(colon - text));
	return num_u64(first, max, "", &ret[0], NULL) == 0 &&
	       num_u64(colon + 1, max, "", &ret[1], NULL) == 0;
}

READER(rdev)
{
	uint64_t pair[2];

	if (!is_pair(text_of(v), UINT32_MAX, pair))
		return fail(f, "a device number, as \"1:3\"", e);
	PUT(uint64_t) = makedev((unsigned)pair[0], (unsigned)pair[1]);
	return 0;
}

READER(word)
{
	const char *text = text_of(v);
	uint64_t value;

	if (!text || (!word_find(f->words, text, &value) &&
		      num_u64(text, UINT32_MAX, f->name, &value, NULL) < 0))
		return fail(f, "a word that is known", e);
	PUT(uint32_t) = (uint32_t)value;
	return 0;
}

static bool is_cap(const char *name, uint64_t *ret)
{
	unsigned cap;

	if (is_hex(name, ret))
		return true;
	if (cap_parse(name, "", &cap, NULL) < 0)
		return false;
	*ret = 1ull << cap;
	return true;
}

READER(caps)
{
	const char *text = text_of(v);
	AUTO(strv_free) char **names = NULL;
	uint64_t bits;

	if (text && strcmp(text, "none") == 0)
		return 0;
	if (text && strcmp(text, "all") == 0) {
		PUT(uint64_t) = CAPS_ALL;
		return 0;
	}
	names = strv_split(text ? text : "", ',');
	strv_foreach (name, names) {
		if (!is_cap(*name, &bits))
			return fail(f, "capabilities", e);
		PUT(uint64_t) |= bits;
	}
	return 0;
}

static bool is_object(struct json_object *v, struct object_id *ret)
{
	uint64_t pair[2];

	if (!is_pair(text_of(v), UINT64_MAX, pair))
		return false;
	*ret = (struct object_id){ .dev = pair[0], .ino = pair[1] };
	return true;
}

READER(object)
{
	return is_object(v, &PUT(struct object_id))
		       ? 0
		       : fail(f, "an object, as \"DEV:INODE\"", e);
}

/* ---- kinds that have a count ---- */

#define COUNT_OF(f, s) (*(size_t *)(void *)((char *)(s) + (f)->count_offset))

READER(objects)
{
	size_t n = json_object_array_length(v);

	PUT(struct object_id *) =
		n ? xcalloc(n, sizeof(struct object_id)) : NULL;
	for (size_t i = 0; i < n; i++)
		if (!is_object(json_at(v, i), &PUT(struct object_id *)[i]))
			return fail(f, "objects, as \"DEV:INODE\"", e);
	COUNT_OF(f, s) = n;
	return 0;
}

READER(ids)
{
	size_t n = json_object_array_length(v);
	uint64_t id;

	PUT(uint32_t *) = n ? xcalloc(n, sizeof(uint32_t)) : NULL;
	for (size_t i = 0; i < n; i++) {
		if (!is_number(json_at(v, i), UINT32_MAX, &id))
			return fail(f, "ids", e);
		PUT(uint32_t *)[i] = (uint32_t)id;
	}
	COUNT_OF(f, s) = n;
	return 0;
}

static int get_u32(struct json_object *o, const char *key, uint32_t *ret,
		   struct err *e)
{
	uint64_t n;

	if (json_get_u64(o, key, UINT64_MAX, &n, e) < 0)
		return -1;
	if (n > UINT32_MAX)
		return err_set(e, ERR_INPUT, "%s: expected a number of 32 bits",
			       key);
	*ret = (uint32_t)n;
	return 0;
}

READER(idmap)
{
	struct idmap_list *l = &PUT(struct idmap_list);
	size_t n = json_object_array_length(v);

	for (size_t i = 0; i < n; i++) {
		struct json_object *o = json_at(v, i);
		struct spec_idmap *m = GROW(l->v, l->n);

		l->n++;
		if (get_u32(o, "inside", &m->inside, e) < 0 ||
		    get_u32(o, "outer", &m->outer, e) < 0 ||
		    get_u32(o, "count", &m->count, e) < 0)
			return err_prefix(e, "%s", f->name);
	}
	return 0;
}

/* A member "path" of an object, as a copy. */
static int get_path(struct json_object *o, char **ret, struct err *e)
{
	const char *text;

	if (json_get_str(o, "path", &text, e) < 0)
		return -1;
	if (!text)
		return err_set(e, ERR_INPUT, "path: is missing");
	*ret = xstrdup(text);
	return 0;
}

READER(layers)
{
	struct spec_layer **l = &PUT(struct spec_layer *);
	size_t n = json_object_array_length(v);

	for (size_t i = 0; i < n; i++) {
		struct spec_layer *one = GROW(*l, i);
		struct json_object *o = json_at(v, i), *id = NULL;

		COUNT_OF(f, s) = i + 1;
		if (get_path(o, &one->path, e) < 0)
			return err_prefix(e, "%s", f->name);
		json_object_object_get_ex(o, "id", &id);
		if (!is_object(id, &one->id))
			return fail(f, "layers with an id", e);
	}
	return 0;
}

READER(rules)
{
	static const struct field access = { .name = "access",
					     .words = landlock_fs_words };
	struct landlock_path **l = &PUT(struct landlock_path *);
	size_t n = json_object_array_length(v), unused;

	for (size_t i = 0; i < n; i++) {
		struct landlock_path *one = GROW(*l, i);
		struct json_object *o = json_at(v, i), *words = NULL;
		struct step bits = { 0 };

		COUNT_OF(f, s) = i + 1;
		if (get_path(o, &one->path, e) < 0 ||
		    json_get_array(o, "access", &words, &unused, e) < 0)
			return err_prefix(e, "%s", f->name);
		if (!words)
			return fail(f, "rules with an access", e);
		/* a field at the beginning of an empty step */
		if (read_flags(words, &access, &bits, e) < 0)
			return -1;
		memcpy(&one->access, &bits, sizeof(one->access));
	}
	return 0;
}

READER(blob)
{
	static const char start[] = "sha256:";
	struct blob *b = &PUT(struct blob);
	const char *name, *digest;
	uint64_t size;

	if (json_get_str(v, "name", &name, e) < 0 ||
	    json_get_str(v, "digest", &digest, e) < 0 ||
	    json_get_u64(v, "size", 0, &size, e) < 0 ||
	    json_get_u64(v, "flags", 0, &b->flags, e) < 0)
		return err_prefix(e, "%s", f->name);
	if (!name || !digest || strncmp(digest, start, strlen(start)) != 0 ||
	    strspn(digest + strlen(start), "0123456789abcdef") != 64 ||
	    strlen(digest) != strlen(start) + 64)
		return fail(f, "a name and a digest", e);
	b->name = xstrdup(name);
	b->size = size;
	memcpy(b->digest, digest, strlen(digest) + 1);
	return 0;
}

static const struct reader {
	int (*read)(struct json_object *, const struct field *, struct step *,
		    struct err *);
	json_type container; /* array or object, or null: neither */
} readers[] = {
	[FIELD_BOOL] = { read_bool, json_type_null },
	[FIELD_INT] = { read_int, json_type_null },
	[FIELD_U32] = { read_u32, json_type_null },
	[FIELD_U64] = { read_u64, json_type_null },
	[FIELD_SIZE] = { read_u64, json_type_null },
	[FIELD_LIMIT] = { read_limit, json_type_null },
	[FIELD_OCTAL] = { read_octal, json_type_null },
	[FIELD_MODE] = { read_mode, json_type_null },
	[FIELD_RDEV] = { read_rdev, json_type_null },
	[FIELD_WORD] = { read_word, json_type_null },
	[FIELD_FLAGS] = { read_flags, json_type_array },
	[FIELD_CAPS] = { read_caps, json_type_null },
	[FIELD_STR] = { read_str, json_type_null },
	[FIELD_PATH] = { read_str, json_type_null },
	[FIELD_STRV] = { read_strv, json_type_array },
	[FIELD_OBJECT] = { read_object, json_type_null },
	[FIELD_OBJECTS] = { read_objects, json_type_array },
	[FIELD_IDS] = { read_ids, json_type_array },
	[FIELD_IDMAP] = { read_idmap, json_type_array },
	[FIELD_LAYERS] = { read_layers, json_type_array },
	[FIELD_RULES] = { read_rules, json_type_array },
	[FIELD_BLOB] = { read_blob, json_type_object },
};
_Static_assert(ARRAY_SIZE(readers) == FIELD_KIND_COUNT, "all kinds");

int read_value(struct json_object *v, const struct field *f, struct step *s,
	       struct err *e)
{
	const struct reader *r = &readers[f->kind];

	if (r->container != json_type_null &&
	    !json_object_is_type(v, r->container))
		return fail(f,
			    r->container == json_type_array ? "an array"
							    : "an object",
			    e);
	return r->read(v, f, s, e);
}
