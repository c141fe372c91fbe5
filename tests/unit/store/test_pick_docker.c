/*
 * test_pick_docker.c - images of a `docker save` archive, and the OCI
 * manifest that is made for them.
 */
#include "oci.h"
#include "base/strv.h"
#include "base/table.h"
#include "store/pick.h"
#include "store/source.h"

/* An archive of one image with this layer, called layer.tar. */
static void archive(struct bench *b, const struct buf *layer)
{
	auto_free char *id = NULL, *config = NULL;
	struct staged *s = bench_file(b, "layer.tar", layer);

	/* the diff id is not compared here: the tar's own will do */
	id = xasprintf("\"sha256:%s\"", s->hex);
	config = oci_config(id);
	bench_text(b, "config.json", config);
	oci_docker(b, "\"x:1\"", "\"layer.tar\"");
}

/* The manifest that was made, as the store will read it. */
static void read_made(struct bench *b, const struct pick_image *i,
		      struct manifest *ret)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	struct staged s = { .size = i->size };
	char hex[SHA256_HEX + 1];
	struct err e = ERR_INIT;

	strcpy(s.hex, i->digest + strlen("sha256:"));
	assert_ok(source_read(&b->w, &s, &text, &e), &e);
	assert_int_equal(text.len, i->size);
	sha256_of(text.p, text.len, hex);
	assert_string_equal(hex, s.hex);
	assert_ok(manifest_parse(text.p, text.len, ret, &e), &e);
}

static void a_manifest_is_made_that_says_what_there_is(void **state)
{
	for (int kind = COMP_NONE; kind <= COMP_ZSTD; kind++) {
		AUTO(buf_done) struct buf tar = BUF_INIT, layer = BUF_INIT;
		AUTO(manifest_done) struct manifest m = { 0 };
		AUTO(pick_done) struct pick p = { 0 };
		struct err e = ERR_INIT;
		struct pick_image *i;
		struct bench *b = bench_anew(state);

		bench_layer("text", &tar);
		if (kind == COMP_NONE)
			buf_add(&layer, tar.p, tar.len);
		else
			bench_squeeze(&tar, (enum compression)kind, &layer);
		archive(b, &layer);
		assert_ok(pick_docker(&b->w, &p, &e), &e);
		assert_int_equal(p.n, 1);
		i = &p.images[0];
		assert_string_equal(i->names[0], "x:1");
		assert_true(i->layers[0].staged);
		read_made(b, i, &m);
		assert_string_equal(m.config.digest, i->config);
		assert_int_equal(m.config.size, i->config_size);
		assert_int_equal(m.n_layers, 1);
		assert_string_equal(m.layers[0].digest, i->layers[0].digest);
		assert_int_equal(m.layers[0].size, layer.len);
		assert_int_equal(m.layers[0].compression, kind);
	}
}

/* The same image has the same digest, whenever it is loaded. */
static void the_manifest_depends_on_nothing_else(void **state)
{
	char digest[2][DIGEST_MAX];

	for (int i = 0; i < 2; i++) {
		AUTO(buf_done) struct buf tar = BUF_INIT;
		AUTO(pick_done) struct pick p = { 0 };
		struct err e = ERR_INIT;
		struct bench *b = bench_anew(state);

		bench_layer("text", &tar);
		archive(b, &tar);
		assert_ok(pick_docker(&b->w, &p, &e), &e);
		strcpy(digest[i], p.images[0].digest);
	}
	assert_string_equal(digest[0], digest[1]);
}

static void a_file_that_is_named_but_not_there_is_told(void **state)
{
	static const struct {
		const char *manifest, *why;
	} rows[] = {
		{ "[{\"Config\":\"config.json\",\"Layers\":[\"none.tar\"]}]",
		  "image 1: manifest.json: \"none.tar\" is not in" },
		{ "[{\"Config\":\"none.json\",\"Layers\":[\"layer.tar\"]}]",
		  "image 1: manifest.json: \"none.json\" is not in" },
		{ "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\"]},"
		  "{\"Config\":\"config.json\",\"Layers\":[\"other\"]}]",
		  "image 2: manifest.json: \"other\" is not in" },
		{ "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\","
		  "\"layer.tar\"]}]",
		  "1 diff_ids for 2 layers" },
		{ "{}", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf tar = BUF_INIT, text = BUF_INIT;
		AUTO(pick_done) struct pick p = { 0 };
		struct err e = ERR_INIT;
		struct staged *s;
		struct bench *b = bench_anew(state);

		bench_layer("text", &tar);
		archive(b, &tar);
		s = &b->w.files[b->w.n_files - 1];
		buf_str(&text, rows[i].manifest);
		bench_blob(b, &text, s->hex);
		s->size = text.len;
		assert_err(pick_docker(&b->w, &p, &e), &e, ERR_INPUT,
			   rows[i].why);
	}
}

/* Older archives share a layer by a symlink from one directory to another. */
static void a_layer_may_be_a_link_to_another(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf tar = BUF_INIT;
	AUTO(pick_done) struct pick p = { 0 };
	struct err e = ERR_INIT;

	bench_layer("text", &tar);
	archive(b, &tar);
	free(b->w.files[0].path);
	b->w.files[0].path = xstrdup("first/layer.tar");
	bench_link(b, "layer.tar", "first/layer.tar");
	assert_ok(pick_docker(&b->w, &p, &e), &e);
	assert_string_equal(p.images[0].layers[0].digest + 7,
			    b->w.files[0].hex);
}

/* ---- names beside an OCI layout ---- */

static void tags_go_to_every_image_of_the_config_once(void **state)
{
	struct bench *b = *state;
	struct pick_image images[3] = { 0 };
	struct pick p = { images, 3 };
	struct staged *s = bench_text(b, "config.json", "{}");
	auto_free char *names = NULL;
	struct err e = ERR_INIT;

	snprintf(images[0].config, DIGEST_MAX, "sha256:%s", s->hex);
	snprintf(images[1].config, DIGEST_MAX, "sha256:%064d", 1);
	snprintf(images[2].config, DIGEST_MAX, "sha256:%s", s->hex);
	strv_add(&images[0].names, "x:1");
	oci_docker(b, "\"x:1\",\"y:2\",\"y:2\"", "\"l\"");
	assert_ok(pick_docker_names(&b->w, &p, &e), &e);
	names = strv_join(images[0].names, " ");
	assert_string_equal(names, "x:1 y:2");
	assert_null(images[1].names);
	assert_int_equal(strv_len(images[2].names), 2);
	strv_free(images[0].names);
	strv_free(images[2].names);
}

static void a_config_that_is_not_there_names_nothing(void **state)
{
	struct bench *b = *state;
	struct pick_image image = { .config = "sha256:" };
	struct pick p = { &image, 1 };
	struct err e = ERR_INIT;

	oci_docker(b, "\"x:1\"", "\"l\"");
	assert_ok(pick_docker_names(&b->w, &p, &e), &e);
	assert_null(image.names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(a_manifest_is_made_that_says_what_there_is),
		BENCH_TEST(the_manifest_depends_on_nothing_else),
		BENCH_TEST(a_file_that_is_named_but_not_there_is_told),
		BENCH_TEST(a_layer_may_be_a_link_to_another),
		BENCH_TEST(tags_go_to_every_image_of_the_config_once),
		BENCH_TEST(a_config_that_is_not_there_names_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
