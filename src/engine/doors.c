/*
 * doors.c - what a plan's filters answer to the calls that escapes begin
 * with: each is put to the filters themselves, without a kernel.
 *
 * It does not judge the rest of the profile: `immure seccomp` does.
 */
#include "engine/doors.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/table.h"
#include "engine/seccomp_parts.h"

/* As `immure seccomp emu` takes it; without arguments: any. 5 is a
 * SOCK_SEQPACKET, 1 a stream, 3 raw. */
static const struct {
	enum audit_breach breach;
	const char *call;
} doors[] = {
	{ BREACH_DOOR_FAMILIES, "socket(AF_ALG,5,0)" },
	{ BREACH_DOOR_FAMILIES, "socket(AF_VSOCK,1,0)" },
	{ BREACH_DOOR_FAMILIES, "socket(AF_RXRPC,2,0)" },
	{ BREACH_DOOR_FAMILIES, "socket(AF_PACKET,3,0)" },
	{ BREACH_DOOR_FAMILIES, "socket(AF_XDP,3,0)" },
	{ BREACH_DOOR_FAMILIES, "socket(15,3,2)" }, /* AF_KEY */
	{ BREACH_DOOR_FAMILIES, "socket(21,5,0)" }, /* AF_RDS */
	{ BREACH_DOOR_FAMILIES, "socket(26,2,0)" }, /* AF_LLC */
	{ BREACH_DOOR_FAMILIES, "socket(29,3,1)" }, /* AF_CAN */
	{ BREACH_DOOR_FAMILIES, "socket(30,5,0)" }, /* AF_TIPC */
	{ BREACH_DOOR_FAMILIES, "socket(31,3,1)" }, /* AF_BLUETOOTH */
	{ BREACH_DOOR_FAMILIES, "socket(39,5,1)" }, /* AF_NFC */
	{ BREACH_DOOR_FAMILIES, "socket(41,5,0)" }, /* AF_KCM */
	{ BREACH_DOOR_FAMILIES, "socket(42,2,0)" }, /* AF_QIPCRTR */
	{ BREACH_DOOR_FAMILIES, "socket(43,1,0)" }, /* AF_SMC */
	{ BREACH_DOOR_NETLINK, "socket(AF_NETLINK,3,NETLINK_XFRM)" },
	{ BREACH_DOOR_NETLINK, "socket(AF_NETLINK,3,NETLINK_AUDIT)" },
	{ BREACH_DOOR_NETLINK, "socket(AF_NETLINK,3,NETLINK_NETFILTER)" },
	{ BREACH_DOOR_NETLINK, "socket(AF_NETLINK,3,16)" }, /* GENERIC */
	{ BREACH_DOOR_NETLINK, "socket(AF_NETLINK,3,21)" }, /* CRYPTO */
	{ BREACH_DOOR_IO_URING, "io_uring_setup" },
	{ BREACH_DOOR_IO_URING, "io_uring_enter" },
	{ BREACH_DOOR_PERF, "perf_event_open" },
	{ BREACH_DOOR_BPF, "bpf" },
	{ BREACH_DOOR_TERMINAL, "ioctl(0,TIOCSTI)" },
	{ BREACH_DOOR_TERMINAL, "ioctl(0,0x100005412)" }, /* the same to it */
	{ BREACH_DOOR_TERMINAL, "ioctl(0,TIOCLINUX)" },
	{ BREACH_DOOR_TCP_ULP, "setsockopt(3,SOL_TCP,TCP_ULP)" },
	{ BREACH_DOOR_NAMESPACES, "unshare(CLONE_NEWUSER)" },
	{ BREACH_DOOR_NAMESPACES, "clone(CLONE_NEWUSER)" },
	{ BREACH_DOOR_NAMESPACES, "clone3" },
	{ BREACH_DOOR_NAMESPACES, "setns" },
	{ BREACH_DOOR_MOUNT, "mount" },
	{ BREACH_DOOR_MOUNT, "fsopen" },
	{ BREACH_DOOR_MOUNT, "open_tree" },
	{ BREACH_DOOR_MOUNT, "move_mount" },
	{ BREACH_DOOR_MOUNT, "mount_setattr" },
	{ BREACH_DOOR_MOUNT, "pivot_root" },
	{ BREACH_DOOR_KEYS, "keyctl" },
	{ BREACH_DOOR_KEYS, "add_key" },
	{ BREACH_DOOR_KEYS, "request_key" },
	{ BREACH_DOOR_TRACE, "ptrace" },
	{ BREACH_DOOR_TRACE, "process_vm_readv" },
	{ BREACH_DOOR_TRACE, "process_vm_writev" },
	{ BREACH_DOOR_TRACE, "pidfd_getfd" },
	{ BREACH_DOOR_USERFAULTFD, "userfaultfd" },
	{ BREACH_DOOR_HANDLES, "open_by_handle_at" },
	{ BREACH_DOOR_HANDLES, "name_to_handle_at" },
	{ BREACH_DOOR_OTHER_ABI, "i386:socketcall(1)" },
	{ BREACH_DOOR_OTHER_ABI, "x32:socket(AF_INET,1,0)" },
	{ BREACH_DOOR_HOST, "init_module" },
	{ BREACH_DOOR_HOST, "finit_module" },
	{ BREACH_DOOR_HOST, "kexec_load" },
	{ BREACH_DOOR_HOST, "kexec_file_load" },
	{ BREACH_DOOR_HOST, "swapon" },
	{ BREACH_DOOR_HOST, "settimeofday" },
	{ BREACH_DOOR_HOST, "clock_settime" },
	{ BREACH_DOOR_HOST, "syslog" },
};

/* A filter without its bytes (a saved plan's) is a built-in one, when it has
 * the digest of one; else NULL. */
static const struct blob *find_bytes(const struct blob *b)
{
	if (b->data)
		return b;
	for (const char *const *name = seccomp_builtin_names(); *name; name++) {
		size_t n = 0;
		const struct blob *v = seccomp_builtin(*name, &n);

		for (size_t i = 0; v && i < n; i++)
			if (strcmp(v[i].digest, b->digest) == 0)
				return &v[i];
	}
	return NULL;
}

/* The plan's filters, borrowed; the step of the last. False: the bytes of
 * one are not there. */
static bool collect(const struct plan *p, struct filters *f, int *step)
{
	plan_foreach (s, p) {
		const struct blob *b;

		if (s->op != OP_SECCOMP || s->need == NEED_OFF)
			continue;
		b = find_bytes(&s->seccomp.filter);
		if (!b)
			return false;
		*GROW(f->v, f->n) = *b;
		f->n++;
		*step = (int)(s - p->steps);
	}
	return true;
}

void doors_ask(const struct plan *p, struct audit *a)
{
	struct filters f = { .kind = FILTERS_BPF,
			     .m = seccomp_machine_find(NULL) };
	bool complete;
	int step = -1;

	complete = collect(p, &f, &step);
	if (!complete || !f.m)
		audit_unseen(a, BREACH_DOOR_FAMILIES, false,
			     f.m ? "the bytes of its filters are not in a "
				   "saved plan"
				 : "filters of this machine cannot be asked");
	for (size_t i = 0; complete && f.m && f.n && i < ARRAY_SIZE(doors);
	     i++) {
		struct danger d = { .call = doors[i].call };

		if (danger_passes(&f, &d))
			audit_add(a, doors[i].breach, step, "%s passes",
				  doors[i].call);
	}
	free(f.v);
}

size_t doors_unknown(void)
{
	const struct filters f = { .kind = FILTERS_BPF,
				   .m = seccomp_machine_find(NULL) };
	struct seccomp_data d;
	size_t n = 0;

	for (size_t i = 0; f.m && i < ARRAY_SIZE(doors); i++)
		n += call_parse(&f, doors[i].call, &d, NULL) < 0;
	return n;
}
