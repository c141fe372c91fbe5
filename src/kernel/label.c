/*
 * label.c - the two attribute files and what is written to them.
 */
#include "kernel/label.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/table.h"
#include "kernel/procfs.h"

static const struct {
	const char *lsm, *file, *verb;
} rows[] = {
	{ "apparmor", "attr/apparmor/exec", "stack " },
	{ "apparmor-exec", "attr/apparmor/exec", "exec " },
	{ "selinux", "attr/exec", "" },
};

static int set_exec(int proc, size_t row, const char *label, struct err *e)
{
	char path[64], value[512], got[512];
	int n;

	snprintf(path, sizeof(path), "%d/%s", (int)getpid(), rows[row].file);
	n = snprintf(value, sizeof(value), "%s%s", rows[row].verb, label);
	if (n < 0 || (size_t)n >= sizeof(value))
		return err_set(e, ERR_INPUT, "a label of %zu bytes",
			       strlen(label));
	if (procfs_write(proc, path, value, e) < 0)
		return e && (e->errnum == EINVAL || e->errnum == ENOENT)
			       ? err_set(e, ERR_HOST,
					 "%s is not active on this host: "
					 "label %s cannot be set: leave the "
					 "option out, or boot with it",
					 rows[row].lsm, label)
			       : err_prefix(e, "%s label", rows[row].lsm);
	if (procfs_read(proc, path, got, sizeof(got), e) < 0)
		return -1;
	if (!strstr(got, label))
		return err_set(e, ERR_VERIFY,
			       "the %s label reads \"%.80s\" after \"%.80s\" "
			       "was set",
			       rows[row].lsm, got, label);
	return 0;
}

int label_set_exec(int proc, const char *lsm, const char *label, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].lsm, lsm) == 0)
			return set_exec(proc, i, label, e);
	return err_set(e, ERR_BUG, "no such LSM: %s", lsm);
}
