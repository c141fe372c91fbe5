/*
 * lint_escapes.c - known ways out of a sandbox, each a change to the ordinary
 * plan, and whether a layer of rules permits what it adds.
 */
#include <string.h>
#include "base/table.h"
#include "policy/change.h"
#include "policy/facts.h"
#include "policy/lint.h"
#include "policy/rules.h"

/* One question: the changes, and what follows where they are permitted. */
static const struct {
	const char *changes, *why;
} escapes[] = {
	{ "privileged", "no wall but the namespaces is left" },
	{ "share:pid", "the host's processes can be seen, signalled and "
		       "traced" },
	{ "share:mount", "mounts are made on the host itself" },
	{ "share:ipc", "shared memory of the host can be read and written" },
	{ "share:user without:userns",
	  "ids and capabilities are those of the host" },
	{ "share:cgroup", "the host's cgroups are in view, and their limits "
			  "with them" },
	{ "share:network", "services on the host's loopback can be reached, "
			   "which often ask for no password" },
	{ "share:network landlock-abi:5",
	  "abstract sockets (X11, session bus) of the host can be reached" },
	{ "without:keyring", "keys of the session can be read" },
	{ "caps:SYS_ADMIN", "mounts, namespaces and most of the kernel's "
			    "doors (CVE-2022-0492, CVE-2022-0185)" },
	{ "caps:SYS_MODULE", "kernel modules can be loaded" },
	{ "caps:SYS_RAWIO", "memory and ports of the machine are open" },
	{ "caps:SYS_PTRACE", "other processes of its ids can be taken over" },
	{ "caps:DAC_READ_SEARCH", "files are opened by handle, past every "
				  "mount (the shocker escape)" },
	{ "caps:NET_ADMIN", "nftables and traffic control: the kernel code "
			    "with the most escapes of late (CVE-2024-1086)" },
	{ "caps:BPF", "programs can be loaded into the kernel" },
	{ "caps:PERFMON", "kernel memory can be observed" },
	{ "caps:MKNOD", "device nodes of the host can be made" },
	{ "caps:SYS_BOOT", "another kernel can be loaded" },
	{ "caps:SYSLOG", "kernel addresses can be read" },
	{ "without:seccomp", "every system call is open, io_uring, keyctl and "
			     "userfaultfd among them" },
	{ "without:landlock", "a mistake in a mount is not caught" },
	{ "without:nnp", "set-user-id programs gain privilege" },
	{ "without:bounding", "capabilities can be regained at exec" },
	{ "without:nslimit", "user namespaces inside give every capability in "
			     "them, and the kernel code behind "
			     "(CVE-2022-0185, CVE-2023-32233)" },
	{ "seccomp:/a/file.json", "a profile of the caller's own may let every "
				  "system call through" },
	{ "label:unconfined", "AppArmor and SELinux no longer confine" },
	{ "without:mask:/proc/kcore", "the machine's memory can be read" },
	{ "without:mask:/proc/keys", "names of keys can be read" },
	{ "without:readonly:/proc/sys", "kernel parameters can be written" },
	{ "without:readonly:/proc/sysrq-trigger",
	  "the machine can be brought down" },
	{ "fs:sysfs:rw:/sys2", "devices and drivers of the host can be "
			       "written" },
	{ "fs:cgroup2:rw:/sys2", "limits of others can be written" },
	{ "fs:cgroup:rw:/sys2", "release_agent runs programs on the host "
				"(CVE-2022-0492)" },
	{ "fs:debugfs:rw:/sys2", "kernel internals can be written" },
	{ "fs:tracefs:rw:/sys2", "the kernel can be traced and probed" },
	{ "fs:overlay:rw:/x", "overlays inside have given root "
			      "(CVE-2023-0386)" },
	{ "device:rw:/dev/mem", "the machine's memory can be written" },
	{ "device:rw:/dev/sda", "a disk of the host can be written" },
	{ "device:rw:/dev/kvm", "virtual machines: a large part of the kernel "
				"is in reach" },
	{ "bind:ro:/run/docker.sock", "whoever reaches a control socket is "
				      "root of the host" },
	{ "bind:rw:/srv/data:suid", "set-user-id files made inside work on "
				    "the host's terms" },
	{ "bind:rw:/srv/data:dev", "device nodes in it work" },
	{ "bind:rw:/srv/root", "files of root can be written" },
	{ "bind:ro:/srv/data:socket=app.sock",
	  "sockets in a directory can be connected to" },
	{ "bind:ro:/dev/sda", "a disk of the host can be read" },
	{ "rootfs:/", "the host's root lies below the sandbox's own" },
	{ "sysctl:kernel.core_pattern", "a crash runs a program on the host" },
	{ "sysctl:kernel.modprobe", "a missing module runs a program on the "
				    "host" },
};

/* Is it a fact of the ordinary plan? */
static bool is_ordinary(const struct fact *f, const struct facts *base)
{
	for (size_t i = 0; i < base->n; i++)
		if (base->v[i].subject == f->subject &&
		    strcmp(base->v[i].what, f->what) == 0)
			return true;
	return false;
}

/*
 * The rule that opens it, or NULL: every fact that is new must be permitted,
 * and of those that decide the last one is named.
 */
static const struct rule *opening(const struct policy *layer,
				  const struct facts *facts,
				  const struct facts *base)
{
	const struct rule *ret = NULL;

	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *f = &facts->v[i];
		const struct rule *r;

		if (rule_is_asked(f) || is_ordinary(f, base))
			continue;
		r = rule_decides(layer, f);
		if (!rule_permits(r, f))
			return NULL;
		if (!ret || r > ret)
			ret = r;
	}
	return ret;
}

static const struct rule *find_opening(const struct policy *layer,
				       const char *changes,
				       const struct facts *base)
{
	AUTO(model_case_done) struct model_case c = { 0 };
	AUTO(facts_done) struct facts facts = { 0 };

	/* every row is made by a test: none fails */
	if (model_case_make(changes, &c, NULL) < 0)
		return NULL;
	facts_init_for(&facts, c.plan, c.host, &c.peer);
	return opening(layer, &facts, base);
}

void lint_of_escapes(const struct policy *layer, struct lint *l)
{
	AUTO(model_case_done) struct model_case ordinary = { 0 };
	AUTO(facts_done) struct facts base = { 0 };
	size_t any = 0, which = 0;

	if (model_case_make("", &ordinary, NULL) < 0)
		return;
	facts_init_for(&base, ordinary.plan, ordinary.host, &ordinary.peer);
	for (size_t i = 0; i < ARRAY_SIZE(escapes); i++) {
		const struct rule *r =
			find_opening(layer, escapes[i].changes, &base);

		if (r && r->subject != SUBJECT_ANY) {
			lint_add(l, LINT_ESCAPE, (size_t)(r - layer->rules),
				 "permits %s: %s", escapes[i].changes,
				 escapes[i].why);
		} else if (r) {
			any++;
			which = (size_t)(r - layer->rules);
		}
	}
	if (any)
		lint_add(l, LINT_ESCAPE, which,
			 "permits everything that no other line denies, %zu "
			 "known escapes among it: good only where it narrows "
			 "another policy",
			 any);
}
