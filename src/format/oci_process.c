/*
 * oci_process.c - `process` of a config.json: who runs what, with which
 * rights and limits. Decides nothing that is not written there.
 */
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/strv.h"
#include "format/oci_parts.h"
#include "format/text.h"

#define GIDS_MAX    65536
#define RLIMITS_MAX 64
#define CAPS_MAX    256

/* ---- user ---- */

READER(read_uid, oci_u32(v, &o->s->uid, e))
READER(read_gid, oci_u32(v, &o->s->gid, e))

static int read_umask(struct oci *o, struct json_object *v, struct err *e)
{
	int mask;

	if (oci_int(v, 0, 0777, &mask, e) < 0)
		return -1;
	o->s->umask = (uint32_t)mask;
	o->b->has_umask = true;
	return 0;
}

static int read_group(struct oci *o, struct json_object *v, struct err *e)
{
	uint32_t gid;

	if (oci_u32(v, &gid, e) < 0)
		return -1;
	*GROW(o->s->groups, o->s->n_groups) = gid;
	o->s->n_groups++;
	return 0;
}
READER(read_groups, oci_each(o, v, GIDS_MAX, read_group, e))

static const struct oci_member user[] = {
	{ "uid", .read = read_uid },
	{ "gid", .read = read_gid },
	{ "umask", .read = read_umask },
	{ "additionalGids", .read = read_groups },
	{ "username", .ignored = "it is for Windows" },
	OCI_END,
};

/* ---- capabilities ---- */

static int read_cap(struct oci *o, struct json_object *v, uint64_t *set,
		    struct err *e)
{
	auto_free char *name = NULL;
	unsigned cap;

	if (oci_str(v, &name, e) < 0)
		return -1;
	/* the specification: a warning, not an error */
	if (cap_parse(name, "capability", &cap, NULL) < 0)
		oci_warn(o, "capability \"%s\": not known, and not given",
			 name);
	else
		*set |= 1ull << cap;
	return 0;
}

static int read_caps(struct oci *o, struct json_object *v, uint64_t *ret,
		     struct err *e)
{
	uint64_t set = 0;

	if (!json_object_is_type(v, json_type_array))
		return err_set(e, ERR_INPUT, "expected an array of names");
	if (json_object_array_length(v) > CAPS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d names", CAPS_MAX);
	for (size_t i = 0; i < json_object_array_length(v); i++)
		if (read_cap(o, json_object_array_get_idx(v, i), &set, e) < 0)
			return err_prefix(e, "[%zu]", i);
	*ret = set;
	return 0;
}
READER(read_bounding, read_caps(o, v, &o->b->caps.bounding, e))
READER(read_permitted, read_caps(o, v, &o->b->caps.permitted, e))
READER(read_effective, read_caps(o, v, &o->b->caps.effective, e))
READER(read_inheritable, read_caps(o, v, &o->b->caps.inheritable, e))
READER(read_ambient, read_caps(o, v, &o->b->caps.ambient, e))

static const struct oci_member capabilities[] = {
	{ "bounding", .read = read_bounding },
	{ "permitted", .read = read_permitted },
	{ "effective", .read = read_effective },
	{ "inheritable", .read = read_inheritable },
	{ "ambient", .read = read_ambient },
	OCI_END,
};

/* ---- limits ---- */

/* "RLIMIT_NOFILE" -> the row "nofile" */
static int read_limit_type(const char *type, int *ret, struct err *e)
{
	static const char prefix[] = "RLIMIT_";
	char name[32] = "";
	uint64_t value;

	if (strncmp(type, prefix, strlen(prefix)) == 0 &&
	    strlen(type) < sizeof(name) + strlen(prefix))
		for (size_t i = strlen(prefix); type[i]; i++)
			name[i - strlen(prefix)] =
				(char)(type[i] >= 'A' && type[i] <= 'Z'
					       ? type[i] - 'A' + 'a'
					       : '?');
	if (!word_find(rlimit_words, name, &value))
		return err_set(e, ERR_INPUT, "type: no resource limit \"%s\"",
			       SHOW(type));
	*ret = (int)value;
	return 0;
}

static bool has_limit(const struct spec *s, int resource)
{
	for (size_t i = 0; i < s->n_rlimits; i++)
		if (s->rlimits[i].resource == resource)
			return true;
	return false;
}

static int read_rlimit(struct oci *o, struct json_object *v, struct err *e)
{
	struct json_object *soft, *hard;
	struct spec_rlimit l;
	const char *type;

	if (!json_object_is_type(v, json_type_object))
		return err_set(e, ERR_INPUT, "expected an object");
	if (json_get_str(v, "type", &type, e) < 0)
		return -1;
	if (!type || !json_object_object_get_ex(v, "soft", &soft) ||
	    !json_object_object_get_ex(v, "hard", &hard))
		return err_set(e, ERR_INPUT,
			       "type, soft and hard: one is missing");
	if (read_limit_type(type, &l.resource, e) < 0)
		return -1;
	if (oci_u64(soft, &l.soft, e) < 0 || oci_u64(hard, &l.hard, e) < 0)
		return err_prefix(e, "%s", type);
	if (l.soft > l.hard)
		return err_set(e, ERR_INPUT, "%s: soft is above hard", type);
	if (has_limit(o->s, l.resource))
		return err_set(e, ERR_INPUT, "%s: it stands twice", type);
	*GROW(o->s->rlimits, o->s->n_rlimits) = l;
	o->s->n_rlimits++;
	return 0;
}
READER(read_rlimits, oci_each(o, v, RLIMITS_MAX, read_rlimit, e))

/* ---- the terminal ---- */

static int read_side(struct json_object *v, uint16_t *ret, struct err *e)
{
	int n;

	if (oci_int(v, 0, UINT16_MAX, &n, e) < 0)
		return -1;
	*ret = (uint16_t)n;
	return 0;
}
READER(read_rows, read_side(v, &o->b->rows, e))
READER(read_columns, read_side(v, &o->b->columns, e))

static const struct oci_member console_size[] = {
	{ "height", .read = read_rows },
	{ "width", .read = read_columns },
	OCI_END,
};

/* ---- the rest ---- */

READER(read_terminal, oci_bool(v, &o->s->terminal, e))
READER(read_args, oci_strv(v, &o->s->argv, e))
READER(read_nnp, oci_bool(v, &o->s->no_new_privs, e))

static int read_cwd(struct oci *o, struct json_object *v, struct err *e)
{
	auto_free char *cwd = NULL;

	if (oci_str(v, &cwd, e) < 0)
		return -1;
	if (*cwd != '/')
		return err_set(e, ERR_INPUT, "\"%s\" is not absolute",
			       SHOW(cwd));
	return oci_path(v, &o->s->cwd, e);
}

/* The last of a name counts, as it does in a shell; a program that reads the
 * first must not see another. */
static void drop_repeated(char **env)
{
	char **to = env;

	for (char **row = env; row && *row; row++) {
		size_t n = strcspn(*row, "=") + 1;
		char **later = row + 1;

		while (*later && strncmp(*later, *row, n) != 0)
			later++;
		if (*later)
			free(*row);
		else
			*to++ = *row;
	}
	if (env)
		*to = NULL;
}

static int read_env(struct oci *o, struct json_object *v, struct err *e)
{
	if (oci_strv(v, &o->s->env, e) < 0)
		return -1;
	strv_foreach (row, o->s->env)
		if (!strchr(*row, '=') || **row == '=')
			return err_set(e, ERR_INPUT, "\"%s\" is not NAME=VALUE",
				       SHOW(*row));
	drop_repeated(o->s->env);
	return 0;
}

/* An empty label is none. */
static int read_label(struct json_object *v, char **ret, struct err *e)
{
	auto_free char *s = NULL;

	if (oci_str(v, &s, e) < 0)
		return -1;
	if (*s && !text_is_plain(s))
		return err_set(e, ERR_INPUT, "a control character in a label");
	if (*s)
		*ret = TAKE(s);
	return 0;
}
READER(read_apparmor, read_label(v, &o->s->apparmor, e))
READER(read_selinux, read_label(v, &o->s->selinux, e))

static int read_oom(struct oci *o, struct json_object *v, struct err *e)
{
	if (oci_int(v, -1000, 1000, &o->b->oom_score_adj, e) < 0)
		return -1;
	o->b->has_oom_score_adj = true;
	return 0;
}

const struct oci_member oci_process[] = {
	{ "terminal", .read = read_terminal },
	{ "consoleSize", .members = console_size },
	{ "cwd", .read = read_cwd },
	{ "env", .read = read_env },
	{ "args", .read = read_args },
	{ "commandLine", .ignored = "it is for Windows" },
	{ "user", .members = user },
	{ "capabilities", .members = capabilities },
	{ "rlimits", .read = read_rlimits },
	{ "noNewPrivileges", .read = read_nnp },
	{ "apparmorProfile", .read = read_apparmor },
	{ "selinuxLabel", .read = read_selinux },
	{ "oomScoreAdj", .read = read_oom },
	{ "scheduler", .read = oci_scheduler },
	{ "ioPriority", .read = oci_io_priority },
	{ "execCPUAffinity", .members = oci_affinity },
	OCI_END,
};
