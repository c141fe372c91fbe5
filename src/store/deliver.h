/*
 * deliver.h - the stages of a load after the process has shut itself in.
 * (immure-image only.)
 */
#ifndef STORE_DELIVER_H
#define STORE_DELIVER_H

#include "immure/err.h"
#include "store/work.h"

int deliver_load(struct work *w, struct err *e);
int deliver_import(struct work *w, struct err *e);

#endif
