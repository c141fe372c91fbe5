/*
 * load.c - archives into the store: starts the confined worker, answers its
 * questions, collects what it has prepared and publishes that.
 *
 * Does not read a byte of the archive, nor believe what the worker says: the
 * forms are checked here, the new images read again before they get a name.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/idspace.h"
#include "base/retry.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "format/digest.h"
#include "format/ref.h"
#include "kernel/idjob.h"
#include "store/blob.h"
#include "store/msg.h"
#include "store/parts.h"
#include "store/publish.h"
#include "store/staging.h"
#include "store/worker.h"

struct load {
	struct store *store;
	const struct host *host;
	const struct load_budget *budget;
	const char *name; /* import: of the image */
	struct publish found;
	uint64_t deadline; /* CLOCK_MONOTONIC, milliseconds */
	bool done;
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- the worker's arguments ---- */

static void add_number(char ***v, uint64_t n)
{
	strv_take(v, xasprintf("%llu", (unsigned long long)n));
}

/* Ids of the image: those above id 0, which root takes from its range. */
static uint64_t image_ids(const struct host *h, const struct id_range *v,
			  size_t n)
{
	uint32_t size = idspace_size(v, n);

	return h->uid == 0 && size ? size - 1 : size;
}

/* load|import ARCH UIDS GIDS BYTES ENTRIES RATIO SECONDS; 0 ids: all files
 * belong to the user (a single id). */
static char **worker_words(const struct load *l)
{
	const struct host *h = l->host;
	bool single = idjob_is_single(h);
	char **v = NULL;

	strv_add(&v, l->name ? "import" : "load");
	strv_add(&v, h->arch);
	add_number(&v, single ? 0 : image_ids(h, h->subuid, h->n_subuid));
	add_number(&v, single ? 0 : image_ids(h, h->subgid, h->n_subgid));
	add_number(&v, l->budget->bytes);
	add_number(&v, l->budget->entries);
	add_number(&v, l->budget->ratio);
	add_number(&v, l->budget->seconds);
	return v;
}

/* ---- its messages ---- */

/* A layer counts as there only with the owners that this host gives. */
static int has_layer(struct load *l, const char *diff_id, bool *ret,
		     struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	const char *want = idjob_is_single(l->host) ? "single" : "ids";
	auto_free char *path = NULL;
	struct err why = ERR_INIT;

	if (blob_check_digest(diff_id, "diff id", e))
		return -1;
	path = xasprintf("%s/" LAYER_OWNERS, digest_hex(diff_id));
	if (file_read_at(l->store->layers, path, 16, &b, &why)) {
		*ret = false;
		if (why.kind == ERR_MISSING)
			return 0;
		*e = why;
		return -1;
	}
	if (strcmp(b.p ? b.p : "", want))
		return err_set(e, ERR_CONFLICT,
			       "layer %s: unpacked when this user had %s"
			       "subordinate ids; remove its images (`immure "
			       "rmi`), then load again",
			       diff_id, *want == 's' ? "" : "no ");
	*ret = true;
	return 0;
}

static int answer(struct load *l, int sock, const struct msg *m, struct err *e)
{
	struct msg reply = { .what = MSG_ANSWER };
	bool yes = false;

	if (m->what == MSG_ASK_LAYER) {
		if (has_layer(l, m->digest, &yes, e))
			return -1;
	} else {
		if (blob_check_digest(m->digest, "blob", e))
			return -1;
		yes = blob_is_there(l->store, m->digest, m->size);
	}
	reply.size = yes;
	return msg_send(sock, &reply, e);
}

static int take_message(struct load *l, int sock, const struct msg *m,
			struct err *e)
{
	const struct load_budget *b = l->budget;
	const char *name = l->name ? l->name : *m->text ? m->text : NULL;

	switch (m->what) {
	case MSG_PROGRESS:
		if (b->progress)
			b->progress(m->text);
		return 0;
	case MSG_WARN:
		if (b->warn)
			b->warn(m->text);
		return 0;
	case MSG_ASK_LAYER:
	case MSG_ASK_BLOB:
		return answer(l, sock, m, e);
	case MSG_BLOB:
		return publish_add(&l->found.blobs, m->digest, m->size, NULL,
				   e);
	case MSG_LAYER:
		return publish_add(&l->found.layers, m->digest, 0, NULL, e);
	case MSG_IMAGE:
		return publish_add(&l->found.images, m->digest, m->size, name,
				   e);
	case MSG_DONE:
		l->done = true;
		return 0;
	case MSG_ERROR:
		*e = m->err;
		return -1;
	default:
		return err_set(e, ERR_VERIFY, "immure-image sent message %d",
			       (int)m->what);
	}
}

/* 1: a message is there (or the end), 0 never, -1: out of time. */
static int wait_message(const struct load *l, int sock, struct err *e)
{
	for (;;) {
		struct pollfd p = { .fd = sock, .events = POLLIN };
		uint64_t now = now_ms();
		uint64_t left = now < l->deadline ? l->deadline - now : 0;
		int r = left ? RETRY(poll(&p, 1,
					  left > 60000 ? 60000 : (int)left))
			     : 0;

		if (r > 0)
			return 1;
		if (r < 0)
			return err_sys(e, "wait for immure-image");
		if (!left)
			return err_set(e, ERR_LIMIT,
				       "it took more than %llu seconds",
				       (unsigned long long)l->budget->seconds);
	}
}

static int listen_to(struct load *l, int sock, struct err *e)
{
	struct msg m;
	int r;

	for (;;) {
		if (wait_message(l, sock, e) < 0)
			return -1;
		r = msg_recv(sock, &m, e);
		if (r <= 0)
			return r;
		if (take_message(l, sock, &m, e))
			return -1;
	}
}

/* ---- the whole ---- */

static int end_error(int status, struct err *e)
{
	if (status == 128 + SIGSYS)
		return err_set(e, ERR_VERIFY,
			       "immure-image made a system call that it must "
			       "not make, and was killed");
	return err_set(e, ERR_SYS, "immure-image ended with status %d", status);
}

/* As root the worker is another user: the staging directory must be its. */
static int give_away(const struct host *h, int dir, struct err *e)
{
	uid_t uid;
	gid_t gid;

	if (idjob_owner(h, &uid, &gid, e))
		return -1;
	if (uid != geteuid() && fchown(dir, uid, gid))
		return err_sys(e, "give the staging directory to %u", uid);
	return 0;
}

static int run_worker(struct load *l, struct worker *w, struct err *e)
{
	AUTO(strv_free) char **words = worker_words(l);
	auto_fd mine = -1, its = -1;
	int pair[2], status, r;
	pid_t pid;

	if (fd_socketpair(pair, e))
		return -1;
	mine = pair[0];
	its = pair[1];
	w->words = words;
	w->sock = its;
	pid = worker_start(l->host, w, e);
	if (pid < 0)
		return -1;
	close(TAKE_FD(its));
	r = listen_to(l, mine, e);
	if (r < 0)
		/* ESRCH is not possible, it is not reaped */
		kill(pid, SIGKILL);
	status = spawn_wait(pid, r < 0 ? NULL : e);
	if (r < 0 || status < 0)
		return -1;
	if (status != 0 || !l->done)
		return end_error(status, e);
	return 0;
}

static int load_staged(struct load *l, const struct staging *g,
		       struct worker *w, struct err *e)
{
	w->tree = g->path;
	if (give_away(l->host, g->dir, e) || run_worker(l, w, e))
		return -1;
	if (!l->found.images.n)
		return err_set(e, ERR_INPUT, "there is no image in it");
	return publish_all(l->store, g->dir, &l->found, e);
}

static int load_all(struct load *l, struct worker *w, struct err *e)
{
	AUTO(staging_done) struct staging g = { .dir = -1 };
	size_t ignored;
	int r;

	l->deadline = now_ms() + l->budget->seconds * 1000;
	/* left-overs that cannot be removed are gc's to complain about */
	staging_sweep(l->store, l->host, &ignored, NULL);
	if (staging_new(l->store, &g, e))
		return -1;
	r = load_staged(l, &g, w, e);
	/* what is left of it is swept by the next load or gc */
	staging_remove(l->store, l->host, g.name, NULL);
	return r;
}

/* Names as they are shown; the digest of an image without. */
static char **loaded_names(const struct publish_set *images)
{
	char **v = NULL;

	for (size_t i = 0; i < images->n; i++) {
		AUTO(ref_done) struct ref r = { 0 };
		const struct publish_item *item = &images->v[i];

		if (item->name && ref_parse(item->name, &r, NULL) == 0)
			strv_take(&v, ref_familiar(&r));
		else
			strv_add(&v, item->digest);
	}
	return v;
}

static int start(struct load *l, struct worker *w, char ***names, struct err *e)
{
	int r = load_all(l, w, e);

	if (r == 0 && names)
		*names = loaded_names(&l->found.images);
	publish_done(&l->found);
	return r;
}

int store_load(struct store *s, const struct host *h,
	       const struct load_source *from, char ***names, struct err *e)
{
	struct load l = { .store = s, .host = h, .budget = from->budget };
	struct worker w = { .in = from->dir ? -1 : from->fd, .oci = from->dir };

	return start(&l, &w, names, e);
}

int store_import(struct store *s, const struct host *h,
		 const struct load_source *from, const char *name,
		 struct err *e)
{
	struct load l = {
		.store = s, .host = h, .budget = from->budget, .name = name
	};
	struct worker w = { .in = from->fd };
	AUTO(ref_done) struct ref r = { 0 };

	if (ref_parse(name, &r, e))
		return -1;
	return start(&l, &w, NULL, e);
}
