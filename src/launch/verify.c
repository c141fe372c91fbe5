/*
 * verify.c - reads /proc/PID of a prepared child and hands the texts to the
 * comparisons. The parent may allocate; the child waits.
 */
#include "launch/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "kernel/label.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"
#include "launch/child.h"
#include "plan/maps.h"

#define SMALL	      8192
#define MOUNTINFO_MAX (1u << 20)

static int read_link(int proc, const char *path, char ret[64], struct err *e)
{
	ssize_t n = readlinkat(proc, path, ret, 63);

	if (n <= 0)
		return err_sys(e, "read /proc/%s", path);
	ret[n] = '\0';
	return 0;
}

int verify_namespaces(int proc, pid_t pid, uint64_t flags, struct report *r,
		      struct err *e)
{
	char path[64], ours[64], theirs[64];

	for (const struct word *ns = ns_table; ns->name; ns++) {
		if (!(flags & ns->value))
			continue;
		snprintf(path, sizeof(path), "self/ns/%s", ns->name);
		if (read_link(proc, path, ours, e) < 0)
			return -1;
		snprintf(path, sizeof(path), "%d/ns/%s", (int)pid, ns->name);
		if (read_link(proc, path, theirs, e) < 0)
			return -1;
		if (strcmp(ours, theirs) == 0)
			return err_set(e, ERR_VERIFY,
				       "the %s namespace is still the "
				       "caller's",
				       ns->name);
		r->new_namespaces |= ns->value;
	}
	return 0;
}

int verify_joins(const struct plan *p, int proc, pid_t pid, struct err *e)
{
	plan_foreach (s, p) {
		char path[64], theirs[64], planned[64];
		const char *name;

		if (s->op != OP_JOIN)
			continue;
		name = word_name(ns_table, s->join.ns);
		snprintf(path, sizeof(path), "%d/ns/%s", (int)pid, name);
		snprintf(planned, sizeof(planned), "%s:[%" PRIu64 "]", name,
			 s->join.id.ino);
		if (read_link(proc, path, theirs, e) < 0)
			return -1;
		if (strcmp(theirs, planned) != 0)
			return err_set(e, ERR_VERIFY,
				       "the %s namespace is %s, not %s", name,
				       theirs, planned);
	}
	return 0;
}

/* "NSpid:	4711	12	1": the last is the innermost. */
pid_t verify_own_pid(const struct plan *p, int proc, pid_t pid, struct err *e)
{
	char path[64], text[SMALL], *at, *end;
	pid_t last = pid;

	if (!launch_has_own_pids(p))
		return pid;
	snprintf(path, sizeof(path), "%d/status", (int)pid);
	if (procfs_read(proc, path, text, sizeof(text), e) < 0)
		return -1;
	at = strstr(text, "\nNSpid:");
	if (!at)
		return err_set(e, ERR_VERIFY, "the kernel reports no NSpid");
	at += strlen("\nNSpid:");
	text[strcspn(at, "\n") + (size_t)(at - text)] = '\0';
	for (long n; n = strtol(at, &end, 10), end != at; at = end)
		last = (pid_t)n;
	return last;
}

int64_t verify_host_id(const struct plan *p, uint32_t inside, int is_gid)
{
	int64_t id = inside;

	/* The inner map first, then the outer: the plan has them the other
	 * way round. */
	for (size_t i = p->n; i-- > 0 && id >= 0;) {
		const struct step *s = &p->steps[i];

		if (s->op == OP_USERNS)
			id = maps_outer(is_gid ? &s->userns.gids
					       : &s->userns.uids,
					(uint32_t)id);
		else if (s->op == OP_IDMAP)
			id = maps_outer(is_gid ? &s->idmap.gids
					       : &s->idmap.uids,
					(uint32_t)id);
	}
	return id;
}

/* One of the two maps: what is planned, and where its text goes. */
struct map_check {
	const char *file;
	const struct idmap_list *inner, *outer;
	char *ret; /* 256 bytes */
};

static int check_row(const struct map_check *m, size_t i, const char **text)
{
	const struct spec_idmap *row = &m->inner->v[i];
	int64_t host = m->outer ? maps_outer(m->outer, row->outer) : row->outer;
	size_t used = strlen(m->ret);
	uint32_t a, b, c;
	int n = 0;

	if (sscanf(*text, " %" SCNu32 " %" SCNu32 " %" SCNu32 "%n", &a, &b, &c,
		   &n) != 3 ||
	    a != row->inside || b != host || c != row->count)
		return -1;
	*text += n;
	snprintf(m->ret + used, 256 - used, "%u %u %u\n", a, b, c);
	return 0;
}

/* /proc/PID/uid_map as the host sees it: inner ids -> host ids. */
static int check_map(const struct map_check *m, int proc, pid_t pid,
		     struct err *e)
{
	char path[64], text[SMALL];
	const char *t = text;

	snprintf(path, sizeof(path), "%d/%s", (int)pid, m->file);
	if (procfs_read(proc, path, text, sizeof(text), e) < 0)
		return -1;
	m->ret[0] = '\0';
	for (size_t i = 0; i < m->inner->n; i++)
		if (check_row(m, i, &t) < 0)
			return err_set(e, ERR_VERIFY,
				       "%s of the sandbox is not the planned "
				       "one: %.60s",
				       m->file, text);
	if (t[strspn(t, " \n")] != '\0')
		return err_set(e, ERR_VERIFY,
			       "%s of the sandbox has more rows than planned",
			       m->file);
	return 0;
}

static int check_maps(const struct plan *p, int proc, pid_t pid,
		      struct report *r, struct err *e)
{
	const struct step *outer = plan_find(p, OP_IDMAP);
	bool has_outer = outer;

	if (p->kind != PLAN_SANDBOX && has_outer) {
		const struct map_check maps[2] = {
			{ "uid_map", &outer->idmap.uids, NULL, r->uid_map },
			{ "gid_map", &outer->idmap.gids, NULL, r->gid_map },
		};

		if (check_map(&maps[0], proc, pid, e) < 0 ||
		    check_map(&maps[1], proc, pid, e) < 0)
			return -1;
	}
	plan_foreach (s, p) {
		const struct map_check maps[2] = {
			{ "uid_map", &s->userns.uids,
			  has_outer ? &outer->idmap.uids : NULL, r->uid_map },
			{ "gid_map", &s->userns.gids,
			  has_outer ? &outer->idmap.gids : NULL, r->gid_map },
		};

		if (s->op == OP_USERNS &&
		    (check_map(&maps[0], proc, pid, e) < 0 ||
		     check_map(&maps[1], proc, pid, e) < 0))
			return -1;
	}
	return 0;
}

/* Filters that we live under ourselves are inherited and count as well. */
static int inherited_filters(int proc, struct err *e)
{
	char path[64], text[SMALL];
	const char *p;

	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0)
		return 0;
	snprintf(path, sizeof(path), "%d/status", (int)getpid());
	if (procfs_read(proc, path, text, sizeof(text), e) < 0)
		return -1;
	p = strstr(text, "\nSeccomp_filters:");
	return p ? atoi(p + sizeof("\nSeccomp_filters:") - 1) : 0;
}

static int check_status(const struct verify *v, struct report *r, struct err *e)
{
	char path[64], text[SMALL];
	int inherited = inherited_filters(v->host, e);

	if (inherited < 0)
		return -1;
	snprintf(path, sizeof(path), "%d/status", (int)v->pid);
	if (procfs_read(v->proc, path, text, sizeof(text), e) < 0 ||
	    verify_status(v->plan, text, inherited, r, e) < 0)
		return -1;
	snprintf(path, sizeof(path), "%d/limits", (int)v->pid);
	if (procfs_read(v->proc, path, text, sizeof(text), e) < 0)
		return -1;
	return verify_limits(v->plan, text, e);
}

/* AppArmor's is on already, SELinux's comes with the exec. */
static int check_label(const struct verify *v, struct report *r, struct err *e)
{
	char text[LABEL_SIZE];

	plan_foreach (s, v->plan) {
		if (s->op != OP_LABEL || label_is_own(s->label.lsm))
			continue; /* the process itself has read it back */
		if (label_get(v->proc, v->pid, s->label.lsm, text, e) < 0 ||
		    label_check(s->label.lsm, s->label.label, text, e) < 0)
			return -1;
		text[strcspn(text, "\n")] = '\0';
		snprintf(r->label, sizeof(r->label), "%.*s",
			 (int)sizeof(r->label) - 1, text);
	}
	return 0;
}

int verify_child(const struct verify *v, struct report *r, struct err *e)
{
	auto_free char *text = NULL;
	char path[64];

	if (check_status(v, r, e) < 0 || check_label(v, r, e) < 0 ||
	    check_maps(v->plan, v->proc, v->pid, r, e) < 0)
		return -1;
	if (v->plan->kind == PLAN_ENTRY)
		return 0; /* the mounts are the container's */
	text = xmalloc(MOUNTINFO_MAX);
	snprintf(path, sizeof(path), "%d/mountinfo", (int)v->pid);
	if (procfs_read_all(v->proc, path, text, MOUNTINFO_MAX, e) < 0)
		return -1;
	return verify_mounts(v->plan, text, v->skipped, r, e);
}
