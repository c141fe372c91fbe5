/*
 * verify_status.c - /proc/PID/status and /proc/PID/limits against the plan:
 * ids, groups, capability sets, no_new_privs, filters, umask, limits. Pure.
 */
#include "launch/verify.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/table.h"
#include "kernel/procstatus.h"

static void get_groups(const char *status, struct report *r)
{
	const char *p = status_field(status, "Groups");
	char *end;

	while (p && r->n_groups < (int)ARRAY_SIZE(r->groups)) {
		unsigned long g = strtoul(p, &end, 10);

		if (end == p || memchr(p, '\n', (size_t)(end - p)))
			return;
		r->groups[r->n_groups++] = (uint32_t)g;
		p = end;
	}
}

static int get_report(const char *s, int inherited, struct report *r,
		      struct err *e)
{
	const struct {
		const char *name;
		int base;
		uint64_t *to;
	} sets[] = {
		{ "CapInh", 16, &r->cap_inh }, { "CapPrm", 16, &r->cap_prm },
		{ "CapEff", 16, &r->cap_eff }, { "CapBnd", 16, &r->cap_bnd },
		{ "CapAmb", 16, &r->cap_amb },
	};
	uint64_t nnp, mode, filters, mask;

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		if (status_number(s, sets[i].name, sets[i].base, sets[i].to, e))
			return -1;
	if (status_ids(s, "Uid", r->uid, e) < 0 ||
	    status_ids(s, "Gid", r->gid, e) < 0 ||
	    status_number(s, "NoNewPrivs", 10, &nnp, e) < 0 ||
	    status_number(s, "Seccomp", 10, &mode, e) < 0 ||
	    status_number(s, "Seccomp_filters", 10, &filters, e) < 0 ||
	    status_number(s, "SigIgn", 16, &r->ignored, e) < 0 ||
	    status_number(s, "Umask", 8, &mask, e) < 0)
		return -1;
	get_groups(s, r);
	r->no_new_privs = (int)nnp;
	r->seccomp = (int)mode;
	r->seccomp_filters = (int)filters - inherited;
	r->umask = (uint32_t)mask;
	return 0;
}

static int check_id(const struct plan *p, uint32_t want, const uint32_t got[4],
		    int is_gid, struct err *e)
{
	int64_t host = verify_host_id(p, want, is_gid);

	for (int i = 0; i < 4; i++)
		if (got[i] != host)
			return err_set(e, ERR_VERIFY,
				       "%s %u of the host instead of %" PRId64,
				       is_gid ? "gid" : "uid", got[i], host);
	return 0;
}

static int check_groups(const struct plan *p, const struct step *s,
			const struct report *r, struct err *e)
{
	if (!s->ids.set_groups)
		return 0; /* the caller's stay: setgroups is denied */
	if ((size_t)r->n_groups != s->ids.n_groups)
		return err_set(e, ERR_VERIFY,
			       "%d supplementary groups instead of %zu",
			       r->n_groups, s->ids.n_groups);
	for (size_t i = 0; i < s->ids.n_groups; i++) {
		int64_t host = verify_host_id(p, s->ids.groups[i], 1);
		bool found = false;

		for (int j = 0; j < r->n_groups; j++)
			found |= r->groups[j] == host;
		if (!found)
			return err_set(e, ERR_VERIFY,
				       "supplementary group %u is missing",
				       s->ids.groups[i]);
	}
	return 0;
}

static int check_caps(uint64_t want, const struct report *r, struct err *e)
{
	if (r->cap_prm == want && r->cap_eff == want && r->cap_inh == 0 &&
	    r->cap_amb == 0)
		return 0;
	return err_set(e, ERR_VERIFY,
		       "capabilities prm=%" PRIx64 " eff=%" PRIx64
		       " inh=%" PRIx64 " amb=%" PRIx64 " instead of %" PRIx64
		       " twice and none",
		       r->cap_prm, r->cap_eff, r->cap_inh, r->cap_amb, want);
}

static int check_capsets(const struct step *s, const struct report *r,
			 struct err *e)
{
	if (r->cap_prm == s->capsets.permitted &&
	    r->cap_eff == s->capsets.effective &&
	    r->cap_inh == s->capsets.inheritable &&
	    r->cap_amb == s->capsets.ambient)
		return 0;
	return err_set(e, ERR_VERIFY,
		       "capabilities prm=%" PRIx64 " eff=%" PRIx64
		       " inh=%" PRIx64 " amb=%" PRIx64 " are not the planned",
		       r->cap_prm, r->cap_eff, r->cap_inh, r->cap_amb);
}

static int check_step(const struct plan *p, const struct step *s,
		      const struct report *r, struct err *e)
{
	switch (s->op) {
	case OP_CAPSETS:
		return check_capsets(s, r, e);
	case OP_IDS:
		if (check_id(p, s->ids.uid, r->uid, 0, e) < 0 ||
		    check_id(p, s->ids.gid, r->gid, 1, e) < 0)
			return -1;
		return check_groups(p, s, r, e);
	case OP_CAPS:
		return check_caps(s->caps.set, r, e);
	case OP_BOUNDING:
		if (r->cap_bnd != s->caps.set)
			return err_set(e, ERR_VERIFY,
				       "bounding set %" PRIx64
				       " instead of %" PRIx64,
				       r->cap_bnd, s->caps.set);
		return 0;
	case OP_NNP:
		if (r->no_new_privs != 1)
			return err_set(e, ERR_VERIFY,
				       "no_new_privs is not set");
		return 0;
	case OP_UMASK:
		if (r->umask != s->umask.mask)
			return err_set(e, ERR_VERIFY, "umask %o instead of %o",
				       r->umask, s->umask.mask);
		return 0;
	default:
		return 0;
	}
}

int verify_status(const struct plan *p, const char *status,
		  int inherited_filters, struct report *r, struct err *e)
{
	int filters = 0;

	if (get_report(status, inherited_filters, r, e) < 0)
		return -1;
	plan_foreach (s, p) {
		filters += s->op == OP_SECCOMP || s->op == OP_RECORD;
		if (check_step(p, s, r, e) < 0)
			return -1;
	}
	if (r->seccomp_filters != filters || (filters && r->seccomp != 2))
		return err_set(e, ERR_VERIFY,
			       "seccomp mode %d with %d filters instead of %d",
			       r->seccomp, r->seccomp_filters, filters);
	return 0;
}

/* ---- limits ---- */

static const struct word limit_rows[] = {
	{ "Max cpu time", RLIMIT_CPU },
	{ "Max file size", RLIMIT_FSIZE },
	{ "Max data size", RLIMIT_DATA },
	{ "Max stack size", RLIMIT_STACK },
	{ "Max core file size", RLIMIT_CORE },
	{ "Max resident set", RLIMIT_RSS },
	{ "Max processes", RLIMIT_NPROC },
	{ "Max open files", RLIMIT_NOFILE },
	{ "Max locked memory", RLIMIT_MEMLOCK },
	{ "Max address space", RLIMIT_AS },
	{ "Max file locks", RLIMIT_LOCKS },
	{ "Max pending signals", RLIMIT_SIGPENDING },
	{ "Max msgqueue size", RLIMIT_MSGQUEUE },
	{ "Max nice priority", RLIMIT_NICE },
	{ "Max realtime priority", RLIMIT_RTPRIO },
	{ "Max realtime timeout", RLIMIT_RTTIME },
	{ NULL, 0 },
};

int verify_limits(const struct plan *p, const char *limits, struct err *e)
{
	plan_foreach (s, p) {
		const char *name;
		uint64_t soft, hard;

		if (s->op != OP_RLIMIT)
			continue;
		name = word_name(limit_rows, s->rlimit.resource);
		if (!name || !limits_row(limits, name, &soft, &hard))
			return err_set(e, ERR_VERIFY,
				       "the kernel reports no limit %u",
				       s->rlimit.resource);
		if (soft != s->rlimit.soft || hard != s->rlimit.hard)
			return err_set(e, ERR_VERIFY, "%s is not what was set",
				       name);
	}
	return 0;
}
