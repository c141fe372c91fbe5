/*
 * rules.c - rules against facts.
 *
 * Reads no file and resolves no path: conditions carry the objects that the
 * engine found, facts carry those of the plan.
 */
#include <string.h>
#include "base/defaults.h"
#include "base/path.h"
#include "base/table.h"
#include "policy/rules.h"

static const struct {
	const char *word;
	enum rule_value value;
} keys[] = {
#define X(id, word, value, words, text) { word, VALUE_##value },
	POLICY_KEYS(X)
#undef X
};

static const char *const subjects[] = {
#define X(id, word, first, text) word,
	POLICY_SUBJECTS(X)
#undef X
};

static bool is_same(const struct object_id *a, const struct object_id *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

static bool is_among(const struct object_id *id, const struct object_id *v,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_same(id, &v[i]))
			return true;
	return false;
}

/* One function a kind of value; `deny`: the rule is a deny. */
typedef bool match_fn(const struct rule_cond *c, const struct fact *f,
		      bool deny);

static bool match_flag(const struct rule_cond *c, const struct fact *f,
		       bool deny)
{
	(void)deny;
	return f->value[c->id_key];
}

static bool match_word(const struct rule_cond *c, const struct fact *f,
		       bool deny)
{
	const char *value = f->value[c->id_key];

	(void)deny;
	return value && strcmp(value, c->value) == 0;
}

static bool match_path(const struct rule_cond *c, const struct fact *f,
		       bool deny)
{
	if (!c->has_id || !f->id)
		return false;
	if (is_same(&c->id, f->id))
		return true;
	return deny && is_among(f->id, c->parents, c->n_parents);
}

static bool match_under(const struct rule_cond *c, const struct fact *f,
			bool deny)
{
	if (match_path(c, f, deny))
		return true;
	return c->has_id && is_among(&c->id, f->parents, f->n_parents);
}

static bool match_target(const struct rule_cond *c, const struct fact *f,
			 bool deny)
{
	const char *value = f->value[c->id_key];

	if (!value)
		return false;
	return path_is_below(value, c->value) ||
	       (deny && path_is_below(c->value, value));
}

/* `*` is any run of characters. Linear: only the last star is retried. */
bool rule_glob(const char *glob, const char *s)
{
	const char *star = NULL, *retry = s;

	while (*s) {
		if (*glob == '*') {
			star = glob++;
			retry = s;
		} else if (*glob == *s) {
			glob++;
			s++;
		} else if (star) {
			glob = star + 1;
			s = ++retry;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return !*glob;
}

static bool match_glob(const struct rule_cond *c, const struct fact *f,
		       bool deny)
{
	const char *value = f->value[c->id_key];

	(void)deny;
	return value && rule_glob(c->value, value);
}

static bool match_cap(const struct rule_cond *c, const struct fact *f,
		      bool deny)
{
	if (strcmp(c->value, "compat") != 0)
		return match_word(c, f, deny);
	return f->number < 64 && CAPS_COMPAT & 1ull << f->number;
}

/* Whoever asks for what holds an object asks for the object. */
static bool match_above(const struct rule_cond *c, const struct fact *f,
			bool deny)
{
	(void)deny;
	return match_path(c, f, true);
}

static bool match_peer(const struct rule_cond *c, const struct fact *f,
		       bool deny)
{
	const struct peer *p = f->peer;

	(void)deny;
	if (!p)
		return false;
	if (c->id_key == KEY_PEER)
		return c->number == p->uid;
	for (size_t i = 0; i < p->n_groups; i++)
		if (c->number == p->groups[i])
			return true;
	return c->number == p->gid;
}

/* A number that is too small does not keep a rule from being asked. */
static bool match_any(const struct rule_cond *c, const struct fact *f,
		      bool deny)
{
	(void)c, (void)f, (void)deny;
	return true;
}

static match_fn *const match[] = {
	[VALUE_FLAG] = match_flag,     [VALUE_WORD] = match_word,
	[VALUE_PATH] = match_path,     [VALUE_UNDER] = match_under,
	[VALUE_TARGET] = match_target, [VALUE_GLOB] = match_glob,
	[VALUE_DIGEST] = match_word,   [VALUE_CAP] = match_cap,
	[VALUE_ABOVE] = match_above,   [VALUE_PEER] = match_peer,
	[VALUE_MIN] = match_any,
};

bool rule_matches(const struct rule *r, const struct fact *f)
{
	bool deny = r->action == RULE_DENY;

	if (r->subject != f->subject &&
	    (r->subject != SUBJECT_ANY || rule_is_asked(f)))
		return false;
	for (size_t i = 0; i < r->n_conds; i++) {
		const struct rule_cond *c = &r->conds[i];

		if (!match[keys[c->id_key].value](c, f, deny))
			return false;
	}
	return true;
}

const struct rule *rule_decides(const struct policy *layer,
				const struct fact *f)
{
	const struct rule *last = NULL;

	for (size_t i = 0; i < layer->n; i++) {
		const struct rule *r = &layer->rules[i];

		if (!rule_matches(r, f))
			continue;
		last = r;
		if (r->action == RULE_REQUIRE && !rule_permits(r, f))
			break; /* nothing takes it back */
	}
	return last;
}

bool rule_is_asked(const struct fact *f)
{
	return f->subject == SUBJECT_LIMIT || f->subject == SUBJECT_REQUIRE;
}

static bool is_met(const struct rule *r, const struct fact *f)
{
	uint64_t least = 1;

	for (size_t i = 0; i < r->n_conds; i++)
		if (r->conds[i].id_key == KEY_ABI && r->conds[i].number > least)
			least = r->conds[i].number;
	return f->number >= least;
}

bool rule_permits(const struct rule *r, const struct fact *f)
{
	if (!r)
		return rule_is_asked(f);
	if (r->action == RULE_REQUIRE)
		return is_met(r, f);
	if (r->action == RULE_LIMIT)
		return f->number <= r->conds[0].number;
	return r->action == RULE_PERMIT;
}

/* ---- advice ---- */

/* What a line about each subject says, in this order; NONE ends it. */
static const enum rule_key says[SUBJECT_COUNT][9] = {
	[SUBJECT_IMAGE] = { KEY_DIGEST },
	[SUBJECT_ROOTFS] = { KEY_PATH },
	[SUBJECT_BIND] = { KEY_RO, KEY_RW, KEY_KIND, KEY_SUID, KEY_DEV,
			   KEY_SOCKETS, KEY_RELABEL, KEY_PATH },
	[SUBJECT_DEVICE] = { KEY_RO, KEY_RW, KEY_PATH },
	[SUBJECT_FILESYSTEM] = { KEY_TYPE, KEY_RO, KEY_RW },
	[SUBJECT_NAMESPACE] = { KEY_HOST, KEY_JOINED },
	[SUBJECT_HOOK] = { KEY_PROGRAM },
	[SUBJECT_USER] = { KEY_WHO },
	[SUBJECT_CAPABILITY] = { KEY_CAP },
	[SUBJECT_PROFILE] = { KEY_SECCOMP, KEY_DIGEST },
	[SUBJECT_RECORD] = { KEY_ANSWER },
	[SUBJECT_UNCONFINED] = { KEY_CONTROL },
	[SUBJECT_MISSING] = { KEY_CONTROL },
	[SUBJECT_MASK_REMOVAL] = { KEY_MASKED },
	[SUBJECT_SYSCTL] = { KEY_SYSCTL },
	[SUBJECT_LABEL] = { KEY_LSM, KEY_AS },
	[SUBJECT_ANNOTATION] = { KEY_ANNOTATION, KEY_VALUE },
};

/* As one word: quoted, and what is not plain ASCII as \xNN. */
static void add_word(struct buf *b, const char *s)
{
	bool bare = *s && *s != '#';

	for (const char *p = s; *p && bare; p++)
		bare = *p > ' ' && *p <= '~' && *p != '"' && *p != '\\';
	if (bare) {
		buf_str(b, s);
		return;
	}
	buf_char(b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_printf(b, "\\%c", *s);
		else if (*s < ' ' || *s > '~')
			buf_printf(b, "\\x%02x", (unsigned char)*s);
		else
			buf_char(b, *s);
	}
	buf_char(b, '"');
}

/* Is it worth saying? Not for ordinary kinds of source, nor for the digest
 * of a profile that has a name of ours. */
static bool is_said(const struct fact *f, enum rule_key key)
{
	const char *value = f->value[key];

	if (!value)
		return false;
	if (key == KEY_KIND)
		return strcmp(value, "file") != 0 && strcmp(value, "dir") != 0;
	if (key == KEY_DIGEST && f->value[KEY_SECCOMP])
		return strcmp(f->value[KEY_SECCOMP], "file") == 0;
	return true;
}

void rule_advice(const struct fact *f, struct buf *b)
{
	if (f->subject == SUBJECT_LIMIT) {
		buf_printf(b, "limit %s ", f->value[KEY_RESOURCE]);
		if (f->number == UINT64_MAX)
			buf_str(b, "unlimited");
		else
			buf_printf(b, "%llu", (unsigned long long)f->number);
		return;
	}
	buf_printf(b, "permit %s", subjects[f->subject]);
	for (size_t i = 0; i < ARRAY_SIZE(says[0]); i++) {
		enum rule_key key = says[f->subject][i];

		if (key == KEY_NONE || !is_said(f, key))
			continue;
		if (*keys[key].word)
			buf_printf(b, " %s", keys[key].word);
		if (keys[key].value == VALUE_FLAG)
			continue;
		buf_char(b, ' ');
		add_word(b, f->value[key]);
	}
}
