/*
 * seccomp_lint.c - what is wrong with a profile or a filter, and for a
 * profile the proof that its filters do what it says, on every machine that
 * filters are made for.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/table.h"
#include "engine/seccomp_parts.h"
#include "kernel/seccomp_holes.h"
#include "kernel/seccomp_prove.h"

static const char *const machines[] = { "amd64", "arm64" };

struct proof {
	const char *machine;
	struct seccomp_proof p;
	char *refused; /* not compiled there: why */
};
struct lint {
	struct seccomp_report holes;
	struct proof proofs[ARRAY_SIZE(machines)];
	size_t n_proofs;
};

static void lint_done(struct lint *l)
{
	seccomp_report_done(&l->holes);
	for (size_t i = 0; i < l->n_proofs; i++)
		free(l->proofs[i].refused);
}
DEFINE_AUTO_DONE(struct lint, lint_done);

/* The proof for one machine: the profile is read again, for its includes. */
static int prove_on(const char *word, const struct filters_ask *ask,
		    const char *machine, struct proof *ret, struct err *e)
{
	const struct filters_ask there = { machine, ask->caps, ask->kernel };
	AUTO(filters_free) struct filters *f = filters_open(word, &there, e);

	if (!f)
		return -1;
	ret->machine = machine;
	if (f->refused.kind != ERR_NONE)
		ret->refused = xstrdup(f->refused.msg);
	else
		seccomp_prove(&f->p, f->v, f->n, &ret->p);
	return 0;
}

static int prove_all(const char *word, const struct filters_ask *ask,
		     struct lint *l, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (ask->arch && strcmp(ask->arch, machines[i]))
			continue;
		if (prove_on(word, ask, machines[i], &l->proofs[l->n_proofs],
			     e) < 0)
			return -1;
		l->n_proofs++;
	}
	return 0;
}

/* Has the profile's own report said it of this call: "socket: …"? */
static bool is_known(const struct seccomp_report *r,
		     const struct seccomp_finding *x)
{
	size_t n = strcspn(x->text, ":") + 1;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].kind == x->kind &&
		    !strncmp(r->v[i].text, x->text, n))
			return true;
	return false;
}

static void find_holes(const struct filters *f, struct seccomp_report *ret)
{
	size_t n = 0;

	seccomp_holes(f->m, f->v, f->n, ret);
	for (size_t i = 0; i < ret->n; i++) {
		if (is_known(&f->report, &ret->v[i]))
			free(ret->v[i].text);
		else
			ret->v[n++] = ret->v[i];
	}
	ret->n = n;
}

/* ---- output ---- */

static void add_finding(const struct seccomp_finding *x, struct json_out *j,
			struct buf *b)
{
	const char *level = x->fatal ? "error" : "warning";

	if (!j) {
		buf_printf(b, "%s: %s: ", level, seccomp_finding_word(x->kind));
		buf_escaped(b, x->text);
		buf_char(b, '\n');
		return;
	}
	json_out_obj(j, NULL);
	json_out_str(j, "level", level);
	json_out_str(j, "kind", seccomp_finding_word(x->kind));
	json_out_str(j, "text", x->text);
	json_out_obj_end(j);
}

static void add_report(const struct seccomp_report *r, struct json_out *j,
		       struct buf *b)
{
	for (size_t i = 0; i < r->n; i++)
		add_finding(&r->v[i], j, b);
}

static char *difference_text(const struct seccomp_proof *p)
{
	auto_free char *want = answer_text(p->want);
	auto_free char *got = answer_text(p->got);

	return xasprintf("architecture %#x, call %d(%#llx,%#llx,%#llx,%#llx,"
			 "%#llx,%#llx): the profile says %s, the filter %s",
			 p->at.arch, p->at.nr,
			 (unsigned long long)p->at.args[0],
			 (unsigned long long)p->at.args[1],
			 (unsigned long long)p->at.args[2],
			 (unsigned long long)p->at.args[3],
			 (unsigned long long)p->at.args[4],
			 (unsigned long long)p->at.args[5], want, got);
}

static void proof_text(const struct proof *x, struct buf *b)
{
	auto_free char *text = NULL;

	if (x->refused) {
		buf_printf(b, "not proved on %s: ", x->machine);
		buf_escaped(b, x->refused);
		buf_char(b, '\n');
		return;
	}
	if (!x->p.differs) {
		buf_printf(b,
			   "proved on %s: %zu answers of the filters to %zu "
			   "calls are the profile's\n",
			   x->machine, x->p.compared, x->p.calls);
		return;
	}
	text = difference_text(&x->p);
	buf_printf(b, "error: DISPROVED on %s: %s\n", x->machine, text);
}

static void proof_json(const struct proof *x, struct json_out *j)
{
	json_out_obj(j, NULL);
	json_out_str(j, "arch", x->machine);
	json_out_bool(j, "proved", !x->refused && !x->p.differs);
	json_out_u64(j, "calls", x->p.calls);
	json_out_u64(j, "answers", x->p.compared);
	if (x->refused)
		json_out_str(j, "reason", x->refused);
	if (x->p.differs) {
		auto_free char *text = difference_text(&x->p);

		json_out_str(j, "reason", text);
	}
	json_out_obj_end(j);
}

static void lint_text(const struct filters *f, const struct lint *l,
		      struct buf *b)
{
	if (f->refused.kind != ERR_NONE && !f->report.n) {
		buf_str(b, "error: ");
		buf_escaped(b, f->refused.msg);
		buf_char(b, '\n');
	}
	add_report(&f->report, NULL, b);
	add_report(&l->holes, NULL, b);
	for (size_t i = 0; i < l->n_proofs; i++)
		proof_text(&l->proofs[i], b);
}

static void lint_json(const struct filters *f, const struct lint *l,
		      struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "name", f->name);
	if (f->refused.kind != ERR_NONE)
		json_out_str(&j, "refused", f->refused.msg);
	json_out_array(&j, "findings");
	add_report(&f->report, &j, b);
	add_report(&l->holes, &j, b);
	json_out_array_end(&j);
	json_out_array(&j, "proofs");
	for (size_t i = 0; i < l->n_proofs; i++)
		proof_json(&l->proofs[i], &j);
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

static size_t count(const struct filters *f, const struct lint *l)
{
	size_t n = f->report.n + l->holes.n;

	if (f->refused.kind != ERR_NONE && !f->report.n)
		n++;
	for (size_t i = 0; i < l->n_proofs; i++)
		n += l->proofs[i].p.differs;
	return n;
}

int filters_lint(const struct filters *f, const struct filters_ask *ask,
		 bool json, struct buf *b, struct err *e)
{
	AUTO(lint_done) struct lint l = { 0 };

	if (f->n)
		find_holes(f, &l.holes);
	if (f->kind == FILTERS_PROFILE && prove_all(f->name, ask, &l, e) < 0)
		return -1;
	if (json)
		lint_json(f, &l, b);
	else
		lint_text(f, &l, b);
	return (int)count(f, &l);
}
