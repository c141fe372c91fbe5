/*
 * seccomp_asm.c - BPF that can be read: what is loaded, what it is compared
 * with, the names of calls.
 *
 * What the accumulator holds is known where all ways to an instruction agree;
 * elsewhere numbers stay numbers.
 */
#include <linux/filter.h>
#include <stdlib.h>
#include "base/alloc.h"
#include "base/table.h"
#include "engine/seccomp_parts.h"

#define OFF_ARGS offsetof(struct seccomp_data, args)

enum { UNSEEN, NUMBER, ARCH, OTHER }; /* what the accumulator holds */

static const struct word arches[] = {
	{ "amd64", 0xc000003e },   { "arm64", 0xc00000b7 },
	{ "i386", 0x40000003 },	   { "arm", 0x40000028 },
	{ "riscv64", 0xc00000f3 }, { "s390x", 0x80000016 },
	{ "ppc64le", 0xc0000015 }, { NULL, 0 },
};
static const char *const alu_words[] = { "add", "sub", "mul", "div",
					 "or",	"and", "lsh", "rsh",
					 "neg", "mod", "xor" };
static const char *const jump_words[] = { "jmp", "jeq", "jgt", "jge", "jset" };

static unsigned after(const struct sock_filter *f, unsigned now)
{
	if (BPF_CLASS(f->code) == BPF_JMP || BPF_CLASS(f->code) == BPF_ST ||
	    BPF_CLASS(f->code) == BPF_STX || BPF_CLASS(f->code) == BPF_LDX)
		return now;
	if (f->code == (BPF_LD | BPF_W | BPF_ABS))
		return f->k == offsetof(struct seccomp_data, nr)     ? NUMBER
		       : f->k == offsetof(struct seccomp_data, arch) ? ARCH
								     : OTHER;
	return OTHER;
}

static void reach(unsigned char *holds, size_t n, size_t to, unsigned what)
{
	if (to >= n)
		return;
	if (holds[to] != UNSEEN && holds[to] != what)
		what = OTHER;
	holds[to] = (unsigned char)what;
}

/* Jumps lead forward only, so one pass suffices. */
static void trace(const struct sock_filter *f, size_t n, unsigned char *holds)
{
	reach(holds, n, 0, OTHER);
	for (size_t i = 0; i < n; i++) {
		unsigned what = after(&f[i], holds[i]);

		if (BPF_CLASS(f[i].code) == BPF_RET)
			continue;
		if (BPF_CLASS(f[i].code) != BPF_JMP) {
			reach(holds, n, i + 1, what);
		} else if (BPF_OP(f[i].code) == BPF_JA) {
			reach(holds, n, i + 1 + f[i].k, what);
		} else {
			reach(holds, n, i + 1 + f[i].jt, what);
			reach(holds, n, i + 1 + f[i].jf, what);
		}
	}
}

static void add_load(const struct sock_filter *f, struct buf *b)
{
	if (f->k == offsetof(struct seccomp_data, nr))
		buf_str(b, "ld   nr");
	else if (f->k == offsetof(struct seccomp_data, arch))
		buf_str(b, "ld   arch");
	else if (f->k < OFF_ARGS)
		buf_printf(b, "ld   instruction pointer, %s half",
			   f->k % 8 ? "upper" : "lower");
	else
		buf_printf(b, "ld   %sa%zu", f->k % 8 ? "high " : "(int)",
			   (f->k - OFF_ARGS) / 8);
}

static void add_value(const struct filters *f, unsigned holds, uint32_t k,
		      struct buf *b)
{
	const char *arch = holds == ARCH ? word_name(arches, k) : NULL;
	auto_free char *call =
		holds == NUMBER ? seccomp_call_name(f->m, k) : NULL;

	buf_printf(b, k < 10000 ? "%u" : "0x%x", k);
	if (arch || call)
		buf_printf(b, " (%s)", arch ? arch : call);
	else if (holds == NUMBER && k == 0x40000000u && f->m->has_x32)
		buf_str(b, " (x32)");
}

static void add_jump(const struct filters *f, const struct sock_filter *x,
		     size_t at, unsigned holds, struct buf *b)
{
	unsigned op = BPF_OP(x->code) >> 4;

	if (BPF_OP(x->code) == BPF_JA) {
		buf_printf(b, "jmp  %zu", at + 1 + x->k);
		return;
	}
	buf_printf(b, "%-4s ",
		   op < ARRAY_SIZE(jump_words) ? jump_words[op] : "j???");
	if (BPF_SRC(x->code) == BPF_X)
		buf_char(b, 'x');
	else
		add_value(f, holds, x->k, b);
	buf_printf(b, " -> %zu, else %zu", at + 1 + x->jt, at + 1 + x->jf);
}

static void add_other(const struct sock_filter *x, struct buf *b)
{
	unsigned op = BPF_OP(x->code) >> 4;

	switch (BPF_CLASS(x->code)) {
	case BPF_ALU:
		buf_printf(b, "%-4s ",
			   op < ARRAY_SIZE(alu_words) ? alu_words[op] : "???");
		buf_printf(b, BPF_SRC(x->code) == BPF_X ? "x" : "0x%x", x->k);
		return;
	case BPF_LD:
		buf_printf(b,
			   x->code == (BPF_LD | BPF_MEM)   ? "ld   mem[%u]"
			   : x->code == (BPF_LD | BPF_IMM) ? "ld   %u"
							   : "ld   length",
			   x->k);
		return;
	case BPF_LDX:
		buf_printf(b,
			   BPF_MODE(x->code) == BPF_MEM ? "ldx  mem[%u]"
							: "ldx  %u",
			   x->k);
		return;
	case BPF_ST:
		buf_printf(b, "st   mem[%u]", x->k);
		return;
	case BPF_STX:
		buf_printf(b, "stx  mem[%u]", x->k);
		return;
	default:
		buf_str(b, BPF_MISCOP(x->code) == BPF_TAX ? "tax" : "txa");
	}
}

static void add_insn(const struct filters *f, const struct sock_filter *x,
		     size_t at, unsigned holds, struct buf *b)
{
	buf_printf(b, "%4zu  ", at);
	if (BPF_CLASS(x->code) == BPF_JMP) {
		add_jump(f, x, at, holds, b);
	} else if (x->code == (BPF_RET | BPF_K)) {
		buf_str(b, "ret  ");
		answer_print(x->k, b);
	} else if (BPF_CLASS(x->code) == BPF_RET) {
		buf_str(b, "ret  a");
	} else if (x->code == (BPF_LD | BPF_W | BPF_ABS)) {
		add_load(x, b);
	} else {
		add_other(x, b);
	}
	if (holds == UNSEEN)
		buf_str(b, "    ; never reached");
	buf_char(b, '\n');
}

void filters_asm(const struct filters *f, struct buf *b)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct sock_filter *x = f->v[i].data;
		size_t n = f->v[i].size / sizeof(*x);
		auto_free unsigned char *holds = xcalloc(n + 1, 1);

		trace(x, n, holds);
		buf_printf(b, "%s; filter ", i ? "\n" : "");
		buf_escaped(b, f->v[i].name);
		buf_printf(b, ", %zu instructions, %s\n", n, f->v[i].digest);
		for (size_t k = 0; k < n; k++)
			add_insn(f, &x[k], k, holds[k], b);
	}
}
