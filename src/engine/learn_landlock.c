/*
 * learn_landlock.c - from paths that were used to a few rules.
 *
 *	a file that was made, and all else that was done to files beside it:
 *		its directory
 *	a directory that was made: what was done in it belongs to the one
 *		that was there before
 *	read, and MANY or more of one directory: the directory
 *	written or executed: the file alone, if it was there before
 *	the root itself is never made of a file in it
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/learn_parts.h"

#define MANY	  4   /* files of one directory */
#define RULES_MAX 256 /* then directories are widened */

#define READ_FILE (1ull << 2)
#define MAKE_DIR  (1ull << 7)
#define MAKE_REG  (1ull << 8)
/* rights that only a directory can have: READ_DIR, REMOVE_*, MAKE_*, REFER */
#define OF_DIRS 0x3ff8ull

struct place {
	char *path;
	uint64_t access;
	bool dir, covered;
	size_t files; /* that were folded into it */
	const struct record_event *first;
};
struct places {
	struct place *v; /* by path */
	size_t n;
	char **made; /* directories that did not exist before */
};

static void places_done(struct places *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].path);
	free(p->v);
	strv_free(p->made);
}
DEFINE_AUTO_DONE(struct places, places_done);

/* "/a/b" -> "/a", "/a" -> "/"; heap. */
static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == path ? xstrdup("/")
			     : xstrndup(path, (size_t)(slash - path));
}

static void note_made(struct places *p, const struct record_event *v)
{
	if (!v->path)
		return;
	for (size_t i = 0; i < v->n_needs; i++) {
		auto_free char *path = NULL;

		if (!(v->needs[i].access & MAKE_DIR))
			continue;
		path = path_join(v->needs[i].path, path_base(v->path));
		if (!strv_has(p->made, path))
			strv_take(&p->made, TAKE(path));
	}
}

/* The nearest that was there before the run; the same when it was. */
static char *lasting(const struct places *p, const char *path, bool *ret_same)
{
	auto_free char *at = path_clean(path);

	*ret_same = true;
	for (char *const *m = p->made; m && *m;) {
		if (!path_is_below(at, *m)) {
			m++;
			continue;
		}
		free(at);
		at = parent_of(*m);
		*ret_same = false;
		m = p->made; /* its parent may have been made, too */
	}
	return TAKE(at);
}

static struct place *place_of(struct places *p, const char *path)
{
	struct place *x;

	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->v[i].path, path))
			return &p->v[i];
	x = GROW(p->v, p->n);
	p->n++;
	x->path = xstrdup(path);
	return x;
}

static void add_need(struct places *p, const struct record_event *v,
		     const struct landlock_path *need)
{
	bool same;
	auto_free char *path = lasting(p, need->path, &same);
	struct place *x;

	/* terminals come and go */
	if (path_is_below(path, "/dev/pts") && strcmp(path, "/dev/pts")) {
		free(path);
		path = xstrdup("/dev/pts");
		same = false;
	}
	x = place_of(p, path);
	x->access |= need->access;
	x->dir |= !same || need->access & OF_DIRS || !strcmp(path, "/proc");
	if (!x->first)
		x->first = v;
}

static void add_needs(struct places *p, const struct record_event *v)
{
	for (size_t i = 0; i < v->n_needs; i++)
		add_need(p, v, &v->needs[i]);
}

static void each_that_passed(const struct records *r, struct places *p,
			     void (*f)(struct places *,
				       const struct record_event *))
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t j = 0; j < r->v[i].n; j++)
			if (record_passed(&r->v[i], &r->v[i].v[j]))
				f(p, &r->v[i].v[j]);
}

static void collect(const struct records *r, struct places *p)
{
	each_that_passed(r, p, note_made);
	each_that_passed(r, p, add_needs);
}

/* ---- fewer, wider ---- */

static void fold(struct places *p, struct place *file, const char *dir,
		 uint64_t rights)
{
	const struct record_event *first = file->first;
	struct place *to;

	file->access &= ~rights;
	to = place_of(p, dir); /* `file` may have moved */
	to->access |= rights;
	to->dir = true;
	to->files++;
	if (!to->first)
		to->first = first;
}

static size_t count_files(const struct places *p, const char *dir)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		auto_free char *parent = parent_of(p->v[i].path);

		n += !p->v[i].dir && !strcmp(parent, dir);
	}
	return n;
}

static uint64_t access_of(const struct places *p, const char *path)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->v[i].path, path))
			return p->v[i].access;
	return 0;
}

static void fold_files(struct places *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct place *x = &p->v[i];
		auto_free char *dir = parent_of(x->path);
		bool makes, many;

		if (x->dir || !x->access)
			continue;
		makes = access_of(p, dir) & MAKE_REG;
		many = strcmp(dir, "/") && count_files(p, dir) >= MANY;
		if (makes)
			fold(p, x, dir, x->access);
		else if (many && x->access & READ_FILE)
			fold(p, x, dir, READ_FILE);
	}
}

static size_t depth(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/' && path[1];
	return n;
}

/* Does a rule above grant all of it? */
static bool is_covered(const struct places *p, const struct place *x)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct place *y = &p->v[i];

		if (y != x && y->dir && path_is_below(x->path, y->path) &&
		    strcmp(x->path, y->path) && (x->access & ~y->access) == 0)
			return true;
	}
	return false;
}

static void drop_covered(struct places *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->n; i++) /* against all, dropped ones too */
		p->v[i].covered = is_covered(p, &p->v[i]);
	for (size_t i = 0; i < p->n; i++) {
		if (!p->v[i].access || p->v[i].covered)
			free(p->v[i].path);
		else
			p->v[kept++] = p->v[i];
	}
	p->n = kept;
}

/* The deepest goes to the directory above; never to the root. */
static bool widen_one(struct places *p)
{
	struct place *deepest = NULL;
	auto_free char *dir = NULL;

	for (size_t i = 0; i < p->n; i++)
		if (!deepest || depth(p->v[i].path) > depth(deepest->path))
			deepest = &p->v[i];
	if (!deepest || depth(deepest->path) < 2)
		return false;
	dir = parent_of(deepest->path);
	fold(p, deepest, dir, deepest->access);
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void simplify(struct places *p)
{
	fold_files(p);
	drop_covered(p);
	while (p->n > RULES_MAX && widen_one(p))
		drop_covered(p);
	if (p->n)
		qsort(p->v, p->n, sizeof(p->v[0]), by_path);
}

/* ---- the file ---- */

static void put_rule(struct json_out *j, const struct place *x)
{
	const struct record_event *f = x->first;
	auto_free char *files =
		x->files ? xasprintf("%zu files in it, ", x->files)
			 : xstrdup("");
	auto_free char *reason = xasprintf(
		"%sfirst %s by %s", files, f->call ? f->call : "loaded",
		f->program ? f->program : "the launcher");

	json_out_obj(j, NULL);
	json_out_str(j, "path", x->path);
	json_out_array(j, "access");
	for (const struct word *w = landlock_fs_words; w->name; w++)
		if (x->access & w->value)
			json_out_str(j, NULL, w->name);
	json_out_array_end(j);
	json_out_str(j, "comment", reason);
	json_out_obj_end(j);
}

int learn_landlock(const struct records *r, struct buf *ret,
		   struct learn_sums *sums, struct err *e)
{
	AUTO(places_done) struct places p = { 0 };
	struct json_out j;

	for (size_t i = 0; i < r->n; i++)
		if (!r->v[i].all)
			return err_set(e, ERR_USAGE,
				       "Landlock rules need a record of all "
				       "calls (--record-calls all)");
	collect(r, &p);
	simplify(&p);
	json_out_init(&j, ret, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "comment",
		     "learned from a recording, which observes and does not "
		     "guard: read it before you trust it");
	json_out_array(&j, "rules");
	for (size_t i = 0; i < p.n; i++)
		put_rule(&j, &p.v[i]);
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(ret, '\n');
	sums->rules = p.n;
	return 0;
}
