/*
 * docker_mounts.c - members of a create request that are lists of structures:
 * binds, mounts, devices and limits. Paths are passed on as they are.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/json.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/doc.h"
#include "format/docker_parts.h"

static void add(struct docker_create *d, const struct docker_row *row,
		const char *value)
{
	strv_take(&d->words, xasprintf("--%s=%s", row->arg, value));
}

static int each(struct docker_create *d, const struct docker_row *row,
		struct json_object *v,
		int (*take)(struct docker_create *d,
			    const struct docker_row *row,
			    struct json_object *one, struct err *e),
		struct err *e)
{
	struct json_object *one;

	if (!json_object_is_type(v, json_type_array))
		return err_set(e, ERR_INPUT, "expected an array");
	for (size_t i = 0; i < doc_length(v); i++)
		if (doc_object_at(v, i, row->name, &one, e) < 0 ||
		    take(d, row, one, e) < 0)
			return -1;
	return 0;
}

/* ---- Binds ---- */

/* docker's are writable unless they say "ro", immure's the other way. */
static bool says_writable(const char *options)
{
	AUTO(strv_free) char **words = strv_split(options, ',');

	return strv_has(words, "ro") || strv_has(words, "rw") ||
	       strv_has(words, "readonly");
}

int docker_take_binds(struct docker_create *d, const struct docker_row *row,
		      struct json_object *v, struct err *e)
{
	if (!json_object_is_type(v, json_type_array))
		return err_set(e, ERR_INPUT, "expected an array of strings");
	for (size_t i = 0; i < doc_length(v); i++) {
		const char *s = doc_string(json_at(v, i));
		const char *target = s ? strchr(s, ':') : NULL;
		const char *options = target ? strchr(target + 1, ':') : NULL;
		auto_free char *word = NULL;

		if (!target)
			return err_set(e, ERR_INPUT,
				       "element %zu: expected SOURCE:TARGET",
				       i);
		word = !options			    ? xasprintf("%s:rw", s)
		       : says_writable(options + 1) ? xstrdup(s)
						    : xasprintf("%s,rw", s);
		add(d, row, word);
	}
	return 0;
}

/* ---- Mounts ---- */

static const char *const mount_members[] = {
	"Type",		"Source",	 "Target",	  "ReadOnly",
	"Consistency",	"BindOptions",	 "VolumeOptions", "TmpfsOptions",
	"ImageOptions", "ClusterOptions"
};
static const char *const bind_members[] = { "Propagation", "NonRecursive",
					    "CreateMountpoint",
					    "ReadOnlyNonRecursive",
					    "ReadOnlyForceRecursive" };
static const char *const tmpfs_members[] = { "SizeBytes", "Mode" };

/* A path in the comma-separated words of --mount. */
static int add_path(struct buf *b, const char *key, const char *path,
		    struct err *e)
{
	if (!path || !*path)
		return 0;
	if (strpbrk(path, ",\"\n"))
		return err_set(e, ERR_USAGE,
			       "%s: %s: a comma, quote or newline in a path",
			       key, path);
	buf_printf(b, ",%s=%s", key, path);
	return 0;
}

static int add_bind_options(struct buf *b, struct json_object *o, struct err *e)
{
	bool plain = false, forced = false, flat = false, made;
	const char *propagation;

	if (!o)
		return 0;
	if (doc_only_keys(o, bind_members, ARRAY_SIZE(bind_members), e) < 0 ||
	    json_get_str(o, "Propagation", &propagation, e) < 0 ||
	    json_get_bool(o, "NonRecursive", false, &flat, e) < 0 ||
	    json_get_bool(o, "CreateMountpoint", false, &made, e) < 0 ||
	    json_get_bool(o, "ReadOnlyNonRecursive", false, &plain, e) < 0 ||
	    json_get_bool(o, "ReadOnlyForceRecursive", false, &forced, e) < 0)
		return -1;
	if (plain)
		return err_set(e, ERR_USAGE,
			       "ReadOnlyNonRecursive: mounts below would stay "
			       "writable: not offered");
	if (made)
		return err_set(e, ERR_USAGE,
			       "CreateMountpoint: no directory of the host is "
			       "made; make it first");
	if (propagation && *propagation)
		buf_printf(b, ",bind-propagation=%s", propagation);
	buf_printf(b, ",bind-recursive=%s", flat ? "disabled" : "enabled");
	return 0;
}

static int add_tmpfs_options(struct buf *b, struct json_object *o,
			     struct err *e)
{
	uint64_t size, mode;

	if (!o)
		return 0;
	if (doc_only_keys(o, tmpfs_members, ARRAY_SIZE(tmpfs_members), e) < 0 ||
	    json_get_u64(o, "SizeBytes", 0, &size, e) < 0 ||
	    json_get_u64(o, "Mode", 0, &mode, e) < 0)
		return -1;
	if (size)
		buf_printf(b, ",tmpfs-size=%llu", (unsigned long long)size);
	if (mode)
		buf_printf(b, ",tmpfs-mode=%llo", (unsigned long long)mode);
	return 0;
}

static int take_mount(struct docker_create *d, const struct docker_row *row,
		      struct json_object *o, struct err *e)
{
	struct json_object *bind, *tmpfs, *volume;
	AUTO(buf_done) struct buf b = BUF_INIT;
	const char *type, *source, *target;
	bool read_only;

	if (doc_only_keys(o, mount_members, ARRAY_SIZE(mount_members), e) < 0 ||
	    json_get_str(o, "Type", &type, e) < 0 ||
	    json_get_str(o, "Source", &source, e) < 0 ||
	    json_get_str(o, "Target", &target, e) < 0 ||
	    json_get_bool(o, "ReadOnly", false, &read_only, e) < 0 ||
	    json_get_obj(o, "BindOptions", &bind, e) < 0 ||
	    json_get_obj(o, "TmpfsOptions", &tmpfs, e) < 0 ||
	    json_get_obj(o, "VolumeOptions", &volume, e) < 0)
		return -1;
	if (!type || (strcmp(type, "bind") && strcmp(type, "tmpfs")))
		return err_set(e, ERR_USAGE,
			       "type %s: bind and tmpfs are known",
			       type ? type : "is missing");
	buf_printf(&b, "type=%s", type);
	if (add_path(&b, "source", source, e) < 0 ||
	    add_path(&b, "target", target, e) < 0)
		return -1;
	buf_str(&b, read_only ? ",readonly" : *type == 'b' ? ",rw" : "");
	if (*type == 'b' ? add_bind_options(&b, bind, e)
			 : add_tmpfs_options(&b, tmpfs, e))
		return -1;
	add(d, row, b.p);
	return 0;
}

int docker_take_mounts(struct docker_create *d, const struct docker_row *row,
		       struct json_object *v, struct err *e)
{
	return each(d, row, v, take_mount, e);
}

/* ---- Devices, Ulimits ---- */

static const char *const device_members[] = { "PathOnHost", "PathInContainer",
					      "CgroupPermissions" };
static const char *const limit_members[] = { "Name", "Soft", "Hard" };

static int take_device(struct docker_create *d, const struct docker_row *row,
		       struct json_object *o, struct err *e)
{
	const char *host, *inside, *rights;
	auto_free char *word = NULL;

	if (doc_only_keys(o, device_members, ARRAY_SIZE(device_members), e) <
		    0 ||
	    json_get_str(o, "PathOnHost", &host, e) < 0 ||
	    json_get_str(o, "PathInContainer", &inside, e) < 0 ||
	    json_get_str(o, "CgroupPermissions", &rights, e) < 0)
		return -1;
	if (!host || !*host || strchr(host, ':') ||
	    (inside && strchr(inside, ':')))
		return err_set(e, ERR_INPUT,
			       "PathOnHost: missing, or a path with ':'");
	word = xasprintf("%s:%s:%s", host, inside && *inside ? inside : host,
			 rights && *rights ? rights : "rwm");
	add(d, row, word);
	return 0;
}

int docker_take_devices(struct docker_create *d, const struct docker_row *row,
			struct json_object *v, struct err *e)
{
	return each(d, row, v, take_device, e);
}

static int take_ulimit(struct docker_create *d, const struct docker_row *row,
		       struct json_object *o, struct err *e)
{
	auto_free char *word = NULL;
	int64_t soft, hard;
	const char *name;

	if (doc_only_keys(o, limit_members, ARRAY_SIZE(limit_members), e) < 0 ||
	    json_get_str(o, "Name", &name, e) < 0 ||
	    json_get_i64(o, "Soft", 0, &soft, e) < 0 ||
	    json_get_i64(o, "Hard", 0, &hard, e) < 0)
		return -1;
	if (!name || !*name || strchr(name, '='))
		return err_set(e, ERR_INPUT, "Name: missing, or with '='");
	word = xasprintf("%s=%lld:%lld", name, (long long)soft,
			 (long long)hard);
	add(d, row, word);
	return 0;
}

int docker_take_ulimits(struct docker_create *d, const struct docker_row *row,
			struct json_object *v, struct err *e)
{
	return each(d, row, v, take_ulimit, e);
}
