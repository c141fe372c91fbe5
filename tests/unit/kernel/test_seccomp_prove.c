/*
 * test_seccomp_prove.c - the proof holds for what the compiler makes, and
 * fails for every filter that was bent; what can be read from BPF alone.
 */
#include "seccomp_check.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "base/alloc.h"
#include "kernel/seccomp_corners.h"
#include "kernel/seccomp_holes.h"
#include "kernel/seccomp_named.h"
#include "kernel/seccomp_prove.h"
#include "kernel/seccomp_read.h"
#include "kernel/seccomp_walk.h"

static void make(const char *name, const char *machine, uint64_t caps,
		 struct compiled *c)
{
	struct err e = ERR_INIT;
	size_t len;

	assert_ok(parse(seccomp_builtin_json(name, &len), machine, caps, &c->p,
			&e),
		  &e);
	assert_ok(seccomp_compile(name, &c->p, c->filters, &c->n, &e), &e);
}

static void every_built_in_profile_is_proved_on_every_machine(void **state)
{
	static const uint64_t caps[] = { 0, 0x800405fb, (1ull << 41) - 1 };
	size_t compared = 0;

	(void)state;
	for (const char *const *n = seccomp_builtin_names(); *n; n++) {
		for (size_t i = 0; i < 2 * ARRAY_SIZE(caps); i++) {
			AUTO(compiled_done) struct compiled c = { 0 };
			struct seccomp_proof proof;

			make(*n, oracle_machines[i % 2].name, caps[i / 2], &c);
			seccomp_prove(&c.p, c.filters, c.n, &proof);
			assert_false(proof.differs);
			compared += proof.compared;
		}
	}
	print_message("# %zu answers compared\n", compared);
	assert_true(compared > 1000000);
}

/* Bends the n-th instruction; false when there is no other way to write it. */
static bool bend(struct sock_filter *f)
{
	if (f->code == (BPF_RET | BPF_K)) {
		f->k = f->k == SECCOMP_RET_ALLOW ? SECCOMP_RET_LOG
						 : SECCOMP_RET_ALLOW;
		return true;
	}
	if (BPF_CLASS(f->code) == BPF_JMP && f->jt != f->jf) {
		uint8_t jt = f->jt;

		f->jt = f->jf;
		f->jf = jt;
		return true;
	}
	return false;
}

static void a_filter_with_one_jump_turned_is_disproved(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	size_t bent = 0;

	(void)state;
	make("default", "amd64", 0, &c);
	for (size_t i = 0; i < c.n; i++) {
		struct sock_filter *f = c.filters[i].data;
		size_t n = c.filters[i].size / sizeof(*f);

		for (size_t k = 0; k < n; k += 3) {
			const struct sock_filter kept = f[k];
			struct seccomp_proof proof;

			if (!bend(&f[k]))
				continue;
			seccomp_prove(&c.p, c.filters, c.n, &proof);
			if (!proof.differs)
				fail_msg("filter %zu, instruction %zu: not "
					 "noticed",
					 i, k);
			assert_true(proof.want != proof.got);
			f[k] = kept;
			bent++;
		}
	}
	print_message("# %zu mutants found\n", bent);
	assert_true(bent > 50);
}

/* A number that is compared with is moved by one: every constant counts. */
static void a_filter_with_one_value_moved_is_disproved(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };

	(void)state;
	make("default", "amd64", 0, &c);
	for (size_t i = 0; i < c.n; i++) {
		struct sock_filter *f = c.filters[i].data;
		size_t n = c.filters[i].size / sizeof(*f);

		for (size_t k = 4; k < n; k += 5) {
			struct seccomp_proof proof;

			if (BPF_CLASS(f[k].code) != BPF_JMP)
				continue;
			f[k].k++;
			seccomp_prove(&c.p, c.filters, c.n, &proof);
			if (!proof.differs)
				fail_msg("filter %zu, instruction %zu: not "
					 "noticed",
					 i, k);
			f[k].k--;
		}
	}
}

#define TEST(op, v)                                                            \
	"{\"names\":[\"read\",\"ioctl\"],\"action\":\"SCMP_ACT_ERRNO\","       \
	"\"errnoRet\":" #v ",\"args\":[{\"index\":2,\"value\":" #v             \
	",\"op\":\"SCMP_CMP_" op "\"},{\"index\":0,\"value\":4294967296,"      \
	"\"op\":\"SCMP_CMP_LT\"}]}"

static void a_profile_with_every_operator_is_proved(void **state)
{
	static const char json[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":"
		"[" TEST("NE", 7) "," TEST("LT", 3) "," TEST("LE", 1) "," TEST(
			"EQ", 7) "," TEST("GE", 9) "," TEST("GT", 20) "]}";
	AUTO(compiled_done) struct compiled c = { 0 };
	struct seccomp_proof proof;
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(json, "amd64", 0, &c.p, &e), &e);
	c.p.tolerant = true;
	assert_ok(seccomp_compile("t", &c.p, c.filters, &c.n, &e), &e);
	seccomp_prove(&c.p, c.filters, c.n, &proof);
	assert_false(proof.differs);
	assert_true(proof.compared > 10000);
}

/* ---- reading BPF ---- */

#define S(code, k)	 BPF_STMT(code, k)
#define J(op, k, jt, jf) BPF_JUMP(BPF_JMP | BPF_##op | BPF_K, k, jt, jf)
#define LOAD		 (BPF_LD | BPF_W | BPF_ABS)
#define RET(v)		 S(BPF_RET | BPF_K, v)
#define NATIVE		 AUDIT_ARCH_X86_64
#define ERRNO(n)	 (SECCOMP_RET_ERRNO | (n))
#define BLOB(f)                                                                \
	(struct blob)                                                          \
	{                                                                      \
		.name = (char *)"f", .data = (f), .size = sizeof(f)            \
	}

static void the_reach_of_a_call_is_what_it_looks_at_and_answers(void **state)
{
	struct sock_filter f[] = {
		S(LOAD, 0),
		J(JEQ, 41, 0, 5),
		S(LOAD, 16),
		S(BPF_ALU | BPF_AND | BPF_K, 0xff),
		J(JEQ, 40, 0, 1),
		RET(ERRNO(97)),
		RET(SECCOMP_RET_ALLOW),
		RET(ERRNO(1)),
	};
	const struct blob b = BLOB(f);
	AUTO(seccomp_reach_done)
	struct seccomp_reach socket = { 0 }, other = { 0 };

	(void)state;
	seccomp_reach(&b, (struct seccomp_entry){ NATIVE, 41 }, &socket);
	assert_int_equal(socket.n_looks, 1);
	assert_int_equal(socket.looks[0].arg, 0);
	assert_false(socket.looks[0].high);
	assert_int_equal(socket.looks[0].mask, 0xff);
	assert_int_equal(socket.looks[0].k, 40);
	assert_int_equal(socket.n_answers, 2);
	assert_false(socket.opaque);
	seccomp_reach(&b, (struct seccomp_entry){ NATIVE, 42 }, &other);
	assert_int_equal(other.n_looks, 0);
	assert_int_equal(other.n_answers, 1);
	assert_int_equal(other.answers[0], ERRNO(1));
}

static void ways_that_contradict_themselves_are_left_out(void **state)
{
	struct sock_filter f[] = {
		S(LOAD, 16),
		J(JEQ, 1, 0, 3),
		S(LOAD, 16),
		J(JEQ, 2, 0, 1),
		RET(ERRNO(1)),
		J(JGT, 7, 0, 1),
		RET(SECCOMP_RET_ALLOW),
		RET(ERRNO(2)),
	};
	const struct blob b = BLOB(f);
	AUTO(seccomp_ways_done) struct seccomp_ways w = { 0 };

	(void)state;
	seccomp_ways(&b, (struct seccomp_entry){ NATIVE, 0 }, &w);
	/* a0 == 1 is neither 2 nor above 7 */
	assert_int_equal(w.n, 3);
	for (size_t i = 0; i < w.n; i++)
		assert_true(w.v[i].answer != ERRNO(1));
	assert_false(w.more || w.opaque);
}

static void what_cannot_be_followed_is_said_to_be_so(void **state)
{
	struct sock_filter f[] = {
		S(LOAD, 16),   S(BPF_ALU | BPF_MUL | BPF_K, 3), J(JEQ, 6, 0, 1),
		RET(ERRNO(1)), RET(SECCOMP_RET_ALLOW),
	};
	const struct blob b = BLOB(f);
	AUTO(seccomp_reach_done) struct seccomp_reach r = { 0 };
	AUTO(seccomp_ways_done) struct seccomp_ways w = { 0 };

	(void)state;
	seccomp_reach(&b, (struct seccomp_entry){ NATIVE, 0 }, &r);
	assert_true(r.opaque);
	assert_int_equal(r.n_answers, 2);
	seccomp_ways(&b, (struct seccomp_entry){ NATIVE, 0 }, &w);
	assert_true(w.opaque);
	assert_int_equal(w.n, 2);
}

static void computed_numbers_are_followed(void **state)
{
	struct sock_filter f[] = {
		S(LOAD, 0),
		S(BPF_ALU | BPF_OR | BPF_K, 0x100),
		S(BPF_ALU | BPF_SUB | BPF_K, 0x80),
		S(BPF_ALU | BPF_ADD | BPF_K, 0x80),
		S(BPF_ALU | BPF_RSH | BPF_K, 8),
		S(BPF_ALU | BPF_AND | BPF_K, 1),
		J(JSET, 1, 0, 1),
		S(BPF_RET | BPF_A, 0),
		S(BPF_LD | BPF_IMM, 3),
		J(JEQ, 3, 0, 1),
		RET(ERRNO(1)),
	};
	const struct blob b = BLOB(f);
	AUTO(seccomp_reach_done) struct seccomp_reach r = { 0 };

	(void)state;
	seccomp_reach(&b, (struct seccomp_entry){ NATIVE, 7 }, &r);
	assert_int_equal(r.n_answers, 1);
	assert_int_equal(r.answers[0], 1); /* the accumulator itself */
}

static void a_program_without_an_end_kills(void **state)
{
	struct sock_filter f[] = { S(LOAD, 16), J(JGE, 1, 9, 0) };
	const struct blob b = BLOB(f);
	AUTO(seccomp_reach_done) struct seccomp_reach r = { 0 };

	(void)state;
	seccomp_reach(&b, (struct seccomp_entry){ NATIVE, 7 }, &r);
	assert_int_equal(r.n_answers, 1);
	assert_int_equal(r.answers[0], SECCOMP_RET_KILL_PROCESS);
}

/* ---- holes ---- */

struct hole_row {
	const char *name;
	struct sock_filter f[12];
	size_t n;
	enum seccomp_finding_kind kind;
	const char *part;
};
static const struct hole_row holes[] = {
	{ "deny-list without the architecture",
	  { S(LOAD, 0), J(JEQ, 41, 0, 1), RET(ERRNO(1)),
	    RET(SECCOMP_RET_ALLOW) },
	  4,
	  FINDING_UNCHECKED,
	  "i386" },
	{ "x32",
	  { S(LOAD, 4), J(JEQ, NATIVE, 1, 0), RET(ERRNO(1)), S(LOAD, 0),
	    J(JEQ, 41, 0, 1), RET(ERRNO(1)), RET(SECCOMP_RET_ALLOW) },
	  7,
	  FINDING_HOLE,
	  "x32 numbers pass whose own call is denied (1): socket" },
	{ "socketcall",
	  { S(LOAD, 4), J(JEQ, AUDIT_ARCH_I386, 0, 1), RET(SECCOMP_RET_ALLOW),
	    S(LOAD, 0), J(JEQ, 0, 0, 1), RET(SECCOMP_RET_ALLOW),
	    RET(ERRNO(1)) },
	  7,
	  FINDING_ARCH,
	  "open: 512" },
	{ "a wide comparison",
	  { S(LOAD, 4), J(JEQ, NATIVE, 0, 7), S(LOAD, 0), J(JEQ, 16, 0, 5),
	    S(LOAD, 28), J(JEQ, 0, 0, 2), S(LOAD, 24), J(JEQ, 0x5412, 1, 0),
	    RET(SECCOMP_RET_ALLOW), RET(ERRNO(1)) },
	  10,
	  FINDING_WIDE,
	  "ioctl: argument 1: 21522" },
	{ "what nobody named",
	  { RET(SECCOMP_RET_ALLOW) },
	  1,
	  FINDING_OPEN,
	  "every call that Linux still gets" },
};

static const struct seccomp_finding *find(const struct seccomp_report *r,
					  const struct hole_row *row)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].kind == row->kind &&
		    strstr(r->v[i].text, row->part))
			return &r->v[i];
	return NULL;
}

static void ways_round_a_filter_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(holes); i++) {
		const struct hole_row *h = &holes[i];
		const struct blob b = { .data = (void *)(uintptr_t)h->f,
					.size = h->n * sizeof(h->f[0]) };
		AUTO(seccomp_report_done) struct seccomp_report r = { 0 };

		seccomp_holes(seccomp_machine_find("amd64"), &b, 1, &r);
		if (find(&r, h))
			continue;
		for (size_t k = 0; k < r.n; k++)
			print_message("# %s\n", r.v[k].text);
		fail_msg("%s: not found", h->name);
	}
}

static void socketcall_and_ipc_are_named_beside_what_they_evade(void **state)
{
	const struct blob b = { .data = (void *)(uintptr_t)holes[2].f,
				.size = holes[2].n * sizeof(holes[2].f[0]) };
	AUTO(seccomp_report_done) struct seccomp_report r = { 0 };
	static const struct hole_row wanted[] = {
		{ .kind = FINDING_HOLE, .part = "socketcall of i386" },
		{ .kind = FINDING_HOLE, .part = "ipc of i386" },
	};

	(void)state;
	seccomp_holes(seccomp_machine_find("amd64"), &b, 1, &r);
	assert_non_null(find(&r, &wanted[0]));
	assert_non_null(find(&r, &wanted[1]));
}

static void no_built_in_profile_has_a_hole(void **state)
{
	(void)state;
	for (const char *const *n = seccomp_builtin_names(); *n; n++) {
		for (size_t i = 0; i < 2; i++) {
			AUTO(seccomp_report_done)
			struct seccomp_report r = { 0 };
			AUTO(compiled_done) struct compiled c = { 0 };
			const char *m = oracle_machines[i].name;

			make(*n, m, 0, &c);
			seccomp_holes(seccomp_machine_find(m), c.filters, c.n,
				      &r);
			if (r.n)
				fail_msg("%s: %s", *n, r.v[0].text);
		}
	}
}

/* ---- a running process ---- */

static pid_t start_filtered(const struct blob *b, size_t n)
{
	int fds[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		signal(SIGTERM, SIG_DFL);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
			_exit(1);
		for (size_t i = 0; i < n; i++)
			if (seccomp_install(&b[i], NULL))
				_exit(2);
		if (write(fds[1], "", 1) != 1)
			_exit(3);
		for (;;)
			pause();
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &c, 1), 1);
	close(fds[0]);
	return pid;
}

static void the_filters_of_a_process_are_read_in_their_order(void **state)
{
	size_t n, got_n = 0;
	const struct blob *want = seccomp_builtin("default", &n);
	struct err e = ERR_INIT;
	struct blob *got = NULL;
	pid_t pid;
	int rc;

	(void)state;
	if (geteuid()) {
		print_message("skip: only root is shown filters\n");
		skip();
	}
	pid = start_filtered(want, n);
	rc = seccomp_read(pid, &got, &got_n, &e);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_ok(rc, &e);
	assert_int_equal(got_n, n);
	for (size_t i = 0; i < got_n; i++) {
		assert_string_equal(got[i].digest, want[i].digest);
		blob_done(&got[i]);
	}
	free(got);
}

static void no_process_and_no_right_are_told_apart(void **state)
{
	struct err e = ERR_INIT;
	struct blob *got = NULL;
	size_t n;
	pid_t pid;
	int status;

	(void)state;
	assert_err(seccomp_read(4194303, &got, &n, &e), &e, ERR_MISSING,
		   "no such process");
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) { /* nobody may not look at us */
		if (setresgid(65534, 65534, 65534) ||
		    setresuid(65534, 65534, 65534))
			_exit(9);
		seccomp_read(getppid(), &got, &n, &e);
		_exit(e.kind == ERR_DENIED ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	if (!geteuid())
		assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_built_in_profile_is_proved_on_every_machine),
		cmocka_unit_test(a_filter_with_one_jump_turned_is_disproved),
		cmocka_unit_test(a_filter_with_one_value_moved_is_disproved),
		cmocka_unit_test(a_profile_with_every_operator_is_proved),
		cmocka_unit_test(
			the_reach_of_a_call_is_what_it_looks_at_and_answers),
		cmocka_unit_test(ways_that_contradict_themselves_are_left_out),
		cmocka_unit_test(what_cannot_be_followed_is_said_to_be_so),
		cmocka_unit_test(computed_numbers_are_followed),
		cmocka_unit_test(a_program_without_an_end_kills),
		cmocka_unit_test(ways_round_a_filter_are_found),
		cmocka_unit_test(
			socketcall_and_ipc_are_named_beside_what_they_evade),
		cmocka_unit_test(no_built_in_profile_has_a_hole),
		cmocka_unit_test(
			the_filters_of_a_process_are_read_in_their_order),
		cmocka_unit_test(no_process_and_no_right_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
