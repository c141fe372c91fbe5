#!/bin/bash
# oci_hostile.sh - immure-oci, started by root, against roots, programs and
# state that want to reach the host.
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/oci.sh"

# ---- what protects /proc is not led away by links below it ----
mkdir -p "$B/rootfs/proc"
for f in sys kcore timer_list; do ln -s /tmp "$B/rootfs/proc/$f"; done
runs links_below_a_mount_to_come 0 'run("cat /proc/timer_list | wc -c; " +
	"grep -E \"/(proc/sys|proc/timer_list|tmp) \" /proc/self/mountinfo")'
matches lead_no_read_only_path_away "$OUT" ' /sys /proc/sys ro,'
matches and_no_masked_one "$OUT" ' /null /proc/timer_list ro,'
matches nothing_is_read_there "$OUT" '^0$'
rm "$B/rootfs/proc/"*

# ---- nor is a mount, by a link that an earlier mount brings ----
mkdir -p "$B/volume" "$B/canary"
ln -s /etc "$B/volume/link"
ln -s /etc/passwd "$B/volume/file"
VOLUME='d["mounts"].append({"destination": "/data", "type": "bind",
	"source": "volume", "options": ["bind"]})'
runs a_mount_through_a_link_of_a_volume 1 "$VOLUME
d['mounts'].append({'destination': '/data/link/x', 'type': 'bind',
	'source': 'canary', 'options': ['bind']})
run('echo started')"
matches is_refused "$OUT" 'a symbolic link is in the way'
runs a_mask_through_a_link_of_a_volume 1 "$VOLUME
l['maskedPaths'] = ['/data/file']
run('echo started')"
matches is_refused_too "$OUT" '/data/file'
check no_directory_was_made_on_the_way \
	test ! -e /etc/x -a ! -e "$B/rootfs/etc/x" -a ! -e "$B/canary/x"
mkdir -p "$B/rootfs/var"
ln -s ../run "$B/rootfs/var/run"
runs a_mount_above_a_link_of_the_root 0 "
d['mounts'].append({'destination': '/run', 'type': 'tmpfs',
	'source': 'tmpfs'})
d['mounts'].append({'destination': '/var/run/x', 'type': 'bind',
	'source': 'canary', 'options': ['bind']})
run('ls -d /run/x && grep -c \" /run/x \" /proc/self/mountinfo')"
rm -r "$B/rootfs/var"

# ---- a root whose /dev is a link to a volume: nothing is made in there ----
mkdir -p "$B/rootfs/vol"
rmdir "$B/rootfs/dev"
for link in /vol /vol/link; do
	ln -s "$link" "$B/rootfs/dev"
	runs "a_root_whose_dev_is_$link" 1 "
d['mounts'] = [m for m in d['mounts'] if m['destination'][:4] != '/dev']
d['mounts'].append({'destination': '/vol', 'type': 'bind',
	'source': 'volume', 'options': ['bind']})
run('echo started')"
	same "nothing_was_made_in_it_$link" "$(cd "$B/volume" && ls)" \
		"file
link"
	rm "$B/rootfs/dev"
done
mkdir "$B/rootfs/dev"

# ---- namespaces to be joined that are the caller's own ----
joins() { # NAME NS PYTHON
	runs "$1" 1 "
for n in l['namespaces']:
	if n['type'] == '$2': n['path'] = '/proc/self/ns/${2%work}'
$3
run('echo started')"
	matches "${1}_refused" "$OUT" 'joined is our own: refused'
}
name=$(hostname)
joins a_hostname_of_the_host uts 'd["hostname"] = "taken"'
joins a_parameter_of_the_host network \
	'd["hostname"] = ""; l["sysctl"] = {"net.ipv4.ip_default_ttl": "63"}'
same the_host_keeps_its_name "$(hostname)" "$name"

# ---- a state directory that somebody else has shaped ----
mkdir "$T/foreign"
config 'run("echo started")'
config_copy() { # NAME OWNER: a state that was planted there
	mkdir -m 0777 "$T/foreign/$1"
	cp "$B/config.json" "$T/foreign/$1"
	printf '{"id":"%s","bundle":"/","rootfs":"/","created":"-","owner":"-",
"pid":1,"startTime":0,"plan":"%064d","annotations":[],"cgroup":[]}' "$1" 0 \
		>"$T/foreign/$1/state.json"
	chown -R "$2" "$T/foreign/$1"
}
config_copy theirs "$TEST_USER"
config_copy open root
for id in theirs open; do
	for command in "kill $id" "delete --force $id" "exec $id /bin/true"; do
		OUT=$("$OCI" --root "$T/foreign" $command 2>&1 </dev/null)
		matches "planted_${id}_${command%% *}" "$OUT" \
			'nobody else may write to it'
	done
	check "it_is_left_$id" test -e "$T/foreign/$id/state.json"
done

# ---- a number that is another process now ----
sleep 600 &
STRANGER=$!
mkdir -p "$STATE/reused"
chmod 0700 "$STATE/reused"
sed -e "s/\"pid\":1/\"pid\":$STRANGER/" -e 's/"startTime":0/"startTime":1/' \
	"$T/foreign/open/state.json" | sed 's/"id":"open"/"id":"reused"/' \
	>"$STATE/reused/state.json"
cp "$B/config.json" "$STATE/reused"
matches its_container_is_stopped "$(oci state reused 2>&1)" '"status": *"stopped"'
for command in "kill reused KILL" "kill --all reused KILL" \
	"exec reused /bin/true" "ps reused" "delete reused"; do
	OUT=$(oci $command 2>&1 </dev/null)
	lacks "no_number_${command// /_}" "$OUT" "^$STRANGER\$"
	check "a_stranger_lives_through_${command// /_}" kill -0 $STRANGER
done
kill $STRANGER
wait $STRANGER 2>/dev/null

# ---- a plan that was not the one that was created ----
config 'run("touch /started")
d["root"]["readonly"] = False'
oci create --bundle "$B" changed >"$T/changed" 2>&1 </dev/null
sed -i 's/"plan": *"./&f/; s/\("plan": *"[0-9a-f]\{64\}\)./\1/' \
	"$STATE/changed/state.json"
run_status 1 a_start_for_another_plan oci start changed
check is_none test ! -e "$B/rootfs/started"
oci delete --force changed

# ---- something else at the name of a node ----
touch "$B/rootfs/dev/null"
runs a_file_at_the_name_of_a_node 1 "
d['mounts'] = [m for m in d['mounts'] if m['destination'][:4] != '/dev']
run('echo started')"
matches is_no_node "$OUT" 'something else is there in the root'
rm "$B/rootfs/dev/"*

# ---- a name that would write another line, or end its message ----
"$OCI" --log "$T/log" state $'x\ny" level=info msg="fine \\' 2>/dev/null
"$OCI" --log "$T/json" --log-format json \
	state $'x\ny", "level": "info' 2>/dev/null
same one_line_each "$(cat "$T/log" "$T/json" | wc -l)" 2
matches a_quote_ends_no_message "$(cat "$T/log")" \
	'^time="[^"]*" level=error msg="([^"\]|\\.)*"$'
check json_stays_json python3 -c 'import json, sys
assert json.load(open(sys.argv[1]))["level"] == "error"' "$T/json"

# ---- the runtime itself, by "#!/proc/self/exe" ----
printf '#!/proc/self/exe --log\n' >"$B/rootfs/itself"
chmod 0755 "$B/rootfs/itself"
cat >"$B/rootfs/overwrite" <<'SH'
while sleep 0.1; do
	for p in /proc/[0-9]*; do
		# who enters is nobody's to look at, until it executes
		readlink "$p/exe" >/dev/null 2>&1 || continue
		case $(tr '\0' ' ' <"$p/cmdline") in
		*itself*) break 2 ;;
		esac
	done
done
exec 3<"$p/exe"
kill -9 "${p#/proc/}"
for i in $(seq 20); do # until nobody executes it
	sleep 0.1
	echo overwritten >/proc/self/fd/3 && break
done
touch /tried
SH
before=$(sha256sum <"$OCI")
mkfifo "$T/open"
exec 7<>"$T/open"
config 'p["args"] = ["/bin/sh", "/overwrite"]; d["root"]["readonly"] = False'
oci run --detach --bundle "$B" overwriter >"$T/overwriter" 2>&1 </dev/null
oci exec overwriter /itself update -r - x <&7 >/dev/null 2>&1
same it_is_executed_and_killed $? 137
for ((i = 0; i < 300; i++)); do
	[ ! -e "$B/rootfs/tried" ] || break
	sleep 0.1
done
matches and_is_written_to "$(cat "$T/overwriter")" 'overwrit|/proc/self/fd/3'
same in_vain "$(sha256sum <"$OCI")" "$before"
exec 7<&-

# ---- a cgroup that is somebody else's ----
hierarchies=$(grep -o "/sys/fs/cgroup/[^ ]*" /proc/self/mounts)
taken() { # NAME: a process that is in it, everywhere
	local c f
	sleep 600 &
	STRANGER=$!
	for c in $hierarchies; do
		mkdir "$c/$1"
		for f in cpuset.cpus cpuset.mems; do
			[ ! -e "$c/$f" ] || cat "$c/$f" >"$c/$1/$f"
		done
		echo "$STRANGER" >"$c/$1/cgroup.procs"
	done
}
if [ ! -e /sys/fs/cgroup/freezer/tasks ]; then
	skip a_cgroup_of_others "no cgroups of version 1 here"
else
	STRANGERS=immure-hostile-$$
	taken $STRANGERS
	config "run('echo started'); l['cgroupsPath'] = '/$STRANGERS'"
	run_status 1 a_cgroup_of_others_is_refused \
		"$OCI" --root "$STATE" run --bundle "$B" taken
	matches by_its_processes "$OUT" 'with processes in it'
	check and_they_are_left_alone kill -0 "$STRANGER"
	kill "$STRANGER"
	wait "$STRANGER" 2>/dev/null
	for c in $hierarchies; do
		rmdir "$c/$STRANGERS"
	done
fi

finish
