/*
 * image.h - an image as the store knows it: its digests, its layers on disk
 * and the parts of its config that matter for a process (image-spec
 * config.md). All strings come from outside and are data, never options.
 */
#ifndef IMMURE_IMAGE_H
#define IMMURE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/host.h"

#define DIGEST_MAX 136 /* "sha512:" + 128 hex + NUL */

struct image_config {
	char *os, *arch;
	char *created;
	char *user; /* "", "uid", "name", "uid:gid", "name:group" */
	char **env;
	char **entrypoint;
	char **cmd;
	char *workdir;	   /* "" means / */
	char *stop_signal; /* "" means SIGTERM */
	char **volumes;	   /* container paths */
	char **labels;	   /* KEY=VALUE */
	char **ports;	   /* "80/tcp" */
	char **diff_ids;   /* digests, lowest layer first */
};

struct image_layer {
	char *path; /* of the unpacked tree, absolute */
	char diff_id[DIGEST_MAX];
	struct object_id id;
	uint32_t owner; /* uid of the tree's root on this host */
};

struct image {
	char *name; /* docker.io/library/x:tag, or "" when untagged */
	char digest[DIGEST_MAX];	/* of the manifest */
	char config_digest[DIGEST_MAX]; /* the image id that docker shows */
	struct image_config config;
	struct image_layer *layers; /* lowest first */
	size_t n_layers;
	uint64_t size; /* sum of the layer blobs, bytes */
	/* Bounded copies of the image's own files, for user names (R9, R11);
	 * NULL when the image has none. */
	char *passwd;
	char *group;
};

void image_config_done(struct image_config *c);
void image_free(struct image *i);

#endif
