/*
 * prefault.h - memory that will be used is made ready at once: one call instead
 * of one page fault a page, which costs microseconds each, in a virtual
 * machine ten. madvise(2), MADV_POPULATE_READ and _WRITE (Linux 5.14); where
 * these fail nothing is lost but the time.
 */
#ifndef BASE_PREFAULT_H
#define BASE_PREFAULT_H

/* The program's own text and constants: at its begin, and in a forked child,
 * which has none of it in its page table. */
void prefault_text(void);
/* The lower part of the heap, and the stack below the caller: at the begin,
 * and again after a fork, when each page is to be copied or claimed. */
void prefault_written(void);

#endif
