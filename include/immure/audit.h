/*
 * audit.h - what is missing around a program: findings whose ids never change
 * their meaning, the walls that they are holes in, and one number.
 *
 * The number (exposure): the points of every finding, each id counted once,
 * added up and cut at 100. What cannot be seen adds nothing: the number is
 * then a lower bound, and the audit says so.
 */
#ifndef IMMURE_AUDIT_H
#define IMMURE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* enum, word, points, SARIF level; the lightest first */
#define AUDIT_SEVERITIES(X)                                                    \
	X(INFO, "info", 0, "note")                                             \
	X(LOW, "low", 2, "note")                                               \
	X(MEDIUM, "medium", 8, "warning")                                      \
	X(HIGH, "high", 25, "error")                                           \
	X(CRITICAL, "critical", 60, "error")

enum audit_severity {
#define X(id, word, points, level) SEVERITY_##id,
	AUDIT_SEVERITIES(X)
#undef X
		SEVERITY_COUNT
};
#define AUDIT_SCORE_MAX 100

/* enum, word, what it keeps apart; the outermost last */
#define AUDIT_WALLS(X)                                                         \
	X(SYSCALLS, "system calls", "what it can ask of the kernel")           \
	X(PRIVILEGES, "privileges", "what the kernel lets it do")              \
	X(IDENTITY, "identity", "who it is on the host")                       \
	X(NAMESPACES, "namespaces", "what of the host it can name")            \
	X(FILES, "files", "which objects of the host it reaches")              \
	X(ACCESS, "mandatory access", "what holds when a path leaks")          \
	X(NETWORK, "network", "whom it can talk to")                           \
	X(LIMITS, "limits", "how much of the host it can use up")

enum audit_wall {
#define X(id, word, text) WALL_##id,
	AUDIT_WALLS(X)
#undef X
		WALL_COUNT
};

/* What can be missing: one row each in policy/audit_rows.c. */
#define AUDIT_BREACHES(X)                                                      \
	X(PRIVILEGED)                                                          \
	X(MOUNT_NS)                                                            \
	X(PID_NS)                                                              \
	X(IPC_NS)                                                              \
	X(UTS_NS)                                                              \
	X(CGROUP_NS)                                                           \
	X(TIME_NS)                                                             \
	X(KEYRING)                                                             \
	X(USER_NS)                                                             \
	X(HOST_ROOT_ID)                                                        \
	X(OWN_ID)                                                              \
	X(NESTED_USERNS)                                                       \
	X(OWN_GROUPS)                                                          \
	X(SANDBOX_ROOT)                                                        \
	X(NO_NEW_PRIVS)                                                        \
	X(CAP_SYS_ADMIN)                                                       \
	X(CAP_POWERFUL)                                                        \
	X(CAP_NET_ADMIN)                                                       \
	X(CAP_NET_RAW)                                                         \
	X(CAP_OTHER)                                                           \
	X(CAP_INHERITED)                                                       \
	X(CAP_BOUNDING)                                                        \
	X(SECCOMP)                                                             \
	X(DOOR_FAMILIES)                                                       \
	X(DOOR_NETLINK)                                                        \
	X(DOOR_IO_URING)                                                       \
	X(DOOR_PERF)                                                           \
	X(DOOR_BPF)                                                            \
	X(DOOR_TERMINAL)                                                       \
	X(DOOR_TCP_ULP)                                                        \
	X(DOOR_NAMESPACES)                                                     \
	X(DOOR_MOUNT)                                                          \
	X(DOOR_KEYS)                                                           \
	X(DOOR_TRACE)                                                          \
	X(DOOR_USERFAULTFD)                                                    \
	X(DOOR_HANDLES)                                                        \
	X(DOOR_OTHER_ABI)                                                      \
	X(DOOR_HOST)                                                           \
	X(CONTROL_SOCKET)                                                      \
	X(PROTECTED_WRITABLE)                                                  \
	X(PROTECTED_READABLE)                                                  \
	X(SOCKET)                                                              \
	X(FOREIGN_WRITABLE)                                                    \
	X(OWN_WRITABLE)                                                        \
	X(SET_USER_ID)                                                         \
	X(DEVICE_NODES)                                                        \
	X(DEVICE)                                                              \
	X(MASKS)                                                               \
	X(KERNEL_WRITABLE)                                                     \
	X(FILESYSTEM)                                                          \
	X(ROOT_PROTECTED)                                                      \
	X(ROOT_UNPINNED)                                                       \
	X(ROOT_WRITABLE)                                                       \
	X(SECRET)                                                              \
	X(LANDLOCK)                                                            \
	X(LANDLOCK_MISSING)                                                    \
	X(LABEL)                                                               \
	X(LABEL_MISSING)                                                       \
	X(HOST_NET)                                                            \
	X(ABSTRACT_SOCKETS)                                                    \
	X(PROCESSES)                                                           \
	X(CORE)                                                                \
	X(SYSCTL)                                                              \
	X(MEMORY)

enum audit_breach {
#define X(id) BREACH_##id,
	AUDIT_BREACHES(X)
#undef X
		BREACH_COUNT
};

/* A known escape; all text is static. */
struct audit_cve {
	const char *id;	     /* "CVE-2024-21626" */
	const char *project; /* "runc" */
	const char *text;    /* what went wrong there, one sentence */
};

struct audit_row {
	const char *id; /* "IMM-401"; never given to anything else */
	enum audit_wall wall;
	enum audit_severity severity;
	const char *title;	 /* what is missing */
	const char *why;	 /* what follows from it */
	const char *fix;	 /* the flag to give or to leave out */
	const char *policy;	 /* the line that forbids it, or NULL */
	const char *const *cves; /* NULL-terminated ids, or NULL */
};

/* Where a breach shows. */
struct audit_hit {
	int step;   /* index in the plan, -1: the whole */
	char *what; /* "bind of a socket: /run/docker.sock -> /x"; heap */
};
struct audit_finding {
	const struct audit_row *row;
	enum audit_breach breach;
	struct audit_hit *hits; /* at least one */
	size_t n_hits;
};
/* What this kind of audit cannot see, and why. */
struct audit_blind {
	const struct audit_row *row;
	bool whole;	 /* all of its wall, so that nothing says it stands */
	const char *why; /* static */
};

enum audit_state { WALL_STANDS, WALL_HOLED, WALL_DOWN, WALL_UNSEEN };

struct audit {
	char *subject;		 /* "image …", "process 123 (sleep)" */
	bool is_process;	 /* read from the kernel, not from a plan */
	struct audit_finding *v; /* the worst first, then by id */
	size_t n;
	struct audit_blind *blind;
	size_t n_blind;
	unsigned score;
	struct {
		enum audit_state state;
		unsigned points; /* of its findings, uncut */
		size_t n;	 /* findings above info */
	} walls[WALL_COUNT];
};

void audit_done(struct audit *a);

#endif
