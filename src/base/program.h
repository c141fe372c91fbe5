/*
 * program.h - how every program of the command line begins: its name, fds 0,
 * 1, 2, no more rights than its caller, exit statuses of its children.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "immure/err.h"

/* `name` is static. ERR_HOST: installed set-user-id or the like (R37). */
int program_begin(const char *name, struct err *e);

/*
 * What a program becomes, and what is started in its place, can write to the
 * file that it was executed from where both belong to the same user: by
 * /proc/PID/exe, or by "#!/proc/self/exe". Executes a sealed copy of this
 * program in memory with the same arguments (those after its name), unless
 * this is one or the file is another user's and not writable. Returns 0 where
 * nothing was to be done, or -1. path_beside_program goes on to work.
 */
int program_seal(const char *name, char *const *args, struct err *e);
/* The variable that tells the copy where the program is. */
#define PROGRAM_FILE "IMMURE_PROGRAM_FILE"

#endif
