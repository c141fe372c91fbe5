/*
 * swap.c - racer: exchanges two names (renameat2) as fast as it can.
 *
 *   swap A B [SECONDS]    prints its pid; until it is killed, or so long
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	time_t end;

	if (argc < 3)
		return 2;
	printf("%d\n", (int)getpid());
	fflush(stdout);
	end = time(NULL) + (argc > 3 ? atoi(argv[3]) : 30);
	do
		for (int i = 0; i < 100; i++)
			if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD,
				    argv[2], RENAME_EXCHANGE) < 0) {
				perror("renameat2");
				return 1;
			}
	while (time(NULL) < end);
	return 0;
}
