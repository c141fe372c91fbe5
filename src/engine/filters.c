/*
 * filters.c - a built-in profile without capabilities comes compiled with
 * the program; with capabilities, or from a file, it is compiled here.
 */
#include "engine/filters.h"

#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "format/landlock_rules.h"
#include "format/seccomp_json.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_record.h"

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

/* Linux 5.19 waits for the answer through every signal but a fatal one. */
static bool is_patient(const struct host *h)
{
	return h->kernel_major > 5 ||
	       (h->kernel_major == 5 && h->kernel_minor >= 19);
}

static int compile_record(struct spec *s, const struct host *h,
			  const char *name, const struct seccomp_profile *p,
			  struct err *e)
{
	const struct seccomp_record_how how = {
		.all = s->record_all,
		.allow = s->record_mode == RECORD_ALLOW,
		.patient = is_patient(h),
	};
	struct seccomp_recorded r;

	if (seccomp_record_compile(name, p, &how, &r, e) < 0)
		return -1;
	s->record_filter = xmemdup(&r.filter, sizeof(r.filter));
	s->record_judge = xmemdup(&r.judge, sizeof(r.judge));
	return 0;
}

/* Adds to the stack. `name` is a built-in's, or the file's absolute path: the
 * judge tells them apart by it. */
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
	struct blob filters[SECCOMP_STACK_MAX];
	size_t n;

	if (seccomp_json_parse(name, text, &facts, &p, e) < 0)
		return err_prefix(e, "seccomp profile");
	if (s->record)
		return compile_record(s, h, name, &p, e);
	if (seccomp_compile(name, &p, filters, &n, e) < 0)
		return err_prefix(e, "seccomp profile %s", name);
	for (size_t i = 0; i < n; i++) {
		*GROW(s->seccomp_filter, s->n_seccomp_filter) = filters[i];
		s->n_seccomp_filter++;
	}
	return 0;
}

static int compile_file(struct spec *s, const struct host *h, const char *file,
			struct err *e)
{
	auto_free char *path = path_absolute(file);
	AUTO(buf_done) struct buf text = BUF_INIT;

	if (!path)
		return err_sys(e, "where the seccomp profile %s is",
			       s->seccomp);
	if (file_read(path, PROFILE_MAX, &text, e) < 0)
		return err_prefix(e, "seccomp profile");
	return compile(s, h, path, &text, e);
}

int landlock_fill(struct spec *s, struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;

	if (!s->landlock_file)
		return 0;
	if (file_read(s->landlock_file, LANDLOCK_RULES_MAX, &text, e) < 0)
		return err_prefix(e, "--landlock-rules");
	return landlock_rules_parse(s->landlock_file, &text, &s->landlock_rules,
				    &s->n_landlock_rules, e);
}

int filters_of_bundle(struct spec *s, struct err *e)
{
	struct blob *filters;
	size_t n;

	if (!s->bundle->seccomp)
		return 0;
	filters = xcalloc(SECCOMP_STACK_MAX, sizeof(*filters));
	if (seccomp_compile(s->seccomp, s->bundle->seccomp, filters, &n, e) <
	    0) {
		free(filters);
		return err_prefix(e, "linux.seccomp");
	}
	s->seccomp_filter = filters;
	s->n_seccomp_filter = n;
	return 0;
}

static int fill_profile(struct spec *s, const struct host *h, struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const struct blob *b;
	const char *json;
	size_t n, len;

	b = seccomp_builtin(s->seccomp, &n);
	if (!b)
		return compile_file(s, h, s->seccomp, e);
	if (!s->caps && !s->record) {
		copy_builtin(s, b, n);
		return 0;
	}
	json = seccomp_builtin_json(s->seccomp, &len);
	buf_add(&text, json, len);
	return compile(s, h, s->seccomp, &text, e);
}

int filters_fill(struct spec *s, const struct host *h, struct err *e)
{
	if (!s->seccomp)
		return 0;
	if (fill_profile(s, h, e) < 0)
		return -1;
	return s->seccomp_narrow ? compile_file(s, h, s->seccomp_narrow, e) : 0;
}
