/*
 * opts_mount.c - what -v, --mount and --tmpfs ask for. Looks nothing up on
 * the host: which objects may be bound is the policy's business.
 *
 * All three share one table of words; each word belongs to a group, and of a
 * group one word may be said, once.
 */
#include "format/opts.h"

#include <string.h>
#include "base/alloc.h"
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/text.h"

#define PATH_LENGTH 4095

/* Who may say a word. */
enum { IN_VOLUME = 1, IN_TMPFS = 2, IN_MOUNT = 4 };

/* Of each group only one may be said. */
enum group {
	G_WRITE,
	G_EXEC,
	G_SUID,
	G_DEV,
	G_RECURSIVE,
	G_PROPAGATION,
	G_LABEL,
	G_CONSISTENCY,
	G_TYPE,
	G_SOURCE,
	G_TARGET,
	G_SIZE,
	G_MODE,
	G_UNSUPPORTED,
	G_COUNT,
};
_Static_assert(G_COUNT <= 32, "struct mount_words keeps them in 32 bits");

struct mount_words {
	const char *flag; /* "-v", …: for messages */
	const char *all;  /* the whole word */
	int where;	  /* IN_* */
	uint32_t said;	  /* groups */
	struct request_mount m;
};

enum value { BARE, BOOL, TEXT };

struct mount_word {
	const char *name;
	int where;
	enum group group;
	enum value value; /* BARE takes none, BOOL may have one */
	/* value is NULL for a bare word; `yes` is what a BOOL says */
	int (*set)(struct mount_words *w, const char *value, bool yes,
		   struct err *e);
};

static int refuse(const struct mount_words *w, struct err *e, const char *why)
{
	return err_set(e, ERR_USAGE, "%s \"%s\": %s", w->flag, SHOW(w->all),
		       why);
}

static int refuse_word(const struct mount_words *w, struct err *e,
		       const char *word, const char *why)
{
	return err_set(e, ERR_USAGE, "%s \"%s\": \"%s\": %s", w->flag,
		       SHOW(w->all), SHOW(word), why);
}

/* ---- what each word does ---- */

#define SETTER(fn, statement)                                                  \
	static int fn(struct mount_words *w, const char *value, bool yes,      \
		      struct err *e)                                           \
	{                                                                      \
		(void)w, (void)value, (void)yes, (void)e;                      \
		statement;                                                     \
		return 0;                                                      \
	}
SETTER(set_ro, w->m.writable = !yes)
SETTER(set_rw, w->m.writable = yes)
SETTER(set_exec, w->m.exec = yes)
SETTER(set_noexec, w->m.exec = !yes)
SETTER(set_suid, w->m.suid = yes)
SETTER(set_nosuid, w->m.suid = !yes)
SETTER(set_dev, w->m.dev = yes)
SETTER(set_nodev, w->m.dev = !yes)
SETTER(set_rbind, w->m.recursive = true)
SETTER(set_bind, w->m.recursive = !yes)
SETTER(set_z, w->m.relabel_shared = true)
SETTER(set_Z, w->m.relabel_private = true)
SETTER(set_nothing, )
#undef SETTER

static int set_propagation(struct mount_words *w, const char *value, bool yes,
			   struct err *e)
{
	(void)yes;
	if (!strcmp(value, "private") || !strcmp(value, "rprivate"))
		return 0;
	return refuse_word(w, e, value,
			   "unknown propagation; a sandbox's mounts are always "
			   "private");
}

static int set_recursive(struct mount_words *w, const char *value, bool yes,
			 struct err *e)
{
	(void)yes;
	if (strcmp(value, "enabled") && strcmp(value, "disabled"))
		return refuse_word(w, e, value,
				   "bind-recursive must be enabled or "
				   "disabled");
	w->m.recursive = !strcmp(value, "enabled");
	return 0;
}

static int set_type(struct mount_words *w, const char *value, bool yes,
		    struct err *e)
{
	(void)yes;
	if (strcmp(value, "bind") && strcmp(value, "tmpfs"))
		return refuse_word(w, e, value,
				   "unknown type; bind and tmpfs are known");
	w->m.type = xstrdup(value);
	return 0;
}

static int take_source(struct mount_words *w, const char *value, struct err *e)
{
	bool is_path = *value == '/' || !strcmp(value, ".") ||
		       !strcmp(value, "..") || !strncmp(value, "./", 2) ||
		       !strncmp(value, "../", 3);

	if (!*value)
		return refuse(w, e, "the source is empty");
	if (!is_path)
		return refuse_word(w, e, value,
				   "named volumes are not supported; write an "
				   "absolute path, or ./ before a relative "
				   "one");
	if (!text_is_plain(value))
		return refuse_word(w, e, value,
				   "the source holds a control character");
	if (strlen(value) > PATH_LENGTH)
		return refuse(w, e, "the source is longer than 4095 bytes");
	w->m.source = xstrdup(value);
	return 0;
}

static int take_target(struct mount_words *w, const char *value, struct err *e)
{
	auto_free char *path = NULL;

	if (*value != '/')
		return refuse_word(w, e, value,
				   "the container path is not absolute");
	if (!text_is_plain(value))
		return refuse_word(w, e, value,
				   "the container path holds a control "
				   "character");
	if (strlen(value) > PATH_LENGTH)
		return refuse(w, e,
			      "the container path is longer than 4095 bytes");
	path = path_clean(value);
	if (!strcmp(path, "/"))
		return refuse(w, e, "the root cannot be mounted over");
	w->m.target = TAKE(path);
	return 0;
}

static int set_source(struct mount_words *w, const char *value, bool yes,
		      struct err *e)
{
	(void)yes;
	return take_source(w, value, e);
}

static int set_target(struct mount_words *w, const char *value, bool yes,
		      struct err *e)
{
	(void)yes;
	return take_target(w, value, e);
}

static int set_size(struct mount_words *w, const char *value, bool yes,
		    struct err *e)
{
	(void)yes;
	if (num_size(value, w->flag, &w->m.tmpfs_size, e))
		return -1;
	if (w->m.tmpfs_size == 0)
		return refuse(w, e, "a tmpfs without a size limit is refused");
	return 0;
}

static int set_mode(struct mount_words *w, const char *value, bool yes,
		    struct err *e)
{
	(void)yes;
	if (num_mode(value, w->flag, &w->m.tmpfs_mode, e))
		return -1;
	if (w->m.tmpfs_mode == 0 || w->m.tmpfs_mode > 01777)
		return refuse(w, e, "the mode must be from 1 to 1777 (octal)");
	return 0;
}

static int set_consistency(struct mount_words *w, const char *value, bool yes,
			   struct err *e)
{
	static const struct word known[] = {
		{ "default", 0 },   { "consistent", 0 }, { "cached", 0 },
		{ "delegated", 0 }, { NULL, 0 },
	};
	uint64_t v;

	(void)yes;
	if (word_find(known, value, &v))
		return 0;
	return refuse_word(w, e, value,
			   "consistency must be default, consistent, cached "
			   "or delegated");
}

static int set_relabel(struct mount_words *w, const char *value, bool yes,
		       struct err *e)
{
	(void)yes;
	w->m.relabel_shared = !strcmp(value, "shared");
	w->m.relabel_private = !strcmp(value, "private");
	if (w->m.relabel_shared || w->m.relabel_private)
		return 0;
	return refuse_word(w, e, value, "relabel must be shared or private");
}

/* ---- the table ---- */

#define VOL (IN_VOLUME)
#define TMP (IN_TMPFS)
#define MNT (IN_MOUNT)
#define ALL (IN_VOLUME | IN_TMPFS | IN_MOUNT)

static const struct mount_word words[] = {
	{ "ro", ALL, G_WRITE, BOOL, set_ro },
	{ "readonly", MNT, G_WRITE, BOOL, set_ro },
	{ "rw", ALL, G_WRITE, BOOL, set_rw },
	{ "exec", ALL, G_EXEC, BOOL, set_exec },
	{ "noexec", ALL, G_EXEC, BOOL, set_noexec },
	{ "suid", ALL, G_SUID, BOOL, set_suid },
	{ "nosuid", ALL, G_SUID, BOOL, set_nosuid },
	{ "dev", ALL, G_DEV, BOOL, set_dev },
	{ "nodev", ALL, G_DEV, BOOL, set_nodev },
	{ "rbind", VOL, G_RECURSIVE, BARE, set_rbind },
	{ "bind", VOL, G_RECURSIVE, BARE, set_bind },
	{ "bind-nonrecursive", MNT, G_RECURSIVE, BOOL, set_bind },
	{ "bind-recursive", MNT, G_RECURSIVE, TEXT, set_recursive },
	{ "private", VOL, G_PROPAGATION, BARE, set_nothing },
	{ "rprivate", VOL, G_PROPAGATION, BARE, set_nothing },
	{ "bind-propagation", MNT, G_PROPAGATION, TEXT, set_propagation },
	{ "z", VOL, G_LABEL, BARE, set_z },
	{ "Z", VOL, G_LABEL, BARE, set_Z },
	{ "consistent", VOL, G_CONSISTENCY, BARE, set_nothing },
	{ "cached", VOL, G_CONSISTENCY, BARE, set_nothing },
	{ "delegated", VOL, G_CONSISTENCY, BARE, set_nothing },
	{ "type", MNT, G_TYPE, TEXT, set_type },
	{ "source", MNT, G_SOURCE, TEXT, set_source },
	{ "src", MNT, G_SOURCE, TEXT, set_source },
	{ "target", MNT, G_TARGET, TEXT, set_target },
	{ "destination", MNT, G_TARGET, TEXT, set_target },
	{ "dst", MNT, G_TARGET, TEXT, set_target },
	{ "size", TMP, G_SIZE, TEXT, set_size },
	{ "tmpfs-size", MNT, G_SIZE, TEXT, set_size },
	{ "mode", TMP, G_MODE, TEXT, set_mode },
	{ "tmpfs-mode", MNT, G_MODE, TEXT, set_mode },
	{ "shared", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "rshared", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "slave", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "rslave", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "copy", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "nocopy", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "U", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "O", VOL, G_UNSUPPORTED, BARE, NULL },
	{ "idmap", VOL | MNT, G_UNSUPPORTED, BOOL, NULL },
	{ "uid", TMP, G_UNSUPPORTED, TEXT, NULL },
	{ "gid", TMP, G_UNSUPPORTED, TEXT, NULL },
	{ "nr_inodes", TMP, G_UNSUPPORTED, TEXT, NULL },
	{ "huge", TMP, G_UNSUPPORTED, TEXT, NULL },
	{ "volume-opt", MNT, G_UNSUPPORTED, TEXT, NULL },
	{ "consistency", MNT, G_CONSISTENCY, TEXT, set_consistency },
	{ "relabel", MNT, G_LABEL, TEXT, set_relabel },
};

static int unknown_word(const struct mount_words *w, const char *name,
			struct err *e)
{
	const char *names[ARRAY_SIZE(words)];
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].where & w->where &&
		    words[i].group != G_UNSUPPORTED)
			names[n++] = words[i].name;
	near = word_nearest(name, names, n);
	return err_set(e, ERR_USAGE, "%s \"%s\": unknown option \"%s\"%s%s",
		       w->flag, SHOW(w->all), SHOW(name),
		       near ? "; did you mean " : "", near ? near : "");
}

static int parse_bool(const struct mount_words *w, const char *value, bool *ret,
		      struct err *e)
{
	static const struct word bools[] = {
		{ "true", 1 }, { "1", 1 },  { "false", 0 },
		{ "0", 0 },    { NULL, 0 },
	};
	uint64_t v = 1;

	if (value && !word_find(bools, value, &v))
		return refuse_word(w, e, value, "expected true, false, 1 or 0");
	*ret = v;
	return 0;
}

/* One "key" or "key=value". */
static int say(struct mount_words *w, char *option, struct err *e)
{
	char *value = strchr(option, '=');
	const struct mount_word *word = NULL;
	bool yes = true;

	if (value)
		*value++ = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words) && !word; i++)
		if (words[i].where & w->where && !strcmp(words[i].name, option))
			word = &words[i];
	if (!*option)
		return refuse(w, e, "an option is empty");
	if (!word)
		return unknown_word(w, option, e);
	if (word->group == G_UNSUPPORTED)
		return refuse_word(w, e, option,
				   "known to docker or podman, but not "
				   "supported here");
	if (w->said & 1u << word->group)
		return refuse_word(w, e, option,
				   "said twice, or contradicts a word before");
	if (word->value == BARE && value)
		return refuse_word(w, e, option, "takes no value");
	if (word->value == TEXT && (!value || !*value))
		return refuse_word(w, e, option, "the value is empty");
	if (word->value == BOOL && parse_bool(w, value, &yes, e))
		return -1;
	w->said |= 1u << word->group;
	return word->set(w, value, yes, e);
}

/* "ro,noexec,…" */
static int say_all(struct mount_words *w, const char *options, struct err *e)
{
	AUTO(strv_free) char **v = strv_split(options, ',');

	strv_foreach (option, v)
		if (say(w, *option, e))
			return -1;
	return 0;
}

void opts_mount_done(struct request_mount *m)
{
	free(m->type);
	free(m->source);
	free(m->target);
	*m = (struct request_mount){ 0 };
}

static void words_done(struct mount_words *w)
{
	opts_mount_done(&w->m);
}
DEFINE_AUTO_DONE(struct mount_words, words_done);

static void give(struct mount_words *w, struct request_mount *ret)
{
	*ret = w->m;
	w->m = (struct request_mount){ 0 };
}

static int check_length(const struct mount_words *w, struct err *e)
{
	/* two paths and every option */
	if (strnlen(w->all, 16384) == 16384)
		return refuse(w, e, "longer than 16383 bytes");
	return 0;
}

/* ---- -v ---- */

int opts_volume(const char *s, struct request_mount *ret, struct err *e)
{
	AUTO(words_done) struct mount_words w = { .flag = "-v", .all = s };
	AUTO(strv_free) char **v = NULL;
	size_t n;

	w.where = IN_VOLUME;
	if (check_length(&w, e))
		return -1;
	v = strv_split(s, ':');
	n = strv_len(v);
	w.m = (struct request_mount){ .exec = true, .recursive = true };
	w.m.type = xstrdup("bind");
	if (n < 2)
		return refuse(&w, e, "expected SOURCE:TARGET[:OPTIONS]");
	if (n > 3)
		return refuse(&w, e,
			      "more than three parts; use --mount for a path "
			      "that holds a colon");
	if (take_source(&w, v[0], e) || take_target(&w, v[1], e))
		return -1;
	if (n == 3 && say_all(&w, v[2], e))
		return -1;
	give(&w, ret);
	return 0;
}

/* ---- --tmpfs ---- */

int opts_tmpfs(const char *s, struct request_mount *ret, struct err *e)
{
	AUTO(words_done) struct mount_words w = { .flag = "--tmpfs", .all = s };
	const char *colon = strchrnul(s, ':');
	auto_free char *target = NULL;

	w.where = IN_TMPFS;
	if (check_length(&w, e))
		return -1;
	w.m = (struct request_mount){ .writable = true, .recursive = true };
	w.m.type = xstrdup("tmpfs");
	target = xstrndup(s, (size_t)(colon - s));
	if (take_target(&w, target, e))
		return -1;
	if (*colon && say_all(&w, colon + 1, e))
		return -1;
	give(&w, ret);
	return 0;
}

/* ---- --mount ---- */

/*
 * Takes one field off a line of comma-separated values: as it stands, or in
 * double quotes ("" inside is one quote). Returns what follows the comma,
 * NULL after the last field; *ret is NULL when the quotes are wrong.
 */
static const char *csv_field(const char *p, char **ret)
{
	size_t n = strcspn(p, ",");
	char *out;

	if (*p != '"') {
		*ret = memchr(p, '"', n) ? NULL : xstrndup(p, n);
		return p[n] ? p + n + 1 : NULL;
	}
	out = *ret = xcalloc(strlen(p) + 1, 1);
	for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
		p += *p == '"';
		*out++ = *p;
	}
	if (*p != '"' || (p[1] && p[1] != ',')) {
		free(TAKE(*ret));
		return NULL;
	}
	return p[1] ? p + 2 : NULL;
}

static int say_fields(struct mount_words *w, struct err *e)
{
	for (const char *p = w->all; p;) {
		auto_free char *field = NULL;

		p = csv_field(p, &field);
		if (!field)
			return refuse(w, e, "a double quote is out of place");
		if (say(w, field, e))
			return -1;
	}
	return 0;
}

static bool said(const struct mount_words *w, enum group group)
{
	return w->said & 1u << group;
}

/* What must and must not be said for a type. */
static int check_mount(const struct mount_words *w, struct err *e)
{
	bool bind;

	if (!w->m.type)
		return refuse(w, e, "type=bind or type=tmpfs is missing");
	if (!w->m.target)
		return refuse(w, e, "dst= is missing");
	bind = !strcmp(w->m.type, "bind");
	if (bind && !w->m.source)
		return refuse(w, e, "src= is missing");
	if (bind && (said(w, G_SIZE) || said(w, G_MODE)))
		return refuse(w, e,
			      "tmpfs-size and tmpfs-mode are for "
			      "type=tmpfs");
	if (!bind && (w->m.source || said(w, G_RECURSIVE) ||
		      said(w, G_PROPAGATION) || said(w, G_LABEL)))
		return refuse(w, e,
			      "src, relabel and bind-... are for "
			      "type=bind");
	return 0;
}

int opts_mount(const char *s, struct request_mount *ret, struct err *e)
{
	AUTO(words_done) struct mount_words w = { .flag = "--mount", .all = s };
	bool tmpfs;

	w.where = IN_MOUNT;
	w.m.recursive = true;
	if (check_length(&w, e) || say_fields(&w, e) || check_mount(&w, e))
		return -1;
	/* the defaults depend on the type, which may be said last */
	tmpfs = w.m.type && !strcmp(w.m.type, "tmpfs");
	if (!said(&w, G_WRITE))
		w.m.writable = tmpfs;
	if (!said(&w, G_EXEC))
		w.m.exec = !tmpfs;
	give(&w, ret);
	return 0;
}
