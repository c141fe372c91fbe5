/*
 * parts.h - the parts of the store's directory, and its one lock.
 *
 *   oci-layout index.json blobs/sha256/  an OCI image layout
 *   layers/<diff-id hex>/root            an unpacked layer
 *   layers/<diff-id hex>/owners          "ids" or "single": see unpack.c
 *   containers/<id>/                     container.c
 *   tmp/<random>/                        staging.c; flocked while in use
 *   holds/<manifest hex>                 hold.c; flocked while in use
 *   lock                                 exclusive for every change of names
 */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "base/lock.h"
#include "immure/err.h"
#include "store/store.h"

#define PART_TMP	"tmp"
#define PART_LAYERS	"layers"
#define PART_CONTAINERS "containers"
#define PART_HOLDS	"holds"
#define LAYER_TREE	"root"
#define LAYER_OWNERS	"owners"

/* The lock's fd (base/lock.h), or -1. */
int store_lock(struct store *s, enum lock_mode mode, struct err *e);

#endif
