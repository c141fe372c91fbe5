/*
 * bundle.c - config.json -> spec -> plan. Starts nothing.
 */
#include "engine/bundle.h"

#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strv.h"
#include "engine/bundle_tree.h"
#include "engine/filters.h"
#include "engine/user.h"
#include "format/oci_spec.h"
#include "kernel/cgroup.h"
#include "kernel/procfs.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/check.h"
#include "plan/resolve.h"

static struct spec *read_spec(const struct host *h, const struct bundle_ask *a,
			      struct err *e)
{
	AUTO(buf_done) struct buf own = BUF_INIT;
	struct buf *text = a->text ? a->text : &own;
	const struct oci_facts facts = {
		.host = { .arch = h->arch,
			  .kernel_major = h->kernel_major,
			  .kernel_minor = h->kernel_minor },
		.no_cgroups = a->no_cgroups,
	};

	if (file_read(a->file, OCI_SPEC_MAX, text, e) < 0)
		return NULL;
	return oci_spec_parse("config.json", text, &facts, e);
}

/* Those that are mounted where we look for them. */
static char **seen_lines(char *const *lines)
{
	AUTO(cgroup_fs_done) struct cgroup_fs fs = CGROUP_FS_INIT;
	char **seen = NULL;

	if (cgroup_fs_open(&fs, NULL) < 0)
		return NULL;
	strv_foreach (line, lines) {
		auto_free char *list = xstrndup(*line, strcspn(*line, ":"));
		auto_fd dir = cgroup_open_dir(&fs, list, "/");

		if (dir >= 0)
			strv_add(&seen, *line);
	}
	return seen;
}

static int place_cgroup(struct spec *s, const struct host *h,
			const struct bundle_ask *a, struct err *e)
{
	AUTO(strv_free) char **lines = NULL, **seen = NULL;
	struct bundle_host x = { .id = a->id ? a->id : "container",
				 .is_root = h->uid == 0 && !h->in_userns,
				 .no_cgroups = a->no_cgroups,
				 .systemd = a->systemd };
	auto_fd proc = procfs_open_host(e);

	if (proc < 0 || cgroup_lines_of(proc, getpid(), &lines, e) < 0)
		return -1;
	seen = seen_lines(lines);
	x.cgroup_lines = seen;
	return bundle_cgroup(s, h, &x, e);
}

/* sd_listen_fds(3): the container's first process is number 1 there. */
static void pass_fds(struct spec *s, const struct bundle_ask *a)
{
	if (a->n_passed)
		s->bundle->passed =
			xmemdup(a->passed, a->n_passed * sizeof(*a->passed));
	s->bundle->n_passed = a->n_passed;
	/* also when none of them is open: who is told of none would not look */
	if (!a->n_listen)
		return;
	strv_take(&s->env, xasprintf("LISTEN_FDS=%u", a->n_listen));
	strv_add(&s->env, "LISTEN_PID=1");
}

int engine_bundle_plan(struct engine *g, const struct bundle_ask *a,
		       struct spec **ret_spec, struct plan **ret_plan,
		       struct err *e)
{
	const struct host *h = engine_host(g);
	AUTO(spec_free) struct spec *s = read_spec(h, a, e);
	AUTO(plan_free) struct plan *p = NULL;

	if (!s || (a->systemd && engine_probe_cgroups(g, e) < 0))
		return -1;
	s->bundle->dir = xstrdup(a->dir);
	s->keyring = !a->no_keyring;
	pass_fds(s, a);
	if (bundle_resolve(s, h, e) < 0 || place_cgroup(s, h, a, e) < 0 ||
	    bundle_cgroup_expand(s, h, e) < 0 ||
	    bundle_tree_fill(s, h, e) < 0 || filters_of_bundle(s, e) < 0 ||
	    user_home(s, s->layers[0].path, e) < 0)
		return -1;
	p = plan_build(s, h, e);
	if (!p || plan_check(p, e) < 0)
		return -1;
	*ret_spec = TAKE(s);
	*ret_plan = TAKE(p);
	return 0;
}
