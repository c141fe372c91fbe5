/*
 * log.h - what programs print: one line to standard error, "immure: " in
 * front, control characters escaped. Only programs and cli/ call it.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "immure/err.h"

/* Static text. Default: the file name the program was started by. */
void log_name(const char *program);
void log_error(const struct err *e);
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A progress line: rewritten in place on a terminal, silent elsewhere. Whoever
 * began one ends it (clears the line) before anything else is printed. */
void log_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_progress_end(void);

#endif
