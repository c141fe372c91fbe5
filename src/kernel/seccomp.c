/*
 * seccomp.c - compiles a profile into its stack of filters, and installs one.
 *
 * The split: a call that passes when no rule of it holds (its fallback is
 * ALLOW) goes as a plain allow into the first filter, its rules into the
 * second, whose default is ALLOW. Every other call stays whole in the first.
 * The kernel takes the strictest answer of the two, so either way the row's
 * own answer comes out.
 */
#include "kernel/seccomp.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "base/table.h"
#include "kernel/seccomp_bpf.h"
#include "kernel/seccomp_table.h"

static const char *const finding_words[] = {
	[FINDING_CONTRADICTION] = "contradiction",
	[FINDING_LOST] = "lost denial",
	[FINDING_UNKNOWN] = "unknown call",
	[FINDING_SHADOWED] = "shadowed",
	[FINDING_DEFAULT] = "equal to the default",
	[FINDING_NEVER] = "never holds",
	[FINDING_WIDE] = "too wide",
	[FINDING_SUCCESS] = "false success",
	[FINDING_ARCH] = "architecture",
	[FINDING_FLAG] = "flag",
	[FINDING_HOLE] = "32-bit hole",
	[FINDING_UNCHECKED] = "no architecture check",
	[FINDING_OPEN] = "unknown calls pass",
};

const char *seccomp_finding_word(enum seccomp_finding_kind kind)
{
	return finding_words[kind];
}

void seccomp_report_done(struct seccomp_report *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].text);
	free(r->v);
	memset(r, 0, sizeof(*r));
}

int seccomp_check(const struct seccomp_profile *p, struct seccomp_report *ret,
		  struct err *e)
{
	AUTO(seccomp_table_done) struct seccomp_table t = { 0 };
	AUTO(seccomp_report_done) struct seccomp_report rep = { 0 };

	if (seccomp_table_build(p, &t, &rep, e) < 0)
		return -1;
	*ret = rep;
	memset(&rep, 0, sizeof(rep));
	return 0;
}

static int refuse_fatal(const struct seccomp_report *rep, struct err *e)
{
	for (size_t i = 0; i < rep->n; i++)
		if (rep->v[i].fatal)
			return err_set(e, ERR_INPUT, "%s", rep->v[i].text);
	return 0;
}

/* Moves the rows that belong there from `t` to `deny`. */
static void split(struct seccomp_table *t, struct seccomp_table *deny)
{
	deny->machine = t->machine;
	deny->dflt = deny->newer = SECCOMP_RET_ALLOW;
	for (size_t i = 0; i < t->n; i++) {
		struct seccomp_row *row = &t->rows[i];

		if (!row->n || row->fallback != SECCOMP_RET_ALLOW)
			continue;
		*GROW(deny->rows, deny->n) = *row;
		deny->n++;
		row->rules = NULL;
		row->n = 0;
	}
}

int seccomp_blob_emit(char *name, const struct seccomp_table *t, uint64_t flags,
		      struct blob *ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	char hex[SHA256_HEX + 1];

	if (seccomp_bpf_emit(name, t, &b, e) < 0) {
		free(name);
		return -1;
	}
	memset(ret, 0, sizeof(*ret));
	ret->name = name;
	ret->size = b.len;
	ret->data = xmemdup(b.p, b.len);
	ret->flags = flags & ~SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	sha256_of(ret->data, ret->size, hex);
	memcpy(ret->digest, "sha256:", 7);
	memcpy(ret->digest + 7, hex, sizeof(hex));
	return 0;
}

int seccomp_compile(const char *name, const struct seccomp_profile *p,
		    struct blob ret[SECCOMP_STACK_MAX], size_t *ret_n,
		    struct err *e)
{
	AUTO(seccomp_table_done) struct seccomp_table t = { 0 };
	AUTO(seccomp_table_done) struct seccomp_table deny = { 0 };
	AUTO(seccomp_report_done) struct seccomp_report rep = { 0 };
	struct blob first, second;

	if (seccomp_table_build(p, &t, &rep, e) < 0)
		return -1;
	if (refuse_fatal(&rep, e) < 0)
		return -1;
	split(&t, &deny);
	if (seccomp_blob_emit(xstrdup(name), &t, p->flags, &first, e) < 0)
		return -1;
	if (deny.n && seccomp_blob_emit(xasprintf("%s/deny", name), &deny,
					p->flags, &second, e) < 0) {
		blob_done(&first);
		return -1;
	}
	ret[0] = first;
	if (deny.n)
		ret[1] = second;
	*ret_n = deny.n ? 2 : 1;
	return 0;
}

int seccomp_install(const struct blob *filter, struct err *e)
{
	size_t n = filter->size / sizeof(struct sock_filter);
	struct sock_fprog prog = { .filter = filter->data };
	long r;

	if (!n || n > BPF_MAXINSNS || filter->size % sizeof(struct sock_filter))
		return err_set(e, ERR_BUG,
			       "seccomp filter %s: %zu bytes are no program",
			       filter->name, filter->size);
	prog.len = (unsigned short)n;
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags, &prog);
	if (r < 0)
		return err_sys(e, "install seccomp filter %s", filter->name);
	/* TSYNC: the id of a thread that could not follow */
	if (r > 0)
		return err_set(e, ERR_SYS,
			       "install seccomp filter %s: thread %ld did not "
			       "take it",
			       filter->name, r);
	return 0;
}
