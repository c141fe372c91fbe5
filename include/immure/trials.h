/*
 * trials.h - what a host can only be asked by trying: each trial makes one
 * thing in a child that then ends. For `info` and `doctor`, never for a run.
 */
#ifndef IMMURE_TRIALS_H
#define IMMURE_TRIALS_H

#include <stdbool.h>
#include <stdint.h>

/* enum, word, what is tried */
#define HOST_TRIALS(X)                                                         \
	X(USERNS, "userns", "make a user namespace and map one id")            \
	X(IDMAP, "idmap", "map the subordinate ids with newuidmap")            \
	X(NAMESPACES, "namespaces", "make mount, pid, net, ipc, uts, cgroup")  \
	X(TIMENS, "timens", "make a time namespace")                           \
	X(OVERLAY, "overlay", "mount an overlay in a user namespace")          \
	X(PROC, "proc", "mount a new /proc in a user namespace")               \
	X(OPENAT2, "openat2", "open a path inside a root")                     \
	X(SECCOMP, "seccomp", "install a system call filter")                  \
	X(LANDLOCK, "landlock", "restrict a process with Landlock")            \
	X(TUN, "tun", "open /dev/net/tun")

enum host_trial {
#define X(name, word, text) TRIAL_##name,
	HOST_TRIALS(X)
#undef X
		TRIAL_COUNT
};

/* errnum of a trial that could not be made. */
#define TRIAL_NOT_TRIED (-1)

struct host_trials {
	int errnum[TRIAL_COUNT]; /* 0: works; an errno; TRIAL_NOT_TRIED */
	char idmap_text[256];	 /* what newuidmap said when it failed */
	char distro[32];	 /* ID of os-release(5), or "" */
	char distro_like[64];	 /* ID_LIKE, or "" */
	int userns_clone; /* kernel.unprivileged_userns_clone; -1: no such */
	/* A subordinate id range of another user that overlaps ours: its line
	 * ("alice:100000:65536"), or "". */
	char overlap[96];
	uint32_t free_subid;	  /* no range of anybody's begins above it */
	char helper_problem[128]; /* why a newuidmap found is not used, or "" */
	bool runtime_fallback;	  /* no usable $XDG_RUNTIME_DIR */
};

#endif
