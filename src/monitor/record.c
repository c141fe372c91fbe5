/*
 * record.c - one call after the other: look, answer, write down.
 *
 * Should: answer every call, whatever cannot be looked at or written.
 * Must not: answer by anything but the registers and the plan; let a file
 *           that cannot be written to change an answer.
 */
#include "monitor/record.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/strv.h"
#include "kernel/procfs.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"
#include "kernel/seccomp_notify.h"
#include "kernel/seccomp_record.h"
#include "monitor/record_needs.h"
#include "monitor/record_seen.h"
#include "monitor/record_task.h"

#define FORMAT_VERSION 1
#define NAMES_MAX      512 /* numbers of calls whose names are kept */
#define FRESH_MAX      64  /* threads that have asked to execute */
#define NOTE                                                                   \
	"a recording observes and does not guard; what io_uring does is not "  \
	"seen"

struct recorder {
	int fd, proc;
	const struct plan *plan;
	const struct step *step;
	const struct seccomp_machine *machine;
	struct needs_table *needs;
	char *names[NAMES_MAX];
	struct seen seen;
	struct recorder_sums sums;
	int write_error; /* errno of the first */
	bool begun;	 /* the payload itself has been seen */
	uint32_t fresh[FRESH_MAX];
	size_t n_fresh;
};

/* What the profile says of a call. */
struct verdict_of_call {
	bool passes, kills;
	int errnum;
};

static void put_line(struct recorder *r, struct buf *b)
{
	buf_char(b, '\n');
	if (!r->write_error && fd_write_all(r->fd, b->p, b->len) < 0)
		r->write_error = errno ? errno : EIO;
}

static const struct step *find(const struct plan *p, enum op op)
{
	plan_foreach (s, p)
		if (s->op == op)
			return s;
	return NULL;
}

static void put_start(struct recorder *r)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	const struct step *exec = find(r->plan, OP_EXEC);
	const struct step *caps = find(r->plan, OP_CAPS);
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "event", "start");
	json_out_u64(&j, "version", FORMAT_VERSION);
	json_out_str(&j, "note", NOTE);
	json_out_str(&j, "profile", r->step->record.judge.name);
	json_out_str(&j, "mode",
		     r->step->record.mode == RECORD_ALLOW ? "allow" : "deny");
	json_out_str(&j, "calls", r->step->record.all ? "all" : "denied");
	json_out_str(&j, "arch", r->machine->name);
	json_out_u64(&j, "caps", caps ? caps->caps.set : 0);
	json_out_strv(&j, "command", exec ? exec->exec.argv : NULL);
	json_out_obj_end(&j);
	put_line(r, &b);
}

struct recorder *recorder_new(const struct plan *p, int fd, struct err *e)
{
	AUTO(recorder_free) struct recorder *r = xcalloc(1, sizeof(*r));

	r->proc = -1;
	r->fd = fd;
	r->plan = p;
	r->step = find(p, OP_RECORD);
	r->machine = seccomp_machine_find(NULL);
	if (!r->step || !r->machine) {
		err_set(e, ERR_BUG, "a recorder, and no recording");
		return NULL;
	}
	r->needs = needs_table_new(r->machine);
	r->proc = procfs_open_host(e);
	if (r->proc < 0)
		return NULL;
	put_start(r);
	return TAKE(r);
}

void recorder_free(struct recorder *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < NAMES_MAX; i++)
		free(r->names[i]);
	needs_table_free(r->needs);
	seen_done(&r->seen);
	if (r->proc >= 0)
		close(r->proc);
	free(r);
}

void recorder_sum(const struct recorder *r, struct recorder_sums *ret)
{
	*ret = r->sums;
	ret->distinct = r->seen.n;
}

static struct verdict_of_call judge(const struct recorder *r,
				    const struct seccomp_call *c)
{
	struct seccomp_data d = { .nr = c->nr,
				  .arch = c->arch,
				  .instruction_pointer = c->ip };
	uint32_t ret, action;

	memcpy(d.args, c->args, sizeof(c->args));
	ret = seccomp_emulate(&r->step->record.judge, 1, &d);
	action = ret & SECCOMP_RET_ACTION_FULL;
	if (action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG)
		return (struct verdict_of_call){ .passes = true };
	if (action == SECCOMP_RET_ERRNO)
		return (struct verdict_of_call){
			.errnum = (int)(ret & SECCOMP_RET_DATA)
		};
	/* as without a tracer */
	return (struct verdict_of_call){ .errnum = ENOSYS,
					 .kills = action != SECCOMP_RET_TRACE };
}

/* Static in the recorder; a number when the call has no name. */
static const char *name_of(struct recorder *r, int nr)
{
	char **at = nr >= 0 && nr < NAMES_MAX ? &r->names[nr] : NULL;

	if (!at)
		return "unknown";
	if (!*at)
		*at = seccomp_call_name(r->machine, (uint32_t)nr);
	if (!*at)
		*at = xasprintf("syscall_%d", nr);
	return *at;
}

/* ---- one event ---- */

struct event {
	const struct seccomp_call *call; /* NULL: a program begins */
	const char *name;
	struct verdict_of_call verdict;
	char *program;
	char *place; /* of the call in the program */
	struct needs needs;
};

static void event_done(struct event *v)
{
	free(v->program);
	free(v->place);
	needs_done(&v->needs);
}
DEFINE_AUTO_DONE(struct event, event_done);

static void add_text(struct sha256 *s, const char *text)
{
	sha256_add(s, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void make_key(const struct event *v, struct sha256 *s)
{
	const struct seccomp_select *by = seccomp_select_find(v->name);

	sha256_init(s);
	add_text(s, v->name);
	add_text(s, v->program);
	sha256_add(s, &v->verdict.errnum, sizeof(v->verdict.errnum));
	add_text(s, v->verdict.passes ? "passes" : "denied");
	for (size_t i = 0; v->call && by && i < by->n; i++) {
		uint64_t a = v->call->args[by->arg[i].index] & by->arg[i].mask;

		sha256_add(s, &a, sizeof(a));
	}
	for (size_t i = 0; i < v->needs.n; i++) {
		add_text(s, v->needs.v[i].path);
		sha256_add(s, &v->needs.v[i].access, sizeof(uint64_t));
	}
	if (!v->verdict.passes)
		add_text(s, v->needs.name);
}

static void put_call(struct json_out *j, const struct event *v)
{
	json_out_str(j, "call", v->name);
	json_out_u64(j, "nr", (uint64_t)(uint32_t)v->call->nr);
	json_out_array(j, "args");
	for (int i = 0; i < 6; i++)
		json_out_u64(j, NULL, v->call->args[i]);
	json_out_array_end(j);
	json_out_bool(j, "denied", !v->verdict.passes);
	if (!v->verdict.passes)
		json_out_u64(j, "errno", (uint64_t)v->verdict.errnum);
	if (v->verdict.kills)
		json_out_bool(j, "kills", true);
	if (v->needs.name)
		json_out_str(j, "path", v->needs.name);
	if (v->place)
		json_out_str(j, "at", v->place);
}

static void put_needs(struct json_out *j, const struct needs *n)
{
	if (!n->n)
		return;
	json_out_array(j, "needs");
	for (size_t i = 0; i < n->n; i++) {
		json_out_obj(j, NULL);
		json_out_str(j, "path", n->v[i].path);
		json_out_u64(j, "access", n->v[i].access);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void put_event(struct recorder *r, const struct event *v, uint32_t n)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "event", v->call ? "call" : "program");
	json_out_u64(&j, "n", n);
	if (v->call)
		put_call(&j, v);
	if (v->program)
		json_out_str(&j, "program", v->program);
	put_needs(&j, &v->needs);
	json_out_obj_end(&j);
	put_line(r, &b);
}

static void note_event(struct recorder *r, const struct task *t,
		       struct event *v)
{
	struct sha256 key;
	uint32_t n;

	make_key(v, &key);
	switch (seen_count(&r->seen, &key, &n)) {
	case SEEN_FULL:
		r->sums.dropped++;
		return;
	case SEEN_AGAIN:
		return;
	case SEEN_NEW:
		break;
	}
	if (v->call && !v->verdict.passes) {
		r->sums.denied++;
		if (t->dir >= 0)
			v->place = task_place(t, v->call->ip);
	}
	put_event(r, v, n);
}

/* ---- programs ---- */

static bool is_fresh(struct recorder *r, uint32_t tid)
{
	for (size_t i = 0; i < r->n_fresh; i++)
		if (r->fresh[i] == tid) {
			r->fresh[i] = r->fresh[--r->n_fresh];
			return true;
		}
	return false;
}

static void will_execute(struct recorder *r, uint32_t tid)
{
	if (r->n_fresh < FRESH_MAX)
		r->fresh[r->n_fresh++] = tid;
}

/* The kernel itself opens a program's loader or interpreter: seen is what is
 * mapped at its first call. */
static void note_program(struct recorder *r, const struct task *t,
			 const char *program)
{
	AUTO(event_done)
	struct event v = { .name = "program", .verdict = { .passes = true } };
	const struct step *s = find(r->plan, OP_COMMAND);

	v.program = xstrdup(program);
	needs_of_images(t, &v.needs);
	if (!r->begun && s)
		needs_of_command(t, s->command.name, s->command.path, &v.needs);
	r->begun = true;
	note_event(r, t, &v);
}

static void note_call(struct recorder *r, const struct seccomp_call *c,
		      int listener, const struct verdict_of_call *verdict)
{
	AUTO(task_done) struct task t = { .dir = -1 };
	AUTO(event_done)
	struct event v = { .call = c,
			   .name = name_of(r, c->nr),
			   .verdict = *verdict };
	bool fresh = is_fresh(r, c->pid);

	if (task_open(r->proc, c->pid, &t) == 0) {
		v.program = task_program(&t);
		needs_of(r->needs, &t, c, !verdict->passes, &v.needs);
	}
	/* still waiting: what was read is this thread's own. Gone: another may
	 * have its number by now. */
	if (!seccomp_is_waiting(listener, c->id)) {
		free(TAKE(v.program));
		needs_done(&v.needs);
		task_done(&t);
	}
	if (v.program && (fresh || !r->begun))
		note_program(r, &t, v.program);
	if (v.needs.executes)
		will_execute(r, c->pid);
	note_event(r, &t, &v);
}

static int answer(struct recorder *r, const struct seccomp_call *c,
		  int listener, const struct verdict_of_call *v, struct err *e)
{
	bool allow = r->step->record.mode == RECORD_ALLOW;

	if (v->passes || allow)
		return seccomp_let_pass(listener, c->id, e);
	return seccomp_refuse(listener, c->id, v->errnum, e);
}

int recorder_serve(void *arg, int listener, struct err *e)
{
	struct recorder *r = arg;
	struct verdict_of_call v;
	struct seccomp_call c;
	int got = seccomp_receive(listener, &c, e);

	if (got <= 0)
		return got;
	if (!r->sums.calls++)
		seccomp_listener_hasten(listener);
	v = judge(r, &c);
	note_call(r, &c, listener, &v);
	r->sums.io_uring |= !strcmp(name_of(r, c.nr), "io_uring_setup") &&
			    (v.passes || r->step->record.mode == RECORD_ALLOW);
	return answer(r, &c, listener, &v, e);
}

/* ---- the end ---- */

static void put_total(struct recorder *r, const struct seen_entry *x)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "event", "total");
	json_out_u64(&j, "n", x->n);
	json_out_u64(&j, "count", x->count);
	json_out_obj_end(&j);
	put_line(r, &b);
}

int recorder_end(struct recorder *r, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	for (size_t i = 0; i < r->seen.size; i++)
		if (r->seen.v[i].count > 1)
			put_total(r, &r->seen.v[i]);
	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "event", "end");
	json_out_u64(&j, "calls", r->sums.calls);
	json_out_u64(&j, "dropped", r->sums.dropped);
	json_out_obj_end(&j);
	put_line(r, &b);
	if (r->write_error)
		return err_sysno(e, r->write_error,
				 "write the record: it is incomplete");
	return 0;
}
