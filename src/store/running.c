/*
 * running.c - the files of named sandboxes that run.
 *
 * Does not watch or end them: a file tells of a sandbox only while its
 * launcher holds the lock.
 */
#include "store/running.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/id.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/path.h"
#include "base/sha256.h"
#include "base/strv.h"
#include "store/staging.h"

#define RUNNING_DIR "running"
#define LOOKS_MAX   10
#define FILE_MAX    (16u << 20) /* a command line is 2 MiB at most */

void running_done(struct running *r)
{
	free(r->name);
	free(r->image);
	strv_free(r->command);
	free(r->plan);
	for (size_t i = 0; i < r->n_filters; i++)
		blob_done(&r->filters[i]);
	free(r->filters);
	free(r->record);
	*r = (struct running){ 0 };
}

void running_list_done(struct running_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		running_done(&l->v[i]);
	free(l->v);
	*l = (struct running_list){ 0 };
}

static int give(struct err *e, const struct err *why)
{
	if (e)
		*e = *why;
	return -1;
}

/* The directory; -1 with errno ENOENT where there never was one. */
static int open_dir(const char *runtime)
{
	auto_free char *path = runtime ? path_join(runtime, RUNNING_DIR) : NULL;

	errno = ENOENT;
	return path ? path_open(AT_FDCWD, path, PATH_HOST,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
		    : -1;
}

static int make_dir(const char *runtime, struct err *e)
{
	auto_free char *path = NULL;
	int dir = open_dir(runtime);

	if (dir >= 0)
		return dir;
	if (!runtime)
		return err_set(e, ERR_CONFLICT,
			       "--name: there is no runtime directory: set "
			       "HOME or XDG_RUNTIME_DIR");
	path = path_join(runtime, RUNNING_DIR);
	if (file_make_dirs(path, e) < 0)
		return -1;
	dir = open_dir(runtime);
	return dir < 0 ? err_sys(e, "open %s", path) : dir;
}

/* Who only looks, too, holds the lock, for a moment. */
static int lock(int dir, const char *name, struct err *e)
{
	const struct timespec moment = { .tv_nsec = 5000000 };

	for (int i = 0; i < LOOKS_MAX; i++) {
		struct err why = ERR_INIT;
		int fd = lock_open_at(dir, name, LOCK_TRY_EXCLUSIVE, &why);

		if (fd >= 0)
			return fd;
		if (why.kind != ERR_CONFLICT)
			return give(e, &why);
		nanosleep(&moment, NULL);
	}
	return err_set(e, ERR_CONFLICT,
		       "a sandbox of that name runs (`immure ps`); choose "
		       "another");
}

int running_claim(const char *runtime, const char *name, struct err *e)
{
	auto_fd dir = -1, fd = -1;

	if (!id_is_name(name))
		return err_set(e, ERR_USAGE,
			       "--name \"%s\": letters, digits, '_', '.' and "
			       "'-' only, a letter or digit first",
			       name);
	dir = make_dir(runtime, e);
	if (dir < 0)
		return -1;
	fd = lock(dir, name, e);
	if (fd < 0)
		return err_prefix(e, "--name %s", name);
	if (ftruncate(fd, 0) < 0) /* of one that was killed */
		return err_sys(e, "--name %s: empty its file", name);
	return TAKE_FD(fd);
}

int running_tell(int fd, const struct running *r, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "name", r->name);
	json_out_i64(&j, "pid", r->pid);
	json_out_i64(&j, "started", r->started);
	json_out_str(&j, "image", r->image ? r->image : "");
	json_out_strv(&j, "command", r->command);
	json_out_str(&j, "plan", r->plan ? r->plan : "");
	if (r->record)
		json_out_str(&j, "record", r->record);
	json_out_array(&j, "filters");
	for (size_t i = 0; i < r->n_filters; i++) {
		json_out_obj(&j, NULL);
		json_out_str(&j, "name", r->filters[i].name);
		json_out_u64(&j, "size", r->filters[i].size);
		json_out_obj_end(&j);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(&b, '\n');
	for (size_t i = 0; i < r->n_filters; i++)
		buf_add(&b, r->filters[i].data, r->filters[i].size);
	if (fd_write_all(fd, b.p, b.len) < 0)
		return err_sys(e, "--name %s: write its file", r->name);
	return 0;
}

void running_release(const char *runtime, const char *name, int fd)
{
	auto_fd dir = open_dir(runtime);

	/* Ours while we hold the lock. What stays is no sandbox: see above. */
	if (dir >= 0)
		(void)unlinkat(dir, name, 0);
	if (fd >= 0)
		close(fd);
}

/* `bytes`: of all filters, one after the other. */
static int parse_filters(struct json_object *o, struct buf bytes,
			 struct running *ret, struct err *e)
{
	struct json_object *all;
	size_t n;

	if (json_get_array(o, "filters", &all, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct json_object *one = json_at(all, i);
		char hex[SHA256_HEX + 1];
		const char *name;
		struct blob *f;
		uint64_t size;

		if (json_get_str(one, "name", &name, e) < 0 ||
		    json_get_u64(one, "size", 0, &size, e) < 0)
			return -1;
		if (!name || size > bytes.len)
			return err_set(e, ERR_INPUT,
				       "filter %zu: cut off, or without a name",
				       i);
		f = GROW(ret->filters, ret->n_filters);
		ret->n_filters++;
		f->name = xstrdup(name);
		f->data = xmemdup(bytes.p, size);
		f->size = size;
		sha256_of(f->data, size, hex);
		snprintf(f->digest, sizeof(f->digest), "sha256:%s", hex);
		bytes.p += size;
		bytes.len -= size;
	}
	return 0;
}

/* One line of JSON, then the filters. */
static int parse(const char *name, struct buf *b, struct running *ret,
		 struct err *e)
{
	char *end = memchr(b->p, '\n', b->len);
	AUTO(json_free)
	struct json_object *o =
		end ? json_parse(name, b->p, (size_t)(end - b->p), e) : NULL;
	const char *image, *plan, *record;
	struct buf rest = BUF_INIT;
	int64_t pid;

	if (!end) /* it is being written */
		return 0;
	if (!o || json_get_str(o, "image", &image, e) ||
	    json_get_str(o, "plan", &plan, e) ||
	    json_get_str(o, "record", &record, e) ||
	    json_get_i64(o, "pid", 0, &pid, e) ||
	    json_get_i64(o, "started", 0, &ret->started, e) ||
	    json_get_strv(o, "command", &ret->command, e))
		return -1;
	ret->pid = (pid_t)pid;
	ret->name = xstrdup(name);
	ret->image = xstrdup(image ? image : "");
	ret->plan = xstrdup(plan ? plan : "");
	ret->record = record ? xstrdup(record) : NULL;
	rest.p = end + 1;
	rest.len = b->len - (size_t)(end + 1 - b->p);
	if (parse_filters(o, rest, ret, e) < 0)
		return -1;
	return 1;
}

/* 1 with *ret; 0: none runs under that name (any more, or yet); -1. */
static int look(int dir, const char *name, struct running *ret, struct err *e)
{
	AUTO(running_done) struct running r = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err why = ERR_INIT;
	auto_fd fd = lock_open_at(dir, name, LOCK_TRY_EXCLUSIVE, &why);
	int known;

	if (fd >= 0) { /* its launcher is dead */
		(void)unlinkat(dir, name, 0);
		return 0;
	}
	if (why.kind == ERR_CONFLICT &&
	    file_read_at(dir, name, FILE_MAX, &b, &why) < 0)
		return why.kind == ERR_MISSING ? 0 : give(e, &why);
	if (why.kind != ERR_CONFLICT)
		return give(e, &why);
	if (!b.len) /* claimed, not started */
		return 0;
	known = parse(name, &b, &r, e);
	if (known <= 0)
		return known;
	if (kill(r.pid, 0) < 0 && errno == ESRCH)
		return 0;
	*ret = r;
	r = (struct running){ 0 };
	return 1;
}

int running_find(const char *runtime, const char *name, struct running *ret,
		 struct err *e)
{
	auto_fd dir = id_is_name(name) ? open_dir(runtime) : -1;
	struct stat st;
	int r = 0;

	/* asked first: to look takes a lock, and that makes the file */
	if (dir >= 0 && !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		r = look(dir, name, ret, e);
	if (r < 0)
		return -1;
	return r ? 0
		 : err_set(e, ERR_MISSING, "%s: no sandbox of that name runs",
			   name);
}

static int by_start(const void *a, const void *b)
{
	const struct running *x = a, *y = b;

	return x->started != y->started ? (x->started > y->started) * 2 - 1
					: strcmp(x->name, y->name);
}

int running_list(const char *runtime, struct running_list *ret, struct err *e)
{
	AUTO(running_list_done) struct running_list l = { 0 };
	AUTO(strv_free) char **names = NULL;
	auto_fd dir = open_dir(runtime);

	if (dir < 0)
		return errno == ENOENT
			       ? 0
			       : err_sys(e, "open %s/" RUNNING_DIR, runtime);
	if (staging_list(dir, ".", &names, e) < 0)
		return -1;
	strv_foreach (name, names) {
		struct running r = { 0 };
		int found = id_is_name(*name) ? look(dir, *name, &r, e) : 0;

		if (found < 0)
			return -1;
		if (!found)
			continue;
		*GROW(l.v, l.n) = r;
		l.n++;
	}
	if (l.n)
		qsort(l.v, l.n, sizeof(*l.v), by_start);
	*ret = l;
	l = (struct running_list){ 0 };
	return 0;
}
