/*
 * test_seccomp_words.c - the vocabulary of seccomp profiles, held against
 * the numbers of the system's own headers.
 */
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "unit.h"
#include "format/seccomp_words.h"
#include "immure/seccomp.h"

static const struct {
	const struct word *table;
	const char *what;
} tables[] = {
	{ seccomp_words_action, "action" },
	{ seccomp_words_op, "operator" },
	{ seccomp_words_flag, "flag" },
	{ seccomp_words_arch, "arch" },
	{ seccomp_words_errno, "errno" },
	{ seccomp_words_machine, "machine" },
	{ seccomp_words_value, "value" },
};

static void every_word_is_found_and_stands_once(void **state)
{
	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		const struct word *table = tables[t].table;

		for (size_t i = 0; table[i].name; i++) {
			struct err e = ERR_INIT;
			uint64_t v = ~0ull;

			assert_ok(seccomp_words_find(table, tables[t].what,
						     table[i].name, &v, &e),
				  &e);
			assert_int_equal(v, table[i].value);
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(table[k].name,
							table[i].name);
		}
	}
}

static void other_words_are_refused_with_the_nearest(void **state)
{
	static const struct {
		size_t table;
		const char *word, *part;
	} rows[] = {
		{ 0, "SCMP_ACT_ALOW",
		  "unknown action \"SCMP_ACT_ALOW\"; did you mean "
		  "SCMP_ACT_ALLOW?" },
		{ 1, "SCMP_CMP_MASK_EQ", "did you mean SCMP_CMP_MASKED_EQ?" },
		{ 3, "SCMP_ARCH_AMD64", "unknown arch" },
		{ 4, "EPRM", "did you mean EPERM?" },
		{ 5, "amd46", "did you mean amd64?" },
		{ 6, "AF_VSOK", "did you mean AF_VSOCK?" },
		{ 0, "", "unknown action \"\"" },
		{ 4, "nothing like it", "unknown errno \"nothing like it\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t v = 77;
		struct err e = ERR_INIT;

		assert_err(seccomp_words_find(tables[rows[i].table].table,
					      tables[rows[i].table].what,
					      rows[i].word, &v, &e),
			   &e, ERR_INPUT, rows[i].part);
		assert_int_equal(v, 77);
	}
	assert_int_equal(seccomp_words_find(seccomp_words_errno, "errno",
					    "eperm", &(uint64_t){ 0 }, NULL),
			 -1); /* only as it is written in errno.h */
}

static uint64_t value(const char *word)
{
	uint64_t v = 0;
	struct err e = ERR_INIT;

	assert_ok(
		seccomp_words_find(seccomp_words_value, "value", word, &v, &e),
		&e);
	return v;
}

static void numbers_are_those_of_the_system(void **state)
{
	static const struct {
		const char *word;
		uint64_t want;
	} rows[] = {
#define ROW(name) { #name, (uint64_t)(name) }
		ROW(AF_UNIX),	      ROW(AF_INET),
		ROW(AF_INET6),	      ROW(AF_NETLINK),
		ROW(AF_PACKET),	      ROW(AF_ALG),
		ROW(AF_VSOCK),	      ROW(AF_XDP),
		ROW(SOCK_STREAM),     ROW(SOCK_DGRAM),
		ROW(SOCK_RAW),	      ROW(SOCK_SEQPACKET),
		ROW(SOCK_CLOEXEC),    ROW(SOCK_NONBLOCK),
		ROW(IPPROTO_TCP),     ROW(IPPROTO_UDP),
		ROW(NETLINK_ROUTE),   ROW(NETLINK_XFRM),
		ROW(NETLINK_AUDIT),   ROW(NETLINK_NETFILTER),
		ROW(TCP_ULP),	      ROW(CLONE_NEWNS),
		ROW(CLONE_NEWCGROUP), ROW(CLONE_NEWUTS),
		ROW(CLONE_NEWIPC),    ROW(CLONE_NEWUSER),
		ROW(CLONE_NEWPID),    ROW(CLONE_NEWNET),
		ROW(TIOCSTI),	      ROW(TIOCGWINSZ),
		ROW(TIOCLINUX),	      ROW(TIOCSETD),
		ROW(S_IFIFO),	      ROW(S_IFCHR),
		ROW(S_IFBLK),
#undef ROW
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(value(rows[i].word), rows[i].want);
	/* SOL_TCP is a level of its own name */
	assert_int_equal(value("SOL_TCP"), IPPROTO_TCP);
}

/* "KILL" alone has always been that of the thread. */
static void the_plain_kill_is_the_threads(void **state)
{
	uint64_t plain = 0, thread = 1;

	(void)state;
	assert_true(word_find(seccomp_words_action, "SCMP_ACT_KILL", &plain));
	assert_true(word_find(seccomp_words_action, "SCMP_ACT_KILL_THREAD",
			      &thread));
	assert_int_equal(plain, thread);
	assert_int_equal(plain, SECCOMP_ACT_KILL_THREAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_found_and_stands_once),
		cmocka_unit_test(other_words_are_refused_with_the_nearest),
		cmocka_unit_test(numbers_are_those_of_the_system),
		cmocka_unit_test(the_plain_kill_is_the_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
