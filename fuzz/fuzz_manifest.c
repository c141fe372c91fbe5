/*
 * fuzz_manifest.c - format/manifest: a document is at most one of manifest,
 * index and docker list, and what was parsed keeps its promises.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "format/digest.h"
#include "format/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void check_index(const struct index *x)
{
	const struct descriptor *d = index_find(x, "linux", "amd64");

	for (size_t i = 0; i < x->n; i++)
		must(digest_is_valid(x->manifests[i].digest));
	must(!d || (d >= x->manifests && d < x->manifests + x->n));
}

static void check_docker(const struct docker_manifest *m)
{
	for (size_t i = 0; i < m->n; i++) {
		must(m->images[i].config[0] && m->images[i].config[0] != '/');
		must(m->images[i].layers && m->images[i].layers[0]);
		for (char **l = m->images[i].layers; *l; l++)
			must(strncmp(*l, "../", 3) && !strstr(*l, "/../"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(manifest_done) struct manifest m = { 0 };
	AUTO(index_done) struct index x = { 0 };
	AUTO(docker_manifest_done) struct docker_manifest d = { 0 };
	const char *p = (const char *)data;
	struct err e[4] = { ERR_INIT, ERR_INIT, ERR_INIT, ERR_INIT };
	bool is_m = manifest_parse(p, size, &m, &e[0]) == 0;
	bool is_x = index_parse(p, size, &x, &e[1]) == 0;
	bool is_d = docker_manifest_parse(p, size, &d, &e[2]) == 0;
	int kind = manifest_is_index(p, size, &e[3]);

	must(is_m + is_x + is_d <= 1);
	must(is_m || *e[0].msg);
	must(is_x || *e[1].msg);
	must(is_d || *e[2].msg);
	must(kind >= 0 || *e[3].msg);
	must(!is_m || kind == 0);
	must(!is_x || kind == 1);
	must(!is_d || kind == -1);
	must(!is_m || (m.n_layers >= 1 && m.n_layers <= LAYERS_MAX));
	for (size_t i = 0; i < m.n_layers; i++)
		must(digest_is_valid(m.layers[i].digest));
	check_index(&x);
	check_docker(&d);
	return 0;
}
