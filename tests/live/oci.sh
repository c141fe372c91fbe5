#!/bin/bash
# oci.sh - immure-oci as engines use it: bundles by hand as root and as an
# ordinary user. podman: oci_podman.sh. cgroups are disabled here.
. "$(dirname "$0")/../lib/common.sh"

. "$HERE/tests/lib/oci.sh"

runs a_bundle_runs 0 'run("id; hostname; grep Cap /proc/self/status")'
matches it_is_root_of_its_own_name "$OUT" '^immure$'
matches it_has_exactly_the_capabilities_asked_for "$OUT" \
	'CapPrm:.0000000020000420'
runs its_status_is_passed_on 7 'run("exit 7")'
runs a_signal_ends_it_with_128_more 137 'l["namespaces"] = [n for n in
	l["namespaces"] if n["type"] != "pid"]; run("kill -KILL $$")'
runs devices_are_nodes_of_its_own 0 \
	'run("ls -l /dev/null /dev/tty; stat -c %m /dev/null")'
matches the_null_device_is_one "$OUT" '^crw-rw-rw-.* 1,   3 .*/dev/null'
runs the_root_is_read_only_when_asked 1 'run("echo x > /x")'
runs and_writable_when_not 0 \
	'd["root"]["readonly"] = False; run("echo x > /tmp/x; rm /tmp/x")'
runs masked_paths_are_empty 0 'run("cat /proc/keys | wc -c")'
same nothing_is_read_there "$OUT" 0
runs an_ordinary_user_keeps_ambient_capabilities 0 'p["user"] = {"uid": 1000,
	"gid": 1000, "additionalGids": [50]}
for k in ("bounding", "permitted", "effective", "inheritable", "ambient"):
	p["capabilities"][k] = ["CAP_NET_BIND_SERVICE"]
run("id; grep -E \"Cap(Eff|Amb)\" /proc/self/status")'
matches its_ids_are_those "$OUT" 'uid=1000.*gid=1000.*groups=50'
matches its_ambient_set_is_that "$OUT" 'CapAmb:.0000000000000400'
runs limits_may_be_below_what_the_launcher_needs 0 'p["rlimits"] = [
	{"type": "RLIMIT_NOFILE", "soft": 5, "hard": 6}]; run("ulimit -n")'
same its_limit_is_that "$OUT" 5
runs a_filter_of_the_config_holds 0 'l["seccomp"] = {"defaultAction":
	"SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"],
	"action": "SCMP_ACT_ERRNO"}]}; d["root"]["readonly"] = False
run("mkdir /tmp/d && echo made; grep Seccomp: /proc/self/status")'
lacks what_it_denies_is_denied "$OUT" made
runs without_no_new_privs_as_well 0 'p["noNewPrivileges"] = False
l["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
	{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
run("grep -E \"NoNewPrivs|Seccomp:\" /proc/self/status")'
matches it_is_not_set "$OUT" 'NoNewPrivs:.0'
matches the_filter_is_there "$OUT" 'Seccomp:.2'
runs namespaces_by_path_are_entered 0 'l["namespaces"] = [{"type": "mount"},
	{"type": "pid", "path": "/proc/self/ns/pid"}, {"type": "uts",
	"path": "/proc/self/ns/uts"}]; d.pop("hostname"); run("readlink /proc/self/ns/uts")'
same it_is_in_that_one "$OUT" "$(readlink /proc/self/ns/uts)"
runs only_what_is_listed_is_new 0 'l["namespaces"] = [{"type": "mount"}]
d.pop("hostname"); run("readlink /proc/self/ns/net; readlink /proc/self/ns/pid")'
same the_others_are_the_callers "$OUT" \
	"$(readlink /proc/self/ns/net /proc/self/ns/pid)"
mkdir "$T/volume" && echo text >"$T/volume/f"
runs a_bind_is_read_only_when_asked 1 'd["mounts"].append({"destination":
	"/mnt", "source": "'"$T"'/volume", "options": ["rbind", "ro"]})
run("cat /mnt/f; echo x > /mnt/g")'
matches and_can_be_read "$OUT" '^text$'
ln -sfn /tmp "$B/rootfs/link"
runs a_link_in_the_root_leads_inside_it 0 'd["mounts"].append({"destination":
	"/link/in", "source": "'"$T"'/volume/f", "options": ["bind"]})
d["root"]["readonly"] = False; run("cat /tmp/in")'
same the_file_is_there "$OUT" text
runs tmpcopyup_begins_with_what_it_covers 0 'd["mounts"].append({
	"destination": "/etc", "type": "tmpfs", "source": "tmpfs",
	"options": ["tmpcopyup"]}); run("echo x > /etc/new; ls /etc")'
matches what_was_there_is_there "$OUT" passwd
[ ! -e "$B/rootfs/etc/new" ] && ok the_roots_own_directory_is_untouched ||
	not_ok the_roots_own_directory_is_untouched "it has the new file"
runs hooks_get_the_state 0 'd["hooks"] = {"prestart": [{"path": "/bin/sh",
	"args": ["sh", "-c", "cat; echo PRE $A"], "env": ["A=1"]}],
	"poststart": [{"path": "/bin/sh", "args": ["sh", "-c", "cat"]}],
	"poststop": [{"path": "/bin/sh", "args": ["sh", "-c", "cat"]}]}
run("exit 0")'
matches before_the_start "$OUT" '"status":"created".*PRE' # as crun tells it
matches their_environment_is_theirs "$OUT" '^PRE 1|}PRE 1'
matches after_the_start "$OUT" '"status":"running"'
matches after_the_end "$OUT" '"status":"stopped"'
runs a_hook_that_fails_is_a_failure 1 \
	'd["hooks"] = {"createRuntime": [{"path": "/bin/false"}]}'
runs a_hook_that_takes_too_long_is_killed 1 'd["hooks"] = {"prestart": [{
	"path": "/bin/sleep", "args": ["sleep", "50"], "timeout": 1}]}'
runs a_shared_root_is_shared 0 'l["rootfsPropagation"] = "rshared"
run("grep -c shared: /proc/self/mountinfo")'
runs what_is_not_offered_is_refused 1 'l["intelRdt"] = {"closID": "x"}'
matches and_named "$OUT" 'intelRdt: known, and refused'
same nothing_is_left_of_any_of_them "$(oci list -q)" ""
runs a_missing_program_is_named_as_engines_read_it 1 'p["args"] = ["nosuch"]'
matches like_this "$OUT" 'exec: "nosuch": executable file not found in \$PATH'
printf '#!/no/such/interpreter\n' >"$B/rootfs/script"
printf 'no program\n' >"$B/rootfs/data"
chmod 0755 "$B/rootfs/script" "$B/rootfs/data"
runs a_script_without_its_interpreter_fails 1 'p["args"] = ["/script"]'
matches it_is_named "$OUT" 'exec: "/script": no such file or directory: the int'
runs what_is_no_program_fails 1 'p["args"] = ["/data"]'
matches with_the_kernels_reason "$OUT" 'exec: "/data": exec format error'
config 'p["args"] = ["/data"]'
oci create --bundle "$B" --pid-file "$T/pid" x1 >/dev/null 2>&1 # it waits
run_status 1 start_tells_the_same oci start x1
matches of_a_container_that_waited "$OUT" 'exec: "/data": exec format error'
run_status 0 and_it_can_be_deleted oci delete --force x1

# ---- create, start, state, kill, delete ----
config 'p["args"] = ["/bin/sleep", "100"]'
create() { oci create --bundle "$B" --pid-file "$T/pid" "$@" >"$T/out" 2>&1; }
status_of() { oci state "$1" | sed -n 's/.*"status": "\(.*\)".*/\1/p'; }
run_status 0 create_ends create k1
same it_is_created "$(status_of k1)" created
same its_number_is_in_the_pid_file "$(cat "$T/pid")" \
	"$(oci state k1 | sed -n 's/.*"pid": \([0-9]*\).*/\1/p')"
run_status 1 its_name_is_taken create k1
run_status 0 start_ends oci start k1
same it_is_running "$(status_of k1)" running
run_status 1 it_starts_once oci start k1
run_status 1 it_is_not_deleted_while_it_runs oci delete k1
run_status 0 a_signal_is_sent oci kill k1 KILL
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(status_of k1)" = stopped ] || sleep 0.1
done
same it_is_stopped "$(status_of k1)" stopped
run_status 1 nobody_is_there_for_a_signal oci kill k1 KILL
run_status 0 it_is_deleted oci delete k1
run_status 1 it_is_gone oci state k1
matches that_is_said "$OUT" 'does not exist'
run_status 0 force_takes_what_is_not_there oci delete --force k1
create k2
PID=$(cat "$T/pid")
run_status 0 force_ends_what_waits oci delete --force k2
[ ! -d "/proc/$PID" ] || grep -q '^State:.Z' "/proc/$PID/status" &&
	ok its_process_has_ended || not_ok its_process_has_ended "it lives"
mkdir -p "$STATE/cut"
run_status 0 force_removes_a_creation_that_was_cut_off oci delete --force cut
run_status 1 an_id_is_no_path oci create --bundle "$B" ../x
rm -f "$T/log"
run_status 1 errors_are_logged oci --log "$T/log" --log-format=json state none
matches as_json "$(cat "$T/log")" '^{"level":"error","msg":"container none does'
run_status 0 features_is_json sh -c "'$OCI' features | python3 -m json.tool"
run_status 1 checkpoint_is_refused oci checkpoint --help

# ---- exec ----
# a start that fails has an end: whoever is told of it deletes the container
# next, with or without a log that somebody reads
install -m 0700 /bin/true "$B/rootfs/of_root"
config 'p["args"] = ["/of_root"]; p["user"] = {"uid": 7, "gid": 7}'
mkfifo "$T/fifo"
for i in 1 2 3; do
	create "n$i"
	run_status 1 "start_fails_$i" timeout 20 "$OCI" --root "$STATE" \
		--log "$T/fifo" start "n$i"
	same "why_it_fails_$i" "$OUT" 'exec: "/of_root": permission denied'
	same "what_did_not_start_has_ended_$i" "$(status_of "n$i")" stopped
	run_status 0 "what_did_not_start_is_deleted_$i" oci delete "n$i"
done

config 'p["args"] = ["/bin/sleep", "100"]'
create e1
run_status 255 nothing_enters_what_is_not_there oci exec none true
run_status 0 a_program_enters oci exec e1 sh -c 'id -u; hostname; ps'
matches it_is_in_the_containers_namespaces "$OUT" '^immure$'
run_status 0 it_starts oci start e1
run_status 0 it_sees_its_processes oci exec e1 ps
matches like_this_one "$OUT" ' 1 root .*/bin/sleep 100'
run_status 7 its_status_is_passed_on oci exec e1 sh -c 'exit 7'
run_status 137 and_its_signal oci exec e1 sh -c 'kill -KILL $$'
run_status 255 a_program_that_is_missing_is_named oci exec e1 nosuch
matches as_engines_read_it "$OUT" 'executable file not found in \$PATH'
run_status 0 it_has_the_containers_rights oci exec e1 \
	grep -E 'CapPrm|CapInh|NoNewPrivs' /proc/self/status
matches exactly_these "$OUT" 'CapPrm:.0000000020000420'
run_status 0 it_is_who_the_flags_say oci exec --user 7:8 -g 9 --cwd /tmp \
	-e A=one -e A=two e1 sh -c 'id; pwd; echo $A'
matches with_these_ids "$OUT" 'uid=7 gid=8 groups=9'
matches with_the_last_value "$OUT" '^two$'
exec 5</etc/hostname 3<&- 4<&- # make(1) has its own there
run_status 0 descriptors_are_passed oci exec --preserve-fds 3 e1 \
	sh -c 'cat <&5; ls /proc/self/fd'
lacks and_no_others "$OUT" '^(4|6|7|8|9)$'
exec 5<&-
cat >"$T/process.json" <<-JSON
{"args": ["sh", "-c", "id -u; exit 4"], "cwd": "/", "user": {"uid": 3,
 "gid": 3}, "env": ["PATH=/bin"], "noNewPrivileges": true}
JSON
run_status 4 a_process_object_says_all oci exec --process "$T/process.json" e1
matches as_this "$OUT" '^3$'
exec_detached() {
	oci exec -d --pid-file "$T/epid" e1 "$@" >"$T/out" 2>&1
}
run_status 0 one_may_be_left_alone exec_detached sleep 77
matches it_lives "$(oci exec e1 ps)" 'sleep 77'
same its_number_is_written "$(tr '\0' ' ' <"/proc/$(cat "$T/epid")/cmdline")" \
	"sleep 77 "
run_status 255 a_detached_one_tells_its_failure exec_detached nosuch
run_status 3 it_may_have_a_terminal script -qec "$OCI --root $STATE \
	exec -t e1 sh -c 'tty && exit 3'" /dev/null
matches of_the_container "$OUT" '/dev/pts/0'
run_status 0 all_of_it_ends oci delete --force e1
[ ! -d "/proc/$(cat "$T/epid")" ] && ok with_its_container ||
	not_ok with_its_container "it lives"
config 'p["args"] = ["/bin/sleep", "100"]
l["namespaces"].append({"type": "user"})
l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "hostID": 300000,
	"size": 1000}]'
create e2
run_status 0 a_user_namespace_is_entered oci exec e2 \
	sh -c 'id -u; cat /proc/self/uid_map; readlink /proc/self/ns/user'
matches as_its_root "$OUT" ' 0 +300000 +1000$'
run_status 255 ids_that_are_not_there_are_refused oci exec -u 5000 e2 id
oci delete --force e2

# ---- an ordinary user ----
chown -R "$TEST_UID:$TEST_GID" "$B"
chmod 0777 "$B"
ROOTLESS=yes config 'run("id -u; cat /proc/self/uid_map")'
sed -i "s/\"hostID\": 0/\"hostID\": $TEST_UID/g" "$B/config.json"
chmod 0644 "$B/config.json"
run_status 0 a_rootless_bundle_runs as_user "$OCI" run --bundle "$B" u1
matches it_is_root_in_there "$OUT" '^0$'
matches with_one_id "$OUT" " 0 +$TEST_UID +1$"
python3 - "$B/config.json" <<-'PYTHON'
import json, sys
d = json.load(open(sys.argv[1])); l = d["linux"]
l.pop("uidMappings"); l.pop("gidMappings")
l["namespaces"] = [n for n in l["namespaces"] if n["type"] != "user"]
json.dump(d, open(sys.argv[1], "w"))
PYTHON
run_status 0 without_a_user_namespace_one_is_made as_user "$OCI" run \
	--bundle "$B" u2
matches with_the_subordinate_ids "$OUT" ' 1 +[0-9]+ +65536$'

finish
