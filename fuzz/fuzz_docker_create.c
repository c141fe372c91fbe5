/*
 * fuzz_docker_create.c - format/docker_create: what is accepted is flags with
 * their values in one word, then an image; what is refused says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/strv.h"
#include "format/docker_create.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct buf text = { .p = (char *)(uintptr_t)data, .len = size };
	struct docker_create d = { 0 };
	struct err e = ERR_INIT;
	size_t i = 0;

	if (docker_create_parse("fuzz", &text, &d, &e) < 0) {
		if (!*e.msg || e.kind == ERR_NONE || d.words || d.notes)
			abort();
		return 0;
	}
	while (d.words[i] && !strncmp(d.words[i], "--", 2))
		i++;
	if (!d.words[i] || d.words[i][0] == '-' || !d.words[i][0])
		abort();
	docker_create_done(&d);
	return 0;
}
