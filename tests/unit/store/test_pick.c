/*
 * test_pick.c - which form an archive has, and what both forms check: the
 * config's diff ids, and that a layer is compressed as it claims.
 */
#include "oci.h"
#include "base/strv.h"
#include "base/table.h"
#include "store/pick.h"

static int pick(struct bench *b, struct err *e)
{
	AUTO(pick_done) struct pick p = { 0 };

	return pick_images(&b->w, &p, e);
}

static void what_is_no_image_archive_is_told_so(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;

	assert_err(pick(b, &e), &e, ERR_INPUT, "immure import");
	bench_text(b, "etc/passwd", "root");
	assert_err(pick(b, &e), &e, ERR_INPUT, "neither oci-layout nor");
}

static void a_layout_is_of_version_1(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "{\"imageLayoutVersion\":\"2.0.0\"}", "only 1.x" },
		{ "{\"imageLayoutVersion\":\"10.0\"}", "only 1.x" },
		{ "{\"imageLayoutVersion\":\"\"}", "only 1.x" },
		{ "{}", "only 1.x" },
		{ "{\"imageLayoutVersion\":1}", "imageLayoutVersion" },
		{ "", "oci-layout" },
		{ "1.0.0", "oci-layout" },
	};
	struct bench *b = *state;
	struct staged *s = bench_text(b, "oci-layout", "");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf text = BUF_INIT;
		struct err e = ERR_INIT;

		buf_str(&text, rows[i].text);
		bench_blob(b, &text, s->hex);
		s->size = text.len;
		assert_err(pick(b, &e), &e, ERR_INPUT, rows[i].why);
	}
}

/* A newer `docker save`: the layout says what is in it, the manifest.json
 * what it is called. */
static void with_both_forms_names_come_from_dockers(void **state)
{
	struct bench *b = *state;
	AUTO(pick_done) struct pick p = { 0 };
	struct oci_image i = oci_image(b, "text");
	auto_free char *to = xasprintf("blobs/sha256/%s", i.config.hex);
	auto_free char *names = NULL;
	struct err e = ERR_INIT;

	oci_layout(b, oci_descriptor(OCI_MANIFEST, &i.manifest, ""));
	bench_link(b, "config.json", to);
	oci_docker(b, "\"x:1\",\"y:2\"", "\"layer.tar\"");
	assert_ok(pick_images(&b->w, &p, &e), &e);
	assert_int_equal(p.n, 1);
	assert_string_equal(p.images[0].digest + 7, i.manifest.hex);
	names = strv_join(p.images[0].names, " ");
	assert_string_equal(names, "x:1 y:2");
}

/* ---- configs ---- */

/* Reads a config of these diff ids for an image of `n` layers. */
static int config(struct bench *b, const char *ids, size_t n, struct err *e)
{
	struct pick_layer layers[3] = { 0 };
	struct pick_image i = { .layers = layers, .n_layers = n };
	auto_free char *text = oci_config(ids);
	struct staged *s = bench_text(b, "config.json", text);
	char want[DIGEST_MAX];
	int r = pick_config(&b->w, &i, s, e);

	if (r)
		return r;
	snprintf(want, sizeof(want), "sha256:%s", s->hex);
	assert_string_equal(i.config, want);
	assert_int_equal(i.config_size, strlen(text));
	for (size_t k = 0; k < n; k++)
		assert_non_null(strstr(ids, layers[k].diff_id));
	return 0;
}

#define ONE                                                                    \
	"\"sha256:00000000000000000000000000000000000000000000000000000000000" \
	"00001\""
#define TWO                                                                    \
	"\"sha256:00000000000000000000000000000000000000000000000000000000000" \
	"00002\""

static void a_config_has_a_diff_id_for_each_layer(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;

	assert_ok(config(b, ONE, 1, &e), &e);
	assert_ok(config(b, ONE "," TWO, 2, &e), &e);
	assert_err(config(b, ONE, 2, &e), &e, ERR_INPUT,
		   "1 diff_ids for 2 layers");
	assert_err(config(b, ONE "," TWO, 1, &e), &e, ERR_INPUT,
		   "2 diff_ids for 1 layers");
}

static void a_diff_id_that_could_be_no_directory_is_refused(void **state)
{
	static const char *const bad[] = {
		"\"sha256:../../../../../../../../../../../../../../../../../"
		"../../../xx\"",
		"\"sha256:abc\"",
		"\"\"",
		"\"sha512:0000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000"
		"0000000000000000000\"",
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(config(b, bad[i], 1, &e), -1);
		assert_true(*e.msg != '\0');
	}
}

static void a_config_too_large_is_not_read(void **state)
{
	struct bench *b = *state;
	struct pick_image i = { 0 };
	struct staged *s = bench_text(b, "config.json", "{}");
	struct err e = ERR_INIT;

	s->size = MANIFEST_MAX + 1;
	assert_int_equal(pick_config(&b->w, &i, s, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

/* ---- layers ---- */

static void a_layer_is_compressed_as_it_says(void **state)
{
	static const char *const words[] = { "not compressed", "gzip", "zstd" };
	struct bench *b = *state;
	struct buf data[3] = { BUF_INIT, BUF_INIT, BUF_INIT };

	bench_layer("text", &data[COMP_NONE]);
	bench_squeeze(&data[COMP_NONE], COMP_GZIP, &data[COMP_GZIP]);
	bench_squeeze(&data[COMP_NONE], COMP_ZSTD, &data[COMP_ZSTD]);
	for (size_t is = 0; is < 3; is++) {
		struct staged s = *bench_file(b, "layer", &data[is]);

		for (size_t says = 0; says < 3; says++) {
			struct pick_layer l = {
				.compression = (enum compression)says
			};
			struct err e = ERR_INIT;
			int r = pick_check_layer(&b->w, &s, &l, &e);

			assert_int_equal(r == 0, is == says);
			assert_int_equal(l.staged, is == says);
			if (r)
				assert_err(r, &e, ERR_INPUT, words[is]);
		}
	}
	for (size_t i = 0; i < 3; i++)
		buf_done(&data[i]);
}

static void a_layer_without_its_blob_is_an_error(void **state)
{
	struct bench *b = *state;
	struct staged s = { .hex = "../canary" };
	struct pick_layer l = { 0 };
	struct err e = ERR_INIT;

	assert_err(pick_check_layer(&b->w, &s, &l, &e), &e, ERR_SYS,
		   "open blob");
	assert_false(l.staged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(what_is_no_image_archive_is_told_so),
		BENCH_TEST(a_layout_is_of_version_1),
		BENCH_TEST(with_both_forms_names_come_from_dockers),
		BENCH_TEST(a_config_has_a_diff_id_for_each_layer),
		BENCH_TEST(a_diff_id_that_could_be_no_directory_is_refused),
		BENCH_TEST(a_config_too_large_is_not_read),
		BENCH_TEST(a_layer_is_compressed_as_it_says),
		BENCH_TEST(a_layer_without_its_blob_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
