/*
 * oci_state.c - prints and parses the state of a container.
 */
#include "format/oci_state.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/sha256.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/doc.h"
#include "format/oci_spec.h"

void oci_state_done(struct oci_state *s)
{
	if (!s)
		return;
	free(s->id);
	free(s->bundle);
	free(s->rootfs);
	free(s->created);
	free(s->owner);
	free(s->streams);
	strv_free(s->annotations);
	strv_free(s->cgroup);
	free(s->scope);
	*s = (struct oci_state){ 0 };
}

const char *oci_status_word(enum oci_status status)
{
	static const char *const words[] = {
		[OCI_CREATING] = "creating", [OCI_CREATED] = "created",
		[OCI_RUNNING] = "running",   [OCI_PAUSED] = "paused",
		[OCI_STOPPED] = "stopped",
	};

	return words[status];
}

/* ---- our record ---- */

/* One row a text of the record. */
#define TEXTS(X)                                                               \
	X(id)                                                                  \
	X(bundle)                                                              \
	X(rootfs)                                                              \
	X(created)                                                             \
	X(owner)

void oci_state_print(const struct oci_state *s, struct buf *b)
{
	char hex[SHA256_HEX + 1];
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
#define X(name) json_out_str(&j, #name, s->name);
	TEXTS(X)
#undef X
	json_out_i64(&j, "pid", s->pid);
	json_out_u64(&j, "startTime", s->start_time);
	json_out_bool(&j, "ownPids", s->own_pids);
	sha256_hex(s->hash, hex);
	json_out_str(&j, "plan", hex);
	json_out_strv(&j, "annotations", s->annotations);
	json_out_strv(&j, "cgroup", s->cgroup);
	if (s->scope)
		json_out_str(&j, "scope", s->scope);
	if (s->streams)
		json_out_str(&j, "external_descriptors", s->streams);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static int read_hash(struct json_object *o, uint8_t ret[PLAN_HASH_LEN],
		     struct err *e)
{
	const char *s;

	if (json_get_str(o, "plan", &s, e) < 0)
		return -1;
	if (!s || strlen(s) != SHA256_HEX)
		return err_set(e, ERR_INPUT, "plan: no SHA-256");
	for (size_t i = 0; i < PLAN_HASH_LEN; i++) {
		int high = hex_digit(s[2 * i]), low = hex_digit(s[2 * i + 1]);

		if (high < 0 || low < 0)
			return err_set(e, ERR_INPUT, "plan: no SHA-256");
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static int read_record(struct json_object *o, struct oci_state *s,
		       struct err *e)
{
	const char *scope;
	const char *streams;
	int64_t pid;

#define X(name)                                                                \
	if (doc_need_plain(o, #name, &s->name, e) < 0)                         \
		return -1;
	TEXTS(X)
#undef X
	if (json_get_i64(o, "pid", 0, &pid, e) < 0 ||
	    json_get_u64(o, "startTime", 0, &s->start_time, e) < 0 ||
	    json_get_bool(o, "ownPids", false, &s->own_pids, e) < 0 ||
	    json_get_strv(o, "annotations", &s->annotations, e) < 0 ||
	    json_get_strv(o, "cgroup", &s->cgroup, e) < 0 ||
	    json_get_str(o, "scope", &scope, e) < 0 ||
	    read_hash(o, s->hash, e) < 0)
		return -1;
	if (pid < 0 || pid > INT32_MAX)
		return err_set(e, ERR_INPUT, "pid: %lld", (long long)pid);
	s->pid = (pid_t)pid;
	s->scope = scope ? xstrdup(scope) : NULL;
	if (json_get_str(o, "external_descriptors", &streams, e) < 0)
		return -1;
	s->streams = streams ? xstrdup(streams) : NULL;
	if (!strv_len(s->cgroup)) { /* none of its own */
		strv_free(s->cgroup);
		s->cgroup = NULL;
	}
	strv_foreach (a, s->annotations)
		if (!strchr(*a, '='))
			return err_set(e, ERR_INPUT,
				       "annotations: no KEY=VALUE");
	return 0;
}

int oci_state_parse(const struct buf *text, struct oci_state *ret,
		    struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(oci_state_done) struct oci_state s = { 0 };

	o = doc_parse("state.json", text->p ? text->p : "", text->len, false,
		      e);
	if (!o)
		return -1;
	if (read_record(o, &s, e) < 0)
		return err_prefix(e, "state.json");
	*ret = s;
	s = (struct oci_state){ 0 };
	return 0;
}

/* ---- what others read ---- */

static void put_annotations(const struct oci_state *s, struct json_out *j)
{
	if (!strv_len(s->annotations))
		return;
	json_out_obj(j, "annotations");
	strv_foreach (a, s->annotations) {
		size_t n = strcspn(*a, "=");
		auto_free char *key = xstrndup(*a, n);

		json_out_str(j, key, *a + n + 1);
	}
	json_out_obj_end(j);
}

void oci_state_members(const struct oci_state *s, enum oci_status status,
		       struct json_out *j)
{
	json_out_str(j, "ociVersion", OCI_VERSION);
	json_out_str(j, "id", s->id);
	json_out_i64(j, "pid", status == OCI_STOPPED ? 0 : s->pid);
	json_out_str(j, "status", oci_status_word(status));
	json_out_str(j, "bundle", s->bundle);
	json_out_str(j, "rootfs", s->rootfs);
	json_out_str(j, "created", s->created);
	put_annotations(s, j);
	json_out_str(j, "owner", s->owner);
}

char *oci_state_json(const struct oci_state *s, enum oci_status status,
		     bool pretty)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, pretty);
	json_out_obj(&j, NULL);
	oci_state_members(s, status, &j);
	json_out_obj_end(&j);
	return buf_take(&b);
}
