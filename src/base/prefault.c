/*
 * prefault.c - which ranges, and the call. Never fails, never reports.
 */
#include "base/prefault.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23
#endif

#define PAGE  4096u
#define HEAP  (128u << 10) /* what malloc(3) of glibc asks for at first */
#define STACK (48u << 10)

/* ld(1) defines them: the first byte of the program, the end of its data. */
extern const char __executable_start[], edata[];

static uintptr_t page_of(const void *p)
{
	return (uintptr_t)p & ~(uintptr_t)(PAGE - 1);
}

static void populate(uintptr_t from, uintptr_t to, int how)
{
	(void)madvise((void *)from, to - from, how);
}

void prefault_text(void)
{
	populate(page_of(__executable_start), page_of(edata),
		 MADV_POPULATE_READ);
}

void prefault_written(void)
{
	uintptr_t heap = page_of(sbrk(0));
	uintptr_t stack = page_of(__builtin_frame_address(0));

	populate(heap - HEAP, heap, MADV_POPULATE_WRITE);
	populate(stack - STACK, stack, MADV_POPULATE_WRITE);
}
