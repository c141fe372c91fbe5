/*
 * pick_oci.c - images of an OCI layout: index.json, from there by digest.
 */
#include "store/pick.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"
#include "format/text.h"
#include "store/source.h"

#define NESTING_MAX 3 /* indexes within indexes */

/* A layer that the store has, blob and tree, is not copied out of an OCI
 * directory; an archive was read to its end anyway. */
static int get_layer(struct work *w, const struct descriptor *d,
		     struct pick_layer *l, struct err *e)
{
	struct staged s;
	int there = 0;

	if (w->oci >= 0) {
		there = work_ask(w, MSG_ASK_BLOB, d->digest, d->size, e);
		if (there > 0)
			there = work_ask(w, MSG_ASK_LAYER, l->diff_id, 0, e);
	}
	if (there)
		return there < 0 ? -1 : 0;
	if (source_blob(w, d, &s, e))
		return -1;
	return pick_check_layer(w, &s, l, e);
}

static int get_layers(struct work *w, const struct manifest *m,
		      struct pick_image *i, struct err *e)
{
	for (size_t k = 0; k < m->n_layers; k++)
		if (get_layer(w, &m->layers[k], &i->layers[k], e))
			return err_prefix(e, "layer %zu", k + 1);
	return 0;
}

static void take_layers(const struct manifest *m, struct pick_image *i)
{
	i->layers = xcalloc(m->n_layers, sizeof(*i->layers));
	i->n_layers = m->n_layers;
	for (size_t k = 0; k < m->n_layers; k++) {
		struct pick_layer *l = &i->layers[k];

		memcpy(l->digest, m->layers[k].digest, sizeof(l->digest));
		l->size = m->layers[k].size;
		l->compression = m->layers[k].compression;
	}
}

static void take_name(struct pick_image *i, const struct descriptor *d)
{
	const char *name = d->image_name ? d->image_name : d->ref_name;

	if (name && *name)
		strv_add(&i->names, name);
}

/* A manifest, and the entry of index.json that led to it. */
struct chosen {
	const struct descriptor *top, *d;
	const struct buf *text;
};

static int add_image(struct work *w, struct pick *p, const struct chosen *c,
		     struct err *e)
{
	const struct buf *text = c->text;
	AUTO(manifest_done) struct manifest m = { 0 };
	struct pick_image *i;
	struct staged config;

	if (manifest_parse(text->p ? text->p : "", text->len, &m, e))
		return -1;
	i = GROW(p->images, p->n);
	p->n++;
	memcpy(i->digest, c->d->digest, sizeof(i->digest));
	i->size = c->d->size;
	take_name(i, c->top);
	take_layers(&m, i);
	if (source_blob(w, &m.config, &config, e) ||
	    pick_config(w, i, &config, e))
		return -1;
	return get_layers(w, &m, i, e);
}

static bool is_index_type(const char *type)
{
	return strstr(type, ".index.v1") || strstr(type, ".list.v2");
}

static bool is_manifest_type(const char *type)
{
	return strstr(type, ".manifest.v1") || strstr(type, ".manifest.v2");
}

static int no_image(const struct work *w, const struct descriptor *top,
		    struct err *e)
{
	return err_set(
		e, ERR_INPUT, "image %s: there is none for linux/%s in it",
		top->ref_name ? SHOW(top->ref_name) : top->digest, w->arch);
}

/* From an entry of index.json down to one manifest. */
static int follow(struct work *w, struct pick *p, const struct descriptor *top,
		  struct err *e)
{
	AUTO(index_done) struct index index = { 0 };
	const struct descriptor *d = top;

	for (int depth = 0; depth <= NESTING_MAX; depth++) {
		AUTO(buf_done) struct buf text = BUF_INIT;
		struct index next = { 0 };
		struct staged s;
		int is;

		if (source_blob(w, d, &s, e) || source_read(w, &s, &text, e))
			return -1;
		is = manifest_is_index(text.p ? text.p : "", text.len, e);
		if (is < 0)
			return -1;
		if (is ? !is_index_type(d->media_type)
		       : !is_manifest_type(d->media_type))
			return err_set(
				e, ERR_INPUT,
				"manifest %s: its descriptor says \"%s\", "
				"which it is not",
				d->digest, SHOW(d->media_type));
		if (!is)
			return add_image(w, p,
					 &(struct chosen){ top, d, &text }, e);
		if (index_parse(text.p, text.len, &next, e))
			return -1;
		d = index_find(&next, "linux", w->arch);
		/* `top` is of the caller's index, d of this one from now on */
		index_done(&index);
		index = next;
		if (!d)
			return no_image(w, top, e);
	}
	return err_set(e, ERR_INPUT, "index.json: indexes nested too deep");
}

/* Made for another machine, or no image at all (an attestation). */
static bool is_foreign(const struct work *w, const struct descriptor *d)
{
	return (d->os && strcmp(d->os, "linux")) ||
	       (d->arch && strcmp(d->arch, w->arch));
}

int pick_oci(struct work *w, struct pick *p, struct err *e)
{
	AUTO(index_done) struct index index = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT;
	int r = source_document(w, "index.json", &text, e);

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_INPUT, "index.json: it is not in it");
	if (index_parse(text.p ? text.p : "", text.len, &index, e))
		return err_prefix(e, "index.json");
	for (size_t i = 0; i < index.n; i++) {
		const struct descriptor *d = &index.manifests[i];

		if (!is_foreign(w, d) && follow(w, p, d, e))
			return -1;
	}
	if (!p->n && index.n)
		return no_image(w, &index.manifests[0], e);
	return 0;
}
