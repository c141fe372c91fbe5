/*
 * msg.c - sends and receives the worker's messages.
 */
#include "store/msg.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

int msg_send(int sock, const struct msg *m, struct err *e)
{
	/* write, not sendmsg: a confined worker has no socket calls. Its
	 * SIGPIPE is ignored, the store's end is open as long as it lives. */
	if (fd_write_all(sock, m, sizeof(*m)))
		return err_sys(e, "talk to the other side");
	return 0;
}

static bool is_text(const char *p, size_t size)
{
	return memchr(p, '\0', size) != NULL;
}

int msg_recv(int sock, struct msg *ret, struct err *e)
{
	struct msg m;
	ssize_t n = fd_recv(sock, &m, sizeof(m), NULL);

	if (n < 0)
		return err_sys(e, "hear from the other side");
	if (n == 0)
		return 0;
	if (n != sizeof(m) || m.what < 0 || m.what >= MSG_COUNT ||
	    !is_text(m.digest, sizeof(m.digest)) ||
	    !is_text(m.text, sizeof(m.text)) ||
	    !is_text(m.err.msg, sizeof(m.err.msg)) ||
	    (m.what == MSG_ERROR && m.err.kind == ERR_NONE) || m.err.kind < 0 ||
	    m.err.kind > ERR_BUG)
		return err_set(e, ERR_VERIFY,
			       "immure-image sent what it should not");
	*ret = m;
	return 1;
}
