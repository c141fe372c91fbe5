/* test_alloc.c - base/alloc: sizes, copies, and the end when there is none. */
#include "unit.h"
#include <stdint.h>
#include <sys/wait.h>
#include "base/alloc.h"

static void zero_bytes_are_a_pointer(void **s)
{
	(void)s;
	void *p = xmalloc(0), *q = xcalloc(0, 8), *r = xrealloc(NULL, 0, 8);

	assert_non_null(p);
	assert_non_null(q);
	assert_non_null(r);
	free(p);
	free(q);
	free(r);
}

static void copies_are_terminated_and_null_stays_null(void **s)
{
	(void)s;
	char *a = xstrdup("abc"), *b = xstrndup("abcdef", 3);
	char *c = xstrndup("ab", 10), *d = xasprintf("%d-%s", 5, "x");

	assert_string_equal(a, "abc");
	assert_string_equal(b, "abc");
	assert_string_equal(c, "ab");
	assert_string_equal(d, "5-x");
	assert_null(xstrdup(NULL));
	assert_null(xstrndup(NULL, 4));
	free(a);
	free(b);
	free(c);
	free(d);
}

static void grow_zeroes_the_new_element(void **s)
{
	struct pair {
		int a, b;
	} *v = NULL;
	size_t n = 0;

	(void)s;
	for (; n < 100; n++) {
		struct pair *p = GROW(v, n);

		assert_int_equal(p->a + p->b, 0);
		*p = (struct pair){ (int)n, -1 };
	}
	assert_int_equal(v[99].a, 99);
	assert_int_equal(v[0].b, -1);
	free(v);
}

/* Exit status and message of a child that asks for n * size bytes. */
static int exhausted(size_t n, size_t size, char ret[64])
{
	int fds[2], status;
	ssize_t len;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 2);
		free(xrealloc(NULL, n, size));
		_exit(0);
	}
	close(fds[1]);
	len = read(fds[0], ret, 63);
	ret[len > 0 ? len : 0] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void exhaustion_and_overflow_end_the_process_with_125(void **s)
{
	char text[64];

	(void)s;
	assert_int_equal(exhausted(SIZE_MAX / 2, 4, text), 125);
	assert_string_equal(text, "immure: out of memory\n");
	assert_int_equal(exhausted(1, 1, text), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zero_bytes_are_a_pointer),
		cmocka_unit_test(copies_are_terminated_and_null_stays_null),
		cmocka_unit_test(grow_zeroes_the_new_element),
		cmocka_unit_test(
			exhaustion_and_overflow_end_the_process_with_125),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
