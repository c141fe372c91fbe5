/*
 * container.c - the directories of containers that keep their writes.
 *
 * upper/ and work/ are for overlayfs; what is in them belongs to subordinate
 * ids. meta.json is ours.
 */
#include "store/store.h"

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
#include "store/parts.h"
#include "store/staging.h"

#define META_FILE "meta.json"
#define META_MAX  65536

static int has_name(int all, const char *id, const char *name, bool *ret,
		    struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(json_free) struct json_object *o = NULL;
	auto_fd dir = file_open_dir(all, id, false, NULL);
	const char *has;

	*ret = false;
	/* no meta.json: being made by a command that was killed */
	if (dir < 0 || file_read_at(dir, META_FILE, META_MAX, &b, NULL))
		return 0;
	o = json_parse(META_FILE, b.p ? b.p : "", b.len, e);
	if (!o || json_get_str(o, "name", &has, e))
		return err_prefix(e, "container %s", id);
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

static int write_meta(int dir, const char *id, const char *name, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "id", id);
	if (name)
		json_out_str(&j, "name", name);
	json_out_i64(&j, "created", (int64_t)time(NULL));
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

static int fill(int all, const char *id, const char *name, struct err *e)
{
	auto_fd dir = file_open_dir(all, id, false, e);

	if (dir < 0 || make_dir(dir, "upper", 0755, e) ||
	    make_dir(dir, "work", 0700, e))
		return -1;
	return write_meta(dir, id, name, e);
}

static bool is_id(const char *id)
{
	return strlen(id) == ID_LEN && strspn(id, "0123456789abcdef") == ID_LEN;
}

int store_container_make(struct store *s, const char *id, const char *name,
			 char **ret_path, struct err *e)
{
	auto_fd lock = store_lock(s, LOCK_EXCLUSIVE, e);
	auto_fd all =
		lock < 0 ? -1 : file_open_dir(s->dir, PART_CONTAINERS, true, e);

	if (all < 0 || check_free(all, name, e))
		return -1;
	if (!is_id(id))
		return err_set(e, ERR_BUG, "container id \"%s\"", id);
	if (mkdirat(all, id, 0700))
		return err_sys(e, "make the container %.12s", id);
	if (fill(all, id, name, e)) {
		/* all in it is ours still; a failure leaves an empty name */
		file_remove_tree(all, id, NULL);
		return -1;
	}
	*ret_path = xasprintf("%s/" PART_CONTAINERS "/%s", s->path, id);
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
