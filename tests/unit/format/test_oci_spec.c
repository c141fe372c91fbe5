/*
 * test_oci_spec.c - config.json as a whole: what the tables of its members
 * say to `features`, limits, and warnings. Every member has a config.json of
 * its own in tests/oci.
 */
#include <linux/sched.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"
#include "format/oci_spec.h"
#include "plan/resolve.h"

#define HEAD                                                                   \
	"{\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"r\"},"                 \
	"\"process\":{\"cwd\":\"/\",\"args\":[\"a\"]},"                        \
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]}"

static struct spec *parse(const char *text, bool no_cgroups, struct err *e)
{
	const struct oci_facts facts = { .host = { .arch = "amd64" },
					 .no_cgroups = no_cgroups };
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_str(&b, text);
	return oci_spec_parse("config.json", &b, &facts, e);
}

static void the_least_that_is_needed_is_read(void **state)
{
	struct err e = ERR_INIT;
	AUTO(spec_free) struct spec *s = parse(HEAD "}", false, &e);

	(void)state;
	if (!s)
		fail_msg("%s", e.msg);
	assert_int_equal(s->unshare, CLONE_NEWNS);
	assert_string_equal(s->argv[0], "a");
	assert_string_equal(s->bundle->root_path, "r");
	assert_int_equal(s->umask, 022);
	assert_false(s->no_new_privs);
	assert_null(s->bundle->warnings);
}

static void a_config_beyond_the_limit_is_refused_unread(void **state)
{
	struct err e = ERR_INIT;
	auto_free char *text = xcalloc(OCI_SPEC_MAX + 2, 1);

	(void)state;
	memset(text, ' ', OCI_SPEC_MAX + 1);
	assert_null(parse(text, false, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void an_unknown_member_is_ignored_and_told(void **state)
{
	struct err e = ERR_INIT;
	AUTO(spec_free)
	struct spec *s = parse(HEAD ",\"x-vendor\":{}}", false, &e);

	(void)state;
	assert_non_null(s);
	assert_int_equal(strv_len(s->bundle->warnings), 1);
	assert_non_null(strstr(s->bundle->warnings[0], "x-vendor"));
}

static void features_tells_what_is_read_from_the_same_tables(void **state)
{
	(void)state;
	assert_true(oci_spec_reads("linux.seccomp"));
	assert_true(oci_spec_reads("process.capabilities.ambient"));
	assert_true(oci_spec_reads("hooks.poststop"));
	assert_false(oci_spec_reads("linux.intelRdt"));
	assert_false(oci_spec_reads("linux.netDevices"));
	assert_false(oci_spec_reads("linux.nothing"));
	assert_false(oci_spec_reads("process.cwd.below"));
}

static bool is_of_binds(const char *word)
{
	return strstr(word, "idmap") || strcmp(word, "copy-symlink") == 0;
}

static void every_mount_word_is_accepted_or_says_why_not(void **state)
{
	const char *word;

	(void)state;
	for (size_t i = 0; (word = oci_mount_word(i)); i++) {
		auto_free char *text = xasprintf(
			HEAD ",\"mounts\":[{\"destination\":\"/x\",\"type\":"
			     "\"%s\",\"source\":\"/s\",\"options\":"
			     "[\"%s\"]}]}",
			is_of_binds(word) ? "bind" : "tmpfs", word);
		struct err e = ERR_INIT;
		AUTO(spec_free) struct spec *s = parse(text, false, &e);

		if (!s && !strstr(e.msg, "known, and refused: "))
			fail_msg("%s: %s", word, e.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_that_is_needed_is_read),
		cmocka_unit_test(a_config_beyond_the_limit_is_refused_unread),
		cmocka_unit_test(an_unknown_member_is_ignored_and_told),
		cmocka_unit_test(
			features_tells_what_is_read_from_the_same_tables),
		cmocka_unit_test(every_mount_word_is_accepted_or_says_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
