/*
 * seccomp_danger.c - calls that one should know to be open, and why.
 *
 * A table and a question; what passes is the interpreter's word, never a
 * guess by name.
 */
#include <string.h>
#include "base/table.h"
#include "engine/seccomp_parts.h"
#include "kernel/seccomp_corners.h"

#define HIGH   "high"
#define MEDIUM "medium"

const struct danger filters_dangers[] = {
	{ HIGH, "bpf", "loads programs into the kernel" },
	{ HIGH, "init_module", "loads a kernel module" },
	{ HIGH, "finit_module", "loads a kernel module" },
	{ HIGH, "kexec_load", "replaces the kernel" },
	{ HIGH, "kexec_file_load", "replaces the kernel" },
	{ HIGH, "mount", "changes the mount tree: masks can be undone" },
	{ HIGH, "umount2", "uncovers what a mount hides" },
	{ HIGH, "move_mount", "changes the mount tree: masks can be undone" },
	{ HIGH, "mount_setattr", "makes read-only mounts writable" },
	{ HIGH, "fsopen", "mounts file systems; its parsers were exploited" },
	{ HIGH, "fsconfig", "CVE-2022-0185: heap overflow" },
	{ HIGH, "open_tree", "clones mounts" },
	{ HIGH, "pivot_root", "changes the root" },
	{ HIGH, "setns", "joins another container's namespaces" },
	{ HIGH, "unshare(CLONE_NEWUSER)",
	  "a user namespace: capabilities over kernel code that root alone "
	  "should reach" },
	{ HIGH, "clone(CLONE_NEWUSER)",
	  "a user namespace: capabilities over kernel code that root alone "
	  "should reach" },
	{ HIGH, "clone3",
	  "its flags are in memory, where no filter can look: namespaces" },
	{ HIGH, "open_by_handle_at",
	  "opens files beyond the root (the shocker escape)" },
	{ HIGH, "io_uring_setup",
	  "does calls that no filter sees; among the most exploited" },
	{ HIGH, "io_uring_enter",
	  "does calls that no filter sees; among the most exploited" },
	{ HIGH, "userfaultfd", "stops the kernel in the middle of a copy" },
	{ HIGH, "perf_event_open", "a large, often exploited interface" },
	{ HIGH, "ptrace", "reads and writes other processes" },
	{ HIGH, "process_vm_writev", "writes other processes' memory" },
	{ HIGH, "process_vm_readv", "reads other processes' memory" },
	{ HIGH, "pidfd_getfd", "takes descriptors of other processes" },
	{ HIGH, "keyctl", "keyrings are shared with the host's processes" },
	{ HIGH, "add_key", "keyrings are shared with the host's processes" },
	{ HIGH, "request_key", "keyrings; starts a program of the host" },
	{ HIGH, "ioctl(0,TIOCSTI)",
	  "types into the caller's terminal, after the sandbox has ended" },
	{ HIGH, "ioctl(0,0x100005412)",
	  "TIOCSTI with a high bit set, which the kernel cuts off" },
	{ HIGH, "ioctl(0,TIOCLINUX)", "pastes on the console" },
	{ HIGH, "socket(AF_ALG,SOCK_SEQPACKET,0)",
	  "the kernel's cryptography; several root exploits" },
	{ HIGH, "socket(AF_VSOCK,SOCK_STREAM,0)",
	  "talks to the hypervisor, past every network namespace" },
	{ HIGH, "socket(AF_NETLINK,SOCK_RAW,NETLINK_NETFILTER)",
	  "nftables: the most exploited part of the network" },
	{ HIGH, "socket(AF_PACKET,SOCK_RAW,0)", "reads and forges frames" },
	{ HIGH, "iopl", "I/O ports" },
	{ HIGH, "ioperm", "I/O ports" },
	{ HIGH, "delete_module", "removes a kernel module" },
	{ HIGH, "reboot", "restarts the machine" },
	{ HIGH, "settimeofday", "the host's clock" },
	{ HIGH, "clock_settime", "the host's clock" },
	{ HIGH, "swapon", "the host's swap" },
	{ HIGH, "swapoff", "the host's swap" },
	{ HIGH, "acct", "the host's accounting" },
	{ HIGH, "lookup_dcookie", "leaks paths of the host" },
	{ HIGH, "nfsservctl", "the kernel's NFS server" },
	{ HIGH, "i386:socketcall(1)",
	  "sockets of any kind by the 32-bit entry, unseen" },
	{ MEDIUM, "vmsplice", "writes to the page cache (Dirty Pipe's kind)" },
	{ MEDIUM, "setsockopt(0,SOL_TCP,TCP_ULP)",
	  "kernel TLS: a row of exploits" },
	{ MEDIUM, "setsockopt(0,0,64)", "iptables' tables: a row of exploits" },
	{ MEDIUM, "socket(AF_RXRPC,SOCK_DGRAM,0)", "a rarely tested protocol" },
	{ MEDIUM, "socket(AF_XDP,SOCK_RAW,0)", "a rarely tested protocol" },
	{ MEDIUM, "socket(AF_NETLINK,SOCK_RAW,NETLINK_XFRM)",
	  "IPsec's tables: a row of exploits" },
	{ MEDIUM, "socket(AF_INET,SOCK_RAW,1)", "forges packets" },
	{ MEDIUM, "ioctl(0,TIOCSETD)", "loads line disciplines" },
	{ MEDIUM, "fanotify_init", "watches whole mounts" },
	{ MEDIUM, "name_to_handle_at", "file handles; leaks mount ids" },
	{ MEDIUM, "kcmp", "tells addresses of kernel objects apart" },
	{ MEDIUM, "modify_ldt", "several exploits; 16-bit programs only" },
	{ MEDIUM, "personality(0x0040000)", "turns off address randomisation" },
	{ MEDIUM, "remap_file_pages", "deprecated, rarely tested" },
	{ MEDIUM, "mbind", "moves pages; several exploits" },
	{ MEDIUM, "move_pages", "moves pages; tells where they are" },
	{ MEDIUM, "migrate_pages", "moves pages of others" },
	{ MEDIUM, "set_mempolicy", "several exploits" },
	{ MEDIUM, "quotactl", "the host's quotas" },
	{ MEDIUM, "syslog", "the kernel's log, with its addresses" },
	{ MEDIUM, "adjtimex", "the host's clock" },
	{ MEDIUM, "vhangup", "hangs up the terminal" },
	{ MEDIUM, "chroot", "a way out when a descriptor is left open" },
	{ MEDIUM, "mknod(0,S_IFBLK)", "device nodes" },
	{ MEDIUM, "mknodat(0,0,S_IFCHR)", "device nodes" },
	{ MEDIUM, "memfd_secret", "memory that no monitor can read" },
	{ MEDIUM, "cachestat", "tells what others read" },
	{ MEDIUM, "statmount", "leaks the host's paths of mounts" },
	{ MEDIUM, "listmount", "lists mounts" },
	{ MEDIUM, "process_madvise", "acts on other processes' memory" },
	{ MEDIUM, "process_mrelease", "acts on other processes' memory" },
	{ NULL, NULL, NULL },
};

struct some {
	const struct filters *f;
	bool passes;
};

static void try_one(void *arg, const struct seccomp_data *d)
{
	struct some *s = arg;

	s->passes = s->passes || answer_passes(filters_answer(s->f, d));
}

bool danger_passes(const struct filters *f, const struct danger *d)
{
	struct seccomp_corners c = { 0 };
	struct seccomp_data data;
	struct seccomp_entry at;
	struct some s = { .f = f };

	if (call_parse(f, d->call, &data, NULL) < 0)
		return false; /* not a call of this machine */
	if (strchr(d->call, '('))
		return answer_passes(filters_answer(f, &data));
	at = (struct seccomp_entry){ data.arch, (uint32_t)data.nr };
	seccomp_corners_of_filters(&c, f->v, f->n, at);
	seccomp_corners_visit(&c, at, FILTERS_COMBINED,
			      (struct seccomp_visit){ try_one, &s });
	return s.passes;
}
