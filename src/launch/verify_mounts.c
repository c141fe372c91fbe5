/*
 * verify_mounts.c - /proc/PID/mountinfo against the plan: every planned mount
 * is there with at least its flags, and no other is. Pure text.
 */
#include "launch/verify.h"

#include <linux/mount.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/table.h"
#include "kernel/procstatus.h"
#include "launch/child.h"
#include "plan/ops.h"

#define ATIME MOUNT_ATTR__ATIME /* how it is told differs: not compared */

/* A mount that must be there. */
struct expected {
	const char *target;
	const char *type;    /* NULL: any */
	const char *data;    /* planned options of the filesystem, or NULL */
	const char *context; /* SELinux's, of all that is in it, or NULL */
	uint64_t attr;
	bool recursive; /* more mounts may lie below, with the flags `below` */
	uint64_t below;
	uint32_t spread; /* MS_* that it may have; 0: private */
	bool seen;
	const struct step *step;
};

struct line {
	struct mountinfo_line m;
	uint64_t attr;
};

static int parse_line(char *text, struct line *l)
{
	if (mountinfo_line(text, &l->m) < 0)
		return -1;
	l->attr = mountinfo_attr(l->m.options, attr_words);
	return 0;
}

static bool is_skipped(const struct plan *p, const struct step *s,
		       const uint8_t *skipped)
{
	size_t i = (size_t)(s - p->steps);

	return skipped[i / 8] >> i % 8 & 1;
}

/* What a step leaves in mountinfo. False: nothing. */
static bool expect(const struct step *s, struct expected *x)
{
	*x = (struct expected){ .step = s };
	switch (s->op) {
	case OP_OVERLAY:
		x->target = "/", x->type = "overlay";
		x->attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
		return true;
	case OP_ROOTDIR:
		x->target = "/", x->attr = s->rootdir.attr;
		return true;
	case OP_TMPROOT:
		x->target = "/", x->type = "tmpfs";
		x->attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
		return true;
	case OP_MOUNT:
	case OP_COPYUP:
		x->target = s->mount.target, x->type = s->mount.type;
		x->attr = s->mount.attr & ~ATIME, x->data = s->mount.data;
		return true;
	case OP_BIND:
		x->target = s->bind.target, x->attr = s->bind.attr;
		x->recursive = s->bind.recursive, x->below = s->bind.attr;
		return true;
	case OP_ROOTTREE:
		x->target = "/", x->recursive = true;
		x->spread = s->roottree.spread;
		return true;
	case OP_TREE:
		x->target = s->tree.target, x->recursive = true;
		x->attr = (s->tree.set | s->tree.all_set) & ~ATIME;
		x->below = s->tree.all_set & ~ATIME;
		x->spread = s->tree.spread;
		return true;
	case OP_DEVICE:
		x->target = s->device.target;
		x->attr = s->device.writable ? 0 : MOUNT_ATTR_RDONLY;
		return true;
	case OP_MASK:
		x->target = s->path.path, x->data = MASK_OPTIONS;
		x->attr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			  MOUNT_ATTR_NOEXEC;
		return true;
	case OP_READONLY:
		x->target = s->path.path, x->attr = MOUNT_ATTR_RDONLY;
		return true;
	case OP_PTY:
		x->target = "/dev/console";
		return true;
	default:
		return false;
	}
}

/* The last mount there: what a later step changes. */
static bool merge(struct expected *v, size_t n, const struct step *s)
{
	const char *path = s->op == OP_ATTR ? s->attr.path : s->propagate.path;

	if (s->op != OP_ATTR && s->op != OP_PROPAGATE)
		return false;
	if (s->op == OP_PROPAGATE && s->propagate.recursive)
		for (size_t i = 0; i < n; i++)
			if (path_is_below(v[i].target, path))
				v[i].spread = s->propagate.how;
	while (n-- > 0)
		if (strcmp(v[n].target, path) == 0)
			break;
	if (n == (size_t)-1)
		return true; /* verified by the step itself */
	if (s->op == OP_ATTR)
		v[n].attr |= s->attr.set;
	else
		v[n].spread = s->propagate.how;
	return true;
}

/* READONLY "/" changes a mount instead of adding one. */
static bool merge_root(struct expected *v, size_t n, const struct step *s)
{
	if (s->op != OP_READONLY || strcmp(s->path.path, "/") != 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].target, "/") == 0)
			v[i].attr |= MOUNT_ATTR_RDONLY;
	return true;
}

/* What takes a context in a user namespace (kernel/mount.c). */
static bool takes_context(const struct expected *x)
{
	return x->type && x->step->op != OP_MASK &&
	       (!strcmp(x->type, "tmpfs") || !strcmp(x->type, "devpts") ||
		!strcmp(x->type, "overlay"));
}

static struct expected *expectations(const struct plan *p,
				     const uint8_t *skipped, size_t *ret_n)
{
	struct expected *v = xcalloc(p->n, sizeof(*v));
	const char *context = NULL;
	size_t n = 0;

	plan_foreach (s, p) {
		if (s->op == OP_CONTEXT)
			context = s->context.files;
		if (is_skipped(p, s, skipped) || merge_root(v, n, s) ||
		    merge(v, n, s) || !expect(s, &v[n]))
			continue;
		v[n].context = takes_context(&v[n]) ? context : NULL;
		n++;
	}
	*ret_n = n;
	return v;
}

/* Options of a filesystem that are walls: how the kernel prints them, and what
 * it leaves out because it is the default. */
static const struct {
	const char *key;
	int base;
	uint64_t unsaid;
	bool pages;
} options[] = {
	{ "size", 10, UINT64_MAX, true },
	{ "nr_inodes", 10, UINT64_MAX, false },
	{ "mode", 8, 01777, false },
	{ "ptmxmode", 8, 0, false },
};

/* The number behind "KEY=" among comma-separated options, with k, m, g. */
static bool option_value(const char *text, size_t row, uint64_t *ret)
{
	size_t n = strlen(options[row].key);
	char *end;

	for (const char *p = text; p && *p; p = strchr(p, ','), p += !!p) {
		if (strncmp(p, options[row].key, n) != 0 || p[n] != '=')
			continue;
		*ret = strtoull(p + n + 1, &end, options[row].base);
		for (const char *unit = "kmg"; *unit; unit++)
			if (*end == *unit)
				*ret <<= 10 * (unit - "kmg" + 1);
		return true;
	}
	return false;
}

/* Does the kernel report the planned options? A size is in whole pages. */
static bool has_options(const char *planned, const char *super)
{
	const uint64_t page = (uint64_t)getpagesize();

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		uint64_t want, got = options[i].unsaid;

		if (!planned || !option_value(planned, i, &want))
			continue;
		if (options[i].pages)
			want = (want + page - 1) / page * page;
		if (option_value(super, i, &got), got != want)
			return false;
	}
	return true;
}

/* "context=C", with quotes when it holds a comma. */
static bool has_context(const char *context, const char *super)
{
	const char *at = context && super ? strstr(super, "context=") : NULL;
	size_t n = context ? strlen(context) : 0;

	if (!context)
		return true;
	if (!at || (at != super && at[-1] != ','))
		return false;
	at += strlen("context=");
	at += *at == '"';
	return strncmp(at, context, n) == 0 &&
	       (at[n] == '\0' || at[n] == '"' || at[n] == ',');
}

/* A file is hidden below the null device of whatever the host's /dev is. */
static bool is_null_cover(const struct expected *x, const struct line *l)
{
	return x->step->op == OP_MASK &&
	       strcmp(path_base(l->m.root), "null") == 0;
}

static bool matches(const struct expected *x, const struct line *l)
{
	return strcmp(x->target, l->m.target) == 0 &&
	       (!x->type || strcmp(x->type, l->m.type) == 0) &&
	       (l->attr & x->attr) == x->attr &&
	       has_context(x->context, l->m.super) &&
	       (has_options(x->data, l->m.super) || is_null_cover(x, l));
}

static bool may_spread(const struct expected *x)
{
	return x->spread == MS_SLAVE || x->spread == MS_SHARED;
}

/* Below a recursive bind: its flags hold for every mount. */
static bool is_below_bind(const struct expected *v, size_t n,
			  const struct line *l)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].recursive && path_is_below(l->m.target, v[i].target) &&
		    strcmp(l->m.target, v[i].target) != 0 &&
		    (l->attr & v[i].below) == v[i].below &&
		    (!l->m.propagates || may_spread(&v[i])))
			return true;
	return false;
}

static int check_line(struct expected *v, size_t n, const struct line *l,
		      struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!v[i].seen && matches(&v[i], l) &&
		    (!l->m.propagates || may_spread(&v[i]))) {
			v[i].seen = true;
			return 0;
		}
	if (is_below_bind(v, n, l))
		return 0;
	if (l->m.propagates)
		return err_set(e, ERR_VERIFY,
			       "the mount on %s still propagates", l->m.target);
	return err_set(e, ERR_VERIFY,
		       "a mount on %s (%s, flags 0x%llx) that is not in the "
		       "plan",
		       l->m.target, l->m.type, (unsigned long long)l->attr);
}

static int check_seen(const struct plan *p, const struct expected *v, size_t n,
		      struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!v[i].seen)
			return err_set(e, ERR_VERIFY,
				       "the planned mount on %s (step %zu) is "
				       "not there, or lacks its flags",
				       v[i].target,
				       (size_t)(v[i].step - p->steps));
	return 0;
}

int verify_mounts(const struct plan *p, char *mountinfo, const uint8_t *skipped,
		  struct report *r, struct err *e)
{
	size_t n;
	auto_free struct expected *v = expectations(p, skipped, &n);
	struct line l;
	char *text;

	while ((text = strsep(&mountinfo, "\n"))) {
		if (!*text)
			continue;
		if (parse_line(text, &l) < 0)
			return err_set(e, ERR_VERIFY,
				       "a line of mountinfo is unreadable");
		if (check_line(v, n, &l, e) < 0)
			return -1;
		r->n_mounts++;
		r->n_readonly += !!(l.attr & MOUNT_ATTR_RDONLY);
	}
	return check_seen(p, v, n, e);
}
