/*
 * err.h - the one error type. Plain data, so that a child process can send
 * it whole over a socket. Nothing here prints or exits.
 */
#ifndef IMMURE_ERR_H
#define IMMURE_ERR_H

/*
 * kind, word, exit status (as docker: 125 ours, 126 cannot be invoked or not
 * permitted, 127 not found), HTTP status.
 */
#define ERR_KINDS(X)                                                           \
	X(NONE, "none", 0, 200)                                                \
	X(USAGE, "usage", 125, 400)	/* a flag or argument is wrong */      \
	X(INPUT, "input", 125, 400)	/* a file or image has bad bytes */    \
	X(LIMIT, "limit", 125, 413)	/* a budget or size was exceeded */    \
	X(DENIED, "denied", 126, 403)	/* the policy said no */               \
	X(MISSING, "missing", 125, 404) /* no such image, container, file */   \
	X(CONFLICT, "conflict", 125,                                           \
	  409)				/* it exists already, or is in use */  \
	X(HOST, "host", 125, 500)	/* the host lacks a feature */         \
	X(SYS, "system", 125, 500)	/* a system call failed */             \
	X(VERIFY, "verify", 125, 500)	/* the kernel reports another state */ \
	X(NOEXEC, "noexec", 126, 400)	/* the command cannot be executed */   \
	X(NOCMD, "nocmd", 127, 400)	/* the command does not exist */       \
	X(TIMEOUT, "timeout", 124, 504) /* --timeout ran out */                \
	X(BUG, "bug", 125, 500)		/* an invariant of ours is broken */

enum err_kind {
#define X(kind, word, exit, http) ERR_##kind,
	ERR_KINDS(X)
#undef X
};

#define ERR_MSG_SIZE 480

struct err {
	enum err_kind kind;
	int errnum;		/* errno of the failed call, or 0 */
	int step;		/* index of the plan step, or -1 */
	char msg[ERR_MSG_SIZE]; /* one line, see below */
};

/*
 * msg is one line: "what failed: which value: why; what to do". Text from
 * outside stands in it as it came: whoever prints it escapes (buf_escaped).
 */

/* The initial value of every struct err. */
#define ERR_INIT                                                               \
	{                                                                      \
		.kind = ERR_NONE, .errnum = 0, .step = -1, .msg = ""           \
	}

#define ERR_PRINTF(a, b) __attribute__((format(printf, a, b)))

/*
 * Each fills *e (NULL allowed) and returns -1, so that a function can say
 * `return err_set(e, ERR_INPUT, "…")`. err_sys takes errno as its reason and
 * appends ": <strerror>". They allocate nothing.
 */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	ERR_PRINTF(3, 4);
int err_sys(struct err *e, const char *fmt, ...) ERR_PRINTF(2, 3);
int err_sysno(struct err *e, int errnum, const char *fmt, ...) ERR_PRINTF(3, 4);
/* Puts "<text>: " before the message that is there; keeps kind. Returns -1. */
int err_prefix(struct err *e, const char *fmt, ...) ERR_PRINTF(2, 3);

const char *err_word(enum err_kind kind);
int err_exit_status(enum err_kind kind);
int err_http_status(enum err_kind kind);

#endif
