/*
 * fd.h - file descriptors: whole reads and writes, pipes, passing fds over
 * sockets. Everything is opened O_CLOEXEC (R1).
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>
#include <sys/types.h>
#include "immure/err.h"

/* Writes all of it (EINTR and short writes handled). 0, or -1 and errno. */
int fd_write_all(int fd, const void *p, size_t n);
/* Reads exactly n bytes. 0, or -1 and errno (ENODATA at end of file). */
int fd_read_exact(int fd, void *p, size_t n);
int fd_pipe(int ret[2], struct err *e);	      /* O_CLOEXEC */
int fd_socketpair(int ret[2], struct err *e); /* SOCK_SEQPACKET|CLOEXEC */
/*
 * One datagram with up to one fd (-1: none). send: 0, or -1 and errno, a
 * short send is EIO. recv: the length, 0 at end, or -1 and errno; *ret_fd is
 * -1 or an fd (O_CLOEXEC) that the caller owns.
 */
int fd_send(int sock, const void *p, size_t n, int fd);
ssize_t fd_recv(int sock, void *p, size_t n, int *ret_fd);
/*
 * A program in memory: a sealed (write, shrink, grow, seal) memfd with this
 * content. Mode 0111: the kernel lets nobody trace, or open the memory of, a
 * process whose program they cannot read (ptrace(2), PR_SET_DUMPABLE).
 */
int fd_memfd(const char *name, const void *p, size_t n, struct err *e);
/* The first n bytes of a file, copied by the kernel. Anybody may read it (mode
 * 0555): for a copy of ourselves, which stays anybody's to look at. */
int fd_memfd_copy(const char *name, int from, size_t n, struct err *e);
/* A text in memory that everybody may read, sealed as well; its offset is 0. */
int fd_memfd_text(const char *name, const char *text, struct err *e);
/* Makes fds 0, 1, 2 exist (/dev/null); call first in every program. */
int fd_sanitize_stdio(struct err *e);

#endif
