/*
 * learn.c - the least profile. Rules for names alone would grant more than
 * was seen: where an argument selects what a call does, it is in the rule.
 */
#include "engine/learn.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "engine/learn_parts.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"

void records_done(struct records *r)
{
	for (size_t i = 0; i < r->n; i++)
		record_done(&r->v[i]);
	free(r->v);
	memset(r, 0, sizeof(*r));
}

int records_add(struct records *r, const char *file, struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	struct record one;

	if (file_read(file, RECORD_FILE_MAX, &text, e) < 0 ||
	    record_parse(file, &text, &one, e) < 0)
		return -1;
	*GROW(r->v, r->n) = one;
	r->n++;
	return 0;
}

bool record_passed(const struct record *r, const struct record_event *v)
{
	return !v->denied || r->mode == RECORD_ALLOW;
}

/* ---- collecting ---- */

static struct learned *learned_of(struct learned_list *l, const char *call)
{
	struct learned *x;

	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].call, call))
			return &l->v[i];
	x = GROW(l->v, l->n);
	l->n++;
	x->call = call;
	x->by = seccomp_select_find(call);
	return x;
}

static void add_event(struct learned_list *l, const struct record *r,
		      const struct record_event *v)
{
	struct learned *x = learned_of(l, v->call);
	struct variant one = { .passes = record_passed(r, v),
			       .first = v,
			       .count = v->count };
	struct variant *same = NULL;

	for (size_t i = 0; x->by && i < x->by->n; i++)
		one.value[i] =
			v->args[x->by->arg[i].index] & x->by->arg[i].mask;
	for (size_t i = 0; i < x->n && !same; i++)
		if (x->v[i].passes == one.passes &&
		    !memcmp(x->v[i].value, one.value, sizeof(one.value)))
			same = &x->v[i];
	if (same) {
		same->count += one.count;
		return;
	}
	*GROW(x->v, x->n) = one;
	x->n++;
}

static int by_name(const void *a, const void *b)
{
	const struct learned *x = a, *y = b;

	return strcmp(x->call, y->call);
}

static int by_value(const void *a, const void *b)
{
	const struct variant *x = a, *y = b;

	for (int i = 0; i < SECCOMP_SELECT_MAX; i++)
		if (x->value[i] != y->value[i])
			return x->value[i] < y->value[i] ? -1 : 1;
	return 0;
}

void learned_collect(const struct records *r, struct learned_list *ret)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t j = 0; j < r->v[i].n; j++)
			if (r->v[i].v[j].call)
				add_event(ret, &r->v[i], &r->v[i].v[j]);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(ret->v[0]), by_name);
	for (size_t i = 0; i < ret->n; i++)
		qsort(ret->v[i].v, ret->v[i].n, sizeof(struct variant),
		      by_value);
}

void learned_done(struct learned_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].v);
	free(l->v);
	memset(l, 0, sizeof(*l));
}

/* ---- rules ---- */

char *variant_reason(const struct variant *v)
{
	const struct record_event *f = v->first;

	return xasprintf("%s%llu time%s, first by %s%s%s",
			 f->denied ? "ADDED, the recorded profile denies it: "
				   : "",
			 (unsigned long long)v->count, v->count == 1 ? "" : "s",
			 f->program ? f->program : "the launcher",
			 f->path ? " with " : "", f->path ? f->path : "");
}

static void put_name(struct json_out *j, const char *call, const char *action)
{
	json_out_array(j, "names");
	json_out_str(j, NULL, call);
	json_out_array_end(j);
	json_out_str(j, "action", action);
}

static void put_args(struct json_out *j, const struct learned *x,
		     const struct variant *v)
{
	if (!x->by)
		return;
	json_out_array(j, "args");
	for (size_t i = 0; i < x->by->n; i++) {
		json_out_obj(j, NULL);
		json_out_u64(j, "index", x->by->arg[i].index);
		json_out_u64(j, "value", x->by->arg[i].mask);
		json_out_u64(j, "valueTwo", v->value[i]);
		json_out_str(j, "op", "SCMP_CMP_MASKED_EQ");
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void put_allow(struct json_out *j, const struct learned *x,
		      const struct variant *v)
{
	auto_free char *reason = variant_reason(v);

	json_out_obj(j, NULL);
	put_name(j, x->call, "SCMP_ACT_ALLOW");
	put_args(j, x, v);
	json_out_str(j, "comment", reason);
	json_out_obj_end(j);
}

void learned_rules(const struct learned_list *l, struct json_out *j)
{
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].n; k++)
			if (l->v[i].v[k].added)
				put_allow(j, &l->v[i], &l->v[i].v[k]);
}

/* What was denied stays so, by the errno that the program knows: only where
 * no rule of the call passes it. */
static void put_denials(struct json_out *j, const struct learned_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct variant *denied = NULL;
		bool passes = false;

		for (size_t k = 0; k < l->v[i].n; k++) {
			const struct variant *v = &l->v[i].v[k];

			passes |= v->passes;
			if (!v->passes && !denied)
				denied = v;
		}
		/* a call of one kind that passed once cannot be told apart */
		if (!denied || (passes && !l->v[i].by) ||
		    denied->first->errnum == ENOSYS)
			continue;
		json_out_obj(j, NULL);
		put_name(j, l->v[i].call, "SCMP_ACT_ERRNO");
		json_out_u64(j, "errnoRet", (uint64_t)denied->first->errnum);
		json_out_bool(j, "otherwise", true);
		json_out_str(j, "comment", "was denied when it was recorded");
		json_out_obj_end(j);
	}
}

static void put_quiet(struct json_out *j)
{
	json_out_obj(j, NULL);
	json_out_array(j, "names");
	for (const char *const *q = seccomp_record_quiet; *q; q++)
		json_out_str(j, NULL, *q);
	json_out_array_end(j);
	json_out_str(j, "action", "SCMP_ACT_ALLOW");
	json_out_str(j, "comment",
		     "assumed: every program makes them, so often that they "
		     "are not recorded");
	json_out_obj_end(j);
}

static int from_nothing(const struct records *r, struct learned_list *l,
			struct buf *ret, struct err *e)
{
	struct json_out j;

	for (size_t i = 0; i < r->n; i++)
		if (!r->v[i].all)
			return err_set(e, ERR_USAGE,
				       "the record holds denied calls alone: "
				       "take --base %s, or record with "
				       "--record-calls all",
				       r->v[i].profile);
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].n; k++)
			l->v[i].v[k].added = l->v[i].v[k].passes;
	json_out_init(&j, ret, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "defaultAction", "SCMP_ACT_ERRNO");
	json_out_u64(&j, "defaultErrnoRet", ENOSYS);
	json_out_array(&j, "syscalls");
	put_quiet(&j);
	learned_rules(l, &j);
	put_denials(&j, l);
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(ret, '\n');
	return 0;
}

/* ---- the proof ---- */

int asked_compile(const char *name, const struct buf *text,
		  const struct seccomp_facts *facts, struct asked *ret,
		  struct err *e)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };

	if (seccomp_json_parse(name, text, facts, &p, e) < 0)
		return -1;
	if (seccomp_compile(name, &p, ret->filters, &ret->n, e) < 0)
		return err_prefix(e, "%s", name);
	return 0;
}

void asked_done(struct asked *a)
{
	for (size_t i = 0; i < a->n; i++)
		blob_done(&a->filters[i]);
	a->n = 0;
}

bool asked_passes(const struct asked *a, const struct record_event *v)
{
	const struct seccomp_machine *m = seccomp_machine_find(NULL);
	struct seccomp_data d = { .nr = (int)v->nr, .arch = m ? m->audit : 0 };
	uint32_t action;

	memcpy(d.args, v->args, sizeof(v->args));
	action =
		seccomp_emulate(a->filters, a->n, &d) & SECCOMP_RET_ACTION_FULL;
	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

static int prove(const struct records *r, const struct buf *text,
		 const struct seccomp_facts *facts, struct err *e)
{
	AUTO(asked_done) struct asked a = { .n = 0 };

	if (asked_compile("the learned profile", text, facts, &a, e) < 0)
		return -1;
	for (size_t i = 0; i < r->n; i++)
		for (size_t j = 0; j < r->v[i].n; j++) {
			const struct record_event *v = &r->v[i].v[j];

			if (!v->call || !record_passed(&r->v[i], v) ||
			    asked_passes(&a, v))
				continue;
			return err_set(e, ERR_INPUT,
				       "%s passed when it was recorded, and "
				       "the learned profile denies it: was the "
				       "record made on another machine, or "
				       "changed?",
				       v->call);
		}
	return 0;
}

static int check_machine(const struct records *r,
			 const struct seccomp_facts *facts, struct err *e)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i].arch, facts->arch))
			return err_set(e, ERR_INPUT,
				       "the record is of %s, and this machine "
				       "is %s: learn from it there",
				       r->v[i].arch, facts->arch);
	return 0;
}

static void count(const struct learned_list *l, const char *base,
		  struct learn_sums *sums)
{
	if (!base)
		while (seccomp_record_quiet[sums->calls])
			sums->calls++;
	for (size_t i = 0; i < l->n; i++) {
		bool passes = false;

		for (size_t k = 0; k < l->v[i].n; k++) {
			passes |= l->v[i].v[k].passes;
			sums->added += l->v[i].v[k].added;
		}
		sums->calls += passes;
	}
}

int learn_profile(const struct records *r, const struct learn_how *how,
		  struct buf *ret, struct learn_sums *sums, struct err *e)
{
	const struct seccomp_facts *facts = &how->facts;
	AUTO(learned_done) struct learned_list l = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT;

	if (check_machine(r, facts, e) < 0)
		return -1;
	learned_collect(r, &l);
	if ((how->base ? learn_upon_base(how->base, facts, &l, &text, e)
		       : from_nothing(r, &l, &text, e)) < 0 ||
	    prove(r, &text, facts, e) < 0)
		return -1;
	count(&l, how->base, sums);
	buf_add(ret, text.p, text.len);
	return 0;
}
