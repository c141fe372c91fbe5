/*
 * test_golden.c - every directory of tests/golden is a test: the case in
 * `cmd` gives exactly the text in `plan` (or the refusal that stands there).
 */
#include "case.h"
#include "golden.h"

static char *plan_text(const char *name)
{
	auto_free char *cmd = golden_read(name, "cmd");
	struct err e = ERR_INIT;
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(case_free) struct test_case *c = NULL;
	AUTO(plan_free) struct plan *p = NULL;

	assert_non_null(cmd);
	c = case_parse(cmd);
	p = case_build(c, &e);
	if (p)
		plan_print_text(p, false, &b);
	else
		buf_printf(&b, "refused (%s): %s\n", err_word(e.kind), e.msg);
	return buf_take(&b);
}

static const struct golden golden = { "tests/golden", plan_text, 15 };

int main(void)
{
	return golden_run();
}
