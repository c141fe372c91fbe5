/*
 * test_nouns.c - base/nouns: full and empty nouns are freed once; what is
 * embedded is empty afterwards. Leaks and double frees are ASan's to see.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "immure/image.h"
#include "immure/policy.h"
#include "immure/request.h"
#include "immure/seccomp.h"
#include "immure/spec.h"
#include "immure/verdict.h"

static void null_and_empty_nouns_are_freed(void **s)
{
	struct image_config config = { 0 };
	struct source_facts facts = { 0 };
	struct seccomp_profile profile = { 0 };
	struct policy policy = { 0 };
	struct blob blob = { 0 };

	(void)s;
	host_free(NULL);
	image_free(NULL);
	request_free(NULL);
	spec_free(NULL);
	policy_set_free(NULL);
	verdict_free(NULL);
	image_config_done(NULL);
	source_facts_done(NULL);
	seccomp_profile_done(NULL);
	policy_done(NULL);
	blob_done(NULL);
	host_free(xcalloc(1, sizeof(struct host)));
	image_free(xcalloc(1, sizeof(struct image)));
	request_free(xcalloc(1, sizeof(struct request)));
	spec_free(xcalloc(1, sizeof(struct spec)));
	policy_set_free(xcalloc(1, sizeof(struct policy_set)));
	verdict_free(xcalloc(1, sizeof(struct verdict)));
	image_config_done(&config);
	source_facts_done(&facts);
	seccomp_profile_done(&profile);
	policy_done(&policy);
	blob_done(&blob);
}

static void a_host_goes_whole(void **s)
{
	struct host *h = xcalloc(1, sizeof(*h));

	(void)s;
	h->user = xstrdup("u");
	h->home = xstrdup("/h");
	h->arch = xstrdup("amd64");
	h->newuidmap = xstrdup("/usr/bin/newuidmap");
	h->groups = xcalloc(2, sizeof(*h->groups));
	h->subuid = xcalloc(1, sizeof(*h->subuid));
	h->protected_objects = xcalloc(2, sizeof(*h->protected_objects));
	h->n_protected = 2;
	h->protected_objects[0].path = xstrdup("/proc");
	h->protected_objects[1].parents = xcalloc(3, sizeof(struct object_id));
	host_free(h);
}

static void an_image_goes_whole(void **s)
{
	struct image *i = xcalloc(1, sizeof(*i));

	(void)s;
	i->name = xstrdup("x");
	i->layers = xcalloc(2, sizeof(*i->layers));
	i->n_layers = 2;
	i->layers[1].path = xstrdup("/l");
	i->config.os = xstrdup("linux");
	strv_add(&i->config.env, "A=B");
	strv_add(&i->config.diff_ids, "sha256:0");
	i->passwd = xstrdup("root:x:0:0");
	image_free(i);
}

static void a_request_and_a_spec_go_whole(void **s)
{
	struct request *r = xcalloc(1, sizeof(*r));
	struct spec *p = xcalloc(1, sizeof(*p));

	(void)s;
	r->image = xstrdup("x");
	r->mounts = xcalloc(1, sizeof(*r->mounts));
	r->n_mounts = 1;
	r->mounts[0].target = xstrdup("/t");
	r->rlimits = xcalloc(1, sizeof(*r->rlimits));
	r->n_rlimits = 1;
	r->rlimits[0].name = xstrdup("nofile");
	strv_add(&r->cap_add, "CHOWN");
	request_free(r);
	strv_add(&p->argv, "sh");
	p->mounts = xcalloc(1, sizeof(*p->mounts));
	p->n_mounts = 1;
	p->mounts[0].facts.resolved = xstrdup("/r");
	p->mounts[0].facts.parents = xcalloc(1, sizeof(struct object_id));
	p->devices = xcalloc(1, sizeof(*p->devices));
	p->n_devices = 1;
	p->devices[0].path = xstrdup("/dev/null");
	p->files = xcalloc(1, sizeof(*p->files));
	p->n_files = 1;
	p->files[0].content = xstrdup("text");
	p->links = xcalloc(1, sizeof(*p->links));
	p->n_links = 1;
	p->links[0].content = xstrdup("target");
	p->seccomp_filter = xcalloc(1, sizeof(*p->seccomp_filter));
	p->n_seccomp_filter = 1;
	p->seccomp_filter[0].data = xmalloc(8);
	spec_free(p);
}

static void a_policy_and_a_verdict_go_whole(void **s)
{
	struct policy_set *set = xcalloc(1, sizeof(*set));
	struct verdict *v = xcalloc(1, sizeof(*v));
	struct rule *r;

	(void)s;
	set->layers = xcalloc(1, sizeof(*set->layers));
	set->n = 1;
	set->layers[0].file = xstrdup("/etc/immure/policy");
	r = set->layers[0].rules = xcalloc(1, sizeof(*r));
	set->layers[0].n = 1;
	r->text = xstrdup("permit bind");
	r->conds = xcalloc(1, sizeof(*r->conds));
	r->n_conds = 1;
	r->conds[0].value = xstrdup("/srv");
	r->conds[0].parents = xcalloc(1, sizeof(struct object_id));
	policy_set_free(set);
	v->findings = xcalloc(1, sizeof(*v->findings));
	v->n = 1;
	v->findings[0].what = xstrdup("bind");
	v->findings[0].advice = xstrdup("permit bind");
	verdict_free(v);
}

static void what_is_embedded_is_empty_afterwards(void **s)
{
	struct blob blob = { .name = xstrdup("n"),
			     .data = xmalloc(4),
			     .size = 4 };
	struct seccomp_profile p = { .n_rules = 1 };
	struct image_config c = { .os = xstrdup("linux") };

	(void)s;
	p.rules = xcalloc(1, sizeof(*p.rules));
	strv_add(&p.rules[0].names, "read");
	p.rules[0].args = xcalloc(1, sizeof(struct seccomp_arg));
	p.arch = xstrdup("amd64");
	for (int twice = 0; twice < 2; twice++) {
		blob_done(&blob);
		seccomp_profile_done(&p);
		image_config_done(&c);
	}
	assert_null(blob.data);
	assert_int_equal(blob.size, 0);
	assert_int_equal(p.n_rules, 0);
	assert_null(c.os);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(null_and_empty_nouns_are_freed),
		cmocka_unit_test(a_host_goes_whole),
		cmocka_unit_test(an_image_goes_whole),
		cmocka_unit_test(a_request_and_a_spec_go_whole),
		cmocka_unit_test(a_policy_and_a_verdict_go_whole),
		cmocka_unit_test(what_is_embedded_is_empty_afterwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
