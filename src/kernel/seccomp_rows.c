/*
 * seccomp_rows.c - one call's rules: put in order, judged, thinned.
 *
 * What a row means is said in immure/seccomp.h. Two facts carry the rest:
 * rules stand strictest first, so the first that holds decides; and a rule
 * whose tests all follow from those of a later one holds whenever the later
 * one does, so the later one never decides.
 */
#include "kernel/seccomp_rows.h"

#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/table.h"
#include "kernel/seccomp_imply.h"

static const char *const act_words[] = {
	[SECCOMP_ACT_KILL_PROCESS] = "KILL_PROCESS",
	[SECCOMP_ACT_KILL_THREAD] = "KILL_THREAD",
	[SECCOMP_ACT_TRAP] = "TRAP",
	[SECCOMP_ACT_ERRNO] = "ERRNO",
	[SECCOMP_ACT_NOTIFY] = "NOTIFY",
	[SECCOMP_ACT_TRACE] = "TRACE",
	[SECCOMP_ACT_LOG] = "LOG",
	[SECCOMP_ACT_ALLOW] = "ALLOW",
};

/* "ERRNO 1 (syscalls[3])" */
static char *rule_text(const struct seccomp_rule *r)
{
	if (r->act == SECCOMP_ACT_ERRNO || r->act == SECCOMP_ACT_TRACE)
		return xasprintf("%s %u (syscalls[%u])", act_words[r->act],
				 r->err, r->at);
	return xasprintf("%s (syscalls[%u])", act_words[r->act], r->at);
}

void seccomp_report_add(struct seccomp_report *rep,
			enum seccomp_finding_kind kind, bool fatal, char *text)
{
	struct seccomp_finding *f = GROW(rep->v, rep->n);

	rep->n++;
	f->kind = kind;
	f->fatal = fatal;
	f->text = text;
}

static bool same_test(const struct seccomp_arg *a, const struct seccomp_arg *b)
{
	return a->index == b->index && a->op == b->op && a->value == b->value &&
	       a->value2 == b->value2;
}

static bool has_test(const struct seccomp_rule *r, const struct seccomp_arg *a)
{
	for (size_t i = 0; i < r->n_args; i++)
		if (same_test(&r->args[i], a))
			return true;
	return false;
}

static bool is_said_by(const struct seccomp_rule *r,
		       const struct seccomp_arg *a)
{
	for (size_t i = 0; i < r->n_args; i++)
		if (seccomp_test_implies(&r->args[i], a))
			return true;
	return false;
}

/* Every test of `a` follows from one of `b`: whenever b holds, a holds. */
static bool is_implied(const struct seccomp_rule *a,
		       const struct seccomp_rule *b)
{
	for (size_t i = 0; i < a->n_args; i++)
		if (!is_said_by(b, &a->args[i]))
			return false;
	return true;
}

static bool same_action(const struct seccomp_rule *a,
			const struct seccomp_rule *b)
{
	return seccomp_ret(a->act, a->err) == seccomp_ret(b->act, b->err);
}

/* False: some two of its tests, or one alone, let no value through. */
static bool can_hold(const struct seccomp_rule *r)
{
	for (size_t i = 0; i < r->n_args; i++)
		for (size_t j = 0; j <= i; j++)
			if (seccomp_tests_clash(&r->args[i], &r->args[j]))
				return false;
	return true;
}

/*
 * Two allows that are alike but for one !=, of the same argument and another
 * value: either holds always. Somebody meant "neither of the two values".
 */
static bool is_lost(const struct seccomp_rule *a, const struct seccomp_rule *b)
{
	const struct seccomp_arg *odd_a = NULL, *odd_b = NULL;
	size_t odd = 0;

	if (a->n_args != b->n_args || !same_action(a, b))
		return false;
	for (size_t i = 0; i < a->n_args; i++) {
		if (!has_test(b, &a->args[i])) {
			odd_a = &a->args[i];
			odd++;
		}
		if (!has_test(a, &b->args[i]))
			odd_b = &b->args[i];
	}
	return odd == 1 && odd_b && odd_a->op == CMP_NE &&
	       odd_b->op == CMP_NE && odd_a->index == odd_b->index;
}

/* Arguments of which the kernel looks at the lower 32 bits only. */
static const struct {
	const char *name;
	unsigned args; /* bit n: argument n */
} narrow[] = {
	{ "ioctl", 0x03 },	 { "fcntl", 0x03 },	 { "socket", 0x07 },
	{ "socketpair", 0x07 },	 { "setsockopt", 0x17 }, { "getsockopt", 0x07 },
	{ "personality", 0x01 }, { "prctl", 0x01 },	 { "arch_prctl", 0x01 },
	{ "mknod", 0x02 },	 { "mknodat", 0x05 },	 { "kill", 0x03 },
	{ "tgkill", 0x07 },	 { "setns", 0x03 },	 { "keyctl", 0x01 },
	{ "bpf", 0x05 },	 { "open", 0x02 },	 { "openat", 0x05 },
	{ "setuid", 0x01 },	 { "setgid", 0x01 },
};

bool seccomp_is_narrow(const char *name, unsigned index)
{
	for (size_t i = 0; i < ARRAY_SIZE(narrow); i++)
		if (!strcmp(narrow[i].name, name))
			return narrow[i].args & (1u << index);
	return false;
}

/* ---- findings ---- */

static void say(struct seccomp_report *rep, enum seccomp_finding_kind kind,
		const char *call, const struct seccomp_rule *r,
		const char *what)
{
	auto_free char *rule = rule_text(r);

	seccomp_report_add(rep, kind, false,
			   xasprintf("%s: %s %s", call, rule, what));
}

struct verdict_on_pair {
	enum seccomp_finding_kind kind;
	bool fatal;
	const char *text;
};

static void say_pair(struct seccomp_report *rep, struct verdict_on_pair f,
		     const char *call, const struct seccomp_rule *const r[2])
{
	auto_free char *a = rule_text(r[0]);
	auto_free char *b = rule_text(r[1]);

	seccomp_report_add(rep, f.kind, f.fatal,
			   xasprintf("%s: %s and %s %s", call, a, b, f.text));
}

/* `late` never decides, because `early` holds whenever it does. */
static void judge_pair(const struct seccomp_profile *p, const char *call,
		       const struct seccomp_rule *const pair[2],
		       struct seccomp_report *rep)
{
	struct verdict_on_pair f = { .kind = FINDING_SHADOWED };
	bool same_tests = is_implied(pair[1], pair[0]);

	if (same_tests && !same_action(pair[0], pair[1])) {
		f.kind = FINDING_CONTRADICTION;
		f.fatal = !p->tolerant;
		f.text = "have the same conditions and contradict each other; "
			 "remove one";
	} else if (same_tests) {
		f.text = "say the same; remove one";
	} else {
		f.text = "overlap: the first always decides before the second; "
			 "remove the second";
	}
	say_pair(rep, f, call, pair);
}

static void judge_rule(const char *call, const struct seccomp_rule *r,
		       struct seccomp_report *rep)
{
	if (r->act == SECCOMP_ACT_ERRNO && r->err == 0)
		say(rep, FINDING_SUCCESS, call, r,
		    "skips the call and reports success");
	if (r->act > SECCOMP_ACT_ERRNO)
		return;
	for (size_t i = 0; i < r->n_args; i++) {
		auto_free char *what = NULL;

		if (r->args[i].op != CMP_EQ || r->args[i].value >> 32 ||
		    !seccomp_is_narrow(call, r->args[i].index))
			continue;
		what = xasprintf("compares 64 bits of argument %u where the "
				 "kernel uses 32: a value with high bits set "
				 "passes; use SCMP_CMP_MASKED_EQ with value "
				 "4294967295",
				 r->args[i].index);
		say(rep, FINDING_WIDE, call, r, what);
	}
}

/* ---- a row ---- */

static void remove_at(struct seccomp_named *c, size_t i)
{
	memmove(&c->rules[i], &c->rules[i + 1],
		(c->n - i - 1) * sizeof(c->rules[0]));
	c->n--;
}

/* Strictest first; equally strict ones keep the file's order. */
static void sort_rules(struct seccomp_named *c)
{
	for (size_t i = 1; i < c->n; i++) {
		const struct seccomp_rule *r = c->rules[i];
		size_t j = i;

		for (; j > 0 && c->rules[j - 1]->act > r->act; j--)
			c->rules[j] = c->rules[j - 1];
		c->rules[j] = r;
	}
}

/* Takes out the rules that can never hold. */
static void drop_never(struct seccomp_named *c, struct seccomp_report *rep)
{
	for (size_t i = 0; i < c->n;) {
		if (can_hold(c->rules[i])) {
			i++;
			continue;
		}
		say(rep, FINDING_NEVER, c->name, c->rules[i],
		    "has tests that no value passes; remove the rule");
		remove_at(c, i);
	}
}

/* Takes out the rules that an earlier one always forestalls. */
static void drop_shadowed(const struct seccomp_profile *p,
			  struct seccomp_named *c, struct seccomp_report *rep)
{
	for (size_t i = 0; i < c->n; i++) {
		for (size_t j = i + 1; j < c->n;) {
			const struct seccomp_rule *const pair[2] = {
				c->rules[i], c->rules[j]
			};

			if (!is_implied(pair[0], pair[1])) {
				j++;
				continue;
			}
			judge_pair(p, c->name, pair, rep);
			remove_at(c, j);
		}
	}
}

/* Takes the one `otherwise` rule out of the list, or NULL. */
static const struct seccomp_rule *
take_otherwise(const struct seccomp_profile *p, struct seccomp_named *c,
	       struct seccomp_report *rep)
{
	const struct seccomp_rule *found = NULL;

	for (size_t i = 0; i < c->n;) {
		const struct seccomp_rule *const pair[2] = { found,
							     c->rules[i] };

		if (!c->rules[i]->otherwise) {
			i++;
			continue;
		}
		if (!found || pair[1]->act < found->act)
			found = pair[1];
		if (pair[0])
			judge_pair(p, c->name, pair, rep);
		remove_at(c, i);
	}
	return found;
}

static void report_lost(const struct seccomp_profile *p,
			const struct seccomp_named *c,
			struct seccomp_report *rep)
{
	const struct verdict_on_pair f = {
		.kind = FINDING_LOST,
		.fatal = !p->tolerant,
		.text = "together hold for every value, because either one "
			"suffices; put both tests into one rule",
	};

	for (size_t i = 0; i < c->n; i++) {
		for (size_t j = i + 1; j < c->n; j++) {
			const struct seccomp_rule *const pair[2] = {
				c->rules[i], c->rules[j]
			};

			if (is_lost(pair[0], pair[1]))
				say_pair(rep, f, c->name, pair);
		}
	}
}

/* Takes out the last rules as long as they say what `fallback` says. */
static void drop_default(struct seccomp_named *c, uint32_t fallback,
			 struct seccomp_report *rep)
{
	while (c->n) {
		const struct seccomp_rule *r = c->rules[c->n - 1];

		if (seccomp_ret(r->act, r->err) != fallback)
			return;
		say(rep, FINDING_DEFAULT, c->name, r,
		    "is what happens without it; remove it");
		c->n--;
	}
}

struct seccomp_row seccomp_row_make(const struct seccomp_profile *p,
				    struct seccomp_named *c,
				    struct seccomp_report *rep)
{
	const struct seccomp_rule *otherwise = take_otherwise(p, c, rep);
	const struct seccomp_rule *last;
	struct seccomp_row row = { .nr = c->nr };

	row.fallback = otherwise ? seccomp_ret(otherwise->act, otherwise->err)
				 : seccomp_ret(p->dflt, p->dflt_errno);
	sort_rules(c);
	drop_never(c, rep);
	drop_shadowed(p, c, rep);
	report_lost(p, c, rep);
	drop_default(c, row.fallback, rep);
	for (size_t i = 0; i < c->n; i++)
		judge_rule(c->name, c->rules[i], rep);
	/* after drop_shadowed only the last can be without tests */
	last = c->n ? c->rules[c->n - 1] : NULL;
	if (last && !last->n_args) {
		if (otherwise)
			say(rep, FINDING_SHADOWED, c->name, otherwise,
			    "never decides: another rule has no conditions");
		row.fallback = seccomp_ret(last->act, last->err);
		c->n--;
	}
	row.rules = TAKE(c->rules);
	row.n = c->n;
	return row;
}
