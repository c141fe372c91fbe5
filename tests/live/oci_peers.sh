#!/bin/bash
# oci_peers.sh - what other runtimes do beyond the specification, and engines
# or their users rely on: where we do the same.
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/oci.sh"

# ---- the environment ----
runs home_is_that_of_the_passwd_file 0 'p["user"] = {"uid": 1000, "gid": 1000}
run("echo $HOME")'
same it_is_this_one "$OUT" "$(awk -F: '$3 == 1000 { print $6 }' \
	"$B/rootfs/etc/passwd" | grep . || echo /)"
runs somebody_unknown_has_the_root 0 'p["user"] = {"uid": 4711, "gid": 1}
run("echo $HOME")'
same it_is_the_root "$OUT" /
runs what_is_said_stays 0 'p["env"].append("HOME=/x"); run("echo $HOME")'
same it_is_that "$OUT" /x
LISTEN_FDS=1 runs it_is_told_who_listens 0 'run("echo $LISTEN_FDS $LISTEN_PID")'
same by_number "$OUT" "1 1"
runs hooks_inherit_the_environment 0 'd["hooks"] = {"createRuntime": [{
	"path": "/bin/sh", "args": ["sh", "-c", "test $PATH = '"$PATH"'"]}]}'

runs the_last_of_a_name_counts 0 'p["env"] += ["ONE=1", "ONE=2"]
run("env | grep -c ^ONE; echo $ONE")'
same and_is_alone "$OUT" "$(printf '1\n2')"
runs an_empty_home_says_nothing 0 'p["env"] += ["HOME="]; run("echo $HOME")'
matches it_is_filled_in "$OUT" '^/'

# ---- how it is scheduled ----
# stat 19: nice; 41: the policy
runs it_is_niced 0 'p["scheduler"] = {"policy": "SCHED_BATCH", "nice": 6}
run("set -- $(cat /proc/self/stat); shift 18; echo $1; shift 22; echo $1")'
same as_asked "$OUT" "$(printf '6\n3')"
runs in_real_time_too 0 'p["scheduler"] = {"policy": "SCHED_RR", "priority": 4}
run("set -- $(cat /proc/self/stat); shift 39; echo $1 $2")'
same as_asked "$OUT" "4 2"
runs no_user_namespace_gives_real_time 1 'l["uidMappings"] = \
	l["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 10}]
l["namespaces"].append({"type": "user"})
p["scheduler"] = {"policy": "SCHED_RR", "priority": 4}'
matches the_kernel_says_so "$OUT" 'scheduling policy 2: Operation not permitted'
runs its_priority_for_disks_is_set 0 'p["ioPriority"] = {
	"class": "IOPRIO_CLASS_BE", "priority": 6}; run("ionice")'
matches as_asked "$OUT" 'best-effort: prio 6'
config 'p["args"] = ["/bin/sleep", "100"]
p["execCPUAffinity"] = {"initial": "0", "final": "0"}'
oci run --bundle "$B" --detach a1 >"$T/out" 2>&1 </dev/null || cat "$T/out"
run_status 0 what_enters_is_kept_to_its_processors oci exec a1 \
	grep Cpus_allowed_list /proc/self/status
matches to_this_one "$OUT" '0$'
matches the_first_is_not "$(grep Cpus_allowed_list \
	"/proc/$(oci ps --format json a1 | tr -d '[]\n')/status")" \
	"$(grep -o '[^	]*$' <<<"$(grep Cpus_allowed_list /proc/self/status)")$"
oci delete --force a1
runs memory_of_a_node 0 'l["memoryPolicy"] = {"mode": "MPOL_BIND",
	"nodes": "0"}; run("grep -m 1 -o bind:0 /proc/self/numa_maps || " +
	"test ! -e /proc/self/numa_maps")'
runs a_node_that_is_not_there 1 'l["memoryPolicy"] = {"mode": "MPOL_BIND",
	"nodes": "1000"}'

# ---- what is there ----
ln -s nowhere "$T/a_link"
runs a_link_is_copied 0 'd["mounts"].append({"destination": "/tmp/in/it",
	"type": "bind", "source": "'"$T"'/a_link",
	"options": ["rbind", "copy-symlink"]})
d["mounts"].append({"destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
	"options": ["ro"]}); run("readlink /tmp/in/it")'
same as_it_is "$OUT" nowhere
mkdir -p "$T/volume" && echo text >"$T/volume/f"
runs what_is_no_link_is_bound 0 'd["mounts"].append({"destination": "/mnt",
	"type": "bind", "source": "'"$T"'/volume",
	"options": ["bind", "copy-symlink"]}); run("cat /mnt/f")'
same as_always "$OUT" text
runs access_times_are_the_hosts_in_a_user_namespace 0 'l["uidMappings"] = \
	l["gidMappings"] = [{"containerID": 0, "hostID": 0, "size": 10}]
l["namespaces"].append({"type": "user"})
d["mounts"].append({"destination": "/mnt", "type": "bind",
	"source": "'"$T"'/volume", "options": ["bind", "strictatime"]})
run("cat /mnt/f")'
runs a_user_namespace_without_maps_has_the_callers_id 0 'l["namespaces"].append(
	{"type": "user"})
for m in d["mounts"]: m["options"] = [o for o in m.get("options", [])
	if o != "gid=5"]
run("tr -s \" \" </proc/self/uid_map")'
matches as_root "$OUT" '^ 0 0 1$'
runs with_one_map_only_it_is_refused 1 'l["namespaces"].append({"type": "user"})
l["uidMappings"] = [{"containerID": 0, "hostID": 0, "size": 1}]'
runs numbers_of_a_sysctl_may_be_parted_by_a_tab 0 \
	'l["sysctl"] = {"net.ipv4.ping_group_range": "0 1"}
run("cat /proc/sys/net/ipv4/ping_group_range")'
same they_are_those "$OUT" "$(printf '0\t1')"

# ---- a user namespace that is there already ----
MAPPED='l["namespaces"].append({"type": "user"})
l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "hostID": 0,
	"size": 10}]
'
unshare --user --net sleep 300 &
HOLDER=$!
for _ in {1..50}; do # until it is in there
	[ "$(readlink /proc/$HOLDER/ns/net)" = "$(readlink /proc/self/ns/net)" ] ||
		break
	sleep 0.1
done
echo '0 100000 1000' >"/proc/$HOLDER/uid_map"
echo '0 100000 1000' >"/proc/$HOLDER/gid_map"
JOINED='l["namespaces"] = [n for n in l["namespaces"] if n["type"] != "network"]
for n in "network", "user": l["namespaces"].append({"type": n,
	"path": "/proc/'$HOLDER'/ns/" + {"network": "net"}.get(n, n)})
for m in d["mounts"]: m["options"] = [o for o in m.get("options", [])
	if o != "gid=5"]
'
runs a_user_namespace_is_joined 0 "$JOINED"'run("tr -s \" \" </proc/self/uid_map;" +
	"for i in user net; do readlink /proc/self/ns/$i; done")'
matches with_the_maps_that_it_has "$OUT" '^ 0 100000 1000$'
matches it_is_that_one "$OUT" "$(readlink /proc/$HOLDER/ns/user | tr '[]' ..)"
matches and_that_network "$OUT" "$(readlink /proc/$HOLDER/ns/net | tr '[]' ..)"
runs its_own_maps_have_no_effect 0 "$JOINED"'l["uidMappings"] = \
	l["gidMappings"] = [{"containerID": 0, "hostID": 0, "size": 1}]
run("tr -s \" \" </proc/self/uid_map")'
matches those_of_the_namespace_count "$OUT" '^ 0 100000 1000$'
runs a_user_that_it_has_not_is_refused 1 "$JOINED"'p["user"] = {"uid": 1000,
	"gid": 0}'
matches and_told "$OUT" 'user 1000 is not in'
runs the_hosts_root_is_not_its 0 "$JOINED"'d["mounts"].append({"destination":
	"/mnt", "type": "bind", "source": "/root", "options": ["bind"]})
run("stat -c %u /mnt; ls /mnt 2>&1 | grep -c denied")'
matches of_nobody "$OUT" '^65534$'
config "$JOINED"'p["args"] = ["/bin/sleep", "100"]
p["oomScoreAdj"] = 100'
oci run --bundle "$B" --detach j1 >"$T/out" 2>&1 </dev/null || cat "$T/out"
run_status 0 it_is_entered oci exec j1 sh -c 'tr -s " " </proc/self/uid_map'
matches with_its_maps "$OUT" '^ 0 100000 1000$'
oci delete --force j1
# one that holds only CAP_SYS_ADMIN cannot see who is born in there
config "$JOINED"'run("true")'
run_status 1 without_a_right_to_see_it_it_is_refused setpriv \
	--bounding-set=-sys_ptrace --inh-caps=-sys_ptrace \
	"$OCI" --root "$STATE" run --bundle "$B" j2
matches by_name "$OUT" 'user: known, and refused: to verify'
kill $HOLDER
wait $HOLDER 2>/dev/null
# whose root may look into whatever is in it: not into what is made there, and
# not into what waits for its start
config "$MAPPED"'l["uidMappings"][0]["hostID"] = 100
p["args"] = ["/bin/sleep", "100"]
p["capabilities"] = {s: ["CAP_SYS_PTRACE", "CAP_SYS_ADMIN"]
	for s in ("bounding", "effective", "permitted")}
for m in d["mounts"]: m["options"] = [o for o in m.get("options", [])
	if o != "gid=5"]'
oci run --bundle "$B" --detach j3 >"$T/out" 2>&1 </dev/null || cat "$T/out"
HOLDER=$(oci state j3 | sed -n 's/.*"pid": \([0-9]*\).*/\1/p')
config 'for n in l["namespaces"][:]:
	if n["type"] in ("pid", "ipc"): l["namespaces"].remove(n)
l["namespaces"] += [{"type": n, "path": "/proc/'"$HOLDER"'/ns/" + n}
	for n in ("user", "pid", "ipc")]
p["args"] = ["/bin/sleep", "101"]
d["hooks"] = {"createContainer": [{"path": "/bin/sleep",
	"args": ["sleep", "4"]}]} # it takes a while
for m in d["mounts"]: m["options"] = [o for o in m.get("options", [])
	if o != "gid=5"]'
LOOK='for p in /proc/[0-9]*; do
	echo "$(tr "\0" " " <$p/cmdline | cut -c1-10): $(readlink $p/cwd)"; done'
oci create --bundle "$B" j4 >"$T/out" 2>&1 </dev/null &
CREATE=$!
for _ in {1..40}; do
	OUT=$(oci exec j3 sh -c "$LOOK" 2>&1)
	! grep -q '^sleep 4' <<<"$OUT" || break
	sleep 0.1
done
matches its_root_looks_around "$OUT" '^sleep 4'
matches into_its_own "$OUT" '^/bin/sleep: /'
matches not_into_what_is_made_there "$OUT" '^immure-oci: $'
wait $CREATE || cat "$T/out"
run_status 0 it_looks_again oci exec j3 sh -c "$LOOK"
matches not_into_what_waits_there "$OUT" '^immure-oci: $'
lacks nor_into_anything_of_ours "$OUT" '^immure-oci: /'
oci delete --force j4
oci delete --force j3

# ---- what only root may open, and map ----
mkdir -p "$T/closed/in" && echo text >"$T/closed/in/f"
chown 1:1 "$T/closed/in/f"
chmod 0000 "$T/closed"
runs a_directory_that_nobody_may_enter_is_bound 0 "$MAPPED"'
l["uidMappings"][0]["hostID"] = 100
d["mounts"].append({"destination": "/mnt", "type": "bind",
	"source": "'"$T"'/closed/in", "options": ["bind", "ro"]})
for m in d["mounts"]: m["options"] = [o for o in m.get("options", [])
	if o != "gid=5"]
d["root"]["readonly"] = False; run("cat /mnt/f")'
same by_root "$OUT" text
# owner FROM TO: in the container, of the file of user FROM on the host
owners() {
	runs "$1" 0 "$MAPPED"'d["mounts"].append({"destination": "/mnt", "type":
	"bind", "source": "'"$T"'/closed/in", "options": ["bind", "'"$2"'"],
	'"$3"'})
run("stat -c %u:%g /mnt/f")'
}
if [ "$(stat -f -c %T "$T")" != tmpfs ]; then
	owners owners_are_mapped idmap '"uidMappings": [{"containerID": 1,
		"hostID": 7, "size": 1}], "gidMappings": [{"containerID": 1,
		"hostID": 8, "size": 1}]'
	same to_these "$OUT" 7:8
	owners as_the_container_has_them ridmap ''
	same that_is_the_same_here "$OUT" 1:1
else
	skip owners_are_mapped "no test for filesystems without id maps"
fi
same as_they_were_on_the_host "$(stat -c %u:%g "$T/closed/in/f")" 1:1

# ---- clocks ----
runs clocks_are_moved 0 'l["namespaces"].append({"type": "time"})
l["timeOffsets"] = {"monotonic": {"secs": 1000, "nanosecs": 5},
	"boottime": {"secs": -1}}
run("tr -s \" \" </proc/self/timens_offsets; readlink /proc/self/ns/time")'
matches the_one "$OUT" '^monotonic 1000 5$'
matches and_the_other "$OUT" '^boottime -1 0$'
lacks in_a_namespace_of_its_own "$OUT" "$(readlink /proc/self/ns/time |
	tr '[]' '..')"
runs in_a_user_namespace_too 0 'l["namespaces"].extend([{"type": "time"},
	{"type": "user"}]); l["timeOffsets"] = {"monotonic": {"secs": 7}}
l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "hostID": 0,
	"size": 10}]; run("tr -s \" \" </proc/self/timens_offsets")'
matches as_asked "$OUT" '^monotonic 7 0$'
runs without_a_namespace_it_is_refused 1 \
	'l["timeOffsets"] = {"monotonic": {"secs": 7}}'

# ---- groups ----
groups_of() { # PYTHON: run by somebody in group 4242
	config "$1" && setpriv --groups 4242 "$OCI" --root "$STATE" \
		--cgroup-manager disabled run --bundle "$B" g1
}
run_status 0 groups_are_those_of_the_config groups_of 'run("id -G")'
same none "$OUT" 0
run_status 0 groups_are_kept_on_request groups_of 'd["annotations"] = {
	"run.oci.keep_original_groups": "1"}; run("id -G")'
same with_the_callers "$OUT" "0 4242"

# ---- many at once ----
config 'p["args"] = ["/bin/sleep", "100"]'
for id in r1 r2 s1; do
	oci create --bundle "$B" $id >"$T/out" 2>&1 </dev/null || cat "$T/out"
done
run_status 0 a_pattern_names_containers oci delete --force --regex '^r[0-9]$'
same others_stay "$(oci list -q)" s1
run_status 1 a_pattern_that_is_none_is_refused oci delete --regex '('
same what_was_written_down_has_a_second_name \
	"$(readlink "$STATE/s1/status")" state.json
matches with_where_the_streams_led "$(cat "$STATE/s1/status")" \
	'"external_descriptors": "\[\\"/dev/null'
run_status 1 a_character_that_no_id_has_is_named oci state a/b
matches this_one "$OUT" 'invalid character `/` in the ID'

# ---- two in one cgroup, one after the other ----
in_group() { "$OCI" --root "$STATE" "$@"; }
detached() { in_group run --bundle "$B" --detach "$1" >"$T/out" 2>&1 </dev/null; }
# newer_lives NAME PYTHON: an ended container, another in its cgroup: when the
# first is deleted the second goes on
newer_lives() {
	config 'p["args"] = ["/bin/true"]
l["cgroupsPath"] = "/immure-test-'$$'"
'"$2"
	detached o1 || cat "$T/out"
	for _ in $(seq 100); do
		in_group state o1 | grep -q stopped && break
		sleep 0.05
	done
	config 'p["args"] = ["/bin/sleep", "100"]
l["cgroupsPath"] = "/immure-test-'$$'"'
	check "$1" detached o2
	run_status 0 the_first_is_deleted in_group delete ${3:-} o1
	sleep 0.1
	matches the_second_goes_on "$(in_group state o2)" '"running"'
	check in_its_cgroup test -n "$(in_group ps --format json o2 |
		tr -d '[]\n')"
	run_status 0 it_is_deleted_too in_group delete --force o2
	same and_nothing_is_left "$(find /sys/fs/cgroup -name "immure-test-$$")" ""
}
if [ -w /sys/fs/cgroup/pids ] || [ -f /sys/fs/cgroup/cgroup.controllers ]; then
	newer_lives a_newer_container_is_in_the_cgroup ''
	newer_lives and_by_force '' --force
	newer_lives and_of_one_without_pids_of_its_own 'l["namespaces"] = [n for n
		in l["namespaces"] if n["type"] != "pid"]' --force
else
	skip a_newer_container_is_in_the_cgroup "no cgroups to make any in"
fi

# ---- without a pid namespace, SIGKILL is for all of them ----
if [ -w /sys/fs/cgroup/pids ] || [ -f /sys/fs/cgroup/cgroup.controllers ]; then
	config 'run("sleep 103 & sleep 104 & wait")
l["namespaces"] = [n for n in l["namespaces"] if n["type"] != "pid"]'
	check three_are_started detached k1
	sleep 0.3
	PIDS=$(in_group ps --format json k1 | tr -d '[]\n' | tr , ' ')
	same they_are_three "$(wc -w <<<"$PIDS")" 3
	run_status 0 the_first_is_killed in_group kill k1 KILL
	sleep 0.3
	same and_so_are_they "$(for p in $PIDS; do
		grep -s '^State:.*[RSD] ' "/proc/$p/status"
	done)" ""
	run_status 0 and_it_is_deleted in_group delete k1
else
	skip three_are_started "no cgroups to make any in"
fi

# ---- one that stands still in a cgroup of somebody else's ----
F=/sys/fs/cgroup/freezer
if [ -w "$F/tasks" ]; then
	oci start s1
	mkdir "$F/immure-test-$$"
	oci ps --format json s1 | tr -d '[]\n' >"$F/immure-test-$$/tasks"
	echo FROZEN >"$F/immure-test-$$/freezer.state"
	run_status 0 what_was_frozen_is_deleted oci delete --force s1
	check and_nothing_of_it_is_there rmdir "$F/immure-test-$$"
else
	skip what_was_frozen_is_deleted "no freezer of cgroup version 1"
fi
oci delete --force s1

finish
