/*
 * test_cgroup_devices.c - kernel/cgroup_devices: a list of devices as a
 * program: run here by a few lines that know its instructions, and, where root
 * may, by the kernel.
 */
#include "unit.h"
#include <errno.h>
#include <linux/bpf.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include "base/buf.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/cgroup.h"
#include "kernel/cgroup_devices.h"
#include "kernel/ns.h"

#define WORDS(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })
#define BLOCK	   BPF_DEVCG_DEV_BLOCK
#define CHAR	   BPF_DEVCG_DEV_CHAR
#define M	   BPF_DEVCG_ACC_MKNOD
#define R	   BPF_DEVCG_ACC_READ
#define W	   BPF_DEVCG_ACC_WRITE

/* What docker and podman send: nothing, all may be made, a few are open. */
#define USUAL                                                                  \
	"devices.deny=a", "devices.allow=c *:* m", "devices.allow=b *:* m",    \
		"devices.allow=c 1:3 rwm", "devices.allow=c 1:5 rwm",          \
		"devices.allow=c 136:* rwm"

static bool jumps(const struct bpf_insn *i, uint64_t value)
{
	bool same = value == (uint64_t)(int64_t)i->imm;

	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return same;
	case BPF_JNE:
		return !same;
	default:
		fail_msg("jump 0x%x", i->code);
		return false;
	}
}

static void calculate(const struct bpf_insn *i, uint64_t *r)
{
	uint64_t by = BPF_SRC(i->code) == BPF_X ? r[i->src_reg]
						: (uint64_t)(int64_t)i->imm;

	switch (BPF_OP(i->code)) {
	case BPF_MOV:
		r[i->dst_reg] = by;
		break;
	case BPF_AND:
		r[i->dst_reg] &= by;
		break;
	case BPF_RSH:
		r[i->dst_reg] >>= by;
		break;
	default:
		fail_msg("operation 0x%x", i->code);
	}
}

/* What the kernel would answer. */
static bool allows(const struct buf *program, uint32_t type, uint32_t access,
		   const uint32_t number[2])
{
	const struct bpf_cgroup_dev_ctx ctx = { access << 16 | type, number[0],
						number[1] };
	const struct bpf_insn *v = (const void *)program->p;
	size_t n = program->len / sizeof(*v);
	uint64_t r[11] = { 0 };

	for (size_t at = 0; at < n; at++) {
		const struct bpf_insn *i = &v[at];

		if (i->code == (BPF_JMP | BPF_EXIT))
			return r[0];
		if (BPF_CLASS(i->code) == BPF_LDX)
			r[i->dst_reg] =
				*(const uint32_t
					  *)(const void *)((const char *)&ctx +
							   i->off);
		else if (BPF_CLASS(i->code) == BPF_ALU64)
			calculate(i, r);
		else if (jumps(i, r[i->dst_reg]))
			at += (size_t)i->off;
	}
	fail_msg("the program has no end");
	return false;
}

static const struct {
	const char *const rows[8];
	uint32_t type, access, number[2];
	bool allowed;
} accesses[] = {
	{ { USUAL }, CHAR, R | W, { 1, 3 }, true },
	{ { USUAL }, CHAR, R | W, { 1, 1 }, false },
	{ { USUAL }, CHAR, M, { 1, 1 }, true },
	{ { USUAL }, CHAR, M | R, { 1, 1 }, false },
	{ { USUAL }, BLOCK, M, { 8, 0 }, true },
	{ { USUAL }, BLOCK, R, { 8, 0 }, false },
	{ { USUAL }, CHAR, R, { 136, 77 }, true },
	{ { USUAL }, BLOCK, R, { 136, 77 }, false },
	{ { "devices.deny=a" }, CHAR, R, { 1, 3 }, false },
	{ { "devices.allow=a" }, BLOCK, R | W, { 8, 0 }, true },
	{ { "devices.allow=a", "devices.deny=b 8:* rwm" },
	  BLOCK,
	  R,
	  { 8, 3 },
	  false },
	{ { "devices.allow=a", "devices.deny=b 8:* w" },
	  BLOCK,
	  R,
	  { 8, 3 },
	  true },
	{ { "devices.allow=a", "devices.deny=b 8:* w" },
	  BLOCK,
	  R | W,
	  { 8, 3 },
	  false },
	{ { "devices.allow=a", "devices.deny=b 8:* w" },
	  CHAR,
	  W,
	  { 8, 3 },
	  true },
	{ { "devices.deny=a", "devices.allow=c 1:3 r",
	    "devices.allow=c 1:3 w" },
	  CHAR,
	  R | W,
	  { 1, 3 },
	  true },
	{ { "devices.deny=a", "devices.allow=c 1:3 rw",
	    "devices.deny=c 1:3 w" },
	  CHAR,
	  R | W,
	  { 1, 3 },
	  false },
	{ { "devices.deny=a", "devices.allow=c 1:3 rw",
	    "devices.deny=c 1:3 w" },
	  CHAR,
	  R,
	  { 1, 3 },
	  true },
	{ { "devices.deny=a", "devices.allow=c 1:3 rw", "devices.deny=a" },
	  CHAR,
	  R,
	  { 1, 3 },
	  false },
};

static void the_list_is_followed(void **state)
{

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(accesses); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		assert_ok(cgroup_devices_compile(
				  (char *const *)accesses[i].rows, &b, &e),
			  &e);
		if (allows(&b, accesses[i].type, accesses[i].access,
			   accesses[i].number) != accesses[i].allowed)
			fail_msg("row %zu", i);
	}
}

static void what_is_no_row_is_an_error(void **state)
{
	static const char *const rows[] = {
		"devices.allow=c 1:3",	   "devices.allow=c 1:3 x",
		"devices.allow=x 1:3 rwm", "devices.allow=c 1 rwm",
		"devices.allow=",	   "devices.list=c 1:3 rwm",
		"devices.allow=c 1:3 ",	   "devices.allow=c 99999999999:3 r",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		assert_err(cgroup_devices_compile(WORDS(rows[i]), &b, &e), &e,
			   ERR_INPUT, "expected as");
	}
}

/* In the cgroup: 0 when null is open and zero is not. */
static int try_devices(const char *good, const char *bad)
{
	int a = open(good, O_RDONLY), b = open(bad, O_RDONLY);

	return a >= 0 && b < 0 && errno == EPERM ? 0 : 1;
}

static int run_in(const struct cgroup *c, const char *good, const char *bad)
{
	int pidfd = -1, status = -1;
	pid_t pid = ns_clone_into(cgroup_clone_fd(c), 0, &pidfd);

	if (pid == 0)
		_exit(try_devices(good, bad));
	assert_true(pid > 0);
	close(pidfd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void the_kernel_follows_it_too(void **state)
{
	char *const *first = WORDS("devices.deny=a", "devices.allow=c 1:3 r");
	char *const *then = WORDS("devices.deny=a", "devices.allow=c 1:5 r");
	AUTO(cgroup_fs_done) struct cgroup_fs fs = CGROUP_FS_INIT;
	const struct cgroup_new n = { .controllers = WORDS("hugetlb") };
	struct err e = ERR_INIT;
	struct cgroup *c;
	int set;

	(void)state;
	if (geteuid() != 0)
		skip(); /* only root may attach programs */
	assert_ok(cgroup_fs_open(&fs, &e), &e);
	if (fs.mode != CGROUP_HYBRID || cgroup_make(&fs, &n, &c, &e) < 0)
		skip(); /* no version 2 here that root may use */
	set = cgroup_set(c, first, &e);
	if (set == 0) {
		assert_int_equal(run_in(c, "/dev/null", "/dev/zero"), 0);
		assert_ok(cgroup_set(c, then, &e), &e); /* an update */
		assert_int_equal(run_in(c, "/dev/zero", "/dev/null"), 0);
	}
	assert_ok(cgroup_remove(&fs, c, 1000, &e), &e);
	if (set < 0 && (e.errnum == EPERM || e.errnum == ENOSYS))
		skip(); /* bpf(2) is closed, even to root */
	assert_ok(set, &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_is_followed),
		cmocka_unit_test(what_is_no_row_is_an_error),
		cmocka_unit_test(the_kernel_follows_it_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
