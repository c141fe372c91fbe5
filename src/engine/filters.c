/*
 * filters.c - a built-in profile without capabilities comes compiled with
 * the program; with capabilities, or from a file, it is compiled here.
 */
#include "engine/filters.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "format/seccomp_json.h"
#include "kernel/seccomp.h"

#define PROFILE_MAX (1u << 20)

static char *path_absolute(const char *path, struct err *e)
{
	char here[PATH_MAX];

	if (*path == '/')
		return path_clean(path);
	if (!getcwd(here, sizeof(here))) {
		err_sys(e, "where the seccomp profile %s is", path);
		return NULL;
	}
	auto_free char *joined = path_join(here, path);

	return path_clean(joined);
}

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

/* `name` is a built-in's, or the file's absolute path: the judge tells them
 * apart by it. */
static int compile(struct spec *s, const struct host *h, const char *name,
		   struct buf *text, struct err *e)
{
	const struct seccomp_facts facts = {
		.caps = s->caps,
		.arch = h->arch,
		.kernel_major = h->kernel_major,
		.kernel_minor = h->kernel_minor,
	};
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct blob *filters;
	size_t n;

	if (seccomp_json_parse(name, text, &facts, &p, e) < 0)
		return err_prefix(e, "seccomp profile");
	filters = xcalloc(SECCOMP_STACK_MAX, sizeof(*filters));
	if (seccomp_compile(name, &p, filters, &n, e) < 0) {
		free(filters);
		return err_prefix(e, "seccomp profile %s", name);
	}
	s->seccomp_filter = filters;
	s->n_seccomp_filter = n;
	return 0;
}

static int compile_file(struct spec *s, const struct host *h, struct err *e)
{
	auto_free char *path = path_absolute(s->seccomp, e);
	AUTO(buf_done) struct buf text = BUF_INIT;

	if (!path || file_read(path, PROFILE_MAX, &text, e) < 0)
		return err_prefix(e, "seccomp profile");
	return compile(s, h, path, &text, e);
}

int filters_fill(struct spec *s, const struct host *h, struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const struct blob *b;
	const char *json;
	size_t n, len;

	if (!s->seccomp)
		return 0;
	b = seccomp_builtin(s->seccomp, &n);
	if (!b)
		return compile_file(s, h, e);
	if (!s->caps) {
		copy_builtin(s, b, n);
		return 0;
	}
	json = seccomp_builtin_json(s->seccomp, &len);
	buf_add(&text, json, len);
	return compile(s, h, s->seccomp, &text, e);
}
