/*
 * golden.h - tests of which each is a directory: what is made of its files is
 * compared with a text that stands there. UPDATE_GOLDEN=1 writes the texts
 * anew; they are reviewed like code.
 */
#ifndef TESTS_PLAN_GOLDEN_H
#define TESTS_PLAN_GOLDEN_H

#include <dirent.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"

struct golden {
	const char *top;		 /* the directory of all */
	char *(*text)(const char *name); /* heap; compared with NAME/plan */
	size_t least;			 /* so many there must be */
};
/* One for the file: cmocka hands a test one pointer only. */
static const struct golden golden;

/* The file TOP/NAME/FILE, heap; NULL: there is none. */
static inline char *golden_read(const char *name, const char *file)
{
	auto_free char *path = xasprintf("%s/%s/%s", golden.top, name, file);

	return unit_read(path);
}

static inline void golden_write(const char *name, const char *text)
{
	auto_free char *path = xasprintf("%s/%s/plan", golden.top, name);
	AUTO(fclose) FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
}

static inline void the_plan_is_the_golden_one(void **state)
{
	const char *name = *state;
	auto_free char *want = golden_read(name, "plan");
	auto_free char *got = golden.text(name);

	if (getenv("UPDATE_GOLDEN")) {
		golden_write(name, got);
		return;
	}
	if (!want)
		fail_msg("%s/%s/plan is not there: run with UPDATE_GOLDEN=1",
			 golden.top, name);
	if (strcmp(want, got) != 0)
		fail_msg("%s/%s/plan differs; it is now:\n%s", golden.top, name,
			 got);
}

static inline void there_are_enough(void **state)
{
	const size_t *n = *state;

	assert_true(*n >= golden.least);
}

static inline int golden_run(void)
{
	AUTO(closedir) DIR *dir = opendir(golden.top);
	AUTO(strv_free) char **names = NULL;
	struct CMUnitTest *tests = NULL;
	size_t n = 0, n_cases;
	int ret;

	for (struct dirent *d; dir && (d = readdir(dir));)
		if (d->d_name[0] != '.')
			strv_add(&names, d->d_name);
	strv_foreach (name, names) {
		*GROW(tests, n) = (struct CMUnitTest){
			.name = *name,
			.test_func = the_plan_is_the_golden_one,
			.initial_state = *name,
		};
		n++;
	}
	n_cases = n;
	*GROW(tests, n) = (struct CMUnitTest){
		.name = "there_are_enough",
		.test_func = there_are_enough,
		.initial_state = &n_cases,
	};
	ret = _cmocka_run_group_tests(golden.top, tests, n + 1, NULL, NULL);
	free(tests);
	return ret;
}

#endif
