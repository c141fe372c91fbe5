/*
 * test_oci.c - the state directory of the OCI runtime: making, finding,
 * saving, listing and removing containers.
 */
#include <sys/stat.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "format/oci_state.h"
#include "store/oci.h"

struct place {
	char path[64];
	int root;
};

static int setup(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));

	*state = p;
	p->root = unit_make_dir(p->path);
	return p->root < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	close(p->root);
	unit_remove_dir(p->path);
	free(p);
	return 0;
}

static void an_id_is_no_path(void **state)
{
	static const char *const bad[] = { "",	  ".",	  "..", "a/b",
					   "a b", "../x", "a\n" };
	static const char *const good[] = { "a", "a_b+c.d-e", "..a" };
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_err(store_oci_check_id(bad[i], &e), &e, ERR_USAGE,
			   "invalid container id");
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_ok(store_oci_check_id(good[i], &e), &e);
}

/* What it says is executed with our rights: nobody else may have written it. */
static void a_state_that_others_may_write_is_not_believed(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd dir = store_oci_make(p->root, "c1", &e);
	auto_fd found = store_oci_find(p->root, "c1", &e);

	assert_ok(found, &e);
	assert_true(store_oci_is(dir, found));
	assert_false(store_oci_is(dir, p->root));
	for (mode_t may = 0020; may; may = may == 0020 ? 0002 : 0) {
		assert_int_equal(fchmod(dir, 0700 | may), 0);
		assert_err(store_oci_find(p->root, "c1", &e), &e, ERR_DENIED,
			   "nobody else may write");
	}
	assert_int_equal(fchmod(dir, 0700), 0);
	if (geteuid() != 0)
		skip(); /* only root gives directories away */
	assert_int_equal(fchown(dir, 1, 1), 0);
	assert_err(store_oci_find(p->root, "c1", &e), &e, ERR_DENIED,
		   "belongs to user 1");
}

static void a_new_container_waits_and_its_id_is_taken(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd dir = store_oci_make(p->root, "c1", &e);
	auto_fd reader = -1;

	assert_ok(dir, &e);
	assert_true(store_oci_waits(dir));
	assert_err(store_oci_make(p->root, "c1", &e), &e, ERR_CONFLICT,
		   "already exists");
	/* nobody reads at the gate */
	assert_int_equal(store_oci_fifo(dir, "gate", O_WRONLY | O_NONBLOCK),
			 -1);
	reader = store_oci_fifo(dir, "gate", O_RDWR);
	assert_true(reader >= 0);
	assert_ok(store_oci_started(dir, &e), &e);
	assert_false(store_oci_waits(dir));
}

static void what_is_saved_is_loaded_and_listed(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd dir = store_oci_make(p->root, "b", &e);
	auto_fd other = store_oci_make(p->root, "a", &e);
	AUTO(oci_state_done) struct oci_state got = { 0 };
	AUTO(strv_free) char **ids = NULL;
	const struct oci_state s = { .id = (char *)(uintptr_t) "b",
				     .bundle = (char *)(uintptr_t) "/b",
				     .rootfs = (char *)(uintptr_t) "/r",
				     .created = (char *)(uintptr_t) "now",
				     .owner = (char *)(uintptr_t) "me",
				     .pid = 1 };

	assert_ok(other, &e);
	assert_err(store_oci_load(dir, &got, &e), &e, ERR_MISSING, "");
	assert_ok(store_oci_save(dir, &s, &e), &e);
	assert_ok(store_oci_load(dir, &got, &e), &e);
	assert_string_equal(got.bundle, "/b");
	assert_ok(store_oci_list(p->root, &ids, &e), &e);
	assert_int_equal(strv_len(ids), 2);
	assert_string_equal(ids[0], "a");
}

static void what_was_removed_does_not_exist(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd dir = store_oci_make(p->root, "gone", &e);

	assert_ok(dir, &e);
	assert_ok(store_oci_remove(p->root, "gone", &e), &e);
	assert_err(store_oci_find(p->root, "gone", &e), &e, ERR_MISSING,
		   "does not exist");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_state_that_others_may_write_is_not_believed),
		cmocka_unit_test(an_id_is_no_path),
		TEST(a_new_container_waits_and_its_id_is_taken),
		TEST(what_is_saved_is_loaded_and_listed),
		TEST(what_was_removed_does_not_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
