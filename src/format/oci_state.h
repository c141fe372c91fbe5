/*
 * oci_state.h - the state of a container as JSON: our own record, and what
 * the runtime specification (state-schema.json) and the engines read. Pure.
 */
#ifndef FORMAT_OCI_STATE_H
#define FORMAT_OCI_STATE_H

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "immure/err.h"
#include "immure/oci_state.h"

#define OCI_STATE_MAX (1u << 20)

/* Our record: print and parse are inverse. */
void oci_state_print(const struct oci_state *s, struct buf *b);
int oci_state_parse(const struct buf *text, struct oci_state *ret,
		    struct err *e);
DEFINE_AUTO_DONE(struct oci_state, oci_state_done);

/* The members of the specification's state, and "rootfs", "created" and
 * "owner" as runc has them, into the open object. */
void oci_state_members(const struct oci_state *s, enum oci_status status,
		       struct json_out *j);
/* The whole document, one line or pretty. Heap. */
char *oci_state_json(const struct oci_state *s, enum oci_status status,
		     bool pretty);
const char *oci_status_word(enum oci_status status);

#endif
