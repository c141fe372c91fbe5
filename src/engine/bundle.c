/*
 * bundle.c - config.json -> spec -> plan. Starts nothing.
 */
#include "engine/bundle.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "engine/bundle_tree.h"
#include "engine/filters.h"
#include "format/oci_spec.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/check.h"
#include "plan/resolve.h"

static struct spec *read_spec(const struct host *h, const struct bundle_ask *a,
			      struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const struct oci_facts facts = {
		.host = { .arch = h->arch,
			  .kernel_major = h->kernel_major,
			  .kernel_minor = h->kernel_minor },
		.no_cgroups = a->no_cgroups,
	};

	if (file_read(a->file, OCI_SPEC_MAX, &text, e) < 0)
		return NULL;
	return oci_spec_parse("config.json", &text, &facts, e);
}

/* Where nothing can be made yet, it is said. */
static int check_cgroup(const struct spec *s, const struct bundle_ask *a,
			struct err *e)
{
	const char *path = s->bundle->cgroups_path;

	if (a->no_cgroups || !path || !*path)
		return 0;
	return err_set(e, ERR_HOST,
		       "config.json: linux.cgroupsPath: known, and refused: no "
		       "cgroup is made yet: --cgroup-manager disabled (podman: "
		       "--cgroups=disabled)");
}

int engine_bundle_plan(struct engine *g, const struct bundle_ask *a,
		       struct spec **ret_spec, struct plan **ret_plan,
		       struct err *e)
{
	const struct host *h = engine_host(g);
	AUTO(spec_free) struct spec *s = read_spec(h, a, e);
	AUTO(plan_free) struct plan *p = NULL;

	if (!s)
		return -1;
	s->bundle->dir = xstrdup(a->dir);
	s->keyring = !a->no_keyring;
	if (check_cgroup(s, a, e) < 0 || bundle_resolve(s, h, e) < 0 ||
	    bundle_cgroup_expand(s, h, e) < 0 ||
	    bundle_tree_fill(s, h, e) < 0 || filters_of_bundle(s, e) < 0)
		return -1;
	p = plan_build(s, h, e);
	if (!p || plan_check(p, e) < 0)
		return -1;
	*ret_spec = TAKE(s);
	*ret_plan = TAKE(p);
	return 0;
}
