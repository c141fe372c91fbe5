/*
 * tag.c - gives an image another name.
 */
#include "store/store.h"

#include "base/alloc.h"
#include "format/ref.h"
#include "store/image.h"
#include "store/index.h"
#include "store/parts.h"

static int full_name(const char *name, char **ret, struct err *e)
{
	AUTO(ref_done) struct ref r = { 0 };

	if (ref_parse(name, &r, e))
		return -1;
	if (r.digest)
		return err_set(e, ERR_USAGE,
			       "tag \"%s\": a name cannot hold a digest", name);
	*ret = ref_print(&r);
	return 0;
}

int store_tag(struct store *s, const char *name, const char *new_name,
	      struct err *e)
{
	AUTO(index_done) struct index index = { 0 };
	auto_free char *full = NULL, *type = NULL;
	auto_fd lock = -1;
	struct descriptor d;
	struct lookup l;

	if (full_name(new_name, &full, e))
		return -1;
	lock = store_lock(s, LOCK_EXCLUSIVE, e);
	if (lock < 0 || index_load(s, &index, e) ||
	    image_lookup(s, &index, name, &l, e))
		return -1;
	d = index.manifests[l.at];
	type = xstrdup(d.media_type); /* the row may go with the change */
	d.media_type = type;
	index_put(&index, full, &d);
	return index_save(s, &index, e);
}
