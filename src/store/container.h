/*
 * container.h - what kept containers need of the store.
 */
#ifndef STORE_CONTAINER_H
#define STORE_CONTAINER_H

#include "immure/err.h"
#include "store/store.h"

/*
 * The caller has the store's exclusive lock. `layers` gets the hex diff ids
 * that containers are made of, `unmade` the ids of those whose maker was
 * killed over them; both are strv.
 */
int container_needs(struct store *s, char ***layers, char ***unmade,
		    struct err *e);

#endif
