#!/bin/bash
# cgroup.sh - limits by cgroup, for an unprivileged user to whom root has given
# a directory in each hierarchy of version 1: they hold, they are read back, out
# of memory is reported as such, and nothing is left behind, not by a killed
# launcher either. Version 2 and systemd are tried in a guest.
. "$(dirname "$0")/../lib/common.sh"

V1=(memory pids cpu cpuset freezer)
PARENT=/immure-test-$$

give() { # makes PARENT in each hierarchy, the test user's
	local c d
	for c in "${V1[@]}"; do
		d=/sys/fs/cgroup/$c
		[ -w "$d/cgroup.procs" ] && mkdir "$d$PARENT" || return 1
		chown -R "$TEST_UID:$TEST_GID" "$d$PARENT"
	done 2>/dev/null
	d=/sys/fs/cgroup/cpuset
	cat "$d/cpuset.cpus" >"$d$PARENT/cpuset.cpus"
	cat "$d/cpuset.mems" >"$d$PARENT/cpuset.mems"
}
take_back() {
	local c
	for c in "${V1[@]}"; do
		rmdir "/sys/fs/cgroup/$c$PARENT"/* "/sys/fs/cgroup/$c$PARENT"
	done 2>/dev/null
	rm -rf "$T"
}
left() { # what is below PARENT
	find "${V1[@]/#//sys/fs/cgroup/}" -path "*$PARENT/*" -type d
}
if ! give; then
	take_back
	skip cgroup "no cgroups of version 1 that root may write"
	exit 0
fi
trap take_back EXIT

run=(as_user "$IMMURE" run --host --cgroup-parent "$PARENT")

run_status 0 a_limited_program_runs "${run[@]}" -m 64m --cpus 0.5 \
	--cpuset-cpus 0 --pids-limit 20 cat /proc/self/cgroup
lacks its_cgroup_is_the_root_of_its_namespace "$OUT" ':/.'
run_status 0 processors_are_limited "${run[@]}" --cpuset-cpus 0 nproc
same one_processor_is_seen "$OUT" 1

# what the kernel has, from outside
"${run[@]}" -m 64m --memory-swap 80m --cpus 0.5 --cpu-shares 512 \
	--pids-limit 20 sleep 20 &
launcher=$!
for _ in $(seq 100); do
	dir=$(echo /sys/fs/cgroup/memory"$PARENT"/immure-*)
	grep -qs . "$dir/cgroup.procs" && break
	sleep 0.1
done
name=${dir##*/}
of() { cat "/sys/fs/cgroup/$1$PARENT/$name/$2"; }
same the_memory_is_limited "$(of memory memory.limit_in_bytes)" 67108864
[ ! -e "$dir/memory.memsw.limit_in_bytes" ] ||
	same memory_with_swap_is_limited \
		"$(of memory memory.memsw.limit_in_bytes)" 83886080
same time_is_limited "$(of cpu cpu.cfs_quota_us)" 50000
same the_weight_is_set "$(of cpu cpu.shares)" 512
same processes_are_limited "$(of pids pids.max)" 20
launched=$(pgrep -u "$TEST_UID" -f "immure run --host --cgroup-parent $PARENT")
kill -9 $launched
wait "$launcher" 2>/dev/null
for _ in $(seq 50); do
	grep -qs . "$dir/cgroup.procs" || break
	sleep 0.1
done
same a_killed_launcher_leaves_no_process "$(cat "$dir/cgroup.procs")" ""
check a_killed_launcher_leaves_its_cgroup test -d "$dir"
run_status 0 the_next_run_works as_user "$IMMURE" run --host true
same the_next_run_removes_what_was_left "$(left)" ""

# out of memory
run_status 137 a_program_that_takes_too_much_ends "${run[@]}" -m 32m \
	sh -c 'head -c 200m /dev/zero | tail -n 1 >/dev/null'
matches out_of_memory_is_reported "$OUT" \
	'^immure: warning: out of memory: the limit of 33554432 bytes'
run_status 0 a_program_within_its_memory_runs "${run[@]}" -m 32m true
lacks nothing_is_reported_then "$OUT" 'out of memory'
run_status 0 a_fork_bomb_ends_at_the_wall "${run[@]}" --pids-limit 16 \
	-m 64m --timeout 20 \
	bash -c 'for i in $(seq 40); do sleep 1 & done 2>/dev/null; exit 0'

# refused, with nothing left
run_status 125 a_limit_without_a_controller_is_refused "${run[@]}" \
	--blkio-weight 100 true
matches it_is_named "$OUT" blkio
run_status 125 a_parent_that_is_not_there_is_refused as_user "$IMMURE" run \
	--host --cgroup-parent /immure-no-such -m 64m true
run_status 125 a_parent_of_somebody_else_is_refused as_user "$IMMURE" run \
	--host --cgroup-parent / -m 64m true
run_status 125 a_limit_without_a_place_is_refused as_user "$IMMURE" run \
	--host -m 64m true
matches the_remedy_is_told "$OUT" 'unified_cgroup_hierarchy|cgroup-parent'
run_status 125 what_the_kernel_refuses_is_refused "${run[@]}" \
	--cpuset-cpus 4000 true
same nothing_is_left "$(left)" ""

run_status 0 the_plan_says_it as_user "$IMMURE" plan --host \
	--cgroup-parent "$PARENT" -m 64m true
matches the_step_has_the_limit "$OUT" \
	"cgroup +directory .* $PARENT .*memory.limit_in_bytes=67108864"
finish
