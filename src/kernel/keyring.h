/* keyring.h - session keyrings. keyctl(2), session-keyring(7). */
#ifndef KERNEL_KEYRING_H
#define KERNEL_KEYRING_H

#include <stdbool.h>
#include "immure/err.h"

/*
 * Joins a new anonymous session keyring. The kernel allows about 200 a user;
 * *ret_full is set, and 0 returned, when there is no room (EDQUOT): the
 * caller decides (R21: only with a filter that denies the key calls).
 */
int keyring_new_session(bool *ret_full, struct err *e);

#endif
