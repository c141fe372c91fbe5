/*
 * immure-profile.c - compiles seccomp profiles.
 *
 *	immure-profile --bpf FILE [--arch A] [--caps LIST] PROFILE.json
 *		writes its filters as raw BPF: FILE, and FILE.deny
 *
 *	immure-profile --emit-c PROFILE.json...
 *		prints C source with the filters, for the build
 *
 * What a profile grants and what is wrong with it is told by `immure seccomp`.
 * Installs nothing. A profile with a finding is not emitted: what is built in
 * must be beyond doubt.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/defaults.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/seccomp_json.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"

static const char usage[] =
	"usage: immure-profile --bpf FILE [--arch ARCH] [--caps CAP,CAP] "
	"PROFILE.json\n"
	"       immure-profile --emit-c PROFILE.json...\n";

/* What is built in, for a build on one machine and a use on another. */
static const char *const machines[] = { "amd64", "arm64" };

struct compiled {
	struct seccomp_profile p;
	struct seccomp_report report;
	struct blob filters[SECCOMP_STACK_MAX];
	size_t n;
};

static void compiled_done(struct compiled *c)
{
	seccomp_profile_done(&c->p);
	seccomp_report_done(&c->report);
	for (size_t i = 0; i < c->n; i++)
		blob_done(&c->filters[i]);
}
DEFINE_AUTO_DONE(struct compiled, compiled_done);

/* "profiles/seccomp/default.json" -> "default" */
static char *profile_name(const char *path)
{
	const char *base = path_base(path);
	size_t n = strlen(base);

	if (n > 5 && !strcmp(base + n - 5, ".json"))
		n -= 5;
	return xstrndup(base, n);
}

/* ---- C source ---- */

static void emit_text(const char *name, const struct buf *text)
{
	printf("static const char json_%s[] = {", name);
	for (size_t i = 0; i < text->len; i++)
		printf("%s%d,", i % 16 ? " " : "\n\t", text->p[i]);
	printf("\n\t0\n};\n\n");
}

static void emit_filter(const char *id, const struct blob *b)
{
	const struct sock_filter *f = b->data;

	printf("static const struct sock_filter %s[] = {\n", id);
	for (size_t i = 0; i < b->size / sizeof(*f); i++)
		printf("\t{ 0x%02x, %u, %u, 0x%08x },\n", f[i].code, f[i].jt,
		       f[i].jf, f[i].k);
	printf("};\n");
}

static void emit_stack(const char *name, const char *machine,
		       const struct compiled *c)
{
	for (size_t i = 0; i < c->n; i++) {
		auto_free char *id =
			xasprintf("insn_%s_%s_%zu", name, machine, i);

		emit_filter(id, &c->filters[i]);
	}
	printf("static const struct blob stack_%s_%s[] = {\n", name, machine);
	for (size_t i = 0; i < c->n; i++) {
		const struct blob *b = &c->filters[i];

		printf("\t{ (char *)\"%s\", (void *)insn_%s_%s_%zu,\n"
		       "\t  sizeof(insn_%s_%s_%zu), %llu,\n\t  \"%s\" },\n",
		       b->name, name, machine, i, name, machine, i,
		       (unsigned long long)b->flags, b->digest);
	}
	printf("};\n\n");
}

static int compile(const char *path, const struct buf *text,
		   const struct seccomp_facts *facts, struct compiled *c,
		   struct err *e)
{
	auto_free char *name = profile_name(path);

	if (seccomp_json_parse(path, text, facts, &c->p, e) < 0)
		return -1;
	if (seccomp_check(&c->p, &c->report, e) < 0 ||
	    seccomp_compile(name, &c->p, c->filters, &c->n, e) < 0)
		return err_prefix(e, "%s", path);
	return 0;
}

static int emit_machine(const char *path, const struct buf *text,
			const char *machine, struct err *e)
{
	/* no rule of a built-in profile asks for a kernel */
	const struct seccomp_facts facts = { .arch = machine };
	AUTO(compiled_done) struct compiled c = { 0 };
	auto_free char *name = profile_name(path);

	if (compile(path, text, &facts, &c, e) < 0)
		return -1;
	if (c.report.n)
		return err_set(e, ERR_INPUT, "%s: %s: %s", path,
			       seccomp_finding_word(c.report.v[0].kind),
			       c.report.v[0].text);
	emit_stack(name, machine, &c);
	return 0;
}

static int emit_profile(const char *path, struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	auto_free char *name = profile_name(path);

	if (strspn(name, "abcdefghijklmnopqrstuvwxyz_") != strlen(name))
		return err_set(e, ERR_USAGE,
			       "%s: the name of a built-in profile is made of "
			       "small letters",
			       path);
	if (file_read(path, SECCOMP_JSON_MAX, &text, e) < 0)
		return -1;
	emit_text(name, &text);
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (emit_machine(path, &text, machines[i], e) < 0)
			return -1;
	return 0;
}

static void emit_row(const char *name, const char *machine)
{
	printf("\t{ \"%s\", \"%s\", stack_%s_%s,\n"
	       "\t  sizeof(stack_%s_%s) / sizeof(stack_%s_%s[0]),\n"
	       "\t  json_%s, sizeof(json_%s) - 1 },\n",
	       name, machine, name, machine, name, machine, name, machine, name,
	       name);
}

static int emit_all(char *const *paths, struct err *e)
{
	printf("/* Made by immure-profile. Do not edit. */\n"
	       "#include <linux/filter.h>\n"
	       "#include \"kernel/seccomp_builtin.h\"\n\n");
	strv_foreach (path, paths)
		if (emit_profile(*path, e) < 0)
			return -1;
	printf("const struct seccomp_builtin seccomp_builtin_table[] = {\n");
	strv_foreach (path, paths) {
		auto_free char *name = profile_name(*path);

		for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
			emit_row(name, machines[i]);
	}
	printf("\t{ 0 }\n};\n\n"
	       "const char *const seccomp_builtin_list[] = {\n");
	strv_foreach (path, paths) {
		auto_free char *name = profile_name(*path);

		printf("\t\"%s\",\n", name);
	}
	printf("\t0\n};\n");
	return 0;
}

/* ---- raw BPF ---- */

static int write_bpf(const struct compiled *c, const char *file, struct err *e)
{
	for (size_t i = 0; i < c->n; i++) {
		auto_free char *name =
			xasprintf("%s%s", file, i ? ".deny" : "");

		if (file_write_at(AT_FDCWD, name, c->filters[i].data,
				  c->filters[i].size, e) < 0)
			return -1;
	}
	return 0;
}

struct options {
	const char *arch, *bpf, *profile;
	uint64_t caps;
};

static int parse_caps(const char *list, uint64_t *ret, struct err *e)
{
	AUTO(strv_free) char **names = strv_split(list, ',');
	uint64_t caps = 0;

	strv_foreach (name, names) {
		unsigned cap;

		if (cap_parse(*name, "--caps", &cap, e) < 0)
			return -1;
		caps |= 1ull << cap;
	}
	*ret = caps;
	return 0;
}

static int parse_options(char *const *argv, struct options *o, struct err *e)
{
	for (; *argv; argv++) {
		const char *a = *argv;

		if (a[0] != '-' && !o->profile) {
			o->profile = a;
			continue;
		}
		if (a[0] != '-' || !argv[1])
			return err_set(e, ERR_USAGE, "%s: what is it for?", a);
		argv++;
		if (!strcmp(a, "--arch"))
			o->arch = *argv;
		else if (!strcmp(a, "--bpf"))
			o->bpf = *argv;
		else if (strcmp(a, "--caps"))
			return err_set(e, ERR_USAGE, "unknown flag %s", a);
		else if (parse_caps(*argv, &o->caps, e) < 0)
			return -1;
	}
	if (!o->profile || !o->bpf)
		return err_set(e, ERR_USAGE, "%s given",
			       o->profile ? "no --bpf" : "no profile");
	return 0;
}

static int this_kernel(struct seccomp_facts *f, struct err *e)
{
	struct utsname u;

	if (uname(&u) < 0)
		return err_sys(e, "uname");
	if (sscanf(u.release, "%u.%u", &f->kernel_major, &f->kernel_minor) != 2)
		return err_set(e, ERR_HOST, "no kernel version: %s", u.release);
	return 0;
}

static int write_filters(char *const *argv, struct err *e)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT;
	struct options o = { 0 };
	struct seccomp_facts facts = { 0 };
	const struct seccomp_machine *m;

	if (parse_options(argv, &o, e) < 0 || this_kernel(&facts, e) < 0)
		return -1;
	m = seccomp_machine_find(o.arch);
	if (!m)
		return err_set(e, ERR_USAGE, "--arch: amd64 and arm64 only");
	facts.arch = m->name;
	facts.caps = o.caps;
	if (file_read(o.profile, SECCOMP_JSON_MAX, &text, e) < 0)
		return -1;
	if (compile(o.profile, &text, &facts, &c, e) < 0)
		return -1;
	return write_bpf(&c, o.bpf, e);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int r;

	log_name("immure-profile");
	if (argc < 2) {
		fputs(usage, stderr);
		return err_exit_status(ERR_USAGE);
	}
	r = fd_sanitize_stdio(&e);
	if (!r && !strcmp(argv[1], "--emit-c"))
		r = emit_all(argv + 2, &e);
	else if (!r)
		r = write_filters(argv + 1, &e);
	if (!r && (fflush(stdout) || ferror(stdout)))
		r = err_sys(&e, "write standard output");
	if (r)
		log_error(&e);
	return r ? err_exit_status(e.kind) : 0;
}
