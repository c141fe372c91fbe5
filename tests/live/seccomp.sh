# seccomp.sh - ordinary programs under the built-in profiles end as they do
# without a filter, and what the profiles refuse is refused by the kernel.
. "$(dirname "$0")/../lib/common.sh"

RUN=$T/bin/seccomp_run
cp "$BUILD/tests/live/seccomp_run" "$RUN"
chmod 0755 "$RUN"
W=$T/work
mkdir "$W"
chown "$TEST_UID:$TEST_GID" "$W"
PYTHON=/usr/bin/python3
TEST_HOME=$W

cat >"$W/hello.c" <<-'EOF'
	#include <stdio.h>
	#include <pthread.h>
	static void *say(void *p) { puts(p); return 0; }
	int main(void)
	{
		pthread_t t;
		return pthread_create(&t, 0, say, "hello") ||
			pthread_join(t, 0);
	}
EOF
cat >"$W/many.py" <<-'EOF'
	import asyncio, concurrent.futures as f, multiprocessing as m, os, socket
	import subprocess, tempfile, threading
	def square(x): return x * x
	if __name__ == "__main__":
	    with m.Pool(2) as p: print(p.map(square, range(5)))
	    with f.ThreadPoolExecutor(2) as p: print(list(p.map(square, range(5))))
	    a, b = socket.socketpair(); a.send(b"x"); print(b.recv(1))
	    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); s.close()
	    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.close()
	    print(subprocess.run(["/bin/echo", "child"], capture_output=True).stdout)
	    async def main(): await asyncio.sleep(0.01); print("slept")
	    asyncio.run(main())
	    with tempfile.TemporaryFile() as t: os.posix_fallocate(t.fileno(), 0, 9)
EOF

# program, the command (in $W); !PROFILE: this one is not meant to carry it
PROGRAMS=$(
	cat <<-'EOF'
		sh | echo $((6 * 7)); for i in a b; do echo $i; done; ulimit -n; umask
		sh | echo x | cat | tr x y | sort | uniq -c; (exit 3); echo $?
		ls | ls -ln /etc/passwd /usr/bin/env; ls /proc/self/fd | wc -l
		cp | cp -a hello.c c1 && mv c1 c2 && ln -s c2 c3 && cat c3 && rm c2 c3
		mkfifo!strict | mkfifo f1 && test -p f1 && rm f1
		dd | dd if=/dev/zero of=z bs=4k count=4 conv=fsync 2>&1 | head -2; rm z
		find | find /etc -maxdepth 1 -name 'pass*' | sort
		grep | grep -c root /etc/passwd
		sed | sed -n 1p /etc/passwd
		awk | awk 'BEGIN { "echo 5" | getline x; print x * 2 }'
		timeout | timeout 5 sleep 0.01; timeout 0.05 sleep 5; echo $?
		nice!strict | nice -n 5 true && nohup true </dev/null 2>&1
		flock | flock lock1 echo locked; rm lock1
		touch | touch -d 2020-01-01 t1; stat -c %Y t1; truncate -s 1M t1; rm t1
		id | id -u; id -G
		ps | ps -o pid= -p $$ | wc -l
		tar | tar -C /etc -cf a.tar passwd group && tar -tf a.tar && rm a.tar
		gzip | gzip -c hello.c | gunzip | cmp - hello.c
		xz | xz -T2 -c hello.c | xz -d | cmp - hello.c
		zstd | zstd -q -T2 -c hello.c | zstd -q -d | cmp - hello.c
		gcc | gcc -pthread -o hello hello.c && ./hello && rm hello
		make | printf 'all:\n\t@echo made\n' >Mk; make -j2 -f Mk; rm Mk
		perl | perl -MIO::Socket -e 'print 6*7; fork or exit 3; wait; print $?>>8, "\n"'
		/usr/bin/python3 | /usr/bin/python3 -c 'print(sum(range(9)))'
		/usr/bin/python3 | /usr/bin/python3 many.py
		git | git --version
		git | rm -rf g; git init -q g && cd g && git -c user.name=a -c user.email=b commit -q --allow-empty -m x && git log --oneline | wc -l; rm -rf ../g
		openssl | openssl dgst -sha256 hello.c
		node | node -e 'setTimeout(() => console.log(6*7), 5)'
		dpkg-deb | dpkg-deb --version | head -1
		apt-cache | apt-cache --version | head -1
		script | script -qec 'echo tty' /dev/null </dev/null | tr -d '\r'
		ip | ip -o link show lo | wc -l
		ss | ss -ltn 2>/dev/null | head -1 | wc -l
		busybox | busybox sh -c 'busybox echo busy | busybox cat'
		bash | bash -c 'cat <(echo sub); wait; trap "echo t" USR1; kill -USR1 $$'
	EOF
)

run_script() { # SCRIPT [RUNNER…]: both its streams and its status
	local script=$1
	shift
	as_user "$@" sh -c "cd $W && { $script
	}; echo status \$?" 2>&1 </dev/null
}

USER_ENV=(PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin)
PATH=$PATH:/usr/sbin:/sbin
i=0
while IFS= read -r line; do
	i=$((i + 1))
	program=${line%% | *} script=${line#* | }
	exempt=${program#"${program%!*}"} program=${program%!*}
	name=$(basename "$program")_$i
	if ! have "$program"; then
		skip "${name}_works" "$program is not installed"
		continue
	fi
	plain=$(run_script "$script")
	matches "${name}_works_without_a_filter" "$plain" '^status 0$'
	for profile in default strict build debug; do
		[ "$exempt" != "!$profile" ] || continue
		same "${name}_works_under_$profile" \
			"$(run_script "$script" "$RUN" "$profile")" "$plain"
	done
done <<<"$PROGRAMS"

# refused by the kernel, asked by a program that is none of ours
refused() { # PROFILE NAME PYTHON-EXPRESSION ERRNO-NAME
	OUT=$(as_user "$RUN" "$1" $PYTHON -c "
import ctypes, errno, os, socket, fcntl
libc = ctypes.CDLL(None, use_errno=True)
def call(r):
    if r == -1: raise OSError(ctypes.get_errno(), '')
try:
    $3
    print('done')
except OSError as e:
    print(errno.errorcode[e.errno])" 2>&1 </dev/null)
	same "$2" "$OUT" "$4"
}
if [ -x $PYTHON ]; then
	for p in default strict build debug; do
		refused $p "${p}_has_no_af_alg" "socket.socket(38, 5)" EAFNOSUPPORT
		refused $p "${p}_has_no_vsock" "socket.socket(40, 1)" EAFNOSUPPORT
		refused $p "${p}_has_no_packet_sockets" "socket.socket(17, 3)" \
			EAFNOSUPPORT
		refused $p "${p}_has_no_raw_sockets" "socket.socket(2, 3, 1)" EPERM
		refused $p "${p}_has_no_tiocsti" \
			"call(libc.ioctl(0, ctypes.c_ulong(0x5412), b'x'))" EPERM
		refused $p "${p}_has_no_tiocsti_with_high_bits" \
			"call(libc.syscall(16 if os.uname().machine == 'x86_64' else 29, 0, ctypes.c_ulong(0x100005412), b'x'))" EPERM
		refused $p "${p}_has_no_kernel_tls" \
			"socket.socket().setsockopt(6, 31, b'tls')" ENOENT
		refused $p "${p}_has_no_new_user_namespace" \
			"call(libc.unshare(0x10000000))" EPERM
		refused $p "${p}_has_no_keyring" \
			"call(libc.syscall(250 if os.uname().machine == 'x86_64' else 219, 0, 0))" EPERM
	done
else
	skip refusals "python3 is not installed"
fi

# SIGSYS. Without a filter x32 may be unknown; a kernel without the 32-bit
# entry ends the program by SIGSEGV before any filter is asked.
for entry in i386 x32; do
	[ "$(uname -m)" = x86_64 ] || continue
	for p in default strict build debug; do
		as_user sh -c "ulimit -c 0
			ASAN_OPTIONS=handle_segv=0 exec $RUN $p -$entry" >/dev/null 2>&1
		status=$?
		if [ $entry = i386 ] && [ $status -eq 139 ]; then
			skip "the_i386_entry_kills_under_$p" \
				"this kernel has no 32-bit entry"
		else
			same "the_${entry}_entry_kills_under_$p" $status 159
		fi
	done
done

if have strace; then
	for p in default strict build; do
		as_user "$RUN" $p strace -o /dev/null true >/dev/null 2>&1
		lacks "strace_does_not_work_under_$p" "status $?" '^status 0$'
	done
	check strace_works_under_debug as_user "$RUN" debug \
		strace -f -o /dev/null sh -c 'true; true'
else
	skip strace "not installed"
fi
if have gdb; then
	as_user "$RUN" debug gdb -nx -batch -ex run -ex quit /bin/true \
		>"$T/gdb" 2>&1 </dev/null
	matches gdb_works_under_debug "$(cat "$T/gdb")" 'exited normally'
else
	skip gdb "not installed"
fi
finish
