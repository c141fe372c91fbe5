/*
 * sched_words.h - the words of scheduling and memory policies, as engines and
 * headers write them.
 */
#ifndef BASE_SCHED_WORDS_H
#define BASE_SCHED_WORDS_H

#include "base/table.h"

extern const struct word sched_policy_words[];	 /* "SCHED_BATCH" -> 3 */
extern const struct word sched_flag_words[];	 /* SCHED_FLAG_* */
extern const struct word io_class_words[];	 /* "IOPRIO_CLASS_BE" -> 2 */
extern const struct word mempolicy_words[];	 /* "MPOL_BIND" -> 2 */
extern const struct word mempolicy_flag_words[]; /* MPOL_F_* */

#endif
