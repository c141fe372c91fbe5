/*
 * process.c - what create, run and exec share of a program's start: the
 * descriptors that it is given, its pid file, the wording of its failure.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "oci/oci.h"

#define PASSED_MAX 1000

/* What execve(2) said of a file that is there. */
static void explain_exec(const char *name, struct err *e)
{
	char why[128];

	snprintf(why, sizeof(why), "%s", strerror(e->errnum));
	why[0] = (char)tolower((unsigned char)why[0]);
	err_set(e, e->kind, "exec: \"%s\": %s%s", name, why,
		e->errnum == ENOENT
			? ": the interpreter that it names is missing"
			: "");
}

void oci_explain(const char *name, struct err *e)
{
	if (e->kind != ERR_NOCMD && e->kind != ERR_NOEXEC)
		return;
	if (e->errnum)
		explain_exec(name, e);
	else if (e->kind == ERR_NOEXEC)
		err_set(e, ERR_NOEXEC, "exec: \"%s\": permission denied", name);
	else if (!strchr(name, '/'))
		err_set(e, ERR_NOCMD,
			"exec: \"%s\": executable file not found in $PATH",
			name);
	else
		err_set(e, ERR_NOCMD,
			"exec: \"%s\": stat %s: no such file or directory",
			name, name);
}

int oci_write_pid(const char *file, pid_t pid, struct err *e)
{
	auto_free char *text = xasprintf("%d", (int)pid);
	auto_free char *path = NULL, *dir = NULL;
	auto_fd fd = -1;

	if (!file)
		return 0;
	path = path_absolute(file);
	if (!path)
		return err_sys(e, "--pid-file %s", file);
	dir = xstrndup(path, (size_t)(path_base(path) - path));
	fd = path_open(AT_FDCWD, dir, PATH_HOST, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return err_sys(e, "open %s for the pid file", dir);
	return file_write_at(fd, path_base(path), text, strlen(text), e);
}

static int fill_gap(int fd, struct err *e)
{
	auto_fd null = path_open(AT_FDCWD, "/dev/null", PATH_HOST, O_RDWR, 0);

	if (null < 0)
		return err_sys(e, "open /dev/null");
	if (null == fd) {
		(void)TAKE_FD(null);
		return 0;
	}
	if (dup3(null, fd, O_CLOEXEC) != fd)
		return err_sys(e, "take descriptor %d", fd);
	return 0;
}

/* One by one: is it open? */
static int collect(uint32_t n, struct oci_passed *p, struct err *e)
{
	p->fds = xcalloc(n + 1, sizeof(*p->fds));
	for (uint32_t i = 0; i < n; i++) {
		int fd = 3 + (int)i;

		if (fcntl(fd, F_GETFD) >= 0)
			p->fds[p->n++] = (uint32_t)fd;
		else if (fill_gap(fd, e) < 0)
			return -1;
	}
	return 0;
}

int oci_passed_fds(const char *preserve, struct oci_passed *ret, struct err *e)
{
	const char *listen = getenv("LISTEN_FDS");
	uint64_t n = 0, n_listen = 0;

	if (preserve &&
	    num_u64(preserve, PASSED_MAX, "--preserve-fds", &n, e) < 0)
		return -1;
	if (listen && *listen &&
	    num_u64(listen, PASSED_MAX, "LISTEN_FDS", &n_listen, e) < 0)
		return -1;
	ret->n_listen = (unsigned)n_listen;
	return collect((uint32_t)(n + n_listen), ret, e);
}
