/*
 * index.c - reads, changes and writes index.json. Knows nothing of blobs.
 */
#include "store/index.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"

#define REF_NAME "org.opencontainers.image.ref.name"

static void row_done(struct descriptor *d)
{
	free(d->media_type);
	free(d->os);
	free(d->arch);
	free(d->variant);
	free(d->ref_name);
	free(d->image_name);
}

int index_load(struct store *s, struct index *ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (file_read_at(s->dir, INDEX_FILE, MANIFEST_MAX, &b, e) ||
	    index_parse(b.p ? b.p : "", b.len, ret, e))
		return err_prefix(e, "store %s", s->path);
	return 0;
}

static void print_row(struct json_out *j, const struct descriptor *d)
{
	json_out_obj(j, NULL);
	json_out_str(j, "mediaType", d->media_type);
	json_out_str(j, "digest", d->digest);
	json_out_u64(j, "size", d->size);
	if (d->ref_name) {
		json_out_obj(j, "annotations");
		json_out_str(j, REF_NAME, d->ref_name);
		json_out_obj_end(j);
	}
	json_out_obj_end(j);
}

int index_save(struct store *s, const struct index *i, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, true);
	json_out_obj(&j, NULL);
	json_out_u64(&j, "schemaVersion", 2);
	json_out_str(&j, "mediaType",
		     "application/vnd.oci.image.index.v1+json");
	json_out_array(&j, "manifests");
	for (size_t k = 0; k < i->n; k++)
		print_row(&j, &i->manifests[k]);
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(&b, '\n');
	if (b.len > MANIFEST_MAX)
		return err_set(e, ERR_LIMIT,
			       "store: index.json would be larger than %u "
			       "bytes; remove images (`immure rmi`)",
			       MANIFEST_MAX);
	return file_write_at(s->dir, INDEX_FILE, b.p, b.len, e);
}

size_t index_count(const struct index *i, const char *digest)
{
	size_t n = 0;

	for (size_t k = 0; k < i->n; k++)
		n += !strcmp(i->manifests[k].digest, digest);
	return n;
}

static void remove_row(struct index *i, size_t at)
{
	row_done(&i->manifests[at]);
	memmove(&i->manifests[at], &i->manifests[at + 1],
		(i->n - at - 1) * sizeof(*i->manifests));
	i->n--;
}

void index_take(struct index *i, size_t at, bool keep)
{
	struct descriptor *d = &i->manifests[at];

	if (!keep || index_count(i, d->digest) > 1) {
		remove_row(i, at);
		return;
	}
	free(d->ref_name);
	d->ref_name = NULL;
}

static void add_row(struct index *i, const char *name,
		    const struct descriptor *d)
{
	struct descriptor *row = GROW(i->manifests, i->n);

	i->n++;
	row->media_type = xstrdup(d->media_type);
	memcpy(row->digest, d->digest, sizeof(row->digest));
	row->size = d->size;
	row->ref_name = xstrdup(name);
}

void index_put(struct index *i, const char *name, const struct descriptor *d)
{
	for (size_t k = 0; name && k < i->n; k++) {
		const char *has = i->manifests[k].ref_name;

		if (!has || strcmp(has, name))
			continue;
		if (!strcmp(i->manifests[k].digest, d->digest))
			return;
		index_take(i, k, true);
		break;
	}
	if (!name) {
		if (!index_count(i, d->digest))
			add_row(i, NULL, d);
		return;
	}
	for (size_t k = 0; k < i->n; k++) {
		if (i->manifests[k].ref_name ||
		    strcmp(i->manifests[k].digest, d->digest))
			continue;
		remove_row(i, k); /* it has a name now */
		break;
	}
	add_row(i, name, d);
}
