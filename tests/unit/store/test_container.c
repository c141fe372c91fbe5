/*
 * test_container.c - directories of containers that keep their writes.
 */
#include "fixture.h"
#include "base/id.h"
#include "base/json.h"

static char *new_id(void)
{
	char id[ID_LEN + 1];
	struct err e = ERR_INIT;

	assert_ok(id_new(id, &e), &e);
	return xstrdup(id);
}

static int make(struct fixture *f, const char *id, const char *name,
		char **ret_path, struct err *e)
{
	const struct container_new c = { .id = id, .name = name };

	return store_container_make(&f->store, &c, ret_path, e);
}

static void a_container_has_its_directories(void **state)
{
	struct fixture *f = *state;
	auto_free char *id = new_id(), *path = NULL, *upper = NULL;
	auto_free char *meta = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(json_free) struct json_object *o = NULL;
	const char *name;
	struct err e = ERR_INIT;
	struct stat st;

	umask(077); /* must not matter */
	assert_ok(make(f, id, "web", &path, &e), &e);
	umask(022);
	upper = xasprintf("%s/upper", path);
	assert_int_equal(stat(upper, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	meta = xasprintf("containers/%s/meta.json", id);
	assert_ok(file_read_at(f->store.dir, meta, 4096, &b, &e), &e);
	o = json_parse("meta", b.p, b.len, &e);
	assert_non_null(o);
	assert_ok(json_get_str(o, "name", &name, &e), &e);
	assert_string_equal(name, "web");
}

static void a_name_is_given_once(void **state)
{
	struct fixture *f = *state;
	auto_free char *a = new_id(), *b = new_id(), *path = NULL;
	struct err e = ERR_INIT;

	assert_ok(make(f, a, "web", &path, &e), &e);
	free(TAKE(path));
	assert_err(make(f, b, "web", &path, &e), &e, ERR_CONFLICT, "web");
	assert_ok(store_container_remove(&f->store, &fixture_host, a, &e), &e);
	assert_ok(make(f, b, "web", &path, &e), &e);
}

static void containers_without_names_do_not_meet(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		auto_free char *id = new_id(), *path = NULL;
		struct err e = ERR_INIT;

		assert_ok(make(f, id, NULL, &path, &e), &e);
	}
}

static void a_removed_container_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	auto_free char *id = new_id(), *path = NULL, *inside = NULL;
	auto_free char *tmp = xasprintf("%s/tmp", f->path);
	struct err e = ERR_INIT;

	assert_ok(make(f, id, NULL, &path, &e), &e);
	inside = xasprintf("containers/%s/upper/a/b", id);
	fixture_mkdir(f, inside);
	assert_ok(store_container_remove(&f->store, &fixture_host, id, &e), &e);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(rmdir(tmp), 0); /* it is empty */
}

static void what_is_no_id_is_not_looked_for(void **state)
{
	static const char *const bad[] = { "", "..", "../layers", "short",
					   "web" };
	struct fixture *f = *state;
	auto_free char *id = new_id();
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_err(store_container_remove(&f->store, &fixture_host,
						  bad[i], &e),
			   &e, ERR_MISSING, "no such container");
	assert_err(store_container_remove(&f->store, &fixture_host, id, &e), &e,
		   ERR_MISSING, "no such container");
	assert_true(fixture_has(f, "layers"));
}

static void a_bad_name_is_refused(void **state)
{
	struct fixture *f = *state;
	auto_free char *id = new_id(), *path = NULL;
	struct err e = ERR_INIT;

	assert_err(make(f, id, "../x", &path, &e), &e, ERR_USAGE, "name");
	assert_null(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_container_has_its_directories),
		FIXTURE_TEST(a_name_is_given_once),
		FIXTURE_TEST(containers_without_names_do_not_meet),
		FIXTURE_TEST(a_removed_container_leaves_nothing),
		FIXTURE_TEST(what_is_no_id_is_not_looked_for),
		FIXTURE_TEST(a_bad_name_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
