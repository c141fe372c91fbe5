/*
 * procstatus.h - the texts that /proc/PID gives of a process: fields of its
 * status, lines of its mountinfo, its limits. Parsing only (proc(5)).
 */
#ifndef KERNEL_PROCSTATUS_H
#define KERNEL_PROCSTATUS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/table.h"
#include "immure/err.h"

/* The text behind "NAME:" at the start of a line, or NULL. */
const char *status_field(const char *status, const char *name);
/* A number of a field; ERR_VERIFY when it is not there. */
int status_number(const char *status, const char *name, int base, uint64_t *ret,
		  struct err *e);
/* The four of "Uid" and "Gid": real, effective, saved, filesystem. */
int status_ids(const char *status, const char *name, uint32_t ret[4],
	       struct err *e);

/* One line of mountinfo; the strings point into the text. */
struct mountinfo_line {
	int id, parent;
	char *dev; /* "8:1" */
	char *root, *target, *type, *options;
	char *super;	 /* options of the filesystem itself */
	bool propagates; /* shared: or master: */
};
/* Cuts one line (without its newline) up; -1 when it is none. */
int mountinfo_line(char *text, struct mountinfo_line *ret);
/* The comma-separated words of `options` that are in the table; cuts it up. */
uint64_t mountinfo_attr(char *options, const struct word *words);

/* A row of /proc/PID/limits ("Max processes"): soft and hard; UINT64_MAX:
 * unlimited. False when there is none. */
bool limits_row(const char *limits, const char *name, uint64_t *ret_soft,
		uint64_t *ret_hard);

#endif
