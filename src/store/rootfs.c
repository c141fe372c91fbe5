/*
 * rootfs.c - looks for /etc/passwd and /etc/group from the top layer down,
 * with overlayfs' rules: a whiteout or another type of file ends the search,
 * and so does a directory that hides what lies below (opaque).
 *
 * The content is hostile: bounded, and read by nobody but format/passwd.
 */
#include "store/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "format/passwd.h"

/* -1 and ENOENT: look one layer further down. Any other error ends it. */
static int open_etc(const struct image_layer *l)
{
	auto_fd root = path_open(AT_FDCWD, l->path, PATH_HOST,
				 O_PATH | O_DIRECTORY, 0);

	if (root < 0) {
		errno = EIO; /* a layer that is missing is not "no file" */
		return -1;
	}
	return path_open(root, "etc", PATH_STRICT,
			 O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

static bool is_opaque(int dir)
{
	char value[2];

	return fgetxattr(dir, "user.overlay.opaque", value, sizeof(value)) ==
		       1 &&
	       value[0] == 'y';
}

static char *read_file(int etc, const char *name)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	if (file_read_at(etc, name, PASSWD_MAX, &b, &e))
		return NULL;
	if (b.len && memchr(b.p, '\0', b.len))
		return NULL;
	return buf_take(&b);
}

char *rootfs_read(const struct image *i, const char *name)
{
	for (size_t k = i->n_layers; k-- > 0;) {
		auto_fd etc = open_etc(&i->layers[k]);
		struct stat st;

		if (etc < 0 && errno == ENOENT)
			continue;
		if (etc < 0)
			return NULL;
		if (fstatat(etc, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			return S_ISREG(st.st_mode) ? read_file(etc, name)
						   : NULL;
		if (errno != ENOENT || is_opaque(etc))
			return NULL;
	}
	return NULL;
}
