/*
 * oci_mount.c - `mounts` of a config.json: where, what, and the words of the
 * options. What a word does not name is an option of the filesystem.
 */
#include <json-c/json.h>
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"
#include "format/oci_parts.h"
#include "format/text.h"

#define MOUNTS_MAX   1000
#define MAP_ROWS_MAX 340       /* user_namespaces(7) */
#define DATA_MAX     511       /* what kernel/mount takes */
#ifndef MOUNT_ATTR_NOSYMFOLLOW /* Linux 5.14 */
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif

/* What a word does. */
enum kind {
	WORD_SET,	/* sets an attribute */
	WORD_CLEAR,	/* takes it away */
	WORD_SPREAD,	/* how it propagates */
	WORD_BIND,	/* a bind; with MS_REC what lies below, too */
	WORD_SUPER,	/* an option of every filesystem */
	WORD_COPY_UP,	/* a tmpfs begins with what it covers */
	WORD_COPY_LINK, /* a source that is a symbolic link is copied */
	WORD_IDMAP,	/* owners are mapped; MS_REC: below, too */
	WORD_NOTHING,	/* what is so anyway */
	WORD_REFUSED,
};

struct option {
	const char *word;
	enum kind kind;
	uint64_t value;
	const char *why; /* REFUSED */
};

#define ATIME MOUNT_ATTR__ATIME
#define PAIR(set, clear, attr)                                                 \
	{ set, WORD_SET, attr, NULL },                                         \
	{                                                                      \
		clear, WORD_CLEAR, attr, NULL                                  \
	}

/*
 * In the order in which `features` prints them. Those of the attributes are
 * also known with an "r" before them: then they hold below the mount, too.
 */
static const struct option options[] = {
	PAIR("ro", "rw", MOUNT_ATTR_RDONLY),
	PAIR("nosuid", "suid", MOUNT_ATTR_NOSUID),
	PAIR("nodev", "dev", MOUNT_ATTR_NODEV),
	PAIR("noexec", "exec", MOUNT_ATTR_NOEXEC),
	PAIR("nodiratime", "diratime", MOUNT_ATTR_NODIRATIME),
	PAIR("nosymfollow", "symfollow", MOUNT_ATTR_NOSYMFOLLOW),
	PAIR("noatime", "atime", MOUNT_ATTR_NOATIME),
	PAIR("strictatime", "nostrictatime", MOUNT_ATTR_STRICTATIME),
	{ "relatime", WORD_CLEAR, ATIME, NULL },
	{ "norelatime", WORD_NOTHING, 0, NULL },
	{ "private", WORD_SPREAD, MS_PRIVATE, NULL },
	{ "rprivate", WORD_SPREAD, MS_PRIVATE | MS_REC, NULL },
	{ "slave", WORD_SPREAD, MS_SLAVE, NULL },
	{ "rslave", WORD_SPREAD, MS_SLAVE | MS_REC, NULL },
	{ "shared", WORD_SPREAD, MS_SHARED, NULL },
	{ "rshared", WORD_SPREAD, MS_SHARED | MS_REC, NULL },
	{ "unbindable", WORD_SPREAD, MS_UNBINDABLE, NULL },
	{ "runbindable", WORD_SPREAD, MS_UNBINDABLE | MS_REC, NULL },
	{ "bind", WORD_BIND, 0, NULL },
	{ "rbind", WORD_BIND, MS_REC, NULL },
	{ "sync", WORD_SUPER, 0, NULL },
	{ "dirsync", WORD_SUPER, 0, NULL },
	{ "lazytime", WORD_SUPER, 0, NULL },
	{ "mand", WORD_NOTHING, 0, NULL },
	{ "nomand", WORD_NOTHING, 0, NULL },
	{ "async", WORD_NOTHING, 0, NULL },
	{ "nolazytime", WORD_NOTHING, 0, NULL },
	{ "iversion", WORD_NOTHING, 0, NULL },
	{ "noiversion", WORD_NOTHING, 0, NULL },
	{ "acl", WORD_NOTHING, 0, NULL },
	{ "noacl", WORD_NOTHING, 0, NULL },
	{ "silent", WORD_NOTHING, 0, NULL },
	{ "loud", WORD_NOTHING, 0, NULL },
	{ "defaults", WORD_NOTHING, 0, NULL },
	{ "tmpcopyup", WORD_COPY_UP, 0, NULL },
	{ "copy-symlink", WORD_COPY_LINK, 0, NULL },
	{ "remount", WORD_REFUSED, 0, "nothing is mounted twice" },
	{ "idmap", WORD_IDMAP, 0, NULL },
	{ "ridmap", WORD_IDMAP, MS_REC, NULL },
};

const char *oci_mount_word(size_t i)
{
	return i < ARRAY_SIZE(options) ? options[i].word : NULL;
}

static const struct option *find(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strcmp(options[i].word, word) == 0)
			return &options[i];
	return NULL;
}

/* "rro": the attribute of "ro", for everything below, too. */
static const struct option *find_recursive(const char *word)
{
	const struct option *o = *word == 'r' ? find(word + 1) : NULL;

	return o && (o->kind == WORD_SET || o->kind == WORD_CLEAR) ? o : NULL;
}

/* A mount being read. */
struct reading {
	struct oci *o;
	struct spec_mount *m;
	bool bind;
	struct buf data;
};

/* The later of two opposite words counts, as for mount(8). */
static void set_attr(const struct option *o, uint64_t *set, uint64_t *clear)
{
	uint64_t gone = o->value & ATIME ? ATIME : o->value;

	*set &= ~gone;
	*clear &= ~o->value;
	if (o->kind == WORD_SET)
		*set |= o->value;
	else
		*clear |= o->value;
}

static void add_data(struct reading *r, const char *word)
{
	buf_printf(&r->data, "%s%s", r->data.len ? "," : "", word);
}

static int apply(struct reading *r, const struct option *o, struct err *e)
{
	struct spec_mount *m = r->m;

	switch (o->kind) {
	case WORD_SET:
	case WORD_CLEAR:
		set_attr(o, &m->attr, &m->clear);
		return 0;
	case WORD_SPREAD:
		m->propagation.how = o->value & ~(uint64_t)MS_REC;
		m->propagation.recursive = o->value & MS_REC;
		return 0;
	case WORD_BIND:
		r->bind = true;
		m->recursive = o->value & MS_REC;
		return 0;
	case WORD_SUPER:
		add_data(r, o->word);
		return 0;
	case WORD_COPY_UP:
		m->copy_up = true;
		return 0;
	case WORD_COPY_LINK:
		m->copy_link = true;
		return 0;
	case WORD_IDMAP:
		m->id_mapped = true;
		m->id_mapped_all = o->value & MS_REC;
		return 0;
	case WORD_NOTHING:
		return 0;
	default:
		return err_set(e, ERR_HOST, "known, and refused: %s", o->why);
	}
}

static int read_option(struct reading *r, const char *word, struct err *e)
{
	const struct option *o = find(word);

	if (o)
		return apply(r, o, e);
	o = find_recursive(word);
	if (o) {
		set_attr(o, &r->m->all_set, &r->m->all_clear);
		return 0;
	}
	if (strncmp(word, "idmap=", 6) == 0 || strncmp(word, "ridmap=", 7) == 0)
		return err_set(e, ERR_HOST,
			       "known, and refused: the maps of a mount are "
			       "its uidMappings and gidMappings");
	if (!*word || strchr(word, ',') || !text_is_plain(word))
		return err_set(e, ERR_INPUT, "no word of its own");
	add_data(r, word);
	return 0;
}

static int read_options(struct reading *r, struct json_object *v, struct err *e)
{
	AUTO(strv_free) char **words = NULL;

	if (!v)
		return 0;
	if (oci_strv(v, &words, e) < 0)
		return -1;
	strv_foreach (word, words)
		if (read_option(r, *word, e) < 0)
			return err_prefix(e, "\"%s\"", SHOW(*word));
	return 0;
}

/* Options are in; what they make of the mount. */
static int settle(struct reading *r, struct err *e)
{
	struct spec_mount *m = r->m;

	if (m->type && strcmp(m->type, "rbind") == 0) {
		r->bind = m->recursive = true;
	} else if (m->type && strcmp(m->type, "bind") == 0) {
		r->bind = true;
	}
	if (r->bind) {
		free(m->type);
		m->type = xstrdup("bind");
	}
	if (!m->type || !*m->type || !text_is_word(m->type, ".-_"))
		return err_set(e, ERR_INPUT, "type: missing, or no name");
	if (r->bind && !m->source)
		return err_set(e, ERR_INPUT, "source: a bind has one");
	if (r->bind && r->data.len) { /* as the kernel takes them */
		oci_warn(r->o,
			 "mount: options \"%s\": without effect: a bind takes "
			 "none of a filesystem",
			 r->data.p);
		buf_clear(&r->data);
	}
	m->id_mapped |= m->n_uids || m->n_gids;
	if (m->id_mapped && (!r->bind || !m->n_uids != !m->n_gids))
		return err_set(e, ERR_INPUT,
			       "idmap: it is for a bind, with both uidMappings "
			       "and gidMappings or neither");
	if (m->copy_up && strcmp(m->type, "tmpfs") != 0)
		return err_set(e, ERR_INPUT, "options: tmpcopyup is for tmpfs");
	if (m->copy_link && !r->bind)
		return err_set(e, ERR_INPUT,
			       "options: copy-symlink is for a bind");
	if (r->data.len > DATA_MAX)
		return err_set(e, ERR_LIMIT, "options: longer than %d bytes",
			       DATA_MAX);
	m->data = r->data.len ? buf_take(&r->data) : NULL;
	return 0;
}

#define MOUNT (&o->s->mounts[o->s->n_mounts - 1])

static int read_target(struct oci *o, struct json_object *v, struct err *e)
{
	if (oci_path(v, &MOUNT->target, e) < 0)
		return -1;
	if (strcmp(MOUNT->target, "/") == 0)
		return err_set(e, ERR_INPUT,
			       "\"/\" is where root.path is mounted");
	return 0;
}

static int read_type(struct oci *o, struct json_object *v, struct err *e)
{
	return oci_str(v, &MOUNT->type, e);
}

static int read_source(struct oci *o, struct json_object *v, struct err *e)
{
	return oci_str(v, &MOUNT->source, e);
}

static int skip(struct oci *o, struct json_object *v, struct err *e)
{
	(void)o, (void)v, (void)e;
	return 0; /* read when the others are known */
}

static int read_uid_row(struct oci *o, struct json_object *v, struct err *e)
{
	return oci_map_row(v, &MOUNT->uids, &MOUNT->n_uids, e);
}

static int read_gid_row(struct oci *o, struct json_object *v, struct err *e)
{
	return oci_map_row(v, &MOUNT->gids, &MOUNT->n_gids, e);
}
READER(read_uids, oci_each(o, v, MAP_ROWS_MAX, read_uid_row, e))
READER(read_gids, oci_each(o, v, MAP_ROWS_MAX, read_gid_row, e))

static const struct oci_member mount_members[] = {
	{ "destination", .read = read_target },
	{ "type", .read = read_type },
	{ "source", .read = read_source },
	{ "options", .read = skip },
	{ "uidMappings", .read = read_uids },
	{ "gidMappings", .read = read_gids },
	OCI_END,
};

static int read_mount(struct oci *o, struct json_object *v, struct err *e)
{
	struct json_object *list = NULL;
	struct reading r = { .o = o, .data = BUF_INIT };
	int result;

	(void)GROW(o->s->mounts, o->s->n_mounts);
	o->s->n_mounts++;
	if (oci_walk(o, v, mount_members, e) < 0)
		return -1;
	r.m = MOUNT;
	if (!r.m->target)
		return err_set(e, ERR_INPUT, "destination is missing");
	json_object_object_get_ex(v, "options", &list);
	result = read_options(&r, list, e);
	if (result < 0)
		err_prefix(e, "options");
	else
		result = settle(&r, e);
	buf_done(&r.data);
	return result < 0 ? err_prefix(e, "%s", r.m->target) : 0;
}

int oci_mounts(struct oci *o, struct json_object *v, struct err *e)
{
	return oci_each(o, v, MOUNTS_MAX, read_mount, e);
}
