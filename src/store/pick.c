/*
 * pick.c - which form an archive has, and what both forms have in common.
 *
 * Reads only documents whose digest was compared, by format/.
 */
#include "store/pick.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/path.h"
#include "base/strv.h"
#include "format/digest.h"
#include "format/image_config.h"
#include "format/text.h"
#include "store/blob.h"
#include "store/source.h"
#include "store/stream.h"

void pick_done(struct pick *p)
{
	for (size_t i = 0; i < p->n; i++) {
		strv_free(p->images[i].names);
		free(p->images[i].layers);
	}
	free(p->images);
	*p = (struct pick){ 0 };
}

static int take_diff_ids(struct pick_image *i, char *const *ids, struct err *e)
{
	if (strv_len(ids) != i->n_layers)
		return err_set(e, ERR_INPUT,
			       "image config: %zu diff_ids for %zu layers",
			       strv_len(ids), i->n_layers);
	for (size_t k = 0; k < i->n_layers; k++) {
		if (blob_check_digest(ids[k], "diff id", e))
			return -1;
		strcpy(i->layers[k].diff_id, ids[k]);
	}
	return 0;
}

int pick_config(struct work *w, struct pick_image *i,
		const struct staged *config, struct err *e)
{
	AUTO(image_config_done) struct image_config c = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (source_read(w, config, &b, e) ||
	    image_config_parse(b.p ? b.p : "", b.len, &c, e))
		return -1;
	snprintf(i->config, sizeof(i->config), "sha256:%s", config->hex);
	i->config_size = config->size;
	return take_diff_ids(i, c.diff_ids, e);
}

static const char *const compression_words[] = {
	[COMP_NONE] = "not compressed",
	[COMP_GZIP] = "gzip",
	[COMP_ZSTD] = "zstd",
};

int pick_check_layer(struct work *w, const struct staged *s,
		     struct pick_layer *l, struct err *e)
{
	auto_fd fd = path_open(w->blobs, s->hex, PATH_STRICT,
			       O_RDONLY | O_NOFOLLOW, 0);
	enum compression is;

	if (fd < 0)
		return err_sys(e, "open blob %s", s->hex);
	if (stream_sniff(fd, &is, e))
		return -1;
	if (is != l->compression)
		return err_set(e, ERR_INPUT,
			       "layer %s: its media type says %s, but it is %s",
			       l->digest, compression_words[l->compression],
			       compression_words[is]);
	l->staged = true;
	return 0;
}

/* ---- the form ---- */

static int check_layout(const struct buf *b, struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	const char *version;

	o = json_parse("oci-layout", b->p ? b->p : "", b->len, e);
	if (!o || json_get_str(o, "imageLayoutVersion", &version, e))
		return -1;
	if (!version || strncmp(version, "1.", 2))
		return err_set(e, ERR_INPUT,
			       "oci-layout: version \"%s\": only 1.x is known",
			       version ? SHOW(version) : "");
	return 0;
}

/* A newer `docker save` writes both forms; the OCI one says more. */
int pick_images(struct work *w, struct pick *ret, struct err *e)
{
	AUTO(buf_done) struct buf layout = BUF_INIT;
	AUTO(pick_done) struct pick p = { 0 };
	struct staged s;
	int oci, docker;

	oci = source_document(w, "oci-layout", &layout, e);
	docker = oci < 0 ? -1
			 : source_find(w, "manifest.json", MANIFEST_MAX, &s, e);
	if (docker < 0)
		return -1;
	if (!oci && !docker)
		return err_set(e, ERR_INPUT,
			       "neither oci-layout nor manifest.json is in "
			       "it: no image archive; a plain root filesystem "
			       "is loaded with `immure import`");
	if (oci ? check_layout(&layout, e) || pick_oci(w, &p, e)
		: pick_docker(w, &p, e))
		return -1;
	if (oci && docker && pick_docker_names(w, &p, e))
		return -1;
	*ret = p;
	p = (struct pick){ 0 };
	return 0;
}
