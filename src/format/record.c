/*
 * record.c - one line after the other.
 *
 * The file lay where the user put it: nothing in it is believed. Names of
 * calls are checked for their letters only.
 */
#include "format/record.h"

#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>
#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/doc.h"

#define FORM	   1
#define EVENTS_MAX 65536
#define NEEDS_MAX  128
#define ERRNO_MAX  4095
#define ACCESS_MAX 0xffffu

struct reader {
	struct record r;
	bool begun;
};

static int read_start(struct reader *x, struct json_object *o, struct err *e)
{
	static const char *const keys[] = { "event",   "version", "note",
					    "profile", "mode",	  "calls",
					    "arch",    "caps",	  "command" };
	const char *profile, *mode, *calls, *arch;
	struct record *r = &x->r;
	uint64_t version;

	if (x->begun)
		return err_set(e, ERR_INPUT, "a second start");
	if (doc_only_keys(o, keys, ARRAY_SIZE(keys), e) < 0 ||
	    json_get_u64(o, "version", 0, &version, e) < 0 ||
	    json_get_str(o, "profile", &profile, e) < 0 ||
	    json_get_str(o, "mode", &mode, e) < 0 ||
	    json_get_str(o, "calls", &calls, e) < 0 ||
	    json_get_str(o, "arch", &arch, e) < 0 ||
	    json_get_u64(o, "caps", 0, &r->caps, e) < 0 ||
	    json_get_strv(o, "command", &r->command, e) < 0)
		return -1;
	if (version != FORM)
		return err_set(e, ERR_INPUT, "version %llu; known is %d",
			       (unsigned long long)version, FORM);
	if (!profile || !*profile || !arch || !mode || !calls ||
	    (strcmp(mode, "deny") && strcmp(mode, "allow")) ||
	    (strcmp(calls, "all") && strcmp(calls, "denied")))
		return err_set(e, ERR_INPUT,
			       "profile, arch, mode (deny, allow) or calls "
			       "(all, denied) is missing or another word");
	r->profile = xstrdup(profile);
	r->arch = xstrdup(arch);
	r->mode = strcmp(mode, "allow") ? RECORD_DENY : RECORD_ALLOW;
	r->all = !strcmp(calls, "all");
	x->begun = true;
	return 0;
}

static int read_args(struct json_object *o, uint64_t args[6], struct err *e)
{
	struct json_object *array;
	size_t n;

	if (json_get_array(o, "args", &array, &n, e) < 0)
		return -1;
	if (n != 6)
		return err_set(e, ERR_INPUT, "args: expected 6 numbers");
	for (size_t i = 0; i < n; i++) {
		struct json_object *v = json_at(array, i);

		if (!json_object_is_type(v, json_type_int))
			return err_set(e, ERR_INPUT,
				       "args[%zu]: expected a number", i);
		args[i] = json_object_get_uint64(v);
	}
	return 0;
}

static bool is_call_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	size_t n = strlen(s);

	return n && n <= 64 && strspn(s, letters) == n;
}

static int read_call(struct json_object *o, struct record_event *v,
		     struct err *e)
{
	uint64_t nr, errnum;
	const char *call;

	if (json_get_str(o, "call", &call, e) < 0 ||
	    json_get_u64(o, "nr", 0, &nr, e) < 0 ||
	    json_get_u64(o, "errno", 0, &errnum, e) < 0 ||
	    json_get_bool(o, "denied", false, &v->denied, e) < 0 ||
	    json_get_bool(o, "kills", false, &v->kills, e) < 0 ||
	    read_args(o, v->args, e) < 0)
		return -1;
	if (!call || !is_call_name(call))
		return err_set(e, ERR_INPUT, "call: expected a call's name");
	if (nr > UINT32_MAX || errnum > ERRNO_MAX)
		return err_set(e, ERR_INPUT, "nr or errno is too large");
	v->call = xstrdup(call);
	v->nr = (uint32_t)nr;
	v->errnum = (int)errnum;
	return 0;
}

static int read_need(struct json_object *o, struct record_event *v,
		     struct err *e)
{
	static const char *const keys[] = { "path", "access" };
	struct landlock_path *p;
	const char *path;
	uint64_t access;

	if (!doc_is_object(o))
		return err_set(e, ERR_INPUT, "expected an object");
	if (doc_only_keys(o, keys, ARRAY_SIZE(keys), e) < 0 ||
	    json_get_str(o, "path", &path, e) < 0 ||
	    json_get_u64(o, "access", 0, &access, e) < 0)
		return -1;
	if (!path || *path != '/' || !access || access > ACCESS_MAX)
		return err_set(e, ERR_INPUT,
			       "expected an absolute path and Landlock rights");
	p = GROW(v->needs, v->n_needs);
	v->n_needs++;
	p->path = xstrdup(path);
	p->access = access;
	return 0;
}

static int read_needs(struct json_object *o, struct record_event *v,
		      struct err *e)
{
	struct json_object *array;
	size_t n;

	if (json_get_array(o, "needs", &array, &n, e) < 0)
		return -1;
	if (n > NEEDS_MAX)
		return err_set(e, ERR_LIMIT, "%zu needs; at most %d", n,
			       NEEDS_MAX);
	for (size_t i = 0; i < n; i++)
		if (read_need(json_at(array, i), v, e) < 0)
			return err_prefix(e, "needs[%zu]", i);
	return 0;
}

static int read_event(struct reader *x, struct json_object *o, bool is_call,
		      struct err *e)
{
	static const char *const keys[] = {
		"event", "n",	  "call", "nr",	     "args", "denied",
		"errno", "kills", "path", "program", "at",   "needs",
	};
	const char *path, *program, *at;
	struct record *r = &x->r;
	struct record_event *v;
	uint64_t n;

	if (r->n == EVENTS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d events", EVENTS_MAX);
	if (doc_only_keys(o, keys, ARRAY_SIZE(keys), e) < 0 ||
	    json_get_u64(o, "n", 0, &n, e) < 0 ||
	    json_get_str(o, "path", &path, e) < 0 ||
	    json_get_str(o, "program", &program, e) < 0 ||
	    json_get_str(o, "at", &at, e) < 0)
		return -1;
	if (n != r->n + 1)
		return err_set(e, ERR_INPUT, "n: expected %zu", r->n + 1);
	v = GROW(r->v, r->n);
	r->n++;
	v->count = 1;
	v->path = xstrdup(path);
	v->program = xstrdup(program);
	v->at = xstrdup(at);
	if (is_call && read_call(o, v, e) < 0)
		return -1;
	return read_needs(o, v, e);
}

static int read_total(struct reader *x, struct json_object *o, struct err *e)
{
	static const char *const keys[] = { "event", "n", "count" };
	uint64_t n, count;

	if (doc_only_keys(o, keys, ARRAY_SIZE(keys), e) < 0 ||
	    json_get_u64(o, "n", 0, &n, e) < 0 ||
	    json_get_u64(o, "count", 0, &count, e) < 0)
		return -1;
	if (n < 1 || n > x->r.n || !count)
		return err_set(e, ERR_INPUT, "n or count is out of range");
	x->r.v[n - 1].count = count;
	return 0;
}

static int read_end(struct reader *x, struct json_object *o, struct err *e)
{
	static const char *const keys[] = { "event", "calls", "dropped" };

	x->r.ended = true;
	return doc_only_keys(o, keys, ARRAY_SIZE(keys), e) < 0 ||
			       json_get_u64(o, "calls", 0, &x->r.calls, e) <
				       0 ||
			       json_get_u64(o, "dropped", 0, &x->r.dropped, e) <
				       0
		       ? -1
		       : 0;
}

static int read_object(struct reader *x, struct json_object *o, struct err *e)
{
	const char *event;

	if (!doc_is_object(o))
		return err_set(e, ERR_INPUT, "expected an object");
	if (json_get_str(o, "event", &event, e) < 0)
		return -1;
	if (!event)
		event = "";
	if (x->begun == !strcmp(event, "start"))
		return err_set(e, ERR_INPUT,
			       x->begun ? "a second start"
					: "no record: the first line is no "
					  "start");
	if (x->r.ended)
		return err_set(e, ERR_INPUT, "something follows the end");
	if (!strcmp(event, "start"))
		return read_start(x, o, e);
	if (!strcmp(event, "call") || !strcmp(event, "program"))
		return read_event(x, o, *event == 'c', e);
	if (!strcmp(event, "total"))
		return read_total(x, o, e);
	if (!strcmp(event, "end"))
		return read_end(x, o, e);
	return err_set(e, ERR_INPUT, "event \"%s\": unknown", event);
}

static int read_line(struct reader *x, const char *name, const char *line,
		     size_t len, struct err *e)
{
	AUTO(json_free) struct json_object *o = json_parse(name, line, len, e);

	if (!o)
		return -1;
	return read_object(x, o, e) < 0 ? err_prefix(e, "%s", name) : 0;
}

static int read_all(struct reader *x, const char *name, const struct buf *text,
		    struct err *e)
{
	size_t at = 0;

	for (unsigned line = 1; at < text->len; line++) {
		const char *p = text->p + at;
		const char *end = memchr(p, '\n', text->len - at);
		auto_free char *where = xasprintf("%s, line %u", name, line);

		if (!end) /* cut off */
			break;
		if (read_line(x, where, p, (size_t)(end - p), e) < 0)
			return -1;
		at = (size_t)(end - text->p) + 1;
	}
	if (!x->begun)
		return err_set(e, ERR_INPUT, "%s: no record: it is empty",
			       name);
	return 0;
}

int record_parse(const char *name, const struct buf *text, struct record *ret,
		 struct err *e)
{
	struct reader x = { 0 };

	if (read_all(&x, name, text, e) < 0) {
		record_done(&x.r);
		return -1;
	}
	*ret = x.r;
	return 0;
}
