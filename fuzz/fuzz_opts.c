/*
 * fuzz_opts.c - format/opts and opts_mount. The first byte chooses the
 * parser, the rest is its word.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/opts.h"
#include "format/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

typedef int mount_parser(const char *s, struct request_mount *ret,
			 struct err *e);

static void try_mount(mount_parser *parse, const char *s)
{
	AUTO(opts_mount_done) struct request_mount m = { 0 };
	struct err e = ERR_INIT;

	if (parse(s, &m, &e)) {
		must(*e.msg && !m.type && !m.target);
		return;
	}
	must(m.type && m.target && *m.target == '/' && m.target[1]);
	must(text_is_plain(m.target) && !strstr(m.target, "/../"));
	must(!strcmp(m.type, "bind") == !!m.source);
	must(!m.source || *m.source == '/' || *m.source == '.');
	must(m.tmpfs_mode <= 01777);
}

static void try_volume(const char *s, size_t n)
{
	(void)n;
	try_mount(opts_volume, s);
}

static void try_mount_word(const char *s, size_t n)
{
	(void)n;
	try_mount(opts_mount, s);
}

static void try_tmpfs(const char *s, size_t n)
{
	(void)n;
	try_mount(opts_tmpfs, s);
}

static void try_ulimit(const char *s, size_t n)
{
	struct request_rlimit r = { 0 };

	(void)n;
	if (!opts_ulimit(s, &r, NULL))
		must(r.name && r.soft <= r.hard);
	free(r.name);
}

static void try_device(const char *s, size_t n)
{
	AUTO(opts_device_done) struct opts_device d = { 0 };

	(void)n;
	if (opts_device(s, &d, NULL))
		return;
	must(*d.source == '/' && *d.target == '/' && d.target[1]);
	must(d.read || d.write || d.mknod);
}

static void try_idmap(const char *s, size_t n)
{
	struct spec_idmap m = { 0 };

	(void)n;
	if (opts_idmap(s, &m, NULL))
		return;
	must(m.count && (uint64_t)m.inside + m.count <= UINT32_MAX);
	must((uint64_t)m.outer + m.count <= UINT32_MAX);
}

static void try_env(const char *s, size_t n)
{
	char *const caller[] = { (char[]){ "A=1" }, NULL };
	struct opts_text t = { "fuzz", s, n };
	AUTO(strv_free) char **env = NULL;

	opts_env(s, caller, &env, NULL);
	opts_env_file(&t, caller, &env, NULL);
	strv_foreach (v, env)
		must(strchr(*v, '=') > *v);
}

static void try_signal(const char *s, size_t n)
{
	int sig = 0;

	(void)n;
	if (!opts_signal(s, &sig, NULL))
		must(sig >= 1 && sig <= 64);
}

static void (*const parsers[])(const char *s, size_t n) = {
	try_volume, try_mount_word, try_tmpfs, try_ulimit,
	try_device, try_idmap,	    try_env,   try_signal,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *s = NULL;

	if (!size)
		return 0;
	s = xcalloc(size, 1);
	memcpy(s, data + 1, size - 1);
	parsers[*data % ARRAY_SIZE(parsers)](s, size - 1);
	return 0;
}
