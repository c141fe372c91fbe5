/*
 * image.c - finds images and reads them. Changes nothing.
 *
 * Of layers that hide everything below them, and of layers that appear
 * twice, only what an overlay needs is listed (usable_layers).
 */
#include "store/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/path.h"
#include "format/digest.h"
#include "format/image_config.h"
#include "format/ref.h"
#include "store/blob.h"
#include "store/index.h"
#include "store/parts.h"
#include "store/rootfs.h"

#define OPAQUE_XATTR "user.overlay.opaque"

/* ---- one image ---- */

int image_media_type(struct store *s, const char *digest, char **ret,
		     struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(json_free) struct json_object *o = NULL;
	const char *type;

	if (blob_read(s, digest, MANIFEST_MAX, &b, e))
		return -1;
	o = json_parse("manifest", b.p ? b.p : "", b.len, e);
	if (!o || json_get_str(o, "mediaType", &type, e))
		return -1;
	*ret = xstrdup(type ? type
			    : "application/vnd.oci.image.manifest.v1+json");
	return 0;
}

static int open_layer(struct store *s, const char *diff_id, struct err *e)
{
	auto_free char *path = xasprintf("%s/" LAYER_TREE, digest_hex(diff_id));
	int fd = path_open(s->layers, path, PATH_STRICT, O_PATH | O_DIRECTORY,
			   0);

	if (fd < 0 && errno == ENOENT)
		return err_set(e, ERR_MISSING,
			       "layer %s: it is not unpacked here; load the "
			       "image again",
			       diff_id);
	if (fd < 0)
		return err_sys(e, "open layer %s", diff_id);
	return fd;
}

static int add_layer(struct store *s, struct image *i, const char *diff_id,
		     struct err *e)
{
	struct image_layer *l;
	auto_fd fd = -1;
	struct stat st;

	if (blob_check_digest(diff_id, "diff id", e))
		return -1;
	fd = open_layer(s, diff_id, e);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st))
		return err_sys(e, "stat layer %s", diff_id);
	l = &i->layers[i->n_layers++];
	memcpy(l->diff_id, diff_id, strlen(diff_id) + 1);
	l->path = xasprintf("%s/" PART_LAYERS "/%s/" LAYER_TREE, s->path,
			    digest_hex(diff_id));
	l->id = (struct object_id){ st.st_dev, st.st_ino };
	l->owner = st.st_uid;
	return 0;
}

/* overlayfs does not look at the mark on the root of a layer. */
static bool root_is_opaque(const struct image_layer *l)
{
	char value[2];

	/* any error: a directory that is not ours to read, or no mark */
	return lgetxattr(l->path, OPAQUE_XATTR, value, sizeof(value)) == 1 &&
	       value[0] == 'y';
}

/* The same tree cannot be in one overlay twice; of two only the upper can be
 * seen: it sets and hides the same names. */
static bool is_above(const char *diff_id, char *const *rest)
{
	for (char *const *p = rest; *p; p++)
		if (!strcmp(*p, diff_id))
			return true;
	return false;
}

static int usable_layers(struct store *s, struct image *i, struct err *e)
{
	char **ids = i->config.diff_ids;
	size_t n = 0;

	while (ids[n])
		n++;
	i->layers = xcalloc(n ? n : 1, sizeof(*i->layers));
	for (size_t k = 0; k < n; k++) {
		if (is_above(ids[k], ids + k + 1))
			continue;
		if (add_layer(s, i, ids[k], e))
			return -1;
		if (!root_is_opaque(&i->layers[i->n_layers - 1]))
			continue;
		while (i->n_layers > 1) {
			free(i->layers[0].path);
			memmove(&i->layers[0], &i->layers[1],
				--i->n_layers * sizeof(*i->layers));
		}
	}
	return 0;
}

static int read_config(struct store *s, const struct manifest *m,
		       struct image *i, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	size_t n = 0;

	if (blob_read(s, m->config.digest, MANIFEST_MAX, &b, e) ||
	    image_config_parse(b.p ? b.p : "", b.len, &i->config, e))
		return -1;
	while (i->config.diff_ids && i->config.diff_ids[n])
		n++;
	if (n != m->n_layers || n == 0)
		return err_set(e, ERR_INPUT,
			       "image config: %zu diff_ids for %zu layers", n,
			       m->n_layers);
	memcpy(i->config_digest, m->config.digest, sizeof(i->config_digest));
	return 0;
}

static int read_manifest(struct store *s, const struct descriptor *d,
			 struct manifest *ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (blob_read(s, d->digest, MANIFEST_MAX, &b, e))
		return -1;
	return manifest_parse(b.p ? b.p : "", b.len, ret, e);
}

static int fill(struct store *s, const struct descriptor *d, struct image *i,
		struct err *e)
{
	AUTO(manifest_done) struct manifest m = { 0 };

	memcpy(i->digest, d->digest, sizeof(i->digest));
	i->name = xstrdup(d->ref_name ? d->ref_name : "");
	if (read_manifest(s, d, &m, e) || read_config(s, &m, i, e))
		return -1;
	for (size_t k = 0; k < m.n_layers; k++)
		i->size += m.layers[k].size;
	return usable_layers(s, i, e);
}

struct image *image_load(struct store *s, const struct descriptor *d,
			 struct err *e)
{
	AUTO(image_free) struct image *i = xcalloc(1, sizeof(*i));

	if (fill(s, d, i, e)) {
		err_prefix(e, "image %s",
			   d->ref_name ? d->ref_name : d->digest);
		return NULL;
	}
	return TAKE(i);
}

/* ---- which one ---- */

static bool has_prefix(const char *digest, const char *hex)
{
	return !strncmp(digest_hex(digest), hex, strlen(hex));
}

/* A damaged image has no config digest: it can be named by its own. */
static void config_digest(struct store *s, const struct descriptor *d,
			  char ret[DIGEST_MAX])
{
	AUTO(manifest_done) struct manifest m = { 0 };

	ret[0] = '\0';
	if (read_manifest(s, d, &m, NULL) == 0)
		memcpy(ret, m.config.digest, DIGEST_MAX);
}

static int find_by_hex(struct store *s, const struct index *i, const char *hex,
		       size_t *ret, struct err *e)
{
	size_t found = i->n;

	for (size_t k = 0; k < i->n; k++) {
		char config[DIGEST_MAX];

		config_digest(s, &i->manifests[k], config);
		if (!has_prefix(i->manifests[k].digest, hex) &&
		    (!*config || !has_prefix(config, hex)))
			continue;
		if (found < i->n &&
		    strcmp(i->manifests[found].digest, i->manifests[k].digest))
			return err_set(e, ERR_CONFLICT,
				       "image %s: more than one id begins "
				       "so; give more of it",
				       hex);
		if (found == i->n)
			found = k;
	}
	if (found == i->n)
		return err_set(e, ERR_MISSING, "image %s: no such image", hex);
	*ret = found;
	return 0;
}

/* With a digest that decides (R14's "digest wins"). */
static bool has_row(const struct index *i, const struct ref *r, size_t *ret)
{
	auto_free char *full = ref_print(r);

	for (size_t k = 0; k < i->n; k++) {
		const struct descriptor *d = &i->manifests[k];

		if (r->digest ? !strcmp(d->digest, r->digest)
			      : d->ref_name && !strcmp(d->ref_name, full)) {
			*ret = k;
			return true;
		}
	}
	return false;
}

/* By its full name; a short one that docker.io has not is looked for among
 * podman's own, which it calls localhost/NAME. */
static int find_by_name(const struct index *i, const char *name, size_t *ret,
			struct err *e)
{
	AUTO(ref_done) struct ref r = { 0 }, local = { 0 };
	auto_free char *full = NULL, *here = NULL;

	if (ref_parse(name, &r, e))
		return -1;
	if (has_row(i, &r, ret))
		return 0;
	here = xasprintf("localhost/%s", name);
	if (!strcmp(r.host, "docker.io") &&
	    strncmp(name, "docker.io/", strlen("docker.io/")) &&
	    ref_parse(here, &local, NULL) == 0 && has_row(i, &local, ret))
		return 0;
	full = ref_print(&r);
	return err_set(e, ERR_MISSING,
		       "image %s: no such image; see `immure images`, or load "
		       "one with `immure load`",
		       full);
}

static bool is_hex(const char *s)
{
	size_t n = strspn(s, "0123456789abcdef");

	return !s[n] && n >= 2 && n <= 64;
}

int image_lookup(struct store *s, const struct index *i, const char *name,
		 struct lookup *ret, struct err *e)
{
	struct err by_hex = ERR_INIT;
	bool digest = digest_is_valid(name);

	ret->named = false;
	if (digest)
		return find_by_hex(s, i, digest_hex(name), &ret->at, e);
	if (find_by_name(i, name, &ret->at, e) == 0) {
		ret->named = !strchr(name, '@');
		return 0;
	}
	if (!is_hex(name))
		return -1;
	if (find_by_hex(s, i, name, &ret->at, &by_hex) == 0)
		return 0;
	/* for a word that may be both, "no such image" says it by name */
	if (e && (by_hex.kind != ERR_MISSING || strlen(name) == 64))
		*e = by_hex;
	return -1;
}

/* ---- the contract of store.h ---- */

static int check_arch(const struct image *i, const char *arch, struct err *e)
{
	const struct image_config *c = &i->config;

	if (c->os && *c->os && strcmp(c->os, "linux"))
		return err_set(e, ERR_NOEXEC,
			       "image %s: it is for %s, not for linux",
			       *i->name ? i->name : i->digest, c->os);
	if (arch && c->arch && *c->arch && strcmp(c->arch, arch))
		return err_set(e, ERR_NOEXEC,
			       "image %s: it is for %s, and this machine is "
			       "%s; load the image for %s",
			       *i->name ? i->name : i->digest, c->arch, arch,
			       arch);
	return 0;
}

struct image *store_image_find(struct store *s, const char *name,
			       const char *arch, struct err *e)
{
	AUTO(image_free) struct image *i = NULL;
	AUTO(index_done) struct index index = { 0 };
	auto_fd lock = store_lock(s, LOCK_SHARED, e);
	struct lookup l;

	if (lock < 0 || index_load(s, &index, e) ||
	    image_lookup(s, &index, name, &l, e))
		return NULL;
	i = image_load(s, &index.manifests[l.at], e);
	if (!i || check_arch(i, arch, e))
		return NULL;
	i->passwd = rootfs_read(i, "passwd");
	i->group = rootfs_read(i, "group");
	return TAKE(i);
}

static int by_created(const void *a, const void *b)
{
	const struct image *x = *(struct image *const *)a;
	const struct image *y = *(struct image *const *)b;
	const char *cx = x->config.created ? x->config.created : "";
	const char *cy = y->config.created ? y->config.created : "";
	int r = strcmp(cy, cx);

	return r ? r : strcmp(x->name, y->name);
}

int store_image_list(struct store *s, struct image ***ret, size_t *ret_n,
		     struct err *e)
{
	AUTO(index_done) struct index index = { 0 };
	auto_fd lock = store_lock(s, LOCK_SHARED, e);
	struct image **v;
	size_t n = 0;

	if (lock < 0 || index_load(s, &index, e))
		return -1;
	v = xcalloc(index.n + 1, sizeof(struct image *));
	for (; n < index.n; n++) {
		v[n] = image_load(s, &index.manifests[n], e);
		if (v[n])
			continue;
		while (n)
			image_free(v[--n]);
		free(v);
		return -1;
	}
	qsort(v, n, sizeof(struct image *), by_created);
	*ret = v;
	*ret_n = n;
	return 0;
}
