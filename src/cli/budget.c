/*
 * budget.c - the flags that load and import share.
 */
#include <fcntl.h>
#include <unistd.h>
#include "base/log.h"
#include "base/num.h"
#include "base/path.h"
#include "cli/budget.h"

#define IN(field) offsetof(struct budget_args, field)
#define LIMITS	  "Limits: an archive beyond them is refused whole"

static int set_size(void *target, const struct option *o, const char *value,
		    struct err *e)
{
	return num_size(value, o->name,
			(uint64_t *)((char *)target + o->offset), e);
}

static int set_number(void *target, const struct option *o, const char *value,
		      struct err *e)
{
	return num_u64(value, UINT32_MAX, o->name,
		       (uint64_t *)((char *)target + o->offset), e);
}

static int set_seconds(void *target, const struct option *o, const char *value,
		       struct err *e)
{
	uint64_t ms;

	if (num_duration_ms(value, o->name, &ms, e))
		return -1;
	*(uint64_t *)((char *)target + o->offset) = (ms + 999) / 1000;
	return 0;
}

const struct option budget_rows[] = {
	{ "quiet", 'q', OPTION_BOOL, NULL, IN(quiet), "Flags", "no progress",
	  NULL, NULL },
	{ "max-size", 0, OPTION_CALL, "SIZE", IN(budget.bytes), LIMITS,
	  "unpacked bytes (20g)", NULL, set_size },
	{ "max-entries", 0, OPTION_CALL, "N", IN(budget.entries), LIMITS,
	  "files and directories (1000000)", NULL, set_number },
	{ "max-ratio", 0, OPTION_CALL, "N", IN(budget.ratio), LIMITS,
	  "unpacked against packed, after 64 MiB (200)", NULL, set_number },
	{ "max-time", 0, OPTION_CALL, "TIME", IN(budget.seconds), LIMITS,
	  "how long it may take (30m)", NULL, set_seconds },
	{ 0 },
};

static void progress(const char *line)
{
	log_progress("%s", line);
}

static void warn(const char *line)
{
	log_warn("%s", line);
}

void budget_reports(struct budget_args *a)
{
	a->budget.progress = a->quiet ? NULL : progress;
	a->budget.warn = warn;
}

int budget_open(const char *path, struct err *e)
{
	int fd;

	if (path[0] == '-' && !path[1]) {
		if (isatty(STDIN_FILENO))
			return err_set(e, ERR_USAGE,
				       "standard input is a terminal; name a "
				       "file, or redirect one");
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	} else {
		fd = path_open(AT_FDCWD, path, PATH_HOST, O_RDONLY | O_NOCTTY,
			       0);
	}
	return fd < 0 ? err_sys(e, "open %s", path) : fd;
}
