/*
 * fault.h - what inject makes fail: PROC:SYSCALL:N:WHAT, as words (inject.c
 * says what they mean). Only reads the words; inject does what they say.
 */
#ifndef FAULTS_FAULT_H
#define FAULTS_FAULT_H

#include <errno.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NR_MAX 512

enum what { NOTHING, ERROR, PERSIST, LIE, KILL };

struct fault {
	enum what what;
	char proc[96];
	int nr, n, errnum;
};
static const struct {
	const char *name;
	int num;
} errnos[] = {
	{ "EPERM", EPERM },   { "ENOENT", ENOENT }, { "EINTR", EINTR },
	{ "EIO", EIO },	      { "EAGAIN", EAGAIN }, { "ENOMEM", ENOMEM },
	{ "EACCES", EACCES }, { "EFAULT", EFAULT }, { "EBUSY", EBUSY },
	{ "EINVAL", EINVAL }, { "ENFILE", ENFILE }, { "EMFILE", EMFILE },
	{ "ENOSPC", ENOSPC }, { "ENOSYS", ENOSYS }, { "EDQUOT", EDQUOT },
	{ "EROFS", EROFS },   { "ENODEV", ENODEV }, { "EPIPE", EPIPE },
};

__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *fmt,
								...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "inject: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, ": %s\n", strerror(errno));
	va_end(ap);
	exit(124);
}

static int errno_num(const char *name)
{
	for (size_t i = 0; i < sizeof(errnos) / sizeof(*errnos); i++)
		if (!strcmp(errnos[i].name, name))
			return errnos[i].num;
	errno = EINVAL;
	die("unknown errno %s", name);
}

static void fault_parse(const char *text, struct fault *f)
{
	char nr[40], what[40];

	if (sscanf(text, "%80[^:]:%39[^:]:%d:%39s", f->proc, nr, &f->n, what) !=
	    4) {
		errno = EINVAL;
		die("fault %s", text);
	}
	f->nr = !strncmp(nr, "nr", 2) ? atoi(nr + 2)
				      : seccomp_syscall_resolve_name(nr);
	if (f->nr < 0 || f->nr >= NR_MAX)
		die("system call %s", nr);
	if (!strncmp(what, "error=", 6))
		f->what = ERROR, f->errnum = errno_num(what + 6);
	else if (!strncmp(what, "persist=", 8))
		f->what = PERSIST, f->errnum = errno_num(what + 8);
	else if (!strcmp(what, "lie"))
		f->what = LIE;
	else if (!strcmp(what, "kill"))
		f->what = KILL;
	else
		die("fault %s", what);
}

#endif
