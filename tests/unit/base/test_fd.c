/* test_fd.c - base/fd: whole transfers, messages with fds, sealed memfds. */
#include "unit.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "base/fd.h"

static void a_large_write_arrives_whole(void **s)
{
	static char out[1 << 20], in[1 << 20];
	struct err e = ERR_INIT;
	int fds[2], status;
	pid_t pid;

	(void)s;
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 31);
	assert_ok(fd_pipe(fds, &e), &e);
	pid = fork();
	if (pid == 0)
		_exit(fd_write_all(fds[1], out, sizeof(out)) ? 1 : 0);
	close(fds[1]);
	assert_int_equal(fd_read_exact(fds[0], in, sizeof(in)), 0);
	assert_memory_equal(in, out, sizeof(in));
	assert_int_equal(fd_read_exact(fds[0], in, 1), -1);
	assert_int_equal(errno, ENODATA);
	close(fds[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void an_end_in_the_middle_is_an_error(void **s)
{
	struct err e = ERR_INIT;
	char in[4];
	int fds[2];

	(void)s;
	assert_ok(fd_pipe(fds, &e), &e);
	assert_int_equal(fd_write_all(fds[1], "ab", 2), 0);
	close(fds[1]);
	assert_int_equal(fd_read_exact(fds[0], in, 4), -1);
	assert_int_equal(errno, ENODATA);
	close(fds[0]);
}

static void every_fd_is_close_on_exec(void **s)
{
	struct err e = ERR_INIT;
	int pipes[2], pair[2], fds[5];

	(void)s;
	assert_ok(fd_pipe(pipes, &e), &e);
	assert_ok(fd_socketpair(pair, &e), &e);
	memcpy(fds, pipes, sizeof(pipes));
	memcpy(fds + 2, pair, sizeof(pair));
	fds[4] = fd_memfd("x", "y", 1, &e);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(fcntl(fds[i], F_GETFD), FD_CLOEXEC);
		close(fds[i]);
	}
}

static void a_message_carries_an_fd(void **s)
{
	struct err e = ERR_INIT;
	int pair[2], pipes[2], got = 4711;
	char text[16] = "";

	(void)s;
	assert_ok(fd_socketpair(pair, &e), &e);
	assert_ok(fd_pipe(pipes, &e), &e);
	assert_int_equal(fd_send(pair[0], "hello", 6, pipes[1]), 0);
	assert_int_equal(fd_recv(pair[1], text, sizeof(text), &got), 6);
	assert_string_equal(text, "hello");
	assert_int_equal(fcntl(got, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fd_write_all(got, "z", 1), 0);
	assert_int_equal(fd_read_exact(pipes[0], text, 1), 0);
	assert_int_equal(text[0], 'z');
	close(got);
	assert_int_equal(fd_send(pair[0], "none", 5, -1), 0);
	assert_int_equal(fd_recv(pair[1], text, sizeof(text), &got), 5);
	assert_int_equal(got, -1);
	close(pair[0]);
	assert_int_equal(fd_recv(pair[1], text, sizeof(text), &got), 0);
	close(pair[1]);
	close(pipes[0]);
	close(pipes[1]);
}

/* The number of open fds of this process. */
static int count_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void a_message_that_does_not_fit_is_refused_and_leaks_nothing(void **s)
{
	struct err e = ERR_INIT;
	int pair[2], got = -1, before;
	char text[4];

	(void)s;
	assert_ok(fd_socketpair(pair, &e), &e);
	before = count_fds();
	assert_int_equal(fd_send(pair[0], "too long", 8, pair[0]), 0);
	assert_int_equal(fd_recv(pair[1], text, sizeof(text), &got), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(got, -1);
	/* an fd that nobody asked for */
	assert_int_equal(fd_send(pair[0], "abc", 3, pair[0]), 0);
	assert_int_equal(fd_recv(pair[1], text, sizeof(text), NULL), -1);
	assert_int_equal(count_fds(), before);
	close(pair[0]);
	close(pair[1]);
}

static void a_closed_peer_is_an_error_not_a_signal(void **s)
{
	struct err e = ERR_INIT;
	int pair[2];

	(void)s;
	assert_ok(fd_socketpair(pair, &e), &e);
	close(pair[1]);
	assert_int_equal(fd_send(pair[0], "x", 1, -1), -1);
	assert_int_equal(errno, EPIPE);
	close(pair[0]);
}

static void a_memfd_cannot_be_changed_any_more(void **s)
{
	struct err e = ERR_INIT;
	char text[8] = "";
	auto_fd fd = fd_memfd("words", "content", 8, &e);
	struct stat st;

	(void)s;
	assert_ok(fd, &e);
	assert_int_equal(pread(fd, text, 8, 0), 8);
	assert_string_equal(text, "content");
	assert_int_equal(write(fd, "x", 1), -1);
	assert_int_equal(ftruncate(fd, 1), -1);
	assert_int_equal(ftruncate(fd, 100), -1);
	assert_ptr_equal(mmap(NULL, 8, PROT_WRITE, MAP_SHARED, fd, 0),
			 MAP_FAILED);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0111);
}

/* of the running program: its own bytes, and not one more than it has */
static void a_copy_of_a_program_is_sealed_and_readable(void **s)
{
	struct err e = ERR_INIT;
	auto_fd self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	auto_fd fd = -1, none = -1;
	char ours[4096], copied[4096];
	struct stat st, of_copy;

	(void)s;
	assert_int_equal(fstat(self, &st), 0);
	fd = fd_memfd_copy("self", self, (size_t)st.st_size, &e);
	assert_ok(fd, &e);
	assert_int_equal(fstat(fd, &of_copy), 0);
	assert_int_equal(of_copy.st_size, st.st_size);
	assert_int_equal(of_copy.st_mode & 07777, 0555);
	for (off_t at = 0; at < st.st_size; at += sizeof(ours)) {
		ssize_t n = pread(self, ours, sizeof(ours), at);

		assert_int_equal(pread(fd, copied, sizeof(copied), at), n);
		assert_memory_equal(ours, copied, n);
	}
	assert_int_equal(write(fd, "x", 1), -1);
	assert_int_equal(ftruncate(fd, 1), -1);
	none = fd_memfd_copy("self", self, (size_t)st.st_size + 1, &e);
	assert_int_equal(none, -1);
	assert_non_null(strstr(e.msg, "copying"));
}

static int without_stdio(void)
{
	struct err e = ERR_INIT;
	struct stat null, st;

	close(0);
	close(2);
	if (fd_sanitize_stdio(&e) || stat("/dev/null", &null))
		return 1;
	for (int fd = 0; fd < 3; fd += 2)
		if (fstat(fd, &st) || st.st_rdev != null.st_rdev ||
		    fcntl(fd, F_GETFD) != 0)
			return 2;
	return 0;
}

static void missing_standard_fds_become_dev_null(void **s)
{
	int status;
	pid_t pid = fork();

	(void)s;
	if (pid == 0)
		_exit(without_stdio());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_write_arrives_whole),
		cmocka_unit_test(an_end_in_the_middle_is_an_error),
		cmocka_unit_test(every_fd_is_close_on_exec),
		cmocka_unit_test(a_message_carries_an_fd),
		cmocka_unit_test(
			a_message_that_does_not_fit_is_refused_and_leaks_nothing),
		cmocka_unit_test(a_closed_peer_is_an_error_not_a_signal),
		cmocka_unit_test(a_memfd_cannot_be_changed_any_more),
		cmocka_unit_test(a_copy_of_a_program_is_sealed_and_readable),
		cmocka_unit_test(missing_standard_fds_become_dev_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
