/*
 * record_task.c - /proc/TID of a thread that waits.
 *
 * Should: take every byte for hostile, stay within bounds.
 * Must not: open anything of the sandbox's but by O_PATH (a FIFO would wait).
 */
#include "monitor/record_task.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/retry.h"
#include "base/strv.h"

#define PAGE	   4096u /* the smallest there is */
#define MAPS_MAX   (1u << 20)
#define IMAGES_MAX 64

int task_open(int proc, uint32_t tid, struct task *ret)
{
	char name[16];

	snprintf(name, sizeof(name), "%" PRIu32, tid);
	ret->tid = tid;
	ret->dir = path_open(proc, name, PATH_STRICT, O_PATH | O_DIRECTORY, 0);
	return ret->dir < 0 ? -1 : 0;
}

void task_done(struct task *t)
{
	if (t->dir >= 0)
		close(t->dir);
	t->dir = -1;
}

/* A link of /proc/TID as text, or NULL. */
static char *link_text(const struct task *t, const char *name)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(t->dir, name, text, sizeof(text) - 1);

	/* "pipe:[7]" and "(unreachable)" are no paths */
	if (n <= 0 || text[0] != '/')
		return NULL;
	text[n] = '\0';
	return xstrdup(text);
}

char *task_program(const struct task *t)
{
	return link_text(t, "exe");
}

ssize_t task_read(const struct task *t, uint64_t at, void *ret, size_t n)
{
	size_t first = PAGE - at % PAGE; /* each page is there, or is not */
	struct iovec to = { ret, n };
	struct iovec from[2] = {
		{ (void *)(uintptr_t)at, n < first ? n : first },
		{ (void *)(uintptr_t)(at + first), n < first ? 0 : n - first },
	};

	if (n > PAGE)
		return -1;
	return process_vm_readv((pid_t)t->tid, &to, 1, from, 2, 0);
}

char *task_text(const struct task *t, uint64_t at)
{
	char text[PAGE];
	ssize_t n = task_read(t, at, text, sizeof(text));

	return n > 0 && memchr(text, '\0', (size_t)n) ? xstrdup(text) : NULL;
}

char *task_name(const struct task *t, int dir, const char *path)
{
	auto_free char *base = NULL;
	char name[24] = "cwd";

	if (*path == '/')
		return xstrdup(path);
	if (dir != AT_FDCWD)
		snprintf(name, sizeof(name), "fd/%d", dir);
	base = link_text(t, name);
	if (!base || !*path)
		return TAKE(base);
	return path_join(base, path);
}

/* A link into /proc (/etc/mtab, /dev/fd) leads to each reader's own. */
static bool leads_to_proc(int root, const char *name)
{
	char target[PATH_MAX];
	auto_fd fd =
		path_open(root, name, PATH_IN_ROOT, O_PATH | O_NOFOLLOW, 0);
	ssize_t n =
		fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target) - 1);
	const char *at = target;

	if (n <= 0)
		return false;
	target[n] = '\0';
	while (strncmp(at, "../", 3) == 0)
		at += 3;
	at += *at == '/';
	return strncmp(at, "proc/", 5) == 0;
}

/* A magic link, which no path of ours follows: it cannot be replaced while
 * the thread waits. */
static int open_root(const struct task *t)
{
	return openat(t->dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static bool is_absent(int errnum)
{
	return errnum == ENOENT || errnum == ENOTDIR || errnum == ENAMETOOLONG;
}

enum task_found task_resolve(const struct task *t, const char *name,
			     bool follow, char **ret_real, mode_t *ret_mode)
{
	auto_free char *clean = path_clean(name);
	auto_fd root = -1, fd = -1;
	struct stat st;

	*ret_mode = 0;
	if (path_is_below(clean, "/proc")) {
		*ret_real = xstrdup("/proc");
		return TASK_FOUND;
	}
	root = open_root(t);
	fd = root < 0 ? -1
		      : path_open(root, name, PATH_IN_ROOT,
				  O_PATH | (follow ? 0 : O_NOFOLLOW), 0);
	if (fd < 0 && root >= 0 && follow && leads_to_proc(root, name)) {
		*ret_real = xstrdup("/proc");
		return TASK_FOUND;
	}
	if (fd < 0 && root >= 0 && is_absent(errno))
		return TASK_ABSENT;
	*ret_real = fd < 0 || fstat(fd, &st) < 0 ? NULL : path_of_fd(fd);
	if (*ret_real && **ret_real == '/') {
		*ret_mode = st.st_mode;
		return TASK_FOUND;
	}
	free(*ret_real);
	*ret_real = TAKE(clean);
	return TASK_UNKNOWN;
}

/* ---- /proc/TID/maps ---- */

static char *read_maps(const struct task *t)
{
	auto_fd fd = path_open(t->dir, "maps", PATH_STRICT, O_RDONLY, 0);
	AUTO(buf_done) struct buf b = BUF_INIT;
	char block[4096];
	ssize_t n;

	while (fd >= 0 && b.len < MAPS_MAX &&
	       (n = RETRY(read(fd, block, sizeof(block)))) > 0)
		buf_add(&b, block, (size_t)n);
	return b.len ? buf_take(&b) : NULL;
}

struct mapping {
	uint64_t from, to, offset;
	bool executed;
	const char *file; /* from its '/', or NULL; ends at the line's end */
	size_t len;
};

/* The line at `*at`; steps on. False at the end. */
static bool next_mapping(const char **at, struct mapping *m)
{
	const char *line = *at;
	size_t n = strcspn(line, "\n");
	char perms[5];

	if (!*line)
		return false;
	*at = line + n + (line[n] == '\n');
	*m = (struct mapping){ 0 };
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64, &m->from,
		   &m->to, perms, &m->offset) != 4)
		return true;
	m->executed = perms[2] == 'x';
	m->file = memchr(line, '/', n);
	m->len = m->file ? n - (size_t)(m->file - line) : 0;
	return true;
}

char **task_images(const struct task *t)
{
	auto_free char *maps = read_maps(t);
	const char *at = maps ? maps : "";
	struct mapping m;
	char **v = NULL;

	while (next_mapping(&at, &m) && strv_len(v) < IMAGES_MAX) {
		auto_free char *file = xstrndup(m.file ? m.file : "", m.len);

		/* "/memfd:x (deleted)" is no file of the tree */
		if (m.executed && *file && !strstr(file, " (deleted)") &&
		    !strv_has(v, file))
			strv_take(&v, TAKE(file));
	}
	return v;
}

char *task_place(const struct task *t, uint64_t ip)
{
	auto_free char *maps = read_maps(t);
	const char *at = maps ? maps : "";
	struct mapping m;

	while (next_mapping(&at, &m))
		if (ip >= m.from && ip < m.to && m.file)
			return xasprintf("%.*s+0x%" PRIx64, (int)m.len, m.file,
					 ip - m.from + m.offset);
	return NULL;
}
