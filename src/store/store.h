/*
 * store.h - what is on disk. $XDG_DATA_HOME/immure is an OCI image layout
 * (oci-layout, index.json, blobs/sha256/) plus layers/<diff-id hex>/ (an
 * unpacked tree in layers/<hex>/root, shared by all images) and
 * containers/<id>/. Writes: temporary name, fsync, rename, fsync of the
 * directory; one flock. Killed at any point, the next command sees the old
 * state or the new.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/cleanup.h"
#include "format/manifest.h"
#include "immure/err.h"
#include "immure/host.h"
#include "immure/image.h"

struct store {
	char *path;
	int dir;   /* the directory */
	int blobs; /* blobs/sha256 */
	int layers;
};

/* root.c: opens, making what is missing (0700). Refuses a directory that is
 * not ours or that others may write. Completes what a killed load had
 * already committed. */
int store_open(const char *path, struct store *ret, struct err *e);
void store_close(struct store *s);
DEFINE_AUTO_DONE(struct store, store_close);

/* image.c: finds by name, digest, or id prefix (>= 2 hex, unique) and loads
 * manifest, config, layers, passwd and group. NULL with ERR_MISSING. */
struct image *store_image_find(struct store *s, const char *name,
			       const char *arch, struct err *e);
DEFINE_AUTO(struct image *, image_free);
/* All images, newest first. *ret has *ret_n entries; free each and it. */
int store_image_list(struct store *s, struct image ***ret, size_t *ret_n,
		     struct err *e);
/* remove.c: removes a name, and the image with its blobs and layers when it
 * was its last. A digest or id removes all its names: with more than one
 * only by `force` (ERR_CONFLICT). An image in use (held) keeps its layers.
 * `removed` gets what docker prints: "Untagged: …", "Deleted: …". `host`:
 * layers hold files of subordinate ids. */
struct image_removal {
	const char *name;
	bool force; /* all names of an image that is given by its id */
};
int store_image_remove(struct store *s, const struct host *h,
		       const struct image_removal *what, char ***removed,
		       struct err *e);
/* hold.c: an fd (O_CLOEXEC); while it or a copy of it is open, gc and remove
 * keep the image's layers. For the process that lives as long as the
 * container. -1 with ERR_MISSING when a layer has gone since the find. */
int store_image_hold(struct store *s, const struct image *i, struct err *e);
/* tag.c */
int store_tag(struct store *s, const char *name, const char *new_name,
	      struct err *e);
/* gc.c: removes blobs, layers (not held ones) and left-over temporary files
 * that nothing refers to. With `dry_run` only counts. */
struct gc_result {
	size_t blobs, layers, temporaries;
	uint64_t bytes;
};
int store_gc(struct store *s, const struct host *h, bool dry_run,
	     struct gc_result *ret, struct err *e);

/* load.c: runs immure-image (the confined worker) on an archive fd or an OCI
 * layout directory, checks and publishes. `names` gets the loaded names
 * (digests when untagged). `host` supplies the id space for owners. */
struct load_budget {
	uint64_t bytes;	  /* unpacked, default 20 GiB */
	uint64_t entries; /* default 1 M */
	uint64_t ratio;	  /* default 200, counted after 64 MiB */
	uint64_t seconds; /* wall time, default 1800 */
	/* Called with one line each, or NULL: how far it is, and what was
	 * left out (devices, FIFOs, sockets). Escape before printing. */
	void (*progress)(const char *line);
	void (*warn)(const char *line);
};
#define LOAD_BUDGET_DEFAULT                                                    \
	{                                                                      \
		.bytes = 20ull << 30, .entries = 1000000, .ratio = 200,        \
		.seconds = 1800, .progress = NULL, .warn = NULL                \
	}
struct load_source {
	int fd;		 /* the archive, where it stands */
	const char *dir; /* an OCI layout directory instead, or NULL */
	const struct load_budget *budget;
};
int store_load(struct store *s, const struct host *h,
	       const struct load_source *from, char ***names, struct err *e);
/* A plain rootfs tar (from->fd) becomes an image of one layer. */
int store_import(struct store *s, const struct host *h,
		 const struct load_source *from, const char *name,
		 struct err *e);

/* container.c: containers/<id>/ with upper/, work/ and meta.json (id, name,
 * created, image, layers), for --keep. Its layers stay as long as it does.
 * `ret_path` is that directory, heap. */
struct container_new {
	const char *id;
	const char *name; /* or NULL */
	const struct image
		*image; /* or NULL: a root that is not of the store */
};
int store_container_make(struct store *s, const struct container_new *c,
			 char **ret_path, struct err *e);
int store_container_remove(struct store *s, const struct host *h,
			   const char *id, struct err *e);

#endif
