/*
 * record_task.h - looks at a thread that waits for the answer to a call:
 * its memory, its program, what its paths lead to. Nothing here can be kept
 * from the answer: what cannot be read is told as not known.
 */
#ifndef MONITOR_RECORD_TASK_H
#define MONITOR_RECORD_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "base/cleanup.h"
#include "base/buf.h"

struct task {
	uint32_t tid;
	int dir; /* /proc/TID; an fd on a dead thread's answers nothing */
};
/* 0, or -1: it is gone. */
int task_open(int proc, uint32_t tid, struct task *ret);
void task_done(struct task *t);
DEFINE_AUTO_DONE(struct task, task_done);

/* The program's path in the sandbox, or NULL. */
char *task_program(const struct task *t);
/*
 * Bytes read, perhaps fewer, at most a page; -1: none. /proc/TID/mem is its
 * owner's alone, so the thread is named by its number: whether it still waits
 * is to be asked afterwards, and what was read thrown away when it does not.
 */
ssize_t task_read(const struct task *t, uint64_t at, void *ret, size_t n);
/* The text there, or NULL. */
char *task_text(const struct task *t, uint64_t at);
/*
 * The absolute name of a path argument: as it is, or behind the name of what
 * `dir` (AT_FDCWD: the working directory) is open on. NULL: not known. An
 * empty path names `dir` itself.
 */
char *task_name(const struct task *t, int dir, const char *path);

enum task_found { TASK_FOUND, TASK_ABSENT, TASK_UNKNOWN };
/*
 * What a name leads to in the thread's root: its real name and kind. Below
 * /proc everything is "/proc". UNKNOWN (we may not look): the name itself,
 * cleaned, of no kind.
 */
enum task_found task_resolve(const struct task *t, const char *name,
			     bool follow, char **ret_real, mode_t *ret_mode);
/* Names of the files that are mapped to be executed: one strv. */
char **task_images(const struct task *t);
/* "FILE+0xOFFSET" of an address, or NULL. */
char *task_place(const struct task *t, uint64_t at);

#endif
