/*
 * deliver.c - from an archive to a list of what is to be published: which
 * layers must be unpacked, which are there already, what everything is
 * called. Inside immure-image; it publishes nothing itself.
 */
#include "store/deliver.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/path.h"
#include "base/strv.h"
#include "format/digest.h"
#include "format/text.h"
#include "store/apply.h"
#include "store/intake.h"
#include "store/pick.h"
#include "store/source.h"
#include "store/stream.h"

/* The layers that are to be unpacked, each once. */
struct jobs {
	struct apply_layer *v;
	size_t n;
};

/* Is a layer of this diff id there, or will it be? */
static int is_there(struct work *w, const struct jobs *j,
		    const struct pick_layer *l, struct err *e)
{
	const char *hex = digest_hex(l->diff_id);

	for (size_t i = 0; i < j->n; i++)
		if (!strcmp(j->v[i].diff_hex, hex))
			return 1;
	return work_ask(w, MSG_ASK_LAYER, l->diff_id, 0, e);
}

static bool is_job(const struct jobs *j, const struct pick_layer *l)
{
	for (size_t i = 0; i < j->n; i++)
		if (!strcmp(j->v[i].diff_hex, digest_hex(l->diff_id)) &&
		    !strcmp(j->v[i].hex, digest_hex(l->digest)))
			return true;
	return false;
}

/* A layer that is there already is not unpacked again; but that a blob which
 * is new here has that diff id must be seen all the same. */
static int add_job(struct work *w, struct jobs *j, const struct pick_layer *l,
		   struct err *e)
{
	struct apply_layer *a;
	int there, known;

	if (is_job(j, l))
		return 0;
	there = is_there(w, j, l, e);
	if (there < 0)
		return -1;
	if (there && l->compression == COMP_NONE)
		return 0; /* compared below */
	known = there ? work_ask(w, MSG_ASK_BLOB, l->digest, l->size, e) : 0;
	if (known)
		return known < 0 ? -1 : 0;
	a = GROW(j->v, j->n);
	j->n++;
	memcpy(a->hex, digest_hex(l->digest), sizeof(a->hex));
	memcpy(a->diff_hex, digest_hex(l->diff_id), sizeof(a->diff_hex));
	a->size = l->size;
	a->compression = l->compression;
	a->check_only = there;
	return 0;
}

/* An uncompressed blob is its own diff id. */
static int check_plain(const struct pick_layer *l, struct err *e)
{
	if (l->compression != COMP_NONE || !strcmp(l->digest, l->diff_id))
		return 0;
	return err_set(e, ERR_INPUT,
		       "layer %s: the image config says %s: it was tampered "
		       "with",
		       l->digest, l->diff_id);
}

static int add_jobs(struct work *w, struct jobs *j, const struct pick *p,
		    struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->images[i].n_layers; k++) {
			const struct pick_layer *l = &p->images[i].layers[k];

			if (check_plain(l, e) || add_job(w, j, l, e))
				return -1;
		}
	}
	return 0;
}

static int say_name(struct work *w, const struct pick_image *i,
		    const char *name, struct err *e)
{
	struct msg m = { .what = MSG_IMAGE, .size = i->size };

	memcpy(m.digest, i->digest, sizeof(m.digest));
	if (strlen(name) >= sizeof(m.text))
		return err_set(e, ERR_INPUT, "image name \"%s\": too long",
			       SHOW(name));
	strcpy(m.text, name);
	return msg_send(w->sock, &m, e);
}

static int say_image(struct work *w, const struct pick_image *i, struct err *e)
{
	for (size_t k = 0; k < i->n_layers; k++) {
		const struct pick_layer *l = &i->layers[k];

		if (l->staged &&
		    work_say_digest(w, MSG_BLOB, l->digest, l->size, e))
			return -1;
	}
	if (work_say_digest(w, MSG_BLOB, i->config, i->config_size, e) ||
	    work_say_digest(w, MSG_BLOB, i->digest, i->size, e))
		return -1;
	if (!i->names)
		return say_name(w, i, "", e);
	strv_foreach (name, i->names)
		if (say_name(w, i, *name, e))
			return -1;
	return 0;
}

static int say_all(struct work *w, const struct jobs *j, const struct pick *p,
		   struct err *e)
{
	char digest[DIGEST_MAX];

	for (size_t i = 0; i < j->n; i++) {
		snprintf(digest, sizeof(digest), "sha256:%s", j->v[i].diff_hex);
		if (!j->v[i].check_only &&
		    work_say_digest(w, MSG_LAYER, digest, 0, e))
			return -1;
	}
	for (size_t i = 0; i < p->n; i++)
		if (say_image(w, &p->images[i], e))
			return -1;
	return work_say(w, MSG_DONE, "", e);
}

/* ---- import ---- */

/* A config for a root filesystem of one layer. */
static int make_config(struct work *w, const char *diff_id, struct staged *ret,
		       struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	char *ids[] = { xstrdup(diff_id), NULL };
	time_t now = time(NULL);
	char created[32];
	struct json_out j;
	struct tm tm;

	strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ",
		 gmtime_r(&now, &tm));
	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "created", created);
	json_out_str(&j, "architecture", w->arch);
	json_out_str(&j, "os", "linux");
	json_out_obj(&j, "config");
	json_out_obj_end(&j);
	json_out_obj(&j, "rootfs");
	json_out_str(&j, "type", "layers");
	json_out_strv(&j, "diff_ids", ids);
	json_out_obj_end(&j);
	json_out_obj_end(&j);
	free(ids[0]);
	return source_write(w, &b, ret, e);
}

static int import_layer(struct work *w, struct apply_layer *a, struct err *e)
{
	auto_fd fd = -1;
	struct staged s = { 0 };

	if (intake_copy(w, w->in, w->limits.bytes, &s, e))
		return -1;
	fd = path_open(w->blobs, s.hex, PATH_STRICT, O_RDONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return err_sys(e, "open blob %s", s.hex);
	memcpy(a->hex, s.hex, sizeof(a->hex));
	a->size = s.size;
	return stream_sniff(fd, &a->compression, e);
}

int deliver_import(struct work *w, struct err *e)
{
	AUTO(pick_done) struct pick p = { 0 };
	struct apply_layer a = { 0 };
	struct jobs j = { &a, 1 };
	struct staged config;
	struct pick_image *i;

	if (import_layer(w, &a, e) || apply_layers(w, &a, 1, e))
		return -1;
	i = GROW(p.images, p.n);
	p.n++;
	i->layers = xcalloc(1, sizeof(*i->layers));
	i->n_layers = 1;
	i->layers[0].staged = true;
	i->layers[0].size = a.size;
	i->layers[0].compression = a.compression;
	snprintf(i->layers[0].digest, DIGEST_MAX, "sha256:%s", a.hex);
	snprintf(i->layers[0].diff_id, DIGEST_MAX, "sha256:%s", a.diff_hex);
	if (make_config(w, i->layers[0].diff_id, &config, e) ||
	    pick_config(w, i, &config, e) || pick_write_manifest(w, i, e))
		return -1;
	return say_all(w, &j, &p, e);
}

int deliver_load(struct work *w, struct err *e)
{
	AUTO(pick_done) struct pick p = { 0 };
	struct jobs j = { 0 };
	int r;

	if (w->oci < 0 && intake_archive(w, e))
		return -1;
	r = pick_images(w, &p, e);
	if (r == 0)
		r = add_jobs(w, &j, &p, e);
	if (r == 0)
		r = apply_layers(w, j.v, j.n, e);
	if (r == 0)
		r = say_all(w, &j, &p, e);
	free(j.v);
	return r;
}
