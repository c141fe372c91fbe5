/*
 * fuzz_record.c - format/record: what is accepted keeps the promises that
 * learning builds on, what is refused says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "format/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void check(const struct record *r)
{
	must(r->profile && *r->profile && r->arch);
	for (size_t i = 0; i < r->n; i++) {
		const struct record_event *v = &r->v[i];

		must(v->count > 0 && v->errnum >= 0 && v->errnum <= 4095);
		must(!v->call || (*v->call && strlen(v->call) <= 64));
		for (size_t k = 0; k < v->n_needs; k++)
			must(*v->needs[k].path == '/' && v->needs[k].access &&
			     v->needs[k].access <= 0xffff);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct buf text = { .p = (char *)(uintptr_t)data, .len = size };
	struct record r = { 0 };
	struct err e = ERR_INIT;

	if (record_parse("fuzz", &text, &r, &e) < 0) {
		must(*e.msg && e.kind != ERR_NONE && !r.v);
		return 0;
	}
	check(&r);
	record_done(&r);
	return 0;
}
