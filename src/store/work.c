/*
 * work.c - the stages of a load, inside immure-image:
 *
 *   1 shut in   the staging directory becomes the root; Landlock, seccomp,
 *               limits. Should: keep what starts children and makes names.
 *               Must not: have read a byte of the archive.
 *   2 intake    a child puts the archive's files into blobs/
 *   3 pick      documents are read, digests and sizes compared
 *   4 apply     children unpack the layers that the store does not have
 *   5 say       what there is, the store publishes it
 */
#include "store/work.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "kernel/confine.h"
#include "kernel/mount.h"
#include "kernel/pivot.h"
#include "store/deliver.h"
#include "store/staging.h"
#include "store/worker.h"

#define CPUS_MAX 8
/* For the children: to own files, and to become the image's root. */
#define MAIN_CAPS                                                              \
	(1ull << CAP_CHOWN | 1ull << CAP_DAC_OVERRIDE | 1ull << CAP_FOWNER |   \
	 1ull << CAP_SETUID | 1ull << CAP_SETGID)

/* ---- talking ---- */

int work_say(struct work *w, enum msg_what what, const char *text,
	     struct err *e)
{
	struct msg m = { .what = what };

	snprintf(m.text, sizeof(m.text), "%s", text);
	return msg_send(w->sock, &m, e);
}

int work_say_digest(struct work *w, enum msg_what what, const char *digest,
		    uint64_t size, struct err *e)
{
	struct msg m = { .what = what, .size = size };

	snprintf(m.digest, sizeof(m.digest), "%s", digest);
	return msg_send(w->sock, &m, e);
}

int work_ask(struct work *w, enum msg_what what, const char *digest,
	     uint64_t size, struct err *e)
{
	struct msg m;
	int r;

	if (work_say_digest(w, what, digest, size, e))
		return -1;
	r = msg_recv(w->sock, &m, e);
	if (r < 0)
		return -1;
	if (r == 0 || m.what != MSG_ANSWER)
		return err_set(e, ERR_BUG, "the store does not answer");
	return m.size == 1;
}

/* ---- stage 1 ---- */

static int parse_words(struct work *w, char *const *v, struct err *e)
{
	struct unpack_limits *l = &w->limits;

	if (strv_len(v) != 8 ||
	    (strcmp(v[0], "load") && strcmp(v[0], "import")))
		return err_set(e, ERR_USAGE,
			       "immure-image is started by immure, not by "
			       "hand");
	w->import = !strcmp(v[0], "import");
	w->arch = v[1];
	if (num_u32(v[2], "uids", &l->uids, e) ||
	    num_u32(v[3], "gids", &l->gids, e) ||
	    num_u64(v[4], INT64_MAX / 2, "bytes", &l->bytes, e) ||
	    num_u64(v[5], 1u << 30, "entries", &l->entries, e) ||
	    num_u64(v[6], 1u << 30, "ratio", &l->ratio, e) ||
	    num_u64(v[7], 1u << 30, "seconds", &l->seconds, e))
		return -1;
	if (!l->ratio || !l->uids != !l->gids)
		return err_set(e, ERR_USAGE, "ratio or ids: 0");
	return 0;
}

/* What needs files of the host, or takes memory that confinement counts. */
static int prepare(struct work *w, struct err *e)
{
	cpu_set_t cpus;
	int n = 1;

	/* names in pax headers are UTF-8; built into glibc and musl. Where
	 * it fails, names beyond ASCII are refused later. */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0)
		n = CPU_COUNT(&cpus);
	w->cpus = n > CPUS_MAX ? CPUS_MAX : n;
	w->hash = hash_new(e);
	w->use = mmap(NULL, sizeof(*w->use), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->use == MAP_FAILED)
		return err_sys(e, "map the counters");
	w->probe = mount_new("tmpfs", "size=4096", 0, e);
	return w->hash && w->probe >= 0 ? 0 : -1;
}

/* The staging directory becomes the whole file system. */
static int enter_tree(struct work *w, struct err *e)
{
	if (pivot_stage(WORKER_FD_TREE, e) ||
	    pivot_commit(WORKER_FD_TREE, 0, e))
		return -1;
	w->root =
		path_open(AT_FDCWD, "/", PATH_HOST, O_RDONLY | O_DIRECTORY, 0);
	if (w->root < 0)
		return err_sys(e, "open the staging directory");
	close(WORKER_FD_TREE);
	return 0;
}

/* All that is left to the worker and to its unpackers. */
static const char *const main_calls[] = {
	/* children, and what they need to confine themselves */
	"clone",
	"wait4",
	"waitid",
	"kill",
	"pipe2",
	"close_range",
	"prctl",
	"seccomp",
	"landlock_create_ruleset",
	"landlock_add_rule",
	"landlock_restrict_self",
	"prlimit64",
	"getrlimit",
	"setrlimit",
	"capget",
	"capset",
	"setgroups",
	"setresuid",
	"setresgid",
	"getgroups",
	"getresuid",
	"getresgid",
	"umask",
	"getppid",
	/* the store at the other end */
	"recvmsg",
	"sendmsg",
	/* files below the staging directory; the unpacker's too */
	"openat",
	"openat2",
	"mkdirat",
	"mknodat",
	"symlinkat",
	"linkat",
	"unlinkat",
	"renameat",
	"renameat2",
	"fchown",
	"fchownat",
	"fchmod",
	"fchmodat2",
	"utimensat",
	"fsetxattr",
	"ftruncate",
	"fsync",
	"pread64",
	"pwrite64",
	"getdents64",
	"statx",
	"mknod",
	NULL,
};

static int shut_in(struct work *w, struct err *e)
{
	struct confine c = { CONFINE_INIT, .landlock_optional = true,
			     .caps = MAIN_CAPS, .syscalls = main_calls };

	c.writable_dir = w->root;
	c.readable_dir = w->oci;
	c.probe = w->probe;
	if (confine_self(&c, e))
		return -1;
	close(w->probe);
	w->probe = -1;
	return 0;
}

static int open_parts(struct work *w, struct err *e)
{
	w->blobs = file_open_dir(w->root, STAGING_BLOBS, true, e);
	w->layers = w->blobs < 0
			    ? -1
			    : file_open_dir(w->root, STAGING_LAYERS, true, e);
	return w->layers < 0 ? -1 : 0;
}

static int run(struct work *w, char *const *words, struct err *e)
{
	if (parse_words(w, words, e) || prepare(w, e) || enter_tree(w, e) ||
	    shut_in(w, e) || open_parts(w, e))
		return -1;
	return w->import ? deliver_import(w, e) : deliver_load(w, e);
}

int work_load(char *const *words, struct err *e)
{
	struct stat st;
	struct work w = { .in = WORKER_FD_IN,
			  .sock = WORKER_FD_SOCK,
			  .oci = -1 };
	struct msg m = { .what = MSG_ERROR };
	struct err why = ERR_INIT;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* EFBIG says it in words */
	if (fstat(WORKER_FD_SOCK, &st) || !S_ISSOCK(st.st_mode) ||
	    fstat(WORKER_FD_TREE, &st) || !S_ISDIR(st.st_mode))
		return err_set(e, ERR_USAGE,
			       "immure-image is started by immure, not by "
			       "hand");
	if (fstat(WORKER_FD_OCI, &st) == 0 && S_ISDIR(st.st_mode))
		w.oci = WORKER_FD_OCI;
	if (run(&w, words, &why) == 0)
		return 0;
	m.err = why;
	return msg_send(w.sock, &m, e);
}

/* ---- removal ----
 * Should: unlink below one directory, of any owner in the id space.
 * Must not: open or change any file, start anything. */

static int shut_in_remover(int tree, struct err *e)
{
	static const char *const calls[] = {
		"openat",    "openat2",	 "unlinkat",  "getdents64", "fchmod",
		"fchmodat2", "fchmodat", "renameat2", NULL
	};
	struct confine c = { CONFINE_INIT, .landlock_optional = true,
			     .caps = 1ull << CAP_DAC_OVERRIDE |
				     1ull << CAP_FOWNER,
			     .syscalls = calls };

	c.writable_dir = tree;
	return confine_self(&c, e);
}

int work_remove(struct err *e)
{
	AUTO(strv_free) char **names = NULL;
	int tree = WORKER_FD_TREE;

	if (shut_in_remover(tree, e) ||
	    staging_list(tree, "the directory", &names, e))
		return -1;
	strv_foreach (name, names)
		if (file_remove_tree(tree, *name, e))
			return -1;
	return 0;
}
