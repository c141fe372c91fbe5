/*
 * pivot.c - pivot_root(2) of a mount that lies over "/". No chroot fallback:
 * where pivot_root fails (an initramfs as root) the start is refused.
 */
#include "kernel/pivot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/mount.h>

#include "base/cleanup.h"
#include "base/path.h"

int pivot_stage(int root, struct err *e)
{
	if (syscall(SYS_move_mount, root, "", AT_FDCWD, "/",
		    MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return err_sys(e, "put the new root over /");
	return 0;
}

int pivot_stage_on(int root, int dir, struct err *e)
{
	if (syscall(SYS_move_mount, root, "", dir, "",
		    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_sys(e, "put the new root over its own directory");
	return 0;
}

int pivot_commit(int root, int stages, struct err *e)
{
	auto_fd old =
		path_open(AT_FDCWD, "/", PATH_HOST, O_PATH | O_DIRECTORY, 0);

	if (old < 0)
		return err_sys(e, "open the old root");
	if (fchdir(root) < 0)
		return err_sys(e, "enter the new root");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return err_sys(e, "pivot_root");
	if (fchdir(old) < 0)
		return err_sys(e, "go back to the old root");
	/* umount2 takes the topmost: stages first, then the old root */
	for (int i = 0; i <= stages; i++)
		if (umount2(".", MNT_DETACH) < 0)
			return err_sys(e, "detach the host's tree");
	if (chdir("/") < 0)
		return err_sys(e, "enter /");
	return 0;
}
