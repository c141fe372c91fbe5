#!/bin/bash
# systemd.sh - in a guest that systemd has booted, with cgroups of version 2 and
# nothing delegated beyond what Debian does: limits from a login session
# (systemd/limits), with what can be delegated (systemd/controllers), without a
# session but with linger, without either, and as root.
. "$(dirname "$0")/../lib/common.sh"

if [ ! -d /run/systemd/system ]; then
	skip systemd "this machine was not booted by systemd"
	exit 0
fi
flags=(--security-opt landlock=wanted --host)

# session CMD…: in a login session of the test user
session() {
	systemd-run -q --wait --pipe --collect -p PAMName=login \
		-p "User=$TEST_USER" -p WorkingDirectory=/ "$@"
}
run_status 0 "a user logs in" session cat /proc/self/cgroup
matches "the session is no cgroup of ours" "$OUT" 'session-.*\.scope$'
session bash "$HERE/tests/vm/systemd/limits" "$IMMURE" || FAILED=1

# soon CMD…: it succeeds within half a minute
soon() {
	for _ in $(seq 300); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}
stopped() { ! systemctl -q is-active "user@$TEST_UID.service"; }

loginctl terminate-user "$TEST_USER" 2>/dev/null
check "without a session the user's systemd ends" soon stopped
run_status 125 "without a session, and without linger, limits are refused" \
	as_user "$IMMURE" run "${flags[@]}" -m 64m true
matches "… and it is told how they would hold" "$OUT" 'enable-linger'

# what is refused for want of it names a command: that one
OUT=$(session "$IMMURE" plan "${flags[@]}" --cpuset-cpus 0 true 2>&1)
if [[ $OUT == *"is not delegated"* ]]; then
	lines=${OUT#*is not delegated to you: } lines=${lines%%, then log in*}
	(eval "${lines//sudo /}") >/dev/null
	loginctl terminate-user "$TEST_USER" 2>/dev/null
	soon stopped
	session env DELEGATED=1 bash "$HERE/tests/vm/systemd/controllers" \
		"$IMMURE" || FAILED=1
	loginctl terminate-user "$TEST_USER" 2>/dev/null
	soon stopped
else
	skip "the drop-in that is named" "no controller is left to delegate: $OUT"
fi

loginctl enable-linger "$TEST_USER"
check "with linger it runs without a session" \
	soon test -S "/run/user/$TEST_UID/systemd/private"
run_status 0 "then limits hold without a session" \
	as_user "$IMMURE" run "${flags[@]}" -m 64m true
loginctl disable-linger "$TEST_USER"

grep -q '^root:' /etc/subuid || echo root:500000:65536 |
	tee -a /etc/subuid >>/etc/subgid
run_status 0 "root's go by the systemd of the host" \
	"$IMMURE" run "${flags[@]}" -m 64m --cpus 0.5 true
same "and leave nothing" \
	"$(find /sys/fs/cgroup -name 'immure-*.scope' -type d)" ""
finish
