/*
 * corpus.h - what sandboxes are asked for, one change to the ordinary plan
 * each: what two policies are compared by. Pure.
 */
#ifndef POLICY_CORPUS_H
#define POLICY_CORPUS_H

/* Changes as policy/change.h has them; NULL ends. The first is none: the
 * ordinary plan itself. */
extern const char *const policy_corpus[];

#endif
