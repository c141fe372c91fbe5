/*
 * inspect.c - reads one process: status, maps, namespaces, mounts, label,
 * limits, environment. Changes nothing in it and does not stop it.
 */
#include "kernel/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"
#include "kernel/procstatus.h"

#define TEXT_MAX (1u << 20)

static void mounts_done(struct effective_mount *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].dev);
		free(v[i].root);
		free(v[i].target);
		free(v[i].type);
	}
	free(v);
}

void effective_done(struct effective *x)
{
	mounts_done(x->mounts, x->n_mounts);
	mounts_done(x->host_mounts, x->n_host_mounts);
	free(x->name);
	free(x->uid_map);
	free(x->gid_map);
	free(x->label);
	strv_free(x->env);
	strv_free(x->absent);
	*x = (struct effective){ 0 };
}

/* Is it an error that the caller may not look? Then it goes on without. */
static bool is_denied(const struct err *e)
{
	return e->errnum == EACCES || e->errnum == EPERM;
}

/* ---- status ---- */

static void copy_name(const char *status, struct effective *x)
{
	const char *p = status_field(status, "Name");

	if (!p)
		return;
	p += strspn(p, "\t ");
	x->name = xstrndup(p, strcspn(p, "\n"));
}

static int read_status(int dir, char *text, struct effective *x, struct err *e)
{
	const struct {
		const char *name;
		int base;
		uint64_t *to;
	} sets[] = {
		{ "CapInh", 16, &x->cap_inh }, { "CapPrm", 16, &x->cap_prm },
		{ "CapEff", 16, &x->cap_eff }, { "CapBnd", 16, &x->cap_bnd },
		{ "CapAmb", 16, &x->cap_amb },
	};
	uint64_t nnp, mode, filters = 0;

	if (procfs_read(dir, "status", text, TEXT_MAX, e) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		if (status_number(text, sets[i].name, sets[i].base, sets[i].to,
				  e) < 0)
			return -1;
	if (status_ids(text, "Uid", x->uid, e) < 0 ||
	    status_ids(text, "Gid", x->gid, e) < 0 ||
	    status_number(text, "NoNewPrivs", 10, &nnp, e) < 0 ||
	    status_number(text, "Seccomp", 10, &mode, e) < 0)
		return -1;
	/* Linux 5.9; without it the mode says that there is one */
	if (status_number(text, "Seccomp_filters", 10, &filters, NULL) < 0)
		filters = mode == 2;
	x->no_new_privs = nnp;
	x->seccomp = (int)mode;
	x->n_filters = (int)filters;
	copy_name(text, x);
	return 0;
}

/* ---- maps and namespaces ---- */

static int read_map(int dir, const char *file, struct spec_idmap **ret,
		    size_t *ret_n, struct err *e)
{
	char text[16384];
	struct spec_idmap m;
	const char *p = text;
	int n = 0;

	if (procfs_read(dir, file, text, sizeof(text), e) < 0)
		return -1;
	while (sscanf(p, " %" SCNu32 " %" SCNu32 " %" SCNu32 "%n", &m.inside,
		      &m.outer, &m.count, &n) == 3) {
		*GROW(*ret, *ret_n) = m;
		++*ret_n;
		p += n;
	}
	return 0;
}

static bool read_ns(int dir, const char *name, char ret[64])
{
	auto_free char *path = xasprintf("ns/%s", name);
	ssize_t n = readlinkat(dir, path, ret, 63);

	if (n <= 0)
		return false;
	ret[n] = '\0';
	return true;
}

static void compare_namespaces(int dir, int self, struct effective *x)
{
	char ours[64], theirs[64];

	for (const struct word *ns = ns_table; ns->name; ns++) {
		if (!read_ns(self, ns->name, ours))
			continue; /* this kernel has none of the kind */
		if (!read_ns(dir, ns->name, theirs))
			x->unseen_ns |= ns->value;
		else if (strcmp(ours, theirs) != 0)
			x->own_ns |= ns->value;
	}
}

/* ---- mounts ---- */

static const struct word flag_words[] = {
	{ "ro", MOUNT_ATTR_RDONLY },
	{ "nosuid", MOUNT_ATTR_NOSUID },
	{ "nodev", MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC },
	{ NULL, 0 },
};

static void add_mount(struct effective_mount **v, size_t *n,
		      const struct mountinfo_line *l)
{
	struct effective_mount *m = GROW(*v, *n);

	++*n;
	m->id = l->id;
	m->parent = l->parent;
	m->dev = xstrdup(l->dev);
	m->root = xstrdup(l->root);
	m->target = xstrdup(l->target);
	m->type = xstrdup(l->type);
	m->attr = mountinfo_attr(l->options, flag_words);
	if (strncmp(l->super, "ro", 2) == 0 &&
	    (!l->super[2] || l->super[2] == ','))
		m->attr |= MOUNT_ATTR_RDONLY;
}

static int read_mounts(int dir, char *text, struct effective_mount **v,
		       size_t *n, struct err *e)
{
	char *line;

	if (procfs_read_all(dir, "mountinfo", text, TEXT_MAX, e) < 0)
		return -1;
	while ((line = strsep(&text, "\n"))) {
		struct mountinfo_line l;

		if (!*line)
			continue;
		if (mountinfo_line(line, &l) < 0)
			return err_set(e, ERR_VERIFY,
				       "a line of mountinfo is unreadable");
		add_mount(v, n, &l);
	}
	return 0;
}

/* ---- the rest ---- */

static void read_label(int dir, struct effective *x)
{
	char text[512];
	ssize_t n = procfs_read(dir, "attr/current", text, sizeof(text), NULL);

	/* EINVAL: there is no module that labels */
	if (n <= 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	if (*text)
		x->label = xstrdup(text);
}

static int read_limits(int dir, char *text, struct effective *x, struct err *e)
{
	uint64_t soft;

	if (procfs_read(dir, "limits", text, TEXT_MAX, e) < 0)
		return -1;
	if (limits_row(text, "Max processes", &soft, &x->max_processes) &&
	    limits_row(text, "Max core file size", &soft, &x->max_core))
		return 0;
	return err_set(e, ERR_VERIFY, "the kernel's limits are unreadable");
}

static void read_env(int dir, char *text, struct effective *x)
{
	ssize_t n = procfs_read_all(dir, "environ", text, TEXT_MAX, NULL);

	if (n < 0)
		return;
	x->has_env = true;
	for (char *p = text; p < text + n; p += strlen(p) + 1)
		strv_add(&x->env, p);
}

static void find_absent(struct effective *x)
{
	const char *const *const lists[] = { default_masked, default_readonly };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (const char *const *p = lists[i]; *p; p++)
			if (!path_is_there(*p))
				strv_add(&x->absent, *p);
}

static int read_all(int dir, int self, struct effective *x, struct err *e)
{
	auto_free char *text = xmalloc(TEXT_MAX);
	struct err why = ERR_INIT;

	if (read_status(dir, text, x, e) < 0 ||
	    read_map(dir, "uid_map", &x->uid_map, &x->n_uid_map, e) < 0 ||
	    read_map(dir, "gid_map", &x->gid_map, &x->n_gid_map, e) < 0 ||
	    read_limits(dir, text, x, e) < 0 ||
	    read_mounts(self, text, &x->host_mounts, &x->n_host_mounts, e) < 0)
		return -1;
	x->has_mounts =
		read_mounts(dir, text, &x->mounts, &x->n_mounts, &why) == 0;
	if (!x->has_mounts && !is_denied(&why)) {
		*e = why;
		return -1;
	}
	compare_namespaces(dir, self, x);
	read_label(dir, x);
	read_env(dir, text, x);
	find_absent(x);
	return 0;
}

static int open_dir(int proc, const char *name, struct err *e)
{
	int fd = path_open(proc, name, PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0 && errno == ENOENT)
		return err_set(e, ERR_MISSING, "process %s: there is none",
			       name);
	return fd < 0 ? err_sys(e, "open /proc/%s", name) : fd;
}

int inspect_process(pid_t pid, struct effective *ret, struct err *e)
{
	AUTO(effective_done) struct effective x = { .pid = pid };
	auto_free char *name = xasprintf("%d", (int)pid);
	auto_free char *own = xasprintf("%d", (int)getpid());
	auto_fd proc = procfs_open_host(e);
	auto_fd dir = -1, self = -1;
	struct err why = ERR_INIT;

	if (proc < 0)
		return -1;
	dir = open_dir(proc, name, e);
	self = dir < 0 ? -1 : open_dir(proc, own, e);
	if (self < 0)
		return -1;
	if (read_all(dir, self, &x, &why) < 0) {
		*e = why;
		return err_prefix(e, "process %s", name);
	}
	*ret = x;
	x = (struct effective){ 0 };
	return 0;
}
