# tty.sh - terminals: the caller's is out of reach, the sandbox's its own.
# shellcheck shell=bash

# on_tty WORDS…: immure on a terminal, as from a shell
on_tty() {
	OUT=$(cd "$C" && as_user "$PAY/ptydrive" 10 "$IMMURE" "$@" </dev/null |
		tr -d '\r')
	ST=$?
	after_run
	[[ $OUT != *INJECTED* ]] || bad "$*: $(grep -a INJECTED <<<"$OUT")"
}

t_tty_1() {
	local flags
	begin T-TTY-1 "nothing can be typed into the caller's terminal"
	for flags in "" -i -t -it "-it --init=false" "--init=false -i"; do
		# shellcheck disable=SC2086
		on_tty run $flags --rootfs "$R" /pay/ttypoke
		need_ran
	done
	settle
	begin T-TTY-1 "the filter says so, too"
	hold run --rootfs "$R" /pay/hold
	OUT=$("$PAY/filter" "${PID:-0}" tty)
	[[ $OUT == *FILTERS* ]] || bad "the filters: $(short)"
	escapes
	release
	settle
	begin T-TTY-1 "not even without a filter"
	for flags in "" -i -it "-i --init=false"; do
		# shellcheck disable=SC2086
		IMMURE=$T/lax/bin/immure on_tty run $flags --caps all \
			--security-opt seccomp=unconfined --rootfs "$R" \
			/bin/sh -c '/pay/ttypoke | grep -v "into [0-9]"; echo RAN'
	done
	settle
}

t_tty_2() {
	local i
	begin T-TTY-2 "the console is the sandbox's own terminal"
	ln -s /proc/sysrq-trigger "$R/dev/console"
	mkdir "$R/dev/pts"
	ln -s /proc/kcore "$R/dev/pts/0"
	ln -s /proc/kcore "$R/dev/pts/ptmx"
	on_tty run -t --rootfs "$R" /bin/sh -c '
		[ "$(stat -c %t:%T /dev/console)" = "$(stat -L -c %t:%T \
			/proc/self/fd/0)" ] || echo ESCAPED another console
		[ -c /dev/console ] || echo ESCAPED no device
		grep " /dev/console " /proc/self/mountinfo |
			grep -q " - devpts " || echo ESCAPED not devpts
		[ "$(stat -c %t /dev/console)" = 88 ] || echo ESCAPED no pty
		echo RAN'
	settle ran
	begin T-TTY-2 "while another sandbox fills /dev/shm and a volume"
	mkdir -p "$C/volume"
	as_owner "$C/volume"
	hold run --rootfs "$R" -v "$C/volume:/mnt:rw" /bin/sh -c 'echo READY
		while :; do ln -sf /proc/kcore /mnt/0; rm /mnt/0; done'
	for i in $(seq "$(many 4 2000)"); do
		on_tty run -it --rootfs "$R" -v "$C/volume:/dev/x:rw" /bin/sh \
			-c '[ -c /dev/console ] && echo RAN'
		need_ran
	done
	release
	settle
}

t_log_1() {
	local peak
	begin T-LOG-1 "output without end does not fill our memory"
	# it says READY when all has gone through
	hold run -it --rootfs "$R" /bin/sh -c \
		'dd if=/dev/zero bs=64k count=300 2>/dev/null; /pay/hold'
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$HELD/status")
	[ "${peak:-99999}" -lt $((16384 * SLOW)) ] || bad "peak of $peak KiB"
	release
	OUT=
	settle
}
