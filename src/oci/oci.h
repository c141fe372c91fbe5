/*
 * oci.h - the commands of `immure-oci`, with the grammar of runc and crun: one
 * file each, one row each in oci.c.
 */
#ifndef OCI_OCI_H
#define OCI_OCI_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/option.h"
#include "immure/bundle.h"
#include "immure/err.h"
#include "immure/oci_state.h"

/* What stands before the command. */
struct oci_globals {
	const char *program; /* the name that we were called by */
	char *root;	     /* NULL: see oci_root */
	char *log;	     /* a file, or NULL */
	char *log_format;    /* "text", "json"; NULL: text */
	char *log_level;
	char *cgroup_manager; /* "cgroupfs", "systemd", "disabled" */
	char *rootless;
	bool debug, systemd_cgroup, version;
};

struct oci_call { /* a command being run */
	const struct oci_globals *globals;
	char *const *args; /* after the command's name */
	char **words;	   /* those that are no flags; oci_parse fills it */
};

struct oci_command {
	const char *name;
	const char *usage; /* after the name */
	const char *text;  /* one line */
	struct option_table options;
	size_t min, max; /* words */
	bool starts;	 /* a program of a container: see program_seal */
	/* the exit status, or -1 with *e, or OCI_HELP */
	int (*run)(const struct oci_command *c, struct oci_call *x,
		   struct err *e);
};
#define OCI_ANY	 ((size_t)-1)
#define OCI_HELP (-2)

extern const struct oci_command oci_command_create, oci_command_delete,
	oci_command_events, oci_command_exec, oci_command_features,
	oci_command_kill, oci_command_list, oci_command_pause, oci_command_ps,
	oci_command_resume, oci_command_run, oci_command_spec,
	oci_command_start, oci_command_state, oci_command_update;
/* later.c: those that are known and not offered yet; NULL ends. */
extern const struct oci_command *const oci_later[];

/* `PROGRAM ARGS…`: the exit status. The name that it is called by is the one
 * that it tells: engines look for it. */
int oci_main(const char *program, char *const *args);
/* Flags into `target`, words counted. 0, -1, OCI_HELP (printed). */
int oci_parse(const struct oci_command *c, struct oci_call *x, void *target,
	      struct err *e);
/* The help of one command; OCI_HELP, or -1. */
int oci_help(const struct oci_command *c, const struct oci_globals *g,
	     struct err *e);
/* To standard output. */
int oci_print(const struct buf *b, struct err *e);

/* ---- log.c ---- */
/* One line, in the form and to the place that the globals say. */
void oci_log_error(const struct oci_globals *g, const struct err *e);
void oci_log_warn(const struct oci_globals *g, const char *text);
/* With --debug only: what is being done. */
__attribute__((format(printf, 2, 3))) void
oci_log_debug(const struct oci_globals *g, const char *fmt, ...);

/* ---- root.c: the state directory ---- */
/* An fd, or -1. */
int oci_root(const struct oci_globals *g, bool make, struct err *e);
/* The state of a container; *ret_dir is its directory. */
int oci_load(const struct oci_globals *g, const char *id, int *ret_dir,
	     struct oci_state *ret, struct err *e);

/* ---- make.c: what create and run share ---- */
struct oci_make { /* their flags */
	char *bundle, *config, *pid_file, *console_socket, *preserve_fds;
	bool no_pivot, no_keyring, no_subreaper, detach, keep;
	bool stays; /* no flag: who calls passes a terminal on */
};
extern const struct option oci_make_rows[];
void oci_make_done(struct oci_make *m);
struct bundle_created;
/* The container waits at its gate and lives without us; ret_dir (its state) and
 * *ret are the caller's. */
int oci_make_container(struct oci_call *x, const struct oci_make *m,
		       int *ret_dir, struct bundle_created *ret, struct err *e);

/* Reads what the caller names: a file, "-", or a descriptor as /dev/fd/N. */
int oci_read(const char *name, size_t max, struct buf *ret, struct err *e);

/* ---- process.c: what create, run and exec share ---- */
/* The words by which engines tell a missing program from other failures. */
void oci_explain(const char *name, struct err *e);
/* Nothing when there is no file to write. */
int oci_write_pid(const char *file, pid_t pid, struct err *e);
/* What --preserve-fds and LISTEN_FDS (sd_listen_fds(3)) hand on. */
struct oci_passed {
	uint32_t *fds; /* ascending, heap */
	size_t n;
	unsigned n_listen;
};
/*
 * Those that are open. Numbers between them are taken by /dev/null, so that
 * nothing of ours gets one. Before anything else is opened.
 */
int oci_passed_fds(const char *preserve, struct oci_passed *ret, struct err *e);

/* ---- subcgroup.c ---- */
/* The lines of a container's cgroup, changed as `asked` says: "PATH" in all of
 * its hierarchies, "CONTROLLER,…:PATH" in those. strv; NULL with *e. */
char **oci_subcgroups(char *const *lines, char *const *asked, struct err *e);

/* ---- hooks.c ---- */
/* The container's own copy of config.json, in its state directory. */
struct spec *oci_own_spec(int dir, struct err *e);
/* Runs those of a moment, as that has them. */
int oci_hooks(int dir, enum hook_when when, enum oci_status status,
	      struct err *e);
/* ---- start.c ---- */
/* Opens the gate; runs the poststart hooks. */
int oci_open_gate(const struct oci_globals *g, int dir, struct err *e);
/* ---- delete.c ---- */
/* A newer container may have been put where an ended one was: then the cgroup
 * is that one's. `root`: the directory of all states. */
bool oci_cgroup_is_anothers(int root, const char *id, char *const *lines);
/* Runs the poststop hooks and removes the state. `dir`: the container's, where
 * it is known, else -1; another of that name is left alone. */
int oci_forget(const struct oci_globals *g, const char *id, int dir,
	       struct err *e);

#endif
