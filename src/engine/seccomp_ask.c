/*
 * seccomp_ask.c - finds out what a word means, and opens it.
 *
 * Compiles profiles as a start does; installs nothing.
 */
#include "engine/seccomp_ask.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include "base/alloc.h"
#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "base/sha256.h"
#include "base/strv.h"
#include "engine/seccomp_parts.h"
#include "format/seccomp_json.h"
#include "kernel/seccomp_read.h"

#define PID_MAX 4194304u

void filters_free(struct filters *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		blob_done(&f->v[i]);
	free(f->v);
	seccomp_named_done(&f->l);
	seccomp_report_done(&f->report);
	seccomp_profile_done(&f->p);
	free(f->name);
	free(f);
}

int filters_check(const struct filters *f, struct err *e)
{
	if (f->refused.kind == ERR_NONE || f->n)
		return 0;
	*e = f->refused;
	return -1;
}

static int read_kernel(const char *given, struct seccomp_facts *ret,
		       struct err *e)
{
	AUTO(strv_free) char **parts = NULL;
	struct utsname u;
	uint32_t major, minor;

	if (!given && uname(&u) < 0)
		return err_sys(e, "uname");
	parts = strv_split(given ? given : u.release, '.');
	if (strv_len(parts) < 2)
		return err_set(e, ERR_USAGE, "--kernel: %s is not MAJOR.MINOR",
			       given ? given : u.release);
	/* "6.18-rc1": the digits */
	parts[1][strspn(parts[1], "0123456789")] = 0;
	if (num_u32(parts[0], "--kernel", &major, e) < 0 ||
	    num_u32(parts[1], "--kernel", &minor, e) < 0)
		return -1;
	ret->kernel_major = major;
	ret->kernel_minor = minor;
	return 0;
}

/* A bundle's config.json: the profile is a part of it. */
static int parse_profile(struct filters *f, struct json_object *o,
			 const struct seccomp_facts *facts, struct err *e)
{
	struct json_object *linux_part = NULL, *part = NULL;

	if (json_get_obj(o, "linux", &linux_part, NULL) == 0 && linux_part) {
		if (json_get_obj(linux_part, "seccomp", &part, e) < 0)
			return err_prefix(e, "%s: linux", f->name);
		if (!part)
			return err_set(e, ERR_INPUT,
				       "%s: the bundle has no seccomp profile",
				       f->name);
	}
	return seccomp_json_read(f->name, part ? part : o, facts, &f->p, e);
}

static int open_profile(struct filters *f, const struct buf *text,
			const struct filters_ask *ask, struct err *e)
{
	struct seccomp_facts facts = { .caps = ask->caps, .arch = f->m->name };
	AUTO(json_free) struct json_object *o = NULL;

	f->kind = FILTERS_PROFILE;
	f->caps = ask->caps;
	if (read_kernel(ask->kernel, &facts, e) < 0)
		return -1;
	o = json_parse(f->name, text->p, text->len, e);
	if (!o || parse_profile(f, o, &facts, e) < 0)
		return -1;
	seccomp_named_collect(&f->p, f->m, &f->l, NULL);
	if (seccomp_check(&f->p, &f->report, &f->refused) < 0)
		return 0;
	f->v = xcalloc(SECCOMP_STACK_MAX, sizeof(*f->v));
	if (seccomp_compile(f->name, &f->p, f->v, &f->n, &f->refused) == 0)
		return 0;
	/* kept for whoever asks, with the stricter of contradicting rules */
	f->p.tolerant = true;
	if (seccomp_compile(f->name, &f->p, f->v, &f->n, NULL) < 0)
		f->n = 0;
	return 0;
}

static int open_bpf(struct filters *f, const struct buf *bytes, struct err *e)
{
	size_t n = bytes->len / sizeof(struct sock_filter);
	char hex[SHA256_HEX + 1];

	f->kind = FILTERS_BPF;
	if (!n || bytes->len % sizeof(struct sock_filter) || n > BPF_MAXINSNS)
		return err_set(e, ERR_INPUT,
			       "%s: neither a profile (JSON) nor a BPF program "
			       "(1 to %d instructions of 8 bytes)",
			       f->name, BPF_MAXINSNS);
	f->v = xcalloc(1, sizeof(*f->v));
	f->n = 1;
	f->v[0].name = xstrdup(f->name);
	f->v[0].data = xmemdup(bytes->p, bytes->len);
	f->v[0].size = bytes->len;
	sha256_of(bytes->p, bytes->len, hex);
	memcpy(f->v[0].digest, "sha256:", 7);
	memcpy(f->v[0].digest + 7, hex, sizeof(hex));
	return 0;
}

static int open_file(struct filters *f, const struct filters_ask *ask,
		     struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	size_t blank;

	if (file_read(f->name, SECCOMP_JSON_MAX, &b, e) < 0)
		return -1;
	buf_char(&b, 0); /* for strspn; no part of the text */
	b.len--;
	blank = strspn(b.p, " \t\r\n");
	if (b.p[blank] == '{')
		return open_profile(f, &b, ask, e);
	return open_bpf(f, &b, e);
}

static int open_process(struct filters *f, uint64_t pid, struct err *e)
{
	f->kind = FILTERS_PROCESS;
	return seccomp_read((pid_t)pid, &f->v, &f->n, e);
}

static int open_word(struct filters *f, const struct filters_ask *ask,
		     struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const char *json;
	uint64_t pid;
	size_t len;

	json = seccomp_builtin_json(f->name, &len);
	if (json) {
		buf_add(&text, json, len);
		return open_profile(f, &text, ask, e);
	}
	if (num_u64(f->name, PID_MAX, "process", &pid, NULL) == 0 && pid)
		return open_process(f, pid, e);
	if (path_is_there(f->name))
		return open_file(f, ask, e);
	return err_set(e, ERR_MISSING,
		       "%s: no built-in profile, process, file or running "
		       "sandbox (immure ps)",
		       f->name);
}

struct filters *filters_open(const char *word, const struct filters_ask *ask,
			     struct err *e)
{
	AUTO(filters_free) struct filters *f = xcalloc(1, sizeof(*f));
	const struct err none = ERR_INIT;

	f->refused = none;
	f->name = xstrdup(word);
	f->m = seccomp_machine_find(ask->arch);
	if (!f->m) {
		err_set(e, ERR_USAGE, "--arch: %s: amd64 and arm64 only",
			ask->arch ? ask->arch : "this machine");
		return NULL;
	}
	if (open_word(f, ask, e) < 0)
		return NULL;
	return TAKE(f);
}

struct filters *filters_open_stack(const char *name, const struct blob *v,
				   size_t n, struct err *e)
{
	AUTO(filters_free) struct filters *f = xcalloc(1, sizeof(*f));
	const struct err none = ERR_INIT;

	f->refused = none;
	f->kind = FILTERS_PROCESS;
	f->name = xstrdup(name);
	f->m = seccomp_machine_find(NULL);
	for (size_t i = 0; i < n; i++) {
		struct blob *to = GROW(f->v, f->n);

		*to = v[i];
		to->name = xstrdup(v[i].name);
		to->data = xmemdup(v[i].data, v[i].size);
		f->n++;
	}
	if (f->m && f->n)
		return TAKE(f);
	err_set(e, ERR_MISSING, "%s: it runs without a filter of its own",
		name);
	return NULL;
}
