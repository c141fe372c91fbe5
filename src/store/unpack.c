/*
 * unpack.c - the rules by which a layer archive becomes a tree that overlayfs
 * (userxattr) can use. format/layer says what a name means, tree.c makes the
 * files, this file decides.
 *
 *   entry                      becomes
 *   -------------------------  ---------------------------------------------
 *   regular file               itself; holes stay holes
 *   directory                  itself; over a directory: keeps its content
 *   symlink                    itself, its target is only text
 *   hard link                  a second name of a file or symlink that came
 *                              before it in this layer; with data: refused
 *   device, FIFO, socket       left out, and counted
 *   any other type             a regular file, as POSIX says (libarchive)
 *   .wh.NAME                   a character device 0:0 called NAME, unless
 *                              the layer has NAME itself (then a directory
 *                              NAME is made opaque)
 *   .wh..wh..opq               user.overlay.opaque=y on its directory
 *   other .wh..wh.*            left out (housekeeping of AUFS)
 *   . ./ /                     mode, owner and time of the root; must be a
 *                              directory
 *   the same name again        replaces what this layer had there
 *   a missing parent           is made: root, 0755
 *   "..", absolute, or a way   the layer is refused whole
 *   through a symlink or file
 *
 *   owner                      image id X is id X+1 of the id space (its id
 *                              0 is the user); beyond the space: refused.
 *                              Single id: all is the user's, the owner is
 *                              kept in user.immure.owner ("uid:gid"), not
 *                              for symlinks
 *   mode                       without setuid and setgid, counted
 *   time                       mtime is kept; atime is the same
 *   xattr                      user.* but user.overlay.* and user.immure.*;
 *                              others are left out and counted
 *   ACLs, file flags           left out
 *   after the end mark         only zeros, else refused
 *   limits                     bytes and entries of the whole load; 4095
 *                              bytes of path, 255 of a name, 256 levels, 64
 *                              KiB of attributes an entry
 */
#include "store/unpack.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/retry.h"
#include "format/layer.h"
#include "format/text.h"
#include "store/stream.h"
#include "store/tree.h"

struct job {
	const struct unpack *u;
	struct tree *tree;
	struct stream *stream;
	struct unpack_dropped dropped;
};
struct entry {
	struct archive_entry *from;
	const char *link; /* target, or NULL */
	char path[LAYER_PATH_MAX + 1];
	struct tree_node node;
	uint64_t size;
};

static int count(_Atomic uint64_t *sum, uint64_t n, uint64_t max,
		 const char *what, struct err *e)
{
	if (n <= max && atomic_fetch_add(sum, n) + n <= max)
		return 0;
	return err_set(e, ERR_LIMIT, "it unpacks to more than %llu %s",
		       (unsigned long long)max, what);
}

/* ---- what an entry says ---- */

static int read_owner(struct job *j, struct entry *n, struct err *e)
{
	const struct unpack_limits *l = j->u->limits;
	uint32_t uids = l->uids ? l->uids : UINT32_MAX;
	uint32_t gids = l->gids ? l->gids : UINT32_MAX;

	if (layer_owner(archive_entry_uid(n->from), uids, "uid", &n->node.uid,
			e) ||
	    layer_owner(archive_entry_gid(n->from), gids, "gid", &n->node.gid,
			e))
		return err_prefix(e, "layer entry \"%s\"", SHOW(n->path));
	return 0;
}

static int read_entry(struct job *j, struct entry *n, struct err *e)
{
	mode_t mode = archive_entry_perm(n->from);
	int64_t size = archive_entry_size(n->from);

	n->node.mode = layer_mode(mode);
	if (mode & (S_ISUID | S_ISGID))
		j->dropped.setid++;
	n->node.mtime.tv_sec = archive_entry_mtime(n->from);
	n->node.mtime.tv_nsec = archive_entry_mtime_nsec(n->from);
	if (n->node.mtime.tv_nsec < 0 || n->node.mtime.tv_nsec > 999999999)
		n->node.mtime.tv_nsec = 0;
	if (size < 0 || (uint64_t)size > j->u->limits->bytes)
		return err_set(e, ERR_LIMIT,
			       "layer entry \"%s\": %lld bytes, more than the "
			       "load may have",
			       SHOW(n->path), (long long)size);
	n->size = (uint64_t)size;
	return read_owner(j, n, e);
}

/* ---- extended attributes ---- */

static int put_xattr(int fd, const struct entry *n, const char *name,
		     const struct block *value, struct err *e)
{
	if (fsetxattr(fd, name, value->p, value->n, 0))
		return err_sys(e, "set attribute %s of %s", SHOW(name),
			       SHOW(n->path));
	return 0;
}

static int check_xattrs(const struct entry *n, struct err *e)
{
	struct block v;
	size_t sum = 0;
	const char *name;

	archive_entry_xattr_reset(n->from);
	while (archive_entry_xattr_next(n->from, &name, &v.p, &v.n) ==
	       ARCHIVE_OK) {
		sum += strlen(name) + v.n;
		if (sum > LAYER_XATTR_MAX)
			return err_set(e, ERR_LIMIT,
				       "layer entry \"%s\": more than %u KiB "
				       "of attributes",
				       SHOW(n->path), LAYER_XATTR_MAX >> 10);
	}
	return 0;
}

/* On the file of `fd`, or (fd -1: a symlink) on none. */
static int put_xattrs(struct job *j, int fd, const struct entry *n,
		      struct err *e)
{
	struct block v;
	const char *name;

	if (!archive_entry_xattr_reset(n->from))
		return 0;
	if (check_xattrs(n, e))
		return -1;
	archive_entry_xattr_reset(n->from);
	while (archive_entry_xattr_next(n->from, &name, &v.p, &v.n) ==
	       ARCHIVE_OK) {
		if (fd < 0 || !layer_keeps_xattr(name))
			j->dropped.xattrs++;
		else if (put_xattr(fd, n, name, &v, e))
			return -1;
	}
	return 0;
}

/* ---- the types ---- */

static int write_block(int fd, const struct entry *n, const struct block *b,
		       struct err *e)
{
	const char *p = b->p;
	size_t done = 0;

	while (done < b->n) {
		ssize_t w = RETRY(pwrite(fd, p + done, b->n - done,
					 b->offset + (off_t)done));

		if (w <= 0)
			return err_sys(e, "write %s", SHOW(n->path));
		done += (size_t)w;
	}
	return 0;
}

static int write_data(struct job *j, int fd, const struct entry *n,
		      struct err *e)
{
	struct block b;
	int r;

	while ((r = stream_block(j->stream, &b, e)) > 0) {
		if (b.offset < 0 || b.n > n->size ||
		    (uint64_t)b.offset > n->size - b.n)
			return err_set(e, ERR_INPUT,
				       "layer entry \"%s\": data beyond its "
				       "size",
				       SHOW(n->path));
		if (count(&j->u->use->bytes, b.n, j->u->limits->bytes, "bytes",
			  e) ||
		    write_block(fd, n, &b, e))
			return -1;
	}
	return r;
}

static int put_file(struct job *j, const struct entry *n, struct err *e)
{
	auto_fd fd = tree_open(j->tree, n->path, &n->node, e);

	if (fd < 0 || write_data(j, fd, n, e) || put_xattrs(j, fd, n, e))
		return -1;
	return tree_close(TAKE_FD(fd), n->path, n->size, &n->node, e);
}

static int put_directory(struct job *j, const struct entry *n, struct err *e)
{
	auto_fd fd = -1;

	if (*n->path ? tree_directory(j->tree, n->path, &n->node, e)
		     : tree_root(j->tree, &n->node, e))
		return -1;
	if (!archive_entry_xattr_count(n->from))
		return 0;
	fd = tree_reopen(j->tree, n->path, e);
	return fd < 0 ? -1 : put_xattrs(j, fd, n, e);
}

static int put_symlink(struct job *j, const struct entry *n, struct err *e)
{
	const char *target = archive_entry_symlink(n->from);

	if (!target || !*target || strlen(target) > LAYER_PATH_MAX)
		return err_set(e, ERR_INPUT,
			       "layer entry \"%s\": a symlink without a "
			       "target, or with one of more than %d bytes",
			       SHOW(n->path), LAYER_PATH_MAX);
	if (put_xattrs(j, -1, n, e))
		return -1;
	return tree_symlink(j->tree, n->path, target, &n->node, e);
}

static int put_link(struct job *j, const struct entry *n, struct err *e)
{
	char target[LAYER_PATH_MAX + 1];
	struct block b;
	int r;

	if (layer_link(n->link, target, e) < 0)
		return err_prefix(e, "layer entry \"%s\"", SHOW(n->path));
	r = n->size ? 1 : stream_block(j->stream, &b, e);
	if (r < 0)
		return -1;
	if (r > 0)
		return err_set(e, ERR_INPUT,
			       "layer entry \"%s\": a hard link with data",
			       SHOW(n->path));
	return tree_link(j->tree, n->path, target, e);
}

static int drop_device(struct job *j, const struct entry *n, struct err *e)
{
	j->dropped.devices++;
	return tree_absent(j->tree, n->path, e);
}

static int drop_fifo(struct job *j, const struct entry *n, struct err *e)
{
	j->dropped.fifos++;
	return tree_absent(j->tree, n->path, e);
}

static int drop_socket(struct job *j, const struct entry *n, struct err *e)
{
	j->dropped.sockets++;
	return tree_absent(j->tree, n->path, e);
}

static const struct type {
	mode_t type;
	int (*put)(struct job *j, const struct entry *n, struct err *e);
} types[] = {
	{ S_IFREG, put_file },	   { S_IFDIR, put_directory },
	{ S_IFLNK, put_symlink },  { S_IFCHR, drop_device },
	{ S_IFBLK, drop_device },  { S_IFIFO, drop_fifo },
	{ S_IFSOCK, drop_socket },
};

/* ---- one entry ---- */

static int put_typed(struct job *j, const struct entry *n, struct err *e)
{
	mode_t type = archive_entry_filetype(n->from);

	if (n->link)
		return put_link(j, n, e);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type)
			return types[i].put(j, n, e);
	return err_set(e, ERR_INPUT, "layer entry \"%s\": unknown type 0%o",
		       SHOW(n->path), (unsigned)type);
}

static int put_entry(struct job *j, struct entry *n, struct err *e)
{
	const char *name = archive_entry_pathname(n->from);
	int what;

	if (!name)
		return err_set(e, ERR_INPUT,
			       "layer: an entry whose name is not UTF-8 "
			       "although it says so");
	what = layer_name(name, n->path, e);
	n->link = archive_entry_hardlink(n->from);
	if (what < 0)
		return -1;
	if (what == LAYER_IGNORE)
		return 0;
	if (what == LAYER_WHITEOUT)
		return tree_whiteout(j->tree, n->path, e);
	if (what == LAYER_OPAQUE)
		return tree_opaque(j->tree, n->path, e);
	if (what == LAYER_ROOT &&
	    (n->link || archive_entry_filetype(n->from) != S_IFDIR))
		return err_set(e, ERR_INPUT,
			       "layer: its root is not a directory");
	if (read_entry(j, n, e))
		return -1;
	return put_typed(j, n, e);
}

static int put_all(struct job *j, struct err *e)
{
	struct entry n;
	int r;

	while ((r = stream_next(j->stream, &n.from, e)) > 0) {
		memset(&n.node, 0, sizeof(n.node));
		if (count(&j->u->use->entries, 1, j->u->limits->entries,
			  "files", e) ||
		    put_entry(j, &n, e))
			return -1;
	}
	if (r < 0 || stream_drain(j->stream, e))
		return -1;
	return tree_finish(j->tree, e);
}

int unpack_layer(const struct unpack *u, struct unpack_dropped *ret,
		 struct err *e)
{
	AUTO(stream_done) struct stream stream = { .fd = -1 };
	AUTO(tree_done) struct tree tree;
	struct job j = { .u = u, .tree = &tree, .stream = &stream };

	tree_init(&tree, u->root, u->limits->uids == 0);
	if (stream_open(&stream, u->in, STREAM_TAR, e) || put_all(&j, e))
		return -1;
	*ret = j.dropped;
	return 0;
}
