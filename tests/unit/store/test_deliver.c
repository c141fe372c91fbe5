/*
 * test_deliver.c - what is said to the store of an archive: which layers it
 * is asked for, which are unpacked, and in which order all is told. Root is
 * needed for the children's capabilities.
 */
#include "oci.h"
#include "base/table.h"
#include "store/deliver.h"

/* Standard input, where immure-image has the archive. */
static void input(struct bench *b, const struct buf *data)
{
	auto_fd fd = tar_file(data);

	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	b->w.in = STDIN_FILENO;
}

/* An outer archive of the files that are on the bench; they are taken off,
 * for deliver_load finds them again. */
static void pack(struct bench *b)
{
	AUTO(buf_done) struct buf tar = BUF_INIT;

	for (size_t i = 0; i < b->w.n_files; i++) {
		struct staged *s = &b->w.files[i];
		AUTO(buf_done) struct buf text = BUF_INIT;
		const struct tar_entry t = TAR_FILE(s->path);
		struct err e = ERR_INIT;

		assert_ok(file_read_at(b->w.blobs, s->hex, 1 << 20, &text, &e),
			  &e);
		tar_add_bytes(&tar, &t, text.p, text.len);
		free(s->path);
	}
	tar_end(&tar);
	b->w.n_files = 0;
	input(b, &tar);
}

static int deliver(struct bench *b, int (*fn)(struct work *, struct err *),
		   struct err *e)
{
	int was = bench_quiet(), r = fn(&b->w, e);

	bench_loud(was);
	return r;
}

static void assert_says(struct bench *b, const char *want)
{
	auto_free char *said = bench_said(b);

	assert_string_equal(said, want);
}

/* An OCI archive of one image, to be loaded. */
static struct oci_image oci_archive(struct bench *b)
{
	struct oci_image i = oci_image(b, "text");

	oci_layout(b, oci_descriptor(OCI_MANIFEST, &i.manifest,
				     ",\"annotations\":{\"org.opencontainers."
				     "image.ref.name\":\"x\"}"));
	pack(b);
	return i;
}

static void a_new_image_is_unpacked_and_told_of(void **state)
{
	struct bench *b = *state;
	struct oci_image i = oci_archive(b);
	auto_free char *want = NULL;
	auto_free char *path = xasprintf("layers/%s/root/file", i.layer.hex);
	struct err e = ERR_INIT;

	bench_answer(b, "0"); /* the layer is not there */
	assert_ok(deliver(b, deliver_load, &e), &e);
	want = xasprintf("layer? %.12s \nlayer %.12s \nblob %.12s \n"
			 "blob %.12s \nblob %.12s \nimage %.12s x\ndone  \n",
			 i.layer.hex, i.layer.hex, i.layer.hex, i.config.hex,
			 i.manifest.hex, i.manifest.hex);
	assert_says(b, want);
	assert_true(bench_has(b, path));
}

static void a_layer_that_is_there_is_not_unpacked(void **state)
{
	struct bench *b = *state;
	struct oci_image i = oci_archive(b);
	auto_free char *want = NULL;
	auto_free char *path = xasprintf("layers/%s", i.layer.hex);
	struct err e = ERR_INIT;

	bench_answer(b, "1");
	assert_ok(deliver(b, deliver_load, &e), &e);
	want = xasprintf("layer? %.12s \nblob %.12s \nblob %.12s \n"
			 "blob %.12s \nimage %.12s x\ndone  \n",
			 i.layer.hex, i.layer.hex, i.config.hex, i.manifest.hex,
			 i.manifest.hex);
	assert_says(b, want);
	assert_false(bench_has(b, path));
}

/* ---- docker archives: the config alone says what a layer is ---- */

/* An archive of a layer in gzip, whose config claims this diff id, once for
 * each of `names`. */
static void docker_archive(struct bench *b, const char *diff_hex,
			   const char *names)
{
	AUTO(buf_done) struct buf tar = BUF_INIT, small = BUF_INIT;
	auto_free char *id = xasprintf("\"sha256:%s\"", diff_hex);
	auto_free char *config = oci_config(id);

	bench_layer("text", &tar);
	bench_squeeze(&tar, COMP_GZIP, &small);
	bench_file(b, "layer.tar", &small);
	bench_text(b, "config.json", config);
	oci_docker(b, names, "\"layer.tar\"");
	pack(b);
}

static void true_diff_id(char ret[SHA256_HEX + 1])
{
	AUTO(buf_done) struct buf tar = BUF_INIT;

	bench_layer("text", &tar);
	sha256_of(tar.p, tar.len, ret);
}

static void every_name_of_an_image_is_told(void **state)
{
	struct bench *b = *state;
	auto_free char *said = NULL;
	char hex[SHA256_HEX + 1];
	struct err e = ERR_INIT;

	true_diff_id(hex);
	docker_archive(b, hex, "\"x:1\",\"y:2\"");
	bench_answer(b, "0");
	assert_ok(deliver(b, deliver_load, &e), &e);
	said = bench_said(b);
	assert_non_null(strstr(said, " x:1\nimage "));
	assert_non_null(strstr(said, " y:2\ndone  \n"));
}

/* To claim the diff id of a layer that is there already would be a way to
 * have other bytes under its name. */
static void a_new_blob_of_a_known_layer_is_checked(void **state)
{
	static const struct {
		bool honest;
		const char *answers; /* layer there? blob there? */
	} rows[] = { { true, "10" }, { false, "10" }, { false, "11" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bench *b = bench_anew(state);
		auto_free char *said = NULL;
		char hex[SHA256_HEX + 1];
		struct err e = ERR_INIT;

		snprintf(hex, sizeof(hex), "%064d", 1);
		if (rows[i].honest)
			true_diff_id(hex);
		docker_archive(b, hex, "\"x:1\"");
		bench_answer(b, rows[i].answers);
		/* the store has that very blob: it was checked when it came */
		if (rows[i].honest || rows[i].answers[1] == '1') {
			assert_ok(deliver(b, deliver_load, &e), &e);
			said = bench_said(b);
			assert_null(strstr(said, "layer "));
			assert_non_null(strstr(said, "done"));
			continue;
		}
		assert_err(deliver(b, deliver_load, &e), &e, ERR_INPUT,
			   "it was tampered with");
		said = bench_said(b);
		assert_null(strstr(said, "done"));
	}
}

static void a_plain_layer_is_its_own_diff_id(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf tar = BUF_INIT;
	auto_free char *id = xasprintf("\"sha256:%064d\"", 1);
	auto_free char *config = oci_config(id);
	struct err e = ERR_INIT;

	bench_layer("text", &tar);
	bench_file(b, "layer.tar", &tar);
	bench_text(b, "config.json", config);
	oci_docker(b, "\"x:1\"", "\"layer.tar\"");
	pack(b);
	assert_err(deliver(b, deliver_load, &e), &e, ERR_INPUT,
		   "it was tampered with");
	assert_says(b, ""); /* the store was not even asked */
}

static void a_layer_of_two_images_is_one_job(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf tar = BUF_INIT;
	auto_free char *said = NULL, *id = NULL, *config = NULL, *twice = NULL;
	const char *first;
	char hex[SHA256_HEX + 1];
	struct err e = ERR_INIT;

	true_diff_id(hex);
	id = xasprintf("\"sha256:%s\",\"sha256:%s\"", hex, hex);
	config = oci_config(id);
	bench_layer("text", &tar);
	bench_file(b, "layer.tar", &tar);
	bench_text(b, "config.json", config);
	oci_docker(b, "\"x:1\"", "\"layer.tar\",\"layer.tar\"");
	pack(b);
	bench_answer(b, "0");
	assert_ok(deliver(b, deliver_load, &e), &e);
	said = bench_said(b);
	twice = xasprintf("layer %.12s \n", hex);
	first = strstr(said, twice);
	assert_non_null(first);
	assert_null(strstr(first + 1, twice));
}

static void a_name_longer_than_a_message_is_refused(void **state)
{
	struct bench *b = *state;
	struct oci_image i = oci_image(b, "text");
	auto_free char *said = NULL;
	auto_free char *name = xasprintf(
		",\"annotations\":{\"org.opencontainers.image.ref.name\":"
		"\"%0512d\"}",
		0);
	struct err e = ERR_INIT;

	oci_layout(b, oci_descriptor(OCI_MANIFEST, &i.manifest, name));
	pack(b);
	bench_answer(b, "0");
	assert_err(deliver(b, deliver_load, &e), &e, ERR_INPUT, "too long");
	said = bench_said(b);
	assert_null(strstr(said, "done"));
}

/* ---- import ---- */

static void a_root_filesystem_becomes_an_image_of_one_layer(void **state)
{
	for (int kind = COMP_NONE; kind <= COMP_ZSTD; kind++) {
		struct bench *b = bench_anew(state);
		AUTO(buf_done) struct buf tar = BUF_INIT, small = BUF_INIT;
		auto_free char *said = NULL, *want = NULL;
		char hex[SHA256_HEX + 1];
		struct err e = ERR_INIT;

		bench_layer("text", &tar);
		if (kind != COMP_NONE)
			bench_squeeze(&tar, (enum compression)kind, &small);
		input(b, kind == COMP_NONE ? &tar : &small);
		assert_ok(deliver(b, deliver_import, &e), &e);
		true_diff_id(hex);
		want = xasprintf("layer %.12s \nblob ", hex);
		said = bench_said(b);
		assert_int_equal(strncmp(said, want, strlen(want)), 0);
		assert_non_null(strstr(said, "done  \n"));
	}
}

static void an_import_has_a_budget_and_must_be_a_tar(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf tar = BUF_INIT, text = BUF_INIT;
	auto_free char *said = NULL;
	struct err e = ERR_INIT;

	bench_layer("text", &tar);
	b->w.limits.bytes = tar.len - 1;
	input(b, &tar);
	assert_err(deliver(b, deliver_import, &e), &e, ERR_LIMIT,
		   "larger than");
	b->w.limits.bytes = 1 << 20;
	for (int i = 0; i < 2000; i++)
		buf_str(&text, "no tar ");
	input(b, &text);
	assert_int_equal(deliver(b, deliver_import, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	said = bench_said(b);
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(a_new_image_is_unpacked_and_told_of),
		BENCH_TEST(a_layer_that_is_there_is_not_unpacked),
		BENCH_TEST(every_name_of_an_image_is_told),
		BENCH_TEST(a_new_blob_of_a_known_layer_is_checked),
		BENCH_TEST(a_plain_layer_is_its_own_diff_id),
		BENCH_TEST(a_layer_of_two_images_is_one_job),
		BENCH_TEST(a_name_longer_than_a_message_is_refused),
		BENCH_TEST(a_root_filesystem_becomes_an_image_of_one_layer),
		BENCH_TEST(an_import_has_a_budget_and_must_be_a_tar),
	};

	if (bench_skips("deliver"))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
