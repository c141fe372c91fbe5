#!/bin/bash
# oci_hooks.sh - the hooks of a bundle: in which namespaces, from which tree, at
# what moment, with what state each runs; what becomes of one that fails.
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/oci.sh"

# as patterns
OWN_UTS=$(readlink /proc/self/ns/uts | tr '[]' '..')
OWN_MNT=$(readlink /proc/self/ns/mnt | tr '[]' '..')
# A program of the host that says where it is and what it was told.
cat >"$T/say" <<-'SH'
	#!/bin/sh
	echo "$1 uts=$(readlink /proc/self/ns/uts) mnt=$(readlink /proc/self/ns/mnt)"
	echo "$1 state=$(cat) A=$A fds=$(ls /proc/self/fd | tr '\n' ' ')"
SH
chmod 0755 "$T/say"
SAY='def say(when): return {"path": "'"$T"'/say", "args": ["say", when],
	"env": ["A=" + when, "PATH=/bin:/usr/bin"]}
'
# ---- each moment ----
runs hooks_of_every_moment 0 "$SAY"'
inside = {"path": "/bin/sh", "args": ["sh", "-c",
	"echo start mnt=$(readlink /proc/self/ns/mnt) pid=$PPID; " +
	"echo start state=$(cat) HOME=$HOME; ls /proc/self/fd | tr \"\\n\" \" \"; " +
	"grep -E \"CapEff|NoNewPrivs\" /proc/self/status"]}
d["hooks"] = {"poststop": [say("poststop")], "poststart": [say("poststart")],
	"startContainer": [inside], "createContainer": [say("createContainer")],
	"createRuntime": [say("createRuntime")], "prestart": [say("prestart")]}
p["env"].append("HOME=/of-it"); run("echo the program")'
HOOKS=$OUT
of() { printf '%s\n' "$HOOKS" | grep "^$1 "; }
same they_run_in_their_order "$(printf '%s\n' "$HOOKS" |
	sed -nE 's/^((prestart|createRuntime|createContainer) uts|start mnt|the program|(poststart|poststop) uts).*/\1/p' |
	sed 's/ .*//' | grep -v poststart | tr '\n' ' ')" \
	"prestart createRuntime createContainer start the poststop "
matches one_of_the_runtime_is_in_its_namespaces "$(of createRuntime)" \
	"uts=$OWN_UTS mnt=$OWN_MNT"
lacks one_of_the_container_is_not "$(of createContainer)" \
	"uts=$OWN_UTS|mnt=$OWN_MNT"
matches it_is_told_who_it_is "$(of createContainer)" \
	'"id":"c[0-9]+","pid":[0-9]+,"status":"creating","bundle":"'"$B"'"'
matches by_the_number_of_the_host "$(of createContainer)" \
	"\"pid\":$(of createRuntime | sed -n 's/.*"pid":\([0-9]*\),.*/\1/p'),"
matches its_environment_is_its_own "$(of createContainer)" 'A=createContainer'
matches it_has_no_descriptor_of_ours "$(of createContainer)" 'fds=0 1 2 3 $'
lacks at_the_start_it_is_in_the_container "$(of start)" \
	"mnt=$OWN_MNT"
matches a_child_of_its_program "$(of start)" 'pid=1$'
matches so_is_the_oldest "$(of prestart)" '"status":"created"'
matches it_is_told_it_was_created "$(of start)" '"status":"created"'
matches with_the_environment_of_the_program "$(of start)" 'HOME=/of-it'
matches with_its_confinement "$HOOKS" 'CapEff:.0000000020000420'
matches no_new_privs_too "$HOOKS" '^NoNewPrivs:.1'
matches with_no_descriptor_of_ours "$HOOKS" '^0 1 2 3 CapEff|^0 1 2 3 *$'

# ---- what they can do ----
runs what_is_mounted_before_the_root_changes_is_in_the_container 0 '
d["hooks"] = {"createContainer": [{"path": "/bin/sh", "args": ["sh", "-c",
	"mount -t tmpfs -o size=1m none '"$B"'/rootfs/mnt && " +
	"echo text >'"$B"'/rootfs/mnt/f"]}]}
run("cat /mnt/f; grep -c \" /mnt \" /proc/self/mountinfo")'
matches its_file_is_there "$OUT" '^text$'
same and_not_on_the_host "$(ls "$B/rootfs/mnt")" ""
runs in_a_user_namespace_too 0 'l["namespaces"].append({"type": "user"})
l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "hostID": 0,
	"size": 65536}]
d["hooks"] = {"createContainer": [{"path": "/bin/sh", "args": ["sh", "-c",
	"readlink /proc/self/ns/user; id -u"]}], "startContainer": [{"path":
	"/bin/sh", "args": ["sh", "-c", "readlink /proc/self/ns/user"]}]}
run("readlink /proc/self/ns/user")'
same all_of_them_in_that_one "$(printf '%s\n' "$OUT" | grep -c user:)" 3
lacks which_is_not_ours "$OUT" "$(readlink /proc/self/ns/user | tr '[]' '..')"

# ---- failures ----
for when in createContainer startContainer; do
	program=/bin/false
	[ $when = createContainer ] || program=/bin/nothing
	runs "a_failing_${when}_is_a_failure" 1 'd["hooks"] = {"'$when'": [{
		"path": "'$program'"}]}; run("echo ran")'
	lacks "the_program_does_not_run_after_$when" "$OUT" '^ran$'
	runs "a_slow_${when}_is_ended" 1 'd["hooks"] = {"'$when'": [{
		"path": "/bin/sleep", "args": ["sleep", "50"], "timeout": 1}]}
run("echo ran")'
	lacks "nor_after_it" "$OUT" '^ran$'
	runs "a_quick_${when}_is_not" 0 'd["hooks"] = {"'$when'": [{
		"path": "/bin/true", "timeout": 100000}]}; run("echo ran")'
done
matches then_it_runs "$OUT" '^ran$'
same nothing_is_left_of_any_of_them "$(oci list -q)" ""
config 'd["hooks"] = {"startContainer": [{"path": "/bin/sh",
	"args": ["sh", "-c", "exit 9"]}]}'
oci create --bundle "$B" h1 >"$T/out" 2>&1 </dev/null
run_status 1 start_tells_that_it_failed oci start h1
matches with_its_status "$OUT" 'startContainer hook failed.* 9'
check it_is_deleted oci delete --force h1

# ---- an ordinary user ----
chown -R "$TEST_UID:$TEST_GID" "$B"
chmod 0777 "$B"
ROOTLESS=yes config "$SAY"'d["hooks"] = {"createContainer":
	[say("createContainer")], "startContainer": [{"path": "/bin/true"}]}
run("echo ran")'
sed -i "s/\"hostID\": 0/\"hostID\": $TEST_UID/g" "$B/config.json"
chmod 0644 "$B/config.json"
run_status 0 they_run_for_him_too as_user "$OCI" run --bundle "$B" u1
matches and_the_program "$OUT" '^ran$'
lacks in_the_container "$(printf '%s\n' "$OUT" | grep createContainer)" \
	"mnt=$OWN_MNT"

finish
