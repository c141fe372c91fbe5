/*
 * walls.c - one line a wall: what it is, what the kernel says of it.
 */
#include "engine/walls.h"

#include <inttypes.h>
#include <string.h>

#include "base/defaults.h"
#include "base/table.h"
#include "kernel/ns.h"

static const struct step *find(const struct plan *p, enum op op)
{
	plan_foreach (s, p)
		if (s->op == op)
			return s;
	return NULL;
}

static size_t count(const struct plan *p, enum op op)
{
	size_t n = 0;

	plan_foreach (s, p)
		n += s->op == op;
	return n;
}

static void row(struct buf *b, const char *name)
{
	buf_printf(b, "  %-16s", name);
}

static void print_namespaces(const struct report *r, struct buf *b)
{
	bool shares = false;

	row(b, "namespaces");
	buf_str(b, "its own:");
	for (const struct word *w = ns_table; w->name; w++)
		if (r->new_namespaces & w->value)
			buf_printf(b, " %s", w->name);
	buf_str(b, "; shared:");
	for (const struct word *w = ns_table; w->name; w++)
		if (!(r->new_namespaces & w->value)) {
			buf_printf(b, " %s", w->name);
			shares = true;
		}
	buf_str(b, shares ? "\n" : " none\n");
}

static void print_ids(const struct plan *p, const struct report *r,
		      struct buf *b)
{
	const struct step *ids = find(p, OP_IDS);
	const struct step *outer = find(p, OP_IDMAP);
	size_t n = strcspn(r->uid_map, "\n");

	row(b, "user");
	buf_printf(b, "uid %u inside is uid %u of the host",
		   ids ? ids->ids.uid : 0, r->uid[0]);
	if (outer && outer->idmap.uids.n &&
	    outer->idmap.uids.v[0].outer == r->uid[0])
		buf_str(b, " (the caller)");
	buf_printf(b, "; map: %.*s\n", (int)n, r->uid_map);
}

static void print_caps(const struct report *r, struct buf *b)
{
	row(b, "capabilities");
	if (!(r->cap_prm | r->cap_eff | r->cap_bnd | r->cap_inh | r->cap_amb)) {
		buf_str(b, "none: permitted, effective, bounding, inheritable "
			   "and ambient are empty\n");
		return;
	}
	for (const struct word *w = cap_words; w->name; w++)
		if (r->cap_bnd >> w->value & 1)
			buf_printf(b, "%s ", w->name);
	buf_char(b, '\n');
}

static void print_landlock(const struct plan *p, struct buf *b)
{
	const struct step *s = find(p, OP_LANDLOCK);

	row(b, "landlock");
	if (!s)
		buf_str(b, "off\n");
	else if (!s->landlock.abi)
		buf_str(b, "not offered by this host\n");
	else
		buf_printf(b, "ABI %d, %zu trees named, proved by a probe%s\n",
			   s->landlock.abi, s->landlock.n_paths,
			   s->landlock.scope ? "; abstract sockets and "
					       "signals scoped"
					     : "");
}

static void print_label(const struct plan *p, const struct report *r,
			struct buf *b)
{
	const struct step *s = find(p, OP_LABEL);

	if (!s)
		return;
	row(b, s->label.lsm);
	buf_escaped(b, r->label);
	buf_char(b, '\n');
}

static void print_seccomp(const struct plan *p, const struct report *r,
			  struct buf *b)
{
	row(b, "system calls");
	if (!r->seccomp_filters) {
		buf_str(b, "no filter\n");
		return;
	}
	buf_printf(b, "%d stacked filters:", r->seccomp_filters);
	plan_foreach (s, p) {
		if (s->op == OP_RECORD)
			buf_printf(b, " %s, recorded: what it denies %s",
				   s->record.judge.name,
				   s->record.mode == RECORD_ALLOW
					   ? "is let pass"
					   : "is denied by the monitor");
		if (s->op == OP_SECCOMP)
			buf_printf(b, " %s (%zu instructions)",
				   s->seccomp.filter.name,
				   s->seccomp.filter.size / 8);
	}
	buf_char(b, '\n');
}

static void print_files(const struct plan *p, const struct report *r,
			struct buf *b)
{
	row(b, "files");
	buf_printf(b,
		   "%d mounts, %d read-only; %zu paths hidden, %zu "
		   "protected; host objects bound: %zu\n",
		   r->n_mounts, r->n_readonly, count(p, OP_MASK),
		   count(p, OP_READONLY), count(p, OP_BIND));
}

void walls_text(const struct plan *p, const struct report *r, struct buf *b)
{
	const struct step *limit = find(p, OP_NSLIMIT);

	buf_printf(b, "walls around %s, as the kernel reports them:\n",
		   p->subject);
	print_namespaces(r, b);
	print_ids(p, r, b);
	print_caps(r, b);
	row(b, "new privileges");
	buf_str(b, r->no_new_privs ? "never (no_new_privs is set)\n"
				   : "possible (no_new_privs is off)\n");
	print_seccomp(p, r, b);
	print_landlock(p, b);
	print_label(p, r, b);
	row(b, "user namespaces");
	buf_str(b,
		limit ? "none can be made inside\n" : "can be made inside\n");
	row(b, "network");
	buf_str(b, find(p, OP_LOOPBACK) ? "none but lo\n" : "the host's\n");
	print_files(p, r, b);
	row(b, "limits");
	buf_printf(b, "%zu set; umask %04o\n", count(p, OP_RLIMIT), r->umask);
}
