/*
 * immure-scope.c - asks systemd for a scope: a cgroup of its own, delegated to
 * us, for a process that is there already. Started by immure where a limit by
 * cgroup is asked for; the only program that links libsystemd.
 *
 *   immure-scope start UNIT.scope PID SLICE [FILE=VALUE…]
 *   immure-scope set UNIT.scope [FILE=VALUE…]
 *
 * An ordinary user asks his own manager, root that of the system. 0: PID is in
 * the scope; otherwise one line on standard error says why not. The scope ends
 * by itself with its last process, whoever dies. Limits are those of
 * cgroups(7): systemd must know them, or it would take them back when it is
 * reloaded. SLICE may be empty: the usual one.
 *
 * Should: ask for this and nothing else, and wait for the answer with an end.
 * Must not: take an address from the environment.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"
#include "base/userns.h"

#define SYSTEMD	  "org.freedesktop.systemd1"
#define PATH	  "/org/freedesktop/systemd1"
#define MANAGER	  SYSTEMD ".Manager"
#define WAIT_US	  (25ull * 1000000)
#define NODES_MAX 8192 /* processors, memory nodes */

DEFINE_AUTO(sd_bus *, sd_bus_flush_close_unref);
DEFINE_AUTO(sd_bus_message *, sd_bus_message_unref);
DEFINE_AUTO_DONE(sd_bus_error, sd_bus_error_free);

struct asked {
	bool is_new; /* a scope to start */
	const char *unit, *slice;
	uint32_t pid;
	char *const *set;
	/* the answer */
	char *job;
	char *result; /* of the job; NULL: it is not known yet */
};

static int bus_error(int r, const sd_bus_error *b, const char *what,
		     struct err *e)
{
	return err_set(e, ERR_HOST, "%s: %s", what,
		       b && b->message ? b->message : strerror(-r));
}

/* ---- the connection ---- */

static int connect_to(const char *address, bool is_bus, sd_bus **ret)
{
	AUTO(sd_bus_flush_close_unref) sd_bus *bus = NULL;
	int r = sd_bus_new(&bus);

	if (r < 0)
		return r;
	r = sd_bus_set_address(bus, address);
	if (r >= 0)
		r = sd_bus_set_bus_client(bus, is_bus);
	if (r >= 0)
		r = sd_bus_start(bus);
	if (r >= 0)
		*ret = TAKE(bus);
	return r;
}

/* The manager's own socket; where it has none, by the message bus. */
static int connect_manager(sd_bus **ret, struct err *e)
{
	auto_free char *own = NULL, *bus = NULL;
	uid_t uid;
	int r;

	/* the root of a user namespace is the user who made it */
	if (userns_uid_above(geteuid(), &uid, e) < 0)
		return -1;
	own = uid ? xasprintf("unix:path=/run/user/%u/systemd/private", uid)
		  : xstrdup("unix:path=/run/systemd/private");
	bus = uid ? xasprintf("unix:path=/run/user/%u/bus", uid)
		  : xstrdup("unix:path=/run/dbus/system_bus_socket");
	r = connect_to(own, false, ret);
	if (r < 0)
		r = connect_to(bus, true, ret);
	return r < 0 ? bus_error(r, NULL, "connect to systemd", e) : 0;
}

/* ---- limits, as systemd has them ---- */

/* "67108864"; "max" */
static int add_number(sd_bus_message *m, const char *name, const char *value)
{
	uint64_t n = UINT64_MAX;

	if (strcmp(value, "max") != 0 &&
	    num_u64(value, UINT64_MAX, name, &n, NULL) < 0)
		return -EINVAL;
	return sd_bus_message_append(m, "(sv)", name, "t", n);
}

/* "default 100", "100" */
static int add_weight(sd_bus_message *m, const char *name, const char *value)
{
	static const char word[] = "default ";
	size_t n = sizeof(word) - 1;

	return add_number(m, name, strncmp(value, word, n) ? value : value + n);
}

/* "50000 100000": time in each period, in microseconds */
static int add_quota(sd_bus_message *m, const char *name, const char *value)
{
	AUTO(strv_free) char **words = strv_split(value, ' ');
	uint64_t quota, period = 100000, each = UINT64_MAX;
	int r;

	if (words[1] && num_u64(words[1], UINT32_MAX, name, &period, NULL) < 0)
		return -EINVAL;
	if (strcmp(words[0], "max") != 0) {
		if (!period ||
		    num_u64(words[0], UINT32_MAX, name, &quota, NULL) < 0)
			return -EINVAL;
		each = quota * 1000000 / period;
	}
	r = sd_bus_message_append(m, "(sv)", name, "t", each);
	return r < 0 ? r
		     : sd_bus_message_append(m, "(sv)", "CPUQuotaPeriodUSec",
					     "t", period);
}

struct bits {
	uint8_t v[NODES_MAX / 8];
	size_t n; /* bytes */
};

static int add_range(const char *range, struct bits *b)
{
	AUTO(strv_free) char **ends = strv_split(range, '-');
	uint64_t from, to;

	if (num_u64(ends[0], NODES_MAX - 1, range, &from, NULL) < 0 ||
	    num_u64(ends[ends[1] ? 1 : 0], NODES_MAX - 1, range, &to, NULL) < 0)
		return -EINVAL;
	for (; from <= to; from++)
		b->v[from / 8] |= (uint8_t)(1u << from % 8);
	if (to / 8 >= b->n)
		b->n = to / 8 + 1;
	return 0;
}

/* "0-2,7" */
static int add_list(sd_bus_message *m, const char *name, const char *value)
{
	AUTO(strv_free) char **ranges = strv_split(value, ',');
	struct bits b = { 0 };
	int r = 0;

	strv_foreach (range, ranges)
		if (**range && r >= 0)
			r = add_range(*range, &b);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'r', "sv");
	if (r >= 0)
		r = sd_bus_message_append(m, "s", name);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'v', "ay");
	if (r >= 0)
		r = sd_bus_message_append_array(m, 'y', b.v, b.n);
	if (r >= 0)
		r = sd_bus_message_close_container(m);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static const struct {
	const char *file, *property;
	int (*add)(sd_bus_message *m, const char *property, const char *value);
} limits[] = {
	{ "memory.max", "MemoryMax", add_number },
	{ "memory.high", "MemoryHigh", add_number },
	{ "memory.low", "MemoryLow", add_number },
	{ "memory.min", "MemoryMin", add_number },
	{ "memory.swap.max", "MemorySwapMax", add_number },
	{ "pids.max", "TasksMax", add_number },
	{ "cpu.weight", "CPUWeight", add_weight },
	{ "cpu.max", "CPUQuotaPerSecUSec", add_quota },
	{ "cpuset.cpus", "AllowedCPUs", add_list },
	{ "cpuset.mems", "AllowedMemoryNodes", add_list },
	{ "io.weight", "IOWeight", add_weight },
};

/* "FILE=VALUE", "?FILE=VALUE". What systemd has no word for it leaves alone. */
static int add_limit(sd_bus_message *m, const char *setting)
{
	const char *file = setting + (*setting == '?');
	size_t n = strcspn(file, "=");

	if (!file[n])
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (strlen(limits[i].file) == n &&
		    strncmp(limits[i].file, file, n) == 0)
			return limits[i].add(m, limits[i].property,
					     file + n + 1);
	return 0;
}

static int add_limits(sd_bus_message *m, const struct asked *a)
{
	int r = 0;

	strv_foreach (setting, a->set)
		if (r >= 0)
			r = add_limit(m, *setting);
	return r;
}

/* ---- the question ---- */

static int append_text(sd_bus_message *m, const char *name, const char *value)
{
	return sd_bus_message_append(m, "(sv)", name, "s", value);
}

static int append_properties(sd_bus_message *m, const struct asked *a)
{
	int r = sd_bus_message_open_container(m, 'a', "(sv)");

	if (r >= 0 && a->is_new)
		r = append_text(m, "Description", "immure sandbox");
	if (r >= 0 && a->slice && *a->slice)
		r = append_text(m, "Slice", a->slice);
	if (r >= 0 && a->is_new) /* also when it failed nothing of it stays */
		r = append_text(m, "CollectMode", "inactive-or-failed");
	if (r >= 0 && a->is_new)
		r = sd_bus_message_append(m, "(sv)", "Delegate", "b", 1);
	if (r >= 0 && a->is_new)
		r = sd_bus_message_append(m, "(sv)", "PIDs", "au", 1, a->pid);
	if (r >= 0)
		r = add_limits(m, a);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int new_question(sd_bus *bus, const struct asked *a,
			sd_bus_message **ret)
{
	AUTO(sd_bus_message_unref) sd_bus_message *m = NULL;
	int r = sd_bus_message_new_method_call(bus, &m, SYSTEMD, PATH, MANAGER,
					       a->is_new ? "StartTransientUnit"
							 : "SetUnitProperties");

	if (r >= 0) /* what is there by that name is another's */
		r = a->is_new ? sd_bus_message_append(m, "ss", a->unit, "fail")
			      : sd_bus_message_append(m, "sb", a->unit, 1);
	if (r >= 0)
		r = append_properties(m, a);
	if (r >= 0 && a->is_new) /* no other units */
		r = sd_bus_message_append(m, "a(sa(sv))", 0);
	if (r >= 0)
		*ret = TAKE(m);
	return r;
}

/* ---- the answer ---- */

static int on_job_removed(sd_bus_message *m, void *arg, sd_bus_error *unused)
{
	const char *job, *unit, *result;
	struct asked *a = arg;
	uint32_t id;

	(void)unused;
	if (sd_bus_message_read(m, "uoss", &id, &job, &unit, &result) < 0)
		return 0;
	if (a->job && !strcmp(job, a->job) && !a->result)
		a->result = xstrdup(result);
	return 0;
}

static int wait_for_job(sd_bus *bus, struct asked *a, struct err *e)
{
	uint64_t left = WAIT_US / 100000;
	int r;

	while (!a->result && left) {
		r = sd_bus_process(bus, NULL);
		if (r < 0)
			return bus_error(r, NULL, "hear from systemd", e);
		if (r > 0)
			continue;
		r = sd_bus_wait(bus, 100000);
		if (r < 0 && r != -EINTR)
			return bus_error(r, NULL, "wait for systemd", e);
		left -= r == 0;
	}
	if (!a->result)
		return err_set(e, ERR_TIMEOUT, "%s: no answer of systemd",
			       a->unit);
	if (strcmp(a->result, "done") != 0)
		return err_set(e, ERR_HOST, "%s: %s (see: journalctl%s -u %s)",
			       a->unit, a->result, geteuid() ? " --user" : "",
			       a->unit);
	return 0;
}

/* The answer to the question itself. */
static int call(sd_bus *bus, const struct asked *a, sd_bus_message **reply,
		struct err *e)
{
	AUTO(sd_bus_message_unref) sd_bus_message *m = NULL;
	AUTO(sd_bus_error_free) sd_bus_error b = SD_BUS_ERROR_NULL;
	int r = new_question(bus, a, &m);

	if (r < 0)
		return bus_error(r, NULL, "make a question for systemd", e);
	r = sd_bus_call(bus, m, WAIT_US, &b, reply);
	return r < 0 ? bus_error(r, &b, a->unit, e) : 0;
}

static int start_unit(sd_bus *bus, struct asked *a, struct err *e)
{
	AUTO(sd_bus_message_unref) sd_bus_message *reply = NULL;
	const char *job;
	int r = sd_bus_match_signal(bus, NULL, NULL, PATH, MANAGER,
				    "JobRemoved", on_job_removed, a);

	if (r < 0)
		return bus_error(r, NULL, "listen to systemd", e);
	/* the message bus gets signals only then; another connection may have
	 * asked already, which is as good */
	(void)sd_bus_call_method(bus, SYSTEMD, PATH, MANAGER, "Subscribe", NULL,
				 NULL, "");
	if (call(bus, a, &reply, e) < 0)
		return -1;
	r = sd_bus_message_read(reply, "o", &job);
	if (r < 0)
		return bus_error(r, NULL, "read the answer of systemd", e);
	a->job = xstrdup(job);
	return wait_for_job(bus, a, e);
}

static int ask(struct asked *a, struct err *e)
{
	AUTO(sd_bus_flush_close_unref) sd_bus *bus = NULL;
	AUTO(sd_bus_message_unref) sd_bus_message *reply = NULL;

	if (connect_manager(&bus, e) < 0)
		return -1;
	return a->is_new ? start_unit(bus, a, e) : call(bus, a, &reply, e);
}

static int parse(int argc, char **argv, struct asked *ret, struct err *e)
{
	const char *verb = argc > 1 ? argv[1] : "";

	ret->is_new = strcmp(verb, "start") == 0;
	if (argc < (ret->is_new ? 5 : 3) ||
	    (!ret->is_new && strcmp(verb, "set") != 0))
		return err_set(e, ERR_USAGE,
			       "usage: immure-scope start UNIT.scope PID SLICE "
			       "[FILE=VALUE…], immure-scope set UNIT.scope "
			       "[FILE=VALUE…]");
	ret->unit = argv[2];
	ret->set = argv + (ret->is_new ? 5 : 3);
	if (!ret->is_new)
		return 0;
	ret->slice = argv[4];
	return num_u32(argv[3], "PID", &ret->pid, e);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct asked a = { 0 };
	int r;

	log_name("immure-scope");
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("immure-scope %s\n", VERSION);
		return 0;
	}
	r = fd_sanitize_stdio(&e);
	if (r == 0)
		r = parse(argc, argv, &a, &e);
	if (r == 0)
		r = ask(&a, &e);
	free(a.job);
	free(a.result);
	if (r == 0)
		return 0;
	fprintf(stderr, "%s\n", e.msg); /* immure says whose words they are */
	return err_exit_status(e.kind);
}
