/*
 * fuzz_oci_spec.c - format/oci_spec: what is accepted keeps the promises that
 * the plan builds on, what is refused says why; what is accepted can be
 * planned or is refused with a reason.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "format/oci_spec.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/check.h"
#include "plan/resolve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spec(const struct spec *s)
{
	const struct bundle *b = s->bundle;

	if (!b || !b->root_path || !strv_len(s->argv) || !s->cwd ||
	    *s->cwd != '/')
		abort();
	for (size_t i = 0; i < s->n_mounts; i++) {
		const struct spec_mount *m = &s->mounts[i];

		if (!m->type || !m->target || m->target[0] != '/' ||
		    !m->target[1] ||
		    (strcmp(m->type, "bind") == 0 && (!m->source || m->data)))
			abort();
		if (m->attr & m->clear)
			abort();
	}
	for (size_t i = 0; i < b->n_devices; i++)
		if (!b->devices[i].path || b->devices[i].path[0] != '/')
			abort();
	for (size_t i = 0; i < b->n_hooks; i++)
		if (!b->hooks[i].path || b->hooks[i].path[0] != '/')
			abort();
	strv_foreach (row, s->sysctls)
		if (!strchr(*row, '='))
			abort();
}

/* As the engine fills it, for a host that has everything. */
static void fill(struct spec *s)
{
	struct spec_layer *l = GROW(s->layers, s->n_layers);

	s->n_layers++;
	l->path = xstrdup("/b/rootfs");
	s->bundle->dir = xstrdup("/b");
	for (size_t i = 0; i < s->n_mounts; i++) {
		s->mounts[i].facts.mode = 040755;
		s->mounts[i].facts.id.ino = i + 1;
	}
	for (size_t i = 0; i < s->n_mounts; i++) {
		char *source = s->mounts[i].source;

		if (!source || strcmp(s->mounts[i].type, "bind") != 0)
			continue;
		s->mounts[i].source = xasprintf("/%zu", i);
		free(source);
	}
	if (s->bundle->seccomp) { /* compiled by the engine */
		free(s->seccomp);
		s->seccomp = NULL;
	}
}

static void plan(struct spec *s)
{
	static char *const lines[] = { (char *)"cpu,cpuacct:/", (char *)":/",
				       NULL };
	const struct bundle_host x = { .id = "f",
				       .is_root = true,
				       .cgroup_lines = lines };
	const struct host h = { .has_timens = true,
				.cgroup = CGROUP_HYBRID,
				.cap_bounding = ~0ull,
				.cap_permitted = ~0ull };
	struct err e = ERR_INIT;
	struct plan *p;

	if (bundle_resolve(s, &h, &e) < 0)
		abort();
	if (bundle_cgroup(s, &h, &x, &e) < 0) {
		if (!*e.msg || e.kind == ERR_NONE || e.kind == ERR_BUG)
			abort();
		return;
	}
	fill(s);
	p = plan_build(s, &h, &e);
	if (!p && (!*e.msg || e.kind == ERR_NONE || e.kind == ERR_BUG))
		abort();
	if (p && plan_check(p, &e) < 0)
		abort();
	plan_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct buf text = { .p = (char *)(uintptr_t)data, .len = size };

	for (int i = 0; i < 2; i++) {
		const struct oci_facts facts = {
			.host = { .arch = "amd64",
				  .kernel_major = 6,
				  .kernel_minor = 1 },
			.no_cgroups = i == 0,
		};
		struct err e = ERR_INIT;
		struct spec *s = oci_spec_parse("fuzz", &text, &facts, &e);

		if (!s && (!*e.msg || e.kind == ERR_NONE || e.kind == ERR_BUG))
			abort();
		if (!s)
			continue;
		check_spec(s);
		plan(s);
		spec_free(s);
	}
	return 0;
}
