/*
 * seccomp.h - profiles to BPF, and seccomp(2). One profile becomes one or
 * two stacked filters: an allow-list, and the denials that stand beside an
 * unconditional allow of the same call (the kernel takes the strictest).
 * Compiled before launch; installing allocates nothing.
 *
 * Native calls only: another architecture's entry (int 0x80) and x32 kill
 * the process, whatever the profile says.
 */
#ifndef KERNEL_SECCOMP_H
#define KERNEL_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/seccomp.h"
#include "immure/spec.h"

/* At most this many stacked filters a profile. */
#define SECCOMP_STACK_MAX 2

/*
 * Filters of a built-in profile ("default", "strict", "build", "debug"),
 * compiled at build time for this architecture and no capabilities. NULL when
 * there is no such profile. Static.
 */
const struct blob *seccomp_builtin(const char *name, size_t *ret_n);
/* The JSON text of a built-in profile, to be compiled with capabilities. */
const char *seccomp_builtin_json(const char *name, size_t *ret_len);
/* The names of the built-in profiles; NULL-terminated. */
const char *const *seccomp_builtin_names(void);

/*
 * Compiles; ret[0…*ret_n-1] are filled (heap data; blob_done each). Refuses
 * what seccomp_check calls fatal.
 */
int seccomp_compile(const char *name, const struct seccomp_profile *p,
		    struct blob ret[SECCOMP_STACK_MAX], size_t *ret_n,
		    struct err *e);

/* What there is to say about a profile's rules. */
enum seccomp_finding_kind {
	FINDING_CONTRADICTION, /* same tests, different action */
	FINDING_LOST,	       /* two != allows that together allow all */
	FINDING_UNKNOWN,       /* no such call known by name */
	FINDING_SHADOWED,      /* another rule always decides first */
	FINDING_DEFAULT,       /* equal to what happens without it */
	FINDING_NEVER,	       /* its tests can never hold */
	FINDING_WIDE,	       /* 64-bit == on what the kernel cuts to 32 */
	FINDING_SUCCESS,       /* errno 0: the call is skipped, "succeeds" */
	FINDING_ARCH,	       /* an architecture that is killed instead */
	FINDING_FLAG,	       /* a filter flag that is not used */
	FINDING_HOLE,	       /* a 32-bit entry goes round the rules */
	FINDING_UNCHECKED,     /* the architecture is not checked */
	FINDING_OPEN,	       /* calls that nobody named pass */
};
struct seccomp_finding {
	enum seccomp_finding_kind kind;
	bool fatal; /* the profile does not do what it says: not compiled */
	char *text; /* one line */
};
struct seccomp_report {
	struct seccomp_finding *v;
	size_t n;
};
/* ERR_INPUT or ERR_HOST only when the profile cannot be read at all. */
int seccomp_check(const struct seccomp_profile *p, struct seccomp_report *ret,
		  struct err *e);
const char *seccomp_finding_word(enum seccomp_finding_kind kind);
void seccomp_report_done(struct seccomp_report *r);
DEFINE_AUTO_DONE(struct seccomp_report, seccomp_report_done);

/*
 * What a stack of filters answers, without a kernel: the seccomp return value
 * (SECCOMP_RET_* | data) of the strictest filter; of two equally strict ones,
 * of the one installed last. A filter that is no valid program answers
 * SECCOMP_RET_KILL_PROCESS.
 */
struct seccomp_data;
uint32_t seccomp_emulate(const struct blob *filters, size_t n,
			 const struct seccomp_data *d);
/* The same, and which filter and which of its instructions answered; n when
 * there is no filter. */
struct seccomp_origin {
	size_t filter, insn;
};
uint32_t seccomp_emulate_from(const struct blob *filters, size_t n,
			      const struct seccomp_data *d,
			      struct seccomp_origin *ret);
/* Do they deny every call that reaches a keyring (R21)? */
bool seccomp_denies_keys(const struct blob *filters, size_t n);

/* seccomp(SECCOMP_SET_MODE_FILTER). Needs no_new_privs or CAP_SYS_ADMIN. */
int seccomp_install(const struct blob *filter, struct err *e);

#endif
