#!/bin/bash
# walls.sh - what a payload of an unprivileged user finds: asked from inside by
# a static probe, with subordinate ids and with a single id.
. "$(dirname "$0")/../lib/common.sh"

mkdir -p rootfs/{proc,sys,dev,tmp}
cp "$BUILD/tests/faults/probe" rootfs/probe
chmod -R a+rX rootfs

# value KEY: what the probe said of it.
value() { printf '%s\n' "$OUT" | sed -n "s|^$1 ||p" | head -1; }
status() { printf '%s\n' "$OUT" | sed -n "s|^file./proc/self/status $1:[[:space:]]*||p"; }
# is NAME KEY VALUE
is() { same "$mode: $1" "$(value "$2")" "$3"; }

# Where AppArmor's profile is loaded, it is met first.
KEYS=EMPTY
grep -qs enforce \
	/sys/kernel/security/apparmor/policy/profiles/immure-default.*/mode &&
	KEYS=EACCES

for mode in subids single; do
	flags=()
	[ $mode = single ] && flags=(--userns single)
	OUT=$(as_user "$IMMURE" run "${flags[@]}" --rootfs "$T/rootfs" /probe 2>&1)
	matches "$mode: the probe ran" "$OUT" '^id.uid 0 0 0'

	for set in Inh Prm Eff Bnd Amb; do
		same "$mode: capability set $set is empty" "$(status Cap$set)" 0000000000000000
	done
	same "$mode: no_new_privs is set" "$(status NoNewPrivs)" 1
	same "$mode: seccomp filters the calls" "$(status Seccomp)" 2
	same "$mode: two filters are stacked" "$(status Seccomp_filters)" 2
	is "umask is 022" place.umask 22
	is "the host name is its own" place.host 'immure (none)'
	is "lo is up" net.lo up
	for fd in 0 1 2; do
		matches "$mode: descriptor $fd is open" "$OUT" "^fd.$fd open"
	done
	lacks "$mode: no descriptor above 2" "$OUT" '^fd\.([3-9]|[0-9]{2,}) '
	lacks "$mode: no mount of the host's disk" "$OUT" \
		'^file./proc/self/mountinfo .* - (ext[234]|xfs|btrfs) '
	lacks "$mode: no path of the host in mountinfo" "$OUT" \
		"^file./proc/self/mountinfo .*$T"
	lacks "$mode: nothing propagates" "$OUT" \
		'^file./proc/self/mountinfo .*(shared|master):'

	# what must be refused, and how
	while read -r key want; do
		is "$key is $want" "$key" "$want"
	done <<-END
		call.unshare-user EPERM
		call.clone-user EPERM
		call.unshare-ns EPERM
		call.setns EPERM
		call.clone3 ENOSYS
		call.mount EPERM
		call.remount EPERM
		call.umount EPERM
		call.pivot-root EPERM
		call.fsopen EPERM
		call.open-tree EPERM
		call.move-mount EPERM
		call.mount-setattr EPERM
		call.bpf EPERM
		call.perf EPERM
		call.io-uring ENOSYS
		call.userfaultfd EPERM
		call.ptrace-attach EPERM
		call.vm-readv EPERM
		call.add-key EPERM
		call.request-key EPERM
		call.keyctl-describe EPERM
		call.socket-alg EAFNOSUPPORT
		call.socket-vsock EAFNOSUPPORT
		call.socket-packet EAFNOSUPPORT
		call.socket-xdp EAFNOSUPPORT
		call.socket-rxrpc EAFNOSUPPORT
		call.socket-nl-xfrm EAFNOSUPPORT
		call.socket-nl-nft EAFNOSUPPORT
		call.socket-raw EPERM
		call.socket-inet OK
		call.socket-nl-route OK
		call.tiocsti EPERM
		call.tiocsti-high EPERM
		call.tioclinux EPERM
		call.unknown-call ENOSYS
		call.mknod-null EPERM
		net.tcp-ulp ENOENT
		write./proc/sys/kernel/core_pattern EACCES
		write./proc/sys/vm/drop_caches EACCES
		write./sys/power/state EACCES
		read./dev/mem ENOENT
		read./dev/vda ENOENT
		read./sys/firmware EMPTY
		read./proc/keys $KEYS
	END
	matches "$mode: x32 calls end the process" "$(value call.x32)" '^SIGNAL'
	matches "$mode: /proc/kcore cannot be read" \
		"$(value read./proc/kcore)" '^(EMPTY|ENOENT|EACCES)'
	matches "$mode: Landlock holds" "$(value landlock.free-layers)" '^15$'
done

# ids: with subordinate ids nothing inside is the caller
OUT=$(as_user "$IMMURE" run --rootfs "$T/rootfs" /probe 2>&1)
lacks "the caller's id is in no map" "$OUT" \
	"^file./proc/self/[ug]id_map .*[[:space:]]($TEST_UID|0)[[:space:]]+[0-9]+$"
lacks "the caller's id is nowhere in mountinfo" "$OUT" \
	"^file./proc/self/mountinfo .*uid=$TEST_UID([^0-9]|$)"

# namespaces: compared with the caller's own
mkdir -p bb && "$HERE/tests/lib/mkbusybox" bb.tar && tar -C bb -xf bb.tar
chmod -R a+rX bb
ours=$(user_sh 'for n in user mnt pid net ipc uts cgroup time; do readlink /proc/self/ns/$n; done')
theirs=$(as_user "$IMMURE" run --rootfs "$T/bb" sh -c \
	'for n in user mnt pid net ipc uts cgroup time; do readlink /proc/self/ns/$n; done')
same "eight namespaces are its own" \
	"$(printf '%s\n%s\n' "$ours" "$theirs" | sort | uniq -d | wc -l)" 0
same "eight namespaces were read" "$(printf '%s\n' "$theirs" | grep -c :)" 8
same "lo is the only interface" \
	"$(as_user "$IMMURE" run --rootfs "$T/bb" ls /sys/class/net)" lo
same "the payload is not pid 1, immure-init is" \
	"$(as_user "$IMMURE" run --rootfs "$T/bb" sh -c 'cat /proc/1/comm')" \
	memfd:immure-in
same "without init the payload is pid 1" \
	"$(as_user "$IMMURE" run --init=false --rootfs "$T/bb" sh -c 'echo $$')" 1

# nested user namespaces are limited even where the filter is off: the
# launcher's own limit holds (a policy that permits it is needed to get there)
OUT=$(as_user "$IMMURE" run --explain --rootfs "$T/bb" true 2>&1)
for wall in namespaces user capabilities 'new privileges' 'system calls' \
	landlock 'user namespaces' network files limits; do
	matches "--explain shows the wall: $wall" "$OUT" "^  $wall "
done
finish
