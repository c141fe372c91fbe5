/*
 * container.c - the directories of containers that keep their writes.
 *
 * upper/ and work/ are for overlayfs; what is in them belongs to subordinate
 * ids. meta.json is ours, and written last: without it a container was never
 * made.
 */
#include "store/container.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/id.h"
#include "base/json.h"
#include "base/strv.h"
#include "format/digest.h"
#include "store/blob.h"
#include "store/parts.h"
#include "store/staging.h"

#define META_FILE "meta.json"
#define META_MAX  65536 /* 127 layers are 10 KiB */

static bool is_id(const char *id)
{
	return strlen(id) == ID_LEN && strspn(id, "0123456789abcdef") == ID_LEN;
}

/* 1 and *ret; 0: it has none, its maker was killed over it; -1. */
static int read_meta(int all, const char *id, struct json_object **ret,
		     struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_fd dir = file_open_dir(all, id, false, e);
	struct stat st;

	if (dir < 0)
		return err_prefix(e, "container %s", id);
	if (fstatat(dir, META_FILE, &st, AT_SYMLINK_NOFOLLOW) &&
	    errno == ENOENT)
		return 0;
	if (file_read_at(dir, META_FILE, META_MAX, &b, e))
		return err_prefix(e, "container %s", id);
	*ret = json_parse(META_FILE, b.p ? b.p : "", b.len, e);
	return *ret ? 1 : err_prefix(e, "container %s", id);
}

static int has_name(int all, const char *id, const char *name, bool *ret,
		    struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	const char *has = NULL;
	int r = read_meta(all, id, &o, e);

	if (r < 0 || (r > 0 && json_get_str(o, "name", &has, e)))
		return -1;
	*ret = has && !strcmp(has, name);
	return 0;
}

static int check_free(int all, const char *name, struct err *e)
{
	AUTO(strv_free) char **ids = NULL;
	bool taken;

	if (!name)
		return 0;
	if (!id_is_name(name))
		return err_set(e, ERR_USAGE,
			       "container name \"%s\": letters, digits, '_', "
			       "'.' and '-' only",
			       name);
	if (staging_list(all, PART_CONTAINERS, &ids, e))
		return -1;
	strv_foreach (id, ids) {
		if (!is_id(*id))
			continue;
		if (has_name(all, *id, name, &taken, e))
			return -1;
		if (taken)
			return err_set(e, ERR_CONFLICT,
				       "container name \"%s\": container "
				       "%.12s has it; remove that or choose "
				       "another name",
				       name, *id);
	}
	return 0;
}

static int write_meta(int dir, const struct container_new *c, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	const struct image *i = c->image;
	struct json_out j;

	json_out_init(&j, &b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "id", c->id);
	if (c->name)
		json_out_str(&j, "name", c->name);
	json_out_i64(&j, "created", (int64_t)time(NULL));
	if (i)
		json_out_str(&j, "image", i->digest);
	json_out_array(&j, "layers");
	for (size_t k = 0; i && k < i->n_layers; k++)
		json_out_str(&j, NULL, i->layers[k].diff_id);
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(&b, '\n');
	return file_write_at(dir, META_FILE, b.p, b.len, e);
}

/* umask-proof: what is in upper/ is what the sandbox sees as its root. */
static int make_dir(int dir, const char *name, mode_t mode, struct err *e)
{
	if (mkdirat(dir, name, mode) || fchmodat(dir, name, mode, 0))
		return err_sys(e, "make %s", name);
	return 0;
}

static int fill(int all, const struct container_new *c, struct err *e)
{
	auto_fd dir = file_open_dir(all, c->id, false, e);

	if (dir < 0 || make_dir(dir, "upper", 0755, e) ||
	    make_dir(dir, "work", 0700, e))
		return -1;
	return write_meta(dir, c, e);
}

int store_container_make(struct store *s, const struct container_new *c,
			 char **ret_path, struct err *e)
{
	const char *id = c->id;
	auto_fd lock = store_lock(s, LOCK_EXCLUSIVE, e);
	auto_fd all =
		lock < 0 ? -1 : file_open_dir(s->dir, PART_CONTAINERS, true, e);

	if (all < 0 || check_free(all, c->name, e))
		return -1;
	if (!is_id(id))
		return err_set(e, ERR_BUG, "container id \"%s\"", id);
	if (mkdirat(all, id, 0700))
		return err_sys(e, "make the container %.12s", id);
	if (fill(all, c, e)) {
		/* all in it is ours still; a failure leaves an empty name */
		file_remove_tree(all, id, NULL);
		return -1;
	}
	*ret_path = xasprintf("%s/" PART_CONTAINERS "/%s", s->path, id);
	return 0;
}

/* Of one container. */
static int add_needs(int all, const char *id, char ***layers, char ***unmade,
		     struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(strv_free) char **digests = NULL;
	int r = read_meta(all, id, &o, e);

	if (r < 0)
		return -1;
	if (r == 0) {
		strv_add(unmade, id);
		return 0;
	}
	if (json_get_strv(o, "layers", &digests, e))
		return err_prefix(e, "container %s", id);
	strv_foreach (digest, digests) {
		if (blob_check_digest(*digest, "layer", e))
			return err_prefix(e, "container %s", id);
		strv_add(layers, digest_hex(*digest));
	}
	return 0;
}

int container_needs(struct store *s, char ***layers, char ***unmade,
		    struct err *e)
{
	auto_fd all = file_open_dir(s->dir, PART_CONTAINERS, true, e);
	AUTO(strv_free) char **ids = NULL;

	if (all < 0 || staging_list(all, PART_CONTAINERS, &ids, e))
		return -1;
	strv_foreach (id, ids)
		if (is_id(*id) && add_needs(all, *id, layers, unmade, e))
			return -1;
	return 0;
}

static int move_away(struct store *s, const char *id, int to, struct err *e)
{
	auto_fd lock = store_lock(s, LOCK_EXCLUSIVE, e);
	auto_fd all =
		lock < 0 ? -1 : file_open_dir(s->dir, PART_CONTAINERS, true, e);

	if (all < 0)
		return -1;
	if (renameat(all, id, to, id) == 0)
		return 0;
	if (errno == ENOENT)
		return err_set(e, ERR_MISSING,
			       "container %.12s: no such container", id);
	return err_sys(e, "remove the container %.12s", id);
}

int store_container_remove(struct store *s, const struct host *h,
			   const char *id, struct err *e)
{
	AUTO(staging_done) struct staging g = { .dir = -1 };

	if (!is_id(id))
		return err_set(e, ERR_MISSING,
			       "container \"%s\": no such container", id);
	if (staging_new(s, &g, e))
		return -1;
	if (move_away(s, id, g.dir, e)) {
		/* empty; if not even that works, the next sweep has it */
		staging_remove(s, h, g.name, NULL);
		return -1;
	}
	return staging_remove(s, h, g.name, e);
}
