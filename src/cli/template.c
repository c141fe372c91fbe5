/*
 * template.c - renders --format templates over a JSON value.
 *
 * No variables, no control structures, no pipes: those words are refused
 * with a sentence, not ignored.
 */
#include <ctype.h>
#include <json-c/json.h>
#include <string.h>
#include "base/alloc.h"
#include "base/json.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/template.h"

#define EXPR_WORDS_MAX 4

static void print_value(struct json_object *v, struct buf *b);

/* A walk over the members of an object. */
struct member {
	struct json_object_iterator at, end;
	const char *key;
	struct json_object *value;
};

static struct member first_member(struct json_object *o)
{
	return (struct member){ .at = json_object_iter_begin(o),
				.end = json_object_iter_end(o) };
}

static bool next_member(struct member *m)
{
	if (json_object_iter_equal(&m->at, &m->end))
		return false;
	m->key = json_object_iter_peek_name(&m->at);
	m->value = json_object_iter_peek_value(&m->at);
	json_object_iter_next(&m->at);
	return true;
}

/* Go's %v of a list: [a b]. */
static void print_array(struct json_object *v, struct buf *b)
{
	size_t i, n = json_object_array_length(v);

	buf_char(b, '[');
	for (i = 0; i < n; i++) {
		if (i)
			buf_char(b, ' ');
		print_value(json_object_array_get_idx(v, i), b);
	}
	buf_char(b, ']');
}

static void print_map(struct json_object *v, struct buf *b)
{
	struct member m;
	bool any = false;

	buf_str(b, "map[");
	for (m = first_member(v); next_member(&m); any = true) {
		if (any)
			buf_char(b, ' ');
		buf_escaped(b, m.key);
		buf_char(b, ':');
		print_value(m.value, b);
	}
	buf_char(b, ']');
}

static void print_value(struct json_object *v, struct buf *b)
{
	switch (json_object_get_type(v)) {
	case json_type_array:
		print_array(v, b);
		break;
	case json_type_object:
		print_map(v, b);
		break;
	case json_type_null:
		break;
	default:
		buf_escaped(b, json_object_get_string(v));
	}
}

/* Through our own writer: its output has no raw control or bidi character. */
static void write_json(struct json_out *j, const char *key,
		       struct json_object *v)
{
	struct member m;
	size_t i, n;

	switch (json_object_get_type(v)) {
	case json_type_string:
		json_out_str(j, key, json_object_get_string(v));
		break;
	case json_type_boolean:
		json_out_bool(j, key, json_object_get_boolean(v));
		break;
	case json_type_array:
		json_out_array(j, key);
		n = json_object_array_length(v);
		for (i = 0; i < n; i++)
			write_json(j, NULL, json_object_array_get_idx(v, i));
		json_out_array_end(j);
		break;
	case json_type_object:
		json_out_obj(j, key);
		for (m = first_member(v); next_member(&m);)
			write_json(j, m.key, m.value);
		json_out_obj_end(j);
		break;
	default: /* the documents of ours have whole numbers only */
		json_out_i64(j, key, json_object_get_int64(v));
	}
}

static int do_print(struct json_object *v, const char *arg, struct buf *b,
		    struct err *e)
{
	(void)arg, (void)e;
	print_value(v, b);
	return 0;
}

static int do_println(struct json_object *v, const char *arg, struct buf *b,
		      struct err *e)
{
	(void)arg, (void)e;
	print_value(v, b);
	buf_char(b, '\n');
	return 0;
}

static int do_json(struct json_object *v, const char *arg, struct buf *b,
		   struct err *e)
{
	struct json_out j;

	(void)arg, (void)e;
	json_out_init(&j, b, false);
	write_json(&j, NULL, v);
	return 0;
}

static void change_case(struct buf *b, size_t from, int (*change)(int))
{
	for (; from < b->len; from++)
		b->p[from] = (char)change((unsigned char)b->p[from]);
}

static int do_upper(struct json_object *v, const char *arg, struct buf *b,
		    struct err *e)
{
	size_t from = b->len;

	(void)arg, (void)e;
	print_value(v, b);
	change_case(b, from, toupper);
	return 0;
}

static int do_lower(struct json_object *v, const char *arg, struct buf *b,
		    struct err *e)
{
	size_t from = b->len;

	(void)arg, (void)e;
	print_value(v, b);
	change_case(b, from, tolower);
	return 0;
}

static int do_len(struct json_object *v, const char *arg, struct buf *b,
		  struct err *e)
{
	(void)arg;
	switch (json_object_get_type(v)) {
	case json_type_array:
		buf_printf(b, "%zu", json_object_array_length(v));
		return 0;
	case json_type_object:
		buf_printf(b, "%d", json_object_object_length(v));
		return 0;
	case json_type_string:
		buf_printf(b, "%d", json_object_get_string_len(v));
		return 0;
	case json_type_null:
		buf_char(b, '0');
		return 0;
	default:
		return err_set(e, ERR_USAGE, "--format: len of a number");
	}
}

static int do_join(struct json_object *v, const char *arg, struct buf *b,
		   struct err *e)
{
	size_t i, n;

	if (v && !json_object_is_type(v, json_type_array))
		return err_set(e, ERR_USAGE,
			       "--format: join of what is no "
			       "list");
	n = v ? json_object_array_length(v) : 0;
	for (i = 0; i < n; i++) {
		if (i)
			buf_escaped(b, arg);
		print_value(json_object_array_get_idx(v, i), b);
	}
	return 0;
}

static const struct function {
	const char *name;
	bool has_arg;
	int (*fn)(struct json_object *v, const char *arg, struct buf *b,
		  struct err *e);
} functions[] = {
	{ "", false, do_print },      { "json", false, do_json },
	{ "upper", false, do_upper }, { "lower", false, do_lower },
	{ "len", false, do_len },     { "println", false, do_println },
	{ "join", true, do_join },
};

static const struct function *find_function(const char *name, struct err *e)
{
	const char *names[ARRAY_SIZE(functions)], *near;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		names[i] = functions[i].name;
		if (!strcmp(names[i], name))
			return &functions[i];
	}
	near = word_nearest(name, names, ARRAY_SIZE(functions));
	if (near)
		err_set(e, ERR_USAGE,
			"--format: {{%s}}: unknown word; did you mean %s?",
			name, near);
	else
		err_set(e, ERR_USAGE,
			"--format: {{%s}}: not offered; known are .Field, "
			"json, join, len, lower, println, upper",
			name);
	return NULL;
}

static int no_field(struct json_object *o, const char *name, struct err *e)
{
	auto_free const char **names = NULL;
	const char *near;
	struct member m;
	size_t n = 0;

	if (json_object_is_type(o, json_type_object)) {
		for (m = first_member(o); next_member(&m); n++)
			*GROW(names, n) = m.key;
	}
	near = n ? word_nearest(name, names, n) : NULL;
	if (near)
		return err_set(e, ERR_USAGE,
			       "--format: no field .%s; did you mean .%s?",
			       name, near);
	return err_set(e, ERR_USAGE, "--format: no field .%s", name);
}

/* ".A.B" below `o`; "." is `o`. */
static int find_field(struct json_object *o, const char *path,
		      struct json_object **ret, struct err *e)
{
	AUTO(strv_free) char **parts = NULL;

	if (path[0] != '.')
		return err_set(e, ERR_USAGE,
			       "--format: {{%s}}: a field begins with a dot",
			       path);
	if (path[1])
		parts = strv_split(path + 1, '.');
	strv_foreach (part, parts) {
		struct json_object *member;

		if (!json_object_is_type(o, json_type_object) ||
		    !json_object_object_get_ex(o, *part, &member))
			return no_field(o, *part, e);
		o = member;
	}
	*ret = o;
	return 0;
}

/* Splits at spaces, "…" kept together without its quotes. Their number. */
static size_t split_words(char *s, char *words[EXPR_WORDS_MAX])
{
	size_t n = 0;
	char end;

	while (n < EXPR_WORDS_MAX) {
		s += strspn(s, " \t");
		if (!*s)
			break;
		end = *s == '"' ? '"' : ' ';
		s += *s == '"';
		words[n++] = s;
		s = strchrnul(s, end);
		if (*s)
			*s++ = '\0';
	}
	return n;
}

struct expr {
	const struct function *f;
	const char *path, *arg;
};

/* "{{" was read: [FUNCTION] .PATH ["ARG"]. `s` is changed. */
static int parse_expr(char *s, struct expr *ret, struct err *e)
{
	char *w[EXPR_WORDS_MAX];
	size_t n = split_words(s, w), bare = n && w[0][0] == '.';

	if (n == 0)
		return err_set(e, ERR_USAGE, "--format: {{}} is empty");
	ret->f = find_function(bare ? "" : w[0], e);
	if (!ret->f)
		return -1;
	if (n + bare != 2 + (size_t)ret->f->has_arg)
		return err_set(e, ERR_USAGE,
			       "--format: {{%s}} takes one field%s", w[0],
			       ret->f->has_arg ? " and a \"separator\"" : "");
	ret->path = w[1 - bare];
	ret->arg = ret->f->has_arg ? w[2] : NULL;
	return 0;
}

/*
 * Copies text up to the next "{{" and takes what is in it (heap) as *expr;
 * NULL at the end. Advances *at.
 */
static int next_expr(const char **at, char **expr, struct buf *b, struct err *e)
{
	const char *s = *at, *end;

	*expr = NULL;
	for (; *s && strncmp(s, "{{", 2); s++) {
		if (s[0] == '\\' && (s[1] == 'n' || s[1] == 't'))
			buf_char(b, *++s == 'n' ? '\n' : '\t');
		else
			buf_char(b, *s);
	}
	*at = s;
	if (!*s)
		return 0;
	end = strstr(s, "}}");
	if (!end)
		return err_set(e, ERR_USAGE, "--format: {{ without }}");
	*expr = xstrndup(s + 2, (size_t)(end - s) - 2);
	*at = end + 2;
	return 0;
}

int template_render(const char *text, struct json_object *o, struct buf *b,
		    struct err *e)
{
	struct json_object *v = NULL;
	struct expr x;

	while (*text) {
		auto_free char *expr = NULL;

		if (next_expr(&text, &expr, b, e))
			return -1;
		if (!expr)
			break;
		if (parse_expr(expr, &x, e) || find_field(o, x.path, &v, e) ||
		    x.f->fn(v, x.arg, b, e))
			return -1;
	}
	return 0;
}

/* As docker heads its columns. */
static void add_heading(const char *field, struct buf *b)
{
	static const struct {
		const char *field, *heading;
	} known[] = {
		{ "ID", "IMAGE ID" },
		{ "CreatedSince", "CREATED" },
		{ "CreatedAt", "CREATED AT" },
		{ "RunningFor", "RUNNING FOR" },
	};
	size_t i, from = b->len;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(field, known[i].field))
			continue;
		buf_str(b, known[i].heading);
		return;
	}
	buf_escaped(b, field);
	change_case(b, from, toupper);
}

int template_heading(const char *text, struct buf *b, struct err *e)
{
	struct expr x;

	while (*text) {
		auto_free char *expr = NULL;

		if (next_expr(&text, &expr, b, e))
			return -1;
		if (!expr)
			break;
		if (parse_expr(expr, &x, e))
			return -1;
		add_heading(strrchr(x.path, '.') + 1, b);
	}
	return 0;
}
