/*
 * passwd.c - users and groups of an image, from its own passwd(5) and
 * group(5) texts. Asks no name service, opens nothing, and takes the first
 * matching line as libc does. A matching line that is broken is an error,
 * never skipped.
 */
#include "format/passwd.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/id.h"
#include "format/text.h"

#define SPEC_MAX   511
#define GROUPS_MAX 65536 /* NGROUPS_MAX */
#define HOME_MAX   4095
#define FIELDS_MAX 7

/* A line cut at its colons; fields point into the text and are not ended. */
struct line {
	const char *file; /* "passwd", "group": for messages */
	unsigned number;
	size_t n;
	struct {
		const char *p;
		size_t len;
	} field[FIELDS_MAX];
};

/* A position in a text of lines; *next is NULL behind the last. */
struct lines {
	const char *file;
	const char *next;
	unsigned number;
};

static struct lines lines_of(const char *file, const char *text)
{
	return (struct lines){ .file = file, .next = text };
}

static bool next_line(struct lines *l, struct line *ret)
{
	const char *p = l->next;
	const char *end;

	if (!p || !*p)
		return false;
	end = strchrnul(p, '\n');
	l->next = *end ? end + 1 : end;
	*ret = (struct line){ .file = l->file, .number = ++l->number };
	while (ret->n < FIELDS_MAX) {
		const char *colon = memchr(p, ':', (size_t)(end - p));
		const char *stop = colon ? colon : end;

		ret->field[ret->n].p = p;
		ret->field[ret->n++].len = (size_t)(stop - p);
		if (!colon)
			break;
		p = colon + 1;
	}
	return true;
}

static bool field_is(const struct line *l, size_t i, const char *s)
{
	size_t len = strlen(s);

	return i < l->n && l->field[i].len == len &&
	       !memcmp(l->field[i].p, s, len);
}

/* Field i as an id: 0, or -1 without a word. */
static int field_id(const struct line *l, size_t i, uint32_t *ret)
{
	char digits[12];

	if (i >= l->n || l->field[i].len >= sizeof(digits))
		return -1;
	memcpy(digits, l->field[i].p, l->field[i].len);
	digits[l->field[i].len] = '\0';
	return id_parse_uid(digits, "id", ret, NULL);
}

static int line_refused(struct err *e, const struct line *l, const char *why)
{
	return err_set(e, ERR_INPUT, "the image's %s, line %u: %s", l->file,
		       l->number, why);
}

/* ---- the words asked for ---- */

/* One half of "user:group": a number, or a name that may be looked up. */
struct word_asked {
	const char *what; /* "user", "group" */
	const char *name; /* NULL when it is a number */
	uint32_t id;
};

static int parse_word(const char *s, struct word_asked *ret, struct err *e)
{
	if (!*s)
		return err_set(e, ERR_INPUT,
			       "%s: the name is empty; write USER, UID, "
			       "USER:GROUP or UID:GID",
			       ret->what);
	if (id_is_number(s))
		return id_parse_uid(s, ret->what, &ret->id, e);
	/* what looks like a number in any notation is never a name (R16) */
	if (strchr("0123456789+-.", *s) || !text_is_word(s, "_.-$"))
		return err_set(e, ERR_INPUT,
			       "%s \"%s\": neither a number from 0 to "
			       "4294967294 nor a name",
			       ret->what, SHOW(s));
	ret->name = s;
	return 0;
}

/* ---- lookups ---- */

/* The first passwd line with this name, or (name NULL) this uid. */
static bool find_user(const char *passwd, const struct word_asked *user,
		      struct line *ret)
{
	struct lines l = lines_of("passwd", passwd);
	uint32_t uid;

	while (next_line(&l, ret)) {
		if (user->name && field_is(ret, 0, user->name))
			return true;
		if (!user->name && !field_id(ret, 2, &uid) && uid == user->id)
			return true;
	}
	return false;
}

/* Takes uid, gid and home out of a passwd line. */
static int take_user(const struct line *l, struct passwd_user *u, struct err *e)
{
	const char *home = l->field[5].p;
	size_t len = l->field[5].len;
	auto_free char *copy = NULL;

	if (l->n < 4)
		return line_refused(e, l, "fewer than four fields");
	if (field_id(l, 2, &u->uid))
		return line_refused(e, l,
				    "the uid is not a number from 0 to "
				    "4294967294");
	if (field_id(l, 3, &u->gid))
		return line_refused(e, l,
				    "the gid is not a number from 0 to "
				    "4294967294");
	if (l->n < 6 || len == 0 || *home != '/')
		return 0; /* no home, or a relative one: unknown */
	if (len > HOME_MAX)
		return line_refused(e, l,
				    "the home directory is longer than "
				    "4095 bytes");
	copy = xstrndup(home, len);
	if (!text_is_plain(copy))
		return line_refused(e, l,
				    "the home directory holds a control "
				    "character");
	u->home = TAKE(copy);
	return 0;
}

static int find_group(const char *group, const char *name, uint32_t *ret,
		      struct err *e)
{
	struct lines l = lines_of("group", group);
	struct line line;

	while (next_line(&l, &line)) {
		if (!field_is(&line, 0, name))
			continue;
		if (field_id(&line, 2, ret))
			return line_refused(e, &line,
					    "the gid is not a number "
					    "from 0 to 4294967294");
		return 0;
	}
	return err_set(e, ERR_INPUT,
		       "group \"%s\": not in the image's group file; give its "
		       "number instead",
		       SHOW(name));
}

/* Is `name` in the list of members, the fourth field? */
static bool has_member(const struct line *l, const char *name)
{
	size_t len = strlen(name);
	const char *p, *end;

	if (l->n < 4)
		return false;
	p = l->field[3].p;
	end = p + l->field[3].len;
	while (p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		const char *stop = comma ? comma : end;

		if ((size_t)(stop - p) == len && !memcmp(p, name, len))
			return true;
		p = stop + 1;
	}
	return false;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Sorts v[1…n-1] and drops what is there twice, or equals v[0]. */
static size_t unique(uint32_t *v, size_t n)
{
	size_t kept = 1;

	qsort(v + 1, n - 1, sizeof(*v), by_number);
	for (size_t i = 1; i < n; i++)
		if (v[i] != v[0] && (kept == 1 || v[i] != v[kept - 1]))
			v[kept++] = v[i];
	return kept;
}

/* Adds the groups that list `name` as a member behind u->gid. */
static int take_groups(const char *group, const char *name,
		       struct passwd_user *u, struct err *e)
{
	struct lines l = lines_of("group", group);
	struct line line;
	size_t cap = 1;

	while (next_line(&l, &line)) {
		if (!has_member(&line, name))
			continue;
		if (u->n_groups == cap) {
			cap *= 2;
			u->groups =
				xrealloc(u->groups, cap, sizeof(*u->groups));
		}
		if (field_id(&line, 2, &u->groups[u->n_groups]))
			return line_refused(e, &line,
					    "the gid is not a number "
					    "from 0 to 4294967294");
		u->n_groups++;
	}
	u->n_groups = unique(u->groups, u->n_groups);
	if (u->n_groups > GROUPS_MAX)
		return err_set(e, ERR_LIMIT,
			       "user \"%s\": in more than 65536 groups of the "
			       "image's group file",
			       SHOW(name));
	return 0;
}

/* ---- all of it ---- */

static int check_size(const char *what, const char *text, struct err *e)
{
	if (text && strnlen(text, PASSWD_MAX + 1) > PASSWD_MAX)
		return err_set(e, ERR_LIMIT,
			       "the image's %s file: larger than 1 MiB", what);
	return 0;
}

static int resolve_user(const char *passwd, const struct word_asked *user,
			struct passwd_user *u, struct err *e)
{
	struct line line;

	if (find_user(passwd, user, &line))
		return take_user(&line, u, e);
	if (user->name)
		return err_set(e, ERR_INPUT,
			       "user \"%s\": not in the image's passwd file; "
			       "give the number instead",
			       SHOW(user->name));
	u->uid = user->id;
	return 0;
}

static int resolve(char *spec, const char *passwd, const char *group,
		   struct passwd_user *u, struct err *e)
{
	struct word_asked user = { .what = "user" };
	struct word_asked grp = { .what = "group" };
	char *group_word = strchr(spec, ':');

	if (group_word)
		*group_word++ = '\0';
	if (group_word && strchr(group_word, ':'))
		return err_set(e, ERR_INPUT,
			       "user \"%s:%s\": more than one ':'; write "
			       "USER:GROUP",
			       SHOW(spec), SHOW(group_word));
	if (parse_word(spec, &user, e))
		return -1;
	if (group_word && parse_word(group_word, &grp, e))
		return -1;
	if (resolve_user(passwd, &user, u, e))
		return -1;
	if (group_word && !grp.name)
		u->gid = grp.id;
	else if (group_word && find_group(group, grp.name, &u->gid, e))
		return -1;
	u->groups[0] = u->gid;
	u->n_groups = 1;
	if (user.name && !group_word)
		return take_groups(group, user.name, u, e);
	return 0;
}

int passwd_resolve(const char *spec, const char *passwd, const char *group,
		   struct passwd_user *ret, struct err *e)
{
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	char copy[SPEC_MAX + 1];

	if (!spec || !*spec)
		spec = "0:0";
	if (strnlen(spec, sizeof(copy)) == sizeof(copy))
		return err_set(e, ERR_INPUT,
			       "user \"%s\": longer than %d bytes", SHOW(spec),
			       SPEC_MAX);
	memcpy(copy, spec, strlen(spec) + 1);
	if (check_size("passwd", passwd, e) || check_size("group", group, e))
		return -1;
	u.groups = xcalloc(1, sizeof(*u.groups));
	if (resolve(copy, passwd, group, &u, e))
		return -1;
	*ret = u;
	u = (struct passwd_user){ 0 };
	return 0;
}

void passwd_user_done(struct passwd_user *u)
{
	free(u->groups);
	free(u->home);
	*u = (struct passwd_user){ 0 };
}
