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
