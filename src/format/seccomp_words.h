/*
 * seccomp_words.h - the vocabulary of seccomp profiles: actions, operators,
 * flags, architectures, errnos. Tables only; capabilities are base/defaults'.
 */
#ifndef FORMAT_SECCOMP_WORDS_H
#define FORMAT_SECCOMP_WORDS_H

#include "base/table.h"
#include "immure/err.h"

extern const struct word seccomp_words_action[];  /* enum seccomp_act */
extern const struct word seccomp_words_op[];	  /* enum seccomp_cmp */
extern const struct word seccomp_words_flag[];	  /* SECCOMP_FILTER_FLAG_* */
extern const struct word seccomp_words_arch[];	  /* SCMP_ARCH_*: all 0 */
extern const struct word seccomp_words_errno[];	  /* number */
extern const struct word seccomp_words_machine[]; /* includes.arches: all 0 */

extern const struct word seccomp_words_value[]; /* "AF_VSOCK" -> 40 */

/* `word` in `table`, or ERR_INPUT "unknown WHAT "word"; did you mean …". */
int seccomp_words_find(const struct word *table, const char *what,
		       const char *word, uint64_t *ret, struct err *e);

#endif
