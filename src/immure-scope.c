/*
 * immure-scope.c - asks systemd for a scope: a cgroup of its own, delegated to
 * us, for a process that is there already. Started by immure where a limit by
 * cgroup is asked for; the only program that links libsystemd.
 *
 *   immure-scope UNIT.scope PID [SLICE]
 *
 * An ordinary user asks his own manager, root that of the system. 0: PID is in
 * the scope; otherwise one line on standard error says why not. The scope ends
 * by itself with its last process, whoever dies.
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
#include "base/table.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define PATH	"/org/freedesktop/systemd1"
#define MANAGER SYSTEMD ".Manager"
#define WAIT_US (25ull * 1000000)

DEFINE_AUTO(sd_bus *, sd_bus_flush_close_unref);
DEFINE_AUTO(sd_bus_message *, sd_bus_message_unref);
DEFINE_AUTO_DONE(sd_bus_error, sd_bus_error_free);

struct asked {
	const char *unit, *slice;
	uint32_t pid;
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
	uid_t uid = geteuid();
	auto_free char *own =
		uid ? xasprintf("unix:path=/run/user/%u/systemd/private", uid)
		    : xstrdup("unix:path=/run/systemd/private");
	auto_free char *bus =
		uid ? xasprintf("unix:path=/run/user/%u/bus", uid)
		    : xstrdup("unix:path=/run/dbus/system_bus_socket");
	int r = connect_to(own, false, ret);

	if (r < 0)
		r = connect_to(bus, true, ret);
	return r < 0 ? bus_error(r, NULL, "connect to systemd", e) : 0;
}

/* ---- the question ---- */

static int append_text(sd_bus_message *m, const char *name, const char *value)
{
	return sd_bus_message_append(m, "(sv)", name, "s", value);
}

static int append_properties(sd_bus_message *m, const struct asked *a)
{
	int r = sd_bus_message_open_container(m, 'a', "(sv)");

	if (r >= 0)
		r = append_text(m, "Description", "immure sandbox");
	if (r >= 0 && a->slice)
		r = append_text(m, "Slice", a->slice);
	if (r >= 0) /* also when it failed nothing of it stays */
		r = append_text(m, "CollectMode", "inactive-or-failed");
	if (r >= 0)
		r = sd_bus_message_append(m, "(sv)", "Delegate", "b", 1);
	if (r >= 0)
		r = sd_bus_message_append(m, "(sv)", "PIDs", "au", 1, a->pid);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int new_question(sd_bus *bus, const struct asked *a,
			sd_bus_message **ret)
{
	AUTO(sd_bus_message_unref) sd_bus_message *m = NULL;
	int r = sd_bus_message_new_method_call(bus, &m, SYSTEMD, PATH, MANAGER,
					       "StartTransientUnit");

	if (r >= 0) /* what is there by that name is another's */
		r = sd_bus_message_append(m, "ss", a->unit, "fail");
	if (r >= 0)
		r = append_properties(m, a);
	if (r >= 0) /* no other units */
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

static int start_unit(sd_bus *bus, struct asked *a, struct err *e)
{
	AUTO(sd_bus_message_unref) sd_bus_message *m = NULL, *reply = NULL;
	AUTO(sd_bus_error_free) sd_bus_error b = SD_BUS_ERROR_NULL;
	const char *job;
	int r = sd_bus_match_signal(bus, NULL, NULL, PATH, MANAGER,
				    "JobRemoved", on_job_removed, a);

	if (r < 0)
		return bus_error(r, NULL, "listen to systemd", e);
	/* the message bus gets signals only then; another connection may have
	 * asked already, which is as good */
	(void)sd_bus_call_method(bus, SYSTEMD, PATH, MANAGER, "Subscribe", NULL,
				 NULL, "");
	r = new_question(bus, a, &m);
	if (r < 0)
		return bus_error(r, NULL, "make a question for systemd", e);
	r = sd_bus_call(bus, m, WAIT_US, &b, &reply);
	if (r < 0)
		return bus_error(r, &b, a->unit, e);
	r = sd_bus_message_read(reply, "o", &job);
	if (r < 0)
		return bus_error(r, NULL, "read the answer of systemd", e);
	a->job = xstrdup(job);
	return 0;
}

static int ask(struct asked *a, struct err *e)
{
	AUTO(sd_bus_flush_close_unref) sd_bus *bus = NULL;

	if (connect_manager(&bus, e) < 0 || start_unit(bus, a, e) < 0)
		return -1;
	return wait_for_job(bus, a, e);
}

static int parse(int argc, char **argv, struct asked *ret, struct err *e)
{
	if (argc < 3 || argc > 4)
		return err_set(e, ERR_USAGE,
			       "usage: immure-scope UNIT.scope PID [SLICE]");
	ret->unit = argv[1];
	ret->slice = argv[3]; /* or the NULL at the end */
	return num_u32(argv[2], "PID", &ret->pid, e);
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
