/*
 * test_request.c - command lines of run become requests; wrong words and
 * contradictions become one sentence that names them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/strv.h"
#include "base/table.h"
#include "cli/run_args.h"

static const char *const caller[] = { "HOME=/h", "SECRET=s", "EMPTY=", NULL };

static void add_list(struct buf *b, const char *key, char *const *v)
{
	char *all = strv_join(v, ",");

	if (v)
		buf_printf(b, " %s=[%s]", key, all);
	free(all);
}

static void add_str(struct buf *b, const char *key, const char *v)
{
	if (v)
		buf_printf(b, " %s=%s", key, v);
}

static void add_flag(struct buf *b, const char *key, bool on)
{
	if (on)
		buf_printf(b, " %s", key);
}

static void add_number(struct buf *b, const char *key, int64_t n)
{
	if (n)
		buf_printf(b, " %s=%" PRId64, key, n);
}

static void add_mount(struct buf *b, const struct request_mount *m)
{
	buf_printf(b, " %s:%s->%s%s%s%s%s%s", m->type,
		   m->source ? m->source : "", m->target,
		   m->writable ? ",rw" : "", m->exec ? "" : ",noexec",
		   m->suid ? ",suid" : "", m->dev ? ",dev" : "",
		   m->recursive ? "" : ",flat");
	if (m->tmpfs_size)
		buf_printf(b, ",size=%" PRIu64, m->tmpfs_size);
}

static void add_process(struct buf *b, const struct request *r)
{
	static const char *const roots[] = { "image", "dir", "host" };

	buf_str(b, roots[r->root]);
	add_str(b, "image", r->image);
	add_str(b, "rootfs", r->rootfs);
	add_list(b, "cmd", r->command);
	add_flag(b, "entry", r->has_entrypoint);
	add_list(b, "entry", r->entrypoint);
	add_list(b, "env", r->env);
	add_str(b, "user", r->user);
	add_str(b, "cwd", r->workdir);
	add_str(b, "host", r->hostname);
	add_str(b, "name", r->name);
	add_str(b, "stop", r->stop_signal);
	add_list(b, "ann", r->annotations);
	add_list(b, "lab", r->labels);
	add_flag(b, "i", r->interactive);
	add_flag(b, "t", r->tty);
	add_flag(b, "keep", r->keep);
	add_flag(b, "ro", r->read_only);
	add_flag(b, "priv", r->privileged);
	if (r->init)
		buf_printf(b, " init=%s", r->init == YES ? "yes" : "no");
	if (r->timeout_ms)
		buf_printf(b, " timeout=%" PRIu64, r->timeout_ms);
}

static void add_walls(struct buf *b, const struct request *r)
{
	size_t i;

	for (i = 0; i < r->n_mounts; i++)
		add_mount(b, &r->mounts[i]);
	add_list(b, "dev", r->devices);
	add_list(b, "add", r->cap_add);
	add_list(b, "drop", r->cap_drop);
	add_str(b, "caps", r->caps);
	add_str(b, "seccomp", r->seccomp);
	add_str(b, "landlock", r->landlock);
	add_str(b, "apparmor", r->apparmor);
	add_str(b, "selinux", r->selinux);
	if (r->no_new_privs)
		buf_printf(b, " nnp=%s", r->no_new_privs == YES ? "yes" : "no");
	add_flag(b, "unmask", r->unmask);
	add_str(b, "userns", r->userns);
	add_list(b, "umap", r->uidmap);
	add_list(b, "gmap", r->gidmap);
	add_str(b, "pid", r->pid);
	add_str(b, "ipc", r->ipc);
	add_str(b, "uts", r->uts);
	add_str(b, "cgroupns", r->cgroupns);
	add_str(b, "net", r->network);
	for (i = 0; i < r->n_rlimits; i++)
		buf_printf(b, " %s=%" PRIu64 ":%" PRIu64, r->rlimits[i].name,
			   r->rlimits[i].soft, r->rlimits[i].hard);
	add_number(b, "mem", r->limits.memory);
	add_number(b, "swap", r->limits.swap);
	add_number(b, "low", r->limits.reservation);
	add_number(b, "quota", r->limits.cpu_quota);
	add_number(b, "period", (int64_t)r->limits.cpu_period);
	add_number(b, "shares", (int64_t)r->limits.cpu_shares);
	add_number(b, "io", (int64_t)r->limits.io_weight);
	add_str(b, "cpus", r->limits.cpus);
	add_str(b, "mems", r->limits.mems);
	add_str(b, "cgroups", r->cgroups);
	add_str(b, "parent", r->cgroup_parent);
	if (r->pids_limit)
		buf_printf(b, " pids=%" PRId64, r->pids_limit);
	if (r->root_size)
		buf_printf(b, " size=%" PRIu64, r->root_size);
}

/* Words are divided by '|' so that they can hold spaces. */
static char *outcome(const char *line)
{
	const struct option_table t = { "run", run_rows, run_only_rows, true,
					NULL };
	const struct run_context c = { .env = (char *const *)caller,
				       .cwd = "/w" };
	AUTO(strv_free) char **args = strv_split(line, '|');
	AUTO(run_args_done) struct run_args a = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	switch (run_args_parse(&t, args, &c, &a, &e)) {
	case OPTION_HELP:
		buf_str(&b, "help");
		break;
	case OPTION_ERROR:
		buf_str(&b, e.msg);
		break;
	case OPTION_OK:
		add_process(&b, &a.r);
		add_walls(&b, &a.r);
		add_str(&b, "policy", a.policy);
		add_flag(&b, "explain", a.explain);
	}
	return buf_take(&b);
}

struct row {
	const char *line, *want;
};

static void check_rows(const struct row *v, size_t n)
{
	size_t i, bad = 0;

	for (i = 0; i < n; i++) {
		char *got = outcome(v[i].line);

		if (strcmp(got, v[i].want)) {
			print_error("%s\n   got  %s\n   want %s\n", v[i].line,
				    got, v[i].want);
			bad++;
		}
		free(got);
	}
	assert_int_equal(bad, 0);
}

static void a_command_line_becomes_a_request(void **state)
{
	static const struct row v[] = {
		{ "img", "image image=img" },
		{ "img|sh|-c|echo --rm", "image image=img cmd=[sh,-c,echo "
					 "--rm]" },
		{ "--|img|--|x", "image image=img cmd=[--,x]" },
		{ "-it|--rm|img|sh", "image image=img cmd=[sh] i t" },
		{ "--rm=false|img", "image image=img keep" },
		{ "--keep|img", "image image=img keep" },
		{ "--name|web-1|img", "image image=img name=web-1" },
		{ "--rootfs|/r|sh", "dir rootfs=/r cmd=[sh]" },
		{ "--rootfs|r/x|sh", "dir rootfs=/w/r/x cmd=[sh]" },
		{ "--host|ls|-l", "host cmd=[ls,-l]" },
		{ "--entrypoint|/e|img|x", "image image=img cmd=[x] entry "
					   "entry=[/e]" },
		{ "--entrypoint=|img", "image image=img entry" },
		{ "-e|A=1|-eB=2=3|img", "image image=img env=[A=1,B=2=3]" },
		{ "-e|SECRET|-e|EMPTY|img",
		  "image image=img env=[SECRET=s,EMPTY=]" },
		{ "-e|NOT_SET|img", "image image=img" },
		{ "-e|A=1|-e|A=2|img", "image image=img env=[A=2]" },
		{ "-u|1000:100|-w|/srv|-h|box|img",
		  "image image=img user=1000:100 cwd=/srv host=box" },
		{ "--init|img", "image image=img init=yes" },
		{ "--init=false|img", "image image=img init=no" },
		{ "--stop-signal|SIGINT|img", "image image=img stop=SIGINT" },
		{ "--timeout|1m30s|img", "image image=img timeout=90000" },
		{ "--timeout|500ms|img", "image image=img timeout=500" },
		{ "-l|a=b|--label|c|img", "image image=img lab=[a=b,c=]" },
		{ "--annotation|x=y=z|img", "image image=img ann=[x=y=z]" },
		{ "--read-only|--storage-size|1m|img",
		  "--storage-size and --read-only contradict each other: "
		  "nothing is written" },
		{ "--storage-size|64m|img", "image image=img size=67108864" },
		{ "--sig-proxy|--restart=no|--pull|never|img",
		  "image image=img" },
		{ "--explain|--policy|p|img", "image image=img policy=p "
					      "explain" },
		{ "--help", "help" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v));
}

static void mounts_are_read_only_unless_said_otherwise(void **state)
{
	static const struct row v[] = {
		{ "-v|/s:/d|img", "image image=img bind:/s->/d" },
		{ "-v|/s:/d:rw|img", "image image=img bind:/s->/d,rw" },
		{ "-v|/s:/d:ro,noexec|img",
		  "image image=img bind:/s->/d,noexec" },
		{ "-v|./s:/d|img", "image image=img bind:/w/./s->/d" },
		{ "-v|../s/:/d|img", "image image=img bind:/w/../s/->/d" },
		{ "--mount|type=bind,source=/s,target=/d|img",
		  "image image=img bind:/s->/d" },
		{ "--mount|type=bind,src=./a/s,dst=/d,readonly|img",
		  "image image=img bind:/w/./a/s->/d" },
		{ "--tmpfs|/t|img", "image image=img tmpfs:->/t,rw,noexec" },
		{ "--tmpfs|/t:size=1m|img",
		  "image image=img tmpfs:->/t,rw,noexec,size=1048576" },
		{ "--device|/dev/fuse|img", "image image=img dev=[/dev/fuse]" },
		{ "-v|/a:/d|--tmpfs|/d|img", "two mounts at /d: /a and tmpfs" },
		{ "-v|/a:/d|-v|/b:/d/|img", "two mounts at /d: /a and /b" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v));
}

static void walls_and_namespaces_are_asked_for_by_name(void **state)
{
	static const struct row v[] = {
		{ "--cap-add|NET_RAW,CHOWN|--cap-drop|ALL|img",
		  "image image=img add=[NET_RAW,CHOWN] drop=[ALL]" },
		{ "--caps|compat|img", "image image=img caps=compat" },
		{ "--privileged|img", "image image=img priv" },
		{ "--security-opt|no-new-privileges|img",
		  "image image=img nnp=yes" },
		{ "--security-opt|no-new-privileges:false|img",
		  "image image=img nnp=no" },
		{ "--security-opt=seccomp=unconfined|img",
		  "image image=img seccomp=unconfined" },
		{ "--security-opt|seccomp=/p/a=b.json|img",
		  "image image=img seccomp=/p/a=b.json" },
		{ "--security-opt|apparmor=x|--security-opt|label=disable|img",
		  "image image=img apparmor=x selinux=unconfined" },
		{ "--security-opt|label=type:t|img",
		  "image image=img selinux=type:t" },
		{ "--security-opt|landlock=required|img",
		  "image image=img landlock=required" },
		{ "--security-opt|unmask=ALL|img", "image image=img unmask" },
		{ "--security-opt|systempaths=unconfined|img",
		  "image image=img unmask" },
		{ "--userns|keep-id|img", "image image=img userns=keep-id" },
		{ "--uidmap|0:1:10|--gidmap|0:1:10|img",
		  "image image=img umap=[0:1:10] gmap=[0:1:10]" },
		{ "--pid=host|--ipc=host|--uts=private|--cgroupns=host|img",
		  "image image=img pid=host ipc=host uts=private "
		  "cgroupns=host" },
		{ "--network|none|img", "image image=img net=none" },
		{ "--net=host|img", "image image=img net=host" },
		{ "--ulimit|nofile=1024:4096|img",
		  "image image=img nofile=1024:4096" },
		{ "--pids-limit|100|img", "image image=img pids=100" },
		{ "--pids-limit|-1|img", "image image=img pids=-1" },
		{ "--pids-limit=0|img", "image image=img pids=-1" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v));
}

static void limits_by_cgroup_are_numbers(void **state)
{
	static const struct row v[] = {
		{ "-m|64m|img", "image image=img mem=67108864" },
		{ "-m|0|img", "image image=img mem=-1" },
		{ "-m64m|--memory-swap|-1|img",
		  "image image=img mem=67108864 swap=-1" },
		{ "--memory-reservation=1g|img",
		  "image image=img low=1073741824" },
		{ "--cpus|1.5|img",
		  "image image=img quota=150000 period=100000" },
		{ "--cpus=.25|img",
		  "image image=img quota=25000 period=100000" },
		{ "--cpu-quota|50000|--cpu-period|20000|img",
		  "image image=img quota=50000 period=20000" },
		{ "--cpu-quota=-1|img", "image image=img quota=-1" },
		{ "-c|512|img", "image image=img shares=512" },
		{ "--blkio-weight|300|img", "image image=img io=300" },
		{ "--cpuset-cpus|0-2,7|--cpuset-mems=0|img",
		  "image image=img cpus=0-2,7 mems=0" },
		{ "--cgroups=enabled|--cgroup-parent|/a|img",
		  "image image=img cgroups=enabled parent=/a" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v));
}

static void contradictions_name_both_flags(void **state)
{
#define CLASH(a, b, why) a " and " b " contradict each other: " why
	static const struct row v[] = {
		{ "--rm|--keep|img", CLASH("--rm", "--keep",
					   "the container is removed, or "
					   "kept") },
		{ "--host|--rootfs|/r|x",
		  CLASH("--host", "--rootfs", "there is one root") },
		{ "--keep|--read-only|img",
		  CLASH("--keep", "--read-only",
			"nothing is written that could be kept") },
		{ "--rm=false|--storage-size|1g|img",
		  CLASH("--storage-size", "--keep",
			"only a root in memory has a size") },
		{ "--privileged|--caps=none|img",
		  CLASH("--privileged", "--caps",
			"privileged is all capabilities") },
		{ "--cap-drop|CHOWN|--privileged|img",
		  CLASH("--privileged", "--cap-drop",
			"privileged is all capabilities; say --caps all "
			"--cap-drop") },
		{ "--privileged|--security-opt|no-new-privileges|img",
		  CLASH("--privileged", "--security-opt no-new-privileges",
			"privileged turns it off") },
		{ "--privileged|--security-opt|seccomp=strict|img",
		  CLASH("--privileged", "--security-opt seccomp",
			"privileged has no filter") },
		{ "--privileged|--security-opt|landlock=required|img",
		  CLASH("--privileged", "--security-opt landlock",
			"privileged turns it off") },
		{ "--privileged|--security-opt|seccomp=unconfined|img",
		  "image image=img priv seccomp=unconfined" },
		{ "--uts=host|--hostname|x|img",
		  CLASH("--hostname", "--uts=host",
			"the host's name cannot be set") },
		{ "--pid=host|--init|img",
		  CLASH("--init", "--pid=host",
			"the host has its own process 1") },
		{ "--pid=host|--init=false|img",
		  "image image=img init=no pid=host" },
		{ "--userns=keep-id|--uidmap|0:1:1|img",
		  CLASH("--userns", "--uidmap", "both say which ids exist") },
		{ "--cap-add|CAP_CHOWN|--cap-drop|chown|img",
		  "--cap-add CAP_CHOWN and --cap-drop chown contradict each "
		  "other" },
		{ "--security-opt|seccomp=a|--security-opt|seccomp=b|img",
		  "--security-opt seccomp=b contradicts seccomp=a, given "
		  "before" },
		{ "--security-opt|seccomp=a|--security-opt|seccomp=a|img",
		  "image image=img seccomp=a" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v));
}

static void what_is_not_offered_says_why(void **state)
{
	static const struct row v[] = {
		{ "-d|img", "--detach: not offered: there is no daemon: run "
			    "it in the foreground" },
		{ "-itd|img", "--detach: not offered: there is no daemon: run "
			      "it in the foreground" },
		{ "-p|80:80|img",
		  "--publish: not offered: the sandbox has no network yet "
		  "(--network none or host)" },
		{ "--oom-kill-disable|img",
		  "--oom-kill-disable: not offered: cgroups of version 2 have "
		  "no such setting" },
		{ "--restart=always|img",
		  "--restart: always: unknown value; known are no" },
		{ "--sig-proxy=false|img",
		  "--sig-proxy=false: signals are always forwarded" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v));
}

static void wrong_words_are_refused_in_one_sentence(void **state)
{
	static const struct row v[] = {
		{ "--rm", "immure run: which image? immure run [flags] IMAGE "
			  "[COMMAND …], or --rootfs DIR, or --host" },
		{ "--priv|img", "unknown flag --priv; did you mean "
				"--privileged?" },
		{ "--priviledged|img",
		  "unknown flag --priviledged; did you mean --privileged?" },
		{ "--hostnmae|x|img",
		  "unknown flag --hostnmae; did you mean --hostname?" },
		{ "--cap-rop|x|img",
		  "unknown flag --cap-rop; did you mean --cap-drop?" },
		{ "--network|bridge|img",
		  "--network bridge: not offered yet: none (only lo, the "
		  "default) or host" },
		{ "--network|container:x|img",
		  "--network container:x: not offered yet: none (only lo, "
		  "the default) or host" },
		{ "--network|hsot|img",
		  "--network: hsot: unknown value; did you mean host?" },
		{ "--userns|keepid|img",
		  "--userns: keepid: unknown value; did you mean keep-id?" },
		{ "--pid|container:x|img",
		  "--pid: container:x: unknown value; known are private, "
		  "host" },
		{ "--pid=|img",
		  "--pid: : unknown value; known are private, host" },
		{ "--caps|compta|img",
		  "--caps: compta: unknown value; did you mean compat?" },
		{ "--security-opt|secomp=x|img",
		  "--security-opt secomp: unknown key; did you mean "
		  "seccomp?" },
		{ "--security-opt|x=y|img",
		  "--security-opt x: unknown key; known are "
		  "no-new-privileges, seccomp, seccomp-narrow, apparmor, "
		  "label, landlock, unmask, systempaths" },
		{ "--security-opt|seccomp|img",
		  "--security-opt seccomp needs a value: seccomp=VALUE" },
		{ "--security-opt|landlock=of|img",
		  "--security-opt landlock: of: unknown value; did you mean "
		  "off?" },
		{ "--security-opt|unmask=/proc/x|img",
		  "--security-opt unmask: /proc/x: unknown value; known are "
		  "ALL" },
		{ "--name|-x|img",
		  "--name -x: a name is letters, digits, '_', '.', '-', and "
		  "begins with a letter or digit" },
		{ "--label|=x|img", "--label =x: the key is empty" },
		{ "--storage-size|0|img",
		  "--storage-size 0: a root without room; say --read-only" },
		{ "--cap-add|A,,B|img",
		  "--cap-add A,,B: an empty capability name" },
		{ "--rootfs|", "--rootfs: the path is empty" },
		{ "", "the image's name is empty" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v));
}

/* What format/opts says comes through; only that it refuses is told here. */
static void words_that_do_not_parse_are_refused(void **state)
{
	static const char *const v[] = {
		"-v|name:/d|img",
		"-v|/s|img",
		"-v|/s:d|img",
		"-v|/s:/d:rx|img",
		"--mount|type=volume,target=/d|img",
		"--mount|type=bind,target=/d|img",
		"--tmpfs|t|img",
		"--device|fuse|img",
		"--ulimit|nofile|img",
		"--ulimit|nofiles=1|img",
		"--uidmap|0:1|img",
		"--uidmap|0:1:0|img",
		"--pids-limit|-2|img",
		"--pids-limit|many|img",
		"-m|much|img",
		"-m|-1|img",
		"--cpus|0|img",
		"--cpus|1.x|img",
		"--cpus||img",
		"--cpus|1|--cpu-quota|5000|img",
		"--cpu-period|5000|--cpus|1|img",
		"--cpu-quota|-2|img",
		"--blkio-weight|x|img",
		"--cgroups|split|img",
		"--timeout|soon|img",
		"--storage-size|1q|img",
		"--stop-signal|HUH|img",
		"-e|=x|img",
		"--env-file|/does/not/exist|img",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		char *got = outcome(v[i]);

		if (!strncmp(got, "image", 5))
			fail_msg("%s: accepted as %s", v[i], got);
		free(got);
	}
}

static void variables_of_files_come_before_those_of_flags(void **state)
{
	static const char text[] = "# a comment\nA=file\nB=file\nSECRET\n";
	char path[] = "/tmp/env.XXXXXX", line[80];
	int fd = mkstemp(path);
	char *got;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	snprintf(line, sizeof(line), "-e|A=flag|--env-file|%s|img", path);
	got = outcome(line);
	assert_string_equal(got,
			    "image image=img env=[A=flag,B=file,SECRET=s]");
	free(got);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_line_becomes_a_request),
		cmocka_unit_test(mounts_are_read_only_unless_said_otherwise),
		cmocka_unit_test(walls_and_namespaces_are_asked_for_by_name),
		cmocka_unit_test(limits_by_cgroup_are_numbers),
		cmocka_unit_test(contradictions_name_both_flags),
		cmocka_unit_test(what_is_not_offered_says_why),
		cmocka_unit_test(wrong_words_are_refused_in_one_sentence),
		cmocka_unit_test(words_that_do_not_parse_are_refused),
		cmocka_unit_test(variables_of_files_come_before_those_of_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
