/*
 * gc.c - finds what the index does not lead to, and removes it.
 *
 * An image that cannot be read stops it: what such an image needs is not
 * known. Layers of running containers (hold.c) and of kept ones (container.c)
 * stay.
 */
#include "store/gc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/strv.h"
#include "format/digest.h"
#include "format/image_config.h"
#include "store/blob.h"
#include "store/container.h"
#include "store/hold.h"
#include "store/index.h"
#include "store/parts.h"
#include "store/staging.h"

struct needed {
	char **blobs, **layers; /* hex, sorted */
	char **unmade;		/* containers that never came to be */
};

static void needed_done(struct needed *n)
{
	strv_free(n->blobs);
	strv_free(n->layers);
	strv_free(n->unmade);
}
DEFINE_AUTO_DONE(struct needed, needed_done);

static int need_config(struct store *s, const char *digest, struct needed *n,
		       struct err *e)
{
	AUTO(image_config_done) struct image_config c = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (blob_read(s, digest, MANIFEST_MAX, &b, e) ||
	    image_config_parse(b.p ? b.p : "", b.len, &c, e))
		return -1;
	strv_foreach (id, c.diff_ids)
		strv_add(&n->layers, digest_hex(*id));
	return 0;
}

static int need_image(struct store *s, const char *digest, struct needed *n,
		      struct err *e)
{
	AUTO(manifest_done) struct manifest m = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (blob_read(s, digest, MANIFEST_MAX, &b, e) ||
	    manifest_parse(b.p ? b.p : "", b.len, &m, e) ||
	    need_config(s, m.config.digest, n, e))
		return -1;
	strv_add(&n->blobs, digest_hex(digest));
	strv_add(&n->blobs, digest_hex(m.config.digest));
	for (size_t i = 0; i < m.n_layers; i++)
		strv_add(&n->blobs, digest_hex(m.layers[i].digest));
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(char **v)
{
	if (v)
		qsort(v, strv_len(v), sizeof(char *), by_text);
}

static bool has(char **v, const char *hex)
{
	return v && bsearch(&hex, v, strv_len(v), sizeof(char *), by_text);
}

static int need_all(struct store *s, const struct index *index,
		    struct needed *n, struct err *e)
{
	if (hold_list(s, &n->layers, e) ||
	    container_needs(s, &n->layers, &n->unmade, e))
		return -1;
	for (size_t i = 0; i < index->n; i++) {
		const struct descriptor *d = &index->manifests[i];

		if (need_image(s, d->digest, n, e))
			return err_prefix(e,
					  "image %s is damaged (remove it "
					  "with `immure rmi`)",
					  d->ref_name ? d->ref_name
						      : d->digest);
	}
	sort(n->blobs);
	sort(n->layers);
	return 0;
}

static int take_blobs(struct store *s, const struct needed *n, bool dry,
		      struct gc_result *r, struct err *e)
{
	AUTO(strv_free) char **names = NULL;
	struct stat st;

	if (staging_list(s->blobs, "blobs", &names, e))
		return -1;
	strv_foreach (name, names) {
		if (has(n->blobs, *name) ||
		    fstatat(s->blobs, *name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (!dry && unlinkat(s->blobs, *name, 0))
			return err_sys(e, "remove blob %s", *name);
		r->blobs++;
		r->bytes += (uint64_t)st.st_blocks * 512;
	}
	return 0;
}

static int take_layers(struct store *s, const struct needed *n, int to,
		       struct gc_result *r, struct err *e)
{
	AUTO(strv_free) char **names = NULL;

	if (staging_list(s->layers, PART_LAYERS, &names, e))
		return -1;
	strv_foreach (name, names) {
		if (has(n->layers, *name))
			continue;
		if (to >= 0 && renameat(s->layers, *name, to, *name))
			return err_sys(e, "move layer %s away", *name);
		r->layers++;
	}
	return 0;
}

/* Names that file_write_at was killed over; it writes here only under the
 * lock that we hold. */
static int take_temporaries(struct store *s, bool dry, struct gc_result *r,
			    struct err *e)
{
	AUTO(strv_free) char **names = NULL;

	if (staging_list(s->dir, "the store", &names, e))
		return -1;
	strv_foreach (name, names) {
		if (strncmp(*name, ".tmp-", 5))
			continue;
		if (!dry && unlinkat(s->dir, *name, 0))
			return err_sys(e, "remove %s", *name);
		r->temporaries++;
	}
	return 0;
}

/* What a killed command left where containers are. */
static int take_unmade(struct store *s, const struct needed *n, int to,
		       struct gc_result *r, struct err *e)
{
	auto_fd all = file_open_dir(s->dir, PART_CONTAINERS, true, e);

	if (all < 0)
		return -1;
	strv_foreach (id, n->unmade) {
		if (to >= 0 && renameat(all, *id, to, *id))
			return err_sys(e, "move container %s away", *id);
		r->temporaries++;
	}
	return 0;
}

int gc_take(struct store *s, const struct index *index, int to,
	    struct gc_result *ret, struct err *e)
{
	AUTO(needed_done) struct needed n = { 0 };
	struct gc_result r = { 0 };

	if (need_all(s, index, &n, e) || take_blobs(s, &n, to < 0, &r, e) ||
	    take_layers(s, &n, to, &r, e) || take_unmade(s, &n, to, &r, e) ||
	    take_temporaries(s, to < 0, &r, e))
		return -1;
	*ret = r;
	return 0;
}

static int collect(struct store *s, int to, struct gc_result *ret,
		   struct err *e)
{
	AUTO(index_done) struct index index = { 0 };
	auto_fd lock = store_lock(s, LOCK_EXCLUSIVE, e);

	if (lock < 0 || index_load(s, &index, e))
		return -1;
	return gc_take(s, &index, to, ret, e);
}

int store_gc(struct store *s, const struct host *h, bool dry_run,
	     struct gc_result *ret, struct err *e)
{
	AUTO(staging_done) struct staging g = { .dir = -1 };
	struct gc_result r = { 0 };
	size_t swept = 0;

	if (dry_run)
		return collect(s, -1, ret, e);
	if (staging_sweep(s, h, &swept, e) || staging_new(s, &g, e))
		return -1;
	/* after a failure here the next sweep removes what was moved */
	if (collect(s, g.dir, &r, e) || staging_remove(s, h, g.name, e))
		return -1;
	r.temporaries += swept;
	*ret = r;
	return 0;
}
