/*
 * test_golden.c - every directory of tests/golden is a test: the case in
 * `cmd` gives exactly the text in `plan` (or the refusal that stands there).
 * UPDATE_GOLDEN=1 writes the texts anew; they are reviewed like code.
 */
#include <dirent.h>
#include "case.h"

#define GOLDEN "tests/golden"

static char *read_text(const char *path)
{
	AUTO(fclose) FILE *f = fopen(path, "re");
	AUTO(buf_done) struct buf b = BUF_INIT;
	char block[4096];
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(block, 1, sizeof(block), f)))
		buf_add(&b, block, n);
	return buf_take(&b);
}

static void write_text(const char *path, const char *text)
{
	AUTO(fclose) FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
}

static char *plan_text(const char *cmd)
{
	AUTO(case_free) struct test_case *c = case_parse(cmd);
	struct err e = ERR_INIT;
	AUTO(plan_free) struct plan *p = case_build(c, &e);
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (p)
		plan_print_text(p, false, &b);
	else
		buf_printf(&b, "refused (%s): %s\n", err_word(e.kind), e.msg);
	return buf_take(&b);
}

static void the_plan_is_the_golden_one(void **state)
{
	const char *name = *state;
	auto_free char *cmd_path = xasprintf(GOLDEN "/%s/cmd", name);
	auto_free char *plan_path = xasprintf(GOLDEN "/%s/plan", name);
	auto_free char *cmd = read_text(cmd_path);
	auto_free char *want = read_text(plan_path), *got = NULL;

	assert_non_null(cmd);
	got = plan_text(cmd);
	if (getenv("UPDATE_GOLDEN")) {
		write_text(plan_path, got);
		return;
	}
	if (!want)
		fail_msg("%s is not there: run with UPDATE_GOLDEN=1",
			 plan_path);
	if (strcmp(want, got) != 0)
		fail_msg("%s differs; the plan is now:\n%s", plan_path, got);
}

static void there_are_at_least_fifteen(void **state)
{
	const size_t *n = *state;

	assert_true(*n >= 15);
}

int main(void)
{
	AUTO(closedir) DIR *dir = opendir(GOLDEN);
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
		.name = "there_are_at_least_fifteen",
		.test_func = there_are_at_least_fifteen,
		.initial_state = &n_cases,
	};
	ret = _cmocka_run_group_tests("golden", tests, n + 1, NULL, NULL);
	free(tests);
	return ret;
}
