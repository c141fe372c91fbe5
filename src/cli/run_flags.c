/*
 * run_flags.c - the flags of run, plan, check and diff: one row each, with
 * docker's and podman's names. The rows parse and are the help text.
 */
#include <stddef.h>
#include "cli/run_args.h"
#include "cli/run_set.h"

#define IN(field)  offsetof(struct run_args, field)
#define REQ(field) offsetof(struct run_args, r.field)

#define PROCESS "Process"
#define ROOT	"Root filesystem"
#define MOUNTS	"Mounts and devices"
#define WALLS	"Walls (the defaults are the hard ones)"
#define LIMITS	"Limits by cgroup (refused where they cannot hold)"
#define SPACES	"Namespaces and ids"
#define RECORD	"Recording (observes, does not guard)"
#define POLICY	"Policy"

#define NO_NETWORK "the sandbox has no network yet (--network none or host)"
#define NO_DAEMON  "there is no daemon: run it in the foreground"
#define NO_SHARING "sandboxes do not share anything"

const struct option run_rows[] = {
	{ "interactive", 'i', OPTION_BOOL, NULL, REQ(interactive), PROCESS,
	  "pass standard input on", NULL, NULL },
	{ "tty", 't', OPTION_BOOL, NULL, REQ(tty), PROCESS,
	  "a terminal of the sandbox's own", NULL, NULL },
	{ "name", 0, OPTION_CALL, "NAME", REQ(name), PROCESS,
	  "name of the container", NULL, set_name },
	{ "rm", 0, OPTION_TRI, NULL, IN(rm), PROCESS,
	  "remove it afterwards: the default; --rm=false is --keep", NULL,
	  NULL },
	{ "keep", 0, OPTION_BOOL, NULL, REQ(keep), PROCESS,
	  "keep what it wrote, in a directory of the container", NULL, NULL },
	{ "entrypoint", 0, OPTION_CALL, "PROGRAM", 0, PROCESS,
	  "instead of the image's; empty: none", NULL, set_entrypoint },
	{ "env", 'e', OPTION_LIST, "KEY[=VALUE]", IN(env_words), PROCESS,
	  "set a variable; KEY alone: the caller's value", NULL, NULL },
	{ "env-file", 0, OPTION_LIST, "FILE", IN(env_files), PROCESS,
	  "variables, one a line", NULL, NULL },
	{ "user", 'u', OPTION_STRING, "USER[:GROUP]", REQ(user), PROCESS,
	  "names or numbers of the image", NULL, NULL },
	{ "workdir", 'w', OPTION_STRING, "DIR", REQ(workdir), PROCESS,
	  "working directory in the sandbox", NULL, NULL },
	{ "init", 0, OPTION_TRI, NULL, REQ(init), PROCESS,
	  "a small process 1 that reaps: on unless --init=false", NULL, NULL },
	{ "stop-signal", 0, OPTION_CALL, "SIGNAL", REQ(stop_signal), PROCESS,
	  "what ends it (the image's, or TERM)", NULL, set_stop_signal },
	{ "timeout", 0, OPTION_CALL, "TIME", REQ(timeout_ms), PROCESS,
	  "end it after 90, 1m30s, 500ms … (exit status 124)", NULL,
	  set_timeout },
	{ "label", 'l', OPTION_CALL, "KEY=VALUE", REQ(labels), PROCESS,
	  "a label of the container", NULL, set_pair },
	{ "annotation", 0, OPTION_CALL, "KEY=VALUE", REQ(annotations), PROCESS,
	  "an OCI annotation", NULL, set_pair },

	{ "rootfs", 0, OPTION_STRING, "DIR", REQ(rootfs), ROOT,
	  "run in a copy on write of this directory, without an image", NULL,
	  NULL },
	{ "host", 0, OPTION_BOOL, NULL, IN(host), ROOT,
	  "run in a copy on write of the host's own root", NULL, NULL },
	{ "read-only", 0, OPTION_BOOL, NULL, REQ(read_only), ROOT,
	  "nothing can be written but mounts", NULL, NULL },
	{ "storage-size", 0, OPTION_CALL, "SIZE", REQ(root_size), ROOT,
	  "room for what is written, in memory", NULL, set_storage_size },

	{ "volume", 'v', OPTION_CALL, "SOURCE:TARGET[:OPTIONS]", 0, MOUNTS,
	  "bind a file or directory, read-only unless :rw", NULL, set_volume },
	{ "mount", 0, OPTION_CALL, "KEY=VALUE,...", 0, MOUNTS,
	  "type=bind or tmpfs, source=, target=, readonly=, …", NULL,
	  set_mount },
	{ "tmpfs", 0, OPTION_CALL, "TARGET[:OPTIONS]", 0, MOUNTS,
	  "an empty directory in memory", NULL, set_tmpfs },
	{ "device", 0, OPTION_CALL, "DEVICE[:TARGET[:rwm]]", REQ(devices),
	  MOUNTS, "a device node of the host", NULL, set_device },

	{ "caps", 0, OPTION_STRING, "SET", REQ(caps), WALLS,
	  "none (default), compat (what podman gives) or all",
	  "none|compat|all", NULL },
	{ "cap-add", 0, OPTION_CALL, "NAME", REQ(cap_add), WALLS,
	  "add a capability, or ALL", NULL, set_cap },
	{ "cap-drop", 0, OPTION_CALL, "NAME", REQ(cap_drop), WALLS,
	  "remove a capability, or ALL", NULL, set_cap },
	{ "security-opt", 0, OPTION_CALL, "KEY[=VALUE]", 0, WALLS,
	  "seccomp=NAME|FILE|unconfined, seccomp-narrow=FILE (on top of it), "
	  "landlock=required|wanted|off, "
	  "apparmor=required|wanted|off|PROFILE, no-new-privileges=false, "
	  "label=LABEL, unmask=ALL",
	  NULL, run_security_opt },
	{ "landlock-rules", 0, OPTION_STRING, "FILE", REQ(landlock_rules),
	  WALLS, "these Landlock rules, cut to what is usual", NULL, NULL },
	{ "privileged", 0, OPTION_BOOL, NULL, REQ(privileged), WALLS,
	  "no walls but the namespaces; the policy decides", NULL, NULL },
	{ "pids-limit", 0, OPTION_CALL, "N", REQ(pids_limit), WALLS,
	  "at most N processes (512); -1: no limit", NULL, set_pids_limit },
	{ "ulimit", 0, OPTION_CALL, "NAME=SOFT[:HARD]", 0, WALLS,
	  "a resource limit", NULL, set_ulimit },

	{ "memory", 'm', OPTION_CALL, "SIZE", REQ(limits.memory), LIMITS,
	  "memory, without swap unless --memory-swap says so", NULL,
	  set_memory },
	{ "memory-swap", 0, OPTION_CALL, "SIZE", REQ(limits.swap), LIMITS,
	  "memory and swap together; -1: all swap there is", NULL,
	  set_memory_swap },
	{ "memory-reservation", 0, OPTION_CALL, "SIZE", REQ(limits.reservation),
	  LIMITS, "memory that is left to it when the host has little", NULL,
	  set_memory },
	{ "cpus", 0, OPTION_CALL, "N", IN(cpus), LIMITS,
	  "processor time of so many processors, as 1.5", NULL, set_cpus },
	{ "cpu-shares", 'c', OPTION_CALL, "N", REQ(limits.cpu_shares), LIMITS,
	  "weight among those that want the processors (2 to 262144)", NULL,
	  set_count },
	{ "cpu-quota", 0, OPTION_CALL, "N", REQ(limits.cpu_quota), LIMITS,
	  "microseconds in each period", NULL, set_quota },
	{ "cpu-period", 0, OPTION_CALL, "N", REQ(limits.cpu_period), LIMITS,
	  "the period in microseconds (100000)", NULL, set_count },
	{ "cpuset-cpus", 0, OPTION_STRING, "LIST", REQ(limits.cpus), LIMITS,
	  "the processors it runs on, as 0-2,7", NULL, NULL },
	{ "cpuset-mems", 0, OPTION_STRING, "LIST", REQ(limits.mems), LIMITS,
	  "the memory nodes it uses", NULL, NULL },
	{ "blkio-weight", 0, OPTION_CALL, "N", REQ(limits.io_weight), LIMITS,
	  "weight at block devices (10 to 1000)", NULL, set_weight },
	{ "cgroups", 0, OPTION_STRING, "MODE", REQ(cgroups), LIMITS,
	  "auto (default: for the limits above), enabled (always one of its "
	  "own) or disabled",
	  "auto|enabled|disabled", NULL },
	{ "cgroup-parent", 0, OPTION_STRING, "PATH", REQ(cgroup_parent), LIMITS,
	  "make it in this cgroup, or in this slice of systemd's", NULL, NULL },

	{ "network", 0, OPTION_CALL, "MODE", REQ(network), SPACES,
	  "none (default: only lo) or host", NULL, set_network },
	{ "hostname", 'h', OPTION_STRING, "NAME", REQ(hostname), SPACES,
	  "host name in the sandbox", NULL, NULL },
	{ "userns", 0, OPTION_STRING, "MODE", REQ(userns), SPACES,
	  "nomap (default: your uid does not exist inside), keep-id, root, "
	  "single or host",
	  "nomap|keep-id|root|single|host", NULL },
	{ "uidmap", 0, OPTION_CALL, "INSIDE:ID:COUNT", REQ(uidmap), SPACES,
	  "user ids; ID 0 is you, 1… your subordinate ids", NULL, set_idmap },
	{ "gidmap", 0, OPTION_CALL, "INSIDE:ID:COUNT", REQ(gidmap), SPACES,
	  "group ids, the same way", NULL, set_idmap },
	{ "pid", 0, OPTION_STRING, "MODE", REQ(pid), SPACES,
	  "private (default) or host", "private|host", NULL },
	{ "ipc", 0, OPTION_STRING, "MODE", REQ(ipc), SPACES,
	  "private (default) or host", "private|host", NULL },
	{ "uts", 0, OPTION_STRING, "MODE", REQ(uts), SPACES,
	  "private (default) or host", "private|host", NULL },
	{ "cgroupns", 0, OPTION_STRING, "MODE", REQ(cgroupns), SPACES,
	  "private (default) or host", "private|host", NULL },

	{ "record", 0, OPTION_STRING, "FILE", REQ(record), RECORD,
	  "write down the program's system calls, for `immure profile from` "
	  "and `immure denials`",
	  NULL, NULL },
	{ "record-mode", 0, OPTION_STRING, "MODE", REQ(record_mode), RECORD,
	  "deny (default: what the profile denies, fails) or allow (it "
	  "passes; the policy decides)",
	  "deny|allow", NULL },
	{ "record-calls", 0, OPTION_STRING, "CALLS", REQ(record_calls), RECORD,
	  "all (default) or denied (those alone: quick)", "all|denied", NULL },

	{ "policy", 0, OPTION_STRING, "FILE", IN(policy), POLICY,
	  "judge by this file instead of the user's own ones", NULL, NULL },

	/* the same under other names, and what is the default here */
	{ "net", 0, OPTION_CALL, "MODE", REQ(network), NULL, "", NULL,
	  set_network },
	{ "sig-proxy", 0, OPTION_CALL, NULL, 0, NULL,
	  "signals are always forwarded", NULL, set_inert },
	{ "restart", 0, OPTION_CALL, "POLICY", 0, NULL,
	  "nothing restarts a sandbox", "no", set_inert },
	{ "pull", 0, OPTION_CALL, "WHEN", 0, NULL,
	  "images are loaded, never fetched", "never|missing", set_inert },

	/* what docker's and podman's users may type, and why it is not here */
	{ "detach", 'd', OPTION_REFUSED, NULL, 0, NULL, NO_DAEMON, NULL, NULL },
	{ "attach", 'a', OPTION_REFUSED, "STREAM", 0, NULL,
	  "use -i; output always comes through", NULL, NULL },
	{ "detach-keys", 0, OPTION_REFUSED, "KEYS", 0, NULL, NO_DAEMON, NULL,
	  NULL },
	{ "cidfile", 0, OPTION_REFUSED, "FILE", 0, NULL, NO_DAEMON, NULL,
	  NULL },
	{ "publish", 'p', OPTION_REFUSED, "PORTS", 0, NULL, NO_NETWORK, NULL,
	  NULL },
	{ "publish-all", 'P', OPTION_REFUSED, NULL, 0, NULL, NO_NETWORK, NULL,
	  NULL },
	{ "expose", 0, OPTION_REFUSED, "PORT", 0, NULL, NO_NETWORK, NULL,
	  NULL },
	{ "dns", 0, OPTION_REFUSED, "IP", 0, NULL, NO_NETWORK, NULL, NULL },
	{ "add-host", 0, OPTION_REFUSED, "HOST:IP", 0, NULL, NO_NETWORK, NULL,
	  NULL },
	{ "ip", 0, OPTION_REFUSED, "IP", 0, NULL, NO_NETWORK, NULL, NULL },
	{ "mac-address", 0, OPTION_REFUSED, "MAC", 0, NULL, NO_NETWORK, NULL,
	  NULL },
	{ "link", 0, OPTION_REFUSED, "NAME", 0, NULL, NO_SHARING, NULL, NULL },
	{ "volumes-from", 0, OPTION_REFUSED, "NAME", 0, NULL, NO_SHARING, NULL,
	  NULL },
	{ "pod", 0, OPTION_REFUSED, "NAME", 0, NULL, NO_SHARING, NULL, NULL },
	{ "memory-swappiness", 0, OPTION_REFUSED, "N", 0, NULL,
	  "cgroups of version 2 have no such setting", NULL, NULL },
	{ "oom-kill-disable", 0, OPTION_REFUSED, NULL, 0, NULL,
	  "cgroups of version 2 have no such setting", NULL, NULL },
	{ "shm-size", 0, OPTION_REFUSED, "SIZE", 0, NULL,
	  "use --tmpfs /dev/shm:size=SIZE", NULL, NULL },
	{ "group-add", 0, OPTION_REFUSED, "GROUP", 0, NULL,
	  "groups come from the image's user", NULL, NULL },
	{ "sysctl", 0, OPTION_REFUSED, "NAME=VALUE", 0, NULL, "not yet", NULL,
	  NULL },
	{ "gpus", 0, OPTION_REFUSED, "LIST", 0, NULL, "use --device", NULL,
	  NULL },
	{ "platform", 0, OPTION_REFUSED, "NAME", 0, NULL,
	  "only the host's own architecture runs", NULL, NULL },
	{ "log-driver", 0, OPTION_REFUSED, "NAME", 0, NULL, NO_DAEMON, NULL,
	  NULL },
	{ "health-cmd", 0, OPTION_REFUSED, "COMMAND", 0, NULL, NO_DAEMON, NULL,
	  NULL },
	{ 0 },
};

const struct option run_only_rows[] = {
	{ "explain", 0, OPTION_BOOL, NULL, IN(explain), POLICY,
	  "first print the walls, as the kernel reports them", NULL, NULL },
	{ 0 },
};

#define DOCKER                                                                 \
	{                                                                      \
		"docker", 0, OPTION_STRING, "FILE", IN(docker), POLICY,        \
			"a request of the Docker API instead (the body of "    \
			"POST /containers/create); - is standard input",       \
			NULL, NULL                                             \
	}

#define BUNDLE                                                                 \
	{                                                                      \
		"bundle", 0, OPTION_STRING, "DIR", IN(bundle), POLICY,         \
			"an OCI bundle instead, as immure-oci would run it",   \
			NULL, NULL                                             \
	}

const struct option plan_only_rows[] = {
	BUNDLE,
	DOCKER,
	{ "format", 0, OPTION_STRING, "FORM", IN(format), POLICY,
	  "text (default) or json", "text|json", NULL },
	{ "full", 0, OPTION_BOOL, NULL, IN(full), POLICY,
	  "show filters and long lists whole", NULL, NULL },
	{ 0 },
};

const struct option check_only_rows[] = {
	{ "plan", 0, OPTION_STRING, "FILE", IN(plan), POLICY,
	  "a saved plan (immure plan --format json) instead; - is standard "
	  "input",
	  NULL, NULL },
	BUNDLE,
	DOCKER,
	{ "format", 0, OPTION_STRING, "FORM", IN(format), POLICY,
	  "text (default) or json", "text|json", NULL },
	{ 0 },
};

const struct option audit_only_rows[] = {
	{ "plan", 0, OPTION_STRING, "FILE", IN(plan), POLICY,
	  "a saved plan (immure plan --format json) instead; - is standard "
	  "input",
	  NULL, NULL },
	DOCKER,
	BUNDLE,
	{ "format", 0, OPTION_STRING, "FORM", IN(format), POLICY,
	  "text (default), json, sarif or html", "text|json|sarif|html", NULL },
	{ "fail-on", 0, OPTION_STRING, "SEVERITY", IN(fail_on), POLICY,
	  "exit status 1 when a finding is that bad: info, low, medium, high "
	  "or critical",
	  "info|low|medium|high|critical", NULL },
	{ 0 },
};

const struct option audit_process_rows[] = {
	{ "pid", 0, OPTION_STRING, "PID", IN(audit_pid), POLICY,
	  "a running process", NULL, NULL },
	{ 0 },
};
