/*
 * publish.c - renames what was prepared into its place, then writes the
 * index. Every step can be done twice: it is repeated after a kill.
 *
 * Blobs and layers come before the index, so that an index never names what
 * is not there; and before the index is written each new image is read as a
 * later command would.
 */
#include "store/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "base/strv.h"
#include "format/digest.h"
#include "format/ref.h"
#include "store/blob.h"
#include "store/image.h"
#include "store/index.h"
#include "store/parts.h"
#include "store/staging.h"

#define COMMIT_MAX (8u << 20)
#define ITEMS_MAX  65536

static void set_done(struct publish_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->v[i].name);
	free(set->v);
	*set = (struct publish_set){ 0 };
}

void publish_done(struct publish *p)
{
	set_done(&p->blobs);
	set_done(&p->layers);
	set_done(&p->images);
}

static int check_name(const char *name, char **ret, struct err *e)
{
	AUTO(ref_done) struct ref r = { 0 };

	if (ref_parse(name, &r, e))
		return -1;
	free(r.digest); /* the image says itself what it is */
	r.digest = NULL;
	if (!r.tag)
		r.tag = xstrdup("latest");
	*ret = ref_print(&r);
	return 0;
}

int publish_add(struct publish_set *set, const char *digest, uint64_t size,
		const char *name, struct err *e)
{
	auto_free char *full = NULL;
	struct publish_item *item;

	if (blob_check_digest(digest, "digest", e))
		return -1;
	if (name && check_name(name, &full, e))
		return -1;
	if (set->n >= ITEMS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d blobs or layers",
			       ITEMS_MAX);
	item = GROW(set->v, set->n);
	set->n++;
	memcpy(item->digest, digest, strlen(digest) + 1);
	item->size = size;
	item->name = TAKE(full);
	return 0;
}

/* ---- the commit, as text: one line an item, "end" last ---- */

static const char *const kinds[] = { "blob", "layer", "image" };

static struct publish_set *set_of(struct publish *p, size_t kind)
{
	struct publish_set *const sets[] = { &p->blobs, &p->layers,
					     &p->images };

	return sets[kind];
}

static int write_commit(int dir, const struct publish *p, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct publish copy = *p;

	for (size_t k = 0; k < 3; k++) {
		const struct publish_set *set = set_of(&copy, k);

		for (size_t i = 0; i < set->n; i++)
			buf_printf(&b, "%s %s %llu %s\n", kinds[k],
				   set->v[i].digest,
				   (unsigned long long)set->v[i].size,
				   set->v[i].name ? set->v[i].name : "-");
	}
	buf_str(&b, "end\n");
	if (b.len > COMMIT_MAX)
		return err_set(e, ERR_LIMIT, "too many blobs for one load");
	return file_write_at(dir, COMMIT_FILE, b.p, b.len, e);
}

static int parse_line(const char *line, struct publish *p, struct err *e)
{
	AUTO(strv_free) char **w = strv_split(line, ' ');
	uint64_t size;

	if (strv_len(w) != 4 || num_u64(w[2], INT64_MAX, "size", &size, e))
		return err_set(e, ERR_INPUT, "bad line \"%.100s\"", line);
	for (size_t k = 0; k < 3; k++)
		if (!strcmp(w[0], kinds[k]))
			return publish_add(set_of(p, k), w[1], size,
					   strcmp(w[3], "-") ? w[3] : NULL, e);
	return err_set(e, ERR_INPUT, "bad word \"%.100s\"", w[0]);
}

static int read_commit(int dir, struct publish *p, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(strv_free) char **lines = NULL;

	if (file_read_at(dir, COMMIT_FILE, COMMIT_MAX, &b, e))
		return -1;
	lines = strv_split(b.p ? b.p : "", '\n');
	strv_foreach (line, lines) {
		if (!strcmp(*line, "end"))
			return 0;
		if (parse_line(*line, p, e))
			return -1;
	}
	return err_set(e, ERR_INPUT, "commit: no last line");
}

/* ---- the steps ---- */

static int sync_fd(int fd, const char *what, struct err *e)
{
	return fsync(fd) ? err_sys(e, "sync %s", what) : 0;
}

/* As root the worker is not us: the store's files are. */
static int take_over(int dir, const char *name, struct err *e)
{
	if (geteuid() == 0 && fchownat(dir, name, 0, 0, AT_SYMLINK_NOFOLLOW))
		return err_sys(e, "take over %s", name);
	return 0;
}

/* Moves from/name to to/name unless that is there; `type` is S_IFREG or
 * S_IFDIR. */
static int move(int from, int to, const char *name, mode_t type, struct err *e)
{
	struct stat st;

	if (fstatat(to, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (errno != ENOENT)
		return err_sys(e, "look for %s", name);
	if (from < 0 || fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW))
		return err_set(e, ERR_BUG, "publish %s: it is not there", name);
	if ((st.st_mode & S_IFMT) != type)
		return err_set(e, ERR_BUG, "publish %s: another type", name);
	if (take_over(from, name, e))
		return -1;
	if (renameat(from, name, to, name))
		return err_sys(e, "publish %s", name);
	return 0;
}

static int move_set(int from, int to, const struct publish_set *set,
		    mode_t type, struct err *e)
{
	for (size_t i = 0; i < set->n; i++)
		if (move(from, to, digest_hex(set->v[i].digest), type, e))
			return -1;
	return sync_fd(to, "the store", e);
}

/* Reads it as a later command will; a layer that was there when the load
 * began may have been removed since. */
static int check_image(struct store *s, const struct descriptor *d,
		       struct err *e)
{
	AUTO(image_free) struct image *i = image_load(s, d, e);

	return i ? 0 : err_prefix(e, "loaded image");
}

static int write_index(struct store *s, const struct publish_set *images,
		       struct err *e)
{
	AUTO(index_done) struct index index = { 0 };

	if (index_load(s, &index, e))
		return -1;
	for (size_t i = 0; i < images->n; i++) {
		const struct publish_item *item = &images->v[i];
		struct descriptor d = { .size = item->size };
		auto_free char *type = NULL;

		memcpy(d.digest, item->digest, sizeof(d.digest));
		if (image_media_type(s, d.digest, &type, e) ||
		    check_image(s, &d, e))
			return -1;
		d.media_type = type;
		index_put(&index, item->name, &d);
	}
	return index_save(s, &index, e);
}

/* Under the store's lock. */
static int complete(struct store *s, int dir, const struct publish *p,
		    struct err *e)
{
	/* not there (-1): everything was moved before a kill */
	auto_fd blobs = file_open_dir(dir, STAGING_BLOBS, false, NULL);
	auto_fd layers = file_open_dir(dir, STAGING_LAYERS, false, NULL);

	if (move_set(layers, s->layers, &p->layers, S_IFDIR, e) ||
	    move_set(blobs, s->blobs, &p->blobs, S_IFREG, e) ||
	    write_index(s, &p->images, e))
		return -1;
	if (unlinkat(dir, COMMIT_FILE, 0) && errno != ENOENT)
		return err_sys(e, "remove the commit");
	return 0;
}

int publish_all(struct store *s, int dir, const struct publish *p,
		struct err *e)
{
	auto_fd lock = -1;
	int r;

	/* everything below must be on disk before a name leads there */
	if (syncfs(dir))
		return err_sys(e, "write the image to disk");
	lock = store_lock(s, LOCK_EXCLUSIVE, e);
	if (lock < 0 || write_commit(dir, p, e))
		return -1;
	r = complete(s, dir, p, e);
	if (r < 0)
		/* refused: nobody shall complete it (ENOENT: done above) */
		unlinkat(dir, COMMIT_FILE, 0);
	return r;
}

static void recover_one(struct store *s, const char *name)
{
	AUTO(publish_done) struct publish p = { 0 };
	auto_fd dir = staging_claim(s, name);
	struct err why = ERR_INIT;
	struct stat st;

	if (dir < 0 || fstatat(dir, COMMIT_FILE, &st, AT_SYMLINK_NOFOLLOW))
		return; /* at work, or nothing to complete */
	if (read_commit(dir, &p, &why) == 0 && complete(s, dir, &p, &why) == 0)
		return;
	/* What cannot be completed is no reason to refuse every command. A
	 * full disk may have room later; the rest is left for the sweep. A
	 * second failure here changes nothing. */
	if (why.kind != ERR_SYS)
		unlinkat(dir, COMMIT_FILE, 0);
}

int publish_recover(struct store *s, struct err *e)
{
	auto_fd tmp = file_open_dir(s->dir, PART_TMP, false, e);
	AUTO(strv_free) char **names = NULL;
	auto_fd lock = -1;

	if (tmp < 0 || staging_list(tmp, PART_TMP, &names, e))
		return -1;
	if (!names)
		return 0;
	lock = lock_open_at(s->dir, "lock", LOCK_TRY_EXCLUSIVE, NULL);
	if (lock < 0)
		return 0; /* somebody works: who comes after it will do it */
	strv_foreach (name, names)
		recover_one(s, *name);
	return 0;
}
