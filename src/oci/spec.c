/*
 * spec.c - `immure-oci spec`: a config.json to begin with, in the shape of
 * runc's; --rootless makes it one for an ordinary user.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/fd.h"
#include "base/json.h"
#include "base/path.h"
#include "engine/engine.h"
#include "format/oci_spec.h"
#include "oci/oci.h"

struct spec_args {
	char *bundle;
	bool rootless;
	bool cgroupns; /* not asked for: what suits this host */
};
static const struct option rows[] = {
	{ "bundle", 'b', OPTION_STRING, "DIR",
	  offsetof(struct spec_args, bundle), "Flags",
	  "write it there (default: the working directory)", NULL, NULL },
	{ "rootless", 0, OPTION_BOOL, NULL,
	  offsetof(struct spec_args, rootless), "Flags",
	  "for a user who is not root", NULL, NULL },
	{ 0 },
};

/* NULL-terminated lists. */
static const char *const caps[] = { "CAP_AUDIT_WRITE", "CAP_KILL",
				    "CAP_NET_BIND_SERVICE", NULL };
static const char *const cap_sets[] = { "bounding", "effective", "permitted",
					NULL };
static const char *const namespaces[] = { "pid", "network", "ipc",
					  "uts", "mount",   NULL };
static const char *const masked[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/proc/sched_debug",
	"/sys/firmware",
	"/proc/scsi",
	NULL,
};
static const char *const readonly[] = { "/proc/bus",	       "/proc/fs",
					"/proc/irq",	       "/proc/sys",
					"/proc/sysrq-trigger", NULL };

static const struct mount {
	const char *target, *type, *source;
	const char *options[8];
} mounts[] = {
	{ "/proc", "proc", "proc", { NULL } },
	{ "/dev",
	  "tmpfs",
	  "tmpfs",
	  { "nosuid", "strictatime", "mode=755", "size=65536k" } },
	{ "/dev/pts",
	  "devpts",
	  "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620",
	    "gid=5" } },
	{ "/dev/shm",
	  "tmpfs",
	  "shm",
	  { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" } },
	{ "/dev/mqueue", "mqueue", "mqueue", { "nosuid", "noexec", "nodev" } },
	{ "/sys", "sysfs", "sysfs", { "nosuid", "noexec", "nodev", "ro" } },
	{ "/sys/fs/cgroup",
	  "cgroup",
	  "cgroup",
	  { "nosuid", "noexec", "nodev", "relatime", "ro" } },
};
static const struct mount rootless_sys = {
	"/sys", "none", "/sys", { "rbind", "nosuid", "noexec", "nodev", "ro" }
};

static void put_list(struct json_out *j, const char *key,
		     const char *const *list)
{
	json_out_array(j, key);
	for (; *list; list++)
		json_out_str(j, NULL, *list);
	json_out_array_end(j);
}

static void put_process(struct json_out *j)
{
	static const char *const args[] = { "sh", NULL };
	static const char *const env[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:"
		"/usr/sbin:/usr/bin:/sbin:/bin",
		"TERM=xterm", NULL
	};

	json_out_obj(j, "process");
	json_out_bool(j, "terminal", true);
	json_out_obj(j, "user");
	json_out_u64(j, "uid", 0);
	json_out_u64(j, "gid", 0);
	json_out_obj_end(j);
	put_list(j, "args", args);
	put_list(j, "env", env);
	json_out_str(j, "cwd", "/");
	json_out_obj(j, "capabilities");
	for (const char *const *set = cap_sets; *set; set++)
		put_list(j, *set, caps);
	json_out_obj_end(j);
	json_out_array(j, "rlimits");
	json_out_obj(j, NULL);
	json_out_str(j, "type", "RLIMIT_NOFILE");
	json_out_u64(j, "hard", 1024);
	json_out_u64(j, "soft", 1024);
	json_out_obj_end(j);
	json_out_array_end(j);
	json_out_bool(j, "noNewPrivileges", true);
	json_out_obj_end(j);
}

/* For those who are not root: the host's /sys, no gid 5. */
static void put_mount(struct json_out *j, const struct mount *m, bool rootless)
{
	if (rootless && strcmp(m->target, "/sys") == 0)
		m = &rootless_sys;
	json_out_obj(j, NULL);
	json_out_str(j, "destination", m->target);
	json_out_str(j, "type", m->type);
	json_out_str(j, "source", m->source);
	if (m->options[0])
		json_out_array(j, "options");
	for (const char *const *o = m->options; *o; o++)
		if (!rootless || strcmp(*o, "gid=5") != 0)
			json_out_str(j, NULL, *o);
	if (m->options[0])
		json_out_array_end(j);
	json_out_obj_end(j);
}

static void put_mounts(struct json_out *j, bool rootless)
{
	json_out_array(j, "mounts");
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		if (!rootless || strcmp(mounts[i].type, "cgroup") != 0)
			put_mount(j, &mounts[i], rootless);
	json_out_array_end(j);
}

static void put_map(struct json_out *j, const char *key, uint32_t id)
{
	json_out_array(j, key);
	json_out_obj(j, NULL);
	json_out_u64(j, "containerID", 0);
	json_out_u64(j, "hostID", id);
	json_out_u64(j, "size", 1);
	json_out_obj_end(j);
	json_out_array_end(j);
}

static void put_namespace(struct json_out *j, const char *type)
{
	json_out_obj(j, NULL);
	json_out_str(j, "type", type);
	json_out_obj_end(j);
}

static void put_linux(struct json_out *j, const struct spec_args *a)
{
	bool rootless = a->rootless;

	json_out_obj(j, "linux");
	if (rootless) {
		put_map(j, "uidMappings", geteuid());
		put_map(j, "gidMappings", getegid());
	} else {
		json_out_obj(j, "resources");
		json_out_array(j, "devices");
		json_out_obj(j, NULL);
		json_out_bool(j, "allow", false);
		json_out_str(j, "access", "rwm");
		json_out_obj_end(j);
		json_out_array_end(j);
		json_out_obj_end(j);
	}
	json_out_array(j, "namespaces");
	for (const char *const *ns = namespaces; *ns; ns++)
		if (!rootless || strcmp(*ns, "network") != 0)
			put_namespace(j, *ns);
	if (a->cgroupns)
		put_namespace(j, "cgroup");
	if (rootless)
		put_namespace(j, "user");
	json_out_array_end(j);
	put_list(j, "maskedPaths", masked);
	put_list(j, "readonlyPaths", readonly);
	json_out_obj_end(j);
}

static void put_config(const struct spec_args *a, struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "ociVersion", OCI_VERSION);
	put_process(&j);
	json_out_obj(&j, "root");
	json_out_str(&j, "path", "rootfs");
	json_out_bool(&j, "readonly", true);
	json_out_obj_end(&j);
	json_out_str(&j, "hostname", "immure");
	put_mounts(&j, a->rootless);
	put_linux(&j, a);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

static int write_config(const struct spec_args *a, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *path =
		path_join(a->bundle ? a->bundle : ".", "config.json");
	/* never over one that is there */
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST,
			       O_WRONLY | O_CREAT | O_EXCL, 0666);

	if (fd < 0)
		return err_sys(e, "write %s", path);
	put_config(a, &b);
	return fd_write_all(fd, b.p, b.len) < 0 ? err_sys(e, "write %s", path)
						: 0;
}

/* Of version 1 a cgroup namespace is no habit: engines look for a container's
 * cgroups by the paths that it sees itself. */
static int look_at_host(struct spec_args *a, struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open_host(e);

	if (!g)
		return -1;
	a->cgroupns = engine_host(g)->cgroup == CGROUP_V2;
	return 0;
}

static int spec(const struct oci_command *c, struct oci_call *x, struct err *e)
{
	struct spec_args a = { 0 };
	int r = oci_parse(c, x, &a, e);

	if (r == 0)
		r = look_at_host(&a, e);
	if (r == 0)
		r = write_config(&a, e);
	free(a.bundle);
	return r;
}

const struct oci_command oci_command_spec = {
	.name = "spec",
	.usage = "[flags]",
	.text = "write a config.json to begin with",
	.options = { .command = "spec", .program = "immure-oci", .rows = rows },
	.run = spec,
};
