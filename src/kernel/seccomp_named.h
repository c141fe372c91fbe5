/*
 * seccomp_named.h - a profile's rules by the call that they name, and what
 * they say of one call: word for word, without a table and without BPF.
 */
#ifndef KERNEL_SECCOMP_NAMED_H
#define KERNEL_SECCOMP_NAMED_H

#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "immure/seccomp.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"

/* All rules that name one call, in the file's order. */
struct seccomp_named {
	const char *name; /* of the profile */
	uint32_t nr;
	const struct seccomp_rule **rules;
	size_t n;
};
struct seccomp_named_list {
	struct seccomp_named *v; /* in the order of their first rule */
	size_t n;
};

/* Points into `p`. Names that no call has go to `rep` (NULL: nowhere). */
void seccomp_named_collect(const struct seccomp_profile *p,
			   const struct seccomp_machine *m,
			   struct seccomp_named_list *ret,
			   struct seccomp_report *rep);
void seccomp_named_done(struct seccomp_named_list *l);
DEFINE_AUTO_DONE(struct seccomp_named_list, seccomp_named_done);
/* NULL: no rule names the call. */
const struct seccomp_named *
seccomp_named_find(const struct seccomp_named_list *l, uint32_t nr);

struct seccomp_data;
/*
 * What immure/seccomp.h's definition says of one call, and in *ret_rule
 * (NULL allowed) the rule that decided: NULL for the default, and for a call
 * of another machine, which is killed. SECCOMP_RET_* | data.
 */
uint32_t seccomp_decide(const struct seccomp_profile *p,
			const struct seccomp_named_list *l,
			const struct seccomp_data *d,
			const struct seccomp_rule **ret_rule);
/* Is this no call of the machine: another architecture's, or x32's? */
bool seccomp_is_foreign(const struct seccomp_machine *m,
			const struct seccomp_data *d);

#endif
