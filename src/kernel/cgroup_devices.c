/*
 * cgroup_devices.c - a list of devices as a BPF program, and its attachment.
 *
 * Should: deny what the list does not say, if it began with denying all.
 * Must not: leave an older program in force beside the new one.
 */
#include "kernel/cgroup_devices.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"

#define ANY	  UINT32_MAX
#define ALL	  (BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE)
#define INSNS_MAX 4096
#define PROGS_MAX 64

/* A device, or all of a kind, for which the opposite of the rest holds. */
struct exception {
	uint32_t type, major, minor; /* ANY: any */
	uint32_t access;
};
struct devices {
	bool allowed; /* the rest */
	struct exception *v;
	size_t n;
};

/* ---- rows ---- */

static int bad_row(const char *row, struct err *e)
{
	return err_set(e, ERR_INPUT,
		       "row of devices \"%s\": expected as c 1:3 rwm", row);
}

static int read_number(const char *text, uint32_t *ret)
{
	if (!strcmp(text, "*")) {
		*ret = ANY;
		return 0;
	}
	return num_u32(text, "", ret, NULL);
}

static int read_access(const char *text, uint32_t *ret)
{
	static const struct {
		char letter;
		uint32_t bit;
	} letters[] = { { 'r', BPF_DEVCG_ACC_READ },
			{ 'w', BPF_DEVCG_ACC_WRITE },
			{ 'm', BPF_DEVCG_ACC_MKNOD } };

	*ret = 0;
	for (; *text; text++) {
		uint32_t bit = 0;

		for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
			if (letters[i].letter == *text)
				bit = letters[i].bit;
		if (!bit)
			return -1;
		*ret |= bit;
	}
	return *ret ? 0 : -1;
}

/* "c 1:3 rwm" */
static int read_row(const char *row, struct exception *ret)
{
	AUTO(strv_free) char **words = strv_split(row, ' ');
	char *colon = strv_len(words) == 3 ? strchr(words[1], ':') : NULL;

	if (!colon || strlen(words[0]) != 1)
		return -1;
	*colon = '\0';
	switch (*words[0]) {
	case 'b':
		ret->type = BPF_DEVCG_DEV_BLOCK;
		break;
	case 'c':
		ret->type = BPF_DEVCG_DEV_CHAR;
		break;
	default:
		return -1;
	}
	return read_number(words[1], &ret->major) < 0 ||
			       read_number(colon + 1, &ret->minor) < 0 ||
			       read_access(words[2], &ret->access) < 0
		       ? -1
		       : 0;
}

static bool is_same(const struct exception *a, const struct exception *b)
{
	return a->type == b->type && a->major == b->major &&
	       a->minor == b->minor;
}

static struct exception *find(struct devices *d, const struct exception *x)
{
	for (size_t i = 0; i < d->n; i++)
		if (is_same(&d->v[i], x))
			return &d->v[i];
	return NULL;
}

/* As version 1: what is like the rest takes back an exception; what is not,
 * is one, or widens one. */
static void take_row(struct devices *d, bool allow, const struct exception *x)
{
	struct exception *at = find(d, x);

	if (allow == d->allowed) {
		if (at)
			at->access &= ~x->access;
	} else if (at) {
		at->access |= x->access;
	} else {
		*GROW(d->v, d->n) = *x;
		d->n++;
	}
}

static int read_rows(char *const *rows, struct devices *d, struct err *e)
{
	strv_foreach (row, rows) {
		bool allow = !strncmp(*row, "devices.allow=", 14);
		const char *value = strchr(*row, '=');
		struct exception x;

		if (!value || (!allow && strncmp(*row, "devices.deny=", 13)))
			return bad_row(*row, e);
		if (!strcmp(value + 1, "a")) {
			d->allowed = allow;
			d->n = 0;
			continue;
		}
		if (read_row(value + 1, &x) < 0)
			return bad_row(*row, e);
		take_row(d, allow, &x);
	}
	return 0;
}

/* ---- the program ---- */

static void emit(struct buf *b, uint8_t code, unsigned dst_src, int16_t off,
		 int32_t imm)
{
	const struct bpf_insn i = {
		.code = code,
		.dst_reg = dst_src & 15u,
		.src_reg = (uint8_t)(dst_src >> 4) & 15u,
		.off = off,
		.imm = imm,
	};

	buf_add(b, &i, sizeof(i));
}
#define REGS(dst, src) ((dst) | (src) << 4)

static void emit_return(struct buf *b, bool allowed)
{
	emit(b, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, allowed);
	emit(b, BPF_JMP | BPF_EXIT, 0, 0, 0);
}

/* r2 the type, r3 the access, r4 and r5 the numbers; r1 is used up. */
static void emit_start(struct buf *b)
{
	const uint8_t load = BPF_LDX | BPF_MEM | BPF_W;

	emit(b, load, REGS(BPF_REG_2, BPF_REG_1), 0, 0);
	emit(b, BPF_ALU64 | BPF_MOV | BPF_X, REGS(BPF_REG_3, BPF_REG_2), 0, 0);
	emit(b, BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_2, 0, 0xffff);
	emit(b, BPF_ALU64 | BPF_RSH | BPF_K, BPF_REG_3, 0, 16);
	emit(b, load, REGS(BPF_REG_4, BPF_REG_1), 4, 0);
	emit(b, load, REGS(BPF_REG_5, BPF_REG_1), 8, 0);
}

/* An allowance must cover all of what is asked; a denial is for any of it. */
static void emit_access(struct buf *b, const struct exception *x, bool allow,
			int16_t skip)
{
	emit(b, BPF_ALU64 | BPF_MOV | BPF_X, REGS(BPF_REG_1, BPF_REG_3), 0, 0);
	emit(b, BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_1, 0,
	     (int32_t)(allow ? ALL & ~x->access : x->access));
	emit(b, BPF_JMP | (allow ? BPF_JNE : BPF_JEQ) | BPF_K, BPF_REG_1, skip,
	     0);
}

static void emit_exception(struct buf *b, const struct exception *x, bool allow)
{
	const uint8_t unlike = BPF_JMP | BPF_JNE | BPF_K;
	/* instructions behind each test, up to the next exception */
	int left = 2 + (x->minor != ANY) + (x->major != ANY) + 3;

	emit(b, unlike, BPF_REG_2, (int16_t)left, (int32_t)x->type);
	left -= 3;
	emit_access(b, x, allow, (int16_t)left);
	if (x->major != ANY)
		emit(b, unlike, BPF_REG_4, (int16_t)--left, (int32_t)x->major);
	if (x->minor != ANY)
		emit(b, unlike, BPF_REG_5, (int16_t)--left, (int32_t)x->minor);
	emit_return(b, allow);
}

int cgroup_devices_compile(char *const *rows, struct buf *ret, struct err *e)
{
	struct devices d = { .allowed = true };

	if (read_rows(rows, &d, e) < 0) {
		free(d.v);
		return -1;
	}
	emit_start(ret);
	for (size_t i = 0; i < d.n; i++)
		if (d.v[i].access)
			emit_exception(ret, &d.v[i], !d.allowed);
	emit_return(ret, d.allowed);
	free(d.v);
	if (ret->len / sizeof(struct bpf_insn) > INSNS_MAX)
		return err_set(e, ERR_LIMIT,
			       "list of devices: longer than a program may be");
	return 0;
}

/* ---- the kernel ---- */

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static uint64_t address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

static int load(const struct buf *program)
{
	static const char license[] = "";
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = address(program->p),
		.insn_cnt = (uint32_t)(program->len / sizeof(struct bpf_insn)),
		.license = address(license),
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

/* Ids of what is attached to this directory itself. -1 and errno. */
static int attached(int dir, uint32_t ids[PROGS_MAX], uint32_t *ret_n)
{
	union bpf_attr attr = {
		.query = { .target_fd = (uint32_t)dir,
			   .attach_type = BPF_CGROUP_DEVICE,
			   .prog_ids = address(ids),
			   .prog_cnt = PROGS_MAX },
	};

	if (bpf(BPF_PROG_QUERY, &attr) < 0)
		return -1;
	*ret_n = attr.query.prog_cnt;
	return 0;
}

static int detach(int dir, uint32_t id)
{
	union bpf_attr by_id = { .prog_id = id };
	auto_fd old = bpf(BPF_PROG_GET_FD_BY_ID, &by_id);
	union bpf_attr attr = {
		.target_fd = (uint32_t)dir,
		.attach_bpf_fd = (uint32_t)old,
		.attach_type = BPF_CGROUP_DEVICE,
	};

	return old < 0 ? -1 : bpf(BPF_PROG_DETACH, &attr);
}

/* The new one first: both hold for a moment, never none. */
static int exchange(int dir, int program)
{
	uint32_t ids[PROGS_MAX], n = 0;
	union bpf_attr attr = {
		.target_fd = (uint32_t)dir,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	if (attached(dir, ids, &n) < 0 || bpf(BPF_PROG_ATTACH, &attr) < 0)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		if (detach(dir, ids[i]) < 0)
			return -1;
	return 0;
}

int cgroup_devices_attach(int dir, const struct buf *program, struct err *e)
{
	auto_fd fd = load(program);
	uint32_t ids[PROGS_MAX], n = 0;

	if (fd < 0)
		return err_sys(e, "load the list of devices into the kernel");
	if (exchange(dir, fd) < 0)
		return err_sys(e, "attach the list of devices to the cgroup");
	if (attached(dir, ids, &n) < 0 || n != 1)
		return err_set(e, ERR_VERIFY,
			       "the list of devices is not attached");
	return 0;
}
