/*
 * test_seccomp_ask.c - what immure seccomp answers: of profiles, of files of
 * BPF, of processes; the profiles of docker and podman among them.
 */
#include "unit.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/seccomp_ask.h"
#include "kernel/seccomp.h"

#define DATA   "tests/data/seccomp/"
#define ALLOW  SECCOMP_RET_ALLOW
#define DENIED (SECCOMP_RET_ERRNO | 1)

static const struct filters_ask amd64 = { .arch = "amd64", .kernel = "6.1" };

/* Works in a directory of its own, from which the tree's data is seen. */
static int enter(void **state)
{
	auto_free char *top = getcwd(NULL, 0);
	auto_free char *tests = xasprintf("%s/tests", top);

	return place_set_up(state) ||
	       fchdir(((struct unit_place *)*state)->dir) ||
	       symlink(tests, "tests");
}

static struct filters *source(const char *word)
{
	struct err e = ERR_INIT;
	struct filters *f = filters_open(word, &amd64, &e);

	if (!f)
		fail_msg("%s: %s", word, e.msg);
	return f;
}

static void has(const struct buf *b, const char *what)
{
	if (!b->p || !strstr(b->p, what))
		fail_msg("no \"%s\" in:\n%s", what, b->p ? b->p : "");
}

static void lacks(const struct buf *b, const char *what)
{
	if (b->p && strstr(b->p, what))
		fail_msg("\"%s\" in:\n%s", what, b->p);
}

/* A file in the current directory; its name. */
static const char *file(const char *name, const void *p, size_t n)
{
	struct err e = ERR_INIT;

	assert_ok(file_write_at(AT_FDCWD, name, p, n, &e), &e);
	return name;
}

static const char *json_file(const char *text)
{
	return file("p.json", text, strlen(text));
}

/* ---- emu ---- */

static const struct {
	const char *source, *call, *answer;
} asked[] = {
	{ "default", "read", "read: ALLOW  [syscalls[0]]\n" },
	{ "default", "socket(40,1,0)", ": ERRNO 97 (EAFNOSUPPORT)  [sys" },
	{ "default", "socket(AF_VSOCK, SOCK_STREAM)", ": ERRNO 97" },
	{ "default", "socket(AF_INET,SOCK_STREAM|SOCK_CLOEXEC,6)", ": ALLOW" },
	{ "default", "socket(0x100000002,1,0)", ": ALLOW" },
	{ "default", "clone(CLONE_NEWUSER|17)", ": ERRNO 1 (EPERM)" },
	{ "default", "clone(17)", ": ALLOW" },
	{ "default", "ioctl(0,TIOCSTI)", ": ERRNO 1 (EPERM)" },
	{ "default", "ioctl(0,0x100005412)", ": ERRNO 1 (EPERM)" },
	{ "default", "ioctl(-1,TIOCGWINSZ)", ": ALLOW" },
	{ "default", "clone3()", ": ERRNO 38 (ENOSYS)  [default]" },
	{ "default", "0", "0: ALLOW" },
	{ "default", "100000", ": ERRNO 38 (ENOSYS)  [default]" },
	{ "default", "i386:socketcall(1)",
	  ": KILL_PROCESS  [not this machine's entry]" },
	{ "default", "x32:read", ": KILL_PROCESS  [not this" },
	{ "strict", "setuid(0)", ": ERRNO 1 (EPERM)" },
	{ DATA "docker.json", "socket(AF_VSOCK,1)", ": ALLOW" },
	{ DATA "docker.json", "unshare(CLONE_NEWUSER)", ": ERRNO 1 (EPERM)" },
	{ DATA "docker.json", "ptrace", ": ALLOW" },
	{ DATA "docker.json", "clone3", ": ERRNO 38 (ENOSYS)" },
	{ DATA "docker.json", "personality(8)", ": ALLOW" },
	{ DATA "docker.json", "personality(0x0040000)", ": ERRNO 1" },
	{ DATA "podman.json", "unshare(CLONE_NEWUSER)", ": ALLOW" },
	{ DATA "podman.json", "socket(16,3,9)", ": ERRNO 22 (EINVAL)" },
	{ DATA "podman.json", "socket(16,3,0)", ": ALLOW" },
	{ DATA "podman.json", "bpf", ": ERRNO 1 (EPERM)" },
	{ DATA "podman.json", "io_uring_setup", ": ERRNO 38 (ENOSYS)" },
};

static void calls_are_answered_without_a_kernel(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		AUTO(filters_free) struct filters *f = source(asked[i].source);
		char *calls[] = { (char *)(uintptr_t)asked[i].call, NULL };
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct err e = ERR_INIT;
		bool passes = strstr(asked[i].answer, "ALLOW");

		assert_int_equal(filters_emulate(f, calls, false, &b, &e),
				 passes ? 0 : 1);
		has(&b, asked[i].answer);
	}
}

static void what_is_no_call_is_named(void **state)
{
	static const char *const rows[][2] = {
		{ "sockett(1)", "no such system call" },
		{ "socketcall(1)", "no call of this machine" },
		{ "socket(1", "the ) is missing" },
		{ "socket(AF_NIX)", "AF_NIX: neither a number" },
		{ "socket(1,,2)", "" },
		{ "socket(1,2,3,4,5,6,7)", "six arguments" },
		{ "", "no such system call" },
	};
	AUTO(filters_free) struct filters *f = source("default");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *calls[] = { (char *)(uintptr_t)rows[i][0], NULL };
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		assert_err(filters_emulate(f, calls, false, &b, &e), &e,
			   ERR_USAGE, rows[i][1]);
		assert_int_equal(b.len, 0);
	}
}

static void answers_are_told_as_json_too(void **state)
{
	char *calls[] = { (char *)"read", (char *)"bpf", NULL };
	AUTO(filters_free) struct filters *f = source("default");
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(filters_emulate(f, calls, true, &b, &e), 1);
	o = json_parse("emu", b.p, b.len, &e);
	assert_non_null(o);
	has(&b, "\"passes\": true");
	has(&b, "\"answer\": \"ERRNO 1 (EPERM)\"");
}

/* ---- show, explain, asm ---- */

static void a_profile_is_counted_and_its_dangers_told(void **state)
{
	AUTO(filters_free) struct filters *f = source(DATA "docker.json");
	AUTO(buf_done) struct buf text = BUF_INIT, json = BUF_INIT;
	AUTO(json_free) struct json_object *o = NULL;
	struct err e = ERR_INIT;

	(void)state;
	filters_show(f, false, &text);
	has(&text, "profile, amd64, no capabilities");
	has(&text, "2 by arguments");
	has(&text, "    ALLOW when a0 & 0x7e020000 == 0  [syscalls[");
	has(&text, "every other number: ERRNO 1 (EPERM)");
	has(&text, "32-bit programs: KILL_PROCESS");
	has(&text, "high    ptrace: reads and writes other processes");
	has(&text, "high    socket(AF_VSOCK,SOCK_STREAM,0)");
	lacks(&text, "high    bpf");
	filters_show(f, true, &json);
	o = json_parse("show", json.p, json.len, &e);
	assert_non_null(o);
	has(&json, "\"kind\": \"profile\"");
}

static void default_lets_nothing_through_that_is_highly_dangerous(void **state)
{
	static const char *const names[] = { "default", "strict", "build" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		AUTO(filters_free) struct filters *f = source(names[i]);
		AUTO(buf_done) struct buf b = BUF_INIT;

		filters_show(f, false, &b);
		lacks(&b, "  high ");
	}
}

static void rules_are_told_in_the_order_of_deciding(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"kill\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"kill\"],\"action\":\"SCMP_ACT_TRACE\","
		"\"errnoRet\":7,\"args\":["
		"{\"index\":1,\"value\":9,\"op\":\"SCMP_CMP_GE\"},"
		"{\"index\":1,\"value\":15,\"op\":\"SCMP_CMP_LT\"}]},"
		"{\"names\":[\"kill\"],\"action\":\"SCMP_ACT_KILL\","
		"\"args\":[{\"index\":0,\"value\":4294967296,"
		"\"valueTwo\":4294967296,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";
	char *calls[] = { (char *)"kill", NULL };
	AUTO(filters_free) struct filters *f = source(json_file(text));
	AUTO(buf_done) struct buf b = BUF_INIT, all = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(filters_explain(f, calls, false, &b, &e), &e);
	assert_string_equal(
		b.p, "kill (62)\n"
		     "  KILL_THREAD when a0 & 0x100000000 == 0x100000000"
		     "  [syscalls[2]]\n"
		     "  TRACE 7 when a1 >= 9 and a1 < 15  [syscalls[1]]\n"
		     "  otherwise ALLOW  [syscalls[0]]\n");
	assert_ok(filters_explain(f, NULL, true, &all, &e), &e);
	has(&all, "\"call\": \"kill\"");
}

static struct sock_filter program[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, 0x80000000),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 41, 0, 6),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 20),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 40, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, DENIED),
	BPF_STMT(BPF_RET | BPF_K, ALLOW),
	BPF_STMT(BPF_RET | BPF_K, ALLOW),
};

static void raw_bpf_is_read_shown_and_listed(void **state)
{
	char *calls[] = { (char *)"socket", NULL };
	AUTO(filters_free)
	struct filters *f = source(file("f.bpf", program, sizeof(program)));
	AUTO(buf_done)
	struct buf text = BUF_INIT, why = BUF_INIT, list = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	filters_show(f, false, &text);
	has(&text, "f.bpf: BPF program, amd64");
	has(&text, "1 by arguments");
	assert_ok(filters_explain(f, calls, false, &why, &e), &e);
	has(&why, "ERRNO 1 (EPERM) when a0 == 40  [f.bpf:9]");
	has(&why, "otherwise ALLOW");
	filters_asm(f, &list);
	has(&list, "; filter f.bpf, 12 instructions, sha256:");
	has(&list, "   1  jeq  0xc000003e (amd64) -> 3, else 2\n");
	has(&list, "   4  jeq  41 (socket) -> 5, else 11\n");
	has(&list, "   5  ld   high a0\n");
	has(&list, "   9  ret  ERRNO 1 (EPERM)\n");
	lacks(&list, "never reached");
}

static void every_kind_of_instruction_can_be_read(void **state)
{
	struct sock_filter odd[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 8),
		BPF_STMT(BPF_LD | BPF_IMM, 7),
		BPF_STMT(BPF_LDX | BPF_IMM, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_STMT(BPF_ST, 1),
		BPF_STMT(BPF_STX, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 1),
		BPF_STMT(BPF_LDX | BPF_MEM, 2),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 1, 0),
		BPF_STMT(BPF_JMP | BPF_JA, 1),
		BPF_STMT(BPF_RET | BPF_A, 0),
		BPF_STMT(BPF_RET | BPF_K, 0x12340000),
		BPF_STMT(BPF_RET | BPF_K, 0x7ffc0000),
	};
	static const char *const words[] = {
		"instruction pointer, lower",
		"ld   7",
		"ldx  5",
		"ld   length",
		"st   mem[1]",
		"stx  mem[2]",
		"ld   mem[1]",
		"ldx  mem[2]",
		"and  0xf0",
		"add  x",
		"tax",
		"txa",
		"jset x -> 14, else 13",
		"jmp  15",
		"ret  a",
		"0x12340000 is no action",
		"LOG    ; never reached",
	};
	AUTO(filters_free)
	struct filters *f = source(file("odd.bpf", odd, sizeof(odd)));
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	filters_asm(f, &b);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		has(&b, words[i]);
}

/* ---- diff ---- */

static void what_two_profiles_answer_is_compared(void **state)
{
	AUTO(filters_free) struct filters *docker = source(DATA "docker.json");
	AUTO(filters_free) struct filters *podman = source(DATA "podman.json");
	AUTO(buf_done)
	struct buf text = BUF_INIT, json = BUF_INIT, none = BUF_INIT;

	(void)state;
	assert_true(filters_diff(docker, podman, false, &text) > 50);
	has(&text, "ALLOW -> ERRNO 22 (EINVAL) (1)\n  socket(16,*,9)\n");
	has(&text, " unshare ");
	has(&text, " every other number");
	lacks(&text, " read ");
	assert_true(filters_diff(docker, podman, true, &json) > 50);
	has(&json, "\"call\": \"socket(16,*,9)\"");
	assert_int_equal(filters_diff(docker, docker, false, &none), 0);
	has(&none, "0 calls fare differently");
}

/* Written otherwise, but the same: nothing differs. */
static void a_profile_equals_its_own_filters(void **state)
{
	AUTO(filters_free) struct filters *p = source("default");
	size_t n;
	const struct blob *b = seccomp_builtin("default", &n);
	AUTO(filters_free) struct filters *raw = NULL;
	AUTO(buf_done) struct buf text = BUF_INIT;

	(void)state;
	raw = source(file("deny.bpf", b[1].data, b[1].size));
	/* the second filter alone lets through what the first denies */
	assert_true(filters_diff(p, raw, false, &text) > 50);
	has(&text, "ERRNO 1 (EPERM) -> ALLOW");
	lacks(&text, "ioctl");
	lacks(&text, "setsockopt");
}

/* ---- lint ---- */

static const struct {
	const char *json;
	int findings;
	const char *part;
} linted[] = {
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
	  "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
	  0, "proved on arm64: " },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
	  "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"
	  "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_LOG\"}]}",
	  1, "error: contradiction: read: LOG (syscalls[1]) and ALLOW" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", 1,
	  "warning: unknown calls pass: " },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
	  "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_NOTIFY\"}],"
	  "\"listenerPath\":\"/run/l\"}",
	  1, "error: SCMP_ACT_NOTIFY with listenerPath /run/l" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"listenerPath\":\"/l\"}", 1,
	  "warning: flag: listenerPath /l: no rule notifies it" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":["
	  "\"SCMP_ARCH_NATIVE\",\"SCMP_ARCH_X86\"],\"syscalls\":["
	  "{\"names\":[\"socketcall\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
	  2, "warning: 32-bit hole: socketcall: " },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
	  "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\","
	  "\"args\":[{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_NE\"}]}]}",
	  1, "argument 0: 40 is denied and 4294967336 passes" },
};

static void findings_are_counted_and_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(linted); i++) {
		const char *name = json_file(linted[i].json);
		AUTO(buf_done) struct buf text = BUF_INIT, json = BUF_INIT;
		AUTO(json_free) struct json_object *o = NULL;
		const struct filters_ask any = { 0 };
		struct err e = ERR_INIT;
		AUTO(filters_free)
		struct filters *f = filters_open(name, &any, &e);

		assert_non_null(f);
		assert_int_equal(filters_lint(f, &any, false, &text, &e),
				 linted[i].findings);
		has(&text, linted[i].part);
		assert_int_equal(filters_lint(f, &any, true, &json, &e),
				 linted[i].findings);
		o = json_parse("lint", json.p, json.len, &e);
		assert_non_null(o);
	}
}

static void a_filter_that_checks_no_architecture_is_found(void **state)
{
	/* without its first three instructions */
	const char *name = file("naked.bpf", program + 3,
				sizeof(program) - 3 * sizeof(program[0]));
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	AUTO(filters_free) struct filters *f = filters_open(name, &amd64, &e);

	(void)state;
	assert_non_null(f);
	assert_true(filters_lint(f, &amd64, false, &b, &e) >= 3);
	has(&b, "warning: no architecture check: calls of i386");
	has(&b, "warning: unknown calls pass");
	has(&b, "4294967336 passes"); /* 64 bits compared */
	lacks(&b, "proved");
}

/* ---- words that mean nothing ---- */

static void what_a_source_can_be_is_said(void **state)
{
	static const struct {
		const char *word;
		enum err_kind kind;
		const char *part;
	} rows[] = {
		{ "no-such-thing", ERR_MISSING, "no built-in profile" },
		{ "4194304", ERR_MISSING, "no such process" },
		{ "short.bpf", ERR_INPUT,
		  "neither a profile (JSON) nor a BPF" },
		{ "empty", ERR_INPUT, "neither a profile (JSON) nor a BPF" },
		{ "bundle.json", ERR_INPUT, "has no seccomp profile" },
		{ "bad.json", ERR_INPUT, "bad.json" },
	};

	(void)state;
	file("short.bpf", program, 12);
	file("empty", "", 0);
	file("bundle.json", "{\"linux\":{}}", 12);
	file("bad.json", "{", 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;

		assert_null(filters_open(rows[i].word, &amd64, &e));
		assert_int_equal(e.kind, rows[i].kind);
		if (!strstr(e.msg, rows[i].part))
			fail_msg("%s: %s", rows[i].word, e.msg);
	}
}

static void a_bundles_profile_is_found_in_its_config(void **state)
{
	static const char text[] =
		"{\"ociVersion\":\"1.0.0\",\"linux\":{\"seccomp\":{"
		"\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
		"{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\"}]}}}";
	char *calls[] = { (char *)"bpf", (char *)"read", NULL };
	AUTO(filters_free) struct filters *f = source(json_file(text));
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(filters_emulate(f, calls, false, &b, &e), 1);
	has(&b, "bpf: ERRNO 1 (EPERM)");
	has(&b, "read: ALLOW  [default]");
}

static void capabilities_and_the_kernel_decide_includes(void **state)
{
	const struct filters_ask with = { "amd64", 1ull << 21, "6.1" };
	const struct filters_ask old = { "amd64", 0, "4.4" };
	const struct filters_ask bad = { "amd64", 0, "new" };
	const struct filters_ask alien = { "pdp11", 0, NULL };
	char *mounts[] = { (char *)"mount", NULL };
	char *traces[] = { (char *)"ptrace", NULL };
	AUTO(filters_free) struct filters *f = NULL, *g = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	f = filters_open(DATA "docker.json", &with, &e);
	assert_non_null(f);
	assert_int_equal(filters_emulate(f, mounts, false, &b, &e), 0);
	g = filters_open(DATA "docker.json", &old, &e);
	assert_non_null(g);
	assert_int_equal(filters_emulate(g, traces, false, &b, &e), 1);
	assert_null(filters_open(DATA "docker.json", &bad, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_null(filters_open("default", &alien, &e));
	assert_int_equal(e.kind, ERR_USAGE);
}

/* A profile that no start takes is told of all the same, and says so. */
static void a_refused_profile_is_shown_with_the_reason(void **state)
{
	AUTO(filters_free) struct filters *f = source(DATA "podman.json");
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(filters_check(f, &e), &e);
	filters_show(f, false, &b);
	has(&b, "refused at a start: setns: ERRNO 1");
}

/* ---- a process ---- */

static void the_filters_of_a_process_answer_like_their_profile(void **state)
{
	size_t n;
	const struct blob *want = seccomp_builtin("strict", &n);
	AUTO(filters_free) struct filters *p = source("strict"), *f = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	char word[16], c;
	int fds[2];
	pid_t pid;

	(void)state;
	if (geteuid()) {
		print_message("skip: only root is shown filters\n");
		skip();
	}
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
			_exit(1);
		for (size_t i = 0; i < n; i++)
			if (seccomp_install(&want[i], NULL))
				_exit(1);
		if (write(fds[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(fds[0], &c, 1), 1);
	snprintf(word, sizeof(word), "%d", (int)pid);
	f = filters_open(word, &amd64, &e);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fds[0]);
	close(fds[1]);
	assert_non_null(f);
	assert_int_equal(filters_diff(p, f, false, &b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_answered_without_a_kernel),
		cmocka_unit_test(what_is_no_call_is_named),
		cmocka_unit_test(answers_are_told_as_json_too),
		cmocka_unit_test(a_profile_is_counted_and_its_dangers_told),
		cmocka_unit_test(
			default_lets_nothing_through_that_is_highly_dangerous),
		cmocka_unit_test(rules_are_told_in_the_order_of_deciding),
		cmocka_unit_test(raw_bpf_is_read_shown_and_listed),
		cmocka_unit_test(every_kind_of_instruction_can_be_read),
		cmocka_unit_test(what_two_profiles_answer_is_compared),
		cmocka_unit_test(a_profile_equals_its_own_filters),
		cmocka_unit_test(findings_are_counted_and_told),
		cmocka_unit_test(a_filter_that_checks_no_architecture_is_found),
		cmocka_unit_test(what_a_source_can_be_is_said),
		cmocka_unit_test(a_bundles_profile_is_found_in_its_config),
		cmocka_unit_test(capabilities_and_the_kernel_decide_includes),
		cmocka_unit_test(a_refused_profile_is_shown_with_the_reason),
		cmocka_unit_test(
			the_filters_of_a_process_answer_like_their_profile),
	};

	return cmocka_run_group_tests(tests, enter, place_tear_down);
}
