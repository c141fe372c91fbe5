/*
 * fd.c - whole reads and writes, sockets that carry fds, sealed memfds.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/retry.h"

int fd_write_all(int fd, const void *p, size_t n)
{
	const char *s = p;
	ssize_t done;

	while (n) {
		done = RETRY(write(fd, s, n));
		if (done < 0)
			return -1;
		s += done;
		n -= (size_t)done;
	}
	return 0;
}

int fd_read_exact(int fd, void *p, size_t n)
{
	char *s = p;
	ssize_t done;

	while (n) {
		done = RETRY(read(fd, s, n));
		if (done == 0)
			errno = ENODATA;
		if (done <= 0)
			return -1;
		s += done;
		n -= (size_t)done;
	}
	return 0;
}

int fd_pipe(int ret[2], struct err *e)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return err_sys(e, "pipe");
	memcpy(ret, fds, sizeof(fds));
	return 0;
}

int fd_socketpair(int ret[2], struct err *e)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return err_sys(e, "socketpair");
	memcpy(ret, fds, sizeof(fds));
	return 0;
}

/* Room for the one fd that a message may carry. */
union control {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int))];
};

int fd_send(int sock, const void *p, size_t n, int fd)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)p, .iov_len = n };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control;
	struct cmsghdr *c;
	ssize_t done;

	memset(&control, 0, sizeof(control));
	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	done = RETRY(sendmsg(sock, &msg, MSG_NOSIGNAL));
	if (done >= 0 && (size_t)done != n)
		errno = EIO;
	return done == (ssize_t)n ? 0 : -1;
}

/* The fd that came with the message, or -1. */
static int received_fd(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fd;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(int)))
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(int));
	return fd;
}

ssize_t fd_recv(int sock, void *p, size_t n, int *ret_fd)
{
	struct iovec iov = { .iov_base = p, .iov_len = n };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = ret_fd ? &control : NULL,
		.msg_controllen = ret_fd ? sizeof(control) : 0,
	};
	auto_fd fd = -1;
	ssize_t done;

	done = RETRY(recvmsg(sock, &msg, MSG_CMSG_CLOEXEC));
	if (done < 0)
		return -1;
	fd = received_fd(&msg);
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		errno = EMSGSIZE;
		return -1;
	}
	if (ret_fd)
		*ret_fd = TAKE_FD(fd);
	return done;
}

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010u
#endif

/* Linux before 6.3 knows no MFD_EXEC (EINVAL), and all are executable. */
static int new_program(const char *name, struct err *e)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | MFD_EXEC);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, flags);
	if (fd < 0 && errno == EACCES)
		return err_set(e, ERR_HOST,
			       "memfd %s: the sysctl vm.memfd_noexec is 2: "
			       "programs in memory are forbidden here, and %s "
			       "is one: set it to 1",
			       name, name);
	return fd < 0 ? err_sys(e, "memfd %s", name) : fd;
}

static int seal(const char *name, int fd, struct err *e)
{
	return fcntl(fd, F_ADD_SEALS,
		     F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) <
			       0
		       ? err_sys(e, "memfd %s: sealing", name)
		       : 0;
}

/* Its mode is what was asked for, and no more is written to it. */
static int finish_program(const char *name, int fd, mode_t mode, struct err *e)
{
	struct stat st;

	if (fchmod(fd, mode) < 0 || fstat(fd, &st) < 0)
		return err_sys(e, "memfd %s: its mode", name);
	if ((st.st_mode & 07777) != mode)
		return err_set(e, ERR_VERIFY, "memfd %s: mode %04o, not %04o",
			       name, st.st_mode & 07777, mode);
	return seal(name, fd, e);
}

int fd_memfd(const char *name, const void *p, size_t n, struct err *e)
{
	auto_fd fd = new_program(name, e);

	if (fd < 0)
		return -1;
	if (fd_write_all(fd, p, n))
		return err_sys(e, "memfd %s: writing %zu bytes", name, n);
	return finish_program(name, fd, 0111, e) < 0 ? -1 : TAKE_FD(fd);
}

int fd_memfd_copy(const char *name, int from, size_t n, struct err *e)
{
	auto_fd fd = new_program(name, e);
	off_t at = 0;
	ssize_t done;

	if (fd < 0)
		return -1;
	while ((size_t)at < n) {
		done = RETRY(sendfile(fd, from, &at, n - (size_t)at));
		if (done == 0)
			errno = ENODATA;
		if (done <= 0)
			return err_sys(e, "memfd %s: copying %zu bytes", name,
				       n);
	}
	return finish_program(name, fd, 0555, e) < 0 ? -1 : TAKE_FD(fd);
}

int fd_memfd_text(const char *name, const char *text, struct err *e)
{
	auto_fd fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return err_sys(e, "memfd %s", name);
	if (fd_write_all(fd, text, strlen(text)) || lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(e, "memfd %s: writing it", name);
	return seal(name, fd, e) < 0 ? -1 : TAKE_FD(fd);
}

int fd_sanitize_stdio(struct err *e)
{
	int fd;

	for (fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (errno != EBADF)
			return err_sys(e, "fd %d", fd);
		/* the lowest free number is fd: those below it are open */
		if (path_open(AT_FDCWD, "/dev/null", PATH_HOST, O_RDWR, 0) !=
		    fd)
			return err_sys(e, "fd %d: opening /dev/null", fd);
		if (fcntl(fd, F_SETFD, 0))
			return err_sys(e, "fd %d: keeping it over exec", fd);
	}
	return 0;
}
