# network.sh - what can be reached from inside, and what listens outside.
# shellcheck shell=bash

t_net_1() {
	begin T-NET-1 "no raw or packet socket, no router advertisement"
	im run --rootfs "$R" --caps compat /bin/sh -c '/pay/calls net
		for f in /proc/sys/net/ipv6/conf/*/accept_ra; do
			(echo 2 >$f) 2>/dev/null && echo ESCAPED $f
		done; echo RAN'
	need_ran
	. "$KIT/seccomp.sh"
	asked --caps compat -- net
	settle
}

t_net_2() {
	begin T-NET-2 "immure listens nowhere"
	hold run --rootfs "$R" /pay/hold
	ss -lxntup 2>/dev/null | grep -E "pid=($HELD|$INIT|$PID)," &&
		bad "a listener"
	release
	settle
}

t_net_4() {
	local port ips
	begin T-NET-4 "nothing outside can be reached"
	"$PAY/net" serve "immure-canary-$$" >"$C/net" &
	JOB=$!
	for _ in $(seq 100); do
		[ -s "$C/net" ] && break
		sleep 0.02
	done
	port=$(head -1 "$C/net")
	ips="127.0.0.1 127.0.0.53 192.0.2.1 8.8.8.8 $(hostname -I 2>/dev/null |
		tr ' ' '\n' | grep -v : | tr '\n' ' ')"
	# the listener can be reached at all
	"$PAY/net" reach "$port" "immure-canary-$$" 127.0.0.1 | grep -q \
		'ESCAPED connected to 127' || bad "no listener: $port"
	: >"$C/net"
	# shellcheck disable=SC2086
	im run --rootfs "$R" /pay/net reach "$port" "immure-canary-$$" $ips
	need_ran
	# shellcheck disable=SC2086
	im run --rootfs "$R" --network none --caps compat /pay/net reach \
		"$port" "immure-canary-$$" $ips
	need_ran
	# with the host's network, Landlock keeps the abstract sockets out
	lax run --rootfs "$R" --network host /bin/sh -c \
		"/pay/net reach $port immure-canary-$$ |
			grep -v interface; echo RAN"
	need_ran
	kill "$JOB"
	wait "$JOB" 2>/dev/null
	OUT=$(cat "$C/net")
	escapes
	settle
}
