/*
 * audit_rows.c - the table of findings: id, wall, weight, what is missing,
 * what follows, what to write.
 *
 * It finds nothing. An id keeps its meaning for ever; a row that is given up
 * leaves its number unused. The hundreds are the walls.
 */
#include "policy/audit.h"

#include "base/table.h"

#define CVES(...)                                                              \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define ROW(breach, id_, wall_, severity_, ...)                                \
	[BREACH_##breach] = { .id = "IMM-" id_,                                \
			      .wall = WALL_##wall_,                            \
			      .severity = SEVERITY_##severity_,                \
			      __VA_ARGS__ }

static const struct audit_row rows[] = {
	/* ---- 100: namespaces ---- */
	ROW(PRIVILEGED, "101", NAMESPACES, CRITICAL, .title = "privileged mode",
	    .why = "every capability, no filter, no masks: the namespaces are "
		   "all that is left between the program and the host",
	    .fix = "leave out --privileged; give the one thing that is needed",
	    .policy = "deny privileged",
	    .cves = CVES("CVE-2022-0185", "CVE-2022-0492", "CVE-2024-1086")),
	ROW(MOUNT_NS, "102", NAMESPACES, CRITICAL,
	    .title = "the host's mount namespace",
	    .why = "the program sees the host's files, and mounts that it "
		   "makes are the host's",
	    .fix = "run it with immure run",
	    .policy = "deny namespace host "
		      "mount"),
	ROW(PID_NS, "103", NAMESPACES, HIGH,
	    .title = "the host's process namespace",
	    .why = "the program sees every process with its arguments, can "
		   "signal those of its user, and outlives its launcher",
	    .fix = "leave out --pid host", .policy = "deny namespace host pid",
	    .cves = CVES("CVE-2021-3602")),
	ROW(IPC_NS, "104", NAMESPACES, MEDIUM,
	    .title = "the host's IPC namespace",
	    .why = "shared memory, semaphores and message queues of the host "
		   "are within reach",
	    .fix = "leave out --ipc host",
	    .policy = "deny namespace host "
		      "ipc"),
	ROW(UTS_NS, "105", NAMESPACES, LOW, .title = "the host's UTS namespace",
	    .why = "the host's name is visible, and settable with "
		   "CAP_SYS_ADMIN",
	    .fix = "leave out --uts host",
	    .policy = "deny namespace host "
		      "uts"),
	ROW(CGROUP_NS, "106", NAMESPACES, LOW,
	    .title = "the host's cgroup namespace",
	    .why = "the host's control groups are visible by name, which is "
		   "what escapes by way of cgroups begin with",
	    .fix = "leave out --cgroupns host",
	    .policy = "deny namespace host cgroup",
	    .cves = CVES("CVE-2022-0492")),
	ROW(TIME_NS, "107", NAMESPACES, INFO, .title = "the host's clocks",
	    .why = "monotonic and boot time tell how long the host has been "
		   "up",
	    .fix = "a kernel with time namespaces (5.6)"),
	ROW(KEYRING, "108", NAMESPACES, MEDIUM,
	    .title = "the caller's session keyring",
	    .why = "keys and Kerberos tickets of the session are within "
		   "reach, unless a filter denies keyctl",
	    .fix = "let the sandbox join a keyring of its own",
	    .policy = "deny namespace host keyring"),

	/* ---- 200: identity ---- */
	ROW(USER_NS, "201", IDENTITY, CRITICAL,
	    .title = "no user namespace of its own",
	    .why = "root inside is root outside, and every capability counts "
		   "on the host",
	    .fix = "run it with immure run",
	    .policy = "deny namespace host "
		      "user",
	    .cves = CVES("CVE-2019-5736", "CVE-2024-21626")),
	ROW(HOST_ROOT_ID, "202", IDENTITY, CRITICAL,
	    .title = "the host's root has a name inside",
	    .why = "whatever escapes as that id owns the host",
	    .fix = "map subordinate ids only",
	    .cves = CVES("CVE-2019-5736", "CVE-2021-30465", "CVE-2024-21626")),
	ROW(OWN_ID, "203", IDENTITY, MEDIUM,
	    .title = "the caller's own id is mapped inside",
	    .why = "whatever gets out, or leaks in, meets the caller's files "
		   "with the caller's rights",
	    .fix = "leave out --userns keep-id, root or single; make binds "
		   "read-only",
	    .policy = "deny user-mapped", .cves = CVES("CVE-2024-21626")),
	ROW(NESTED_USERNS, "204", IDENTITY, HIGH,
	    .title = "user namespaces can be made inside",
	    .why = "in one of its own the program has every capability over "
		   "filesystems, netfilter and packet schedulers: where most "
		   "exploited kernel bugs are",
	    .fix = "leave it at the default", .policy = "deny nested-userns",
	    .cves = CVES("CVE-2018-18955", "CVE-2022-0185", "CVE-2022-0492",
			 "CVE-2023-0386", "CVE-2023-2640", "CVE-2023-32233",
			 "CVE-2024-1086")),
	ROW(OWN_GROUPS, "205", IDENTITY, LOW,
	    .title = "the caller's supplementary groups stay",
	    .why = "without subordinate ids groups cannot be changed; files "
		   "that a group may read can be read",
	    .fix = "get subordinate ids; `immure doctor` tells how",
	    .cves = CVES("CVE-2018-7169", "CVE-2022-2990")),
	ROW(SANDBOX_ROOT, "206", IDENTITY, INFO,
	    .title = "starts as root of the sandbox",
	    .why = "its files can all be changed by the program; outside it "
		   "is an ordinary subordinate id",
	    .fix = "--user USER", .policy = "deny user root"),

	/* ---- 300: privileges ---- */
	ROW(NO_NEW_PRIVS, "301", PRIVILEGES, HIGH,
	    .title = "no_new_privs is off",
	    .why = "set-user-id programs and file capabilities raise what the "
		   "program may do",
	    .fix = "leave out --security-opt no-new-privileges=false",
	    .policy = "deny unconfined no_new_privs",
	    .cves = CVES("CVE-2021-41091", "CVE-2022-24769", "CVE-2023-0386")),
	ROW(CAP_SYS_ADMIN, "302", PRIVILEGES, CRITICAL,
	    .title = "CAP_SYS_ADMIN",
	    .why = "mounts, namespaces and hundreds of other operations of "
		   "the kernel that were written for root",
	    .fix = "--cap-drop SYS_ADMIN",
	    .policy = "deny capability SYS_ADMIN",
	    .cves = CVES("CVE-2022-0185", "CVE-2022-0492", "CVE-2023-2640")),
	ROW(CAP_POWERFUL, "303", PRIVILEGES, HIGH,
	    .title = "capabilities over the kernel or over other programs",
	    .why = "modules, raw I/O, tracing, BPF, file handles, security "
		   "labels: each is a way round the other walls",
	    .fix = "--cap-drop each of them", .policy = "deny capability",
	    .cves = CVES("CVE-2023-6931")),
	ROW(CAP_NET_ADMIN, "304", PRIVILEGES, HIGH, .title = "CAP_NET_ADMIN",
	    .why = "opens netfilter and the packet schedulers, the most "
		   "exploited parts of the kernel",
	    .fix = "--cap-drop NET_ADMIN",
	    .policy = "deny capability NET_ADMIN",
	    .cves = CVES("CVE-2022-1015", "CVE-2022-25636", "CVE-2023-3609",
			 "CVE-2023-32233", "CVE-2024-1086")),
	ROW(CAP_NET_RAW, "305", PRIVILEGES, MEDIUM, .title = "CAP_NET_RAW",
	    .why = "packet sockets: forged packets on the network, and kernel "
		   "bugs of their own",
	    .fix = "--cap-drop NET_RAW", .policy = "deny capability NET_RAW",
	    .cves = CVES("CVE-2016-8655", "CVE-2017-7308", "CVE-2020-13401",
			 "CVE-2020-14386")),
	ROW(CAP_OTHER, "306", PRIVILEGES, LOW,
	    .title = "other capabilities are kept",
	    .why = "each is a right over what the sandbox's user namespace "
		   "owns; most programs need none",
	    .fix = "--caps none, then --cap-add what fails without",
	    .policy = "deny capability"),
	ROW(CAP_INHERITED, "307", PRIVILEGES, MEDIUM,
	    .title = "inheritable or ambient capabilities",
	    .why = "programs that are not root's gain or keep capabilities "
		   "across execve",
	    .fix = "run it with immure run: both sets are empty",
	    .cves = CVES("CVE-2016-8867", "CVE-2022-24769", "CVE-2022-29162")),
	ROW(CAP_BOUNDING, "308", PRIVILEGES, LOW,
	    .title = "the bounding set is wider than what is held",
	    .why = "without no_new_privs a set-user-id program gains these "
		   "capabilities",
	    .fix = "run it with immure run: the bounding set is what is kept",
	    .cves = CVES("CVE-2018-10856")),

	/* ---- 400: system calls ---- */
	ROW(SECCOMP, "401", SYSCALLS, HIGH, .title = "no system call filter",
	    .why = "all of the kernel's entry points are open, those nobody "
		   "needs included",
	    .fix = "leave out --security-opt seccomp=unconfined",
	    .policy = "deny unconfined seccomp",
	    .cves = CVES("CVE-2022-0185", "CVE-2023-6931", "CVE-2024-0582",
			 "CVE-2025-21756", "CVE-2026-31431")),
	ROW(DOOR_FAMILIES, "410", SYSCALLS, MEDIUM,
	    .title = "the filter admits rare socket families",
	    .why = "kernel code that few programs use and that was exploited "
		   "again and again",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2025-21756", "CVE-2026-31431", "CVE-2026-43284")),
	ROW(DOOR_NETLINK, "411", SYSCALLS, MEDIUM,
	    .title = "the filter admits netlink beyond routes",
	    .why = "the way to netfilter and IPsec, for whoever has or gets "
		   "CAP_NET_ADMIN in a namespace",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2022-1015", "CVE-2023-32233", "CVE-2024-1086",
			 "CVE-2026-43284")),
	ROW(DOOR_IO_URING, "412", SYSCALLS, MEDIUM,
	    .title = "the filter admits io_uring",
	    .why = "it carries out operations that no filter sees, and its "
		   "own bugs need no privilege",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2023-6560", "CVE-2024-0582")),
	ROW(DOOR_PERF, "413", SYSCALLS, MEDIUM,
	    .title = "the filter admits perf_event_open",
	    .why = "event groups were exploited; counters tell of other "
		   "programs",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2023-5717", "CVE-2023-6931")),
	ROW(DOOR_BPF, "414", SYSCALLS, MEDIUM, .title = "the filter admits bpf",
	    .why = "programs that run in the kernel; its verifier is attacked "
		   "wherever unprivileged use is on",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file"),
	ROW(DOOR_TERMINAL, "415", SYSCALLS, MEDIUM,
	    .title = "the filter admits typing into the terminal",
	    .why = "TIOCSTI and TIOCLINUX put commands into the shell that "
		   "started the program; a comparison of 64 bits is passed by "
		   "setting a high one",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2016-10124", "CVE-2017-5226", "CVE-2019-7303",
			 "CVE-2019-10063", "CVE-2023-28100")),
	ROW(DOOR_TCP_ULP, "416", SYSCALLS, MEDIUM,
	    .title = "the filter admits protocols layered on TCP",
	    .why = "kernel TLS and ESP in TCP, from a plain socket",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2024-26582", "CVE-2026-46300")),
	ROW(DOOR_NAMESPACES, "417", SYSCALLS, MEDIUM,
	    .title = "the filter admits making or joining namespaces",
	    .why = "where the kernel allows it, a namespace gives "
		   "capabilities over code that is otherwise out of reach",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2022-0185", "CVE-2022-0492", "CVE-2023-2640")),
	ROW(DOOR_MOUNT, "418", SYSCALLS, MEDIUM,
	    .title = "the filter admits mounting",
	    .why = "filesystem code is large and trusts its input; needs "
		   "CAP_SYS_ADMIN in some namespace",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2022-0185", "CVE-2023-0386", "CVE-2023-30549")),
	ROW(DOOR_KEYS, "419", SYSCALLS, LOW,
	    .title = "the filter admits the key service",
	    .why = "keys are not namespaced",
	    .fix = "--security-opt "
		   "seccomp=default",
	    .policy = "deny profile seccomp file"),
	ROW(DOOR_TRACE, "420", SYSCALLS, LOW,
	    .title = "the filter admits reaching into other processes",
	    .why = "one program of the sandbox owns all others; debuggers "
		   "need it",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp debug",
	    .cves = CVES("CVE-2017-5206")),
	ROW(DOOR_USERFAULTFD, "421", SYSCALLS, LOW,
	    .title = "the filter admits userfaultfd",
	    .why = "stops the kernel where an exploit wants it to wait",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file"),
	ROW(DOOR_HANDLES, "422", SYSCALLS, MEDIUM,
	    .title = "the filter admits opening files by handle",
	    .why = "with CAP_DAC_READ_SEARCH any file of the filesystem, "
		   "outside the tree too",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file"),
	ROW(DOOR_OTHER_ABI, "423", SYSCALLS, HIGH,
	    .title = "the filter admits another architecture's calls",
	    .why = "32-bit and x32 calls have other numbers and hide their "
		   "arguments: what is denied by one door is open by another",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file",
	    .cves = CVES("CVE-2021-22555", "CVE-2026-31431")),
	ROW(DOOR_HOST, "424", SYSCALLS, LOW,
	    .title = "the filter admits administering the host",
	    .why = "modules, kexec, swap, clocks: only a capability in the "
		   "first user namespace is left in the way",
	    .fix = "--security-opt seccomp=default",
	    .policy = "deny profile seccomp file"),

	/* ---- 500: files ---- */
	ROW(CONTROL_SOCKET, "501", FILES, CRITICAL,
	    .title = "a control socket of the host is within reach",
	    .why = "whoever speaks to it starts programs outside, with the "
		   "rights of the service or of the session",
	    .fix = "leave the bind out; give the one file that is needed",
	    .policy = "deny bind protected",
	    .cves = CVES("CVE-2014-3499", "CVE-2020-15257")),
	ROW(PROTECTED_WRITABLE, "502", FILES, CRITICAL,
	    .title = "the program can write what the host rests on",
	    .why = "start-up files, keys, devices or kernel parameters: what "
		   "is written there runs outside",
	    .fix = "leave the bind out, or make it read-only",
	    .policy = "deny bind protected",
	    .cves = CVES("CVE-2015-3631", "CVE-2024-1753")),
	ROW(PROTECTED_READABLE, "503", FILES, HIGH,
	    .title = "the program can read what only the host should",
	    .why = "keys, credentials and other programs' state",
	    .fix = "leave the bind out; bind the one file that is needed",
	    .policy = "deny bind protected",
	    .cves = CVES("CVE-2015-3630", "CVE-2022-23648")),
	ROW(SOCKET, "504", FILES, HIGH, .title = "a socket of the host",
	    .why = "a service outside does what the program says, in its own "
		   "name; read-only makes no difference",
	    .fix = "leave the bind out", .policy = "deny bind kind socket",
	    .cves = CVES("CVE-2020-15257")),
	ROW(FOREIGN_WRITABLE, "505", FILES, MEDIUM,
	    .title = "a writable bind that is not the caller's own",
	    .why = "what the program leaves there is used by root or by "
		   "another user",
	    .fix = "leave out :rw", .policy = "deny bind rw owner root",
	    .cves = CVES("CVE-2021-30465", "CVE-2025-9566")),
	ROW(OWN_WRITABLE, "506", FILES, LOW,
	    .title = "a writable bind of the caller's",
	    .why = "what the program leaves there (links, scripts, build "
		   "files) is opened by the caller",
	    .fix = "leave out :rw, or bind a directory of its own",
	    .policy = "deny bind rw",
	    .cves = CVES("CVE-2021-30465", "CVE-2024-42472", "CVE-2025-9566")),
	ROW(SET_USER_ID, "507", FILES, HIGH,
	    .title = "set-user-id files of the host work inside",
	    .why = "they raise privileges, unless no_new_privs is on",
	    .fix = "leave out suid", .policy = "deny bind suid",
	    .cves = CVES("CVE-2021-41091", "CVE-2021-41103", "CVE-2023-0386")),
	ROW(DEVICE_NODES, "508", FILES, HIGH,
	    .title = "device nodes of the host work inside",
	    .why = "a node in a bound directory is the device itself",
	    .fix = "leave out dev", .policy = "deny bind dev"),
	ROW(DEVICE, "509", FILES, HIGH, .title = "a device of the host",
	    .why = "its driver is open to the program; a disk is everything "
		   "that is on it",
	    .fix = "leave out --device", .policy = "deny device"),
	ROW(MASKS, "510", FILES, HIGH,
	    .title = "paths of /proc and /sys are not masked",
	    .why = "kernel memory, keys, hardware state and triggers of the "
		   "host are readable or writable",
	    .fix = "leave out --security-opt unmask=ALL",
	    .policy = "deny mask-removal",
	    .cves = CVES("CVE-2015-3630", "CVE-2018-10892", "CVE-2020-8694",
			 "CVE-2025-31133", "CVE-2025-52881")),
	ROW(KERNEL_WRITABLE, "511", FILES, HIGH,
	    .title = "a writable sysfs or cgroup filesystem",
	    .why = "kernel objects and release agents act on the whole host",
	    .fix = "make it read-only", .policy = "deny filesystem sysfs rw",
	    .cves = CVES("CVE-2022-0492")),
	ROW(FILESYSTEM, "512", FILES, MEDIUM,
	    .title = "an unusual filesystem is mounted",
	    .why = "its kernel code reads what the program may have made",
	    .fix = "leave the mount out", .policy = "deny filesystem",
	    .cves = CVES("CVE-2023-0386", "CVE-2023-30549")),
	ROW(ROOT_PROTECTED, "513", FILES, HIGH,
	    .title = "the root is, holds or lies in a protected directory",
	    .why = "all that only the host should read is the program's tree",
	    .fix = "--rootfs of a directory made for it",
	    .policy = "deny rootfs protected"),
	ROW(ROOT_UNPINNED, "514", FILES, INFO, .title = "the root is no image",
	    .why = "nothing vouches for its content: no digest was checked",
	    .fix = "`immure import` it", .policy = "deny rootfs"),
	ROW(ROOT_WRITABLE, "515", FILES, INFO,
	    .title = "the root can be written",
	    .why = "the program can change its own libraries until it ends; "
		   "the image stays as it is",
	    .fix = "--read-only, and --tmpfs where it writes"),
	ROW(SECRET, "516", FILES, LOW,
	    .title = "a variable that looks like a secret",
	    .why = "environments end up in crash reports, logs and child "
		   "processes",
	    .fix = "bind a file that only this program reads",
	    .cves = CVES("CVE-2021-3602", "CVE-2023-26054")),

	/* ---- 600: mandatory access ---- */
	ROW(LANDLOCK, "601", ACCESS, MEDIUM, .title = "Landlock is off",
	    .why = "a leaked descriptor or directory opens whatever it leads "
		   "to",
	    .fix = "leave out --security-opt landlock=off",
	    .policy = "deny unconfined landlock",
	    .cves = CVES("CVE-2024-21626", "CVE-2016-9962")),
	ROW(LANDLOCK_MISSING, "602", ACCESS, LOW,
	    .title = "this host has no Landlock",
	    .why = "a leaked descriptor or directory opens whatever it leads "
		   "to",
	    .fix = "boot with lsm=…,landlock (Linux 5.13)",
	    .policy = "deny missing landlock",
	    .cves = CVES("CVE-2024-21626", "CVE-2016-9962")),
	ROW(LABEL, "603", ACCESS, MEDIUM,
	    .title = "not confined by the host's AppArmor or SELinux",
	    .why = "the host's own rules for programs of containers do not "
		   "hold for it",
	    .fix = "leave out --security-opt apparmor=unconfined or "
		   "label=disable",
	    .policy = "deny unconfined label",
	    .cves = CVES("CVE-2015-1334", "CVE-2019-16884", "CVE-2025-52881")),
	ROW(LABEL_MISSING, "604", ACCESS, LOW,
	    .title = "no AppArmor or SELinux label",
	    .why = "the host has an active security module, and its rules for "
		   "sandboxes are not put on",
	    .fix = "sudo apparmor_parser -r /etc/apparmor.d/immure-default, "
		   "or --security-opt apparmor=PROFILE or label=CONTEXT",
	    .policy = "deny missing label",
	    .cves = CVES("CVE-2019-16884", "CVE-2025-52881")),

	/* ---- 700: network ---- */
	ROW(HOST_NET, "701", NETWORK, HIGH, .title = "the host's network",
	    .why = "services that trust 127.0.0.1, abstract sockets and the "
		   "local network are within reach",
	    .fix = "--network none", .policy = "deny namespace host network",
	    .cves = CVES("CVE-2020-13401", "CVE-2020-15257", "CVE-2021-20199")),
	ROW(ABSTRACT_SOCKETS, "702", NETWORK, MEDIUM,
	    .title = "abstract sockets of the host are within reach",
	    .why = "they have no file permissions; shared with the network "
		   "namespace, and not scoped by Landlock",
	    .fix = "--network none, or a kernel with Landlock ABI 6",
	    .cves = CVES("CVE-2020-15257")),

	/* ---- 800: limits ---- */
	ROW(PROCESSES, "801", LIMITS, LOW, .title = "processes without limit",
	    .why = "a fork bomb is the host's",
	    .fix = "leave out --pids-limit -1", .policy = "limit pids 4096"),
	ROW(CORE, "802", LIMITS, LOW, .title = "core dumps are on",
	    .why = "the host's core handler reads what the program made, as "
		   "root",
	    .fix = "leave out --ulimit core"),
	ROW(SYSCTL, "803", LIMITS, INFO, .title = "a kernel parameter is set",
	    .why = "it changes how the kernel treats the sandbox's own "
		   "namespaces",
	    .fix = "leave the parameter out", .policy = "deny sysctl"),
	ROW(MEMORY, "804", LIMITS, INFO, .title = "memory without limit",
	    .why = "what it takes, other programs of the host go without",
	    .fix = "--memory 512m; the controller is at hand"),
};
_Static_assert(ARRAY_SIZE(rows) == BREACH_COUNT, "one row a breach");

const struct audit_row *audit_row(enum audit_breach breach)
{
	return &rows[breach];
}

static const struct {
	const char *word;
	unsigned points;
} severities[] = {
#define X(id, word, points, level) { word, points },
	AUDIT_SEVERITIES(X)
#undef X
};

const char *audit_severity_word(enum audit_severity s)
{
	return severities[s].word;
}

unsigned audit_severity_points(enum audit_severity s)
{
	return severities[s].points;
}

static const struct {
	const char *word, *text;
} walls[] = {
#define X(id, word, text) { word, text },
	AUDIT_WALLS(X)
#undef X
};

const char *audit_wall_word(enum audit_wall w)
{
	return walls[w].word;
}

const char *audit_wall_text(enum audit_wall w)
{
	return walls[w].text;
}

const char *audit_state_word(enum audit_state s)
{
	static const char *const words[] = {
		[WALL_STANDS] = "stands",
		[WALL_HOLED] = "has holes",
		[WALL_DOWN] = "is down",
		[WALL_UNSEEN] = "not seen",
	};

	return words[s];
}
