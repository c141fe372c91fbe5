/*
 * cgroup_set.c - limits of a cgroup: written, and compared with what the
 * kernel then reports. Knows how values come back, not what they mean.
 */
#include "kernel/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/cgroup_devices.h"

#define FILE_MAX  (256u << 10)
#define NAME_MAX_ 96
#define UNLIMITED UINT64_MAX
/* What version 1 reports for "-1": all pages there can be. */
#define V1_UNLIMITED ((uint64_t)INT64_MAX / 4096 * 4096)

struct setting {
	bool optional;
	char file[NAME_MAX_];
	const char *value;
};

static int split(const char *text, struct setting *ret, struct err *e)
{
	const char *eq;

	ret->optional = *text == '?';
	text += ret->optional;
	eq = strchr(text, '=');
	if (!eq || eq == text || (size_t)(eq - text) >= sizeof(ret->file) ||
	    memchr(text, '/', (size_t)(eq - text)))
		return err_set(e, ERR_INPUT,
			       "cgroup setting \"%s\": expected FILE=VALUE",
			       text);
	memcpy(ret->file, text, (size_t)(eq - text));
	ret->file[eq - text] = '\0';
	ret->value = eq + 1;
	return 0;
}

static bool has_file(const struct cgroup *c, const char *file)
{
	int dir = cgroup_dir_of(c, file);
	auto_fd fd =
		dir < 0 ? -1 : path_open(dir, file, PATH_STRICT, O_PATH, 0);

	return fd >= 0;
}

/* Of "FILE|OTHER" the one that is there; the first when there is none. */
static void choose(const struct cgroup *c, struct setting *s)
{
	char *other = strchr(s->file, '|');
	bool has_first;

	if (!other)
		return;
	*other++ = '\0';
	has_first = has_file(c, s->file);
	if (!has_first && has_file(c, other))
		memmove(s->file, other, strlen(other) + 1);
}

int cgroup_dir_of(const struct cgroup *c, const char *file)
{
	auto_free char *controller = xstrndup(file, strcspn(file, "."));
	int unified = -1;

	for (size_t i = 0; i < c->n; i++) {
		const struct cgroup_dir *d = &c->dirs[i];

		if (!*d->controllers)
			unified = d->fd;
		else if (cgroup_list_has(d->controllers, ',', controller))
			return d->fd;
	}
	return unified;
}

int cgroup_read(const struct cgroup *c, const char *file, char **ret,
		struct err *e)
{
	auto_free char *text = xmalloc(FILE_MAX);
	int dir = cgroup_dir_of(c, file);

	*ret = NULL;
	if (dir < 0)
		return 0;
	if (cgroup_read_at(dir, file, text, FILE_MAX) < 0)
		/* EOPNOTSUPP: pressure that this kernel was told not to count
		 */
		return errno == ENOENT || errno == EOPNOTSUPP
			       ? 0
			       : err_sys(e, "read %s of a cgroup", file);
	*ret = xstrdup(text);
	return 0;
}

/* ---- writing ---- */

static int is_missing(const struct setting *s, struct err *e)
{
	if (s->optional)
		return 0;
	return err_set(e, ERR_HOST,
		       "cgroup setting %s=%s: there is no such file: the "
		       "controller is not delegated, or this kernel does not "
		       "know the setting",
		       s->file, s->value);
}

static int write_lines(int dir, const struct setting *s)
{
	AUTO(strv_free) char **lines = strv_split(s->value, '\n');

	strv_foreach (line, lines)
		if (cgroup_write_at(dir, s->file, *line) < 0)
			return -1;
	return 0;
}

static int set_one(const struct cgroup *c, const char *text, struct err *e)
{
	struct setting s;
	int dir;

	if (split(text, &s, e) < 0)
		return -1;
	choose(c, &s);
	dir = cgroup_dir_of(c, s.file);
	if (dir < 0)
		return is_missing(&s, e);
	if (write_lines(dir, &s) == 0)
		return 0;
	if (errno == ENOENT)
		return is_missing(&s, e);
	return err_sys(e, "cgroup setting %s=%s", s.file, s.value);
}

static bool is_device(const char *setting)
{
	return !strncmp(setting, "devices.", 8);
}

/* Version 2: all rows of devices are one program. */
static int set_devices(const struct cgroup *c, char *const *settings,
		       struct err *e)
{
	int dir = cgroup_clone_fd(c);
	AUTO(buf_done) struct buf program = BUF_INIT;
	AUTO(strv_free) char **rows = NULL;

	strv_foreach (s, settings)
		if (dir >= 0 && is_device(*s))
			strv_add(&rows, *s);
	if (!rows)
		return 0;
	if (cgroup_devices_compile(rows, &program, e) < 0)
		return -1;
	return cgroup_devices_attach(dir, &program, e);
}

/* Of two limits that bound each other (memory, and memory with swap) now this
 * and now that must be written first. */
int cgroup_set(const struct cgroup *c, char *const *settings, struct err *e)
{
	AUTO(strv_free) char **again = NULL;
	struct err first = ERR_INIT;

	strv_foreach (s, settings) {
		if (is_device(*s) && cgroup_clone_fd(c) >= 0)
			continue; /* see below */
		if (set_one(c, *s, &first) == 0)
			continue;
		if (first.errnum != EINVAL) {
			if (e)
				*e = first;
			return -1;
		}
		strv_add(&again, *s);
	}
	strv_foreach (s, again)
		if (set_one(c, *s, e) < 0)
			return -1;
	return set_devices(c, settings, e);
}

/* ---- comparing ---- */

/* "2MB" of "hugetlb.2MB.max"; else a page. */
static uint64_t unit_of(const char *file)
{
	auto_free char *size = NULL;
	uint64_t n;

	if (strncmp(file, "hugetlb.", 8) != 0)
		return (uint64_t)sysconf(_SC_PAGESIZE);
	size = xstrndup(file + 8, strcspn(file + 8, "."));
	return num_size(size, file, &n, NULL) < 0 || !n ? 1 : n;
}

/* Bytes: "max", "-1", a number. */
static bool bytes(const char *text, uint64_t *ret)
{
	auto_free char *word = xstrndup(text, strcspn(text, "\n"));

	if (!strcmp(word, "max") || !strcmp(word, "-1"))
		*ret = UNLIMITED;
	else if (num_u64(word, UINT64_MAX, "", ret, NULL) < 0)
		return false;
	if (*ret >= V1_UNLIMITED)
		*ret = UNLIMITED;
	return true;
}

static bool is_bytes(const char *file)
{
	static const char *const ends[] = { ".max", ".high", ".low", ".min",
					    "_in_bytes" };
	size_t n = strlen(file);

	if (strncmp(file, "memory.", 7) != 0 &&
	    strncmp(file, "hugetlb.", 8) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t len = strlen(ends[i]);

		if (n > len && !strcmp(file + n - len, ends[i]))
			return true;
	}
	return false;
}

static bool same_bytes(const char *file, const char *want, const char *got)
{
	uint64_t a, b;

	if (!bytes(want, &a) || !bytes(got, &b))
		return false;
	return a == b || (b < a && a != UNLIMITED && a - b < unit_of(file));
}

#define CPUS_MAX 8192

/* "0-3,7" as a set. */
static bool read_set(const char *text, uint8_t set[CPUS_MAX / 8])
{
	AUTO(strv_free) char **parts = NULL;
	auto_free char *line = xstrndup(text, strcspn(text, "\n"));

	parts = strv_split(line, ',');
	memset(set, 0, CPUS_MAX / 8);
	strv_foreach (part, parts) {
		char *dash = strchr(*part, '-');
		uint64_t from, to;

		if (!**part)
			continue;
		if (dash)
			*dash = '\0';
		if (num_u64(*part, CPUS_MAX - 1, "", &from, NULL) < 0 ||
		    num_u64(dash ? dash + 1 : *part, CPUS_MAX - 1, "", &to,
			    NULL) < 0)
			return false;
		for (; from <= to; from++)
			set[from / 8] |= (uint8_t)(1u << from % 8);
	}
	return true;
}

static bool same_set(const char *want, const char *got)
{
	uint8_t a[CPUS_MAX / 8], b[CPUS_MAX / 8];

	return read_set(want, a) && read_set(got, b) &&
	       !memcmp(a, b, sizeof(a));
}

/* Are the words of `want` among those of the line, in their order? */
static bool has_words(const char *want, const char *line)
{
	AUTO(strv_free) char **words = strv_split(want, ' ');
	AUTO(strv_free) char **found = strv_split(line, ' ');
	char *const *at = found;

	strv_foreach (word, words) {
		if (!**word)
			continue;
		while (at && *at && strcmp(*at, *word) != 0)
			at++;
		if (!at || !*at)
			return false;
		at++;
	}
	return true;
}

/* "8:0 rbps=max", "8:0 0": no limit, of which there is no line. */
static bool lifts(const char *want)
{
	const char *last = strrchr(want, ' ');

	if (!last)
		return false;
	if (!strcmp(last, " 0"))
		return true;
	return !strstr(want, "=0") && strstr(want, "=max") &&
	       strspn(strchr(want, '=') + 1, "max rwbiops=") ==
		       strlen(strchr(want, '=') + 1);
}

static bool same_lines(const char *want, const char *got)
{
	AUTO(strv_free) char **lines = strv_split(want, '\n');
	AUTO(strv_free) char **reported = strv_split(got, '\n');

	strv_foreach (line, lines) {
		bool found = lifts(*line);

		strv_foreach (r, reported)
			found |= has_words(*line, *r);
		if (!found)
			return false;
	}
	return true;
}

static bool is_write_only(const char *file)
{
	return !strncmp(file, "devices.", 8) || !strcmp(file, "cgroup.kill") ||
	       !strcmp(file, "memory.reclaim");
}

static bool is_same(const char *file, const char *want, const char *got)
{
	if (!strcmp(file, "cpuset.cpus") || !strcmp(file, "cpuset.mems"))
		return same_set(want, got);
	return is_bytes(file) ? same_bytes(file, want, got)
			      : same_lines(want, got);
}

static int check_one(const struct cgroup *c, const char *text, struct err *e)
{
	auto_free char *got = NULL;
	struct setting s;

	if (split(text, &s, e) < 0)
		return -1;
	choose(c, &s);
	if (is_write_only(s.file))
		return 0;
	if (cgroup_read(c, s.file, &got, e) < 0)
		return -1;
	if (!got && s.optional)
		return 0;
	if (!got)
		return err_set(e, ERR_VERIFY, "cgroup setting %s is gone",
			       s.file);
	if (is_same(s.file, s.value, got))
		return 0;
	got[strcspn(got, "\n")] = '\0';
	return err_set(e, ERR_VERIFY,
		       "cgroup setting %s is \"%.60s\" instead of \"%.60s\"",
		       s.file, got, s.value);
}

int cgroup_check(const struct cgroup *c, char *const *settings, struct err *e)
{
	strv_foreach (s, settings)
		if (check_one(c, *s, e) < 0)
			return -1;
	return 0;
}
