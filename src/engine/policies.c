/*
 * policies.c - reads policy files, refuses what others may write, resolves
 * the paths of their rules to objects.
 */
#include "engine/policies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/facts.h"
#include "engine/locate.h"
#include "format/passwd.h"
#include "format/policy_text.h"
#include "policy/judge.h"

#define SYSTEM_DIR "/etc/immure/policy.d"

/* Only its owner (us or root) may be able to change a policy. */
static int check_writers(int fd, const char *file, uid_t user, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(e, "stat %s", file);
	if ((st.st_uid != 0 && st.st_uid != user) || (st.st_mode & 022))
		return err_set(e, ERR_INPUT,
			       "%s: owned by uid %u, mode %04o: others could "
			       "change this policy: chown it to you or root "
			       "and chmod go-w",
			       file, st.st_uid, st.st_mode & 07777);
	return 0;
}

/*
 * A path that does not exist names no object: such a rule never matches. What
 * the caller cannot reach cannot be given away by the caller either.
 */
static int resolve_cond(struct rule_cond *c, const char *home, struct err *e)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	auto_free char *path = c->is_path ? policy_cond_path(c, home) : NULL;
	struct err why = ERR_INIT;

	if (!path)
		return 0;
	if (facts_of(path, &f, &why) < 0) {
		if (why.kind == ERR_MISSING || why.errnum == EACCES ||
		    why.errnum == ENOTDIR)
			return 0;
		if (e)
			*e = why;
		return -1;
	}
	c->has_id = true;
	c->mode = f.mode;
	c->id = f.id;
	c->parents = TAKE(f.parents);
	c->n_parents = f.n_parents;
	return 0;
}

/* A name of /etc/passwd or /etc/group; read without libc's own lookup, which
 * loads what the host is configured for. */
static int resolve_peer(struct rule_cond *c, struct err *e)
{
	bool is_group = c->id_key == KEY_PEER_GROUP;
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT;
	auto_free char *spec = xasprintf(is_group ? "0:%s" : "%s", c->value);
	const char *file = is_group ? "/etc/group" : "/etc/passwd";
	struct err why = ERR_INIT;

	if ((c->id_key != KEY_PEER && !is_group) || c->number != UINT64_MAX)
		return 0;
	if (file_read(file, PASSWD_MAX, &text, e) < 0)
		return -1;
	if (passwd_resolve(spec, is_group ? NULL : text.p,
			   is_group ? text.p : NULL, &u, &why) < 0)
		return err_set(e, ERR_INPUT,
			       "%s %s: no such name in %s; write its id",
			       c->key, c->value, file);
	c->number = is_group ? u.gid : u.uid;
	return 0;
}

int policies_resolve(struct policy *p, const char *home, struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		struct rule *r = &p->rules[i];

		for (size_t j = 0; j < r->n_conds; j++)
			if (resolve_cond(&r->conds[j], home, e) < 0 ||
			    resolve_peer(&r->conds[j], e) < 0)
				return err_prefix(e, "%s:%u", r->file, r->line);
	}
	return 0;
}

int policies_read(const char *file, const struct host *h, struct policy *ret,
		  struct err *e)
{
	AUTO(policy_done) struct policy p = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT;
	auto_fd fd = path_open(AT_FDCWD, file, PATH_HOST,
			       O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

	if (fd < 0)
		return err_sys(e, "open the policy %s", file);
	if (check_writers(fd, file, h->uid, e) < 0 ||
	    file_read_regular(fd, POLICY_MAX, file, &text, e) < 0 ||
	    policy_text_parse(file, text.p ? text.p : "", text.len, &p, e) <
		    0 ||
	    policies_resolve(&p, h->home, e) < 0)
		return -1;
	*ret = p;
	p = (struct policy){ 0 };
	return 0;
}

/* Adds the rules of one file to a layer: within it the last match wins. */
static int append(const char *file, const struct host *h, struct policy *layer,
		  struct err *e)
{
	AUTO(policy_done) struct policy p = { 0 };

	if (policies_read(file, h, &p, e) < 0)
		return -1;
	if (!layer->file)
		layer->file = xstrdup(file);
	policy_extend(layer, &p);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The paths of all *.policy of the directory, in name order. */
static int list(DIR *d, const char *path, char ***ret, struct err *e)
{
	struct dirent *entry;

	/* a deny rule that is not read is a permit: an end is not an error */
	while (errno = 0, (entry = readdir(d))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (entry->d_name[0] != '.' && dot && !strcmp(dot, ".policy"))
			strv_take(ret, path_join(path, entry->d_name));
	}
	if (errno)
		return err_sys(e, "list %s", path);
	if (*ret)
		qsort(*ret, strv_len(*ret), sizeof(**ret), by_name);
	return 0;
}

/* All *.policy of a directory. No directory: nothing. */
static int append_dir(const char *path, const struct host *h,
		      struct policy *layer, struct err *e)
{
	AUTO(strv_free) char **names = NULL;
	AUTO(closedir) DIR *d = NULL;
	int fd =
		path_open(AT_FDCWD, path, PATH_HOST, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0 && errno == ENOENT && path_is_missing(AT_FDCWD, path))
		return 0;
	if (fd < 0)
		return err_sys(e, "open %s", path);
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return err_sys(e, "open %s", path);
	}
	if (check_writers(fd, path, h->uid, e) < 0 ||
	    list(d, path, &names, e) < 0)
		return -1;
	strv_foreach (name, names)
		if (append(*name, h, layer, e) < 0)
			return -1;
	return 0;
}

static int load_system(const struct host *h, struct policy *layer,
		       struct err *e)
{
	auto_free char *shipped = locate_data("policy/default.policy");
	struct err why = ERR_INIT;

	if (append(shipped, h, layer, &why) == 0)
		return append_dir(SYSTEM_DIR, h, layer, e);
	if (why.errnum == ENOENT)
		return err_set(e, ERR_HOST,
			       "%s: not found (nor beside the program): "
			       "reinstall immure",
			       shipped);
	if (e)
		*e = why;
	return -1;
}

/* What an engine asks of its runtime. */
static int load_bundle_default(struct policy *layer, struct err *e)
{
	static const char text[] = "permit any\n";
	AUTO(policy_done) struct policy p = { 0 };

	if (policy_text_parse("(the default for bundles)", text,
			      sizeof(text) - 1, &p, e) < 0)
		return -1;
	layer->file = xstrdup("(the default for bundles)");
	policy_extend(layer, &p);
	return 0;
}

struct policy_set *policies_load_bundles(const struct host *h, struct err *e)
{
	AUTO(policy_set_free) struct policy_set *s = xcalloc(1, sizeof(*s));

	s->layers = xcalloc(1, sizeof(*s->layers));
	s->n = 1;
	if (load_bundle_default(&s->layers[0], e) < 0 ||
	    append_dir(SYSTEM_DIR, h, &s->layers[0], e) < 0)
		return NULL;
	return TAKE(s);
}

static int load_user(const struct host *h, struct policy *layer, struct err *e)
{
	auto_free char *dir = NULL;

	if (!h->home)
		return 0;
	dir = path_join(h->home, ".config/immure/policy.d");
	return append_dir(dir, h, layer, e);
}

static struct policy_set *load_set(const struct host *h, const char *file,
				   struct err *e)
{
	AUTO(policy_set_free) struct policy_set *s = xcalloc(1, sizeof(*s));
	int r;

	s->layers = xcalloc(2, sizeof(*s->layers));
	s->n = 1;
	if (load_system(h, &s->layers[0], e) < 0)
		return NULL;
	s->n = 2;
	r = file ? append(file, h, &s->layers[1], e)
		 : load_user(h, &s->layers[1], e);
	if (r < 0)
		return NULL;
	if (!s->layers[1].file)
		s->n = 1; /* no file, no layer */
	return TAKE(s);
}

struct policy_set *policies_load(const struct host *h, struct err *e)
{
	return load_set(h, NULL, e);
}

struct policy_set *policies_load_file(const struct host *h, const char *file,
				      struct err *e)
{
	return load_set(h, file, e);
}
