#!/bin/bash
# apparmor.sh - in a guest with AppArmor enforcing: what the profiles refuse by
# themselves, what a start does with and without them, and that a program
# cannot get rid of its label.
. "$(dirname "$0")/../lib/common.sh"
A=/sys/kernel/security/apparmor/policy/profiles

mkdir "$T/place"
"$HERE/src/dist/install" /usr/local "$BUILD" "$T/place"
mkdir -p /etc/apparmor.d
cp "$T"/place/etc/apparmor.d/immure* /etc/apparmor.d/
mkdir -p rootfs/{bin,proc,sys,dev,tmp}
cp "$BUILD/tests/vm/probe" rootfs/probe
cp "$(command -v busybox)" rootfs/bin/busybox
for applet in sh cat sleep echo id true; do
	ln -s busybox rootfs/bin/$applet
done
chmod -R a+rX rootfs

# A kernel without Landlock is one of those that this runs on.
run() {
	as_user timeout 60 "$IMMURE" run --security-opt landlock=wanted \
		--rootfs "$T/rootfs" "$@"
}
# row CONTROL ASKED REPORTED: of the table at the end
row() { printf '| %-22s | %-34s | %s\n' "$@"; }

# ---- nothing is loaded ----

row control asked 'the kernel reports'
OUT=$(run cat /proc/self/attr/current)
same "without the profile a sandbox has no label" "$OUT" unconfined
row 'profile not loaded' 'the default (wanted)' "$OUT"
run_status 125 "a profile that is required and not loaded refuses" \
	run --security-opt apparmor=required true
matches "… with the command that loads it" "$OUT" \
	'sudo apparmor_parser -r /etc/apparmor.d/immure-default$'
row 'profile not loaded' required "refused: ${OUT##*immure-default }"
run_status 125 "so does one that is named" \
	run --security-opt apparmor=nowhere true
matches "… by its name" "$OUT" 'AppArmor profile nowhere is not loaded'

printf 'profile immure-default flags=(complain) { }\n' | apparmor_parser -r -K
run_status 125 "a profile that only complains refuses when required" \
	run --security-opt apparmor=required true
matches "… and is called so" "$OUT" 'complain mode'
row 'profile in complain' required "refused"
OUT=$(run cat /proc/self/attr/current)
same "a profile that only complains is not put on" "$OUT" unconfined
row 'profile in complain' 'the default (wanted)' "$OUT"

# ---- the project's own ----

for profile in immure immure-default immure-image; do
	check "profile $profile is parsed and loaded" \
		apparmor_parser -r -K "/etc/apparmor.d/$profile"
done
same "the payload's profile enforces" \
	"$(cat $A/immure-default.*/mode)" enforce
# without the profile's help: everything that is not a label is off
OPEN=(--caps all --security-opt seccomp=unconfined
	--security-opt unmask=ALL)
mkdir -p /etc/immure/policy.d
printf 'permit any\n' >/etc/immure/policy.d/open.policy

OUT=$(run cat /proc/self/attr/current)
same "the default is stacked once it is loaded" "$OUT" \
	'immure-default//&unconfined (enforce)'
row 'profile loaded' 'the default (wanted)' "$OUT"
OUT=$(run --security-opt apparmor=required cat /proc/self/attr/current)
same "required is stacked" "$OUT" 'immure-default//&unconfined (enforce)'
row 'profile loaded' required "$OUT"
OUT=$(run --security-opt apparmor=off cat /proc/self/attr/current)
same "off is off" "$OUT" unconfined
row 'profile loaded' off "$OUT"
OUT=$(run --init=false cat /proc/self/attr/current)
same "stacked without an init, too" "$OUT" \
	'immure-default//&unconfined (enforce)'
OUT=$(run --userns single cat /proc/self/attr/current)
same "stacked with a single id" "$OUT" 'immure-default//&unconfined (enforce)'
OUT=$(run --explain true 2>&1)
matches "--explain tells the label as the kernel does" "$OUT" \
	'apparmor +immure-default//&unconfined \(enforce\)'
OUT=$(run "${OPEN[@]}" sh -c 'cat /proc/1/attr/current
	echo changeprofile unconfined >/proc/self/attr/current
	echo exec unconfined >/proc/self/attr/exec
	echo exec unconfined >/proc/self/attr/apparmor/exec
	cat /proc/self/attr/current; sh -c "cat /proc/self/attr/current"' 2>&1)
same "a program cannot change its label, nor drop it over an exec" \
	"$(printf '%s\n' "$OUT" | grep -c '^immure-default//&unconfined (enforce)$')" 3
same "… and is told so each time" \
	"$(printf '%s\n' "$OUT" | grep -c 'Permission denied')" 3

# A caller who is confined: the sandbox is confined by both.
printf 'profile caller flags=(attach_disconnected) { / mrix, /** mrwlkpix, capability, network, mount,
	umount, pivot_root, signal, ptrace, unix, change_profile -> &immure-*, }
	profile narrow flags=(attach_disconnected) { / mrix, /** mrwlkpix, capability, network, mount, umount,
	pivot_root, signal, ptrace, unix, }\n' | apparmor_parser -r -K
confined() { # PROFILE ARGS…
	local p=$1
	shift
	as_user sh -c 'echo "exec $0" >/proc/self/attr/apparmor/exec &&
		exec timeout 60 "$@"' "$p" "$IMMURE" run --security-opt \
		landlock=wanted --rootfs "$T/rootfs" "$@"
}
OUT=$(confined caller cat /proc/self/attr/current 2>&1)
same "a confined caller's profile stays in the stack" "$OUT" \
	'caller//&immure-default (enforce)'
row 'caller confined' 'the default (wanted)' "$OUT"
OUT=$(confined narrow cat /proc/self/attr/current 2>&1)
matches "a caller whose profile lets nothing be stacked is told" "$OUT" \
	'change_profile -> &immure-\*'

# ---- the profile alone ----

# A root of namespaces of its own, without immure: all that holds is the label.
bare() { as_user timeout 60 unshare --user --map-root-user --mount --net --ipc \
	--uts --pid --fork --mount-proc "$BUILD/tests/vm/probe" "$@"; }
questions() { # NAME: from $WITHOUT and $WITH
	local name was now refused=0 asked=0
	while read -r name was; do
		now=$(printf '%s\n' "$WITH" | sed -n "s/^$name //p")
		case $name in
		label) continue ;;
		# in a sandbox the neighbour is in it, too
		ptrace-* | signal-*) [ "$1" = alone ] || continue ;;&
		may-*)
			same "$1: $name works as before" "$now" "$was"
			continue
			;;
		esac
		asked=$((asked + 1))
		[ "$was" != OK ] && [[ $name != label-* ]] && continue
		case $now in
		EACCES | EPERM) refused=$((refused + 1)) ;;
		*) [ "$was" != OK ] ||
			not_ok "$1: $name is refused" "it is $now" ;;
		esac
	done <<<"$WITHOUT"
	N=$refused
	row "the profile $1" "$asked questions" "$refused refused by it alone"
}
WITHOUT=$(bare 2>&1)
WITH=$(bare stack immure-default 2>&1)
matches "bare: the probe runs with the label" "$WITH" \
	'^label immure-default//&unconfined \(enforce\)$'
printf '%s\n' "$WITHOUT" | sed 's/^/# without: /'
printf '%s\n' "$WITH" | sed 's/^/# with: /'
questions alone
[ "$N" -ge 25 ] && ok "25 and more things are refused by the profile alone" ||
	not_ok "25 and more things are refused by the profile alone" "$N"

# The same for a payload, container root with all capabilities.
WITHOUT=$(run "${OPEN[@]}" --security-opt apparmor=off /probe 2>&1)
WITH=$(run "${OPEN[@]}" /probe 2>&1)
matches "payload: the probe runs with the label" "$WITH" \
	'^label immure-default//&unconfined \(enforce\)$'
questions payload
[ "$N" -ge 10 ] && ok "a payload meets the profile, not only its missing rights" ||
	not_ok "a payload meets the profile" "$N: $WITHOUT"

# ---- what is said of it ----

OUT=$(as_user "$IMMURE" info 2>&1)
matches "info says that the profile is loaded" "$OUT" \
	'AppArmor.*immure-default.*enforc'
dmesg | grep 'apparmor="DENIED"' | grep -v probe | tail -15 |
	sed 's/^.*apparmor=/# /'
finish
