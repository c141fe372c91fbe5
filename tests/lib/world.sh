# world.sh - where the daemon of an engine runs for a test: a network of its
# own with nothing but lo, a /run of its own, and a pid namespace, with which
# whatever it has started ends. Sourced after common.sh.

WORLD= WORLD_INIT=
# world_start COMMAND: a line of shell, run in the background in there.
world_start() {
	local i
	cat >"$T/world" <<-SCRIPT
	mount -t tmpfs -o mode=0755 tmpfs /run
	ip link set lo up
	$1 >"$T/world.log" 2>&1 </dev/null &
	echo \$! >"$T/world.pid"
	wait
	sleep infinity
	SCRIPT
	unshare --mount --pid --net --fork --kill-child --mount-proc \
		--propagation private bash "$T/world" >"$T/world.out" 2>&1 \
		</dev/null &
	WORLD=$!
	for i in {1..100}; do
		[ ! -s "$T/world.pid" ] || break
		kill -0 "$WORLD" 2>/dev/null || return 1
		sleep 0.1
	done
	WORLD_INIT=$(pgrep -P "$WORLD")
}
# world_waits CMD…: until this succeeds in there, half a minute at most.
world_waits() {
	local i
	for i in {1..60}; do
		in_world timeout 20 "$@" >/dev/null 2>&1 && return 0
		kill -0 "$WORLD" 2>/dev/null || return 1
		sleep 0.5
	done
	return 1
}
in_world() {
	nsenter -t "$WORLD_INIT" -m -p -n -- "$@"
}
# world_end [NAME]: and its cgroups of this name, at any depth.
world_end() {
	[ -z "$WORLD" ] || kill -KILL "$WORLD"
	[ -z "$WORLD" ] || wait "$WORLD" 2>/dev/null
	WORLD=
	[ -z "${1:-}" ] || find /sys/fs/cgroup -depth -type d \
		-path "*/$1*" -exec rmdir {} + 2>/dev/null
}
cleanup() {
	cd /
	world_end "${SPACE:-}"
	[ -z "${T:-}" ] || rm -rf --one-file-system "$T"
}
