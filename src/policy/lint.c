/*
 * lint.c - the list of findings, and binds of the host's own objects.
 */
#include <linux/mount.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/table.h"
#include "policy/facts.h"
#include "policy/lint.h"
#include "policy/rules.h"

const char *lint_word(enum lint_kind kind)
{
	static const char *const words[] = { [LINT_NEVER] = "never",
					     [LINT_SHADOWED] = "shadowed",
					     [LINT_ESCAPE] = "escape" };

	return words[kind];
}

void lint_add(struct lint *l, enum lint_kind kind, size_t rule, const char *why,
	      ...)
{
	struct lint_finding *f = GROW(l->v, l->n);
	va_list ap;

	l->n++;
	f->kind = kind;
	f->rule = rule;
	va_start(ap, why);
	f->why = xvasprintf(why, ap);
	va_end(ap);
}

void lint_done(struct lint *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].why);
	free(l->v);
	*l = (struct lint){ 0 };
}

void policy_lint(const struct policy *layer, struct lint *l)
{
	lint_of_rules(layer, l);
	lint_of_escapes(layer, l);
}

/* A rule about everything is said once, by lint_of_escapes. */
static bool opens(const struct policy *layer, const struct fact *f, size_t *ret)
{
	const struct rule *r = rule_decides(layer, f);

	if (!r || r->action != RULE_PERMIT || r->subject == SUBJECT_ANY)
		return false;
	*ret = (size_t)(r - layer->rules);
	return true;
}

void policy_lint_bind(const struct policy *layer, const struct host *h,
		      const struct step *bind, struct lint *l)
{
	struct plan none = { 0 };
	AUTO(facts_done)
	struct facts facts = { .plan = &none, .host = h };
	const struct fact *f;
	size_t rule;

	facts_of_bind(&facts, bind, -1);
	f = &facts.v[0];
	if ((f->value[KEY_PROTECTED] || bind->bind.sockets) &&
	    opens(layer, f, &rule))
		lint_add(l, LINT_ESCAPE, rule, "permits %s", f->what);
}

static int compare(const void *a, const void *b)
{
	const struct lint_finding *x = a, *y = b;

	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(x->why, y->why);
}

void policy_lint_sort(struct lint *l)
{
	size_t kept = 0;

	if (!l->n)
		return;
	qsort(l->v, l->n, sizeof(*l->v), compare);
	for (size_t i = 1; i < l->n; i++) {
		if (compare(&l->v[kept], &l->v[i]) == 0)
			free(l->v[i].why);
		else
			l->v[++kept] = l->v[i];
	}
	l->n = kept + 1;
}
