/*
 * apply.c - runs the children that unpack layers: one that inflates and
 * hashes (for compressed blobs), one that reads the tar and makes files.
 *
 * The blob's digest was compared before; an uncompressed blob's digest is its
 * diff id. A layer gets its name only when its diff id is the wanted one.
 */
#include "store/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/retry.h"
#include "kernel/caps.h"
#include "kernel/confine.h"
#include "kernel/ids.h"
#include "store/inflate.h"
#include "store/parts.h"

#define PIPE_SIZE (1 << 20)
#define FILE_CAPS                                                              \
	(1ull << CAP_CHOWN | 1ull << CAP_DAC_OVERRIDE | 1ull << CAP_FOWNER)

struct task {
	struct work *w;
	const struct apply_layer *layer;
	int in, out; /* inflate: blob, pipe; unpack: blob or pipe, tree */
};

/* ---- inflate ----
 * Should: read the blob, write the pipe.
 * Must not: open any file. */

static int inflate_child(void *arg, struct report *r, struct err *e)
{
	const struct task *t = arg;
	const struct unpack_limits *l = &t->w->limits;
	struct inflate i = { .in = t->in,
			     .out = t->out,
			     .size = t->layer->size,
			     .compression = t->layer->compression,
			     .ratio = l->ratio,
			     /* names and padding come on top of the files */
			     .max = l->bytes + l->entries * 1024 };
	struct confine c = { CONFINE_INIT, .landlock_optional = true,
			     .max_memory = 1ull << 30, .max_cpu = l->seconds,
			     .max_fds = 64 };

	if (confine_self(&c, e))
		return -1;
	return inflate_layer(&i, t->w->hash, r->hex, e);
}

/* ---- unpack ----
 * Should: read the tar, make files below the layer's root.
 * Must not: reach anything outside that root, whatever the tar says. */

/* Files belong to the image's root from their making: most need no chown. */
static int become_image_root(const struct work *w, struct err *e)
{
	struct ids image_root = { .uid = 1, .gid = 1, .set_groups = true };

	if (w->limits.uids == 0)
		return 0;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return err_sys(e, "keep capabilities");
	if (ids_set(&image_root, e))
		return -1;
	return caps_set(FILE_CAPS, e);
}

static int unpack_child(void *arg, struct report *r, struct err *e)
{
	static const char *const calls[] = {
		"openat",   "openat2",	  "mkdirat",   "mknodat",   "symlinkat",
		"linkat",   "unlinkat",	  "renameat2", "fchown",    "fchownat",
		"fchmod",   "fchmodat2",  "utimensat", "fsetxattr", "ftruncate",
		"pwrite64", "getdents64", "statx",     "mknod",	    NULL,
	};
	const struct task *t = arg;
	const struct unpack_limits *l = &t->w->limits;
	struct unpack u = {
		.in = t->in, .root = t->out, .limits = l, .use = t->w->use
	};
	struct confine c = { CONFINE_INIT,
			     .landlock_optional = true,
			     .caps = FILE_CAPS,
			     .syscalls = calls,
			     .max_memory = 1ull << 30,
			     .max_file = l->bytes,
			     .max_cpu = l->seconds,
			     .max_fds = 64 };

	c.writable_dir = t->out;
	umask(0);
	if (become_image_root(t->w, e) || confine_self(&c, e))
		return -1;
	return unpack_layer(&u, &r->dropped, e);
}

/* ---- starting ---- */

/* layers/.N until it is known to be what it should be. */
static void working_name(size_t i, char ret[24])
{
	snprintf(ret, 24, ".%zu", i);
}

/* layers/.N/root, of the image's root; its fd. */
static int make_root(struct work *w, size_t i, struct err *e)
{
	char name[24];
	auto_fd dir = -1, root = -1;
	uint32_t id = w->limits.uids ? 1 : 0;

	working_name(i, name);
	dir = file_open_dir(w->layers, name, true, e);
	root = dir < 0 ? -1 : file_open_dir(dir, LAYER_TREE, true, e);
	if (root < 0)
		return -1;
	if (fchmod(root, 0755) || fchown(root, id, id))
		return err_sys(e, "set up the root of a layer");
	return TAKE_FD(root);
}

static int open_blob(struct work *w, const struct apply_layer *l, struct err *e)
{
	int fd = path_open(w->blobs, l->hex, PATH_STRICT, O_RDONLY | O_NOFOLLOW,
			   0);

	return fd < 0 ? err_sys(e, "open blob %s", l->hex) : fd;
}

static int start_inflate(struct work *w, struct apply_layer *l, int blob,
			 int *ret_out, struct err *e)
{
	struct task t = { .w = w, .layer = l, .in = blob };
	auto_fd write_end = -1, read_end = -1;
	int p[2];

	if (fd_pipe(p, e))
		return -1;
	read_end = p[0];
	write_end = p[1];
	/* EPERM: the user's pipes are many already; it is only slower then */
	fcntl(write_end, F_SETPIPE_SZ, PIPE_SIZE);
	t.out = write_end;
	if (child_start(&l->inflate, inflate_child, &t,
			(int[]){ blob, write_end, -1 }, e))
		return -1;
	*ret_out = TAKE_FD(read_end);
	return 0;
}

/* What comes out goes to fd 1, which is /dev/null. */
static int start_check(struct work *w, struct apply_layer *l, struct err *e)
{
	auto_fd blob = open_blob(w, l, e);
	struct task t = { .w = w, .layer = l, .in = blob, .out = 1 };

	if (blob < 0)
		return -1;
	l->started = true;
	l->unpack.pid = -1;
	return child_start(&l->inflate, inflate_child, &t, (int[]){ blob, -1 },
			   e);
}

static int start_layer(struct work *w, struct apply_layer *l, size_t i,
		       struct err *e)
{
	auto_fd blob = open_blob(w, l, e);
	auto_fd root = blob < 0 ? -1 : make_root(w, i, e);
	auto_fd tar = -1;
	struct task t = { .w = w, .layer = l, .out = root };

	if (root < 0)
		return -1;
	l->started = true;
	l->inflate.pid = l->unpack.pid = -1;
	if (l->compression == COMP_NONE)
		memcpy(l->got, l->hex, sizeof(l->got));
	else if (start_inflate(w, l, blob, &tar, e))
		return -1;
	t.in = tar >= 0 ? tar : blob;
	return child_start(&l->unpack, unpack_child, &t,
			   (int[]){ t.in, root, -1 }, e);
}

/* ---- ending ---- */

static int write_owners(struct work *w, const char *name, struct err *e)
{
	const char *text = w->limits.uids ? "ids" : "single";
	auto_fd dir = file_open_dir(w->layers, name, false, e);
	auto_fd fd = dir < 0 ? -1
			     : path_open(dir, LAYER_OWNERS, PATH_STRICT,
					 O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (dir < 0)
		return -1;
	if (fd < 0 || fd_write_all(fd, text, strlen(text)))
		return err_sys(e, "write " LAYER_OWNERS);
	return 0;
}

static int finish_layer(struct work *w, struct apply_layer *l, size_t i,
			struct err *e)
{
	char name[24];

	working_name(i, name);
	if (l->err.kind != ERR_NONE) {
		*e = l->err;
		return -1;
	}
	if (*l->diff_hex && strcmp(l->got, l->diff_hex))
		return err_set(e, ERR_INPUT,
			       "the content is sha256:%s, but the image "
			       "config says sha256:%s: it was tampered with",
			       l->got, l->diff_hex);
	memcpy(l->diff_hex, l->got, sizeof(l->diff_hex));
	if (l->check_only)
		return 0;
	if (write_owners(w, name, e))
		return -1;
	if (renameat(w->layers, name, w->layers, l->diff_hex))
		return err_sys(e, "name a layer");
	return 0;
}

/* The inflater's reason goes before the unpacker's "truncated"; ERR_NONE of
 * the inflater means that the unpacker ended first. */
static void note(struct apply_layer *l, const struct report *r, bool inflate)
{
	if (r->ok) {
		if (inflate)
			memcpy(l->got, r->hex, sizeof(l->got));
		return;
	}
	if (r->err.kind == ERR_NONE)
		return;
	if (inflate || l->err.kind == ERR_NONE)
		l->err = r->err;
}

struct round {
	struct work *w;
	struct apply_layer *v;
	size_t n, running, done;
	struct unpack_dropped sum;
};

static void add_dropped(struct unpack_dropped *sum,
			const struct unpack_dropped *d)
{
	sum->devices += d->devices;
	sum->fifos += d->fifos;
	sum->sockets += d->sockets;
	sum->setid += d->setid;
	sum->xattrs += d->xattrs;
}

static struct apply_layer *find_child(struct round *r, pid_t pid,
				      struct child **ret)
{
	for (size_t i = 0; i < r->n; i++) {
		struct apply_layer *l = &r->v[i];

		if (!l->started || l->finished)
			continue;
		*ret = l->inflate.pid == pid ? &l->inflate : &l->unpack;
		if ((*ret)->pid == pid)
			return l;
	}
	return NULL;
}

static int say_progress(struct round *r, struct err *e)
{
	char text[128];

	snprintf(text, sizeof(text), "unpacked %zu of %zu layers", r->done,
		 r->n);
	return work_say(r->w, MSG_PROGRESS, text, e);
}

static int reap(struct round *r, struct err *e)
{
	struct apply_layer *l;
	struct report report;
	struct child *child;
	bool inflate;
	int status;
	pid_t pid;

	pid = RETRY(waitpid(-1, &status, 0));
	if (pid < 0)
		return err_sys(e, "wait for the unpackers");
	l = find_child(r, pid, &child);
	if (!l)
		return 0;
	inflate = child == &l->inflate;
	if (child_result(child, status, "the unpacker", &report, e))
		return -1;
	note(l, &report, inflate);
	if (!inflate)
		add_dropped(&r->sum, &report.dropped);
	if (l->inflate.pid > 0 || l->unpack.pid > 0)
		return 0;
	l->finished = true;
	r->running--;
	r->done++;
	if (finish_layer(r->w, l, (size_t)(l - r->v), e))
		return err_prefix(e, "layer %.19s", l->hex);
	return say_progress(r, e);
}

static int warn_dropped(struct round *r, struct err *e)
{
	const struct unpack_dropped *d = &r->sum;
	char text[256];

	if (!d->devices && !d->fifos && !d->sockets)
		return 0;
	snprintf(text, sizeof(text),
		 "left out of the image: %llu devices, %llu FIFOs, %llu "
		 "sockets",
		 (unsigned long long)d->devices, (unsigned long long)d->fifos,
		 (unsigned long long)d->sockets);
	return work_say(r->w, MSG_WARN, text, e);
}

/* After a failure the caller ends, and with it (pid 1) every child. */
int apply_layers(struct work *w, struct apply_layer *v, size_t n, struct err *e)
{
	struct round r = { .w = w, .v = v, .n = n };
	size_t next = 0;

	while (r.done < n) {
		if (next < n && r.running < (size_t)w->cpus) {
			if (v[next].check_only
				    ? start_check(w, &v[next], e)
				    : start_layer(w, &v[next], next, e))
				return -1;
			next++;
			r.running++;
			continue;
		}
		if (reap(&r, e))
			return -1;
	}
	return warn_dropped(&r, e);
}
