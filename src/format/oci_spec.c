/*
 * oci_spec.c - the top of a config.json, its hooks, and what holds between
 * its members.
 */
#include <json-c/json.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/strv.h"
#include "format/oci_parts.h"
#include "format/text.h"

#define HOOKS_MAX 256

/* ---- hooks ---- */

#define LAST_HOOK (&o->b->hooks[o->b->n_hooks - 1])

static int read_hook_path(struct oci *o, struct json_object *v, struct err *e)
{
	if (oci_str(v, &LAST_HOOK->path, e) < 0)
		return -1;
	if (LAST_HOOK->path[0] != '/')
		return err_set(e, ERR_INPUT, "\"%s\" is not absolute",
			       SHOW(LAST_HOOK->path));
	return 0;
}

static int read_hook_timeout(struct oci *o, struct json_object *v,
			     struct err *e)
{
	int seconds;

	if (oci_int(v, 1, INT32_MAX / 1000, &seconds, e) < 0)
		return -1;
	LAST_HOOK->timeout = (uint32_t)seconds;
	return 0;
}
READER(read_hook_args, oci_strv(v, &LAST_HOOK->args, e))
READER(read_hook_env, oci_strv(v, &LAST_HOOK->env, e))

static const struct oci_member hook[] = {
	{ "path", .read = read_hook_path },
	{ "args", .read = read_hook_args },
	{ "env", .read = read_hook_env },
	{ "timeout", .read = read_hook_timeout },
	OCI_END,
};

static int read_hook(struct oci *o, struct json_object *v, struct err *e)
{
	(void)GROW(o->b->hooks, o->b->n_hooks);
	o->b->n_hooks++;
	if (oci_walk(o, v, hook, e) < 0)
		return -1;
	return LAST_HOOK->path ? 0 : err_set(e, ERR_INPUT, "path is missing");
}

static int read_hooks_of(struct oci *o, struct json_object *v,
			 enum hook_when when, struct err *e)
{
	size_t first = o->b->n_hooks;

	if (oci_each(o, v, HOOKS_MAX, read_hook, e) < 0)
		return -1;
	for (; first < o->b->n_hooks; first++)
		o->b->hooks[first].when = when;
	return 0;
}
#define X(id, word, where)                                                     \
	READER(read_hooks_##id, read_hooks_of(o, v, HOOK_##id, e))
HOOKS(X)
#undef X

static const struct oci_member hooks[] = {
#define X(id, word, where) { word, .read = read_hooks_##id },
	HOOKS(X)
#undef X
		OCI_END,
};

/* ---- the top ---- */

READER(read_root_path, oci_str(v, &o->b->root_path, e))
READER(read_root_readonly, oci_bool(v, &o->s->read_only, e))
static const struct oci_member root[] = {
	{ "path", .read = read_root_path },
	{ "readonly", .read = read_root_readonly },
	OCI_END,
};

static int read_version(struct oci *o, struct json_object *v, struct err *e)
{
	const char *s;

	if (oci_str(v, &o->b->oci_version, e) < 0)
		return -1;
	s = o->b->oci_version;
	if (strncmp(s, "1.", 2) == 0 && s[2] >= '0' && s[2] <= '9' &&
	    text_is_plain(s))
		return 0;
	return err_set(e, ERR_INPUT, "\"%s\": only versions 1.x are known",
		       SHOW(s));
}

/* A name of at most 64 bytes; an empty one is none. */
static int read_name(struct json_object *v, char **ret, struct err *e)
{
	auto_free char *s = NULL;

	if (oci_str(v, &s, e) < 0)
		return -1;
	if (strlen(s) > 64 || !text_is_plain(s))
		return err_set(e, ERR_INPUT,
			       "longer than 64 bytes, or a control character");
	if (*s)
		*ret = TAKE(s);
	return 0;
}
READER(read_hostname, read_name(v, &o->s->hostname, e))
READER(read_domainname, read_name(v, &o->b->domainname, e))

/* What engines ask for in an annotation, since the specification has no member
 * for it. "0" and "" say no more than that it is known. */
static int read_annotations(struct oci *o, struct json_object *v, struct err *e)
{
	static const char keep[] = "run.oci.keep_original_groups=";

	if (oci_map(v, '=', &o->s->annotations, e) < 0)
		return -1;
	strv_foreach (row, o->s->annotations)
		if (strncmp(*row, keep, strlen(keep)) == 0)
			o->b->keep_groups = strcmp(*row + strlen(keep), "0");
	return 0;
}

static const struct oci_member top[] = {
	{ "ociVersion", .read = read_version },
	{ "root", .members = root },
	{ "process", .members = oci_process },
	{ "hostname", .read = read_hostname },
	{ "domainname", .read = read_domainname },
	{ "mounts", .read = oci_mounts },
	{ "hooks", .members = hooks },
	{ "annotations", .read = read_annotations },
	{ "linux", .members = oci_linux },
	{ "solaris", .refused = "it is for another system" },
	{ "windows", .refused = "it is for another system" },
	{ "vm", .refused = "it is for virtual machines" },
	{ "zos", .refused = "it is for another system" },
	{ "freebsd", .refused = "it is for another system" },
	OCI_END,
};

/* ---- what holds between them ---- */

static int check_there(const struct oci *o, struct err *e)
{
	const struct {
		const char *what;
		bool there;
	} needed[] = {
		{ "ociVersion", o->b->oci_version },
		{ "root.path", o->b->root_path && *o->b->root_path },
		{ "process.args", strv_len(o->s->argv) },
		{ "process.cwd", o->s->cwd },
	};

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!needed[i].there)
			return err_set(e, ERR_INPUT, "%s is missing or empty",
				       needed[i].what);
	return 0;
}

static bool owns(const struct oci *o, uint64_t ns)
{
	return (o->s->unshare | bundle_joined(o->b)) & ns;
}

static int check_clocks(struct oci *o, struct err *e)
{
	struct bundle *b = o->b;

	for (size_t i = 0; i < ARRAY_SIZE(b->clocks); i++)
		b->has_clocks |=
			b->clocks[i].seconds || b->clocks[i].nanoseconds;
	if (b->has_clocks && !(o->s->unshare & CLONE_NEWTIME))
		return err_set(e, ERR_INPUT,
			       "linux.timeOffsets: linux.namespaces has no new "
			       "time");
	return 0;
}

/* A namespace that is joined has its maps: engines write some all the same, as
 * runc asked for them once. */
static void drop_maps(struct oci *o)
{
	if (!(bundle_joined(o->b) & CLONE_NEWUSER) ||
	    (!o->s->n_uid_map && !o->s->n_gid_map))
		return;
	o->s->n_uid_map = o->s->n_gid_map = 0;
	strv_add(&o->b->warnings,
		 "uidMappings, gidMappings: the user namespace that is joined "
		 "has its own");
}

static int check_namespaces(const struct oci *o, struct err *e)
{
	bool is_user = o->s->unshare & CLONE_NEWUSER;

	if (!(o->s->unshare & CLONE_NEWNS))
		return err_set(e, ERR_HOST,
			       "linux.namespaces: without a mount namespace of "
			       "its own there is no container: refused");
	if ((o->s->hostname || o->b->domainname) && !owns(o, CLONE_NEWUTS))
		return err_set(e, ERR_INPUT,
			       "hostname, domainname: linux.namespaces has no "
			       "uts");
	if (!owns(o, CLONE_NEWUSER) && (o->s->n_uid_map || o->s->n_gid_map))
		return err_set(e, ERR_INPUT,
			       "uidMappings, gidMappings: linux.namespaces has "
			       "no user");
	/* without either it has those of the caller (plan/bundle_resolve.c) */
	if (is_user && !o->s->n_uid_map != !o->s->n_gid_map)
		return err_set(e, ERR_INPUT,
			       "linux.namespaces: a user namespace needs both "
			       "uidMappings and gidMappings, or neither");
	return 0;
}

static int check(struct oci *o, struct err *e)
{
	if (check_there(o, e) < 0 || check_namespaces(o, e) < 0)
		return -1;
	drop_maps(o);
	if (check_clocks(o, e) < 0 || oci_check_sysctls(o, e) < 0)
		return -1;
	return 0;
}

/* ---- entry ---- */

static int replace_process(struct json_object *doc,
			   const struct oci_facts *facts, struct err *e)
{
	const struct buf *b = facts->process;
	struct json_object *process;

	if (!b)
		return 0;
	if (b->len > OCI_SPEC_MAX)
		return err_set(e, ERR_LIMIT, "%s: larger than %u bytes",
			       facts->process_name, OCI_SPEC_MAX);
	process = json_parse(facts->process_name, b->p ? b->p : "", b->len, e);
	if (!process)
		return -1;
	if (!json_object_is_type(doc, json_type_object) ||
	    json_object_object_add(doc, "process", process) != 0) {
		json_free(process);
		return err_set(e, ERR_INPUT, "expected an object");
	}
	return 0;
}

struct spec *oci_spec_parse(const char *name, const struct buf *text,
			    const struct oci_facts *facts, struct err *e)
{
	AUTO(json_free) struct json_object *doc = NULL;
	struct spec *s;
	struct oci o;

	if (text->len > OCI_SPEC_MAX) {
		err_set(e, ERR_LIMIT, "%s: larger than %u bytes", name,
			OCI_SPEC_MAX);
		return NULL;
	}
	doc = json_parse(name, text->p ? text->p : "", text->len, e);
	if (!doc || replace_process(doc, facts, e) < 0)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->bundle = xcalloc(1, sizeof(*s->bundle));
	s->root = SPEC_ROOT_DIR;
	s->landlock = NEED_OFF;
	s->umask = DEFAULT_UMASK;
	s->pids_limit = -1;
	o = (struct oci){ .facts = facts, .s = s, .b = s->bundle };
	if (oci_walk(&o, doc, top, e) < 0 || check(&o, e) < 0) {
		err_prefix(e, "%s", name);
		spec_free(s);
		return NULL;
	}
	s->caps = s->bundle->caps.bounding;
	return s;
}

bool oci_spec_reads(const char *path)
{
	const struct oci_member *table = top;

	for (;;) {
		size_t n = strcspn(path, ".");

		for (; table->name; table++)
			if (strlen(table->name) == n &&
			    memcmp(table->name, path, n) == 0)
				break;
		if (!table->name)
			return false;
		if (!path[n])
			return table->read || table->members;
		if (!table->members)
			return false;
		path += n + 1;
		table = table->members;
	}
}
