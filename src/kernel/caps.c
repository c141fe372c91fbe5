/*
 * caps.c - bounding, permitted, effective, inheritable, ambient. Names are
 * base/defaults' business. libcap is not used here: between fork and exec
 * nothing may allocate.
 */
#include "kernel/caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "immure/bundle.h"

int caps_set_bounding(uint64_t keep, struct err *e)
{
	int cap;

	/* One call each and no reading back here: the parent compares the
	 * whole set in /proc/PID/status. */
	for (cap = 0; cap < 64; cap++)
		if (!(keep >> cap & 1) &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			break;
	/* The end of the list is EINVAL for a number that the kernel does
	 * not know; it has known 0…37 since 3.16. */
	if (cap < 38 || (cap < 64 && errno != EINVAL))
		return err_sys(e, "drop capability %d from the bounding set",
			       cap);
	return 0;
}

static int read_sets(struct __user_cap_data_struct d[2], struct err *e)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};

	memset(d, 0xff, 2 * sizeof(*d)); /* a call that lies is seen */
	if (syscall(SYS_capget, &h, d) < 0)
		return err_sys(e, "capget");
	return 0;
}

int caps_set(uint64_t set, struct err *e)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct d[2] = { 0 }, got[2];

	for (int i = 0; i < 2; i++)
		d[i].effective = d[i].permitted = (uint32_t)(set >> 32 * i);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_sys(e, "clear the ambient capabilities");
	if (syscall(SYS_capset, &h, d) < 0)
		return err_sys(e, "capset 0x%llx", (unsigned long long)set);
	if (read_sets(got, e) < 0)
		return -1;
	if (memcmp(d, got, sizeof(d)) != 0)
		return err_set(e, ERR_VERIFY,
			       "the capability sets are not what was set");
	return 0;
}

static int raise_ambient(uint64_t set, struct err *e)
{
	for (int cap = 0; cap < 64; cap++) {
		int want = (int)(set >> cap & 1);

		if (want &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return err_sys(e, "raise the ambient capability %d",
				       cap);
	}
	return 0; /* the parent compares the whole set */
}

int caps_set_all(const struct cap_sets *s, struct err *e)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct d[2] = { 0 }, got[2];

	for (int i = 0; i < 2; i++) {
		d[i].effective = (uint32_t)(s->effective >> 32 * i);
		d[i].permitted = (uint32_t)(s->permitted >> 32 * i);
		d[i].inheritable = (uint32_t)(s->inheritable >> 32 * i);
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_sys(e, "clear the ambient capabilities");
	if (syscall(SYS_capset, &h, d) < 0)
		return err_sys(e, "set the capability sets");
	if (read_sets(got, e) < 0)
		return -1;
	if (memcmp(d, got, sizeof(d)) != 0)
		return err_set(e, ERR_VERIFY,
			       "the capability sets are not what was set");
	return raise_ambient(s->ambient, e);
}

int caps_keep(struct err *e)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_sys(e, "keep the capabilities");
	return 0;
}
