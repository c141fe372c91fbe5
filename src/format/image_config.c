/*
 * image_config.c - the config document of an image. Everything in it is data
 * for the payload, never configuration of immure (R24). Not looked at:
 * history, Healthcheck, OnBuild, Shell, ArgsEscaped, docker's
 * container_config, and whatever else is unknown.
 */
#include "format/image_config.h"

#include <string.h>
#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/digest.h"
#include "format/doc.h"
#include "format/manifest.h"
#include "format/opts.h"
#include "format/text.h"

#define WORDS_MAX   4096   /* of Env, Cmd, Entrypoint, Labels, … each */
#define STRING_MAX  131071 /* execve takes no longer one */
#define PATH_LENGTH 4095

/* ---- strings ---- */

static int check_value(const char *key, const char *s, struct err *e)
{
	if (strlen(s) > STRING_MAX)
		return err_set(e, ERR_LIMIT,
			       "%s: \"%s\": longer than 131071 bytes", key,
			       SHOW(s));
	if (!text_is_value(s))
		return err_set(e, ERR_INPUT,
			       "%s: \"%s\": it holds a control character", key,
			       SHOW(s));
	return 0;
}

static int get_words(struct json_object *o, const char *key, char ***ret,
		     struct err *e)
{
	AUTO(strv_free) char **v = NULL;
	struct json_object *array;
	size_t n;

	if (json_get_array(o, key, &array, &n, e))
		return -1;
	if (n > WORDS_MAX)
		return err_set(e, ERR_LIMIT, "%s: %zu entries: more than %d",
			       key, n, WORDS_MAX);
	if (json_get_strv(o, key, &v, e))
		return -1;
	strv_foreach (s, v)
		if (check_value(key, *s, e))
			return -1;
	*ret = TAKE(v);
	return 0;
}

static int check_env(char *const *env, struct err *e)
{
	strv_foreach (s, env) {
		size_t n = strcspn(*s, "=");
		auto_free char *key = xstrndup(*s, n);

		if (!(*s)[n] || n == 0)
			return err_set(e, ERR_INPUT,
				       "Env: \"%s\": expected KEY=VALUE",
				       SHOW(*s));
		if (!text_is_plain(key))
			return err_set(e, ERR_INPUT,
				       "Env: \"%s\": the name holds a control "
				       "character",
				       SHOW(*s));
	}
	return 0;
}

/* ---- maps ---- */

/* The value of a set's member is an object, usually empty. */
static bool is_set_member(struct json_object *value)
{
	return !value || doc_is_object(value);
}

static char *row_volume(const char *key, struct json_object *value,
			struct err *e)
{
	auto_free char *path = NULL;

	if (!is_set_member(value)) {
		err_set(e, ERR_INPUT, "\"%s\": expected an object", SHOW(key));
		return NULL;
	}
	if (*key == '/' && text_is_plain(key) && strlen(key) <= PATH_LENGTH)
		path = path_clean(key);
	if (!path || !strcmp(path, "/")) {
		err_set(e, ERR_INPUT,
			"\"%s\": expected an absolute path below /", SHOW(key));
		return NULL;
	}
	return TAKE(path);
}

/* One to five digits at *p, up to 65535. */
static bool is_port_number(const char **p)
{
	size_t n = strspn(*p, "0123456789");
	unsigned v = 0;

	for (size_t i = 0; i < n && i < 5; i++)
		v = v * 10 + (unsigned)((*p)[i] - '0');
	*p += n;
	return n >= 1 && n <= 5 && v >= 1 && v <= 65535;
}

/* "80", "80/tcp", "8000-8010/udp"; "/tcp" is added when it is not there. */
static char *row_port(const char *key, struct json_object *value, struct err *e)
{
	static const char *const protocols[] = { "", "/tcp", "/udp", "/sctp" };
	const char *p = key;
	bool ok = is_set_member(value) && is_port_number(&p);

	if (ok && *p == '-') {
		p++;
		ok = is_port_number(&p);
	}
	for (size_t i = 0; ok && i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(p, protocols[i]))
			return xasprintf("%s%s", key, *p ? "" : "/tcp");
	err_set(e, ERR_INPUT, "\"%s\": expected PORT[-PORT][/tcp|/udp|/sctp]",
		SHOW(key));
	return NULL;
}

static char *row_label(const char *key, struct json_object *value,
		       struct err *e)
{
	const char *s = doc_string(value);

	if (!*key || strchr(key, '=') || !text_is_plain(key) || !s) {
		err_set(e, ERR_INPUT,
			"\"%s\": expected a name (without '=' and control "
			"characters) and a string",
			SHOW(key));
		return NULL;
	}
	if (check_value(key, s, NULL)) {
		err_set(e, ERR_INPUT,
			"\"%s\": the value holds a control character or is "
			"longer than 131071 bytes",
			SHOW(key));
		return NULL;
	}
	return xasprintf("%s=%s", key, s);
}

/* ---- the members ---- */

static int parse_workdir(struct json_object *o, struct image_config *c,
			 struct err *e)
{
	auto_free char *dir = NULL;

	if (doc_get_plain(o, "WorkingDir", &dir, e))
		return -1;
	if (dir && strlen(dir) > PATH_LENGTH)
		return err_set(e, ERR_LIMIT,
			       "WorkingDir: longer than 4095 bytes");
	c->workdir = dir && *dir ? path_clean(dir) : xstrdup("");
	return 0;
}

static int parse_strings(struct json_object *o, struct image_config *c,
			 struct err *e)
{
	int sig;

	if (parse_workdir(o, c, e) || doc_get_plain(o, "User", &c->user, e) ||
	    doc_get_plain(o, "StopSignal", &c->stop_signal, e))
		return -1;
	c->user = c->user ? c->user : xstrdup("");
	c->stop_signal = c->stop_signal ? c->stop_signal : xstrdup("");
	if (*c->stop_signal && opts_signal(c->stop_signal, &sig, NULL))
		return err_set(e, ERR_INPUT, "StopSignal: \"%s\": not a signal",
			       SHOW(c->stop_signal));
	return 0;
}

/* `o` may be NULL: an image whose config has no "config". */
static int parse_process(struct json_object *o, struct image_config *c,
			 struct err *e)
{
	static const char *const keys[] = {
		"User",	   "Env",    "Entrypoint", "Cmd",	   "WorkingDir",
		"Volumes", "Labels", "StopSignal", "ExposedPorts",
	};
	static const struct doc_map volumes = { "Volumes", WORDS_MAX,
						row_volume };
	static const struct doc_map ports = { "ExposedPorts", WORDS_MAX,
					      row_port };
	static const struct doc_map labels = { "Labels", WORDS_MAX, row_label };

	if (o && doc_check_keys(o, keys, ARRAY_SIZE(keys), e))
		return -1;
	if (parse_strings(o, c, e) || get_words(o, "Env", &c->env, e) ||
	    check_env(c->env, e) ||
	    get_words(o, "Entrypoint", &c->entrypoint, e) ||
	    get_words(o, "Cmd", &c->cmd, e) ||
	    doc_get_map(o, &volumes, &c->volumes, e) ||
	    doc_get_map(o, &ports, &c->ports, e) ||
	    doc_get_map(o, &labels, &c->labels, e))
		return -1;
	return 0;
}

static int check_diff_ids(char *const *ids, struct err *e)
{
	strv_foreach (id, ids)
		if (digest_check(*id, "diff_ids", e))
			return -1;
	return 0;
}

static int parse_rootfs(struct json_object *o, struct image_config *c,
			struct err *e)
{
	static const char *const keys[] = { "type", "diff_ids" };
	struct json_object *ids;
	const char *type;
	size_t n;

	if (doc_check_keys(o, keys, ARRAY_SIZE(keys), e) ||
	    json_get_str(o, "type", &type, e) ||
	    json_get_array(o, "diff_ids", &ids, &n, e))
		return -1;
	if (!type || strcmp(type, "layers"))
		return err_set(e, ERR_INPUT, "type: \"%s\": it must be layers",
			       type ? SHOW(type) : "");
	if (n == 0)
		return err_set(e, ERR_INPUT, "diff_ids: there are none");
	if (n > LAYERS_MAX)
		return err_set(e, ERR_LIMIT, "diff_ids: %zu: more than %d", n,
			       LAYERS_MAX);
	if (json_get_strv(o, "diff_ids", &c->diff_ids, e))
		return -1;
	return check_diff_ids(c->diff_ids, e);
}

static int parse_platform(struct json_object *o, struct image_config *c,
			  struct err *e)
{
	if (doc_need_plain(o, "os", &c->os, e) ||
	    doc_need_plain(o, "architecture", &c->arch, e) ||
	    doc_get_plain(o, "created", &c->created, e))
		return -1;
	if (!text_is_word(c->os, "._-"))
		return err_set(e, ERR_INPUT, "os: \"%s\": not the name of one",
			       SHOW(c->os));
	if (!text_is_word(c->arch, "._-"))
		return err_set(e, ERR_INPUT,
			       "architecture: \"%s\": not the name of one",
			       SHOW(c->arch));
	c->created = c->created ? c->created : xstrdup("");
	return 0;
}

static int parse(struct json_object *o, struct image_config *c, struct err *e)
{
	static const char *const keys[] = {
		"os", "architecture", "created", "config", "rootfs",
	};
	struct json_object *config, *rootfs;

	if (doc_check_keys(o, keys, ARRAY_SIZE(keys), e) ||
	    parse_platform(o, c, e) || json_get_obj(o, "config", &config, e) ||
	    json_get_obj(o, "rootfs", &rootfs, e))
		return -1;
	if (!rootfs)
		return err_set(e, ERR_INPUT, "rootfs: it is missing");
	if (parse_rootfs(rootfs, c, e))
		return err_prefix(e, "rootfs");
	if (parse_process(config, c, e))
		return err_prefix(e, "config");
	return 0;
}

int image_config_parse(const char *p, size_t n, struct image_config *ret,
		       struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(image_config_done) struct image_config c = { 0 };

	o = doc_parse("image config", p, n, false, e);
	if (!o)
		return -1;
	if (parse(o, &c, e))
		return err_prefix(e, "image config");
	*ret = c;
	c = (struct image_config){ 0 };
	return 0;
}
