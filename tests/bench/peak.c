/*
 * peak.c - runs one command and tells the most memory that it, or a child it
 * has waited for, had: `peak FILE CMD ARG…` adds a line of KiB to FILE and ends
 * with the command's status. Small and static: what a process begins with is
 * what its parent had. Measures nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage use;
	char line[32];
	int status, fd, n;
	pid_t pid;

	if (argc < 3)
		return 125;
	fd = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	pid = fd < 0 ? -1 : fork();
	if (pid == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0)
		return 125;
	while (wait4(pid, &status, 0, &use) < 0)
		if (errno != EINTR)
			return 125;
	n = snprintf(line, sizeof(line), "%ld\n", use.ru_maxrss);
	if (write(fd, line, (size_t)n) != n)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
