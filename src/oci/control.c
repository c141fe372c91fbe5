/*
 * control.c - `immure-oci pause`, `resume`, `update`, `events`: what is
 * done to, and told of, a container by its cgroup.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/strv.h"
#include "engine/bundle.h"
#include "format/oci_spec.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "store/oci.h"

/* A container that has been found. */
struct found {
	struct oci_state s;
	enum oci_status status;
	int dir;
};
#define FOUND_INIT                                                             \
	{                                                                      \
		.dir = -1                                                      \
	}
static void found_done(struct found *f)
{
	oci_state_done(&f->s);
	if (f->dir >= 0)
		close(f->dir);
}
DEFINE_AUTO_DONE(struct found, found_done);

static int find(struct oci_call *x, struct found *f, struct err *e)
{
	if (oci_load(x->globals, x->words[0], &f->dir, &f->s, e) < 0)
		return -1;
	f->status = store_oci_status(f->dir, &f->s);
	return 0;
}

static int not_so(const struct found *f, const char *verb, struct err *e)
{
	return err_set(e, ERR_CONFLICT, "cannot %s a container that is %s",
		       verb, oci_status_word(f->status));
}

static bool is_live(const struct found *f)
{
	return f->status == OCI_RUNNING || f->status == OCI_CREATED ||
	       f->status == OCI_PAUSED;
}

/* ---- pause, resume ---- */

static int set_frozen(const struct oci_command *c, struct oci_call *x,
		      bool frozen, struct err *e)
{
	AUTO(found_done) struct found f = FOUND_INIT;
	int r = oci_parse(c, x, NULL, e);
	bool may;

	if (r)
		return r;
	if (find(x, &f, e) < 0)
		return -1;
	may = frozen ? f.status == OCI_RUNNING || f.status == OCI_CREATED
		     : f.status == OCI_PAUSED;
	return may ? engine_cgroup_freeze(f.s.cgroup, frozen, e)
		   : not_so(&f, c->name, e);
}

static int pause_container(const struct oci_command *c, struct oci_call *x,
			   struct err *e)
{
	return set_frozen(c, x, true, e);
}

static int resume_container(const struct oci_command *c, struct oci_call *x,
			    struct err *e)
{
	return set_frozen(c, x, false, e);
}

const struct oci_command oci_command_pause = {
	.name = "pause",
	.usage = "ID",
	.text = "stop all processes of a container",
	.options = { .command = "pause", .program = "immure-oci" },
	.min = 1,
	.max = 1,
	.run = pause_container,
};
const struct oci_command oci_command_resume = {
	.name = "resume",
	.usage = "ID",
	.text = "let a paused container run again",
	.options = { .command = "resume", .program = "immure-oci" },
	.min = 1,
	.max = 1,
	.run = resume_container,
};

/* ---- update ---- */

struct update_args {
	char *resources;
	char *memory, *reservation, *swap, *shares, *quota, *period, *burst,
		*cpus, *mems, *pids, *weight, *idle, *kernel, *kernel_tcp,
		*rt_period, *rt_runtime;
};
#define TEXT(name_, letter_, arg_, member, text_)                              \
	{                                                                      \
		name_, letter_, OPTION_STRING, arg_,                           \
			offsetof(struct update_args, member), "Flags", text_,  \
			NULL, NULL                                             \
	}
static const struct option update_rows[] = {
	TEXT("resources", 'r', "FILE", resources,
	     "linux.resources as JSON; - is the standard input"),
	TEXT("memory", 0, "BYTES", memory, "memory, -1: without a limit"),
	TEXT("memory-reservation", 0, "BYTES", reservation,
	     "what it should keep to when memory is short"),
	TEXT("memory-swap", 0, "BYTES", swap, "memory and swap together"),
	TEXT("kernel-memory", 0, "BYTES", kernel, "of the kernel's (old)"),
	TEXT("kernel-memory-tcp", 0, "BYTES", kernel_tcp, "of TCP's"),
	TEXT("cpu-share", 0, "N", shares, "its share of busy processors"),
	TEXT("cpu-shares", 0, "N", shares, "the same"),
	TEXT("cpu-quota", 0, "US", quota, "processor time in each period"),
	TEXT("cpu-period", 0, "US", period, "the period"),
	TEXT("cpu-burst", 0, "US", burst, "how much may be saved up"),
	TEXT("cpu-idle", 0, "0|1", idle, "only when nobody else runs"),
	TEXT("cpu-rt-period", 0, "US", rt_period, "the real-time period"),
	TEXT("cpu-rt-runtime", 0, "US", rt_runtime, "real time in it"),
	TEXT("cpuset-cpus", 0, "LIST", cpus, "which processors"),
	TEXT("cpuset-mems", 0, "LIST", mems, "which memory nodes"),
	TEXT("pids-limit", 0, "N", pids, "how many processes"),
	TEXT("blkio-weight", 0, "N", weight, "its share of block devices"),
	{ 0 },
};

static int set_signed(const char *text, const char *what, int64_t *ret,
		      struct err *e)
{
	uint64_t n;

	if (!text)
		return 0;
	if (*text == '-') {
		*ret = CGROUP_UNLIMITED;
		return 0;
	}
	if (num_size(text, what, &n, e) < 0)
		return -1;
	*ret = n > INT64_MAX ? CGROUP_UNLIMITED : (int64_t)n;
	return 0;
}

static int set_unsigned(const char *text, const char *what, uint64_t *ret,
			struct err *e)
{
	return text ? num_u64(text, UINT64_MAX, what, ret, e) : 0;
}

static int set_small(const char *text, const char *what, uint32_t more,
		     uint32_t *ret, struct err *e)
{
	uint32_t n;

	if (!text)
		return 0;
	if (num_u32(text, what, &n, e) < 0)
		return -1;
	*ret = n + more;
	return 0;
}

static int limits_of_flags(struct update_args *a, struct cgroup_limits *l,
			   struct err *e)
{
	l->cpus = TAKE(a->cpus);
	l->mems = TAKE(a->mems);
	if (set_signed(a->memory, "--memory", &l->memory, e) < 0 ||
	    set_signed(a->reservation, "--memory-reservation", &l->reservation,
		       e) < 0 ||
	    set_signed(a->swap, "--memory-swap", &l->swap, e) < 0 ||
	    set_signed(a->kernel, "--kernel-memory", &l->kernel, e) < 0 ||
	    set_signed(a->kernel_tcp, "--kernel-memory-tcp", &l->kernel_tcp,
		       e) < 0 ||
	    set_signed(a->quota, "--cpu-quota", &l->cpu_quota, e) < 0 ||
	    set_signed(a->rt_runtime, "--cpu-rt-runtime", &l->cpu_realtime, e) <
		    0 ||
	    set_signed(a->pids, "--pids-limit", &l->pids, e) < 0)
		return -1;
	if (set_unsigned(a->shares, "--cpu-share", &l->cpu_shares, e) < 0 ||
	    set_unsigned(a->period, "--cpu-period", &l->cpu_period, e) < 0 ||
	    set_unsigned(a->burst, "--cpu-burst", &l->cpu_burst, e) < 0 ||
	    set_unsigned(a->rt_period, "--cpu-rt-period",
			 &l->cpu_realtime_period, e) < 0 ||
	    set_small(a->idle, "--cpu-idle", 1, &l->cpu_idle, e) < 0)
		return -1;
	return set_small(a->weight, "--blkio-weight", 0, &l->io_weight, e);
}

static int limits_of_file(const char *file, struct cgroup_limits *l,
			  struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	int r = oci_read(file, OCI_SPEC_MAX, &text, e);

	return r < 0 ? -1 : oci_resources_parse("resources", &text, l, e);
}

static void update_done(struct update_args *a)
{
	char **const texts[] = { &a->resources, &a->memory,    &a->reservation,
				 &a->swap,	&a->shares,    &a->quota,
				 &a->period,	&a->burst,     &a->cpus,
				 &a->mems,	&a->pids,      &a->weight,
				 &a->idle,	&a->kernel,    &a->kernel_tcp,
				 &a->rt_period, &a->rt_runtime };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		free(*texts[i]);
}
DEFINE_AUTO_DONE(struct update_args, update_done);
DEFINE_AUTO_DONE(struct cgroup_limits, cgroup_limits_done);

static int update(const struct oci_command *c, struct oci_call *x,
		  struct err *e)
{
	AUTO(cgroup_limits_done) struct cgroup_limits l = { 0 };
	AUTO(update_done) struct update_args a = { 0 };
	AUTO(found_done) struct found f = FOUND_INIT;
	AUTO(engine_free) struct engine *g = NULL;
	int r = oci_parse(c, x, &a, e);

	if (r)
		return r;
	if ((a.resources ? limits_of_file(a.resources, &l, e)
			 : limits_of_flags(&a, &l, e)) < 0 ||
	    find(x, &f, e) < 0)
		return -1;
	if (!is_live(&f))
		return not_so(&f, "update", e);
	g = engine_open_host(e);
	return g ? engine_cgroup_update(g, f.s.cgroup, f.s.scope, &l, e) : -1;
}

const struct oci_command oci_command_update = {
	.name = "update",
	.usage = "[flags] ID",
	.text = "change the limits of a container",
	.options = { .command = "update",
		     .program = "immure-oci",
		     .rows = update_rows },
	.min = 1,
	.max = 1,
	.run = update,
};

/* ---- events ---- */

struct events_args {
	bool stats;
	char *interval;
};
static const struct option events_rows[] = {
	{ "stats", 0, OPTION_BOOL, NULL, offsetof(struct events_args, stats),
	  "Flags", "tell the figures once", NULL, NULL },
	{ "interval", 0, OPTION_STRING, "TIME",
	  offsetof(struct events_args, interval), "Flags",
	  "from one line to the next (default 5s)", NULL, NULL },
	{ 0 },
};

#define TICK_MS 200 /* how soon a lack of memory is told */

static int print_stats(const struct found *f, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "type", "stats");
	json_out_str(&j, "id", f->s.id);
	json_out_obj(&j, "data");
	if (engine_cgroup_stats(f->s.cgroup, &j, e) < 0)
		return -1;
	json_out_obj_end(&j);
	json_out_obj_end(&j);
	buf_char(&b, '\n');
	return oci_print(&b, e);
}

/* How many were ended for lack of memory, since the last look. */
static int tell_oom(const struct found *f, uint64_t *seen, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;
	uint64_t n;

	if (engine_cgroup_oom_kills(f->s.cgroup, &n, e) < 0)
		return -1;
	for (; *seen < n; ++*seen) {
		json_out_init(&j, &b, false);
		json_out_obj(&j, NULL);
		json_out_str(&j, "type", "oom");
		json_out_str(&j, "id", f->s.id);
		json_out_obj_end(&j);
		buf_char(&b, '\n');
	}
	return oci_print(&b, e);
}

static void pause_ms(uint64_t ms)
{
	const struct timespec t = { .tv_sec = (time_t)(ms / 1000),
				    .tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&t, NULL); /* EINTR: a line too soon */
}

/* Until it ends: then its cgroup is gone. */
static int follow(struct found *f, uint64_t ms, struct err *e)
{
	uint64_t oom = 0, left = 0;

	if (engine_cgroup_oom_kills(f->s.cgroup, &oom, e) < 0)
		return -1;
	while (is_live(f)) {
		int r = left ? tell_oom(f, &oom, e) : print_stats(f, e);
		uint64_t step;

		f->status = store_oci_status(f->dir, &f->s);
		if (r < 0)
			return is_live(f) ? -1 : 0;
		left = left ? left : ms;
		step = left < TICK_MS ? left : TICK_MS;
		pause_ms(step);
		left -= step;
		f->status = store_oci_status(f->dir, &f->s);
	}
	return 0;
}

static int events(const struct oci_command *c, struct oci_call *x,
		  struct err *e)
{
	AUTO(found_done) struct found f = FOUND_INIT;
	struct events_args a = { 0 };
	int r = oci_parse(c, x, &a, e);
	auto_free char *interval = a.interval;
	uint64_t ms = 5000;

	if (r)
		return r;
	if ((interval && num_duration_ms(interval, "--interval", &ms, e) < 0) ||
	    find(x, &f, e) < 0)
		return -1;
	if (ms == 0)
		return err_set(e, ERR_USAGE, "--interval: more than 0");
	if (!is_live(&f))
		return not_so(&f, "watch", e);
	return a.stats ? print_stats(&f, e) : follow(&f, ms, e);
}

const struct oci_command oci_command_events = {
	.name = "events",
	.usage = "[flags] ID",
	.text = "tell what a container uses",
	.options = { .command = "events",
		     .program = "immure-oci",
		     .rows = events_rows },
	.min = 1,
	.max = 1,
	.run = events,
};
