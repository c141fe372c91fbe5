/*
 * raised.h - the facts that the ordinary plan with changes raises, found by
 * their sentences.
 */
#ifndef TESTS_POLICY_RAISED_H
#define TESTS_POLICY_RAISED_H

#include "change.h"
#include "policy/facts.h"

struct raised {
	struct case_of c;
	struct facts f;
};

FIXTURE void raise_facts(struct raised *r, const char *text)
{
	case_make(&r->c, text);
	facts_init(&r->f, r->c.plan, r->c.host);
}

static inline void raised_done(struct raised *r)
{
	facts_done(&r->f);
	case_done(&r->c);
}
DEFINE_AUTO_DONE(struct raised, raised_done);

/* The fact of this sentence; NULL: there is none. */
FIXTURE const struct fact *raised_fact(const struct raised *r, const char *what)
{
	for (size_t i = 0; i < r->f.n; i++)
		if (!strcmp(r->f.v[i].what, what))
			return &r->f.v[i];
	return NULL;
}

/* How many facts of the subject there are. */
FIXTURE size_t raised_count(const struct raised *r, enum rule_subject subject)
{
	size_t n = 0;

	for (size_t i = 0; i < r->f.n; i++)
		n += r->f.v[i].subject == subject;
	return n;
}

/* There is exactly this one of its subject; returned. */
#define assert_fact(r, subject_, what_)                                        \
	({                                                                     \
		const struct fact *fact_ = raised_fact(r, what_);              \
		if (!fact_)                                                    \
			fail_msg("no fact \"%s\"", what_);                     \
		assert_int_equal(fact_->subject, subject_);                    \
		fact_;                                                         \
	})
/* A value by its key; "-" for one that the fact has not. */
#define assert_value(fact, key, want)                                          \
	assert_string_equal((fact)->value[key] ? (fact)->value[key] : "-", want)

#endif
