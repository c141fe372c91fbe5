/*
 * seccomp_emulate.c - runs seccomp filters without a kernel.
 *
 * Knows the instructions that the kernel's seccomp_check_filter lets through
 * and refuses the rest, an out-of-bounds jump and a missing return: all of
 * these answer "kill". Asks nothing, so that a command can answer "what
 * happens to socket(40, …)?" anywhere.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include "base/table.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"

struct machine {
	uint32_t a, x, mem[BPF_MEMWORDS];
	const struct seccomp_data *d;
};

static uint32_t operand(const struct machine *m, const struct sock_filter *f)
{
	return BPF_SRC(f->code) == BPF_X ? m->x : f->k;
}

static bool compute(struct machine *m, const struct sock_filter *f)
{
	uint32_t v = operand(m, f);

	switch (BPF_OP(f->code)) {
	case BPF_ADD:
		m->a += v;
		return true;
	case BPF_SUB:
		m->a -= v;
		return true;
	case BPF_MUL:
		m->a *= v;
		return true;
	case BPF_DIV:
		m->a = v ? m->a / v : 0;
		return v != 0;
	case BPF_AND:
		m->a &= v;
		return true;
	case BPF_OR:
		m->a |= v;
		return true;
	case BPF_XOR:
		m->a ^= v;
		return true;
	case BPF_LSH:
		m->a = v < 32 ? m->a << v : 0;
		return v < 32;
	case BPF_RSH:
		m->a = v < 32 ? m->a >> v : 0;
		return v < 32;
	case BPF_NEG:
		m->a = -m->a;
		return true;
	default:
		return false;
	}
}

/* How many instructions to skip; -1 for one that is not known. */
static int64_t jump(const struct machine *m, const struct sock_filter *f)
{
	uint32_t v = operand(m, f);

	switch (BPF_OP(f->code)) {
	case BPF_JA:
		return f->k;
	case BPF_JEQ:
		return m->a == v ? f->jt : f->jf;
	case BPF_JGT:
		return m->a > v ? f->jt : f->jf;
	case BPF_JGE:
		return m->a >= v ? f->jt : f->jf;
	case BPF_JSET:
		return m->a & v ? f->jt : f->jf;
	default:
		return -1;
	}
}

/* LD, LDX, ST, STX, MISC; false for what a seccomp filter may not do. */
static bool move(struct machine *m, const struct sock_filter *f)
{
	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (f->k % 4 || f->k > sizeof(*m->d) - 4)
			return false;
		memcpy(&m->a, (const char *)m->d + f->k, 4);
		return true;
	case BPF_LD | BPF_IMM:
		m->a = f->k;
		return true;
	case BPF_LDX | BPF_IMM:
		m->x = f->k;
		return true;
	case BPF_LD | BPF_W | BPF_LEN:
		m->a = sizeof(*m->d);
		return true;
	case BPF_LDX | BPF_W | BPF_LEN:
		m->x = sizeof(*m->d);
		return true;
	case BPF_MISC | BPF_TAX:
		m->x = m->a;
		return true;
	case BPF_MISC | BPF_TXA:
		m->a = m->x;
		return true;
	default:
		break;
	}
	if (f->k >= BPF_MEMWORDS)
		return false;
	switch (f->code) {
	case BPF_LD | BPF_MEM:
		m->a = m->mem[f->k];
		return true;
	case BPF_LDX | BPF_MEM:
		m->x = m->mem[f->k];
		return true;
	case BPF_ST:
		m->mem[f->k] = m->a;
		return true;
	case BPF_STX:
		m->mem[f->k] = m->x;
		return true;
	default:
		return false;
	}
}

static uint32_t run(const struct blob *b, const struct seccomp_data *d,
		    size_t *ret_at)
{
	struct machine m = { .d = d };
	size_t n = b->size / sizeof(struct sock_filter);

	for (size_t pc = 0; pc < n; pc++) {
		const struct sock_filter *f =
			(const struct sock_filter *)b->data + pc;
		bool known = true;
		int64_t skip = 0;

		*ret_at = pc;
		if (f->code == (BPF_RET | BPF_K))
			return f->k;
		if (f->code == (BPF_RET | BPF_A))
			return m.a;
		if (BPF_CLASS(f->code) == BPF_JMP)
			skip = jump(&m, f);
		else if (BPF_CLASS(f->code) == BPF_ALU)
			known = compute(&m, f);
		else
			known = move(&m, f);
		if (!known || skip < 0)
			break;
		pc += (size_t)skip;
	}
	return SECCOMP_RET_KILL_PROCESS;
}

uint32_t seccomp_emulate_from(const struct blob *filters, size_t n,
			      const struct seccomp_data *d,
			      struct seccomp_origin *ret_origin)
{
	struct seccomp_origin origin = { .filter = n };
	uint32_t ret = SECCOMP_RET_ALLOW;

	/* as the kernel: the latest first, and only a stricter one replaces.
	 * The action is a signed number, KILL_PROCESS the smallest. */
	for (size_t i = n; i-- > 0;) {
		size_t at = 0;
		uint32_t r = run(&filters[i], d, &at);
		bool stricter = (int32_t)(r & SECCOMP_RET_ACTION_FULL) <
				(int32_t)(ret & SECCOMP_RET_ACTION_FULL);

		if (stricter)
			ret = r;
		if (stricter || i + 1 == n)
			origin = (struct seccomp_origin){ i, at };
	}
	*ret_origin = origin;
	return ret;
}

uint32_t seccomp_emulate(const struct blob *filters, size_t n,
			 const struct seccomp_data *d)
{
	struct seccomp_origin ignored;

	return seccomp_emulate_from(filters, n, d, &ignored);
}

/* Does this answer let the call through? Nobody traces the payload, and nobody
 * listens: those two deny. */
static bool lets_through(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

bool seccomp_denies_keys(const struct blob *filters, size_t n)
{
	static const int calls[] = { SYS_add_key, SYS_request_key, SYS_keyctl };
	const struct seccomp_machine *native = seccomp_machine_find(NULL);
	const int last = ARRAY_SIZE(calls) - 1;

	/* the last with each of its operations: there are fewer than 64 */
	for (int i = 0; native && n && i < last + 64; i++) {
		const struct seccomp_data d = {
			.nr = calls[i < last ? i : last],
			.arch = native->audit,
			.args = { i < last ? 0 : (uint64_t)(i - last) },
		};

		if (lets_through(seccomp_emulate(filters, n, &d)))
			return false;
	}
	return native && n > 0;
}
