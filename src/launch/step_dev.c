/*
 * step_dev.c - objects of the host inside the sandbox: binds, device nodes,
 * and the sandbox's own terminal.
 *
 * Should: reopen each source and compare it with the object that was judged.
 * Must not: trust a path a second time, create device nodes.
 */
#include "launch/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "kernel/mount.h"
#include "kernel/selinux.h"
#include "kernel/tty.h"

static int attach_at(struct child *c, int mnt, const char *path, bool directory,
		     struct err *e)
{
	int target = child_make_target(c, path, directory, e);

	if (target < 0)
		return -1;
	if (mount_attach(mnt, target, e) < 0)
		return err_prefix(e, "on %s", path);
	return 0;
}

int step_relabel(struct child *c, const struct step *s, struct err *e)
{
	auto_fd source =
		source_open(c, s->relabel.source, &s->relabel.id, NULL, e);

	if (source < 0)
		return -1;
	if (selinux_relabel(source, s->relabel.context, e) < 0)
		return err_prefix(e, "relabel %s", s->relabel.source);
	return 0;
}

int step_bind(struct child *c, const struct step *s, struct err *e)
{
	auto_fd source = source_open(c, s->bind.source, &s->bind.id, NULL, e);
	auto_fd mnt = -1;

	if (source < 0)
		return -1;
	mnt = mount_clone(source, s->bind.recursive, s->bind.attr, e);
	if (mnt < 0 ||
	    attach_at(c, mnt, s->bind.target, S_ISDIR(s->bind.mode), e) < 0)
		return err_prefix(e, "bind %s", s->bind.source);
	return 0;
}

int step_device(struct child *c, const struct step *s, struct err *e)
{
	uint64_t attr = s->device.writable ? 0 : MOUNT_ATTR_RDONLY;
	struct stat st;
	int source = source_open(c, s->device.source, &s->device.id, &st, e);
	int mnt;

	if (source < 0)
		return -1;
	if ((!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)) ||
	    st.st_rdev != s->device.rdev)
		return err_set(e, ERR_VERIFY,
			       "%s is not the device that was judged",
			       s->device.source);
	mnt = mount_clone(source, false, attr, e);
	if (mnt < 0 || attach_at(c, mnt, s->device.target, false, e) < 0)
		return err_prefix(e, "device %s", s->device.source);
	return 0;
}

int step_pty(struct child *c, const struct step *s, struct err *e)
{
	struct wire w = { .kind = WIRE_PTY,
			  .step = (uint32_t)(s - c->plan->steps) };
	auto_fd pts = child_open_target(c, "/dev/pts", e);
	auto_fd master = -1, mnt = -1;

	if (pts < 0 || tty_open(pts, &master, &c->pty, e) < 0)
		return -1;
	if (fchown(c->pty, s->pty.uid, s->pty.gid) < 0)
		return err_sys(e, "give the terminal to id %u", s->pty.uid);
	if (c->plan->kind == PLAN_ENTRY) /* its console is another one */
		return wire_send(c->sock, &w, master, e);
	mnt = mount_clone(c->pty, false, 0, e);
	if (mnt < 0 || attach_at(c, mnt, "/dev/console", false, e) < 0)
		return err_prefix(e, "/dev/console");
	return wire_send(c->sock, &w, master, e);
}
