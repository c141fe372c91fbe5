/*
 * check_rules.c - the invariants of plans, as tables: how often an operation
 * stands, and which stands before which. Only data.
 */
#include "plan/check_rules.h"

static const struct check_count counts[] = {
	{ OP_CLONE, 1, 1 },	{ OP_IDMAP, 1, 1 },    { OP_KEYRING, 0, 1 },
	{ OP_CGROUP, 0, 1 },	{ OP_CGROUPNS, 0, 1 }, { OP_PRIVATE, 1, 1 },
	{ OP_PROCFS, 1, 1 },	{ OP_CONTEXT, 0, 1 },  { OP_UPPER, 0, 1 },
	{ OP_OVERLAY, 0, 1 },	{ OP_ROOTDIR, 0, 1 },  { OP_TMPROOT, 0, 1 },
	{ OP_PTY, 0, 1 },	{ OP_PIVOT, 1, 1 },    { OP_LOOPBACK, 0, 1 },
	{ OP_HOSTNAME, 0, 1 },	{ OP_NSLIMIT, 0, 1 },  { OP_USERNS, 1, 1 },
	{ OP_SESSION, 1, 1 },	{ OP_UMASK, 1, 1 },    { OP_BOUNDING, 1, 1 },
	{ OP_IDS, 1, 1 },	{ OP_CAPS, 1, 1 },     { OP_CWD, 1, 1 },
	{ OP_COMMAND, 1, 1 },	{ OP_NNP, 0, 1 },      { OP_LABEL, 0, 2 },
	{ OP_LANDLOCK, 0, 1 },	{ OP_FDS, 1, 1 },      { OP_VERIFY, 1, 1 },
	{ OP_RECORD, 0, 1 },	{ OP_EXEC, 1, 1 },     { OP_JOIN, 0, 0 },
	{ OP_SLAVE, 0, 0 },	{ OP_ROOTTREE, 0, 0 }, { OP_TREE, 0, 0 },
	{ OP_MKNOD, 0, 0 },	{ OP_ATTR, 0, 0 },     { OP_COPYUP, 0, 0 },
	{ OP_PROPAGATE, 0, 0 }, { OP_HOOK, 0, 0 },     { OP_HOOK_LATER, 0, 0 },
	{ OP_GATE, 0, 0 },	{ OP_ENTER, 0, 0 },    { OP_INCGROUP, 0, 0 },
	{ OP_PASS, 0, 0 },

	{ OP_CAPSETS, 0, 0 },	{ OP_KEEPCAPS, 0, 0 },
};

static const struct check_order orders[] = {
	{ OP_PRIVATE, OP_OVERLAY, "mounts would reach the host" },
	{ OP_PRIVATE, OP_ROOTDIR, "mounts would reach the host" },
	{ OP_PRIVATE, OP_TMPROOT, "mounts would reach the host" },
	{ OP_PROCFS, OP_OVERLAY, "the launcher's own /proc comes first" },
	{ OP_PROCFS, OP_CGROUPNS, "it is read back there" },
	{ OP_CGROUPNS, OP_MOUNT, "the mount would show other cgroups" },
	{ OP_CONTEXT, OP_UPPER, "the upper tree would not have it" },
	{ OP_CONTEXT, OP_OVERLAY, "the root would not have it" },
	{ OP_CONTEXT, OP_ROOTDIR, "the mounts would not have it" },
	{ OP_CONTEXT, OP_TMPROOT, "the root would not have it" },
	{ OP_RELABEL, OP_BIND, "it would be seen before" },
	{ OP_UPPER, OP_OVERLAY, "the overlay needs it" },
	{ OP_OVERLAY, OP_MOUNT, "there is no root to mount on" },
	{ OP_OVERLAY, OP_BIND, "there is no root to mount on" },
	{ OP_ROOTDIR, OP_MOUNT, "there is no root to mount on" },
	{ OP_ROOTDIR, OP_BIND, "there is no root to mount on" },
	{ OP_TMPROOT, OP_MOUNT, "there is no root to mount on" },
	{ OP_TMPROOT, OP_BIND, "there is no root to mount on" },
	{ OP_FILE, OP_BIND, "it would be written to the host" },
	{ OP_DIR, OP_BIND, "it would be made on the host" },
	{ OP_MOUNT, OP_MASK, "the mount would cover it" },
	{ OP_BIND, OP_MASK, "the bind would cover it" },
	{ OP_MOUNT, OP_READONLY, "the mount would cover it" },
	{ OP_BIND, OP_READONLY, "the bind would cover it" },
	{ OP_NSLIMIT, OP_USERNS, "only the outer namespace may limit" },
	{ OP_USERNS, OP_SESSION, "the session is the sandbox's" },
	{ OP_CWD, OP_FDS, "the root would be closed" },
	{ OP_LANDLOCK, OP_FDS, "the root would be closed" },
	{ OP_LABEL, OP_LANDLOCK, "/proc would be out of reach" },
	{ OP_BOUNDING, OP_IDS, "the right to drop it would be gone" },
	{ OP_IDS, OP_CAPS, "setuid would change the sets again" },
	{ OP_FDS, OP_SECCOMP, "the filter may deny closing" },
	{ OP_FDS, OP_RECORD, "the listener would be closed" },
};
static const struct check_order with_nnp[] = {
	{ OP_NNP, OP_LANDLOCK, "only then may it be installed" },
	{ OP_NNP, OP_SECCOMP, "only then may it be installed" },
	{ OP_NNP, OP_RECORD, "only then may it be installed" },
	{ OP_CAPS, OP_RECORD, "the filter may deny dropping them" },
	{ OP_CAPS, OP_SECCOMP, "the filter may deny dropping them" },
	{ OP_CAPSETS, OP_SECCOMP, "the filter may deny setting them" },
};
static const struct check_order without_nnp[] = {
	{ OP_LANDLOCK, OP_IDS, "without no_new_privs it needs rights" },
	{ OP_RECORD, OP_BOUNDING, "without no_new_privs it needs rights" },
	{ OP_SECCOMP, OP_BOUNDING, "without no_new_privs it needs rights" },
};

/* A bundle: no second user namespace, no walls of our own. What a sandbox must
 * not have is 0. */
static const struct check_count bundle_counts[] = {
	{ OP_CLONE, 1, 1 },   { OP_IDMAP, 0, 1 },    { OP_KEYRING, 0, 1 },
	{ OP_CGROUP, 0, 1 },  { OP_CGROUPNS, 0, 1 }, { OP_PRIVATE, 0, 1 },
	{ OP_SLAVE, 0, 1 },   { OP_PROCFS, 1, 1 },   { OP_UPPER, 0, 0 },
	{ OP_OVERLAY, 0, 0 }, { OP_ROOTDIR, 0, 0 },  { OP_TMPROOT, 0, 0 },
	{ OP_BIND, 0, 0 },    { OP_ROOTTREE, 1, 1 }, { OP_PTY, 0, 1 },
	{ OP_PIVOT, 1, 1 },   { OP_LOOPBACK, 0, 1 }, { OP_HOSTNAME, 0, 1 },
	{ OP_NSLIMIT, 0, 0 }, { OP_USERNS, 0, 0 },   { OP_DOMAINNAME, 0, 1 },
	{ OP_SESSION, 1, 1 }, { OP_OOM, 0, 1 },	     { OP_PERSONA, 0, 1 },
	{ OP_UMASK, 1, 1 },   { OP_KEEPCAPS, 0, 1 }, { OP_BOUNDING, 1, 1 },
	{ OP_IDS, 1, 1 },     { OP_CAPS, 0, 0 },     { OP_CAPSETS, 1, 1 },
	{ OP_CWD, 1, 1 },     { OP_COMMAND, 1, 1 },  { OP_NNP, 0, 1 },
	{ OP_LABEL, 0, 2 },   { OP_LANDLOCK, 0, 0 }, { OP_FDS, 1, 1 },
	{ OP_RECORD, 0, 0 },  { OP_VERIFY, 1, 1 },   { OP_GATE, 1, 1 },
	{ OP_EXEC, 1, 1 },    { OP_ENTER, 0, 0 },    { OP_INCGROUP, 0, 0 },
	{ OP_PASS, 0, 1 },
};

/* A program that enters a container: it makes nothing but itself. */
static const struct check_count entry_counts[] = {
	{ OP_CONTEXT, 0, 0 },	 { OP_RELABEL, 0, 0 },	{ OP_CGROUP, 0, 0 },
	{ OP_CGROUPNS, 0, 0 },	 { OP_CLONE, 1, 1 },	{ OP_IDMAP, 0, 1 },
	{ OP_KEYRING, 0, 1 },	 { OP_PRIVATE, 0, 0 },	{ OP_SLAVE, 0, 0 },
	{ OP_PROCFS, 0, 0 },	 { OP_UPPER, 0, 0 },	{ OP_OVERLAY, 0, 0 },
	{ OP_ROOTDIR, 0, 0 },	 { OP_TMPROOT, 0, 0 },	{ OP_BIND, 0, 0 },
	{ OP_ROOTTREE, 0, 0 },	 { OP_MOUNT, 0, 0 },	{ OP_COPYUP, 0, 0 },
	{ OP_TREE, 0, 0 },	 { OP_DEVICE, 0, 0 },	{ OP_MKNOD, 0, 0 },
	{ OP_SYMLINK, 0, 0 },	 { OP_DIR, 0, 0 },	{ OP_FILE, 0, 0 },
	{ OP_READONLY, 0, 0 },	 { OP_MASK, 0, 0 },	{ OP_ATTR, 0, 0 },
	{ OP_PROPAGATE, 0, 0 },	 { OP_HOOK, 0, 0 },	{ OP_HOOK_LATER, 0, 0 },
	{ OP_PIVOT, 0, 0 },	 { OP_LOOPBACK, 0, 0 }, { OP_HOSTNAME, 0, 0 },
	{ OP_DOMAINNAME, 0, 0 }, { OP_SYSCTL, 0, 0 },	{ OP_NSLIMIT, 0, 0 },
	{ OP_USERNS, 0, 0 },	 { OP_ENTER, 1, 1 },	{ OP_INCGROUP, 0, 1 },
	{ OP_PTY, 0, 1 },	 { OP_SESSION, 1, 1 },	{ OP_OOM, 0, 1 },
	{ OP_PERSONA, 0, 1 },	 { OP_UMASK, 1, 1 },	{ OP_KEEPCAPS, 0, 1 },
	{ OP_BOUNDING, 1, 1 },	 { OP_IDS, 1, 1 },	{ OP_CAPS, 0, 0 },
	{ OP_CAPSETS, 1, 1 },	 { OP_CWD, 1, 1 },	{ OP_COMMAND, 1, 1 },
	{ OP_NNP, 0, 1 },	 { OP_LABEL, 0, 2 },	{ OP_LANDLOCK, 0, 0 },
	{ OP_PASS, 0, 1 },	 { OP_FDS, 1, 1 },	{ OP_RECORD, 0, 0 },
	{ OP_VERIFY, 1, 1 },	 { OP_GATE, 0, 0 },	{ OP_EXEC, 1, 1 },
};

static const struct check_order bundle_orders[] = {
	{ OP_JOIN, OP_CLONE, "the child would not be in it" },
	{ OP_PRIVATE, OP_ROOTTREE, "mounts would reach the host" },
	{ OP_SLAVE, OP_ROOTTREE, "mounts would reach the host" },
	{ OP_PROCFS, OP_ROOTTREE, "the launcher's own /proc comes first" },
	{ OP_PROCFS, OP_CGROUPNS, "it is read back there" },
	{ OP_CGROUPNS, OP_MOUNT, "the mount would show other cgroups" },
	{ OP_ROOTTREE, OP_MOUNT, "there is no root to mount on" },
	{ OP_ROOTTREE, OP_TREE, "there is no root to mount on" },
	{ OP_ROOTTREE, OP_COPYUP, "there is nothing to copy" },
	{ OP_COPYUP, OP_MASK, "the mount would cover it" },
	{ OP_COPYUP, OP_READONLY, "the mount would cover it" },
	{ OP_ROOTTREE, OP_MKNOD, "there is no root to make it in" },
	{ OP_ROOTTREE, OP_DEVICE, "there is no root to mount on" },
	{ OP_MOUNT, OP_MASK, "the mount would cover it" },
	{ OP_TREE, OP_MASK, "the bind would cover it" },
	{ OP_MOUNT, OP_READONLY, "the mount would cover it" },
	{ OP_TREE, OP_READONLY, "the bind would cover it" },
	{ OP_MKNOD, OP_ATTR, "nothing could be made any more" },
	{ OP_CWD, OP_FDS, "the root would be closed" },
	{ OP_PASS, OP_FDS, "they would be closed" },
	{ OP_FDS, OP_RLIMIT, "more may be open than it allows" },
	{ OP_RLIMIT, OP_IDS, "the right to raise it would be gone" },
	{ OP_BOUNDING, OP_IDS, "the right to drop it would be gone" },
	{ OP_KEEPCAPS, OP_IDS, "they would be gone" },
	{ OP_IDS, OP_CAPSETS, "setuid would change the sets again" },
	{ OP_FDS, OP_SECCOMP, "the filter may deny closing" },
};

#define ALL(v) v, sizeof(v) / sizeof(*(v))
const struct check_rules check_rules[] = {
	[PLAN_SANDBOX] = { ALL(counts), ALL(orders) },
	[PLAN_BUNDLE] = { ALL(bundle_counts), ALL(bundle_orders) },
	[PLAN_ENTRY] = { ALL(entry_counts), ALL(bundle_orders) },
};
const struct check_rules check_rules_nnp[2] = {
	{ NULL, 0, ALL(without_nnp) },
	{ NULL, 0, ALL(with_nnp) },
};
