/*
 * remove.c - removes names of images, and images with their last name.
 *
 * The names go first (one write of the index); blobs and layers that nobody
 * needs any more after that.
 */
#include "store/store.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"
#include "format/ref.h"
#include "store/blob.h"
#include "store/gc.h"
#include "store/image.h"
#include "store/index.h"
#include "store/parts.h"
#include "store/staging.h"

/* "Untagged: busybox:latest" */
static void say_untagged(char ***said, const char *name)
{
	AUTO(ref_done) struct ref r = { 0 };
	auto_free char *familiar = NULL;

	if (!name)
		return;
	if (ref_parse(name, &r, NULL) == 0)
		familiar = ref_familiar(&r);
	strv_take(said, xasprintf("Untagged: %s", familiar ? familiar : name));
}

/* "Deleted: sha256:…": the id that docker shows, of the config. */
static char *deleted_text(struct store *s, const char *digest)
{
	AUTO(manifest_done) struct manifest m = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;

	/* a damaged image goes by the digest of its manifest */
	if (blob_read(s, digest, MANIFEST_MAX, &b, NULL) ||
	    manifest_parse(b.p ? b.p : "", b.len, &m, NULL))
		return xasprintf("Deleted: %s", digest);
	return xasprintf("Deleted: %s", m.config.digest);
}

static void take_names(struct store *s, struct index *index, size_t at,
		       bool all, char ***said)
{
	char digest[DIGEST_MAX];
	auto_free char *deleted = NULL;

	memcpy(digest, index->manifests[at].digest, sizeof(digest));
	deleted = deleted_text(s, digest);
	if (!all) {
		say_untagged(said, index->manifests[at].ref_name);
		index_take(index, at, false);
	}
	for (size_t k = index->n; all && k-- > 0;) {
		if (strcmp(index->manifests[k].digest, digest))
			continue;
		say_untagged(said, index->manifests[k].ref_name);
		index_take(index, k, false);
	}
	if (!index_count(index, digest))
		strv_take(said, TAKE(deleted));
}

static int remove_locked(struct store *s, const struct image_removal *what,
			 int to, char ***said, struct err *e)
{
	AUTO(index_done) struct index index = { 0 };
	auto_fd lock = store_lock(s, LOCK_EXCLUSIVE, e);
	struct gc_result ignored;
	struct lookup l;
	size_t n;

	if (lock < 0 || index_load(s, &index, e) ||
	    image_lookup(s, &index, what->name, &l, e))
		return -1;
	n = index_count(&index, index.manifests[l.at].digest);
	if (!l.named && n > 1 && !what->force)
		return err_set(e, ERR_CONFLICT,
			       "image %s: it has %zu names; name one, or use "
			       "--force to remove all",
			       what->name, n);
	take_names(s, &index, l.at, !l.named, said);
	if (index_save(s, &index, e))
		return -1;
	/* Another image that is damaged stops the collection, not this. */
	gc_take(s, &index, to, &ignored, NULL);
	return 0;
}

int store_image_remove(struct store *s, const struct host *h,
		       const struct image_removal *what, char ***removed,
		       struct err *e)
{
	AUTO(strv_free) char **said = NULL;
	AUTO(staging_done) struct staging g = { .dir = -1 };

	if (staging_new(s, &g, e))
		return -1;
	if (remove_locked(s, what, g.dir, &said, e)) {
		/* empty: nothing was moved; if not, the next sweep has it */
		staging_remove(s, h, g.name, NULL);
		return -1;
	}
	if (staging_remove(s, h, g.name, e))
		return -1;
	strv_foreach (line, said)
		strv_add(removed, *line);
	return 0;
}
