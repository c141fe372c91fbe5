/*
 * bench.h - a struct work as immure-image has it once it has shut itself in:
 * its directories, its hash, one id, and a socket with the test at the other
 * end in the store's place.
 */
#ifndef TESTS_STORE_BENCH_H
#define TESTS_STORE_BENCH_H

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <archive.h>
#include <archive_entry.h>
#include "tar.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sha256.h"
#include "store/work.h"

struct bench {
	char path[64];
	int dir;
	struct work w;
	int store; /* its end of the socket */
};

static inline int bench_setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	struct work *w = &b->w;
	struct err e = ERR_INIT;
	int pair[2];

	signal(SIGPIPE, SIG_IGN);
	b->dir = unit_make_dir(b->path);
	assert_ok(fd_socketpair(pair, &e), &e);
	b->store = pair[0];
	*w = (struct work){ .arch = "amd64", .in = -1, .oci = -1, .probe = -1 };
	w->limits = (struct unpack_limits){
		.bytes = 1 << 20, .entries = 1000, .ratio = 200, .seconds = 60
	};
	w->sock = pair[1];
	w->cpus = 2;
	w->root = b->dir;
	w->blobs = file_open_dir(b->dir, "blobs", true, &e);
	w->layers = file_open_dir(b->dir, "layers", true, &e);
	w->hash = hash_new(&e);
	w->use = mmap(NULL, sizeof(*w->use), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(w->hash && w->use != MAP_FAILED);
	*state = b;
	return w->blobs < 0 || w->layers < 0;
}

static inline int bench_teardown(void **state)
{
	struct bench *b = *state;
	/* not w.in: it is standard input where there is one */
	const int fds[] = { b->dir,	b->store, b->w.sock,
			    b->w.blobs, b->w.oci, b->w.layers };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	for (size_t i = 0; i < b->w.n_files; i++) {
		free(b->w.files[i].path);
		free(b->w.files[i].link);
	}
	free(b->w.files);
	munmap(b->w.use, sizeof(*b->w.use));
	hash_free(b->w.hash);
	unit_remove_dir(b->path);
	free(b);
	return 0;
}

/* For tests of several rows: an empty bench again. */
static inline struct bench *bench_anew(void **state)
{
	bench_teardown(state);
	assert_int_equal(bench_setup(state), 0);
	return *state;
}

static inline bool bench_has(struct bench *b, const char *path)
{
	struct stat st;

	return fstatat(b->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Standard output is /dev/null, as immure-image has it; bench_loud with what
 * this returns. */
static inline int bench_quiet(void)
{
	auto_fd null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int was = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	fflush(stdout);
	assert_int_equal(dup2(null, STDOUT_FILENO), STDOUT_FILENO);
	return was;
}

static inline void bench_loud(int was)
{
	assert_int_equal(dup2(was, STDOUT_FILENO), STDOUT_FILENO);
	close(was);
}

/* ---- what is staged ---- */

/* A blob in blobs/; `ret_hex` is its name. */
static inline void bench_blob(struct bench *b, const struct buf *data,
			      char ret_hex[SHA256_HEX + 1])
{
	struct err e = ERR_INIT;

	sha256_of(data->p, data->len, ret_hex);
	assert_ok(file_write_at(b->w.blobs, ret_hex, data->p, data->len, &e),
		  &e);
}

/* A file of the archive; valid until the next one is added. */
static inline struct staged *bench_file(struct bench *b, const char *path,
					const struct buf *data)
{
	struct staged *s = GROW(b->w.files, b->w.n_files);

	b->w.n_files++;
	s->path = xstrdup(path);
	s->size = data->len;
	bench_blob(b, data, s->hex);
	return s;
}

static inline struct staged *bench_text(struct bench *b, const char *path,
					const char *text)
{
	AUTO(buf_done) struct buf data = BUF_INIT;

	buf_str(&data, text);
	return bench_file(b, path, &data);
}

static inline void bench_link(struct bench *b, const char *path, const char *to)
{
	struct staged *s = GROW(b->w.files, b->w.n_files);

	b->w.n_files++;
	s->path = xstrdup(path);
	s->link = xstrdup(to);
}

/* A layer: a tar of one file that holds `text`. */
static inline void bench_layer(const char *text, struct buf *ret)
{
	tar_add(ret, &(struct tar_entry)TAR_DATA("file", text));
	tar_end(ret);
}

/* The same in gzip or zstd. */
static inline void bench_squeeze(const struct buf *in, enum compression kind,
				 struct buf *ret)
{
	struct archive *a = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	size_t used = 0, room = in->len + 65536;
	auto_free char *out = xmalloc(room);

	assert_int_equal(kind == COMP_GZIP ? archive_write_add_filter_gzip(a)
					   : archive_write_add_filter_zstd(a),
			 ARCHIVE_OK);
	archive_write_set_format_raw(a);
	archive_write_set_bytes_in_last_block(a, 1);
	archive_write_open_memory(a, out, room, &used);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_write_header(a, entry);
	archive_write_data(a, in->p, in->len);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(a);
	buf_add(ret, out, used);
}

/* ---- the store's end ---- */

/* Answers that wait for the questions to come: "10" is yes, then no. */
static inline void bench_answer(struct bench *b, const char *answers)
{
	for (; *answers; answers++) {
		struct msg m = { .what = MSG_ANSWER, .size = *answers == '1' };
		struct err e = ERR_INIT;

		assert_ok(msg_send(b->store, &m, &e), &e);
	}
}

/* The next thing it said; false: nothing more. */
static inline bool bench_hear(struct bench *b, struct msg *ret)
{
	struct pollfd p = { .fd = b->store, .events = POLLIN };
	struct err e = ERR_INIT;

	if (poll(&p, 1, 0) <= 0)
		return false;
	assert_int_equal(msg_recv(b->store, ret, &e), 1);
	return true;
}

/* All it said since, progress left out: "word digest text" with the first
 * twelve digits of the digest, a line each. Heap. */
static inline char *bench_said(struct bench *b)
{
	static const char *const words[MSG_COUNT] = {
		[MSG_WARN] = "warn",	  [MSG_ASK_LAYER] = "layer?",
		[MSG_ASK_BLOB] = "blob?", [MSG_BLOB] = "blob",
		[MSG_LAYER] = "layer",	  [MSG_IMAGE] = "image",
		[MSG_ERROR] = "error",	  [MSG_DONE] = "done",
	};
	struct buf said = BUF_INIT;
	struct msg m;

	while (bench_hear(b, &m))
		if (words[m.what])
			buf_printf(&said, "%s %.12s %s\n", words[m.what],
				   *m.digest ? m.digest + 7 : "", m.text);
	return buf_take(&said);
}

/* Children confine themselves for real, which takes capabilities of root and
 * leaves no room for a sanitizer: says so, and is true, where they cannot. */
static inline bool bench_skips(const char *name)
{
	if (geteuid() == 0 && !UNIT_SANITIZED)
		return false;
	printf("skip %s: its children confine themselves, which takes root, "
	       "and no sanitizer\n",
	       name);
	return true;
}

#define BENCH_TEST(fn)                                                         \
	cmocka_unit_test_setup_teardown(fn, bench_setup, bench_teardown)

#endif
