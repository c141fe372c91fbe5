/*
 * test_pick_oci.c - images of an OCI layout: from index.json down by digest,
 * and every way in which a document may lie.
 */
#include "oci.h"
#include "base/strv.h"
#include "base/table.h"
#include "store/pick.h"

/* Picks; "DIGEST name …" of the images, a line each. NULL with *e. */
static char *picked(struct bench *b, struct err *e)
{
	AUTO(pick_done) struct pick p = { 0 };
	struct buf list = BUF_INIT;

	if (pick_oci(&b->w, &p, e))
		return NULL;
	for (size_t i = 0; i < p.n; i++) {
		auto_free char *names = strv_join(p.images[i].names, " ");

		buf_printf(&list, "%.12s %s\n", p.images[i].digest + 7, names);
	}
	return buf_take(&list);
}

static void assert_refused(struct bench *b, enum err_kind kind, const char *why)
{
	struct err e = ERR_INIT;
	auto_free char *got = picked(b, &e);

	assert_err(got ? 0 : -1, &e, kind, why);
}

static void assert_picked(struct bench *b, const struct oci_blob *manifest,
			  const char *names)
{
	struct err e = ERR_INIT;
	auto_free char *got = picked(b, &e);
	auto_free char *want = xasprintf("%.12s %s\n", manifest->hex, names);

	if (!got)
		fail_msg("%s", e.msg);
	assert_string_equal(got, want);
}

#define REF(name)                                                              \
	",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" name "\"" \
	"}"

static void an_image_is_picked_with_its_name(void **state)
{
	struct bench *b = *state;
	AUTO(pick_done) struct pick p = { 0 };
	struct oci_image i = oci_image(b, "text");
	struct err e = ERR_INIT;

	oci_layout(b, oci_descriptor(OCI_MANIFEST, &i.manifest, REF("x:1")));
	assert_picked(b, &i.manifest, "x:1");
	assert_ok(pick_oci(&b->w, &p, &e), &e);
	assert_int_equal(p.images[0].size, i.manifest.size);
	assert_int_equal(p.images[0].n_layers, 1);
	assert_true(p.images[0].layers[0].staged);
	assert_string_equal(p.images[0].layers[0].digest + 7, i.layer.hex);
	assert_string_equal(p.images[0].layers[0].diff_id + 7, i.layer.hex);
}

/* containerd writes the whole name beside the tag. */
static void the_full_name_goes_before_the_tag(void **state)
{
	struct bench *b = *state;
	struct oci_image i = oci_image(b, "text");

	oci_layout(b, oci_descriptor(
			      OCI_MANIFEST, &i.manifest,
			      ",\"annotations\":{\"io.containerd.image.name\":"
			      "\"docker.io/library/x:1\",\"org."
			      "opencontainers.image.ref.name\":\"1\"}"));
	assert_picked(b, &i.manifest, "docker.io/library/x:1");
}

#define FOR(arch)                                                              \
	",\"platform\":{\"os\":\"linux\",\"architecture\":\"" arch "\"}"

static void images_of_other_machines_are_passed_over(void **state)
{
	struct bench *b = *state;
	struct oci_image mine = oci_image(b, "mine");
	struct oci_blob none = { "00", 7 };
	auto_free char *a =
		oci_descriptor(OCI_MANIFEST, &mine.manifest, FOR("amd64"));
	auto_free char *other = NULL;

	/* it is not even in the archive */
	snprintf(none.hex, sizeof(none.hex), "%064d", 1);
	other = oci_descriptor(OCI_MANIFEST, &none, FOR("unknown"));
	oci_layout(b, xasprintf("%s,%s", other, a));
	assert_picked(b, &mine.manifest, "");
	b->w.arch = "s390x";
	assert_refused(b, ERR_INPUT, "there is none for linux/s390x");
}

/* An index within an index, `depth` times; the outermost one's descriptor. */
static char *nest(struct bench *b, const struct oci_image *i, int depth)
{
	char *d = oci_descriptor(OCI_MANIFEST, &i->manifest, FOR("amd64"));

	for (int k = 0; k < depth; k++) {
		auto_free char *inner = d;
		auto_free char *text = oci_index(inner);
		struct oci_blob blob = oci_text(b, text);

		d = oci_descriptor(OCI_INDEX, &blob,
				   k < depth - 1 ? FOR("amd64") : REF("x"));
	}
	return d;
}

static void indexes_are_followed_three_deep(void **state)
{
	static const int depths[] = { 1, 3, 4 };

	for (size_t i = 0; i < ARRAY_SIZE(depths); i++) {
		struct bench *b = bench_anew(state);
		struct oci_image image;

		image = oci_image(b, "text");
		oci_layout(b, nest(b, &image, depths[i]));
		if (depths[i] <= 3)
			assert_picked(b, &image.manifest, "x");
		else
			assert_refused(b, ERR_INPUT, "nested too deep");
	}
}

static void an_index_without_this_machine_is_refused(void **state)
{
	struct bench *b = *state;
	struct oci_image i = oci_image(b, "text");

	b->w.arch = "arm64";
	oci_layout(b, nest(b, &i, 1));
	assert_refused(b, ERR_INPUT, "image x: there is none for linux/arm64");
}

static void a_descriptor_says_what_its_document_is(void **state)
{
	static const char *const types[] = {
		OCI_INDEX,
		"application/vnd.docker.distribution.manifest.list.v2+json",
		OCI_TAR,
		"application/json",
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct bench *b = bench_anew(state);
		struct oci_image image;

		image = oci_image(b, "text");
		oci_layout(b, oci_descriptor(types[i], &image.manifest, ""));
		assert_refused(b, ERR_INPUT, "which it is not");
	}
}

static void a_layout_without_index_or_images_is_refused(void **state)
{
	struct bench *b = *state;

	assert_refused(b, ERR_INPUT, "index.json: it is not in it");
	bench_text(b, "index.json", "{");
	assert_refused(b, ERR_INPUT, "index.json");
}

static void an_empty_index_has_no_image(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;
	auto_free char *got = NULL;

	oci_layout(b, xstrdup(""));
	got = picked(b, &e);
	assert_string_equal(got, ""); /* load.c says that there is none */
}

/* ---- what is not what is promised ---- */

static struct staged *staged(struct bench *b, const struct oci_blob *blob)
{
	for (size_t i = 0; i < b->w.n_files; i++)
		if (!strcmp(b->w.files[i].hex, blob->hex))
			return &b->w.files[i];
	fail_msg("not staged");
	return NULL;
}

static void a_blob_that_was_changed_is_seen(void **state)
{
	for (int which = 0; which < 3; which++) {
		AUTO(buf_done) struct buf other = BUF_INIT;
		struct oci_blob *parts[3];
		struct oci_image i;
		struct staged *s;
		struct bench *b = bench_anew(state);

		i = oci_image(b, "text");
		parts[0] = &i.layer;
		parts[1] = &i.config;
		parts[2] = &i.manifest;
		oci_layout(b, oci_descriptor(OCI_MANIFEST, &i.manifest, ""));
		s = staged(b, parts[which]);
		/* other bytes of the same length */
		for (size_t k = 0; k < s->size; k++)
			buf_char(&other, ' ');
		bench_blob(b, &other, s->hex);
		assert_refused(b, ERR_INPUT, "it was tampered with");
		s->size++;
		assert_refused(b, ERR_INPUT, "are promised");
	}
}

static void a_layer_that_is_not_there_is_told_by_number(void **state)
{
	struct bench *b = *state;
	struct oci_image i = oci_image(b, "text");

	oci_layout(b, oci_descriptor(OCI_MANIFEST, &i.manifest, ""));
	strcpy(staged(b, &i.layer)->path, "elsewhere");
	assert_refused(b, ERR_INPUT, "layer 1: blob sha256:");
}

/* ---- a directory, of which the store has much already ---- */

static void layers_that_the_store_has_are_not_copied(void **state)
{
	static const struct {
		const char *answers;
		bool copied;
	} rows[] = { { "11", false }, { "0", true }, { "10", true } };

	for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
		AUTO(pick_done) struct pick p = { 0 };
		struct err e = ERR_INIT;
		struct oci_image i;
		struct bench *b = bench_anew(state);

		i = oci_image(b, "text");
		oci_layout(b, oci_descriptor(OCI_MANIFEST, &i.manifest, ""));
		/* all of it is staged, so this directory gives nothing */
		b->w.oci = file_open_dir(b->dir, "oci", true, &e);
		bench_answer(b, rows[k].answers);
		assert_ok(pick_oci(&b->w, &p, &e), &e);
		assert_int_equal(p.images[0].layers[0].staged, rows[k].copied);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(an_image_is_picked_with_its_name),
		BENCH_TEST(the_full_name_goes_before_the_tag),
		BENCH_TEST(images_of_other_machines_are_passed_over),
		BENCH_TEST(indexes_are_followed_three_deep),
		BENCH_TEST(an_index_without_this_machine_is_refused),
		BENCH_TEST(a_descriptor_says_what_its_document_is),
		BENCH_TEST(a_layout_without_index_or_images_is_refused),
		BENCH_TEST(an_empty_index_has_no_image),
		BENCH_TEST(a_blob_that_was_changed_is_seen),
		BENCH_TEST(a_layer_that_is_not_there_is_told_by_number),
		BENCH_TEST(layers_that_the_store_has_are_not_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
