/*
 * resolve.c - request (+ image) -> spec, part by part. Pure.
 */
#include "plan/resolve.h"

#include <string.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/strv.h"
#include "plan/resolve_parts.h"

int resolve_word(const char *value, const char *const *words, const char *flag,
		 struct err *e)
{
	const char *near;
	size_t n = 0;

	for (; words[n]; n++)
		if (!value || strcmp(value, words[n]) == 0)
			return (int)n;
	near = word_nearest(value, words, n);
	return err_set(e, ERR_USAGE, "%s %s: no such choice%s%s%s", flag, value,
		       near ? "; did you mean " : "", near ? near : "",
		       near ? "?" : "");
}

static void add_layers(struct spec *s, const struct image *image)
{
	for (size_t i = 0; i < image->n_layers; i++) {
		struct spec_layer *l = GROW(s->layers, s->n_layers);

		s->n_layers++;
		l->path = xstrdup(image->layers[i].path);
		l->id = image->layers[i].id;
	}
	s->image_name = xstrdup(*image->name ? image->name : NULL);
	s->image_digest = xstrdup(image->digest);
}

static void resolve_root(struct resolving *x, const struct image *image)
{
	struct spec *s = x->s;

	s->root = x->r->root == ROOT_HOST  ? SPEC_ROOT_HOST
		  : x->r->root == ROOT_DIR ? SPEC_ROOT_DIR
					   : SPEC_ROOT_LAYERS;
	if (image)
		add_layers(s, image);
	s->root_size = x->r->root_size ? x->r->root_size : DEFAULT_ROOT_SIZE;
	s->read_only = x->r->read_only;
	s->privileged = x->r->privileged;
	s->annotations = strv_copy(x->r->annotations);
	s->labels = strv_copy(x->r->labels);
	s->timeout_ms = x->r->timeout_ms;
	s->keyring = true;
}

struct spec *plan_resolve(const struct request *r, const struct image *image,
			  const struct resolved_user *user,
			  const struct host *host, struct err *e)
{
	AUTO(spec_free) struct spec *s = xcalloc(1, sizeof(*s));
	struct resolving x = { .r = r,
			       .config = image ? &image->config : NULL,
			       .user = user,
			       .host = host,
			       .s = s };

	if (r->read_only && r->keep)
		return err_set(e, ERR_USAGE,
			       "--read-only and --keep: nothing can be "
			       "written, so nothing can be kept"),
		       NULL;
	resolve_root(&x, image);
	if (resolve_process(&x, e) < 0 || resolve_namespaces(&x, e) < 0 ||
	    resolve_maps(&x, e) < 0 || resolve_tree(&x, e) < 0 ||
	    resolve_walls(&x, e) < 0)
		return NULL;
	return TAKE(s);
}
