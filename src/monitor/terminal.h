/* terminal.h - the caller's terminal while a sandbox uses it. termios(3). */
#ifndef MONITOR_TERMINAL_H
#define MONITOR_TERMINAL_H

#include <stdbool.h>
#include <termios.h>
#include "immure/err.h"

struct terminal {
	bool is_raw;
	struct termios saved;
};
/* Raw mode for fd 0 when it is a terminal. */
int terminal_raw(struct terminal *t, struct err *e);
void terminal_restore(struct terminal *t);
/* Where standard output is no terminal: what is read of `pty` has the lines as
 * they were written, without a carriage return. */
int terminal_plain_lines(int pty, struct err *e);
/* The size of the caller's terminal (fd 0, 1 or 2) to `pty`. Always 0: a
 * terminal without a size is no error. */
int terminal_copy_size(int pty);

/* Is there nothing typed that the payload has not read? Then *ret is what ends
 * its input (^D). */
bool terminal_eof(int pty, char *ret);

#endif
