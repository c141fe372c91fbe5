/*
 * test_seccomp_emulate.c - the interpreter of filters: every instruction, the
 * rank of actions, programs that are none.
 */
#include "unit.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include "base/table.h"
#include "kernel/seccomp.h"

#define S(code, k)	   BPF_STMT(code, k)
#define J(code, k, jt, jf) BPF_JUMP(code, k, jt, jf)
#define RET		   (BPF_RET | BPF_K)
#define RETA		   (BPF_RET | BPF_A)
#define LOAD		   (BPF_LD | BPF_W | BPF_ABS)
#define IMM		   (BPF_LD | BPF_IMM)
#define IMMX		   (BPF_LDX | BPF_IMM)
#define ALU(op)		   (BPF_ALU | BPF_##op | BPF_K)
#define ALUX(op)	   (BPF_ALU | BPF_##op | BPF_X)
#define IF(op)		   (BPF_JMP | BPF_##op | BPF_K)
#define IFX(op)		   (BPF_JMP | BPF_##op | BPF_X)
#define KILL		   SECCOMP_RET_KILL_PROCESS

static const struct seccomp_data data = {
	.nr = 7,
	.arch = 0xc000003e,
	.instruction_pointer = 0x1122334455667788,
	.args = { 0x0000000a0000000b, 1, 2, 3, 4, 0xffffffff00000005 },
};

static uint32_t run(const struct sock_filter *f, size_t n)
{
	const struct blob b = { .data = (void *)(uintptr_t)f,
				.size = n * sizeof(*f) };

	return seccomp_emulate(&b, 1, &data);
}

/* A row's answer is what its last return gives, as an allow with data: only
 * stricter answers than ALLOW are passed on, so all are ERRNO. */
#define E(v) (SECCOMP_RET_ERRNO | (v))
#define TAIL S(ALU(OR), SECCOMP_RET_ERRNO), S(RETA, 0)

static const struct {
	const char *name;
	struct sock_filter f[8];
	size_t n;
	uint32_t want;
} programs[] = {
	{ "nr", { S(LOAD, 0), TAIL }, 3, E(7) },
	{ "arch", { S(LOAD, 4), S(ALU(AND), 0xff), TAIL }, 4, E(0x3e) },
	{ "ip", { S(LOAD, 8), S(ALU(AND), 0xffff), TAIL }, 4, E(0x7788) },
	{ "args 0 low", { S(LOAD, 16), TAIL }, 3, E(11) },
	{ "args 0 high", { S(LOAD, 20), TAIL }, 3, E(10) },
	{ "args 5 low", { S(LOAD, 56), TAIL }, 3, E(5) },
	{ "args 5 high", { S(LOAD, 60), S(ALU(RSH), 16), TAIL }, 4, E(0xffff) },
	{ "beyond", { S(LOAD, 64), S(RET, E(1)) }, 2, KILL },
	{ "odd", { S(LOAD, 2), S(RET, E(1)) }, 2, KILL },
	{ "half-word",
	  { S(BPF_LD | BPF_H | BPF_ABS, 0), S(RET, E(1)) },
	  2,
	  KILL },
	{ "add", { S(IMM, 5), S(ALU(ADD), 3), TAIL }, 4, E(8) },
	{ "sub", { S(IMM, 5), S(ALU(SUB), 3), TAIL }, 4, E(2) },
	{ "mul", { S(IMM, 5), S(ALU(MUL), 3), TAIL }, 4, E(15) },
	{ "div", { S(IMM, 15), S(ALU(DIV), 3), TAIL }, 4, E(5) },
	{ "div 0", { S(IMMX, 0), S(ALUX(DIV), 0), TAIL }, 4, KILL },
	{ "and", { S(IMM, 13), S(ALU(AND), 6), TAIL }, 4, E(4) },
	{ "xor", { S(IMM, 13), S(ALU(XOR), 6), TAIL }, 4, E(11) },
	{ "lsh", { S(IMM, 3), S(ALU(LSH), 2), TAIL }, 4, E(12) },
	{ "rsh", { S(IMM, 12), S(ALU(RSH), 2), TAIL }, 4, E(3) },
	{ "lsh 32", { S(IMM, 3), S(ALU(LSH), 32), TAIL }, 4, KILL },
	{ "neg",
	  { S(IMM, 0xfffffff9), S(BPF_ALU | BPF_NEG, 0), TAIL },
	  4,
	  E(7) },
	{ "mod is none", { S(BPF_ALU | 0x90 | BPF_K, 3), TAIL }, 3, KILL },
	{ "x", { S(IMMX, 9), S(BPF_MISC | BPF_TXA, 0), TAIL }, 4, E(9) },
	{ "tax",
	  { S(IMM, 9), S(BPF_MISC | BPF_TAX, 0), S(ALUX(ADD), 0), TAIL },
	  5,
	  E(18) },
	{ "memory",
	  { S(IMM, 6), S(BPF_ST, 3), S(IMM, 0), S(BPF_LD | BPF_MEM, 3), TAIL },
	  6,
	  E(6) },
	{ "memory of x",
	  { S(IMMX, 6), S(BPF_STX, 15), S(BPF_LDX | BPF_MEM, 15),
	    S(BPF_MISC | BPF_TXA, 0), TAIL },
	  6,
	  E(6) },
	{ "memory beyond", { S(BPF_ST, 16), S(RET, E(1)) }, 2, KILL },
	{ "length", { S(BPF_LD | BPF_W | BPF_LEN, 0), TAIL }, 3, E(64) },
	{ "jump",
	  { S(BPF_JMP | BPF_JA, 1), S(RET, E(1)), S(RET, E(2)) },
	  3,
	  E(2) },
	{ "jeq",
	  { S(LOAD, 0), J(IF(JEQ), 7, 1, 0), S(RET, E(1)), S(RET, E(2)) },
	  4,
	  E(2) },
	{ "jgt",
	  { S(LOAD, 0), J(IF(JGT), 7, 1, 0), S(RET, E(1)), S(RET, E(2)) },
	  4,
	  E(1) },
	{ "jge",
	  { S(LOAD, 0), J(IF(JGE), 7, 1, 0), S(RET, E(1)), S(RET, E(2)) },
	  4,
	  E(2) },
	{ "jge is unsigned",
	  { S(IMM, 0x80000000), J(IF(JGE), 7, 1, 0), S(RET, E(1)),
	    S(RET, E(2)) },
	  4,
	  E(2) },
	{ "jset",
	  { S(LOAD, 0), J(IF(JSET), 8, 1, 0), S(RET, E(1)), S(RET, E(2)) },
	  4,
	  E(1) },
	{ "jeq x",
	  { S(IMMX, 7), S(LOAD, 0), J(IFX(JEQ), 0, 1, 0), S(RET, E(1)),
	    S(RET, E(2)) },
	  5,
	  E(2) },
	{ "jump out", { S(BPF_JMP | BPF_JA, 5), S(RET, E(1)) }, 2, KILL },
	{ "jump far out",
	  { S(BPF_JMP | BPF_JA, 0xffffffff), S(RET, E(1)) },
	  2,
	  KILL },
	{ "branch out", { J(IF(JEQ), 0, 200, 200), S(RET, E(1)) }, 2, KILL },
	{ "no such jump",
	  { J(BPF_JMP | 0x70, 0, 0, 0), S(RET, E(1)) },
	  2,
	  KILL },
	{ "no return", { S(LOAD, 0) }, 1, KILL },
	{ "nothing", { S(LOAD, 0) }, 0, KILL },
};

static void every_instruction_does_what_the_kernel_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		uint32_t got = run(programs[i].f, programs[i].n);

		if (got != programs[i].want)
			fail_msg("%s: got %#x, expected %#x", programs[i].name,
				 got, programs[i].want);
	}
}

/* From the strictest to the mildest. */
static const uint32_t ranks[] = {
	SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
	SECCOMP_RET_ERRNO,	  SECCOMP_RET_USER_NOTIF,  SECCOMP_RET_TRACE,
	SECCOMP_RET_LOG,	  SECCOMP_RET_ALLOW,
};

static void the_strictest_filter_of_a_stack_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ranks); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(ranks); j++) {
			struct sock_filter a = S(RET, ranks[i]);
			struct sock_filter b = S(RET, ranks[j]);
			const struct blob stack[] = {
				{ .data = &a, .size = sizeof(a) },
				{ .data = &b, .size = sizeof(b) },
			};

			assert_int_equal(seccomp_emulate(stack, 2, &data),
					 ranks[i < j ? i : j]);
		}
	}
}

static void of_two_equally_strict_the_later_decides(void **state)
{
	struct sock_filter a = S(RET, E(1)), b = S(RET, E(2));
	const struct blob stack[] = {
		{ .data = &a, .size = sizeof(a) },
		{ .data = &b, .size = sizeof(b) },
	};

	(void)state;
	assert_int_equal(seccomp_emulate(stack, 2, &data), E(2));
}

static void without_a_filter_all_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(seccomp_emulate(NULL, 0, &data), SECCOMP_RET_ALLOW);
}

static void the_key_calls_are_denied_only_with_every_operation(void **state)
{
	static const struct {
		uint32_t others, key_calls, one_operation;
		bool want;
	} rows[] = {
		{ SECCOMP_RET_ALLOW, E(1), E(1), true },
		{ SECCOMP_RET_ALLOW, KILL, SECCOMP_RET_TRACE, true },
		{ SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF, E(1), true },
		{ E(1), SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, false },
		{ E(1), SECCOMP_RET_LOG, SECCOMP_RET_LOG, false },
		{ E(1), E(1), SECCOMP_RET_ALLOW, false },
		{ E(1), E(1), SECCOMP_RET_LOG, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sock_filter f[] = {
			S(LOAD, 0),
			J(IF(JEQ), SYS_keyctl, 2, 0),
			J(IF(JEQ), SYS_add_key, 3, 0),
			J(IF(JEQ), SYS_request_key, 2, 3),
			S(LOAD, 16),
			J(IF(JEQ), 29, 2, 0), /* KEYCTL_RESTRICT_KEYRING */
			S(RET, rows[i].key_calls),
			S(RET, rows[i].others),
			S(RET, rows[i].one_operation),
		};
		const struct blob b = { .data = f, .size = sizeof(f) };

		assert_int_equal(seccomp_denies_keys(&b, 1), rows[i].want);
	}
	assert_false(seccomp_denies_keys(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_instruction_does_what_the_kernel_does),
		cmocka_unit_test(the_strictest_filter_of_a_stack_decides),
		cmocka_unit_test(of_two_equally_strict_the_later_decides),
		cmocka_unit_test(without_a_filter_all_is_allowed),
		cmocka_unit_test(
			the_key_calls_are_denied_only_with_every_operation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
