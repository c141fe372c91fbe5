/*
 * test_opts_mount.c - what -v, --mount and --tmpfs ask for.
 */
#include "format/opts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/table.h"

typedef int parser(const char *s, struct request_mount *ret, struct err *e);

/* "bind /src /dst rw,exec,…": a mount on one line. Heap. */
static char *shown(const struct request_mount *m)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b, "%s %s %s %s", m->type, m->source ? m->source : "-",
		   m->target, m->writable ? "rw" : "ro");
	buf_str(&b, m->exec ? ",exec" : "");
	buf_str(&b, m->suid ? ",suid" : "");
	buf_str(&b, m->dev ? ",dev" : "");
	buf_str(&b, m->recursive ? "" : ",bind");
	if (m->tmpfs_size)
		buf_printf(&b, ",size=%llu", (unsigned long long)m->tmpfs_size);
	if (m->tmpfs_mode)
		buf_printf(&b, ",mode=%o", m->tmpfs_mode);
	return buf_take(&b);
}

struct row {
	parser *parse;
	const char *in, *out;
};
#define V opts_volume
#define M opts_mount
#define T opts_tmpfs

static const struct row good[] = {
	{ V, "/a:/b", "bind /a /b ro,exec" },
	{ V, "/a:/b:ro", "bind /a /b ro,exec" },
	{ V, "/a:/b:rw", "bind /a /b rw,exec" },
	{ V, "./a:/b", "bind ./a /b ro,exec" },
	{ V, "../a:/b", "bind ../a /b ro,exec" },
	{ V, ".:/b", "bind . /b ro,exec" },
	{ V, "..:/b", "bind .. /b ro,exec" },
	{ V, "/:/b", "bind / /b ro,exec" },
	{ V, "/a b:/c d", "bind /a b /c d ro,exec" },
	{ V, "/a:/b//c/./d/../e/", "bind /a /b/c/e ro,exec" },
	{ V, "/a:/../../etc", "bind /a /etc ro,exec" },
	{ V, "/a:/b:z", "bind /a /b ro,exec" },
	{ V, "/a:/b:Z,rw", "bind /a /b rw,exec" },
	{ V, "/a:/b:rw,noexec", "bind /a /b rw" },
	{ V, "/a:/b:exec", "bind /a /b ro,exec" },
	{ V, "/a:/b:suid,dev", "bind /a /b ro,exec,suid,dev" },
	{ V, "/a:/b:nosuid,nodev", "bind /a /b ro,exec" },
	{ V, "/a:/b:bind", "bind /a /b ro,exec,bind" },
	{ V, "/a:/b:rbind,rprivate", "bind /a /b ro,exec" },
	{ V, "/a:/b:rw,private,cached", "bind /a /b rw,exec" },
	{ M, "type=bind,src=/a,dst=/b", "bind /a /b ro,exec" },
	{ M, "type=bind,source=/a,destination=/b", "bind /a /b ro,exec" },
	{ M, "dst=/b,src=./a,type=bind", "bind ./a /b ro,exec" },
	{ M, "type=bind,src=/a,target=/b,rw", "bind /a /b rw,exec" },
	{ M, "type=bind,src=/a,dst=/b,ro", "bind /a /b ro,exec" },
	{ M, "type=bind,src=/a,dst=/b,readonly", "bind /a /b ro,exec" },
	{ M, "type=bind,src=/a,dst=/b,ro=true", "bind /a /b ro,exec" },
	{ M, "type=bind,src=/a,dst=/b,ro=false", "bind /a /b rw,exec" },
	{ M, "type=bind,src=/a,dst=/b,readonly=0", "bind /a /b rw,exec" },
	{ M, "type=bind,src=/a,dst=/b,rw=1", "bind /a /b rw,exec" },
	{ M, "type=bind,src=/a,dst=/b,rw=false", "bind /a /b ro,exec" },
	{ M, "type=bind,src=/a,dst=/b,noexec", "bind /a /b ro" },
	{ M, "type=bind,src=/a,dst=/b,exec=false", "bind /a /b ro" },
	{ M, "type=bind,src=/a,dst=/b,dev,suid",
	  "bind /a /b ro,exec,suid,dev" },
	{ M, "type=bind,src=/a,dst=/b,bind-propagation=rprivate",
	  "bind /a /b ro,exec" },
	{ M, "type=bind,src=/a,dst=/b,bind-nonrecursive",
	  "bind /a /b ro,exec,bind" },
	{ M, "type=bind,src=/a,dst=/b,bind-nonrecursive=false",
	  "bind /a /b ro,exec" },
	{ M, "type=bind,src=/a,dst=/b,bind-recursive=disabled",
	  "bind /a /b ro,exec,bind" },
	{ M, "type=bind,src=/a,dst=/b,consistency=cached,relabel=shared",
	  "bind /a /b ro,exec" },
	{ M, "type=bind,src=/a:b,dst=/c:d", "bind /a:b /c:d ro,exec" },
	{ M, "type=bind,\"src=/a,b\",dst=/c", "bind /a,b /c ro,exec" },
	{ M, "\"type=bind\",\"src=/a\"\"b\",\"dst=/c\"",
	  "bind /a\"b /c ro,exec" },
	{ M, "type=bind,src=/a=b,dst=/c=d", "bind /a=b /c=d ro,exec" },
	{ M, "type=tmpfs,dst=/t", "tmpfs - /t rw" },
	{ M, "dst=/t,exec,type=tmpfs", "tmpfs - /t rw,exec" },
	{ M, "type=tmpfs,dst=/t,ro", "tmpfs - /t ro" },
	{ M, "type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=0700",
	  "tmpfs - /t rw,size=1048576,mode=700" },
	{ M, "type=tmpfs,dst=/t,tmpfs-mode=1777", "tmpfs - /t rw,mode=1777" },
	{ T, "/t", "tmpfs - /t rw" },
	{ T, "/t//x/", "tmpfs - /t/x rw" },
	{ T, "/t:rw,noexec,nosuid,size=65536k", "tmpfs - /t rw,size=67108864" },
	{ T, "/t:ro", "tmpfs - /t ro" },
	{ T, "/t:exec,dev,suid", "tmpfs - /t rw,exec,suid,dev" },
	{ T, "/t:mode=755", "tmpfs - /t rw,mode=755" },
	{ T, "/t:size=1g,mode=01777",
	  "tmpfs - /t rw,size=1073741824,mode=1777" },
};

static const struct row bad[] = {
	{ V, "", "SOURCE:TARGET" },
	{ V, "/a", "SOURCE:TARGET" },
	{ V, ":", "source is empty" },
	{ V, ":/b", "source is empty" },
	{ V, "/a:", "not absolute" },
	{ V, "/a:b", "not absolute" },
	{ V, "/a:./b", "not absolute" },
	{ V, "/a:ro", "not absolute" },
	{ V, "name:/b", "named volumes" },
	{ V, ".hidden:/b", "named volumes" },
	{ V, "~/a:/b", "named volumes" },
	{ V, "/a:/", "cannot be mounted over" },
	{ V, "/a:/b/..", "cannot be mounted over" },
	{ V, "/a:/b:", "an option is empty" },
	{ V, "/a:/b:ro,", "an option is empty" },
	{ V, "/a:/b:,ro", "an option is empty" },
	{ V, "/a:/b:ro:rw", "more than three" },
	{ V, "/a:/b:ro,rw", "contradicts" },
	{ V, "/a:/b:ro,ro", "said twice" },
	{ V, "/a:/b:exec,noexec", "contradicts" },
	{ V, "/a:/b:suid,nosuid", "contradicts" },
	{ V, "/a:/b:dev,nodev", "contradicts" },
	{ V, "/a:/b:bind,rbind", "contradicts" },
	{ V, "/a:/b:z,Z", "contradicts" },
	{ V, "/a:/b:rox", "did you mean ro" },
	{ V, "/a:/b:RO", "unknown option" },
	{ V, "/a:/b:noexce", "did you mean noexec" },
	{ V, "/a:/b: ro", "unknown option" },
	{ V, "/a:/b:shared", "not supported" },
	{ V, "/a:/b:rslave", "not supported" },
	{ V, "/a:/b:U", "not supported" },
	{ V, "/a:/b:O", "not supported" },
	{ V, "/a:/b:nocopy", "not supported" },
	{ V, "/a:/b:idmap=uids", "not supported" },
	{ V, "/a:/b:type=bind", "unknown option" },
	{ V, "/a:/b:size=1m", "unknown option" },
	{ V, "/a:/b:z=1", "takes no value" },
	{ V, "/a:/b:ro=maybe", "true, false" },
	{ V, "/a:/b:\033[2J", "\\x1b" },
	{ V, "/a\n:/b", "control" },
	{ V, "/a:/b\t", "control" },
	{ M, "", "an option is empty" },
	{ M, ",", "an option is empty" },
	{ M, "type=bind", "dst= is missing" },
	{ M, "src=/a,dst=/b", "type=bind or" },
	{ M, "type=bind,dst=/b", "src= is missing" },
	{ M, "type=bind,src=/a", "dst= is missing" },
	{ M, "type=bind,src=/a,dst=/b,", "an option is empty" },
	{ M, "type=bind,,src=/a,dst=/b", "an option is empty" },
	{ M, "type=bind,src=,dst=/b", "the value is empty" },
	{ M, "type=bind,src=/a,dst=", "the value is empty" },
	{ M, "type=bind,src,dst=/b", "the value is empty" },
	{ M, "type=,src=/a,dst=/b", "the value is empty" },
	{ M, "=x,type=bind,src=/a,dst=/b", "an option is empty" },
	{ M, "type=bind,src=/a,dst=/b,ro=", "true, false" },
	{ M, "type=bind,src=/a,dst=/b,ro=yes", "true, false" },
	{ M, "type=bind,type=bind,src=/a,dst=/b", "said twice" },
	{ M, "type=bind,src=/a,source=/c,dst=/b", "said twice" },
	{ M, "type=bind,src=/a,dst=/b,target=/b", "said twice" },
	{ M, "type=bind,src=/a,dst=/b,ro,readonly", "said twice" },
	{ M, "type=bind,src=/a,dst=/b,ro,rw", "contradicts" },
	{ M, "type=bind,src=/a,dst=/b,colour=red", "unknown option" },
	{ M, "type=bind,src=/a,dest=/b", "unknown option" },
	{ M, "type=bind,src=/a,dst=/b,Readonly", "did you mean readonly" },
	{ M, "TYPE=bind,src=/a,dst=/b", "unknown option" },
	{ M, "type=volume,src=a,dst=/b", "unknown type" },
	{ M, "type=npipe,src=a,dst=/b", "unknown type" },
	{ M, "type=Bind,src=/a,dst=/b", "unknown type" },
	{ M, "type=bind,src=a,dst=/b", "named volumes" },
	{ M, "type=bind,src=/a,dst=b", "not absolute" },
	{ M, "type=bind,src=/a,dst=/", "cannot be mounted over" },
	{ M, "type=bind,src=/a,dst=/b,bind-propagation=shared",
	  "unknown propagation" },
	{ M, "type=bind,src=/a,dst=/b,bind-propagation=x",
	  "unknown propagation" },
	{ M, "type=bind,src=/a,dst=/b,bind-propagation=", "empty" },
	{ M, "type=bind,src=/a,dst=/b,bind-recursive=readonly",
	  "enabled or disabled" },
	{ M, "type=bind,src=/a,dst=/b,consistency=x", "consistency" },
	{ M, "type=bind,src=/a,dst=/b,relabel=x", "relabel" },
	{ M, "type=bind,src=/a,dst=/b,volume-opt=x", "not supported" },
	{ M, "type=bind,src=/a,dst=/b,z", "unknown option" },
	{ M, "type=bind,src=/a,dst=/b,tmpfs-size=1m", "type=tmpfs" },
	{ M, "type=bind,src=/a,dst=/b,tmpfs-mode=1777", "type=tmpfs" },
	{ M, "type=tmpfs,src=/a,dst=/b", "type=bind" },
	{ M, "type=tmpfs,dst=/b,bind-propagation=private", "type=bind" },
	{ M, "type=tmpfs,dst=/b,relabel=shared", "type=bind" },
	{ M, "type=tmpfs,dst=/b,bind-nonrecursive", "type=bind" },
	{ M, "type=tmpfs,dst=/b,tmpfs-size=0", "without a size" },
	{ M, "type=tmpfs,dst=/b,tmpfs-size=-1", "size" },
	{ M, "type=tmpfs,dst=/b,tmpfs-size=50%", "size" },
	{ M, "type=tmpfs,dst=/b,tmpfs-mode=9", "mode" },
	{ M, "type=tmpfs,dst=/b,tmpfs-mode=4777", "1777" },
	{ M, "type=tmpfs,dst=/b,tmpfs-mode=0", "1777" },
	{ M, "type=bind,\"src=/a,dst=/b", "double quote" },
	{ M, "type=bind,\"src=/a\"x,dst=/b", "double quote" },
	{ M, "type=bind,src=\"/a\",dst=/b", "double quote" },
	{ M, "\"", "double quote" },
	{ M, "type=bind,src=/a,dst=/b,\"\"", "an option is empty" },
	{ T, "", "not absolute" },
	{ T, "t", "not absolute" },
	{ T, ":size=1m", "not absolute" },
	{ T, "/", "cannot be mounted over" },
	{ T, "/t:", "an option is empty" },
	{ T, "/t:size", "the value is empty" },
	{ T, "/t:size=", "the value is empty" },
	{ T, "/t:size=0", "without a size" },
	{ T, "/t:size=1x", "size" },
	{ T, "/t:size=99999999999g", "size" },
	{ T, "/t:mode=77777", "mode" },
	{ T, "/t:mode=u+x", "mode" },
	{ T, "/t:rw,ro", "contradicts" },
	{ T, "/t:size=1m,size=2m", "said twice" },
	{ T, "/t:uid=0", "not supported" },
	{ T, "/t:nr_inodes=5", "not supported" },
	{ T, "/t:z", "unknown option" },
	{ T, "/t:tmpfs-size=1m", "unknown option" },
	{ T, "/t\n", "control" },
	{ T, "/t:size=1m:ro", "size" },
};

static void mounts_parse_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		AUTO(opts_mount_done) struct request_mount m = { 0 };
		auto_free char *got = NULL;
		struct err e = ERR_INIT;

		if (good[i].parse(good[i].in, &m, &e))
			fail_msg("%s: %s", good[i].in, e.msg);
		got = shown(&m);
		if (strcmp(got, good[i].out))
			fail_msg("%s: %s, not %s", good[i].in, got,
				 good[i].out);
	}
}

static void bad_mounts_are_refused_each_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct request_mount m = { .tmpfs_mode = 77 };
		struct err e = ERR_INIT;

		if (!bad[i].parse(bad[i].in, &m, &e))
			fail_msg("accepted: %s", bad[i].in);
		assert_int_equal(m.tmpfs_mode, 77);
		assert_null(m.target);
		assert_int_equal(e.kind, ERR_USAGE);
		assert_null(strchr(e.msg, '\033'));
		if (!strstr(e.msg, bad[i].out))
			fail_msg("%s: %s (no \"%s\")", bad[i].in, e.msg,
				 bad[i].out);
	}
}

static void long_words_are_refused(void **state)
{
	static parser *const parsers[] = { V, M, T };
	auto_free char *s = xcalloc(20001, 1);
	struct request_mount m = { 0 };

	(void)state;
	memset(s, '/', 20000);
	for (size_t i = 0; i < ARRAY_SIZE(parsers); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(parsers[i](s, &m, &e), -1);
		assert_non_null(strstr(e.msg, "16383"));
	}
	memset(s, 'a', 20000);
	memcpy(s, "/x:/", 4);
	s[4 + 4095] = '\0';
	assert_int_equal(opts_volume(s, &m, NULL), -1);
	s[4 + 4094] = '\0';
	assert_int_equal(opts_volume(s, &m, NULL), 0);
	opts_mount_done(&m);
	memset(s, 'a', 20000);
	s[0] = '/';
	memcpy(s + 4096, ":/x", 4);
	assert_int_equal(opts_volume(s, &m, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mounts_parse_as_the_table_says),
		cmocka_unit_test(bad_mounts_are_refused_each_with_its_reason),
		cmocka_unit_test(long_words_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
