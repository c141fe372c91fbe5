/*
 * asuser.c - runs a program as another user with nothing but the named
 * environment, and ends it after so many seconds (status 124). In one static
 * program, since the tests do little else.
 *
 *   asuser SECONDS UID GID [NAME=VALUE…] -- PROGRAM [WORD…]
 */
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void child(char **argv, char **env)
{
	gid_t gid = (gid_t)atoi(argv[3]);
	uid_t uid = (uid_t)atoi(argv[2]);
	char **program = env;

	while (*program && strcmp(*program, "--") != 0)
		program++;
	if (!*program || !program[1])
		_exit(126);
	*program++ = NULL;
	if (setgroups(1, &gid) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		_exit(126);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	execve(*program, program, env);
	perror(*program);
	_exit(127);
}

int main(int argc, char **argv)
{
	struct pollfd p = { .events = POLLIN };
	int status, late;
	pid_t pid;

	if (argc < 6)
		return 126;
	pid = fork();
	if (pid == 0)
		child(argv, argv + 4);
	/* the descriptors are the child's alone */
	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	late = poll(&p, 1, atoi(argv[1]) * 1000) == 0;
	if (late)
		kill(-pid, SIGKILL), kill(pid, SIGKILL);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 126;
	if (late)
		return 124;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
