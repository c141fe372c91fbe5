/*
 * spec.h - a container in OCI runtime-spec terms, fully decided but not yet
 * bound to this host: what plan/resolve makes of a request and an image, and
 * what an OCI bundle's config.json parses to. plan/build turns it and the
 * host into a plan.
 */
#ifndef IMMURE_SPEC_H
#define IMMURE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/bundle.h"
#include "immure/cgroup.h"
#include "immure/host.h"

enum need { NEED_REQUIRED = 0, NEED_WANTED, NEED_OFF };

/* Namespaces, as the clone(2) flags. Set in `unshare`: a new one. */
struct spec_idmap {
	uint32_t inside; /* id in the sandbox */
	uint32_t outer;	 /* id in the id space: 0 the user, 1… subuids */
	uint32_t count;
};

/* Facts about a bind source, filled by the engine (open O_PATH + fstat and a
 * walk upwards), never guessed from the path string. */
struct source_facts {
	char *resolved; /* path after symlinks, for messages */
	struct object_id id;
	uint32_t mode;		   /* st_mode: type and permissions */
	uint32_t uid, gid;	   /* owner, host view */
	uint64_t rdev;		   /* device nodes */
	struct object_id *parents; /* directories above it, nearest first */
	size_t n_parents;
	/* sockets below a directory, relative to it: some of them; not
	 * searched to its end: there may be more */
	char **sockets;
	bool unsearched;
	/* mount flags of the filesystem it lies on that may not be cleared
	 * in a user namespace: MOUNT_ATTR_* (mount_setattr(2)) */
	uint64_t locked_attr;
};

struct spec_mount {
	char *type;   /* "bind", "tmpfs", "proc", "sysfs", "devpts", "mqueue" */
	char *source; /* bind: host path */
	char *target; /* clean absolute container path */
	bool made;    /* bind: the source is made by the plan itself */
	uint64_t attr; /* MOUNT_ATTR_RDONLY|NOSUID|NODEV|NOEXEC … */
	bool recursive;
	char *data;		   /* "mode=755,size=64k" or NULL */
	struct source_facts facts; /* bind only */
	/* of a bundle only: attributes that are taken away, and those set and
	 * taken away on the mounts below, too */
	uint64_t clear, all_set, all_clear;
	struct propagation propagation;
	bool copy_up; /* tmpfs: begins with what it covers */
	/* bind: a source that is a symbolic link is copied, not followed */
	bool copy_link;
	/* bind: owners are mapped, those of a mount below too; without rows as
	 * the container's user namespace has it */
	bool id_mapped, id_mapped_all;
	struct spec_idmap *uids, *gids;
	size_t n_uids, n_gids;
	/* bind only, where SELinux is active: give it the context of all
	 * sandboxes, or of this one alone */
	bool relabel_shared, relabel_private;
};

struct spec_device {  /* a node of the container's /dev, bound from the host */
	char *path;   /* container path */
	char *source; /* host path */
	bool writable;
	struct source_facts facts;
};

struct spec_rlimit {
	int resource; /* RLIMIT_* */
	uint64_t soft, hard;
};

struct spec_file { /* written by us into the rootfs */
	char *path;
	uint32_t mode;
	char *content; /* NULL: a directory */
};

/* Landlock: one hierarchy and what may be done below it. */
struct landlock_path {
	char *path;	 /* inside the sandbox */
	uint64_t access; /* LANDLOCK_ACCESS_FS_* */
};

/* How a call that the profile denies is answered while it is recorded. */
enum record_mode { RECORD_DENY, RECORD_ALLOW };

struct spec_layer {
	char *path;
	struct object_id id;
};

struct spec {
	/* what is run */
	char **argv;
	char **env;
	char *cwd;
	uint32_t uid, gid;
	uint32_t *groups;
	size_t n_groups;
	uint32_t umask;
	bool terminal;
	bool init; /* immure-init is pid 1 */
	int stop_signal;

	/* the root */
	enum { SPEC_ROOT_LAYERS, SPEC_ROOT_DIR, SPEC_ROOT_HOST } root;
	struct spec_layer *layers; /* lowest first; one for DIR and HOST */
	size_t n_layers;
	char *upper; /* kept upper directory (holds upper/, work/), or
			NULL: a tmpfs */
	struct object_id upper_id;
	uint64_t root_size; /* bytes of the tmpfs upper */
	bool read_only;
	/* DIR: it cannot be the root as it is: no mount points in it, or
	 * closed to other users */
	bool root_unfit;
	char *image_digest; /* for print and policy; NULL without image */
	char *image_name;
	bool image_pinned; /* asked for by its digest */

	/* namespaces and identity */
	uint64_t unshare;   /* CLONE_NEW* that are new */
	bool single_id;	    /* no helper: id 0 of the id space only */
	bool nested_userns; /* allow user namespaces inside (default no) */
	struct spec_idmap *uid_map, *gid_map; /* the inner maps */
	size_t n_uid_map, n_gid_map;
	char *hostname;

	/* the tree */
	struct spec_mount *mounts; /* in order */
	size_t n_mounts;
	struct spec_device *devices;
	size_t n_devices;
	struct spec_file *files;
	size_t n_files;
	struct spec_file *links; /* symbolic links; content: the target */
	size_t n_links;
	char **masked, **readonly; /* container paths */
	char **sysctls;		   /* "net.ipv4.x=1" */

	/* the lockdown */
	uint64_t caps; /* bit n: capability n; one set for bounding,
			  permitted, effective; inheritable and ambient
			  stay empty (R15) */
	bool no_new_privs;
	enum need landlock;
	/* labels or NULL; one that is wanted is left out where the module does
	 * not have it */
	char *apparmor, *selinux;
	/* SELinux: what was asked ("", "type:T", "level:L", a context), until
	 * the engine fills the context, and that of files */
	char *selinux_files;
	enum need apparmor_need, selinux_need;
	char *seccomp;	      /* profile name or file; NULL: unconfined */
	char *seccomp_narrow; /* one more, stacked: it can only narrow */
	struct blob *seccomp_filter; /* compiled, filled by the engine */
	size_t n_seccomp_filter;     /* stacked, installed in order */
	/* Recorded: one filter that asks, instead of those; and the profile
	 * whole, which the answers follow. Filled by the engine. */
	bool record, record_all;
	enum record_mode record_mode;
	struct blob *record_filter, *record_judge;
	/* Rules of a file, which can only narrow the usual ones; the paths
	 * are filled by the engine. */
	char *landlock_file;
	struct landlock_path *landlock_rules;
	size_t n_landlock_rules;
	struct spec_rlimit *rlimits;
	size_t n_rlimits;
	int64_t pids_limit;	   /* -1: none */
	struct cgroup_ask *cgroup; /* NULL: the launcher's own */

	bool keyring;	 /* join a new session keyring */
	bool privileged; /* asked so: everything off; policy sees it */
	/* made from an OCI bundle, and carried out as it is written */
	struct bundle *bundle;
	char **annotations, **labels;
};

/* Bytes with a name: a compiled seccomp filter (struct sock_filter array). */
struct blob {
	char *name; /* "default", "default/deny" */
	void *data;
	size_t size;
	uint64_t flags;	 /* seccomp(2) SECCOMP_FILTER_FLAG_* */
	char digest[72]; /* "sha256:…" of data */
};

void spec_free(struct spec *s);
void source_facts_done(struct source_facts *f);
void blob_done(struct blob *b);

#endif
