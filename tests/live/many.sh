#!/bin/bash
# many.sh - 500 sandboxes of one user at once (G19), under the session keyring
# quota of 200 a user; all of them walled in, and nothing left afterwards.
. "$(dirname "$0")/../lib/common.sh"

MANY=${MANY:-500}
"$HERE/tests/lib/mkbusybox" bb.tar
mkdir -p bb && tar -C bb -xf bb.tar
chmod -R a+rX bb
mkfifo go
mkdir -m 0700 runtime # others run sandboxes too
chown "$TEST_UID:$TEST_GID" go runtime
cat >all.sh <<'END'
export XDG_RUNTIME_DIR=$T/runtime
exec 4<>"$T/go"
i=0
while [ $i -lt "$1" ]; do
	"$IMMURE" run --rm -i --name "m$i" --rootfs "$T/bb" sh -c '
		w=$(grep -Ec "^(CapBnd:.0+|NoNewPrivs:.1|Seccomp:.2)$" /proc/self/status)
		echo "up $w $(readlink /proc/self/ns/user)"; read x' \
		<&4 >>"$T/up" 2>>"$T/err" &
	i=$((i + 1))
done
ended=0
for pid in $(jobs -p); do
	wait "$pid" && ended=$((ended + 1))
done
echo "ended $ended" >>"$T/ended"
END
launchers() {
	pgrep -c -u "$TEST_UID" -f "^$IMMURE run --rm -i --name m[0-9]* --rootfs $T/bb"
}

touch up err ended
chown "$TEST_UID:$TEST_GID" up err ended
exec 5<>go
as_user bash "$T/all.sh" "$MANY" &
for _ in $(seq 400); do
	[ "$(grep -c ^up up)" -ge "$MANY" ] && break
	[ -s err ] && break
	sleep 0.5
done
same "$MANY sandboxes are up" "$(grep -c ^up up)" "$MANY"
same "and no start said anything" "$(head -3 err)" ""
same "each has its walls" "$(grep -c '^up 3 ' up)" "$MANY"
same "each has a user namespace of its own" \
	"$(sort -u up | wc -l)" "$MANY"
same "each has its launcher" "$(launchers)" "$MANY"
same "and a file in the state" "$(find runtime ! -type d | wc -l)" "$MANY"
yes '' | head -n "$MANY" >&5
for _ in $(seq 400); do
	[ -s ended ] && break
	sleep 0.5
done
same "all of them end with status 0" "$(cat ended)" "ended $MANY"
exec 5>&-
wait
sleep 1
same "no process is left" "$(launchers)" 0
same "no state is left" "$(find runtime ! -type d)" ""
finish
