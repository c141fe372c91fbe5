#!/bin/bash
# oci_many.sh - many containers one after the other, created, started and
# deleted: nothing grows. OCI_MANY says how many (100; a release: 1000).
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/oci.sh"

MANY=${OCI_MANY:-${SANITIZED:+20}}
MANY=${MANY:-100}
UID_OF_NOBODY=61234 # nobody else's keys are counted with it

# many CMD…: that often, with an id for the last word; "" or what failed.
many() {
	local i
	for ((i = 0; i < MANY; i++)); do
		"$@" "many$$-$i" >"$T/out" 2>&1 </dev/null ||
			{ echo "container $i: $(cat "$T/out")"; return; }
	done
}
# One whole life; the program ends by itself.
cat >"$T/live" <<-SH
	#!/bin/sh
	# live STATE MANAGER ID
	oci="$OCI --root \$1 --cgroup-manager \$2"
	\$oci create --bundle "$B" "\$3" || exit
	\$oci start "\$3" || exit
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		\$oci state "\$3" | grep -q '"status": "stopped"' && break
		sleep 0.\$i
	done
	\$oci delete "\$3"
SH
chmod 0755 "$T/live"

# ---- what is counted ----
# What has ended belongs to whoever must take notice, and that is not us.
living() { ps -o stat= "$@" | grep -vc '^Z'; }
processes() { ps -eo stat=,args= | grep -v '^Z' | grep -c "$T/[b]"; }
mounts() { wc -l </proc/self/mountinfo; }
cgroups() { find /sys/fs/cgroup -type d -path "*immure-many-$$*" | wc -l; }
files_in() { find "$@" 2>/dev/null | wc -l; }
keys_of() { awk -v u="$1:" '$1 == u { split($4, n, "/"); print n[1] }' \
	/proc/key-users; }
# The kernel takes keys away when it has time.
keys_settle() { # UID MOST
	local i
	for ((i = 0; i < 100; i++)); do
		[ "$(keys_of "$1")" -le "$2" ] 2>/dev/null && return
		[ -z "$(keys_of "$1")" ] && return
		sleep 0.2
	done
}
no_more() { # NAME BEFORE AFTER
	[ "${3:-0}" -le "${2:-0}" ] && ok "$1" ||
		not_ok "$1" "$2 before, $3 after $MANY containers"
}

# ---- as root, in cgroups ----
config 'p["args"] = ["/bin/true"]
l["cgroupsPath"] = "/immure-many-'$$'/c"'
MANAGER=cgroupfs
[ -w /sys/fs/cgroup ] && grep -qs . /proc/cgroups || MANAGER=disabled
"$T/live" "$STATE" $MANAGER first >"$T/out" 2>&1 # not counted: caches fill
P=$(processes) M=$(mounts) F=$(files_in "$STATE") K=$(keys_of 0)
same all_of_them_lived "$(many "$T/live" "$STATE" $MANAGER)" ""
no_more no_process_is_left "$P" "$(processes)"
no_more no_mount_is_left "$M" "$(mounts)"
same no_cgroup_of_one_is_left "$(find /sys/fs/cgroup -type d \
	-path "*immure-many-$$/*" | wc -l)" 0
no_more no_file_of_its_state_is_left "$F" "$(files_in "$STATE")"
same nor_below_run "$(files_in /run/immure-oci /run/immure \
	-name "many$$-*")" 0
# others on this host have keys of root as well
keys_settle 0 $((K + MANY / 4))
no_more no_keyring_is_left $((K + MANY / 4)) "$(keys_of 0)"
rmdir /sys/fs/cgroup/immure-many-$$ /sys/fs/cgroup/*/immure-many-$$ 2>/dev/null

# ---- as somebody with one id ----
chown -R $UID_OF_NOBODY:$UID_OF_NOBODY "$B"
chmod 0755 "$B"
ROOTLESS=yes config 'p["args"] = ["/bin/true"]
l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "size": 1, "hostID":
	'$UID_OF_NOBODY'}]'
chmod 0644 "$B/config.json"
mkdir -m 0700 "$T/theirs"
chown $UID_OF_NOBODY:$UID_OF_NOBODY "$T/theirs"
theirs() {
	setpriv --reuid $UID_OF_NOBODY --regid $UID_OF_NOBODY --clear-groups \
		--inh-caps=-all env -i PATH="$PATH" "$T/live" "$T/theirs" \
		disabled "$@"
}
same all_of_somebody_elses_lived "$(many theirs)" ""
same no_process_of_theirs_is_left "$(living -u $UID_OF_NOBODY)" 0
same no_file_of_theirs_is_left "$(files_in "$T/theirs")" 1
keys_settle $UID_OF_NOBODY 0
same no_keyring_of_theirs_is_left "$(keys_of $UID_OF_NOBODY | grep -v '^0$')" ""

finish
