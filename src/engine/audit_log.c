/*
 * audit_log.c - writes and rotates the log of decisions.
 *
 * Does not decide what a failure means: the engine does, by the policy. It
 * never waits for another writer but while it rotates.
 */
#include "engine/audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/path.h"
#include "base/sha256.h"

#define LOG_NAME "audit.log"
/* of one text in a line: five of them, escaped sixfold at worst, fit */
#define TEXT_MAX 120

/* ---- a line ---- */

/* 2026-11-25T03:46:24.123Z; by hand, because libc's gmtime reads files. */
static void add_time(struct json_out *j)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	struct timespec now = { 0 };
	int64_t day, second;
	char text[96]; /* of any seven ints */
	int year = 1970, month = 0;

	/* it fails for a clock that there is not, and this one is there */
	(void)clock_gettime(CLOCK_REALTIME, &now);
	day = now.tv_sec / 86400;
	second = now.tv_sec % 86400;
	for (;; year++) {
		bool leap = (year % 4 == 0 && year % 100) || year % 400 == 0;

		if (day >= 365 + leap) {
			day -= 365 + leap;
			continue;
		}
		for (; day >= days[month] + (leap && month == 1); month++)
			day -= days[month] + (leap && month == 1);
		break;
	}
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
		 year, month + 1, (int)day + 1, (int)(second / 3600),
		 (int)(second / 60 % 60), (int)(second % 60),
		 (int)(now.tv_nsec / 1000000));
	json_out_str(j, "time", text);
}

/* A text, shortened where it is long: a line has its bounds. */
static void add_text(struct json_out *j, const char *key, const char *s)
{
	auto_free char *part = NULL;
	size_t n = TEXT_MAX;

	if (!s || strlen(s) <= n) {
		json_out_str(j, key, s);
		return;
	}
	while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	part = xasprintf("%.*s...", (int)n, s);
	json_out_str(j, key, part);
}

/* The finding that a line names: the first denial, else the first of all,
 * which tells where the root comes from. */
static const struct finding *find_reason(const struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (!v->findings[i].permitted)
			return &v->findings[i];
	return v->n ? &v->findings[0] : NULL;
}

static void make_line(const struct host *h, const struct plan *p,
		      const struct verdict *v, struct buf *b)
{
	const struct finding *f = find_reason(v);
	char hash[SHA256_HEX + 1];
	struct json_out j;
	size_t denied = 0;

	for (size_t i = 0; i < v->n; i++)
		denied += !v->findings[i].permitted;
	sha256_hex(v->hash, hash);
	json_out_init(&j, b, false);
	json_out_obj(&j, NULL);
	add_time(&j);
	json_out_u64(&j, "uid", h->uid);
	json_out_u64(&j, "gid", h->gid);
	add_text(&j, "user", h->user);
	json_out_str(&j, "verdict", v->permitted ? "permit" : "deny");
	json_out_str(&j, "plan", hash);
	add_text(&j, "subject", p->subject);
	json_out_u64(&j, "findings", v->n);
	json_out_u64(&j, "denied", denied);
	add_text(&j, "what", f ? f->what : NULL);
	add_text(&j, "rule", f ? f->rule : NULL);
	add_text(&j, "file", f ? f->file : NULL);
	json_out_u64(&j, "line", f ? f->line : 0);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

/* ---- the file ---- */

static int no_dir(struct err *e)
{
	return err_set(e, ERR_HOST,
		       "audit log: there is no state directory: set HOME or "
		       "XDG_STATE_HOME");
}

/* In the state directory, which is made when it is not there yet. */
static int open_log(const struct host *h, struct err *e)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW |
			  O_NONBLOCK | O_NOCTTY;
	auto_free char *path = path_join(h->state_dir, LOG_NAME);
	int fd = path_open(AT_FDCWD, path, PATH_HOST, flags, 0600);

	if (fd < 0 && errno == ENOENT) {
		if (file_make_dirs(h->state_dir, e) < 0)
			return err_prefix(e, "audit log");
		fd = path_open(AT_FDCWD, path, PATH_HOST, flags, 0600);
	}
	return fd < 0 ? err_sys(e, "audit log: open %s", path) : fd;
}

static int check_log(const struct stat *st, uid_t uid, const char *dir,
		     struct err *e)
{
	if (S_ISREG(st->st_mode) && st->st_uid == uid && !(st->st_mode & 077))
		return 0;
	return err_set(e, ERR_INPUT,
		       "audit log: %s/" LOG_NAME
		       ": owned by uid %u, mode %07o: others could have "
		       "written it: move it away",
		       dir, st->st_uid, st->st_mode);
}

/* audit.log.3 for 3, audit.log for 0. */
static const char *log_name(int n, char ret[32])
{
	snprintf(ret, 32, n ? LOG_NAME ".%d" : LOG_NAME, n);
	return ret;
}

static int open_dir(const struct host *h, struct err *e)
{
	int fd = path_open(AT_FDCWD, h->state_dir, PATH_HOST,
			   O_RDONLY | O_DIRECTORY, 0);

	return fd < 0 ? err_sys(e, "audit log: open %s", h->state_dir) : fd;
}

/* Every file gets the next number; another process may have been quicker. */
static int rotate(const struct host *h, struct err *e)
{
	auto_fd dir = open_dir(h, e), lock = -1;
	char from[32], to[32];
	struct stat st;

	if (dir < 0)
		return -1;
	lock = lock_open_at(dir, "audit.lock", LOCK_EXCLUSIVE, e);
	if (lock < 0)
		return err_prefix(e, "audit log");
	if (fstatat(dir, LOG_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_sys(e, "audit log: look");
	if (st.st_size < (off_t)AUDIT_LOG_SIZE)
		return 0;
	for (int n = AUDIT_LOG_FILES - 1; n > 0; n--) {
		/* ENOENT: there are not that many yet */
		if (renameat(dir, log_name(n - 1, from), dir, log_name(n, to)) <
			    0 &&
		    errno != ENOENT)
			return err_sys(e, "audit log: rename %s", from);
	}
	return 0;
}

int audit_log_append(const struct host *h, const struct plan *p,
		     const struct verdict *v, struct err *e)
{
	AUTO(buf_done) struct buf line = BUF_INIT;
	auto_fd fd = -1;
	struct stat st;

	if (!h->state_dir)
		return no_dir(e);
	make_line(h, p, v, &line);
	fd = open_log(h, e);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return err_sys(e, "audit log: stat");
	if (check_log(&st, h->uid, h->state_dir, e) < 0)
		return -1;
	if (st.st_size >= (off_t)AUDIT_LOG_SIZE) {
		if (rotate(h, e) < 0)
			return -1;
		close(TAKE_FD(fd));
		fd = open_log(h, e);
		if (fd < 0)
			return -1;
	}
	if (fd_write_all(fd, line.p, line.len) < 0)
		return err_sys(e, "audit log: write to %s/" LOG_NAME,
			       h->state_dir);
	return 0;
}

static int read_one(int dir, int n, struct buf *ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err why = ERR_INIT;
	char name[32];

	/* a writer may finish its line after the limit was reached */
	if (file_read_at(dir, log_name(n, name), 2 * AUDIT_LOG_SIZE, &b, &why) <
	    0) {
		if (why.kind == ERR_MISSING)
			return 0;
		if (e)
			*e = why;
		return err_prefix(e, "audit log");
	}
	if (b.len)
		buf_add(ret, b.p, b.len);
	return 0;
}

int audit_log_read(const struct host *h, struct buf *ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_fd dir = -1;

	if (!h->state_dir)
		return no_dir(e);
	dir = path_open(AT_FDCWD, h->state_dir, PATH_HOST,
			O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return errno == ENOENT
			       ? 0
			       : err_sys(e, "audit log: open %s", h->state_dir);
	for (int n = AUDIT_LOG_FILES - 1; n >= 0; n--)
		if (read_one(dir, n, &b, e) < 0)
			return -1;
	buf_done(ret);
	*ret = b;
	b = (struct buf)BUF_INIT;
	return 0;
}
