/*
 * oci.h - the state directory of the OCI runtime (--root): one directory a
 * container, with its state.json (also by the name that crun has for it:
 * `status`), a copy of its config.json, and while it waits to be started the
 * FIFOs `gate` and `result`. Who finds the directory without a state.json finds
 * a creation that was cut off.
 */
#ifndef STORE_OCI_H
#define STORE_OCI_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/oci_state.h"

/* Opens DIR (made, 0700, when `make`). -1; ERR_MISSING when it is not there. */
int store_oci_open(const char *dir, bool make, struct err *e);
/* [A-Za-z0-9_+.-]+, not "." or "..", at most 1024 bytes. */
int store_oci_check_id(const char *id, struct err *e);
/* A new container's directory with its FIFOs. ERR_CONFLICT: there is one of
 * that id. An fd, or -1. */
int store_oci_make(int root, const char *id, struct err *e);
/* Its directory; ERR_MISSING "container does not exist"; ERR_DENIED: it is not
 * ours, or others may write to it. */
int store_oci_find(int root, const char *id, struct err *e);
/* Are both open on the same directory? */
bool store_oci_is(int dir, int other);
int store_oci_save(int dir, const struct oci_state *s, struct err *e);
/* ERR_MISSING: it was never finished. */
int store_oci_load(int dir, struct oci_state *ret, struct err *e);
/* A FIFO of it: `flags` as open(2). -1 and errno. */
int store_oci_fifo(int dir, const char *name, int flags);
/* It was started: the gate is gone. */
int store_oci_started(int dir, struct err *e);
bool store_oci_waits(int dir);
int store_oci_remove(int root, const char *id, struct err *e);
/* The ids that are there, sorted. */
int store_oci_list(int root, char ***ret, struct err *e);

/* ---- its process ---- */
/* When the process started; 0 and ERR_MISSING: there is none, or a zombie. */
uint64_t store_oci_start_time(pid_t pid, struct err *e);
enum oci_status store_oci_status(int dir, const struct oci_state *s);
/* A pidfd of exactly this process, or -1; ERR_MISSING: it has ended. */
int store_oci_pidfd(const struct oci_state *s, struct err *e);

int store_oci_kill(const struct oci_state *s, int sig, struct err *e);
/* To every process of its pid namespace; 0 when none is left. */
int store_oci_kill_all(const struct oci_state *s, int sig, struct err *e);
/* Numbers of all in its pid namespace; heap. */
int store_oci_pids(const struct oci_state *s, pid_t **ret, size_t *ret_n,
		   struct err *e);
/* SIGKILL, and waits for the end. */
int store_oci_end(const struct oci_state *s, struct err *e);
/* For one that is about to end by itself: waits for that. */
int store_oci_await_end(const struct oci_state *s, struct err *e);
/* Are we in the first user namespace, whose ids are the host's? */
bool store_oci_is_first_userns(void);

#endif
