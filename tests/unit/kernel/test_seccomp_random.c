/*
 * test_seccomp_random.c - thousands of random profiles, some of them large,
 * answer what the oracle says. The numbers are the same in every run.
 */
#include "seccomp_check.h"

#include <linux/filter.h>
#include "base/alloc.h"

static uint32_t dice(uint64_t *seed, uint32_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % n;
}

static const char *const calls[] = {
	"read",	 "write",     "socket", "ioctl",      "clone",
	"futex", "openat",    "mseal",	"uretprobe",  "fork",
	"statx", "getpid",    "mmap",	"setxattrat", "io_uring_setup",
	"rseq",	 "nanosleep",
};

static uint64_t random_value(uint64_t *seed)
{
	static const uint64_t values[] = {
		0,	    1,		2,	    40,
		1ull << 31, 1ull << 32, UINT32_MAX, 0xffffffff00000001u,
		1ull << 63, UINT64_MAX, 0x10000002,
	};

	return values[dice(seed, ARRAY_SIZE(values))];
}

static void random_rule(uint64_t *seed, struct seccomp_rule *r, size_t most)
{
	static const enum seccomp_act acts[] = {
		SECCOMP_ACT_KILL_PROCESS, SECCOMP_ACT_KILL_THREAD,
		SECCOMP_ACT_TRAP,	  SECCOMP_ACT_ERRNO,
		SECCOMP_ACT_ERRNO,	  SECCOMP_ACT_TRACE,
		SECCOMP_ACT_LOG,	  SECCOMP_ACT_ALLOW,
		SECCOMP_ACT_ALLOW,
	};
	size_t n = 1 + dice(seed, 3);

	r->names = xcalloc(n + 1, sizeof(*r->names));
	for (size_t i = 0; i < n; i++)
		r->names[i] = xstrdup(calls[dice(seed, ARRAY_SIZE(calls))]);
	r->act = acts[dice(seed, ARRAY_SIZE(acts))];
	if (r->act == SECCOMP_ACT_ERRNO)
		r->err = 1 + dice(seed, 3);
	r->n_args = dice(seed, (uint32_t)most + 1);
	if (!r->n_args && dice(seed, 4) == 0)
		r->otherwise = true;
	r->args = xcalloc(r->n_args + 1, sizeof(*r->args));
	for (size_t i = 0; i < r->n_args; i++) {
		struct seccomp_arg *a = &r->args[i];

		/* few arguments, so that tests meet on the same one */
		a->index = dice(seed, 3) * 2;
		a->op = (enum seccomp_cmp)dice(seed, CMP_MASKED_EQ + 1);
		/* many tests: values far enough apart that few rules follow
		 * from others, which the compiler would leave out */
		a->value = random_value(seed) + dice(seed, most > 3 ? 9999 : 1);
		if (a->op == CMP_MASKED_EQ)
			a->value2 = random_value(seed) &
				    (dice(seed, 8) ? a->value : UINT64_MAX);
	}
}

static void random_profile(uint64_t *seed, size_t n_rules, size_t most,
			   struct seccomp_profile *p)
{
	p->dflt = dice(seed, 2) ? SECCOMP_ACT_ERRNO : SECCOMP_ACT_ALLOW;
	p->dflt_errno = p->dflt == SECCOMP_ACT_ERRNO ? dice(seed, 3) : 0;
	p->tolerant = true;
	p->rules = xcalloc(n_rules, sizeof(*p->rules));
	p->n_rules = n_rules;
	for (size_t i = 0; i < n_rules; i++) {
		random_rule(seed, &p->rules[i], most);
		p->rules[i].at = (unsigned)i;
	}
}

/* All jumps lead forward and inside, loads are seccomp's, and the last is a
 * return: what the kernel demands before it takes a program. */
static void assert_well_formed(const struct blob *b)
{
	const struct sock_filter *f = b->data;
	size_t n = b->size / sizeof(*f);

	assert_true(n > 0 && n <= BPF_MAXINSNS);
	assert_int_equal(BPF_CLASS(f[n - 1].code), BPF_RET);
	for (size_t i = 0; i < n; i++) {
		if (f[i].code == (BPF_JMP | BPF_JA)) {
			assert_true(i + 1 + f[i].k < n);
		} else if (BPF_CLASS(f[i].code) == BPF_JMP) {
			assert_true(i + 1 + f[i].jt < n);
			assert_true(i + 1 + f[i].jf < n);
		} else if (BPF_CLASS(f[i].code) == BPF_LD) {
			assert_true(f[i].k % 4 == 0 && f[i].k < 64);
		}
	}
}

static size_t try_profile(uint64_t seed, size_t n_rules, size_t most,
			  size_t *longest)
{
	const struct oracle_machine *m = &oracle_machines[seed % 2];
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;
	char what[64];

	snprintf(what, sizeof(what), "random profile %llu",
		 (unsigned long long)seed);
	random_profile(&seed, n_rules, most, &c.p);
	c.p.arch = xstrdup(m->name);
	/* an unknown call (uretprobe on arm64 is none) never occurs here */
	assert_ok(seccomp_compile("r", &c.p, c.filters, &c.n, &e), &e);
	for (size_t i = 0; i < c.n; i++) {
		size_t n = c.filters[i].size / sizeof(struct sock_filter);

		assert_well_formed(&c.filters[i]);
		*longest = n > *longest ? n : *longest;
	}
	return compare_all(m, &c, what, 2000);
}

static void small_random_profiles_are_compiled_faithfully(void **state)
{
	size_t compared = 0, longest = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 400; seed++)
		compared += try_profile(seed, 1 + seed % 12, 3, &longest);
	print_message("# %zu answers compared\n", compared);
}

static void profiles_whose_jumps_are_long_are_compiled_faithfully(void **state)
{
	size_t compared = 0, longest = 0;

	(void)state;
	for (uint64_t seed = 1001; seed <= 1030; seed++)
		compared += try_profile(seed, 150, 6, &longest);
	print_message("# %zu answers compared, longest program %zu\n", compared,
		      longest);
	assert_true(longest > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_random_profiles_are_compiled_faithfully),
		cmocka_unit_test(
			profiles_whose_jumps_are_long_are_compiled_faithfully),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
