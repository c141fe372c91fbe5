/*
 * test_sched.c - kernel/sched in a process of its own each: what was asked is
 * what the kernel reports, and what it does not take is an error.
 */
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit.h"
#include "kernel/sched.h"

/* The status of a child that calls `fn`: 0, it was so. */
static int in_child(int (*fn)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(fn());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static int batch(void)
{
	const struct sched_ask a = { .policy = SCHED_BATCH, .nice = 5 };
	struct err e = ERR_INIT;

	if (sched_set(&a, &e) < 0)
		return 1;
	if (sched_getscheduler(0) != SCHED_BATCH)
		return 2;
	return getpriority(PRIO_PROCESS, 0) != 5;
}

static int no_policy(void)
{
	const struct sched_ask a = { .policy = 77 };
	struct err e = ERR_INIT;

	return !(sched_set(&a, &e) < 0 && strstr(e.msg, "policy 77"));
}

static int idle_io(void)
{
	const struct io_ask a = { .class_ = 3, .level = 0 };
	struct err e = ERR_INIT;

	return sched_set_io(&a, &e) < 0 ||
	       syscall(SYS_ioprio_get, 1, 0) != 3 << 13;
}

static int no_class(void)
{
	const struct io_ask a = { .class_ = 6, .level = 7 };
	struct err e = ERR_INIT;

	return sched_set_io(&a, &e) == 0;
}

static int one_cpu(void)
{
	uint32_t first = (uint32_t)sched_getcpu();
	const struct sched_numbers one = { &first, 1 };
	struct err e = ERR_INIT;
	cpu_set_t now;

	if (sched_set_cpus(&one, &e) < 0 ||
	    sched_getaffinity(0, sizeof(now), &now) < 0)
		return 1;
	return CPU_COUNT(&now) != 1 || !CPU_ISSET(first, &now);
}

static int no_cpu(void)
{
	uint32_t none = SCHED_NUMBERS_MAX - 1;
	const struct sched_numbers one = { &none, 1 };
	struct err e = ERR_INIT;

	return sched_set_cpus(&one, &e) == 0;
}

static int of_a_node(void)
{
	uint32_t node = 0;
	const struct mempolicy_ask a = { .mode = 2, .nodes = { &node, 1 } };
	unsigned long nodes[16] = { 0 };
	struct err e = ERR_INIT;
	int mode = -1;

	if (sched_set_memory(&a, &e) < 0)
		return 1;
	syscall(SYS_get_mempolicy, &mode, nodes, 1024, NULL, 0);
	return mode != 2 || nodes[0] != 1;
}

static int of_no_node(void)
{
	uint32_t node = SCHED_NUMBERS_MAX - 1;
	const struct mempolicy_ask a = { .mode = 2, .nodes = { &node, 1 } };
	struct err e = ERR_INIT;

	return sched_set_memory(&a, &e) == 0;
}

#define TEST(name, fn)                                                         \
	static void name(void **state)                                         \
	{                                                                      \
		(void)state;                                                   \
		assert_int_equal(in_child(fn), 0);                             \
	}
TEST(a_policy_and_its_nice_value_are_set, batch)
TEST(a_policy_that_there_is_not_is_an_error, no_policy)
TEST(the_class_of_input_and_output_is_set, idle_io)
TEST(a_class_that_there_is_not_is_an_error, no_class)
TEST(a_processor_is_the_only_one, one_cpu)
TEST(a_processor_that_there_is_not_is_an_error, no_cpu)
TEST(memory_is_bound_to_a_node, of_a_node)
TEST(a_node_that_there_is_not_is_an_error, of_no_node)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_and_its_nice_value_are_set),
		cmocka_unit_test(a_policy_that_there_is_not_is_an_error),
		cmocka_unit_test(the_class_of_input_and_output_is_set),
		cmocka_unit_test(a_class_that_there_is_not_is_an_error),
		cmocka_unit_test(a_processor_is_the_only_one),
		cmocka_unit_test(a_processor_that_there_is_not_is_an_error),
		cmocka_unit_test(memory_is_bound_to_a_node),
		cmocka_unit_test(a_node_that_there_is_not_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
