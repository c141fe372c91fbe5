/*
 * test_bundle.c - every directory of tests/oci is a test: its config.json
 * gives exactly the text in `plan` (or the refusal that stands there), on the
 * host that `host` names: root (there is no such file), user, podman (root of
 * a user namespace), no-cgroups (root, cgroups disabled).
 */
#include <linux/sched.h>
#include <sys/stat.h>
#include "golden.h"
#include "base/path.h"
#include "format/oci_spec.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/check.h"
#include "plan/print.h"
#include "plan/resolve.h"

/* ---- a host, and what the engine would find on it ---- */

#define CAP_SYS_RESOURCE_BIT (1ull << 24)

static struct host *make_host(const char *kind)
{
	struct host *h = xcalloc(1, sizeof(*h));

	h->arch = xstrdup("amd64");
	h->kernel_major = 6;
	h->kernel_minor = 1;
	h->has_timens = true;
	h->has_userns = true;
	h->cap_bounding = h->cap_permitted = (1ull << 41) - 1;
	if (strcmp(kind, "cgroups-1") == 0)
		h->cgroup = CGROUP_HYBRID;
	if (strcmp(kind, "cgroups-2") == 0)
		h->cgroup = CGROUP_V2;
	if (strcmp(kind, "podman") == 0) {
		h->in_userns = true;
		h->cap_bounding &= ~CAP_SYS_RESOURCE_BIT;
	}
	if (strcmp(kind, "user") == 0) {
		h->uid = h->gid = 1000;
		h->cap_permitted = 0;
		h->newuidmap = xstrdup("/usr/bin/newuidmap");
		h->newgidmap = xstrdup("/usr/bin/newgidmap");
		h->subuid = xcalloc(1, sizeof(*h->subuid));
		h->subgid = xcalloc(1, sizeof(*h->subgid));
		*h->subuid = *h->subgid = (struct id_range){ 100000, 65536 };
		h->n_subuid = h->n_subgid = 1;
	}
	return h;
}

static void fill_facts(struct spec *s)
{
	struct spec_layer *l = GROW(s->layers, s->n_layers);
	uint64_t ino = 100;

	s->n_layers++;
	s->bundle->dir = xstrdup("/srv/bundle");
	l->path = *s->bundle->root_path == '/'
			  ? xstrdup(s->bundle->root_path)
			  : path_join(s->bundle->dir, s->bundle->root_path);
	l->id = (struct object_id){ 8, ino++ };
	for (size_t i = 0; i < s->n_mounts; i++) {
		struct spec_mount *m = &s->mounts[i];

		if (strcmp(m->type, "bind") != 0)
			continue;
		if (*m->source != '/') {
			char *full = path_join(s->bundle->dir, m->source);

			free(m->source);
			m->source = full;
		}
		m->facts.mode = S_IFDIR | 0755;
		m->facts.id = (struct object_id){ 8, ino++ };
	}
	for (size_t i = 0; i < s->bundle->n_joins; i++)
		s->bundle->joins[i].id = (struct object_id){ 4, ino++ };
	if (bundle_joined(s->bundle) & CLONE_NEWUSER) {
		const struct spec_idmap row = { 0, 100000, 65536 };

		*GROW(s->uid_map, s->n_uid_map) = row;
		*GROW(s->gid_map, s->n_gid_map) = row;
		s->n_uid_map = s->n_gid_map = 1;
		s->bundle->set_groups = true;
	}
	for (size_t i = 0; i < s->bundle->n_devices; i++)
		s->bundle->devices[i].id = (struct object_id){ 5, ino++ };
	if (s->bundle->seccomp) { /* a program of one instruction */
		struct blob *b = xcalloc(1, sizeof(*b));

		b->name = xstrdup(s->seccomp);
		b->data = xcalloc(1, 8);
		b->size = 8;
		s->seccomp_filter = b;
		s->n_seccomp_filter = 1;
	}
}

/* ---- the text ---- */

static void add_warnings(const struct spec *s, struct buf *b)
{
	strv_foreach (w, s->bundle->warnings)
		buf_printf(b, "warning: %s\n", *w);
}

static void add_plan(struct spec *s, const struct host *h, bool no_cgroups,
		     struct buf *b)
{
	static char *const lines[] = { (char *)"cpu,cpuacct:/",
				       (char *)"memory:/own",
				       (char *)"pids:/",
				       (char *)"name=systemd:/",
				       (char *)":/",
				       NULL };
	const struct bundle_host x = { .id = "c1",
				       .is_root = h->uid == 0 && !h->in_userns,
				       .no_cgroups = no_cgroups,
				       .cgroup_lines = lines };
	struct err e = ERR_INIT;
	AUTO(plan_free) struct plan *p = NULL;

	if (bundle_resolve(s, h, &e) == 0 && bundle_cgroup(s, h, &x, &e) == 0) {
		fill_facts(s);
		p = plan_build(s, h, &e);
	}
	add_warnings(s, b);
	if (p && plan_check(p, &e) == 0)
		plan_print_text(p, false, b);
	else
		buf_printf(b, "refused (%s): %s\n", err_word(e.kind), e.msg);
}

static char *plan_text(const char *name)
{
	auto_free char *kind = golden_read(name, "host");
	auto_free char *config = golden_read(name, "config.json");
	AUTO(spec_free) struct spec *s = NULL;
	struct host *h;
	AUTO(buf_done) struct buf b = BUF_INIT, text = BUF_INIT;
	struct err e = ERR_INIT;
	struct oci_facts facts = { .host = { .arch = "amd64",
					     .kernel_major = 6,
					     .kernel_minor = 1 } };

	assert_non_null(config);
	if (kind)
		kind[strcspn(kind, "\n")] = '\0';
	h = make_host(kind ? kind : "root");
	facts.no_cgroups = kind && strcmp(kind, "no-cgroups") == 0;
	buf_str(&text, config);
	s = oci_spec_parse("config.json", &text, &facts, &e);
	if (s)
		add_plan(s, h, facts.no_cgroups, &b);
	else
		buf_printf(&b, "refused (%s): %s\n", err_word(e.kind), e.msg);
	host_free(h);
	return buf_take(&b);
}

static const struct golden golden = { "tests/oci", plan_text, 60 };

int main(void)
{
	return golden_run();
}
