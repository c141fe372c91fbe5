/*
 * seccomp_notify.c - listeners of seccomp filters, raw calls.
 */
#include "kernel/seccomp_notify.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/retry.h"

/* SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP: Linux
 * 6.6, younger than Debian 12's headers. */
#define SET_FLAGS    SECCOMP_IOW(4, __u64)
#define SYNC_WAKE_UP 1ull

int seccomp_listen(const struct blob *filter, struct err *e)
{
	size_t n = filter->size / sizeof(struct sock_filter);
	struct sock_fprog prog = { .filter = filter->data };
	long r;

	if (!n || n > BPF_MAXINSNS || filter->size % sizeof(struct sock_filter))
		return err_set(e, ERR_BUG,
			       "seccomp filter %s: %zu bytes are no program",
			       filter->name, filter->size);
	if (!(filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return err_set(e, ERR_BUG, "seccomp filter %s: nobody listens",
			       filter->name);
	prog.len = (unsigned short)n;
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags, &prog);
	if (r < 0 && errno == EBUSY)
		return err_set(e, ERR_HOST,
			       "a recording inside a recording: another "
			       "program listens to this one's calls already");
	if (r < 0)
		return err_sys(e, "install seccomp filter %s", filter->name);
	return (int)r;
}

int seccomp_listener_check(int listener, struct err *e)
{
	struct seccomp_notif_sizes sizes = { 0 };
	uint64_t none = 0;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0)
		return err_sys(e, "ask for the sizes of seccomp notifications");
	if (sizes.seccomp_notif != sizeof(struct seccomp_notif) ||
	    sizes.seccomp_notif_resp != sizeof(struct seccomp_notif_resp))
		return err_set(e, ERR_HOST,
			       "this kernel's seccomp notifications have "
			       "another form (%u and %u bytes): no recording",
			       sizes.seccomp_notif, sizes.seccomp_notif_resp);
	/* no call has the number 0: a listener says so, all else ENOTTY */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &none) == 0 ||
	    errno != ENOENT)
		return err_set(e, ERR_VERIFY,
			       "what was handed over is no seccomp listener");
	return 0;
}

void seccomp_listener_hasten(int listener)
{
	/* EINVAL before Linux 6.6: slower, and nothing else */
	ioctl(listener, SET_FLAGS, SYNC_WAKE_UP);
}

int seccomp_receive(int listener, struct seccomp_call *ret, struct err *e)
{
	struct seccomp_notif n = { 0 };

	if (RETRY(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n)) < 0) {
		/* killed between poll and now */
		return errno == ENOENT
			       ? 0
			       : err_sys(e, "receive a seccomp notification");
	}
	*ret = (struct seccomp_call){ .id = n.id,
				      .pid = n.pid,
				      .nr = n.data.nr,
				      .arch = n.data.arch,
				      .ip = n.data.instruction_pointer };
	for (int i = 0; i < 6; i++)
		ret->args[i] = n.data.args[i];
	return 1;
}

bool seccomp_is_waiting(int listener, uint64_t id)
{
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static int respond(int listener, struct seccomp_notif_resp r, struct err *e)
{
	if (RETRY(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r)) < 0 &&
	    errno != ENOENT) /* the caller is gone */
		return err_sys(e, "answer a seccomp notification");
	if (seccomp_is_waiting(listener, r.id)) /* it would for ever */
		return err_set(e, ERR_VERIFY,
			       "a call was answered, and still waits");
	return 0;
}

int seccomp_let_pass(int listener, uint64_t id, struct err *e)
{
	return respond(
		listener,
		(struct seccomp_notif_resp){
			.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE },
		e);
}

int seccomp_refuse(int listener, uint64_t id, int errnum, struct err *e)
{
	return respond(
		listener,
		(struct seccomp_notif_resp){ .id = id, .error = -errnum }, e);
}
