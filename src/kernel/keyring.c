/*
 * keyring.c - KEYCTL_JOIN_SESSION_KEYRING, checked: the serial number must
 * be that of the new one. Any other failure than a full table is an error.
 */
#include "kernel/keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static long session_serial(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
		       KEY_SPEC_SESSION_KEYRING, 0);
}

int keyring_new_session(bool *ret_full, struct err *e)
{
	long joined = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);

	*ret_full = false;
	if (joined < 0 && errno == EDQUOT) {
		*ret_full = true;
		return 0;
	}
	if (joined < 0)
		return err_sys(e, "join a new session keyring");
	if (joined == 0 || session_serial() != joined)
		return err_set(e, ERR_VERIFY,
			       "the session keyring is still the caller's");
	return 0;
}
