/*
 * test_seccomp_table.c - tests/table/seccomp.t: profile, call, answer. Asked of
 * the emulator for both machines; what is refused is tried on the kernel, too.
 */
#include "seccomp_check.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "base/defaults.h"
#include "base/file.h"
#include "base/num.h"
#include "base/strv.h"
#include "kernel/seccomp_calls.h"

#define TABLE "tests/table/seccomp.t"

static const struct word words[] = {
	{ "UNIX", 1 },
	{ "INET", 2 },
	{ "INET6", 10 },
	{ "NETLINK", 16 },
	{ "PACKET", 17 },
	{ "ALG", 38 },
	{ "VSOCK", 40 },
	{ "STREAM", 1 },
	{ "DGRAM", 2 },
	{ "RAW", 3 },
	{ "SEQPACKET", 5 },
	{ "CLOEXEC", 02000000 },
	{ "NONBLOCK", 04000 },
	{ "TCP", 6 },
	{ "UDP", 17 },
	{ "ICMP", 1 },
	{ "ICMPV6", 58 },
	{ "MPTCP", 262 },
	{ "TIOCSTI", 0x5412 },
	{ "TIOCLINUX", 0x541c },
	{ "TIOCSETD", 0x5423 },
	{ "TIOCGWINSZ", 0x5413 },
	{ "NEWNS", 0x00020000 },
	{ "NEWCGROUP", 0x02000000 },
	{ "NEWUTS", 0x04000000 },
	{ "NEWIPC", 0x08000000 },
	{ "NEWUSER", 0x10000000 },
	{ "NEWPID", 0x20000000 },
	{ "NEWNET", 0x40000000 },
	{ "VM", 0x00000100 },
	{ "THREAD", 0x00010000 },
	{ "SIGCHLD", 17 },
	{ "HIGH", 1ull << 32 },
	{ "TOP", 1ull << 63 },
	{ "MINUS1", UINT64_MAX },
	{ "IFREG", 0100000 },
	{ "IFIFO", 0010000 },
	{ "IFSOCK", 0140000 },
	{ "IFCHR", 0020000 },
	{ "IFBLK", 0060000 },
	{ NULL, 0 },
};

static const struct word answers[] = {
	{ "ALLOW", SECCOMP_RET_ALLOW },
	{ "EPERM", SECCOMP_RET_ERRNO | EPERM },
	{ "ENOENT", SECCOMP_RET_ERRNO | ENOENT },
	{ "ENOSYS", SECCOMP_RET_ERRNO | ENOSYS },
	{ "EAFNOSUPPORT", SECCOMP_RET_ERRNO | EAFNOSUPPORT },
	{ "KILL", SECCOMP_RET_KILL_PROCESS },
	{ NULL, 0 },
};

struct row {
	unsigned line;
	char **profiles; /* "default", "default+net_raw" */
	char *only;	 /* machine, or NULL */
	char *abi;	 /* "i386", "x32", or NULL */
	char *call;
	uint64_t args[6];
	uint64_t want;
};

/* "A|B|0x40": words and numbers */
static uint64_t value(const char *s, unsigned line)
{
	AUTO(strv_free) char **parts = strv_split(s, '|');
	uint64_t v, all = 0;

	strv_foreach (part, parts) {
		char *end;

		if (!word_find(words, *part, &v)) {
			v = strtoull(*part, &end, 0);
			if (end == *part || *end)
				fail_msg("line %u: what is %s?", line, *part);
		}
		all |= v;
	}
	return all;
}

/* "[MACHINE:|i386:|x32:]NAME ARG…" */
static void read_call(const char *text, struct row *r)
{
	AUTO(strv_free) char **parts = strv_split(text, ' ');
	const char *colon = strchr(parts[0], ':');

	if (colon) {
		char *prefix = strndup(parts[0], (size_t)(colon - parts[0]));

		if (!strcmp(prefix, "i386") || !strcmp(prefix, "x32"))
			r->abi = prefix;
		else
			r->only = prefix;
	}
	r->call = strdup(colon ? colon + 1 : parts[0]);
	assert_true(strv_len(parts) <= 7);
	for (size_t i = 1; parts[i]; i++)
		r->args[i - 1] = value(parts[i], r->line);
}

static void read_row(const char *line, unsigned number, struct row *r)
{
	AUTO(strv_free) char **cells = NULL;
	char *copy = strdup(line), *to = copy;

	/* " ; " between cells, because | joins words */
	for (const char *p = line; *p; p++)
		if (!(*p == ' ' && (p[1] == ';' || (p > line && p[-1] == ';'))))
			*to++ = *p;
	*to = 0;
	cells = strv_split(copy, ';');
	free(copy);
	r->line = number;
	if (strv_len(cells) != 3 || !word_find(answers, cells[2], &r->want))
		fail_msg("%s:%u: not PROFILES ; CALL ; ANSWER", TABLE, number);
	r->profiles = strv_split(cells[0], ',');
	read_call(cells[1], r);
}

static void row_done(struct row *r)
{
	strv_free(r->profiles);
	free(r->only);
	free(r->abi);
	free(r->call);
	memset(r, 0, sizeof(*r));
}

/* "default+net_raw+sys_admin" */
static void compile_named(const char *spec, const char *machine,
			  struct compiled *c)
{
	AUTO(strv_free) char **parts = strv_split(spec, '+');
	struct err e = ERR_INIT;
	uint64_t caps = 0;
	const char *json;
	size_t len;

	for (size_t i = 1; parts[i]; i++) {
		unsigned cap;

		assert_ok(cap_parse(parts[i], "cap", &cap, &e), &e);
		caps |= 1ull << cap;
	}
	json = seccomp_builtin_json(parts[0], &len);
	if (!json)
		fail_msg("no profile %s", parts[0]);
	assert_ok(parse(json, machine, caps, &c->p, &e), &e);
	assert_ok(seccomp_compile(parts[0], &c->p, c->filters, &c->n, &e), &e);
}

/* The number, or -1 when the machine has no such call. */
static int64_t number_of(const struct row *r, const struct oracle_machine *m)
{
	uint32_t nr;

	if (r->only && strcmp(r->only, m->name))
		return -1;
	if (num_u32(r->call, "call", &nr, NULL) == 0)
		return nr;
	return oracle_number(m, r->call);
}

static size_t ask_row(const struct row *r, const struct oracle_machine *m)
{
	struct seccomp_data d = { .arch = m->audit };
	int64_t nr = number_of(r, m);

	if (nr < 0 || (r->abi && !m->x32))
		return 0;
	d.nr = (int)nr;
	if (r->abi && !strcmp(r->abi, "x32"))
		d.nr |= 0x40000000;
	else if (r->abi)
		d.arch = AUDIT_I386;
	for (size_t i = 0; i < 6; i++)
		d.args[i] = r->args[i];
	strv_foreach (p, r->profiles) {
		AUTO(compiled_done) struct compiled c = { 0 };
		uint32_t got;

		compile_named(*p, m->name, &c);
		got = seccomp_emulate(c.filters, c.n, &d);
		if (got != r->want)
			fail_msg("%s:%u: %s on %s: %s: got %#x, expected %#x",
				 TABLE, r->line, *p, m->name, r->call, got,
				 (unsigned)r->want);
	}
	return strv_len(r->profiles);
}

/* Installs the profile and tries the call, in a child. 0: as expected. */
static int try_call(const char *profile, const struct row *r, long nr)
{
	const uint64_t *a = r->args;
	const struct blob *b;
	size_t n;

	for (int sig = 1; sig < 32; sig++)
		signal(sig, SIG_DFL); /* cmocka's handlers are the parent's */
	b = seccomp_builtin(profile, &n);
	if (!b || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 1;
	for (size_t i = 0; i < n; i++)
		if (seccomp_install(&b[i], NULL))
			return 2;
	errno = 0;
	if (syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]) != -1)
		return 3;
	return errno == (int)(r->want & SECCOMP_RET_DATA) ? 0 : 4;
}

/* Refused calls only: they do nothing whatever their arguments. */
static size_t try_row(const struct row *r)
{
	const struct seccomp_machine *here = seccomp_machine_find(NULL);
	const struct oracle_machine *m = &oracle_machines[0];
	size_t tried = 0;
	int64_t nr;

	while (strcmp(m->name, here->name))
		m++;
	nr = number_of(r, m);
	/* since 6.14 the kernel asks no filter about uretprobe */
	if (nr < 0 || r->abi || !strcmp(r->call, "uretprobe") ||
	    (r->want & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		return 0;
	strv_foreach (p, r->profiles) {
		int status;
		pid_t pid;

		if (strchr(*p, '+'))
			continue;
		pid = fork();
		assert_true(pid >= 0);
		if (!pid)
			_exit(try_call(*p, r, nr));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status)
			fail_msg("%s:%u: %s: the kernel differs (%#x)", TABLE,
				 r->line, *p, (unsigned)status);
		tried++;
	}
	return tried;
}

static size_t for_each_row(size_t (*work)(const struct row *r), size_t *rows)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(strv_free) char **lines = NULL;
	struct err e = ERR_INIT;
	size_t done = 0;
	unsigned number = 0;

	assert_ok(file_read(TABLE, 1 << 20, &b, &e), &e);
	lines = strv_split(b.p, '\n');
	strv_foreach (line, lines) {
		struct row r = { 0 };

		number++;
		if (!**line || **line == '#')
			continue;
		read_row(*line, number, &r);
		done += work(&r);
		(*rows)++;
		row_done(&r);
	}
	return done;
}

static size_t ask_both(const struct row *r)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(oracle_machines); i++)
		n += ask_row(r, &oracle_machines[i]);
	if (!n)
		fail_msg("%s:%u: no machine has %s", TABLE, r->line, r->call);
	return n;
}

static void every_row_of_the_table_holds(void **state)
{
	size_t rows = 0, asked = for_each_row(ask_both, &rows);

	(void)state;
	print_message("# %zu rows, %zu answers\n", rows, asked);
	assert_true(rows >= 150);
}

static void the_kernel_refuses_what_the_table_refuses(void **state)
{
	size_t rows = 0, tried = for_each_row(try_row, &rows);

	(void)state;
	print_message("# %zu calls tried\n", tried);
	assert_true(tried >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_table_holds),
		cmocka_unit_test(the_kernel_refuses_what_the_table_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
