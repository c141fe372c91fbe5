/*
 * image_json.h - an image as JSON with docker's member names: a row of
 * `images`, and the whole of `inspect`.
 */
#ifndef CLI_IMAGE_JSON_H
#define CLI_IMAGE_JSON_H

#include <time.h>
#include "base/json.h"
#include "immure/image.h"

struct image_list { /* what store_image_list gives */
	struct image **v;
	size_t n;
};
void image_list_done(struct image_list *l);
DEFINE_AUTO_DONE(struct image_list, image_list_done);

struct image_view {
	bool whole_ids; /* --no-trunc */
	time_t now;
};
/* ID Repository Tag Digest CreatedAt CreatedSince Size */
void image_json_row(struct json_out *j, const struct image *i,
		    const struct image_view *view);
/* Id RepoTags RepoDigests Created Architecture Os Size Config RootFS; names
 * are those that `all` has for the same image. */
void image_json_whole(struct json_out *j, const struct image *i,
		      const struct image_list *all);
/* "3 weeks ago" of an RFC 3339 time; "" when it is none. */
void image_since(const char *created, time_t now, struct buf *b);

#endif
