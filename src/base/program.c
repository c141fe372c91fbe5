/*
 * program.c - the first lines of a main(), and a copy of the program that
 * nobody can write to.
 *
 * Refuses to run with more rights than its caller (set-user-id, set-group-id,
 * file capabilities): nothing here is written to be trusted with any.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "base/prefault.h"
#include "base/program.h"
#include "base/strv.h"

/* Who ignores SIGCHLD gets no exit statuses; a parent of ours may have. */
static int want_statuses(struct err *e)
{
	return signal(SIGCHLD, SIG_DFL) == SIG_ERR
		       ? err_sys(e, "stop ignoring SIGCHLD")
		       : 0;
}

static int refuse_privilege(struct err *e)
{
	if (getauxval(AT_SECURE) || getuid() != geteuid() ||
	    getgid() != getegid())
		return err_set(e, ERR_HOST,
			       "installed set-user-id, set-group-id or with "
			       "file capabilities: it never needs them; remove "
			       "them (chmod ug-s, setcap -r)");
	return 0;
}

int program_begin(const char *name, struct err *e)
{
	log_name(name);
	if (fd_sanitize_stdio(e) < 0 || refuse_privilege(e) < 0)
		return -1;
	prefault_text();
	free(xmalloc(1)); /* so that there is a heap */
	prefault_written();
	return want_statuses(e);
}

/* ---- a sealed copy ---- */

static bool is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS); /* EINVAL: a file of the disk */

	return seals >= 0 && seals & F_SEAL_WRITE;
}

/* Could anything with our user's rights change it? */
static bool is_exposed(int fd, const struct stat *st)
{
	return st->st_uid == geteuid() ||
	       faccessat(fd, "", W_OK, AT_EMPTY_PATH | AT_EACCESS) == 0;
}

static int execute(const char *name, int fd, char *const *args, struct err *e)
{
	AUTO(strv_free) char **argv = NULL, **env = NULL;
	auto_free char *file = path_of_program();

	strv_add(&argv, name);
	strv_foreach (arg, args)
		strv_add(&argv, *arg);
	strv_foreach (row, environ)
		if (strncmp(*row, PROGRAM_FILE "=", sizeof(PROGRAM_FILE)) != 0)
			strv_add(&env, *row);
	if (file)
		strv_take(&env, xasprintf(PROGRAM_FILE "=%s", file));
	syscall(SYS_execveat, fd, "", argv, env, AT_EMPTY_PATH);
	return err_sys(e, "execute a copy of %s in memory", name);
}

int program_seal(const char *name, char *const *args, struct err *e)
{
	auto_fd fd =
		path_open(AT_FDCWD, "/proc/self/exe", PATH_MAGIC, O_RDONLY, 0);
	auto_fd copy = -1;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, "open the program %s", name);
	if (is_sealed(fd))
		return prctl(PR_SET_NAME, name, 0, 0, 0) < 0
			       ? err_sys(e, "take the name %s", name)
			       : 0;
	if (!is_exposed(fd, &st))
		return 0;
	copy = fd_memfd_copy(name, fd, (size_t)st.st_size, e);
	return copy < 0 ? -1 : execute(name, copy, args, e);
}
