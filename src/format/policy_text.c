/*
 * policy_text.c - text of a policy file -> struct policy.
 *
 * One rule a line: action, subject, conditions. Unknown words, and words
 * that do not belong together, are errors: a rule that means nothing would
 * be taken for a protection.
 *
 * Looks nothing up: the objects of path conditions are found by the engine.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/digest.h"
#include "format/policy_line.h"
#include "format/policy_text.h"
#include "format/text.h"

#define RULES_MAX 8192

static const struct {
	const char *word;
	enum rule_key first;
} subjects[] = {
#define X(id, word, first, text) { word, KEY_##first },
	POLICY_SUBJECTS(X)
#undef X
};
_Static_assert(ARRAY_SIZE(subjects) == SUBJECT_COUNT, "one row a subject");

static const struct {
	const char *word;
	enum rule_value value;
	const char *words;
	const char *text;
} keys[] = {
#define X(id, word, value, words, text) { word, VALUE_##value, words, text },
	POLICY_KEYS(X)
#undef X
};
_Static_assert(ARRAY_SIZE(keys) == KEY_COUNT, "one row a key");
_Static_assert(KEY_COUNT <= 64, "a set of keys is one word");

/* Which named conditions a rule about each subject may have. */
#define K(id) (1ull << KEY_##id)
static const uint64_t allowed[SUBJECT_COUNT] = {
	[SUBJECT_IMAGE] = K(NAME) | K(DIGEST) | K(REGISTRY) | K(PINNED),
	[SUBJECT_ROOTFS] = K(PATH) | K(PROTECTED),
	[SUBJECT_BIND] = K(RO) | K(RW) | K(KIND) | K(PATH) | K(UNDER) | K(TO) |
			 K(OWNER) | K(PROTECTED) | K(RECURSIVE) | K(SUID) |
			 K(DEV) | K(EXEC) | K(ABOVE) | K(SOCKETS) |
			 K(UNSEARCHED) | K(RELABEL),
	[SUBJECT_DEVICE] =
		K(RO) | K(RW) | K(PATH) | K(TO) | K(STANDARD) | K(NUMBER),
	[SUBJECT_FILESYSTEM] =
		K(RO) | K(RW) | K(TO) | K(SUID) | K(DEV) | K(EXEC),
	[SUBJECT_NAMESPACE] = K(HOST) | K(JOINED),
	[SUBJECT_PROFILE] = K(SECCOMP) | K(DIGEST),
	[SUBJECT_SYSCTL] = K(VALUE),
	[SUBJECT_LABEL] = K(AS),
	[SUBJECT_ANNOTATION] = K(VALUE),
	[SUBJECT_REQUIRE] = K(ABI),
};
/* … and what any rule may have. */
#define EVERYWHERE (K(PEER) | K(PEER_GROUP))

static bool is_allowed(const struct rule *r, enum rule_key key)
{
	return (allowed[r->subject] | EVERYWHERE) & 1ull << key;
}

static const struct policy_word *next_word(struct policy_line *l)
{
	return l->next < l->n ? &l->words[l->next++] : NULL;
}

/* Is the next word `s`, unquoted? Keywords are never quoted. */
static bool is_keyword(const struct policy_word *w, const char *s)
{
	return !w->quoted && strcmp(w->s, s) == 0;
}

static int parse_action(struct policy_line *l, struct rule *r, struct err *e)
{
	static const char *const actions[] = {
		[RULE_PERMIT] = "permit",
		[RULE_DENY] = "deny",
		[RULE_REQUIRE] = "require",
		[RULE_LIMIT] = "limit",
	};
	const struct policy_word *w = next_word(l);
	const char *near;

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (is_keyword(w, actions[i])) {
			r->action = (enum rule_action)i;
			return 0;
		}
	}
	near = word_nearest(w->s, actions, ARRAY_SIZE(actions));
	return FAIL(l, w->column, e,
		    "unknown action \"%s\"; a rule begins with %s", SHOW(w->s),
		    near ? near : "permit, deny, require or limit");
}

/* `require` and `limit` have one subject each, and it is not said. */
static bool has_subject(struct rule *r)
{
	if (r->action != RULE_REQUIRE && r->action != RULE_LIMIT)
		return false;
	r->subject = r->action == RULE_LIMIT ? SUBJECT_LIMIT : SUBJECT_REQUIRE;
	r->what = subjects[r->subject].word;
	return true;
}

static int parse_subject(struct policy_line *l, struct rule *r, struct err *e)
{
	const char *words[SUBJECT_LIMIT], *near;
	const struct policy_word *w;

	if (has_subject(r))
		return 0;
	w = next_word(l);
	if (!w)
		return FAIL(l, policy_line_column(l), e,
			    "a subject is missing; for "
			    "everything write \"any\"");
	if (is_keyword(w, "limit"))
		return FAIL(l, w->column, e,
			    "a limit is not permitted or denied; write limit "
			    "RESOURCE NUMBER");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		words[i] = subjects[i].word;
		if (!is_keyword(w, words[i]))
			continue;
		r->subject = (enum rule_subject)i;
		r->what = words[i];
		return 0;
	}
	near = word_nearest(w->s, words, ARRAY_SIZE(words));
	return FAIL(l, w->column, e, "unknown subject \"%s\"%s%s", SHOW(w->s),
		    near ? "; did you mean " : "; see immure-policy(5)",
		    near ? near : "");
}

/* ---- values ---- */

static int value_word(struct policy_line *l, const struct policy_word *w,
		      struct rule_cond *c, struct err *e)
{
	AUTO(strv_free) char **words = strv_split(keys[c->id_key].words, ' ');

	if (strv_has(words, w->s)) {
		c->value = xstrdup(w->s);
		return 0;
	}
	return FAIL(l, w->column, e, "\"%s\" is no %s; write one of: %s",
		    SHOW(w->s), *c->key ? c->key : keys[c->id_key].text,
		    keys[c->id_key].words);
}

static int value_path(struct policy_line *l, const struct policy_word *w,
		      struct rule_cond *c, struct err *e)
{
	bool in_home = c->id_key != KEY_TO && w->s[0] == '~' &&
		       (w->s[1] == '/' || w->s[1] == '\0');
	const char *below = w->s + in_home;
	auto_free char *clean = *below ? path_clean(below) : xstrdup("");

	if (!in_home && w->s[0] != '/')
		return FAIL(l, w->column, e,
			    "path \"%s\" is not absolute; write it from / on%s",
			    SHOW(w->s), c->id_key == KEY_TO ? "" : " or ~/");
	if (strcmp(clean, below) != 0)
		return FAIL(l, w->column, e,
			    "path \"%s\" is not in its "
			    "shortest form; write %s%s",
			    SHOW(w->s), in_home ? "~" : "", SHOW(clean));
	c->is_path = c->id_key != KEY_TO;
	c->value = xstrdup(w->s);
	return 0;
}

/* A name that no image can have would never match. */
static bool is_image_pattern(const char *s)
{
	const char *last = strrchr(s, '/'), *star = strchr(s, '*');

	return (last || star) &&
	       (s[strlen(s) - 1] == '*' || strchr(last ? last : s, ':'));
}

static int value_glob(struct policy_line *l, const struct policy_word *w,
		      struct rule_cond *c, struct err *e)
{
	if (c->id_key == KEY_NAME && !is_image_pattern(w->s))
		return FAIL(l, w->column, e,
			    "image name \"%s\" is not a full one; write it as "
			    "docker.io/library/NAME:TAG, or end it in *",
			    SHOW(w->s));
	c->value = xstrdup(w->s);
	return 0;
}

static int value_digest(struct policy_line *l, const struct policy_word *w,
			struct rule_cond *c, struct err *e)
{
	if (!digest_is_valid(w->s))
		return FAIL(l, w->column, e,
			    "digest \"%s\": write it whole, as sha256: and 64 "
			    "digits 0-9a-f",
			    SHOW(w->s));
	c->value = xstrdup(w->s);
	return 0;
}

static int value_cap(struct policy_line *l, const struct policy_word *w,
		     struct rule_cond *c, struct err *e)
{
	unsigned cap;

	if (strcmp(w->s, "compat") == 0) {
		c->value = xstrdup(w->s);
		return 0;
	}
	if (cap_parse(w->s, "capability", &cap, e) < 0) {
		FAIL(l, w->column, e,
		     "no capability \"%s\"; see "
		     "capabilities(7), or write compat",
		     SHOW(w->s));
		return -1;
	}
	c->value = xstrdup(word_name(cap_words, cap) + strlen("CAP_"));
	return 0;
}

static int value_min(struct policy_line *l, const struct policy_word *w,
		     struct rule_cond *c, struct err *e)
{
	if (num_u64(w->s, INT32_MAX, c->key, &c->number, e) < 0)
		return FAIL(l, w->column, e, "%s \"%s\": write a number",
			    c->key, SHOW(w->s));
	c->value = xstrdup(w->s);
	return 0;
}

/* A name is looked up by the engine, which knows the host's users. */
static int value_peer(struct policy_line *l, const struct policy_word *w,
		      struct rule_cond *c, struct err *e)
{
	uint32_t id;

	c->number = UINT64_MAX;
	if (w->s[strspn(w->s, "0123456789")] == '\0') {
		if (num_u32(w->s, c->key, &id, e) < 0)
			return FAIL(l, w->column, e, "%s %s: no such id",
				    c->key, SHOW(w->s));
		c->number = id;
	} else if (w->s[strcspn(w->s, " :\t/")]) {
		return FAIL(l, w->column, e, "%s \"%s\": write a name or an id",
			    c->key, SHOW(w->s));
	}
	c->value = xstrdup(w->s);
	return 0;
}

/* VALUE_FLAG has no function: it takes no word. */
static int (*const parse_value[])(struct policy_line *,
				  const struct policy_word *,
				  struct rule_cond *, struct err *) = {
	[VALUE_WORD] = value_word,     [VALUE_PATH] = value_path,
	[VALUE_UNDER] = value_path,    [VALUE_TARGET] = value_path,
	[VALUE_DIGEST] = value_digest, [VALUE_GLOB] = value_glob,
	[VALUE_CAP] = value_cap,       [VALUE_ABOVE] = value_path,
	[VALUE_PEER] = value_peer,     [VALUE_MIN] = value_min,
};

/* ---- conditions ---- */

static int add_cond(struct policy_line *l, struct rule *r, enum rule_key key,
		    const struct policy_word *value, struct err *e)
{
	struct rule_cond *c = GROW(r->conds, r->n_conds);

	r->n_conds++;
	c->id_key = key;
	c->key = keys[key].word;
	if (!parse_value[keys[key].value])
		return 0;
	return parse_value[keys[key].value](l, value, c, e);
}

static bool has_key(const struct rule *r, enum rule_key key)
{
	for (size_t i = 0; i < r->n_conds; i++)
		if (r->conds[i].id_key == key)
			return true;
	return false;
}

/* The words that may stand in a rule about this subject; heap. */
static char *known_words(const struct rule *r)
{
	AUTO(strv_free) char **v = NULL;

	for (size_t i = 0; i < KEY_COUNT; i++)
		if (is_allowed(r, (enum rule_key)i))
			strv_add(&v, keys[i].word);
	return strv_join(v, " ");
}

static int unknown_cond(struct policy_line *l, const struct rule *r,
			const struct policy_word *w, struct err *e)
{
	auto_free char *known = known_words(r);
	const char *words[KEY_COUNT], *near;

	for (size_t i = 0; i < KEY_COUNT; i++)
		words[i] = is_allowed(r, (enum rule_key)i) ? keys[i].word : "";
	near = word_nearest(w->s, words, KEY_COUNT);
	if (near)
		return FAIL(l, w->column, e,
			    "unknown condition \"%s\" of %s; did you mean %s",
			    SHOW(w->s), r->what, near);
	return FAIL(l, w->column, e,
		    "unknown condition \"%s\" of %s; known: %s", SHOW(w->s),
		    r->what, *known ? known : "none");
}

static int parse_cond(struct policy_line *l, struct rule *r, struct err *e)
{
	const struct policy_word *w = next_word(l), *value = NULL;
	enum rule_key key = KEY_NONE;

	for (size_t i = 0; i < KEY_COUNT && key == KEY_NONE; i++)
		if (is_allowed(r, (enum rule_key)i) &&
		    is_keyword(w, keys[i].word))
			key = (enum rule_key)i;
	if (key == KEY_NONE)
		return unknown_cond(l, r, w, e);
	if (has_key(r, key))
		return FAIL(l, w->column, e,
			    "\"%s\" is said twice; write two "
			    "rules",
			    keys[key].word);
	if (parse_value[keys[key].value]) {
		value = next_word(l);
		if (!value)
			return FAIL(l, policy_line_column(l), e,
				    "\"%s\" needs a value: %s", keys[key].word,
				    keys[key].text);
	}
	return add_cond(l, r, key, value, e);
}

/* The most that there may be, after the resource. */
static int parse_ceiling(struct policy_line *l, struct rule *r, struct err *e)
{
	struct rule_cond *c = &r->conds[0];
	const struct policy_word *w = next_word(l);

	if (!w)
		return FAIL(l, policy_line_column(l), e,
			    "how much of %s? write limit %s NUMBER", c->value,
			    c->value);
	c->number = UINT64_MAX;
	if (is_keyword(w, "unlimited") ||
	    num_size(w->s, c->value, &c->number, NULL) == 0)
		return 0;
	return FAIL(l, w->column, e,
		    "%s \"%s\": write a number (k, m, g may follow) or "
		    "unlimited",
		    c->value, SHOW(w->s));
}

/* The value that follows the subject at once, where there is one. */
static int parse_first(struct policy_line *l, struct rule *r, struct err *e)
{
	enum rule_key first = subjects[r->subject].first;
	bool is_needed = r->subject >= SUBJECT_LIMIT, named = l->next == l->n;

	for (size_t i = 0; i < KEY_COUNT && !named; i++)
		named = is_allowed(r, (enum rule_key)i) &&
			is_keyword(&l->words[l->next], keys[i].word);
	if (first == KEY_NONE || (named && !is_needed))
		return 0;
	if (named)
		return FAIL(l,
			    l->next < l->n ? l->words[l->next].column
					   : policy_line_column(l),
			    e, "what does it %s? write one of: %s", r->what,
			    keys[first].words);
	if (add_cond(l, r, first, next_word(l), e) < 0)
		return -1;
	return r->action == RULE_LIMIT ? parse_ceiling(l, r, e) : 0;
}

static int parse_conds(struct policy_line *l, struct rule *r, struct err *e)
{
	if (parse_first(l, r, e) < 0)
		return -1;
	while (l->next < l->n)
		if (parse_cond(l, r, e) < 0)
			return -1;
	if (has_key(r, KEY_ABI) && strcmp(r->conds[0].value, "landlock") != 0)
		return FAIL(l, r->column, e, "abi belongs to require landlock");
	if (has_key(r, KEY_RO) && has_key(r, KEY_RW))
		return FAIL(l, r->column, e,
			    "ro and rw exclude each other; "
			    "for both write neither");
	return 0;
}

/* ---- lines and files ---- */

/* The rule as written: from its first word to the last, no comment. */
static char *rule_text(const struct policy_line *l)
{
	const char *from = l->start + l->words[0].column - 1, *to = l->at;

	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	return xstrndup(from, (size_t)(to - from));
}

static int parse_line(struct policy_line *l, struct policy *p, struct err *e)
{
	struct rule *r;

	if (policy_line_read(l, e) < 0)
		return -1;
	if (l->n == 0)
		return 0;
	if (p->n == RULES_MAX)
		return FAIL(l, 1, e, "more than %d rules", RULES_MAX);
	r = GROW(p->rules, p->n);
	p->n++;
	r->file = xstrdup(l->file);
	r->line = l->number;
	r->column = l->words[0].column;
	r->text = rule_text(l);
	if (parse_action(l, r, e) < 0 || parse_subject(l, r, e) < 0)
		return -1;
	return parse_conds(l, r, e);
}

int policy_text_parse(const char *file, const char *p, size_t n,
		      struct policy *ret, struct err *e)
{
	AUTO(policy_done) struct policy made = { .file = xstrdup(file) };
	const char *end = p + n, *eol;
	unsigned number = 0;

	if (n > POLICY_MAX)
		return err_set(e, ERR_LIMIT,
			       "%.160s: %zu bytes: a policy has "
			       "at most %u",
			       file, n, POLICY_MAX);
	for (; p < end; p = eol < end ? eol + 1 : end) {
		AUTO(policy_line_done)
		struct policy_line l = { .file = made.file };

		eol = memchr(p, '\n', (size_t)(end - p));
		eol = eol ? eol : end;
		l.number = ++number;
		l.start = l.at = p;
		l.end = eol;
		if (parse_line(&l, &made, e) < 0)
			return -1;
	}
	*ret = made;
	made = (struct policy){ 0 };
	return 0;
}

void policy_extend(struct policy *base, struct policy *more)
{
	base->rules = xrealloc(base->rules, base->n + more->n + 1,
			       sizeof(*base->rules));
	if (more->n)
		memcpy(base->rules + base->n, more->rules,
		       more->n * sizeof(*more->rules));
	base->n += more->n;
	if (!base->file)
		base->file = TAKE(more->file);
	more->n = 0;
	policy_done(more);
}
