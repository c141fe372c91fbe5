/*
 * fuzz_oci_state.c - format/oci_state: what is parsed prints and parses to the
 * same again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "format/oci_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct buf text = { .p = (char *)(uintptr_t)data, .len = size };
	AUTO(oci_state_done) struct oci_state one = { 0 }, two = { 0 };
	AUTO(buf_done) struct buf first = BUF_INIT, second = BUF_INIT;
	struct err e = ERR_INIT;
	auto_free char *json = NULL;

	if (oci_state_parse(&text, &one, &e) < 0) {
		if (!*e.msg || e.kind == ERR_NONE)
			abort();
		return 0;
	}
	oci_state_print(&one, &first);
	if (oci_state_parse(&first, &two, &e) < 0)
		abort();
	oci_state_print(&two, &second);
	if (first.len != second.len || memcmp(first.p, second.p, first.len))
		abort();
	json = oci_state_json(&one, OCI_RUNNING, true);
	if (!strstr(json, "\"status\": \"running\""))
		abort();
	return 0;
}
