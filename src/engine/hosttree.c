/*
 * hosttree.c - /usr, /etc, /opt and what leads to them. Not /home, /root, /var,
 * /run, /srv: programs are lent, data is not. An overlay of "/" itself is not
 * possible in a user namespace: mounts below it would be uncovered.
 */
#include "engine/hosttree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/table.h"

static const char *const programs[] = { "/usr",	   "/bin",   "/sbin",
					"/lib",	   "/lib32", "/lib64",
					"/libx32", "/etc",   "/opt" };

/* Made empty, with these modes. */
static const struct word empty[] = {
	{ "/home", 0755 }, { "/root", 0700 }, { "/run", 0755 },
	{ "/tmp", 01777 }, { "/var", 0755 },  { "/var/tmp", 01777 },
	{ "/mnt", 0755 },  { NULL, 0 },
};

static int add_link(struct spec *s, const char *path, int fd, struct err *e)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(fd, "", target, sizeof(target) - 1);
	struct spec_file *l;

	if (n < 0)
		return err_sys(e, "read the link %s", path);
	target[n] = '\0';
	l = GROW(s->links, s->n_links);
	s->n_links++;
	l->path = xstrdup(path);
	l->content = xstrdup(target);
	return 0;
}

static void add_bind(struct spec *s, const char *path, size_t at)
{
	struct spec_mount *m;

	(void)GROW(s->mounts, s->n_mounts);
	m = s->mounts + at;
	memmove(m + 1, m, (s->n_mounts - at) * sizeof(*m));
	s->n_mounts++;
	*m = (struct spec_mount){
		.type = xstrdup("bind"),
		.source = xstrdup(path),
		.target = xstrdup(path),
		.attr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			MOUNT_ATTR_NODEV,
		.recursive = true,
		/* too many to be searched for sockets at every start */
		.facts = { .unsearched = true },
	};
}

/* One of `programs`: a link stays a link, a directory is bound. */
static int add_program(struct spec *s, const char *path, size_t *at,
		       struct err *e)
{
	auto_fd fd =
		path_open(AT_FDCWD, path, PATH_HOST, O_PATH | O_NOFOLLOW, 0);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? 0 : err_sys(e, "open %s", path);
	if (fstat(fd, &st) < 0)
		return err_sys(e, "stat %s", path);
	if (S_ISLNK(st.st_mode))
		return add_link(s, path, fd, e);
	if (S_ISDIR(st.st_mode))
		add_bind(s, path, (*at)++);
	return 0;
}

int hosttree_add(struct spec *s, struct err *e)
{
	size_t at = 0;

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (add_program(s, programs[i], &at, e) < 0)
			return -1;
	for (const struct word *d = empty; d->name; d++) {
		struct spec_file *f = GROW(s->files, s->n_files);

		s->n_files++;
		f->path = xstrdup(d->name);
		f->mode = (uint32_t)d->value;
	}
	return 0;
}
