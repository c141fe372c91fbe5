/*
 * facts_bind.c - facts about host objects: binds and root directories, and
 * how they stand to what sandboxes must not get at.
 *
 * Everything here is told by dev:ino and st_mode as the plan has them; path
 * strings are for the reader.
 */
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "policy/facts.h"

/* How an object stands to a protected one, the worst last. */
enum relation { APART, HOLDS, LIES_IN, IS };

static const char *const relation_text[] = {
	[HOLDS] = "holds",
	[LIES_IN] = "lies in",
	[IS] = "is",
};

static bool is_same(const struct object_id *a, const struct object_id *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

/* The place of `id` in v, or n. */
static size_t find_id(const struct object_id *id, const struct object_id *v,
		      size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (is_same(id, &v[i]))
			break;
	return i;
}

static enum relation relate(const struct fact *f,
			    const struct protected_object *o)
{
	if (is_same(f->id, &o->id))
		return IS;
	if (o->is_tree &&
	    find_id(&o->id, f->parents, f->n_parents) < f->n_parents)
		return LIES_IN;
	if (find_id(f->id, o->parents, o->n_parents) < o->n_parents)
		return HOLDS;
	return APART;
}

bool facts_touch(const struct fact *f, const struct protected_object *o)
{
	return relate(f, o) != APART;
}

/* The protected object to name: the worst relation, of those the nearest. */
static const struct protected_object *
find_protected(const struct host *h, const struct fact *f, enum relation *ret)
{
	const struct protected_object *best = NULL;
	size_t best_at = 0;

	*ret = APART;
	for (size_t i = 0; i < h->n_protected; i++) {
		const struct protected_object *o = &h->protected_objects[i];
		enum relation r = relate(f, o);
		size_t at = find_id(&o->id, f->parents, f->n_parents);

		if (r < *ret || r == APART ||
		    (r == *ret && (r != LIES_IN || at >= best_at)))
			continue;
		*ret = r;
		best = o;
		best_at = at;
	}
	return best;
}

/* More to say about the object. */
static void add_words(struct fact *fact, char *what)
{
	free(fact->what);
	fact->what = what;
}

/* Marks the fact when it touches a protected object, and says which. */
static void add_protection(struct facts *f, struct fact *fact)
{
	const struct protected_object *o;
	enum relation relation;

	o = find_protected(f->host, fact, &relation);
	if (!o)
		return;
	add_words(fact, xasprintf("%s; it %s %s%s%s%s", fact->what,
				  relation_text[relation], o->path,
				  o->why ? " (" : "", o->why ? o->why : "",
				  o->why ? ")" : ""));
	fact->value[KEY_PROTECTED] = "";
}

/* A file mode's type: its word in the language, and for the sentence. */
static const struct kind {
	uint32_t type;
	const char *word, *text;
} kinds[] = {
	{ S_IFREG, "file", "a file" },
	{ S_IFDIR, "dir", "a directory" },
	{ S_IFSOCK, "socket", "a socket" },
	{ S_IFIFO, "fifo", "a fifo" },
	{ S_IFBLK, "block", "a block device" },
	{ S_IFCHR, "char", "a character device" },
};

/* A type that no row has stays nameless: only a rule without `kind` permits
 * it. There is none in Linux that can be bound. */
static const struct kind *find_kind(uint32_t mode)
{
	static const struct kind unknown = { 0, NULL, "an unknown object" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if ((mode & S_IFMT) == kinds[i].type)
			return &kinds[i];
	return &unknown;
}

/* The caller owns also what belongs to its subordinate ids. */
static const char *owner_word(const struct host *h, uint32_t uid)
{
	if (uid == 0)
		return "root";
	if (uid == h->uid)
		return "self";
	for (size_t i = 0; i < h->n_subuid; i++)
		if (uid >= h->subuid[i].first &&
		    uid - h->subuid[i].first < h->subuid[i].count)
			return "self";
	return "other";
}

/* A host object inside the sandbox, whichever operation puts it there. */
struct bound {
	const char *source, *real, *target;
	const struct object_id *id, *parents;
	size_t n_parents;
	uint32_t mode, uid;
	uint64_t attr;
	bool recursive;
	char *const *sockets;
	bool unsearched;
};

/* A socket in a bound directory can be connected to, read-only or not. One
 * that was not searched to its end may have some. */
static void add_sockets(struct fact *fact, const struct bound *b)
{
	size_t n = strv_len(b->sockets);

	if (!S_ISDIR(b->mode) || (!n && !b->unsearched))
		return;
	fact->value[KEY_SOCKETS] = "";
	if (n) {
		add_words(fact, xasprintf("%s; a socket lies in it: %s%s",
					  fact->what, b->sockets[0],
					  n > 1 ? ", and others" : ""));
		return;
	}
	fact->value[KEY_UNSEARCHED] = "";
	add_words(fact, xasprintf("%s; too large to be searched for sockets",
				  fact->what));
}

static void add_bound(struct facts *f, const struct bound *b, int i)
{
	const struct kind *kind = find_kind(b->mode);
	bool writable = !(b->attr & MOUNT_ATTR_RDONLY);
	bool suid = !(b->attr & MOUNT_ATTR_NOSUID);
	bool dev = !(b->attr & MOUNT_ATTR_NODEV);
	bool alias = b->real && strcmp(b->real, b->source) != 0;
	struct fact *fact;

	fact = facts_add(f, SUBJECT_BIND, i, "%sbind of %s%s%s: %s%s%s%s -> %s",
			 writable ? "writable " : "", kind->text,
			 suid ? " with set-user-id files" : "",
			 dev ? " with device nodes" : "", b->source,
			 alias ? " (" : "", alias ? b->real : "",
			 alias ? ")" : "", b->target);
	fact->id = b->id;
	fact->parents = b->parents;
	fact->n_parents = b->n_parents;
	fact->value[writable ? KEY_RW : KEY_RO] = "";
	fact->value[KEY_KIND] = kind->word;
	fact->value[KEY_OWNER] = owner_word(f->host, b->uid);
	fact->value[KEY_PATH] = b->real ? b->real : b->source;
	fact->value[KEY_TO] = b->target;
	fact->value[KEY_RECURSIVE] = b->recursive ? "" : NULL;
	facts_flags(fact, b->attr);
	add_sockets(fact, b);
	add_protection(f, fact);
}

/* What --host lends: as it is, where it is, straight below "/". Only root can
 * put something else there, so here names do. */
static bool is_host_program(const struct facts *f, const struct step *s)
{
	static const char *const places[] = {
		"/usr",	  "/bin",    "/sbin", "/lib", "/lib32",
		"/lib64", "/libx32", "/etc",  "/opt",
	};
	const uint64_t attr =
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

	if (!facts_find(f, OP_TMPROOT) || (s->bind.attr & attr) != attr ||
	    s->bind.n_parents != 1 || !s->bind.resolved ||
	    strcmp(s->bind.resolved, s->bind.target) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (strcmp(s->bind.target, places[i]) == 0)
			return true;
	return false;
}

void facts_of_bind(struct facts *f, const struct step *s, int i)
{
	const struct bound b = { .source = s->bind.source,
				 .real = s->bind.resolved,
				 .target = s->bind.target,
				 .id = &s->bind.id,
				 .parents = s->bind.parents,
				 .n_parents = s->bind.n_parents,
				 .mode = s->bind.mode,
				 .uid = s->bind.uid,
				 .attr = s->bind.attr,
				 .recursive = s->bind.recursive,
				 .sockets = s->bind.sockets,
				 .unsearched = s->bind.unsearched };

	if (is_host_program(f, s))
		facts_add(f, SUBJECT_HOST_ROOT, i, "the host's %s, read-only",
			  s->bind.target);
	else
		add_bound(f, &b, i);
}

/* The bind that a new label is for: it knows more of the object. */
static const struct step *find_bind(const struct plan *p,
				    const struct object_id *id)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].op == OP_BIND &&
		    is_same(&p->steps[i].bind.id, id))
			return &p->steps[i];
	return NULL;
}

/* Labels are written to the host's files, however they are bound. */
void facts_of_relabel(struct facts *f, const struct step *s, int i)
{
	const struct step *bind = find_bind(f->plan, &s->relabel.id);
	struct fact *fact =
		facts_add(f, SUBJECT_BIND, i, "the host's %s gets the label %s",
			  s->relabel.source, s->relabel.context);

	fact->id = &s->relabel.id;
	fact->value[KEY_RELABEL] = fact->value[KEY_RW] = "";
	fact->value[KEY_PATH] = s->relabel.source;
	fact->value[KEY_RECURSIVE] = "";
	if (bind) {
		if (bind->bind.resolved)
			fact->value[KEY_PATH] = bind->bind.resolved;
		fact->parents = bind->bind.parents;
		fact->n_parents = bind->bind.n_parents;
		fact->value[KEY_KIND] = find_kind(bind->bind.mode)->word;
		fact->value[KEY_OWNER] = owner_word(f->host, bind->bind.uid);
	}
	add_protection(f, fact);
}

void facts_of_tree(struct facts *f, const struct step *s, int i)
{
	const struct bound b = { .source = s->tree.source,
				 .real = s->tree.resolved,
				 .target = s->tree.target,
				 .id = &s->tree.id,
				 .parents = s->tree.parents,
				 .n_parents = s->tree.n_parents,
				 .mode = s->tree.mode,
				 .uid = s->tree.uid,
				 .attr = s->tree.set | s->tree.all_set,
				 .recursive = s->tree.recursive,
				 .unsearched = true };

	add_bound(f, &b, i);
}

void facts_of_rootfs(struct facts *f, const char *path,
		     const struct object_id *id, int i)
{
	struct fact *fact = facts_add(f, SUBJECT_ROOTFS, i,
				      "root from the directory %s", path);

	fact->id = id;
	fact->value[KEY_PATH] = path;
	add_protection(f, fact);
}
