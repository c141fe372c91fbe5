/* test_defaults.c - base/defaults: names of capabilities and signals, and
 * tables that hang together. */
#include <sys/resource.h>
#include "unit.h"
#include "base/defaults.h"
#include "base/path.h"

static void capabilities_are_found_whatever_their_case(void **state)
{
	static const struct {
		const char *name;
		unsigned want;
	} rows[] = {
		{ "CAP_NET_RAW", 13 },	      { "net_raw", 13 },
		{ "Cap_Net_Raw", 13 },	      { "CHOWN", 0 },
		{ "checkpoint_restore", 40 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		unsigned got = 99;

		assert_ok(cap_parse(rows[i].name, "--cap-add", &got, &e), &e);
		assert_int_equal(got, rows[i].want);
	}
}

static void other_capabilities_are_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"CAP_",
		"NETRAW_",
		"CAP_CAP_CHOWN",
		"all",
		"13",
		("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "a"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		unsigned got = 99;

		assert_err(cap_parse(rows[i], "--cap-add", &got, &e), &e,
			   ERR_USAGE, "--cap-add");
		assert_int_equal(got, 99);
	}
}

static void each_capability_has_its_number(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CAP_COUNT; i++)
		assert_int_equal(cap_words[i].value, i);
	assert_null(cap_words[CAP_COUNT].name);
	assert_int_equal(__builtin_popcountll(CAPS_COMPAT), 11);
}

static void signals_have_names_and_numbers(void **state)
{
	static const struct {
		const char *name;
		int want;
	} rows[] = {
		{ "TERM", 15 },	    { "sigterm", 15 }, { "15", 15 },
		{ "SIGRTMIN", 34 }, { "RTMIN+1", 35 }, { "RTMAX", 64 },
		{ "RTMAX-3", 61 },  { "64", 64 },      { "SIGPWR", 30 },
	};
	static const char *const bad[] = { "",	      "0",	  "65",
					   "-1",      "SIG",	  "RTMIN-1",
					   "RTMAX+1", "RTMIN+99", "TERM " };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		int got = 0;

		assert_ok(signal_parse(rows[i].name, "signal", &got, &e), &e);
		assert_int_equal(got, rows[i].want);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err e = ERR_INIT;
		int got = 0;

		assert_err(signal_parse(bad[i], "signal", &got, &e), &e,
			   ERR_USAGE, "signal");
		assert_int_equal(got, 0);
	}
}

static void default_limits_have_known_names(void **state)
{
	(void)state;
	for (const struct default_rlimit *d = default_rlimits; d->name; d++) {
		uint64_t id;

		assert_true(word_find(rlimit_words, d->name, &id));
		assert_true(id < RLIMIT_NLIMITS);
		assert_true(d->soft <= d->hard);
	}
}

static void default_paths_are_clean(void **state)
{
	const char *const *lists[] = { default_masked, default_readonly,
				       default_devices };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (const char *const *p = lists[i]; *p; p++) {
			char *clean = path_clean(*p);

			assert_string_equal(clean, *p);
			free(clean);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capabilities_are_found_whatever_their_case),
		cmocka_unit_test(other_capabilities_are_refused),
		cmocka_unit_test(each_capability_has_its_number),
		cmocka_unit_test(signals_have_names_and_numbers),
		cmocka_unit_test(default_limits_have_known_names),
		cmocka_unit_test(default_paths_are_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
