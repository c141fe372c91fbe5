/*
 * apparmor.c - looks a profile up in the listing that everybody may read:
 * policy/profiles/NAME.NUMBER holds the files "name" and "mode". Loads nothing.
 */
#include "kernel/apparmor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/table.h"

#define PROFILES "/sys/kernel/security/apparmor/policy/profiles"
#define LINE_MAX 4096

static const struct word modes[] = {
	{ "enforce", LABEL_HOLDS },
	{ "kill", LABEL_HOLDS },
	{ "user", LABEL_HOLDS }, /* asks a supervisor */
	{ "complain", LABEL_TELLS },
	{ "unconfined", LABEL_EMPTY },
	{ NULL, 0 },
};

/* The first line of a file of an entry. */
static char *read_line(int dir, const char *entry, const char *file,
		       struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *path = path_join(entry, file);
	auto_fd fd = path_open(dir, path, PATH_STRICT, O_RDONLY, 0);
	char *line;

	if (fd < 0) {
		err_sys(e, "open " PROFILES "/%s", path);
		return NULL;
	}
	if (file_read_fd(fd, LINE_MAX, path, &b, e) < 0)
		return NULL;
	line = buf_take(&b);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* "NAME.NUMBER"; in an odd name the kernel has replaced characters, such a one
 * is not found. */
static bool may_be(const char *entry, const char *name)
{
	size_t n = strlen(name);

	size_t digits;

	if (strncmp(entry, name, n) != 0 || entry[n] != '.')
		return false;
	digits = strspn(entry + n + 1, "0123456789");
	return digits && entry[n + 1 + digits] == '\0';
}

/* 1: this is the profile, and *ret its mode. */
static int look(int dir, const char *entry, const char *name,
		enum label_mode *ret, struct err *e)
{
	auto_free char *is = read_line(dir, entry, "name", e), *mode = NULL;
	uint64_t value;

	if (!is)
		return -1;
	if (strcmp(is, name) != 0)
		return 0;
	mode = read_line(dir, entry, "mode", e);
	if (!mode)
		return -1;
	if (!word_find(modes, mode, &value))
		return err_set(e, ERR_HOST,
			       "AppArmor profile %s: in mode \"%.40s\", which "
			       "is not known",
			       name, mode);
	*ret = (enum label_mode)value;
	return 1;
}

int apparmor_mode_in(int fd, const char *name, enum label_mode *ret,
		     struct err *e)
{
	auto_fd own =
		path_open(fd, ".", PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);
	AUTO(closedir) DIR *dir = own < 0 ? NULL : fdopendir(own);
	struct dirent *d;
	int r = 0;

	if (!dir)
		return err_sys(e, "list " PROFILES);
	own = -1;
	errno = 0;
	while (r == 0 && (d = readdir(dir)))
		if (may_be(d->d_name, name))
			r = look(dirfd(dir), d->d_name, name, ret, e);
	if (r == 0 && errno)
		return err_sys(e, "list " PROFILES);
	if (r == 0)
		*ret = LABEL_ABSENT;
	return r < 0 ? -1 : 0;
}

int apparmor_mode(const char *name, enum label_mode *ret, struct err *e)
{
	struct statfs fs;
	auto_fd fd = -1;

	*ret = LABEL_UNKNOWN;
	if (*name == ':' || strstr(name, "//"))
		return 0;
	/* "policy" is a magic link of the kernel's to a filesystem that is
	 * mounted nowhere else: which one is looked at below */
	fd = openat(AT_FDCWD, PROFILES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* not mounted, or a container's masked /sys */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return 0;
	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return err_sys(e, "open " PROFILES);
	if (fs.f_type != AAFS_MAGIC)
		return 0;
	return apparmor_mode_in(fd, name, ret, e);
}
