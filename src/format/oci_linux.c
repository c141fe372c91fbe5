/*
 * oci_linux.c - `linux` of a config.json: namespaces, maps, devices, paths,
 * seccomp, parameters of the kernel. Which of them this host can give is the
 * plan's business.
 */
#include <json-c/json.h>
#include <linux/mount.h>
#include <linux/personality.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "format/oci_parts.h"
#include "format/text.h"

#define MAP_ROWS_MAX   340 /* user_namespaces(7) */
#define NAMESPACES_MAX 16
#define DEVICES_MAX    1024

const struct word oci_namespaces[] = {
	{ "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },
	{ "network", CLONE_NEWNET },
	{ "uts", CLONE_NEWUTS },
	{ "ipc", CLONE_NEWIPC },
	{ "user", CLONE_NEWUSER },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME },
	{ NULL, 0 },
};

/* ---- namespaces ---- */

static int add_namespace(struct oci *o, uint64_t ns, struct json_object *path,
			 struct err *e)
{
	struct bundle_join *j;

	if ((o->s->unshare | bundle_joined(o->b)) & ns)
		return err_set(e, ERR_INPUT, "it stands twice");
	if (!oci_says(path)) {
		o->s->unshare |= ns;
		return 0;
	}
	if (ns & CLONE_NEWNS)
		return err_set(e, ERR_HOST,
			       "known, and refused: whoever is in a mount "
			       "namespace would get the container's root");
	j = GROW(o->b->joins, o->b->n_joins);
	o->b->n_joins++;
	j->ns = ns;
	return oci_path(path, &j->path, e);
}

static int read_namespace(struct oci *o, struct json_object *v, struct err *e)
{
	struct json_object *type, *path = NULL;
	uint64_t ns;

	if (!json_object_is_type(v, json_type_object) ||
	    !json_object_object_get_ex(v, "type", &type))
		return err_set(e, ERR_INPUT, "expected an object with a type");
	json_object_object_get_ex(v, "path", &path);
	if (oci_word(type, oci_namespaces, &ns, e) < 0)
		return err_prefix(e, "type");
	if (add_namespace(o, ns, path, e) < 0)
		return err_prefix(e, "%s", json_object_get_string(type));
	return 0;
}
READER(read_namespaces, oci_each(o, v, NAMESPACES_MAX, read_namespace, e))

/* ---- id maps ---- */

int oci_map_row(struct json_object *v, struct spec_idmap **rows, size_t *n,
		struct err *e)
{
	struct json_object *inside, *outer, *count;
	struct spec_idmap row;

	if (!json_object_is_type(v, json_type_object) ||
	    !json_object_object_get_ex(v, "containerID", &inside) ||
	    !json_object_object_get_ex(v, "hostID", &outer) ||
	    !json_object_object_get_ex(v, "size", &count))
		return err_set(e, ERR_INPUT,
			       "expected an object with "
			       "containerID, hostID and size");
	if (oci_u32(inside, &row.inside, e) < 0 ||
	    oci_u32(outer, &row.outer, e) < 0 ||
	    oci_u32(count, &row.count, e) < 0)
		return -1;
	*GROW(*rows, *n) = row;
	++*n;
	return 0;
}

static int read_uid_row(struct oci *o, struct json_object *v, struct err *e)
{
	return oci_map_row(v, &o->s->uid_map, &o->s->n_uid_map, e);
}

static int read_gid_row(struct oci *o, struct json_object *v, struct err *e)
{
	return oci_map_row(v, &o->s->gid_map, &o->s->n_gid_map, e);
}
READER(read_uids, oci_each(o, v, MAP_ROWS_MAX, read_uid_row, e))
READER(read_gids, oci_each(o, v, MAP_ROWS_MAX, read_gid_row, e))

/* ---- devices ---- */

static int read_device_type(struct oci *o, struct json_object *v, struct err *e)
{
	static const struct word types[] = {
		{ "c", S_IFCHR }, { "u", S_IFCHR }, { "b", S_IFBLK },
		{ "p", S_IFIFO }, { NULL, 0 },
	};
	uint64_t type;

	if (oci_word(v, types, &type, e) < 0)
		return -1;
	o->b->devices[o->b->n_devices - 1].mode |= (uint32_t)type;
	return 0;
}

static int read_device_mode(struct oci *o, struct json_object *v, struct err *e)
{
	struct bundle_device *d = &o->b->devices[o->b->n_devices - 1];
	int mode;

	/* docker puts the type in, too */
	if (oci_int(v, 0, INT32_MAX, &mode, e) < 0)
		return -1;
	d->mode = (d->mode & S_IFMT) | ((uint32_t)mode & 07777);
	return 0;
}

#define DEVICE (&o->b->devices[o->b->n_devices - 1])
READER(read_device_path, oci_path(v, &DEVICE->path, e))
READER(read_device_major, oci_u32(v, &DEVICE->major, e))
READER(read_device_minor, oci_u32(v, &DEVICE->minor, e))
READER(read_device_uid, oci_u32(v, &DEVICE->uid, e))
READER(read_device_gid, oci_u32(v, &DEVICE->gid, e))

static const struct oci_member device[] = {
	{ "type", .read = read_device_type },
	{ "path", .read = read_device_path },
	{ "major", .read = read_device_major },
	{ "minor", .read = read_device_minor },
	{ "fileMode", .read = read_device_mode },
	{ "uid", .read = read_device_uid },
	{ "gid", .read = read_device_gid },
	OCI_END,
};

static int read_device(struct oci *o, struct json_object *v, struct err *e)
{
	struct bundle_device *d = GROW(o->b->devices, o->b->n_devices);

	o->b->n_devices++;
	d->mode = 0666;
	if (oci_walk(o, v, device, e) < 0)
		return -1;
	d = DEVICE;
	if (!d->path || !(d->mode & S_IFMT))
		return err_set(e, ERR_INPUT, "type or path is missing");
	return 0;
}
READER(read_devices, oci_each(o, v, DEVICES_MAX, read_device, e))

/* ---- the rest ---- */

READER(read_masked, oci_strv(v, &o->s->masked, e))
READER(read_readonly, oci_strv(v, &o->s->readonly, e))
READER(read_cgroups_path, oci_str(v, &o->b->cgroups_path, e))

/* What the kernel takes from a namespace that the container has of its own;
 * the others are the host's. */
static const struct {
	const char *prefix;
	uint64_t ns;
} sysctls[] = {
	{ "kernel.msgmax", CLONE_NEWIPC },
	{ "kernel.msgmnb", CLONE_NEWIPC },
	{ "kernel.msgmni", CLONE_NEWIPC },
	{ "kernel.msg_next_id", CLONE_NEWIPC },
	{ "kernel.sem", CLONE_NEWIPC },
	{ "kernel.sem_next_id", CLONE_NEWIPC },
	{ "kernel.shmall", CLONE_NEWIPC },
	{ "kernel.shmmax", CLONE_NEWIPC },
	{ "kernel.shmmni", CLONE_NEWIPC },
	{ "kernel.shm_next_id", CLONE_NEWIPC },
	{ "kernel.shm_rmid_forced", CLONE_NEWIPC },
	{ "fs.mqueue.", CLONE_NEWIPC },
	{ "kernel.domainname", CLONE_NEWUTS },
	{ "net.", CLONE_NEWNET },
};

uint64_t oci_sysctl_namespace(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++) {
		size_t n = strlen(sysctls[i].prefix);

		if (sysctls[i].prefix[n - 1] == '.'
			    ? strncmp(name, sysctls[i].prefix, n) == 0
			    : strcmp(name, sysctls[i].prefix) == 0)
			return sysctls[i].ns;
	}
	return 0;
}

static int check_sysctl(const struct oci *o, char *row, struct err *e)
{
	char *eq = strchr(row, '=');
	auto_free char *name = xstrndup(row, (size_t)(eq - row));
	uint64_t ns;

	for (char *p = name; *p; p++) /* net/ipv4/x is as good */
		if (*p == '/')
			*p = '.';
	ns = oci_sysctl_namespace(name);
	if (!text_is_word(name, "._-") || strstr(name, ".."))
		return err_set(e, ERR_INPUT, "the name \"%s\"", SHOW(name));
	if (!text_is_plain(eq + 1))
		return err_set(e, ERR_INPUT, "%s: a control character", name);
	if (!ns)
		return err_set(e, ERR_HOST,
			       "%s: known to be the host's, or not known to "
			       "belong to a namespace: refused",
			       name);
	if (!((o->s->unshare | bundle_joined(o->b)) & ns))
		return err_set(e, ERR_INPUT,
			       "%s: the container has no namespace of its own "
			       "for it",
			       name);
	memcpy(row, name, strlen(name));
	return 0;
}

READER(read_sysctl, oci_map(v, '=', &o->s->sysctls, e))

/* After everything else: the namespaces may stand behind it. */
int oci_check_sysctls(struct oci *o, struct err *e)
{
	strv_foreach (row, o->s->sysctls)
		if (check_sysctl(o, *row, e) < 0)
			return err_prefix(e, "linux: sysctl");
	return 0;
}

static int read_root_propagation(struct oci *o, struct json_object *v,
				 struct err *e)
{
	static const struct word words[] = {
		{ "private", MS_PRIVATE },
		{ "rprivate", MS_PRIVATE | MS_REC },
		{ "slave", MS_SLAVE },
		{ "rslave", MS_SLAVE | MS_REC },
		{ "shared", MS_SHARED },
		{ "rshared", MS_SHARED | MS_REC },
		{ "unbindable", MS_UNBINDABLE },
		{ "runbindable", MS_UNBINDABLE | MS_REC },
		{ NULL, 0 },
	};
	uint64_t how;

	if (!oci_says(v))
		return 0;
	if (oci_word(v, words, &how, e) < 0)
		return -1;
	o->b->root_propagation.recursive = how & MS_REC;
	o->b->root_propagation.how = how & ~(uint64_t)MS_REC;
	return 0;
}

static bool asks_twice(const struct seccomp_rule *r)
{
	unsigned seen = 0;

	for (size_t i = 0; i < r->n_args; i++) {
		if (seen >> r->args[i].index & 1)
			return true;
		seen |= 1u << r->args[i].index;
	}
	return false;
}

/* Of a rule with two tests of one argument engines mean that any of its tests
 * suffices (so it was in docker): it becomes a rule for each of them. */
static void split_rules(struct seccomp_profile *p)
{
	size_t n = p->n_rules;

	for (size_t i = 0; i < n; i++) {
		size_t n_args = p->rules[i].n_args;

		if (!asks_twice(&p->rules[i]))
			continue;
		for (size_t k = 1; k < n_args; k++) {
			struct seccomp_rule *r = GROW(p->rules, p->n_rules);

			p->n_rules++;
			*r = p->rules[i];
			r->names = strv_copy(p->rules[i].names);
			r->args =
				xmemdup(&p->rules[i].args[k], sizeof(*r->args));
			r->n_args = 1;
		}
		p->rules[i].n_args = 1;
	}
}

static int read_seccomp(struct oci *o, struct json_object *v, struct err *e)
{
	struct seccomp_facts facts = o->facts->host;

	if (!facts.arch) /* nobody wants a filter */
		return 0;
	if (o->b->seccomp) /* an object has no member twice */
		return err_set(e, ERR_BUG, "seccomp was read already");
	o->b->seccomp = xcalloc(1, sizeof(*o->b->seccomp));
	facts.caps = o->b->caps.bounding;
	facts.of_engine = true;
	if (seccomp_json_read("profile", v, &facts, o->b->seccomp, e) < 0)
		return -1;
	if (o->b->seccomp->listener)
		return err_set(e, ERR_HOST,
			       "listenerPath: known, and refused: nobody is "
			       "told of notifications yet");
	/* another program wrote it, and nobody is there to mend it */
	o->b->seccomp->tolerant = true;
	o->b->seccomp->newer_unknown = true;
	split_rules(o->b->seccomp);
	free(o->s->seccomp);
	o->s->seccomp = xstrdup("config.json");
	return 0;
}

static int read_domain(struct oci *o, struct json_object *v, struct err *e)
{
	static const struct word domains[] = {
		{ "LINUX", PER_LINUX },
		{ "LINUX32", PER_LINUX32 },
		{ NULL, 0 },
	};
	uint64_t domain;

	if (oci_word(v, domains, &domain, e) < 0)
		return -1;
	o->b->persona = (uint32_t)domain;
	o->b->has_persona = true;
	return 0;
}

static const struct oci_member personality[] = {
	{ "domain", .read = read_domain },
	{ "flags", .refused = "the specification names no flag" },
	OCI_END,
};

/* ---- clocks ---- */

static int read_seconds(struct json_object *v, int64_t *ret, struct err *e)
{
	if (!json_object_is_type(v, json_type_int))
		return err_set(e, ERR_INPUT, "expected a whole number");
	*ret = json_object_get_int64(v);
	return 0;
}

static int read_nanoseconds(struct json_object *v, uint32_t *ret, struct err *e)
{
	int n;

	if (oci_int(v, 0, 999999999, &n, e) < 0)
		return -1;
	*ret = (uint32_t)n;
	return 0;
}
READER(read_mono_s, read_seconds(v, &o->b->clocks[0].seconds, e))
READER(read_mono_ns, read_nanoseconds(v, &o->b->clocks[0].nanoseconds, e))
READER(read_boot_s, read_seconds(v, &o->b->clocks[1].seconds, e))
READER(read_boot_ns, read_nanoseconds(v, &o->b->clocks[1].nanoseconds, e))

static const struct oci_member monotonic[] = {
	{ "secs", .read = read_mono_s },
	{ "nanosecs", .read = read_mono_ns },
	OCI_END,
};
static const struct oci_member boottime[] = {
	{ "secs", .read = read_boot_s },
	{ "nanosecs", .read = read_boot_ns },
	OCI_END,
};
static const struct oci_member clocks[] = {
	{ "monotonic", .members = monotonic },
	{ "boottime", .members = boottime },
	OCI_END,
};

const struct oci_member oci_linux[] = {
	{ "namespaces", .read = read_namespaces },
	{ "uidMappings", .read = read_uids },
	{ "gidMappings", .read = read_gids },
	{ "devices", .read = read_devices },
	{ "netDevices", .refused = "network devices are not moved yet" },
	{ "cgroupsPath", .read = read_cgroups_path },
	{ "resources", .members = oci_resources },
	{ "rootfsPropagation", .read = read_root_propagation },
	{ "seccomp", .read = read_seccomp },
	{ "sysctl", .read = read_sysctl },
	{ "maskedPaths", .read = read_masked },
	{ "readonlyPaths", .read = read_readonly },
	{ "mountLabel", .refused = "SELinux labels of mounts are not set yet" },
	{ "intelRdt", .refused = "cache and bandwidth groups are not made" },
	{ "memoryPolicy", .read = oci_memory_policy },
	{ "personality", .members = personality },
	{ "timeOffsets", .members = clocks },
	OCI_END,
};
