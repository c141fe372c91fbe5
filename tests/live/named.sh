#!/bin/bash
# named.sh - sandboxes that run under a name: listed, asked about by name,
# and nothing stays of them, however they end.
. "$(dirname "$0")/../lib/common.sh"

N=named-$$
IM=(as_user "$IMMURE")
FILE=/run/user/$TEST_UID/immure/running/$N
REC=$T/rec
mkdir "$REC"
chown "$TEST_UID:$TEST_GID" "$REC"

# until "$@" succeeds, three seconds at most
wait_for() {
	for _ in $(seq 60); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
}
is_listed() { "${IM[@]}" ps -q | grep -qx "$N"; }
launcher() { pgrep -u "$TEST_USER" -of "run --name $N"; }

same nothing_is_listed_before "$("${IM[@]}" ps -q | grep -c "$N")" 0

# ---- while it runs ----
"${IM[@]}" run --name "$N" --host --record "$REC/r" \
	sh -c 'mount -t tmpfs x /tmp; sleep 30' >/dev/null 2>&1 &
wait_for is_listed
check what_runs_is_listed is_listed
matches its_command_is_shown "$("${IM[@]}" ps)" "^$N +[0-9]+ .* host +sh -c"
PID=$("${IM[@]}" ps --format '{{.Names}} {{.Pid}}' | sed -n "s/^$N //p")
matches the_pid_is_of_a_sandbox "$(readlink "/proc/$PID/ns/pid")" 'pid:'
same it_is_not_the_hosts \
	"$([ "$(readlink "/proc/$PID/ns/pid")" != "$(readlink /proc/self/ns/pid)" ] && echo other)" other
same others_cannot_read_it "$(stat -c %a "$FILE")" 600
run_status 125 the_name_is_taken "${IM[@]}" run --name "$N" --host true
matches that_is_said "$OUT" "$N: a sandbox of that name runs"

run_status 0 it_is_audited_by_name "${IM[@]}" audit "$N"
matches by_what_the_kernel_reports "$OUT" "audit of process $PID"
wait_for grep -q mount "$REC/r"
run_status 0 its_denials_are_told_by_name "${IM[@]}" denials "$N"
matches the_mount_is_among_them "$OUT" mount
kill -TERM "$(launcher)"
wait
same nothing_is_listed_afterwards "$("${IM[@]}" ps -q | grep -c "$N")" 0
check its_file_is_gone [ ! -e "$FILE" ]

# ---- its filters ----
"${IM[@]}" run --name "$N" --host sleep 30 >/dev/null 2>&1 &
wait_for is_listed
run_status 0 its_filters_are_shown_to_its_user "${IM[@]}" seccomp show "$N"
same there_are_two "$(grep -c '^filter default' <<<"$OUT")" 2
run_status 0 they_are_those_of_the_profile "${IM[@]}" seccomp diff "$N" default
run_status 1 what_they_do_is_told "${IM[@]}" seccomp emu "$N" 'socket(40,1,0)'
matches af_vsock_is_refused "$OUT" 'EAFNOSUPPORT'
run_status 0 nothing_is_wrong_with_them "${IM[@]}" seccomp lint "$N"
run_status 125 it_is_not_recorded "${IM[@]}" denials "$N"
matches what_to_do_is_said "$OUT" 'run --record'

# ---- killed ----
kill -KILL "$(launcher)"
wait 2>/dev/null
check a_killed_launcher_leaves_its_file [ -e "$FILE" ]
same but_it_is_not_listed "$("${IM[@]}" ps -q | grep -c "$N")" 0
check and_the_next_look_removes_it [ ! -e "$FILE" ]
run_status 0 the_name_is_free_again "${IM[@]}" run --name "$N" --host true

# ---- refused ----
run_status 126 a_denied_start_takes_no_name "${IM[@]}" run --name "$N" \
	--host --privileged true
check no_file_is_made [ ! -e "$FILE" ]
run_status 127 a_start_that_fails_gives_it_back "${IM[@]}" run --name "$N" \
	--host /nonexistent
check no_file_stays [ ! -e "$FILE" ]
run_status 125 a_path_is_no_name "${IM[@]}" run --name ../x --host true
run_status 125 what_does_not_run_is_not_found "${IM[@]}" seccomp show "$N"
matches where_to_look_is_said "$OUT" 'immure ps'
finish
