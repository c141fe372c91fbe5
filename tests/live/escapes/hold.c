/*
 * hold.c - payload: says READY and waits to be looked at from outside.
 */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	puts("READY");
	fflush(stdout);
	for (;;)
		pause();
}
