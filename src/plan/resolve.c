/*
 * resolve.c - request (+ image) -> spec.
 *
 * Pure. An image's config is data: it says what the payload is, never how
 * it is confined (R24).
 */
#include "plan/resolve.h"

#include "base/alloc.h"
#include "base/strv.h"
#include "plan/resolve_parts.h"

#include <string.h>

int resolve_word(const struct choice *c, uint64_t *ret, struct err *e)
{
	const char *got = c->got ? c->got : c->dflt;
	const char *names[16], *near;
	size_t n = 0;

	if (word_find(c->words, got, ret))
		return 0;
	for (; n < ARRAY_SIZE(names) && c->words[n].name; n++)
		names[n] = c->words[n].name;
	near = word_nearest(got, names, n);
	return err_set(e, ERR_USAGE, "%s %s: unknown word; %s %s%s", c->flag,
		       got, near ? "did you mean" : "known is for instance",
		       near ? near : names[0], near ? "?" : "");
}

/* A whole digest, alone or behind a name; the beginning of an id is none. */
static bool is_digest_asked(const char *name)
{
	static const char start[] = "sha256:";
	const char *at = name ? strstr(name, start) : NULL;

	return at && strspn(at + strlen(start), "0123456789abcdef") == 64 &&
	       (at == name || at[-1] == '@');
}

static void add_name(struct resolve *v)
{
	const struct image *image = v->image;
	size_t i;

	if (!image)
		return;
	v->s->image_name = xstrdup(image->name);
	v->s->image_digest = xstrdup(image->digest);
	v->s->image_pinned = is_digest_asked(v->r->image);
	for (i = 0; i < image->n_layers; i++) {
		struct spec_layer *l = GROW(v->s->layers, v->s->n_layers);

		v->s->n_layers++;
		l->path = xstrdup(image->layers[i].path);
		l->id = image->layers[i].id;
	}
}

/* The image's labels, then the request's over them. */
static void add_labels(struct resolve *v)
{
	if (v->image)
		strv_foreach (l, v->image->config.labels) {
			strv_setenv(&v->s->labels, *l);
		}
	strv_foreach (l, v->r->labels) {
		strv_setenv(&v->s->labels, *l);
	}
	v->s->annotations = strv_copy(v->r->annotations);
}

static int check_root(const struct request *r, const struct image *image,
		      struct err *e)
{
	if (r->root == ROOT_IMAGE && !image)
		return err_set(e, ERR_BUG, "no image to resolve");
	if (r->root != ROOT_IMAGE && r->keep)
		return err_set(e, ERR_USAGE,
			       "--keep and %s contradict each other: only what "
			       "an image's container writes is kept",
			       r->root == ROOT_DIR ? "--rootfs" : "--host");
	return resolve_clashes(r, e);
}

struct spec *plan_resolve(const struct request *r, const struct image *image,
			  const struct resolved_user *user,
			  const struct host *host, struct err *e)
{
	static const int roots[] = { [ROOT_IMAGE] = SPEC_ROOT_LAYERS,
				     [ROOT_DIR] = SPEC_ROOT_DIR,
				     [ROOT_HOST] = SPEC_ROOT_HOST };
	AUTO(spec_free) struct spec *s = xcalloc(1, sizeof(*s));
	struct resolve v = { r, image, user, host, s };

	if (check_root(r, image, e))
		return NULL;
	s->root = roots[r->root];
	s->read_only = r->read_only;
	s->root_size = r->root_size;
	s->terminal = r->tty;
	s->keyring = true;
	s->privileged = r->privileged;
	add_name(&v);
	add_labels(&v);
	if (resolve_ids(&v, e) || resolve_process(&v, e) ||
	    resolve_tree(&v, e) || resolve_walls(&v, e) ||
	    resolve_cgroup(&v, e))
		return NULL;
	return TAKE(s);
}
