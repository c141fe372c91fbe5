/*
 * probe_protect.c - the things of this host that a sandbox must not get at,
 * each resolved to what it is (device and inode), with the directories above
 * it, so that no alias, symlink or parent directory hides it.
 *
 * A thing that is not there is left out; a row marked NEAREST then stands
 * for the nearest directory above it that exists, because whoever can write
 * that one can make the thing. What may not be looked at is protected by the
 * nearest directory that may. Any other failure is an error: a list with
 * holes protects nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/table.h"
#include "kernel/probe.h"
#include "kernel/probe_parts.h"

enum place_flag {
	TREE = 1,    /* all below it, too */
	NEAREST = 2, /* not there: the nearest directory above it */
};

/* "~" the home directory, "@data", "@runtime", "@state" our own, "$NAME" a
 * variable that holds a path or an address with "path=" or "unix://". */
struct place {
	const char *path;
	const char *why;
	unsigned flags;
};
static const struct place places[] = {
	{ "/proc", "process information", TREE },
	{ "/sys", "kernel objects", TREE },
	{ "/dev", "device nodes", TREE },
	{ "/run", "runtime directory: control sockets", TREE },
	{ "/var/run", "runtime directory: control sockets", TREE },
	{ "/boot", "boot files", TREE },
	{ "/etc", "the host's configuration", 0 },
	{ "/etc/immure", "immure's policy", TREE },
	{ "/run/user", "runtime directories of users", TREE },
	{ "/run/docker.sock", "docker control socket", 0 },
	{ "/run/podman/podman.sock", "podman control socket", 0 },
	{ "/run/containerd/containerd.sock", "containerd control socket", 0 },
	{ "/run/crio/crio.sock", "cri-o control socket", 0 },
	{ "/run/dbus/system_bus_socket", "system message bus", 0 },
	{ "/run/systemd/private", "systemd control socket", 0 },
	{ "/tmp/.X11-unix", "display sockets", TREE },
	{ "/tmp/.ICE-unix", "session sockets", TREE },
	{ "/var/lib/docker", "docker's store", TREE },
	{ "/var/lib/containers", "podman's store", TREE },
	{ "$DOCKER_HOST", "docker control socket", 0 },
	{ "$CONTAINER_HOST", "podman control socket", 0 },
	{ "$DBUS_SESSION_BUS_ADDRESS", "session message bus", 0 },
	{ "$SSH_AUTH_SOCK", "ssh agent", 0 },
	{ "$XAUTHORITY", "display credentials", 0 },
	{ "$XDG_RUNTIME_DIR", "the user's runtime directory", TREE },
	{ "~", "the home directory", 0 },
	{ "@data", "immure's store", TREE | NEAREST },
	{ "@runtime", "immure's runtime directory", TREE | NEAREST },
	{ "@state", "immure's audit log", TREE | NEAREST },
	{ "~/.config/immure", "immure's policy", TREE | NEAREST },
	{ "~/.ssh", "ssh keys", TREE },
	{ "~/.gnupg", "gpg keys", TREE },
	{ "~/.docker", "registry credentials", TREE },
	{ "~/.kube", "cluster credentials", TREE },
	{ "~/.aws", "cloud credentials", TREE },
	{ "~/.local/share/keyrings", "stored passwords", TREE },
	{ "~/.password-store", "stored passwords", TREE },
};

/* Paths already resolved: most things share their directories. */
struct node {
	char *given;
	char *real; /* without symlinks; NULL: not there */
	struct object_id id;
	int errnum;
};
struct nodes {
	struct node *v;
	size_t n;
};

static void nodes_done(struct nodes *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->v[i].given);
		free(t->v[i].real);
	}
	free(t->v);
}
DEFINE_AUTO_DONE(struct nodes, nodes_done);

static bool same_id(struct object_id a, struct object_id b)
{
	return a.dev == b.dev && a.ino == b.ino;
}

/* "/a/b" gives "/a", "/a" gives "/"; heap. */
static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash != path ? xstrndup(path, (size_t)(slash - path))
				      : xstrdup("/");
}

/* Looks at `here`, whose directories are resolved; `given` may be the name
 * of a symlink. 0, or an errno. */
static int look(const char *given, char *here, struct node *ret)
{
	auto_free char *real = here;
	struct stat st;
	int r = probe_stat(real, AT_SYMLINK_NOFOLLOW, &st);

	if (!r && S_ISLNK(st.st_mode)) {
		free(real);
		real = realpath(given, NULL);
		r = real ? probe_stat(real, 0, &st) : errno;
	}
	if (r)
		return r;
	ret->id = (struct object_id){ .dev = st.st_dev, .ino = st.st_ino };
	ret->real = TAKE(real);
	return 0;
}

/* The index of clean `path`: one call of the kernel's when it is new. */
static size_t node_get(struct nodes *t, const char *path)
{
	auto_free char *up = dir_of(path);
	struct node one = { 0 };
	size_t i, dir;

	for (i = 0; i < t->n; i++)
		if (!strcmp(t->v[i].given, path))
			return i;
	if (!strcmp(path, "/")) {
		one.errnum = look(path, xstrdup(path), &one);
	} else {
		dir = node_get(t, up);
		one.errnum = t->v[dir].errnum;
		if (!one.errnum)
			one.errnum =
				look(path,
				     path_join(t->v[dir].real, path_base(path)),
				     &one);
	}
	one.given = xstrdup(path);
	*GROW(t->v, t->n) = one;
	return t->n++;
}

static int add_parents(struct nodes *t, const char *real,
		       struct protected_object *o, struct err *e)
{
	auto_free char *at = xstrdup(real);
	struct node *dir;
	size_t node;
	char *up;

	while (strcmp(at, "/")) {
		up = dir_of(at);
		free(at);
		at = up;
		node = node_get(t, at); /* may move t->v */
		dir = &t->v[node];
		if (dir->errnum)
			return err_sysno(e, dir->errnum, "look at %s, above %s",
					 at, real);
		*GROW(o->parents, o->n_parents) = dir->id;
		o->n_parents++;
	}
	return 0;
}

static bool is_known(struct host *h, struct object_id id, bool tree)
{
	size_t i;

	for (i = 0; i < h->n_protected; i++) {
		if (!same_id(h->protected_objects[i].id, id))
			continue;
		h->protected_objects[i].is_tree |= tree;
		return true;
	}
	return false;
}

static bool is_absent(int errnum)
{
	return errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP ||
	       errnum == ENAMETOOLONG;
}

/* Adds what `path` is, or what stands for it. */
static int protect(struct host *h, struct nodes *t, const struct place *p,
		   const char *path, struct err *e)
{
	auto_free char *at = xstrdup(path);
	size_t node = node_get(t, at);
	struct protected_object *o;
	bool exact = true;
	int errnum;
	char *up;

	while ((errnum = t->v[node].errnum)) {
		if (is_absent(errnum) && exact && !(p->flags & NEAREST))
			return 0;
		if ((!is_absent(errnum) && errnum != EACCES) ||
		    !strcmp(at, "/"))
			return err_sysno(e, errnum, "look at %s (%s)", at,
					 p->why);
		exact = false;
		up = dir_of(at);
		free(at);
		at = up;
		node = node_get(t, at);
	}
	if (is_known(h, t->v[node].id, exact && (p->flags & TREE)))
		return 0;
	o = GROW(h->protected_objects, h->n_protected);
	h->n_protected++;
	o->path = xstrdup(at);
	o->why = p->why;
	o->id = t->v[node].id;
	o->is_tree = exact && (p->flags & TREE);
	return add_parents(t, t->v[node].real, o, e);
}

/* "unix:///x", "unix:path=/x,guid=…", "/x": the path, heap, or NULL. */
static char *address_path(const char *s)
{
	static const char *const before[] = { "unix://", "unix:path=", "" };
	size_t i, n;

	for (i = 0; s && i < ARRAY_SIZE(before); i++) {
		n = strlen(before[i]);
		if (!strncmp(s, before[i], n) && s[n] == '/')
			return xstrndup(s + n, strcspn(s + n, ",;"));
	}
	return NULL;
}

static char *place_path(const struct host *h, const char *path)
{
	if (path[0] == '$')
		return address_path(getenv(path + 1));
	if (!strcmp(path, "@data"))
		return xstrdup(h->data_dir);
	if (!strcmp(path, "@runtime"))
		return xstrdup(h->runtime_dir);
	if (!strcmp(path, "@state"))
		return xstrdup(h->state_dir);
	if (path[0] == '~')
		return h->home ? path_join(h->home, path + 1) : NULL;
	return xstrdup(path);
}

static void forget(struct host *h)
{
	size_t i;

	for (i = 0; i < h->n_protected; i++) {
		free(h->protected_objects[i].path);
		free(h->protected_objects[i].parents);
	}
	free(h->protected_objects);
	h->protected_objects = NULL;
	h->n_protected = 0;
}

int probe_protected(struct host *h, struct err *e)
{
	AUTO(nodes_done) struct nodes t = { 0 };
	size_t i;

	if (h->n_protected)
		return 0; /* once is enough */
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		auto_free char *raw = place_path(h, places[i].path);
		auto_free char *path = raw ? path_clean(raw) : NULL;

		if (!path || strlen(path) >= PATH_MAX)
			continue;
		if (protect(h, &t, &places[i], path, e)) {
			forget(h); /* half a list would count as one */
			return -1;
		}
	}
	return 0;
}
