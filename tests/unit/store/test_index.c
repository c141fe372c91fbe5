/*
 * test_index.c - which names lead where after a change: a table of stories.
 */
#include "fixture.h"
#include "base/strv.h"

static struct descriptor image(char c)
{
	static char type[] = "application/vnd.oci.image.manifest.v1+json";
	struct descriptor d = { .media_type = type, .size = 7 };

	snprintf(d.digest, sizeof(d.digest), "sha256:%064d", c);
	return d;
}

/* "x=A" gives the name x to image A, "=A" makes A known, "-x" takes the name
 * away with the image, "~x" takes it but keeps the image. */
static void tell(struct index *i, const char *word)
{
	const char *eq = strchr(word, '=');
	auto_free char *name = NULL;

	if (eq) {
		struct descriptor d = image(eq[1]);

		name = xstrndup(word, (size_t)(eq - word));
		index_put(i, *name ? name : NULL, &d);
		return;
	}
	for (size_t k = 0; k < i->n; k++) {
		const char *has = i->manifests[k].ref_name;

		if (!has || strcmp(has, word + 1))
			continue;
		index_take(i, k, *word == '~');
		return;
	}
	fail_msg("no name %s", word);
}

/* "x=A =B", in the order of the rows. */
static char *told(const struct index *i)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	for (size_t k = 0; k < i->n; k++) {
		const struct descriptor *d = &i->manifests[k];

		buf_printf(&b, "%s%s=%c", k ? " " : "",
			   d->ref_name ? d->ref_name : "",
			   atoi(d->digest + strlen("sha256:") + 60));
	}
	return buf_take(&b);
}

static void names_lead_to_images(void **state)
{
	static const struct {
		const char *story, *end;
	} rows[] = {
		{ "x=A", "x=A" },
		{ "x=A x=A", "x=A" },
		{ "x=A y=A", "x=A y=A" },
		{ "x=A x=B", "=A x=B" },
		{ "x=A y=A x=B", "y=A x=B" },
		{ "=A", "=A" },
		{ "=A =A", "=A" },
		{ "=A x=A", "x=A" },
		{ "x=A =A", "x=A" },
		{ "x=A x=B x=A", "=B x=A" },
		{ "x=A -x", "" },
		{ "x=A ~x", "=A" },
		{ "x=A y=A ~x", "y=A" },
		{ "x=A y=A -x", "y=A" },
		{ "x=A y=B -x", "y=B" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(strv_free) char **words = strv_split(rows[i].story, ' ');
		AUTO(index_done) struct index index = { 0 };
		auto_free char *end = NULL;

		strv_foreach (word, words)
			tell(&index, *word);
		end = told(&index);
		if (strcmp(end, rows[i].end))
			fail_msg("%s: got %s, expected %s", rows[i].story, end,
				 rows[i].end);
	}
}

static void what_is_saved_is_loaded(void **state)
{
	struct fixture *f = *state;
	AUTO(index_done) struct index a = { 0 }, b = { 0 };
	auto_free char *first = NULL, *second = NULL;
	struct err e = ERR_INIT;

	tell(&a, "localhost:5000/x/y:tag=A");
	tell(&a, "docker.io/library/z:latest=A");
	tell(&a, "=B");
	assert_ok(index_save(&f->store, &a, &e), &e);
	assert_ok(index_load(&f->store, &b, &e), &e);
	first = told(&a);
	second = told(&b);
	assert_string_equal(first, second);
	assert_int_equal(b.manifests[0].size, 7);
}

static void a_damaged_index_is_told(void **state)
{
	struct fixture *f = *state;
	struct index i = { 0 };
	struct err e = ERR_INIT;

	fixture_write(f, "index.json", "{\"schemaVersion\":2,");
	assert_err(index_load(&f->store, &i, &e), &e, ERR_INPUT, f->path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_lead_to_images),
		FIXTURE_TEST(what_is_saved_is_loaded),
		FIXTURE_TEST(a_damaged_index_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
