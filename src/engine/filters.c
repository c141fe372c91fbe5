/*
 * filters.c - a built-in profile without capabilities comes compiled with
 * the program; with capabilities, or from a file, it is compiled here.
 */
#include "engine/filters.h"

#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "engine/locate.h"
#include "format/seccomp_json.h"
#include "kernel/seccomp.h"

#define PROFILE_MAX (1u << 20)

static void copy_builtin(struct spec *s, const struct blob *b, size_t n)
{
	s->seccomp_filter = xcalloc(n, sizeof(*b));
	for (size_t i = 0; i < n; i++) {
		struct blob *to = &s->seccomp_filter[i];

		*to = b[i];
		to->name = xstrdup(b[i].name);
		to->data = xmemdup(b[i].data, b[i].size);
	}
	s->n_seccomp_filter = n;
}

static int compile(struct spec *s, const struct host *h, const char *path,
		   struct err *e)
{
	const struct seccomp_facts facts = {
		.caps = s->caps,
		.arch = h->arch,
		.kernel_major = h->kernel_major,
		.kernel_minor = h->kernel_minor,
	};
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT;
	struct blob *filters;
	size_t n;

	if (file_read(path, PROFILE_MAX, &text, e) < 0 ||
	    seccomp_json_parse(path, text.p, text.len, &facts, &p, e) < 0)
		return err_prefix(e, "seccomp profile");
	filters = xcalloc(SECCOMP_STACK_MAX, sizeof(*filters));
	if (seccomp_compile(s->seccomp, &p, filters, &n, e) < 0) {
		free(filters);
		return err_prefix(e, "seccomp profile %s", path);
	}
	s->seccomp_filter = filters;
	s->n_seccomp_filter = n;
	return 0;
}

int filters_fill(struct spec *s, const struct host *h, struct err *e)
{
	auto_free char *name = NULL, *path = NULL;
	const struct blob *b;
	size_t n;

	if (!s->seccomp)
		return 0;
	b = seccomp_builtin(s->seccomp, &n);
	if (!b)
		return compile(s, h, s->seccomp, e);
	if (!s->caps) {
		copy_builtin(s, b, n);
		return 0;
	}
	name = xasprintf("profiles/seccomp/%s.json", s->seccomp);
	path = locate_data(name, e);
	return path ? compile(s, h, path, e) : -1;
}
