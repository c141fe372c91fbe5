/*
 * probe_ids.c - who the caller is: ids, login name, subordinate ranges, and
 * the helpers that can map them.
 *
 * Reads /etc/passwd, /etc/subuid and /etc/subgid itself, never through NSS;
 * decides nothing: newuidmap checks every range again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "base/table.h"
#include "kernel/probe_parts.h"

#define PASSWD_READ_MAX (16u << 20)

/* Cuts the field that `*line` starts with at the next colon. */
static char *next_field(char **line)
{
	return strsep(line, ":");
}

bool probe_passwd(char *text, uid_t uid, char **name, char **home)
{
	char *line, *field[6];
	uint32_t id;
	size_t i;

	while ((line = strsep(&text, "\n"))) {
		for (i = 0; i < ARRAY_SIZE(field); i++)
			field[i] = next_field(&line);
		if (!field[5] || !field[0][0])
			continue;
		if (num_u32(field[2], "uid", &id, NULL) || id != uid)
			continue;
		*name = xstrdup(field[0]);
		*home = xstrdup(field[5]);
		return true;
	}
	return false;
}

struct subid_line {
	struct id_range range;
	const char *owner;
	bool ours;
};

static bool parse_subid(char *line, struct subid_line *ret)
{
	const char *first, *count;

	ret->owner = next_field(&line);
	first = next_field(&line);
	count = next_field(&line);
	if (!count || line || !ret->owner[0])
		return false;
	if (num_u32(first, "id", &ret->range.first, NULL) ||
	    num_u32(count, "count", &ret->range.count, NULL))
		return false;
	return ret->range.count &&
	       ret->range.first <= UINT32_MAX - ret->range.count;
}

static bool overlaps(struct id_range a, struct id_range b)
{
	return a.first < b.first + b.count && b.first < a.first + a.count;
}

static bool is_owner(const char *owner, const char *user, uid_t uid)
{
	uint32_t id;

	if (user && !strcmp(owner, user))
		return true;
	return !num_u32(owner, "uid", &id, NULL) && id == uid;
}

static void note_overlap(struct subid_view *v, const struct subid_line *other)
{
	if (v->overlaps)
		return;
	v->overlaps = true;
	snprintf(v->overlap_line, sizeof(v->overlap_line), "%.60s:%u:%u",
		 other->owner, other->range.first, other->range.count);
}

/* Each of our ranges against all others, and against our own id. */
static void find_overlaps(const struct subid_line *lines, size_t n, uid_t uid,
			  struct subid_view *v)
{
	const struct subid_line self = { .range = { uid, 1 },
					 .owner = "own id",
					 .ours = false };
	size_t i, j;

	for (i = 0; i < n; i++) {
		if (!lines[i].ours)
			continue;
		if (overlaps(lines[i].range, self.range))
			note_overlap(v, &self);
		for (j = 0; j < n; j++)
			if (j != i && overlaps(lines[i].range, lines[j].range))
				note_overlap(v, &lines[j]);
	}
}

void probe_subids(char *text, const char *user, uid_t uid,
		  struct subid_view *ret)
{
	auto_free struct subid_line *lines = NULL;
	struct subid_line one;
	size_t n = 0;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (!parse_subid(line, &one))
			continue;
		one.ours = is_owner(one.owner, user, uid);
		if (one.range.first + one.range.count > ret->past)
			ret->past = one.range.first + one.range.count;
		*GROW(lines, n) = one;
		n++;
		if (!one.ours)
			continue;
		*GROW(ret->ranges, ret->n) = one.range;
		ret->n++;
	}
	find_overlaps(lines, n, uid, ret);
}

/* Reads one of the two files; not there is no range. */
static int read_subids(const char *path, const struct host *h,
		       struct subid_view *ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err why = ERR_INIT;
	char nothing[1] = "";

	if (file_read(path, PROBE_SUBID_MAX, &b, &why)) {
		if (why.kind == ERR_MISSING)
			return 0;
		if (e)
			*e = why;
		return -1;
	}
	probe_subids(b.p ? b.p : nothing, h->user, h->uid, ret);
	return 0;
}

/* Where a new range could begin: useradd(8) starts at 100000. */
static uint32_t free_subid(const struct subid_view *uids,
			   const struct subid_view *gids)
{
	uint32_t past = uids->past > gids->past ? uids->past : gids->past;

	return past > 100000 ? past : 100000;
}

static void note_trials(struct host_trials *t, const struct subid_view *uids,
			const struct subid_view *gids)
{
	const struct subid_view *v = uids->overlaps ? uids : gids;

	if (!t)
		return;
	memcpy(t->overlap, v->overlap_line, sizeof(t->overlap));
	t->free_subid = free_subid(uids, gids);
}

static int probe_ranges(struct host *h, struct host_trials *t, struct err *e)
{
	struct subid_view uids = { 0 }, gids = { 0 };

	if (read_subids("/etc/subuid", h, &uids, e))
		return -1;
	h->subuid = uids.ranges;
	h->n_subuid = uids.n;
	if (read_subids("/etc/subgid", h, &gids, e))
		return -1;
	h->subgid = gids.ranges;
	h->n_subgid = gids.n;
	h->subid_overlaps = uids.overlaps || gids.overlaps;
	note_trials(t, &uids, &gids);
	return 0;
}

static int probe_groups(struct host *h, struct err *e)
{
	int n = getgroups(0, NULL);

	if (n < 0)
		return err_sys(e, "getgroups");
	h->groups = xcalloc((size_t)n + 1, sizeof(*h->groups));
	n = getgroups(n, h->groups);
	if (n < 0)
		return err_sys(e, "getgroups");
	h->n_groups = (size_t)n;
	return 0;
}

/* The name from passwd; from the environment only when it is not there (a
 * directory service): newuidmap compares it with what it knows. */
static int probe_user(struct host *h, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err why = ERR_INIT;
	const char *name;

	if (file_read("/etc/passwd", PASSWD_READ_MAX, &b, &why) &&
	    why.kind != ERR_MISSING) {
		if (e)
			*e = why;
		return -1;
	}
	if (b.p && probe_passwd(b.p, h->uid, &h->user, &h->home))
		return 0;
	name = getenv("USER");
	if (!name || !*name)
		name = getenv("LOGNAME");
	h->user = name && *name ? xstrdup(name) : NULL;
	return 0;
}

char *probe_helper(const char *name, char *problem, size_t size)
{
	static const char *const dirs[] = { "/usr/bin", "/bin", "/usr/sbin" };
	struct stat st;
	size_t i;

	if (problem)
		problem[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		auto_free char *path = xasprintf("%s/%s", dirs[i], name);

		if (probe_stat(path, 0, &st))
			continue;
		if (S_ISREG(st.st_mode) && st.st_uid == 0 &&
		    !(st.st_mode & 022) && (st.st_mode & 0111))
			return TAKE(path);
		if (problem)
			snprintf(problem, size,
				 "%s is not a program of root's that only "
				 "root may write",
				 path);
	}
	return NULL;
}

int probe_ids(struct host *h, struct host_trials *t, struct err *e)
{
	h->uid = getuid();
	h->gid = getgid();
	if (probe_groups(h, e) || probe_user(h, e) || probe_ranges(h, t, e))
		return -1;
	if (!h->n_subuid && !h->n_subgid)
		return 0; /* no use for the helpers then */
	h->newuidmap = probe_helper("newuidmap", NULL, 0);
	h->newgidmap = probe_helper("newgidmap", NULL, 0);
	return 0;
}
