/*
 * fds.c - payload: looks for the host behind every descriptor that it, and
 * every process it can see, has.
 *
 *   fds [--after FILE] [HOST-PATH…]    files of the host that must stay out
 *                                      of reach; says READY and waits for FILE
 *
 * Says ESCAPED and how, or RAN.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define UP "../../../../../../../../../../../.."

/* Is the object behind `fd`, or what lies above it, the host's? */
static void climb(int fd, const char *name, char *const *paths)
{
	char path[PATH_MAX];

	for (; *paths; paths++) {
		int got;

		snprintf(path, sizeof(path), UP "%s", *paths);
		got = openat(fd, path, O_RDONLY | O_NONBLOCK);
		if (got >= 0)
			printf("ESCAPED %s leads to %s\n", name, *paths);
		if (faccessat(fd, path, F_OK, 0) == 0)
			printf("ESCAPED %s sees %s\n", name, *paths);
		if (got >= 0)
			close(got);
	}
}

static void check_own(char *const *paths)
{
	for (int fd = 0; fd < 4096; fd++) {
		char name[32], link[64], to[PATH_MAX];
		struct stat st;
		ssize_t n;

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(name, sizeof(name), "descriptor %d", fd);
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, to, sizeof(to) - 1);
		to[n < 0 ? 0 : n] = '\0';
		if (fd > 2)
			printf("ESCAPED %s is open: %s\n", name, to);
		if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
			printf("ESCAPED %s is a directory: %s\n", name, to);
		climb(fd, name, paths);
	}
}

static void check_process(const char *pid, char *const *paths)
{
	static const char *const links[] = { "cwd", "root", "exe" };
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *d;

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/%s", pid, links[i]);
		fd = open(path, O_PATH);
		if (fd < 0)
			continue;
		climb(fd, path, paths);
		close(fd);
	}
	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	d = opendir(path);
	while (d && (entry = readdir(d))) {
		int fd = openat(dirfd(d), entry->d_name, O_PATH);
		char name[5000];

		if (fd < 0 || entry->d_name[0] == '.') {
			if (fd >= 0)
				close(fd);
			continue;
		}
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		climb(fd, name, paths);
		close(fd);
	}
	if (d)
		closedir(d);
}

/* The working directory must have nothing above it, and a name inside unless
 * it was moved since. */
static void check_cwd(char *const *paths, int moved)
{
	char cwd[PATH_MAX];

	if (!moved && syscall(SYS_getcwd, cwd, sizeof(cwd)) > 0 &&
	    cwd[0] != '/')
		printf("ESCAPED the working directory is %s\n", cwd);
	climb(AT_FDCWD, "the working directory", paths);
}

int main(int argc, char **argv)
{
	char *const *paths = argv + (argc > 0);
	struct dirent *entry;
	int moved = 0;
	DIR *d;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 && strcmp(argv[1], "--after") == 0) {
		puts("READY");
		while (access(argv[2], F_OK) < 0)
			usleep(10000);
		paths += 2;
		moved = 1;
	}
	check_own(paths);
	check_cwd(paths, moved);
	d = opendir("/proc");
	while (d && (entry = readdir(d)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			check_process(entry->d_name, paths);
	for (; *paths; paths++)
		if (access(*paths, F_OK) == 0)
			printf("ESCAPED %s is there\n", *paths);
	puts("RAN");
	return 0;
}
