/*
 * audit.c - collects findings, and adds them up.
 *
 * It does not know what a breach looks like: audit_plan.c and
 * audit_process.c do.
 */
#include "policy/audit.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/table.h"

void audit_done(struct audit *a)
{
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < a->v[i].n_hits; k++)
			free(a->v[i].hits[k].what);
		free(a->v[i].hits);
	}
	free(a->v);
	free(a->blind);
	free(a->subject);
	*a = (struct audit){ 0 };
}

static struct audit_finding *find(const struct audit *a,
				  enum audit_breach breach)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].breach == breach)
			return &a->v[i];
	return NULL;
}

bool audit_has(const struct audit *a, enum audit_breach breach)
{
	return find(a, breach);
}

void audit_add(struct audit *a, enum audit_breach breach, int step,
	       const char *what, ...)
{
	struct audit_finding *f = find(a, breach);
	struct audit_hit *hit;
	va_list ap;

	if (!f) {
		f = GROW(a->v, a->n);
		a->n++;
		f->breach = breach;
		f->row = audit_row(breach);
	}
	hit = GROW(f->hits, f->n_hits);
	f->n_hits++;
	hit->step = step;
	va_start(ap, what);
	hit->what = xvasprintf(what, ap);
	va_end(ap);
}

void audit_unseen(struct audit *a, enum audit_breach breach, bool whole,
		  const char *why)
{
	struct audit_blind *b = GROW(a->blind, a->n_blind);

	a->n_blind++;
	b->row = audit_row(breach);
	b->whole = whole;
	b->why = why;
}

enum audit_breach audit_of_cap(uint64_t cap)
{
	/* numbers of linux/capability.h, which never change */
	static const struct {
		unsigned cap;
		enum audit_breach breach;
	} known[] = {
		{ 2, BREACH_CAP_POWERFUL }, /* DAC_READ_SEARCH */
		{ 12, BREACH_CAP_NET_ADMIN },
		{ 13, BREACH_CAP_NET_RAW },
		{ 16, BREACH_CAP_POWERFUL }, /* SYS_MODULE */
		{ 17, BREACH_CAP_POWERFUL }, /* SYS_RAWIO */
		{ 19, BREACH_CAP_POWERFUL }, /* SYS_PTRACE */
		{ 21, BREACH_CAP_SYS_ADMIN },
		{ 32, BREACH_CAP_POWERFUL }, /* MAC_OVERRIDE */
		{ 33, BREACH_CAP_POWERFUL }, /* MAC_ADMIN */
		{ 34, BREACH_CAP_POWERFUL }, /* SYSLOG */
		{ 38, BREACH_CAP_POWERFUL }, /* PERFMON */
		{ 39, BREACH_CAP_POWERFUL }, /* BPF */
		{ 40, BREACH_CAP_POWERFUL }, /* CHECKPOINT_RESTORE */
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].cap == cap)
			return known[i].breach;
	return BREACH_CAP_OTHER;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

bool audit_is_secret(const char *name)
{
	static const char *const words[] = {
		"PASSWORD",    "PASSWD",     "SECRET",
		"TOKEN",       "API_KEY",    "APIKEY",
		"PRIVATE_KEY", "CREDENTIAL", "ACCESS_KEY",
	};
	auto_free char *upper = xstrdup(name);

	for (char *p = upper; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	/* the name of a file that holds it is no secret */
	if (ends_with(upper, "_FILE") || ends_with(upper, "_PATH"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(upper, words[i]))
			return true;
	return false;
}

/* The worst first; of one weight by id. */
static int compare(const void *x, const void *y)
{
	const struct audit_row *a = ((const struct audit_finding *)x)->row;
	const struct audit_row *b = ((const struct audit_finding *)y)->row;

	if (a->severity != b->severity)
		return a->severity < b->severity ? 1 : -1;
	return strcmp(a->id, b->id);
}

static void judge_wall(struct audit *a, enum audit_wall wall)
{
	enum audit_state state = WALL_STANDS;

	for (size_t i = 0; i < a->n_blind; i++)
		if (a->blind[i].row->wall == wall && a->blind[i].whole)
			state = WALL_UNSEEN;
	for (size_t i = 0; i < a->n; i++) {
		const struct audit_row *r = a->v[i].row;

		if (r->wall != wall || r->severity == SEVERITY_INFO)
			continue;
		a->walls[wall].n++;
		a->walls[wall].points += audit_severity_points(r->severity);
		if (r->severity >= SEVERITY_HIGH)
			state = WALL_DOWN;
		else if (state != WALL_DOWN)
			state = WALL_HOLED;
	}
	a->walls[wall].state = state;
}

void audit_conclude(struct audit *a)
{
	unsigned score = 0;

	if (a->n)
		qsort(a->v, a->n, sizeof(*a->v), compare);
	memset(a->walls, 0, sizeof(a->walls));
	for (size_t w = 0; w < WALL_COUNT; w++) {
		judge_wall(a, (enum audit_wall)w);
		score += a->walls[w].points;
	}
	a->score = score > AUDIT_SCORE_MAX ? AUDIT_SCORE_MAX : score;
}
