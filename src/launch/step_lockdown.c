/*
 * step_lockdown.c - the last walls before the payload: limits, directory,
 * program, no_new_privs, label, Landlock, descriptors, filters.
 *
 * Should: leave the process with exactly fds 0, 1, 2 and those declared.
 * Must not: weaken what an earlier step did.
 */
#include "launch/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/table.h"
#include "kernel/dirents.h"
#include "kernel/label.h"
#include "kernel/landlock.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_notify.h"

int step_rlimit(struct child *c, const struct step *s, struct err *e)
{
	struct rlimit old, set = { .rlim_cur = s->rlimit.soft,
				   .rlim_max = s->rlimit.hard };
	int r = (int)s->rlimit.resource;
	const char *name = word_name(rlimit_words, s->rlimit.resource);

	(void)c;
	if (getrlimit(r, &old) < 0)
		return err_sys(e, "read the resource limit %s", name);
	/* what the caller may not have, nobody can give */
	if (set.rlim_max > old.rlim_max)
		return err_set(e, ERR_HOST,
			       "resource limit %s: %llu is above the caller's "
			       "own hard limit %llu",
			       name, (unsigned long long)set.rlim_max,
			       (unsigned long long)old.rlim_max);
	if (setrlimit(r, &set) < 0)
		return err_sys(e, "set the resource limit %s", name);
	return 0; /* the parent reads /proc/PID/limits */
}

int step_umask(struct child *c, const struct step *s, struct err *e)
{
	(void)c, (void)e;
	umask(s->umask.mask);
	return 0; /* the parent reads it in /proc/PID/status */
}

int step_cwd(struct child *c, const struct step *s, struct err *e)
{
	char now[PATH_MAX];
	auto_fd dir = path_open(c->root, s->path.path, PATH_IN_ROOT,
				O_PATH | O_DIRECTORY, 0);

	if (dir < 0)
		return err_sys(e, "working directory %s", s->path.path);
	if (fchdir(dir) < 0)
		return err_sys(e, "enter the working directory %s",
			       s->path.path);
	if (syscall(SYS_getcwd, now, sizeof(now)) < 0)
		return err_sys(e, "getcwd in %s", s->path.path);
	if (now[0] != '/')
		return err_set(e, ERR_VERIFY,
			       "the working directory is outside the root");
	return 0;
}

/* Is it a program here? 0, or -1 with errno. */
static int try_program(const char *path)
{
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST, O_PATH, 0);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) || !(st.st_mode & 0111)) {
		errno = EACCES;
		return -1;
	}
	return 0;
}

static int command_error(const struct step *s, bool denied, struct err *e)
{
	if (denied)
		return err_set(e, ERR_NOEXEC,
			       "%s: found in the sandbox, but not an "
			       "executable file",
			       s->command.name);
	return err_set(e, ERR_NOCMD, "%s: no such program in the sandbox%s",
		       s->command.name,
		       strchr(s->command.name, '/') ? "" : "'s PATH");
}

int step_command(struct child *c, const struct step *s, struct err *e)
{
	bool denied = false;
	size_t n = strlen(s->command.name);

	if (n >= sizeof(c->program))
		return err_set(e, ERR_INPUT,
			       "the command is a path of %zu "
			       "bytes",
			       n);
	if (strchr(s->command.name, '/')) {
		memcpy(c->program, s->command.name, n + 1);
		if (try_program(c->program) == 0)
			return 0;
		return command_error(s, errno != ENOENT && errno != ENOTDIR, e);
	}
	for (char **d = s->command.path; d && *d; d++) {
		int r = snprintf(c->program, sizeof(c->program), "%s/%s", *d,
				 s->command.name);

		if (r < 0 || (size_t)r >= sizeof(c->program))
			continue; /* no such path can exist */
		if (try_program(c->program) == 0)
			return 0;
		denied |= errno == EACCES;
	}
	return command_error(s, denied, e);
}

int step_nnp(struct child *c, const struct step *s, struct err *e)
{
	(void)c, (void)s;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(e, "set no_new_privs");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return err_set(e, ERR_VERIFY, "no_new_privs is not set");
	return 0;
}

int step_label(struct child *c, const struct step *s, struct err *e)
{
	return label_set(c->proc, s->label.lsm, s->label.label, e);
}

int step_landlock(struct child *c, const struct step *s, struct err *e)
{
	auto_fd rules = -1;

	if (s->landlock.abi == 0)
		return 0; /* wanted, and this host has none: in the plan */
	rules = landlock_new(s->landlock.fs, s->landlock.net, s->landlock.scope,
			     e);
	if (rules < 0)
		return -1;
	for (size_t i = 0; i < s->landlock.n_paths; i++) {
		const struct landlock_path *p = &s->landlock.paths[i];
		auto_fd fd =
			path_open(c->root, p->path, PATH_IN_ROOT, O_PATH, 0);

		if (fd < 0 && (errno == ENOENT || errno == EACCES))
			continue; /* fewer rules: less is allowed */
		if (fd < 0)
			return err_sys(e, "Landlock rule for %s", p->path);
		if (landlock_allow(rules, fd, p->access, e) < 0)
			return err_prefix(e, "%s", p->path);
	}
	return landlock_enter(rules, c->proc, e);
}

/* ---- descriptors ---- */

/* Where the declared descriptors end up, above those of the program. Only
 * STATUS may live through exec, and only to immure-init. */
enum { KEEP_FIRST = 3, KEEP_COUNT = 5 };

/* The wanted objects on 0, 1, 2; `want` gets what they are. */
static int place_stdio(struct child *c, struct stat want[3], struct err *e)
{
	for (int i = 0; i < 3; i++) {
		int fd = c->pty >= 0 ? c->pty : c->io->fds[i];

		if (fstat(fd, &want[i]) < 0)
			return err_sys(e, "stat of standard stream %d", i);
		if (fd != i && dup2(fd, i) != i)
			return err_sys(e, "place standard stream %d", i);
	}
	return 0;
}

static int check_stdio(const struct stat want[3], struct err *e)
{
	struct stat st;

	for (int i = 0; i < 3; i++) {
		if (fstat(i, &st) < 0)
			return err_sys(e, "stat of fd %d", i);
		if (st.st_dev != want[i].st_dev || st.st_ino != want[i].st_ino)
			return err_set(e, ERR_VERIFY,
				       "fd %d is not the standard stream that "
				       "was meant",
				       i);
	}
	return 0;
}

/* One more where hooks wait for the start. */
static int keep_count(const struct child *c)
{
	return c->states[1] >= 0 ? KEEP_COUNT + 1 : KEEP_COUNT;
}

/* Moves the declared descriptors to their places: first all of them out of
 * the way, then down. */
static int place_declared(struct child *c, struct err *e)
{
	/* a plan has immure-init or a gate, never both */
	int *program = c->gate >= 0 ? &c->gate : &c->init;
	int *const fds[] = { &c->status, &c->sock, program,
			     &c->fdlist, &c->proc, &c->states[1] };
	const int first = KEEP_FIRST + c->passed, n = keep_count(c),
		  end = first + n;

	for (int i = 0; i < n; i++) {
		if (*fds[i] < 0 || *fds[i] >= end)
			continue;
		*fds[i] = fcntl(*fds[i], F_DUPFD_CLOEXEC, end);
		if (*fds[i] < end)
			return err_sys(e, "move descriptor %d", i);
	}
	for (int i = 0; i < n; i++) {
		int flag = i == 0 && c->init >= 0 ? 0 : O_CLOEXEC;

		if (*fds[i] < 0) {
			/* nothing of ours, perhaps something of the caller's;
			 * EBADF: neither. check_list has the last word. */
			close(first + i);
			continue;
		}
		if (dup3(*fds[i], first + i, flag) != first + i)
			return err_sys(e, "place descriptor %d", i);
		*fds[i] = first + i;
	}
	return 0;
}

/* The program's own live through exec; between them nothing is left. */
static int keep_passed(const struct child *c, struct err *e)
{
	size_t next = 0;

	for (int fd = KEEP_FIRST; fd < KEEP_FIRST + c->passed; fd++) {
		bool is_own = c->pass->pass.fds[next] == (uint32_t)fd;

		if (!is_own)
			close(fd); /* EBADF: nothing is there */
		else if (fcntl(fd, F_SETFD, 0) < 0)
			return err_sys(e, "keep descriptor %d", fd);
		next += is_own;
	}
	return 0;
}

/* The number in an entry of /proc/PID/fd, or -1. */
static int entry_fd(const char *name)
{
	int fd = 0;

	for (; *name; name++) {
		if (*name < '0' || *name > '9' || fd > 1 << 20)
			return -1;
		fd = fd * 10 + (*name - '0');
	}
	return fd;
}

static bool is_ours(const struct child *c, int fd)
{
	return fd < KEEP_FIRST + c->passed || fd == c->status ||
	       fd == c->sock || fd == c->init || fd == c->gate ||
	       fd == c->fdlist || fd == c->proc ||
	       (fd == c->states[1] && fd >= 0);
}

struct fdlist {
	const struct child *c;
	int seen;
};

static int check_fd(void *arg, const char *name, struct err *e)
{
	struct fdlist *l = arg;
	int fd = entry_fd(name);

	if (fd < 0 || !is_ours(l->c, fd))
		return err_set(e, ERR_VERIFY, "descriptor %s is still open",
			       name);
	l->seen++;
	return 0;
}

/* Reads the list of our own descriptors: nothing else may be there. */
static int check_list(struct child *c, struct err *e)
{
	struct fdlist l = { .c = c };

	if (dirents_each(c->fdlist, "the open descriptors", check_fd, &l, e) <
	    0)
		return -1;
	if (l.seen < 3)
		return err_set(e, ERR_VERIFY,
			       "the list of descriptors is too short");
	return 0;
}

int step_fds(struct child *c, const struct step *s, struct err *e)
{
	struct stat want[3];

	(void)s;
	if (place_stdio(c, want, e) < 0 || place_declared(c, e) < 0 ||
	    keep_passed(c, e) < 0)
		return -1;
	if (syscall(SYS_close_range, KEEP_FIRST + c->passed + keep_count(c),
		    ~0u, 0) < 0)
		return err_sys(e, "close all other descriptors");
	c->root = c->writes = c->upper = c->work = c->null = c->empty = -1;
	c->pty = c->states[0] = -1;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(e, "make the launcher not dumpable");
	if (check_stdio(want, e) < 0)
		return -1;
	return check_list(c, e);
}

int step_seccomp(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	return seccomp_install(&s->seccomp.filter, e);
}

/* From here on our own calls are told, too; all but the sending of this one
 * wait for the parent's answer. */
int step_record(struct child *c, const struct step *s, struct err *e)
{
	struct wire w = { .kind = WIRE_LISTENER,
			  .step = (uint32_t)(s - c->plan->steps) };
	auto_fd listener = seccomp_listen(&s->record.filter, e);

	return listener < 0 ? -1 : wire_send(c->sock, &w, listener, e);
}
