/*
 * seccomp_parts.h - what the files of seccomp_ask.h share.
 */
#ifndef ENGINE_SECCOMP_PARTS_H
#define ENGINE_SECCOMP_PARTS_H

#include <linux/seccomp.h>
#include "base/buf.h"
#include "base/json.h"
#include "engine/seccomp_ask.h"
#include "immure/seccomp.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"
#include "kernel/seccomp_named.h"

enum filters_kind { FILTERS_PROFILE, FILTERS_BPF, FILTERS_PROCESS };

struct filters {
	char *name;
	enum filters_kind kind;
	uint64_t caps;
	const struct seccomp_machine *m;
	struct seccomp_profile p;     /* FILTERS_PROFILE */
	struct seccomp_named_list l;  /* its rules by call */
	struct seccomp_report report; /* its findings */
	struct blob *v;
	size_t n;
	struct err refused; /* why no start takes it; ERR_NONE: it does */
};

/* Numbers up to this are looked at. */
#define FILTERS_CALLS 512
/* A number that no kernel has, for "every other call". */
#define FILTERS_NO_CALL 0x3ffffff0u
/* Combinations of arguments that are tried of one call. */
#define FILTERS_COMBINED 20000

uint32_t filters_answer(const struct filters *f, const struct seccomp_data *d);
/* ALLOW or LOG. */
bool answer_passes(uint32_t answer);
/* "ALLOW", "ERRNO 1 (EPERM)", "KILL_PROCESS". */
void answer_print(uint32_t answer, struct buf *b);
char *answer_text(uint32_t answer); /* heap */
/* The call's name, or its number; heap. */
char *call_text(const struct filters *f, uint32_t nr);
/* Is every answer to this call the same, whatever its arguments? */
bool filters_is_constant(const struct filters *f, uint32_t nr);

/* Words separated by blanks, folded at 78 columns, each line indented. */
void fold_word(struct buf *b, size_t *column, const char *word);

/* ---- what decides a call ---- */

struct clause {
	char *when; /* "(int)a0 == 40 and a1 > 1"; NULL: otherwise */
	uint32_t answer;
	char *by; /* "syscalls[3]", "default", "default/deny:17" */
};
struct clauses {
	struct clause *v; /* the first whose `when` holds decides */
	size_t n;
	bool partial; /* there is more than can be told */
};
/* Of a profile in the order of deciding; of BPF filter after filter. */
void clauses_find(const struct filters *f, uint32_t nr, struct clauses *ret);
void clauses_done(struct clauses *c);
DEFINE_AUTO_DONE(struct clauses, clauses_done);
void clauses_print(const struct clauses *c, const char *indent, struct buf *b);
void clauses_json(const struct clauses *c, struct json_out *j);

/* ---- calls as words ---- */

/* "[i386:|x32:]NAME|NUMBER[(ARG,ARG…)]" */
int call_parse(const struct filters *f, const char *text,
	       struct seccomp_data *ret, struct err *e);

/* ---- dangers ---- */

struct danger {
	const char *level; /* "high", "medium" */
	const char *call;  /* as call_parse takes it */
	const char *why;
};
extern const struct danger filters_dangers[]; /* worst first; call NULL ends */
/* Does this one pass: with its arguments, or without any given, at all? */
bool danger_passes(const struct filters *f, const struct danger *d);

#endif
