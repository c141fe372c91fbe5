/*
 * fuzz_layer.c - format/layer: what comes out is relative, clean and stays
 * inside, and cleaning it again changes nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "format/layer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void must_be_clean(const char *path)
{
	size_t depth = 0;

	must(strlen(path) <= LAYER_PATH_MAX);
	for (const char *p = path; *path; p++) {
		size_t n = strcspn(p, "/");

		must(n > 0 && ++depth <= LAYER_DEPTH_MAX);
		must(!(n == 1 && p[0] == '.'));
		must(!(n == 2 && p[0] == '.' && p[1] == '.'));
		p += n;
		if (!*p)
			break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *name = xstrndup((const char *)data, size);
	char path[LAYER_PATH_MAX + 1], again[LAYER_PATH_MAX + 1];
	struct err e = ERR_INIT;
	int what = layer_name(name, path, &e);

	must(what >= 0 || *e.msg);
	if (what >= 0)
		must_be_clean(path);
	if (what == LAYER_ENTRY) {
		must(layer_name(path, again, &e) == LAYER_ENTRY);
		must(!strcmp(path, again));
	}
	must(what != LAYER_ROOT || !*path);
	must(what != LAYER_WHITEOUT || *path);
	if (layer_link(name, path, &e) >= 0) {
		must(what == LAYER_ENTRY && *path);
		must_be_clean(path);
	}
	if (layer_keeps_xattr(name))
		must(!strncmp(name, "user.", 5));
	return 0;
}
