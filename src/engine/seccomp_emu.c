/*
 * seccomp_emu.c - "what happens to socket(40,1,0)?", answered by the
 * interpreter; no call is made.
 */
#include <stdlib.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "engine/seccomp_parts.h"

/* Which rule, or which instruction, answered; heap. */
static char *origin_text(const struct filters *f, const struct seccomp_data *d)
{
	struct seccomp_origin o = { 0 };
	const struct seccomp_rule *r;

	if (f->kind == FILTERS_PROFILE) {
		seccomp_decide(&f->p, &f->l, d, &r);
		if (r)
			return xasprintf("syscalls[%u]", r->at);
		return xstrdup(seccomp_is_foreign(f->m, d)
				       ? "not this machine's entry"
				       : "default");
	}
	seccomp_emulate_from(f->v, f->n, d, &o);
	if (o.filter >= f->n)
		return xstrdup("no filter");
	return xasprintf("%s:%zu", f->v[o.filter].name, o.insn);
}

static void add_text(const struct filters *f, const char *call,
		     const struct seccomp_data *d, struct buf *b)
{
	auto_free char *origin = origin_text(f, d);

	buf_escaped(b, call);
	buf_str(b, ": ");
	answer_print(filters_answer(f, d), b);
	buf_str(b, "  [");
	buf_escaped(b, origin);
	buf_str(b, "]\n");
}

static void add_json(const struct filters *f, const char *call,
		     const struct seccomp_data *d, struct json_out *j)
{
	uint32_t answer = filters_answer(f, d);
	auto_free char *origin = origin_text(f, d);
	auto_free char *text = answer_text(answer);

	json_out_obj(j, NULL);
	json_out_str(j, "call", call);
	json_out_str(j, "answer", text);
	json_out_u64(j, "value", answer);
	json_out_bool(j, "passes", answer_passes(answer));
	json_out_str(j, "by", origin);
	json_out_obj_end(j);
}

int filters_emulate(const struct filters *f, char *const *calls, bool json,
		    struct buf *b, struct err *e)
{
	AUTO(buf_done) struct buf out = BUF_INIT;
	int stopped = 0;
	struct json_out j;

	json_out_init(&j, &out, true);
	if (json)
		json_out_array(&j, NULL);
	strv_foreach (call, calls) {
		struct seccomp_data d;

		if (call_parse(f, *call, &d, e) < 0)
			return -1;
		stopped += !answer_passes(filters_answer(f, &d));
		if (json)
			add_json(f, *call, &d, &j);
		else
			add_text(f, *call, &d, &out);
	}
	if (json) {
		json_out_array_end(&j);
		buf_char(&out, '\n');
	}
	buf_add(b, out.p, out.len);
	return stopped;
}
