/*
 * unit.h - what unit tests share: cmocka with its includes, and assertions
 * that show an error's message.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "immure/err.h"

/* A sanitizer needs more memory, time and system calls than what confines
 * itself is left. */
#ifdef __SANITIZE_ADDRESS__
#define UNIT_SANITIZED true
#else
#define UNIT_SANITIZED false
#endif

/* The call succeeds; its message is shown when not. */
#define assert_ok(rc, e)                                                       \
	do {                                                                   \
		if ((rc) < 0)                                                  \
			fail_msg("%s: %s", #rc, (e)->msg);                     \
	} while (0)

/* The call fails with this kind and a message that contains `part`. */
#define assert_err(rc, e, want, part)                                          \
	do {                                                                   \
		if ((rc) >= 0)                                                 \
			fail_msg("%s succeeded", #rc);                         \
		if ((e)->kind != (want) || !strstr((e)->msg, (part)))          \
			fail_msg("%s: got %s \"%s\"; expected %s \"%s\"", #rc, \
				 err_word((e)->kind), (e)->msg,                \
				 err_word(want), (part));                      \
	} while (0)

/* A file of the tree, heap; NULL: there is none. */
static inline char *unit_read(const char *path)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	return file_read(path, 4u << 20, &b, NULL) < 0 ? NULL : buf_take(&b);
}

/* A new directory; the test removes it by unit_remove_dir. */
static inline int unit_make_dir(char ret_path[64])
{
	strcpy(ret_path, "/tmp/immure-unit-XXXXXX");
	assert_non_null(mkdtemp(ret_path));
	return open(ret_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static inline void unit_remove_dir(const char *path)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	assert_int_equal(system(command), 0);
}

/* The state of tests that need a directory each, for
 * cmocka_unit_test_setup_teardown. */
struct unit_place {
	char path[64];
	int dir;
};

static inline int place_set_up(void **state)
{
	struct unit_place *p = calloc(1, sizeof(*p));

	p->dir = unit_make_dir(p->path);
	*state = p;
	return p->dir < 0;
}

static inline int place_tear_down(void **state)
{
	struct unit_place *p = *state;

	close(p->dir);
	unit_remove_dir(p->path);
	free(p);
	return 0;
}

#endif
