# sandbox.sh - sandboxes with limits, in a login session: $IMMURE, after
# common.sh.

# A kernel without Landlock is one of those that this runs on.
run() {
	timeout -k 5 120 "$IMMURE" run --security-opt landlock=wanted --host "$@"
}
# Directories of ours, of the user's manager.
left() { find "$MANAGER" -name 'immure*' -type d; }
gone() { # NAME: soon
	for _ in $(seq 50); do
		[ -z "$(left)" ] && break
		sleep 0.1
	done
	same "$1" "$(left)" ""
}
# The cgroup of the container that is running, when it is.
container() {
	local d
	for _ in $(seq 100); do
		d=$(find "$MANAGER" -path '*immure*' -name container -type d)
		[ -n "$d" ] && grep -qs . "$d/cgroup.procs" && break
		sleep 0.1
	done
	printf '%s' "$d"
}
