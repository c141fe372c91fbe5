/*
 * docker_create.c - a table of the members of a create request, and what each
 * becomes. Whether a flag's value is sensible, is not its matter: the flag's
 * own parser says so.
 */
#include "format/docker_create.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/json.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/doc.h"
#include "format/docker_parts.h"

void docker_create_done(struct docker_create *d)
{
	strv_free(d->words);
	strv_free(d->notes);
	*d = (struct docker_create){ 0 };
}

/* ---- kinds of members ---- */

static bool is_set(struct json_object *v)
{
	switch (json_object_get_type(v)) {
	case json_type_null:
		return false;
	case json_type_boolean:
		return json_object_get_boolean(v);
	case json_type_int:
		return json_object_get_int64(v) != 0;
	case json_type_string:
		return json_object_get_string_len(v) != 0;
	case json_type_array:
		return json_object_array_length(v) != 0;
	case json_type_object:
		return json_object_object_length(v) != 0;
	default:
		return true;
	}
}

static int wrong(struct err *e, const char *expected)
{
	return err_set(e, ERR_INPUT, "expected %s", expected);
}

static void add_flag(struct docker_create *d, const char *flag,
		     const char *value)
{
	char *word = value ? xasprintf("--%s=%s", flag, value)
			   : xasprintf("--%s", flag);

	strv_take(&d->words, word);
}

static int take_string(struct docker_create *d, const struct docker_row *row,
		       struct json_object *v, struct err *e)
{
	const char *s = doc_string(v);

	if (!s)
		return wrong(e, "a string");
	add_flag(d, row->arg, s);
	return 0;
}

static int take_true(struct docker_create *d, const struct docker_row *row,
		     struct json_object *v, struct err *e)
{
	if (!json_object_is_type(v, json_type_boolean))
		return wrong(e, "true or false");
	add_flag(d, row->arg, NULL);
	return 0;
}

static int take_number(struct docker_create *d, const struct docker_row *row,
		       struct json_object *v, struct err *e)
{
	auto_free char *text = NULL;

	if (!json_object_is_type(v, json_type_int))
		return wrong(e, "a number");
	text = xasprintf("%lld", (long long)json_object_get_int64(v));
	add_flag(d, row->arg, text);
	return 0;
}

static int take_list(struct docker_create *d, const struct docker_row *row,
		     struct json_object *v, struct err *e)
{
	if (!json_object_is_type(v, json_type_array))
		return wrong(e, "an array of strings");
	for (size_t i = 0; i < doc_length(v); i++) {
		const char *s = doc_string(json_at(v, i));

		if (!s)
			return wrong(e, "an array of strings");
		add_flag(d, row->arg, s);
	}
	return 0;
}

/* {"KEY": "VALUE"} -> --flag=KEY<sep>VALUE */
static int take_map(struct docker_create *d, const struct docker_row *row,
		    struct json_object *v, struct err *e)
{
	if (!doc_is_object(v))
		return wrong(e, "an object");
	json_object_object_foreach(v, key, value)
	{
		const char *s = doc_string(value);
		auto_free char *word = NULL;

		if (!s || strchr(key, row->sep))
			return err_set(e, ERR_INPUT,
				       "%s: expected a string, and a name "
				       "without '%c'",
				       key, row->sep);
		word = *s || row->sep == '='
			       ? xasprintf("%s%c%s", key, row->sep, s)
			       : xstrdup(key);
		add_flag(d, row->arg, word);
	}
	return 0;
}

static int take_nothing(struct docker_create *d, const struct docker_row *row,
			struct json_object *v, struct err *e)
{
	(void)d, (void)row, (void)v, (void)e;
	return 0;
}

static int refuse(struct docker_create *d, const struct docker_row *row,
		  struct json_object *v, struct err *e)
{
	(void)d, (void)v;
	return err_set(e, ERR_USAGE, "%s", row->arg);
}

/* ---- members that are words of their own ---- */

static int take_env(struct docker_create *d, const struct docker_row *row,
		    struct json_object *v, struct err *e)
{
	/* without '=' the flag would mean the caller's own variable */
	for (size_t i = 0;
	     json_object_is_type(v, json_type_array) && i < doc_length(v);
	     i++) {
		const char *s = doc_string(json_at(v, i));

		if (s && !strchr(s, '='))
			return err_set(e, ERR_USAGE,
				       "%s: a variable without a value; only "
				       "NAME=VALUE is known",
				       s);
	}
	return take_list(d, row, v, e);
}

static int take_network(struct docker_create *d, const struct docker_row *row,
			struct json_object *v, struct err *e)
{
	const char *s = doc_string(v);

	if (!s)
		return wrong(e, "a string");
	if (!strcmp(s, "default") || !strcmp(s, "bridge")) {
		strv_take(&d->notes,
			  xasprintf("NetworkMode %s: no network is given "
				    "(--network=none)",
				    s));
		return 0;
	}
	return take_string(d, row, v, e);
}

/* "private", "shareable" and "none" are less than, or as much as, a
 * namespace of one's own. */
static int take_ipc(struct docker_create *d, const struct docker_row *row,
		    struct json_object *v, struct err *e)
{
	const char *s = doc_string(v);

	if (s && (!strcmp(s, "shareable") || !strcmp(s, "none")))
		return 0;
	return take_string(d, row, v, e);
}

/* Nothing is masked when the list is there and empty. */
static int take_masks(struct docker_create *d, const struct docker_row *row,
		      struct json_object *v, struct err *e)
{
	if (!json_object_is_type(v, json_type_array))
		return wrong(e, "an array of strings");
	if (doc_length(v))
		return err_set(e, ERR_USAGE,
			       "lists of one's own are not known; [] unmasks "
			       "all");
	if (!strv_has(d->words, "--security-opt=unmask=ALL"))
		add_flag(d, row->arg, "unmask=ALL");
	return 0;
}

static int take_security(struct docker_create *d, const struct docker_row *row,
			 struct json_object *v, struct err *e)
{
	for (size_t i = 0;
	     json_object_is_type(v, json_type_array) && i < doc_length(v);
	     i++) {
		const char *s = doc_string(json_at(v, i));

		if (s && !strncmp(s, "seccomp={", 9))
			return err_set(e, ERR_USAGE,
				       "a seccomp profile as text is not taken "
				       "from a request; save it and name the "
				       "file: seccomp=FILE");
	}
	return take_list(d, row, v, e);
}

static int take_nanocpus(struct docker_create *d, const struct docker_row *row,
			 struct json_object *v, struct err *e)
{
	int64_t n = json_object_get_int64(v);
	auto_free char *text = NULL;

	if (!json_object_is_type(v, json_type_int) || n < 0)
		return wrong(e, "a number of billionths");
	text = xasprintf("%lld.%09lld", (long long)(n / 1000000000),
			 (long long)(n % 1000000000));
	add_flag(d, row->arg, text);
	return 0;
}

/* -1 is what clients send for "as it is". */
static int take_swappiness(struct docker_create *d,
			   const struct docker_row *row, struct json_object *v,
			   struct err *e)
{
	(void)d, (void)row;
	if (json_object_get_int64(v) == -1)
		return 0;
	return err_set(e, ERR_USAGE,
		       "cgroups of version 2 have no such setting");
}

static int take_restart(struct docker_create *d, const struct docker_row *row,
			struct json_object *v, struct err *e)
{
	(void)d, (void)row;
	return doc_is_object(v) ? 0 : wrong(e, "an object");
}

/* ---- the table ---- */

#define NO(reason) refuse, reason, 0
#define NOTHING	   take_nothing, NULL, 0
#define LATER	   "not offered yet"
#define RESOURCE   "a limit that immure does not set"

/* Command, image and entrypoint are put last, by add_command. */
static const struct docker_row top[] = {
	{ "Image", NOTHING },
	{ "Cmd", NOTHING },
	{ "Entrypoint", NOTHING },
	{ "HostConfig", NOTHING },
	{ "Hostname", take_string, "hostname", 0 },
	{ "Domainname", NO("a domain name is " LATER) },
	{ "User", take_string, "user", 0 },
	{ "AttachStdin", NOTHING },
	{ "AttachStdout", NOTHING },
	{ "AttachStderr", NOTHING },
	{ "ExposedPorts", NOTHING },
	{ "Tty", take_true, "tty", 0 },
	{ "OpenStdin", take_true, "interactive", 0 },
	{ "StdinOnce", NOTHING },
	{ "Env", take_env, "env", 0 },
	{ "Healthcheck", NOTHING },
	{ "ArgsEscaped", NOTHING },
	{ "Volumes", NO("volumes without a source are " LATER) },
	{ "WorkingDir", take_string, "workdir", 0 },
	{ "NetworkDisabled", NOTHING },
	{ "MacAddress", NO("a MAC address is " LATER) },
	{ "OnBuild", NOTHING },
	{ "Labels", take_map, "label", '=' },
	{ "StopSignal", take_string, "stop-signal", 0 },
	{ "StopTimeout", NOTHING },
	{ "Shell", NOTHING },
	{ "NetworkingConfig", NOTHING },
	{ "Platform", NOTHING },
};
static const struct docker_row host[] = {
	{ "Binds", docker_take_binds, "volume", 0 },
	{ "ContainerIDFile", NOTHING },
	{ "LogConfig", NOTHING },
	{ "NetworkMode", take_network, "network", 0 },
	{ "PortBindings", NO("published ports are " LATER) },
	{ "RestartPolicy", take_restart, NULL, 0 },
	{ "AutoRemove", NOTHING },
	{ "VolumeDriver", NO("volume drivers are not offered") },
	{ "VolumesFrom", NO("volumes of other containers are " LATER) },
	{ "Mounts", docker_take_mounts, "mount", 0 },
	{ "ConsoleSize", NOTHING },
	{ "Annotations", take_map, "annotation", '=' },
	{ "CapAdd", take_list, "cap-add", 0 },
	{ "CapDrop", take_list, "cap-drop", 0 },
	{ "CgroupnsMode", take_string, "cgroupns", 0 },
	{ "Dns", NO("name servers are " LATER) },
	{ "DnsOptions", NO("options of the resolver are " LATER) },
	{ "DnsSearch", NO("search domains are " LATER) },
	{ "ExtraHosts", NO("lines of /etc/hosts are " LATER) },
	{ "GroupAdd", NO("more groups than the user's are " LATER) },
	{ "IpcMode", take_ipc, "ipc", 0 },
	{ "Cgroup", NO("another container's cgroup is not offered") },
	{ "Links", NO("links are not offered") },
	{ "OomScoreAdj", NO("it is " LATER) },
	{ "PidMode", take_string, "pid", 0 },
	{ "Privileged", take_true, "privileged", 0 },
	{ "PublishAllPorts", NO("published ports are " LATER) },
	{ "ReadonlyRootfs", take_true, "read-only", 0 },
	{ "SecurityOpt", take_security, "security-opt", 0 },
	{ "StorageOpt", NO("it is " LATER) },
	{ "Tmpfs", take_map, "tmpfs", ':' },
	{ "UTSMode", take_string, "uts", 0 },
	{ "UsernsMode", take_string, "userns", 0 },
	{ "ShmSize", NO("another size of /dev/shm is " LATER) },
	{ "Sysctls", NO("sysctls are " LATER) },
	{ "Runtime", NOTHING },
	{ "Isolation", NOTHING },
	{ "MaskedPaths", take_masks, "security-opt", 0 },
	{ "ReadonlyPaths", take_masks, "security-opt", 0 },
	{ "Init", take_true, "init", 0 },
	{ "Devices", docker_take_devices, "device", 0 },
	{ "DeviceCgroupRules", NO("rules about devices are " LATER) },
	{ "DeviceRequests", NO("drivers of devices are not offered") },
	{ "Ulimits", docker_take_ulimits, "ulimit", 0 },
	{ "PidsLimit", take_number, "pids-limit", 0 },
	{ "CpuShares", take_number, "cpu-shares", 0 },
	{ "Memory", take_number, "memory", 0 },
	{ "CgroupParent", take_string, "cgroup-parent", 0 },
	{ "BlkioWeight", take_number, "blkio-weight", 0 },
	{ "BlkioWeightDevice", NO(RESOURCE) },
	{ "BlkioDeviceReadBps", NO(RESOURCE) },
	{ "BlkioDeviceWriteBps", NO(RESOURCE) },
	{ "BlkioDeviceReadIOps", NO(RESOURCE) },
	{ "BlkioDeviceWriteIOps", NO(RESOURCE) },
	{ "CpuPeriod", take_number, "cpu-period", 0 },
	{ "CpuQuota", take_number, "cpu-quota", 0 },
	{ "CpuRealtimePeriod", NO(RESOURCE) },
	{ "CpuRealtimeRuntime", NO(RESOURCE) },
	{ "CpusetCpus", take_string, "cpuset-cpus", 0 },
	{ "CpusetMems", take_string, "cpuset-mems", 0 },
	{ "KernelMemory", NO(RESOURCE) },
	{ "KernelMemoryTCP", NO(RESOURCE) },
	{ "MemoryReservation", take_number, "memory-reservation", 0 },
	{ "MemorySwap", take_number, "memory-swap", 0 },
	{ "NanoCpus", take_nanocpus, "cpus", 0 },
	{ "OomKillDisable", NO(RESOURCE) },
	{ "MemorySwappiness", take_swappiness, NULL, 0 },
	/* of another operating system */
	{ "CpuCount", NOTHING },
	{ "CpuPercent", NOTHING },
	{ "IOMaximumIOps", NOTHING },
	{ "IOMaximumBandwidth", NOTHING },
};

/* ---- a document ---- */

/* [] says something in these two. */
static bool says_something(const struct docker_row *row, struct json_object *v)
{
	return is_set(v) || (row->take == take_masks && v);
}

static int take_members(struct docker_create *d, struct json_object *o,
			const struct docker_row *rows, size_t n, struct err *e)
{
	const char *names[ARRAY_SIZE(host)] = { NULL };

	for (size_t i = 0; i < n; i++)
		names[i] = rows[i].name;
	if (doc_only_keys(o, names, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct json_object *v = NULL;

		json_object_object_get_ex(o, rows[i].name, &v);
		if (says_something(&rows[i], v) &&
		    rows[i].take(d, &rows[i], v, e) < 0)
			return err_prefix(e, "%s", rows[i].name);
	}
	return 0;
}

/* A string means one word. */
static int read_words(struct json_object *o, const char *key, char ***ret,
		      struct err *e)
{
	struct json_object *v = NULL;

	if (json_object_object_get_ex(o, key, &v) && doc_string(v)) {
		strv_take(ret, xstrdup(doc_string(v)));
		return 0;
	}
	return json_get_strv(o, key, ret, e);
}

/* As docker: an entrypoint of one's own forgets the image's command. [""]
 * and [] mean none. */
static int add_command(struct docker_create *d, struct json_object *o,
		       struct err *e)
{
	AUTO(strv_free) char **entry = NULL, **cmd = NULL;
	const char *image;

	if (read_words(o, "Entrypoint", &entry, e) < 0 ||
	    read_words(o, "Cmd", &cmd, e) < 0 ||
	    json_get_str(o, "Image", &image, e) < 0)
		return -1;
	if (!image || !*image || *image == '-')
		return err_set(e, ERR_INPUT,
			       "Image: %s: expected the name of an image",
			       image && *image ? image : "missing");
	if (entry)
		add_flag(d, "entrypoint", entry[0] ? entry[0] : "");
	strv_take(&d->words, xstrdup(image));
	for (size_t i = 1; entry && entry[0] && entry[i]; i++)
		strv_take(&d->words, xstrdup(entry[i]));
	for (size_t i = 0; cmd && cmd[i]; i++)
		strv_take(&d->words, xstrdup(cmd[i]));
	return 0;
}

int docker_create_parse(const char *name, const struct buf *text,
			struct docker_create *ret, struct err *e)
{
	AUTO(docker_create_done) struct docker_create d = { 0 };
	AUTO(json_free) struct json_object *o = NULL;
	struct json_object *hc = NULL;
	bool off = false;

	if (text->len > DOCKER_CREATE_MAX)
		return err_set(e, ERR_LIMIT, "%s: more than %u bytes", name,
			       DOCKER_CREATE_MAX);
	o = json_parse(name, text->p, text->len, e);
	if (!o)
		return -1;
	if (!doc_is_object(o))
		return err_set(e, ERR_INPUT, "%s: expected an object", name);
	if (json_get_obj(o, "HostConfig", &hc, e) < 0 ||
	    json_get_bool(o, "NetworkDisabled", false, &off, e) < 0 ||
	    take_members(&d, o, top, ARRAY_SIZE(top), e) < 0)
		return err_prefix(e, "%s", name);
	if (hc && take_members(&d, hc, host, ARRAY_SIZE(host), e) < 0)
		return err_prefix(e, "%s: HostConfig", name);
	if (off)
		add_flag(&d, "network", "none");
	if (add_command(&d, o, e) < 0)
		return err_prefix(e, "%s", name);
	*ret = d;
	d = (struct docker_create){ 0 };
	return 0;
}
