#!/bin/bash
# walls.sh - in a guest that has all walls at once (Landlock, AppArmor, seccomp,
# a kernel of Debian's): the payload meets all of them, and the profiles hold
# on this kernel, too.
. "$(dirname "$0")/../lib/common.sh"

"$HERE/src/dist/install" /usr/local "$BUILD" "$T/place"
mkdir -p /etc/apparmor.d
cp "$T"/place/etc/apparmor.d/immure* /etc/apparmor.d/
mkdir -p rootfs/{bin,proc,sys,dev,tmp}
cp "$BUILD/tests/vm/probe" rootfs/probe
cp "$(command -v busybox)" rootfs/bin/busybox
for applet in sh cat true grep; do
	ln -s busybox rootfs/bin/$applet
done
chmod -R a+rX rootfs
run() { as_user timeout 120 "$IMMURE" run --rootfs "$T/rootfs" "$@"; }
row() { printf '| %-22s | %-34s | %s\n' "$@"; }

check "the payload's profile is loaded" \
	apparmor_parser -r -K /etc/apparmor.d/immure-default
OUT=$(run --explain --security-opt apparmor=required sh -c '
	cat /proc/self/attr/current; grep -E "^(NoNewPrivs|Seccomp)" /proc/self/status' 2>&1)
matches "a start with every wall required" "$OUT" \
	'^immure-default//&unconfined \(enforce\)$'
matches "Landlock is one of them" "$OUT" 'landlock +ABI [1-9]'
matches "so are two filters" "$OUT" '^Seccomp_filters:[[:space:]]*2$'
matches "and no_new_privs" "$OUT" '^NoNewPrivs:[[:space:]]*1$'
row control asked 'the kernel reports'
printf '%s\n' "$OUT" | sed -n 's/^  \([a-z ]\{16\}\)\([^ ].*\)$/\1|\2/p' |
	while IFS='|' read -r control reported; do
		row "${control%%  *}" 'the default' "$reported"
	done

bare() { as_user timeout 120 unshare --user --map-root-user --mount --net \
	--ipc --uts --pid --fork --mount-proc "$BUILD/tests/vm/probe" "$@"; }
WITHOUT=$(bare 2>&1)
WITH=$(bare stack immure-default 2>&1)
refused=0
while read -r name was; do
	now=$(printf '%s\n' "$WITH" | sed -n "s/^$name //p")
	case $name in
	label) continue ;;
	may-*) same "$name works as before" "$now" "$was" && continue ;;
	esac
	[ "$was" = OK ] || continue
	case $now in
	EACCES | EPERM) refused=$((refused + 1)) ;;
	*) not_ok "$name is refused" "it is $now" ;;
	esac
done < <(printf '%s\n' "$WITHOUT")
row 'the profile alone' 'a root of its own namespaces' "$refused refused"
[ "$refused" -ge 25 ] && ok "25 and more are refused on this kernel, too" ||
	not_ok "25 and more are refused on this kernel, too" "$refused"
OUT=$(run /probe 2>&1)
same "in a sandbox with its defaults nothing of it is granted" \
	"$(printf '%s\n' "$OUT" | grep -Ev '^(may|ptrace|signal)-' |
		grep ' OK$')" ""
# (the neighbour that is traced and signalled is in the sandbox, too)

if [ -e /proc/sys/kernel/apparmor_restrict_unprivileged_unconfined ]; then
	echo 1 >/proc/sys/kernel/apparmor_restrict_unprivileged_unconfined
	OUT=$(run cat /proc/self/attr/current 2>&1)
	same "with unprivileged changes of profile restricted: the same" \
		"$OUT" 'immure-default//&unconfined (enforce)'
else
	skip "unprivileged changes of profile restricted" \
		"this kernel does not have the switch"
fi
# the four ways to have no user namespaces are told apart
echo 0 >/proc/sys/user/max_user_namespaces
run_status 125 "no user namespaces by their number: refused" run true
matches "… and said why" "$OUT" 'user.max_user_namespaces'
echo 10000 >/proc/sys/user/max_user_namespaces
if [ -e /proc/sys/kernel/unprivileged_userns_clone ]; then
	echo 0 >/proc/sys/kernel/unprivileged_userns_clone
	run_status 125 "no user namespaces for ordinary users: refused" run true
	OUT=$(as_user "$IMMURE" doctor 2>&1)
	matches "… and doctor names the switch" "$OUT" \
		'kernel.unprivileged_userns_clone=1'
	echo 1 >/proc/sys/kernel/unprivileged_userns_clone
fi
finish
