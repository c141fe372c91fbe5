#!/bin/bash
# selinux.sh - in a guest with SELinux enforcing: what the types refuse by
# themselves, and that two sandboxes of one user are kept apart by their
# categories alone. The policy below the project's module is a small one of the
# tests (tests/vm/base.cil), or Debian's own, where systemd has booted.

# There root is what it is after a login.
if [ -d /run/systemd/system ] && [ -z "${LOGGED_IN:-}" ]; then
	exec systemd-run -q --wait --pipe --collect -p User=root \
		-p PAMName=login -p WorkingDirectory=/ -E LOGGED_IN=1 \
		-E BUILD="$BUILD" bash "$(realpath "$0")"
fi
. "$(dirname "$0")/../lib/common.sh"
PROBE=$T/probe
ME=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023
OURS=unconfined_u:unconfined_r:immure_t

cp "$BUILD/tests/vm/probe" "$PROBE"
chmod 755 "$PROBE"
for d in null zero random urandom; do
	"$PROBE" label /dev/$d "system_u:object_r:${d}_device_t:s0"
done
"$PROBE" label /dev/tty system_u:object_r:devtty_t:s0
"$PROBE" label "$T" unconfined_u:object_r:user_home_t:s0
mkdir -p rootfs/{bin,proc,sys,dev,tmp}
cp "$PROBE" rootfs/probe
cp "$(command -v busybox)" rootfs/bin/busybox
for applet in sh cat sleep echo id true; do
	ln -s busybox rootfs/bin/$applet
done
chmod -R a+rX rootfs
# What a program is mapped from is asked for below the overlay, too.
find rootfs -exec "$PROBE" label {} unconfined_u:object_r:immure_file_t:s0 \;

# The user of a desktop: an ordinary id, an unconfined type.
user() { as_user timeout 120 "$PROBE" as $ME "$@"; }
run() {
	user "$IMMURE" run --security-opt landlock=wanted \
		--rootfs "$T/rootfs" "$@"
}
context() { run "$@" cat /proc/self/attr/current 2>&1 | tr -d '\0'; }
row() { printf '| %-22s | %-34s | %s\n' "$@"; }

same "the guest enforces" "$(cat /sys/fs/selinux/enforce)" 1
same "the user is unconfined" "$(user cat /proc/self/attr/current |
	tr -d '\0')" $ME
row control asked 'the kernel reports'

# ---- what a start does ----

OUT=$(context)
matches "the default: our type, and a pair of categories" "$OUT" \
	"^$OURS:s0:c[0-9]+,c[0-9]+\$"
row 'policy loaded' 'the default (wanted)' "$OUT"
OUT=$(context --security-opt label=required)
matches "required: the same" "$OUT" "^$OURS:s0:c[0-9]+,c[0-9]+\$"
row 'policy loaded' required "$OUT"
OUT=$(context --security-opt label=disable)
same "disabled: the caller's own" "$OUT" $ME
row 'policy loaded' disable "$OUT"
OUT=$(context --security-opt label=level:s0:c5,c7)
same "a level that is asked for" "$OUT" "$OURS:s0:c5,c7"
OUT=$(context --init=false)
matches "without an init, too" "$OUT" "^$OURS:s0:c[0-9]+,c[0-9]+\$"
OUT=$(context --userns single)
matches "with a single id" "$OUT" "^$OURS:s0:c[0-9]+,c[0-9]+\$"
OUT=$(context --read-only)
matches "with a root that is only read" "$OUT" "^$OURS:s0:c[0-9]+,c[0-9]+\$"
run_status 125 "a type that the policy lacks refuses" \
	run --security-opt label=type:nowhere_t true
matches "… by its name" "$OUT" 'nowhere_t.*the policy does not have it'
row 'type not in policy' 'type:nowhere_t' refused
OUT=$(run --explain --security-opt label=level:s0:c5,c7 true 2>&1)
matches "--explain tells it as the kernel does" "$OUT" \
	"selinux +$OURS:s0:c5,c7"
OUT=$(run sh -c "echo $ME >/proc/self/attr/exec; echo $ME >/proc/self/attr/current
	sh -c 'cat /proc/self/attr/current'" 2>&1 | tr -d '\0')
matches "a program cannot change its context, nor drop it over an exec" \
	"$OUT" "^$OURS:s0:c[0-9]+,c[0-9]+\$"
same "… and is told so each time" \
	"$(printf '%s\n' "$OUT" | grep -c 'Permission denied')" 2
OUT=$(run sh -c '/probe context-of / /bin/busybox /dev /dev/shm /tmp' 2>&1)
same "all that is made for it has its context" \
	"$(printf '%s\n' "$OUT" | sort -u | grep -c \
		'^unconfined_u:object_r:immure_file_t:s0:c[0-9]*,c[0-9]*$')" 1
OUT=$(run sh -c 'echo text | cat; ulimit -n' 2>/dev/null)
same "its output goes through a pipe of the caller's; limits stay" "$OUT" \
	"text
1024"

# ---- permissive ----

echo 0 >/sys/fs/selinux/enforce
run_status 125 "permissive refuses when required" \
	run --security-opt label=required true
matches "… with the command that ends it" "$OUT" 'sudo setenforce 1$'
row 'policy permissive' required refused
OUT=$(context)
same "permissive: wanted is left out" "$OUT" $ME
row 'policy permissive' 'the default (wanted)' "$OUT"
OUT=$(user "$IMMURE" info 2>&1)
matches "info says that it is permissive" "$OUT" 'SELinux.*permissive'
echo 1 >/sys/fs/selinux/enforce
OUT=$(user "$IMMURE" info 2>&1)
matches "info says that the type is enforced" "$OUT" 'SELinux.*enforced'

# ---- two sandboxes of one user ----

mkdir mine shared
echo secret >mine/file
echo open >shared/file
chmod 644 mine/file shared/file
chown -R "$TEST_UID:$TEST_GID" mine shared
chmod 755 mine shared
"$PROBE" label "$T/mine" unconfined_u:object_r:user_home_t:s0
"$PROBE" label "$T/mine/file" unconfined_u:object_r:user_home_t:s0
run_status 1 "a volume as it is cannot be read" run -v "$T/mine:/v" cat /v/file
OUT=$(run -v "$T/mine:/v:Z" --security-opt label=level:s0:c1,c2 cat /v/file 2>&1)
same ":Z gives it to this sandbox" "$OUT" secret
row 'volume' ':Z at s0:c1,c2' "$("$PROBE" context-of "$T/mine/file")"
OUT=$(run -v "$T/mine:/v" --security-opt label=level:s0:c1,c2 cat /v/file 2>&1)
same "the same categories still read it" "$OUT" secret
run_status 1 "other categories do not, at the same uid" \
	run -v "$T/mine:/v" --security-opt label=level:s0:c3,c4 cat /v/file
matches "… refused by them alone" "$OUT" 'v/file.*Permission denied'
row 'volume of s0:c1,c2' 'read at s0:c3,c4' "${OUT##*: }"
run_status 1 "one of the two is not enough" \
	run -v "$T/mine:/v" --security-opt label=level:s0:c1,c3 cat /v/file
OUT=$(run -v "$T/mine:/v" --security-opt label=disable cat /v/file 2>&1)
same "(without a label nothing else is in the way)" "$OUT" secret
OUT=$(run -v "$T/shared:/v:z" cat /v/file 2>&1)
same ":z gives it to all sandboxes" "$OUT" open
OUT=$(run -v "$T/shared:/v" --security-opt label=level:s0:c3,c4 cat /v/file 2>&1)
same "… whatever their categories" "$OUT" open

# They stay until all six have said theirs, or a minute.
pids=()
for i in 1 2 3 4 5 6; do
	run -v "$T/shared:/v:z" sh -c 'cat /proc/self/attr/current
		while [ ! -e /v/go ]; do sleep 0.2; done' >"$T/of.$i" 2>&1 &
	pids+=($!)
done
for _ in $(seq 120); do
	[ "$(cat "$T"/of.* | tr '\0' '\n' | grep -c 's0:c')" -lt 6 ] || break
	sleep 0.5
done
touch shared/go
wait "${pids[@]}"
same "six at once have six pairs" \
	"$(tr -d '\0' <<<"$(cat "$T"/of.*)" | sed 's/unconfined_u/\n&/g' |
		grep -o 's0:c[0-9]*,c[0-9]*' | sort -u | wc -l)" 6

# ---- the type alone ----

# A root of namespaces of its own, without immure: all that holds is the type.
"$PROBE" label "$PROBE" system_u:object_r:immure_file_t:s0
# (Its files lie below /tmp, which Debian's policy does not let it through.)
[ -z "${LOGGED_IN:-}" ] ||
	"$PROBE" label /tmp system_u:object_r:immure_file_t:s0
bare() { user unshare --user --map-root-user --mount --net --ipc --uts --pid \
	--fork --mount-proc "$PROBE" "$@"; }
WITHOUT=$(bare 2>&1)
WITH=$(bare context $OURS:s0:c1,c2 2>&1)
matches "bare: the probe runs with the type" "$WITH" "^label $OURS:s0:c1,c2"
printf '%s\n' "$WITHOUT" | sed 's/^/# without: /'
printf '%s\n' "$WITH" | sed 's/^/# with: /'
refused=0 asked=0
while read -r name was; do
	now=$(printf '%s\n' "$WITH" | sed -n "s/^$name //p")
	case $name in
	label | label-*) continue ;; # AppArmor's
	# its own process, and what every process may know
	write-own-memory | write-clear_refs | write-uid_map | read-key*)
		continue
		;;
	may-*)
		same "$name works as before" "$now" "$was"
		continue
		;;
	esac
	asked=$((asked + 1))
	[ "$was" = OK ] || continue
	case $now in
	EACCES | EPERM) refused=$((refused + 1)) ;;
	*) not_ok "$name is refused" "it is $now" ;;
	esac
done <<<"$WITHOUT"
row 'the type alone' "$asked questions" "$refused refused by it alone"
[ "$refused" -ge 25 ] && ok "25 and more things are refused by the type alone" ||
	not_ok "25 and more things are refused by the type alone" "$refused"
dmesg | grep 'avc:  denied' | grep -v '"probe"' | tail -15 |
	sed 's/^.*avc:/# avc:/'
finish
