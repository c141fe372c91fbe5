/*
 * hooks.c - the hooks after the creation: read from the copy of config.json
 * that was judged.
 */
#include <stdlib.h>
#include "base/file.h"
#include "engine/bundle.h"
#include "format/oci_spec.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "plan/resolve.h"
#include "store/oci.h"

struct spec *oci_own_spec(int dir, struct err *e)
{
	const struct oci_facts facts = { .no_cgroups = true };
	AUTO(buf_done) struct buf text = BUF_INIT;

	if (file_read_at(dir, "config.json", OCI_SPEC_MAX, &text, e) < 0)
		return NULL;
	return oci_spec_parse("config.json", &text, &facts, e);
}

int oci_hooks(int dir, enum hook_when when, enum oci_status status,
	      struct err *e)
{
	AUTO(oci_state_done) struct oci_state s = { 0 };
	AUTO(spec_free) struct spec *spec = NULL;
	auto_free char *state = NULL;

	if (store_oci_load(dir, &s, e) < 0)
		return -1;
	spec = oci_own_spec(dir, e);
	if (!spec)
		return -1;
	state = oci_state_json(&s, status, false);
	return engine_bundle_hooks(spec->bundle, when, state, e);
}
