/*
 * path_resolve.c - the way through symbolic links inside a root, one part at
 * a time: every link is read by descriptor and continues at the root, never
 * beyond it. Opens nothing for its caller.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/strv.h"

#define LINKS_MAX 40 /* as the kernel's */

struct walk {
	int root;
	char *const *covered; /* mounts to come */
	char *done;	      /* what has been walked: clean, "" is the root */
	char *rest;	      /* what is left */
	bool missing;	      /* nothing is there any more: the rest is text */
	int links;
};

static void up(struct walk *w)
{
	char *slash = strrchr(w->done, '/');

	if (slash)
		*slash = '\0';
}

/* A link: its target comes before the rest. */
static int follow(struct walk *w, int fd)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(fd, "", target, sizeof(target) - 1);
	char *rest;

	if (n < 0)
		return -1;
	target[n] = '\0';
	if (++w->links > LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (*target == '/')
		*w->done = '\0';
	rest = xasprintf("%s/%s", target, w->rest);
	free(w->rest);
	w->rest = rest;
	return 0;
}

/* Will something else be seen in the directory that we are in? */
static bool is_covered(const struct walk *w)
{
	strv_foreach (mount, w->covered)
		if (strcmp(*mount, "/") != 0 && path_is_below(w->done, *mount))
			return true;
	return false;
}

static int step(struct walk *w, const char *part)
{
	auto_free char *next = xasprintf("%s/%s", w->done, part);
	auto_fd fd = -1;
	struct stat st = { 0 };

	if (!w->missing && !is_covered(w)) {
		fd = path_open(w->root, next, PATH_IN_ROOT_STRICT,
			       O_PATH | O_NOFOLLOW, 0);
		w->missing = fd < 0 && (errno == ENOENT || errno == ENOTDIR);
		if (fd < 0 && !w->missing)
			return -1;
	}
	if (fd >= 0 && fstat(fd, &st) < 0)
		return -1;
	if (S_ISLNK(st.st_mode))
		return follow(w, fd);
	free(w->done);
	w->done = TAKE(next);
	return 0;
}

/* Takes the first part of the rest; NULL at the end. */
static char *next_part(struct walk *w)
{
	char *part, *rest = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(rest, "/");

	if (n == 0)
		return NULL;
	part = xstrndup(rest, n);
	memmove(w->rest, rest + n, strlen(rest + n) + 1);
	return part;
}

static int walk(struct walk *w)
{
	char *next;

	while ((next = next_part(w))) {
		auto_free char *part = next;

		if (strcmp(part, ".") == 0)
			continue;
		if (strcmp(part, "..") == 0)
			up(w);
		else if (step(w, part) < 0)
			return -1;
	}
	return 0;
}

char *path_resolve(int root, const char *path, char *const *covered)
{
	struct walk w = { .root = root,
			  .covered = covered,
			  .done = xstrdup(""),
			  .rest = xstrdup(path) };
	int r = walk(&w);
	char *ret = NULL;

	if (r == 0)
		ret = xstrdup(*w.done ? w.done : "/");
	free(w.done);
	free(w.rest);
	return ret;
}
