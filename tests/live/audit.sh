#!/bin/bash
# audit.sh - audits as their users make them: flags of docker and podman, a
# plan that the policy refuses, profiles, processes that run, statuses.
. "$(dirname "$0")/../lib/common.sh"

"$HERE/tests/lib/mkbusybox" bb.tar
mkdir bb vol && tar -C bb -xf bb.tar
chmod -R a+rX bb
chown "$TEST_UID:$TEST_GID" vol
A=(as_user "$IMMURE" audit)
DIR=(--rootfs "$T/bb")

# ids TEXT: those that it has, above info
ids() { printf '%s\n' "$1" | sed -nE 's/^(low|medium|high|critical) +(IMM-[0-9]+) .*/\2/p' | sort | tr '\n' ' '; }
exposure() { printf '%s\n' "$1" | sed -nE 's/^exposure ([0-9]+) of 100.*/\1/p'; }

# ---- plans ----
run_status 0 the_default_is_audited "${A[@]}" "${DIR[@]}" true
same the_default_has_no_finding_above_info "$(ids "$OUT")" ""
same the_default_has_no_exposure "$(exposure "$OUT")" 0
run_status 0 the_hosts_programs_are_audited "${A[@]}" --host true
same the_hosts_programs_have_no_finding_above_info "$(ids "$OUT")" ""

run_status 0 a_refused_plan_is_audited "${A[@]}" --privileged "${DIR[@]}" true
matches privileged_is_found "$OUT" '^critical IMM-101 '
same privileged_is_all_exposed "$(exposure "$OUT")" 100
run_status 126 and_the_policy_refuses_it as_user "$IMMURE" check --privileged "${DIR[@]}" true

# what docker's users type
python3 - "$T/docker.sock" <<-'END' 2>/dev/null || skip socket "no python3"
	import socket, sys
	socket.socket(socket.AF_UNIX).bind(sys.argv[1])
END
if [ -S docker.sock ]; then
	USER_ENV=("DOCKER_HOST=unix://$T/docker.sock")
	run_status 0 a_control_socket_is_audited "${A[@]}" -it --rm --privileged \
		-v "$T/docker.sock:/x" "${DIR[@]}" true
	matches the_control_socket_is_named "$OUT" 'docker control socket'
	matches the_control_socket_is_critical "$OUT" '^critical IMM-501 '
	USER_ENV=()
	run_status 0 another_socket_is_audited "${A[@]}" \
		-v "$T/docker.sock:/x" "${DIR[@]}" true
	same another_socket_is_no_control_socket "$(ids "$OUT")" "IMM-504 "
fi
while read -r want flags; do
	# shellcheck disable=SC2086
	run_status 0 "audit $flags" "${A[@]}" $flags "${DIR[@]}" true
	same "audit $flags: $want" "$(ids "$OUT")" "$(tr , ' ' <<<"$want") "
done <<-END
	IMM-203,IMM-506 -v $T/vol:/v:rw -u 1000
	IMM-701 --network host
	IMM-305,IMM-410 --cap-add NET_RAW
	IMM-306 --cap-add=CHOWN
	IMM-401 --security-opt seccomp=unconfined
	IMM-420 --security-opt seccomp=debug
	IMM-601 --security-opt landlock=off
	IMM-301 --security-opt no-new-privileges=false
	IMM-510 --security-opt unmask=ALL
	IMM-801 --pids-limit -1
	IMM-802 --ulimit core=-1
	IMM-516 -e DB_PASSWORD=hunter2
END
run_status 0 a_secret_is_named "${A[@]}" -e DB_PASSWORD=hunter2 "${DIR[@]}" true
lacks a_secret_is_not_printed "$OUT" hunter2

if [ -c /dev/fuse ]; then
	run_status 0 a_device_is_audited "${A[@]}" --device /dev/fuse "${DIR[@]}" true
	same a_device_is_found "$(ids "$OUT")" "IMM-509 "
else
	skip a_device_is_found "this host has no /dev/fuse"
fi

# a profile's own filters are asked
cat >wide.json <<-'END'
	{ "defaultAction": "SCMP_ACT_ALLOW",
	  "syscalls": [ { "names": [ "io_uring_setup", "io_uring_enter" ],
	    "action": "SCMP_ACT_ERRNO" } ] }
END
chmod 644 wide.json
run_status 0 a_profile_of_a_file_is_audited "${A[@]}" \
	--security-opt seccomp="$T/wide.json" "${DIR[@]}" true
matches its_vsock_is_found "$OUT" 'socket\(AF_VSOCK,1,0\) passes'
matches its_tiocsti_is_found "$OUT" 'ioctl\(0,0x100005412\) passes'
lacks its_denied_io_uring_is_not "$OUT" 'IMM-412'

# ---- statuses, forms ----
run_status 1 fail_on_is_a_status "${A[@]}" --fail-on high --privileged "${DIR[@]}" true
run_status 0 fail_on_is_a_threshold "${A[@]}" --fail-on high --ulimit core=-1 "${DIR[@]}" true
run_status 1 fail_on_info_counts_all "${A[@]}" --fail-on info "${DIR[@]}" true
run_status 125 an_unknown_severity_is_refused "${A[@]}" --fail-on bad "${DIR[@]}" true
run_status 125 an_unknown_image_is_refused "${A[@]}" nosuch
for form in json sarif; do
	run_status 0 "as $form" "${A[@]}" --format $form --privileged "${DIR[@]}" true
	printf '%s' "$OUT" >out.$form
	check "$form is JSON" python3 -m json.tool out.$form
done
same sarif_is_2_1_0 "$(python3 -c '
import json; r = json.load(open("out.sarif")); d = r["runs"][0]
ids = [x["id"] for x in d["tool"]["driver"]["rules"]]
print(r["version"], all(ids[x["ruleIndex"]] == x["ruleId"] for x in d["results"]))')" \
	"2.1.0 True"

# ---- saved plans ----
run_status 0 a_plan_is_saved as_user sh -c "'$IMMURE' plan --format json -v '$T/vol:/v:rw' -u 1000 ${DIR[*]} true >$T/data/p.json"
run_status 0 a_saved_plan_is_audited "${A[@]}" --plan "$T/data/p.json"
same a_saved_plan_shows_the_same "$(ids "$OUT")" "IMM-203 IMM-506 "
lacks its_built_in_filters_are_known_by_digest "$OUT" 'not in a saved plan'
run_status 0 a_path_is_a_saved_plan "${A[@]}" "$T/data/p.json"
same a_path_shows_the_same "$(ids "$OUT")" "IMM-203 IMM-506 "
run_status 125 a_directory_is_a_bundle "${A[@]}" "$T/vol"
matches its_config_is_missed "$OUT" 'config.json'
run_status 0 a_plan_with_a_profile_is_saved as_user sh -c "'$IMMURE' plan --format json --security-opt seccomp=$T/wide.json ${DIR[*]} true >$T/data/w.json"
run_status 0 its_filters_are_not_seen "${A[@]}" "$T/data/w.json"
matches that_is_said "$OUT" 'bytes of its filters are not in a saved plan'

# ---- processes ----
# start CMD…: in the background, with a sleep of its own as the payload; the
# payload's process in $PID.
STARTED=() MARK=$((1000000 + $$ * 10))
start() {
	local launcher
	MARK=$((MARK + 1)) PID=
	as_user "$@" sleep "$MARK" >/dev/null 2>&1 &
	launcher=$!
	for _ in $(seq 100); do
		PID=$(ps -eo pid=,args= | awk -v m="$MARK" \
			'$2 == "sleep" && $3 == m { print $1 }')
		[ -n "$PID" ] && break
		kill -0 "$launcher" 2>/dev/null || break
		sleep 0.1
	done
	STARTED+=("$PID")
}

start "$IMMURE" run "${DIR[@]}"
run_status 0 a_running_sandbox_is_audited_by_its_user "${A[@]}" --pid "$PID"
same a_running_sandbox_has_no_finding_above_info "$(ids "$OUT")" ""
matches what_is_not_seen_is_said "$OUT" 'IMM-601 .* the kernel tells nobody'
matches landlock_is_not_said_to_stand "$OUT" '^  mandatory access  not seen'
run_status 0 and_by_root "$IMMURE" audit --pid "$PID"
same and_has_none_for_root "$(ids "$OUT")" ""
run_status 0 as_json "${A[@]}" --pid="$PID" --format json
matches it_is_a_process "$OUT" '"kind": "process"'
matches it_is_not_complete "$OUT" '"complete": false'

start "$IMMURE" run -v "$T/vol:/v:rw" -u 1000 --cap-add CHOWN \
	--ulimit core=0:99 "${DIR[@]}"
run_status 0 a_weaker_sandbox_is_audited "${A[@]}" --pid "$PID"
same a_weaker_sandbox_shows "$(ids "$OUT")" "IMM-203 IMM-506 IMM-802 "
matches the_bind_is_named_by_its_host_path "$OUT" "bind of a directory: $T/vol -> /v"

start "$IMMURE" run --host --network none
run_status 0 a_sandbox_of_the_hosts_programs_is_audited "${A[@]}" --pid "$PID"
same it_shows_none_above_info "$(ids "$OUT")" ""

start env
run_status 1 a_program_without_walls_is_audited "${A[@]}" --pid "$PID" --fail-on critical
for id in 102 103 201 301 401 701; do
	matches "no walls: IMM-$id is found" "$OUT" "^(critical|high) +IMM-$id "
done

if have bwrap; then
	start bwrap --bind / / --dev /dev --proc /proc --unshare-pid
	run_status 0 another_launchers_sandbox_is_audited "${A[@]}" --pid "$PID"
	for id in 401 502 701; do
		matches "bwrap: IMM-$id is found" "$OUT" "^(critical|high) +IMM-$id "
	done
	lacks its_process_namespace_is_its_own "$OUT" 'IMM-103'
	lacks no_new_privs_is_seen "$OUT" 'IMM-301'
else
	skip another_launchers_sandbox_is_audited "bwrap is not installed"
fi
for PID in "${STARTED[@]}"; do
	[ -z "$PID" ] || kill "$PID"
done
wait 2>/dev/null

run_status 125 no_such_process_is_said "${A[@]}" --pid 4194303
matches no_such_process_is_named "$OUT" '4194303'
run_status 125 a_process_takes_no_image "${A[@]}" --pid 1 image
finish
