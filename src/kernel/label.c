/*
 * label.c - the attribute files, what is written to them and what is read.
 */
#include "kernel/label.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "kernel/procfs.h"

#define STACK "//&" /* between the profiles of a stack */

static int check_apparmor(const char *label, const char *text, struct err *e);
static int check_selinux(const char *label, const char *text, struct err *e);

static const struct lsm {
	const char *name, *file, *verb;
	int (*check)(const char *label, const char *text, struct err *e);
	/* AppArmor answers for the exec of the asking process alone */
	bool is_own;
} rows[] = {
	{ "apparmor", "attr/apparmor/current", "stack ", check_apparmor,
	  false },
	{ "apparmor-exec", "attr/apparmor/exec", "exec ", check_apparmor,
	  true },
	{ "selinux", "attr/exec", "", check_selinux, false },
};

static const struct lsm *find(const char *name, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	err_set(e, ERR_BUG, "no such LSM: %s", name);
	return NULL;
}

/* Is the profile one of the stack? Both are not NUL-terminated. */
static bool has_profile(const char *stack, size_t size, const char *name,
			size_t n)
{
	const char *end = stack + size;

	while (stack < end) {
		const char *next = memmem(stack, (size_t)(end - stack), STACK,
					  sizeof(STACK) - 1);
		size_t len = (size_t)((next ? next : end) - stack);

		if (len == n && memcmp(stack, name, n) == 0)
			return true;
		stack += len + (next ? sizeof(STACK) - 1 : 0);
		if (!next)
			break;
	}
	return false;
}

/* "immure-default//&unconfined (enforce)". Mixed: the caller's own profile is
 * in another mode; ours was looked up when it was planned. */
static int check_apparmor(const char *label, const char *text, struct err *e)
{
	static const char *const holds[] = { "(enforce)", "(kill)", "(mixed)" };
	const char *mode = strrchr(text, '(');
	bool is_held = false;
	size_t size;

	for (size_t i = 0; mode && i < ARRAY_SIZE(holds); i++)
		is_held |= strncmp(mode, holds[i], strlen(holds[i])) == 0;
	if (!is_held)
		return err_set(e, ERR_VERIFY,
			       "the AppArmor label is \"%.160s\": no profile "
			       "of it holds anything back",
			       text);
	size = (size_t)(mode - text);
	while (size && text[size - 1] == ' ')
		size--;
	for (const char *p = label; p;) {
		const char *next = strstr(p, STACK);
		size_t n = next ? (size_t)(next - p) : strlen(p);

		if (!has_profile(text, size, p, n))
			return err_set(e, ERR_VERIFY,
				       "the AppArmor label is \"%.160s\", "
				       "without the profile %.80s",
				       text, label);
		p = next ? next + sizeof(STACK) - 1 : NULL;
	}
	return 0;
}

static int check_selinux(const char *label, const char *text, struct err *e)
{
	size_t n = strcspn(text, "\n");

	if (n == strlen(label) && memcmp(text, label, n) == 0)
		return 0;
	return err_set(e, ERR_VERIFY,
		       "the SELinux context of the next exec is \"%.100s\" "
		       "instead of %.100s",
		       text, label);
}

int label_check(const char *lsm, const char *label, const char *text,
		struct err *e)
{
	const struct lsm *row = find(lsm, e);

	return row ? row->check(label, text, e) : -1;
}

bool label_is_own(const char *lsm)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].name, lsm) == 0)
			return rows[i].is_own;
	return false;
}

int label_get(int proc, pid_t pid, const char *lsm, char *ret, struct err *e)
{
	const struct lsm *row = find(lsm, e);
	char path[64];

	if (!row)
		return -1;
	snprintf(path, sizeof(path), "%d/%s", (int)pid, row->file);
	return procfs_read(proc, path, ret, LABEL_SIZE, e) < 0 ? -1 : 0;
}

/* What the errno of the write means: attr files have their own words. */
static int explain(const struct lsm *row, const char *label, struct err *e)
{
	int errnum = e ? e->errnum : 0;

	if (errnum == ENOENT || errnum == EINVAL)
		return err_set(e, ERR_HOST,
			       "%s does not know the label %s, or is not "
			       "active on this host: load it, or leave the "
			       "option out",
			       row->name, label);
	if (errnum == EACCES || errnum == EPERM)
		return err_set(e, ERR_HOST,
			       "%s does not let our own label change to %s%s",
			       row->name, label,
			       row->name[0] == 'a'
				       ? ": the profile that we run under "
					 "needs a rule \"change_profile -> "
					 "&immure-*,\""
				       : "");
	return err_prefix(e, "%s label", row->name);
}

int label_set(int proc, const char *lsm, const char *label, struct err *e)
{
	const struct lsm *row = find(lsm, e);
	char path[64], value[512], got[LABEL_SIZE];
	pid_t pid;
	int n;

	if (!row)
		return -1;
	pid = procfs_own_pid(proc, e);
	if (pid < 0)
		return -1;
	snprintf(path, sizeof(path), "%d/%s", (int)pid, row->file);
	n = snprintf(value, sizeof(value), "%s%s", row->verb, label);
	if (n < 0 || (size_t)n >= sizeof(value))
		return err_set(e, ERR_INPUT, "a label of %zu bytes",
			       strlen(label));
	if (procfs_write(proc, path, value, e) < 0)
		return explain(row, label, e);
	if (label_get(proc, pid, lsm, got, e) < 0)
		return -1;
	return row->check(label, got, e);
}
