#!/bin/bash
# oci_podman.sh - podman with immure-oci as its runtime, as root (with cgroups)
# and rootless: one list of commands, each with the answer that is expected;
# as root the first half again with runc, where the answers must be the same.
. "$(dirname "$0")/../lib/common.sh"

OCI=$T/bin/immure-oci
if ! have podman busybox; then
	skip oci_podman "podman and busybox-static are not installed"
	finish
fi
sh "$HERE/tests/lib/mkbusybox" "$T/bb.tar"
mkdir "$T/bb" && tar -xf "$T/bb.tar" -C "$T/bb" && chmod 0755 "$T/bb" &&
	tar --numeric-owner -C "$T/bb" -cf "$T/bb.tar" .
mkdir -p "$T/volume" && echo text >"$T/volume/f" && chmod -R a+rX "$T/volume"
chmod 0644 "$T/bb.tar"
printf 'FROM bb\nRUN echo built >/built\n' >"$T/Containerfile"
conf() { # RUNTIME
	cat >"$T/containers.$1.conf" <<-CONF
	[engine]
	runtime="$1"
	runtime_supports_json=["immure-oci","runc"]
	runtime_supports_nocgroup=["immure-oci"]
	cgroup_manager="cgroupfs"
	events_logger="none"
	[engine.runtimes]
	immure-oci=["$OCI"]
	[containers]
	default_ulimits=["nofile=1024:1024","nproc=1024:1024"]
	CONF
	chmod 0644 "$T/containers.$1.conf"
}
conf immure-oci
conf runc
mkdir "$T/user" && chown "$TEST_UID:$TEST_GID" "$T/user"
RUNTIME=immure-oci
pod_root() {
	CONTAINERS_CONF=$T/containers.$RUNTIME.conf timeout 60 podman \
		--storage-driver vfs --root "$T/pod" --runroot "$T/podrun" "$@"
}
USER_ENV=(CONTAINERS_CONF="$T/containers.immure-oci.conf")
pod_user() {
	(cd / && as_user timeout 60 podman --storage-driver vfs \
		--root "$T/user/pod" --runroot "$T/user/podrun" "$@")
}

# The lists: NAME STATUS COMMAND…; @ is what a run needs here.
list() {
	say runs 0 run --rm @ bb sh -c 'echo hello; id -u; pwd'
	say its_status_is_passed_on 7 run --rm @ bb sh -c 'exit 7'
	say a_missing_program_is_127 127 run --rm @ bb nosuch
	say a_file_is_126 126 run --rm @ bb /etc/passwd
	say has_a_terminal 0 run --rm -t @ bb sh -c 'tty; test -t 1'
	say input_is_read 0 run --rm -i @ bb cat
	say a_read_only_root 1 run --rm --read-only @ bb sh -c 'echo x >/x'
	say yet_tmp_is_writable 0 run --rm --read-only @ bb \
		sh -c 'echo y >/tmp/y && cat /tmp/y'
	say a_volume 1 run --rm @ -v "$T/volume:/v:ro" bb \
		sh -c 'cat /v/f; echo x >/v/g'
	say a_tmpfs 0 run --rm @ --tmpfs /t:size=1m bb \
		sh -c 'grep " /t " /proc/mounts | cut -d" " -f3'
	say limits 0 run --rm @ --ulimit nofile=100:200 --ulimit \
		nproc=512:512 bb sh -c 'ulimit -n; ulimit -Hn'
	say a_user 0 run --rm @ --user 7:8 bb id
	say capabilities 0 run --rm @ --cap-drop all --cap-add net_raw bb \
		grep CapEff /proc/self/status
	say an_environment 0 run --rm @ -e A=b -w /tmp bb sh -c 'echo $A; pwd'
}
list_more() {
	if [ -x /usr/libexec/podman/catatonit ]; then
		say an_init 0 run --rm @ --init bb sh -c 'test $$ -ne 1'
	else
		skip "podman_${LABEL}_an_init" "catatonit is not installed"
	fi
	say a_host_name 0 run --rm @ --hostname h bb hostname
	say in_the_background 0 run -d --name d @ bb \
		sh -c 'echo log; trap "exit 3" TERM; while :; do sleep 0.1; done'
	say exec 0 exec d sh -c 'id -u; echo in'
	say exec_passes_its_status 5 exec d sh -c 'exit 5'
	say exec_misses_a_program 127 exec d nosuch
	say exec_as_somebody 0 exec --user 9 -w /tmp -e X=y d \
		sh -c 'id -u; pwd; echo $X'
	say exec_with_a_terminal 0 exec -t d sh -c 'test -t 0'
	say exec_in_the_background 0 exec -d d sleep 55
	say top 0 top d args
	say logs 0 logs d
	say inspect 0 inspect d --format '{{.State.Status}}'
	say stop 0 stop -t 5 d
	say its_end 0 inspect d --format '{{.State.ExitCode}}'
	say starts_again 0 start d
	say kill 0 kill d
	say wait 0 wait d
	say rm 0 rm d
	say a_pod 0 pod create --name p --infra=false
	say a_member 0 run --rm --pod p @ bb hostname
	say pod_rm 0 pod rm -f p
	say in_a_user_namespace 0 run -d --name u @ "$USERNS" --user 0 bb \
		sleep 50
	say in_the_same_one 0 run --rm @ --userns container:u bb \
		sh -c 'tr -s " " </proc/self/uid_map; id -u'
	say rm_of_the_first 0 rm -f -t 0 u
	say a_healthcheck 0 run -d --name h @ --health-cmd 'true' \
		--health-interval disable bb sleep 50
	say is_healthy 0 healthcheck run h
	say rm_force 0 rm -f -t 0 h
	say build 0 build -q --isolation "$ISOLATION" --network=none -t built \
		-f "$T/Containerfile" "$T/volume"
	say what_was_built 0 run --rm @ built cat /built
}
# Runs the list; what it answers goes to $T/$LABEL.answers.
say() {
	local name=$1 want=$2 args=() a
	shift 2
	for a; do
		# shellcheck disable=SC2206 # words
		[ "$a" = @ ] && args+=($HOW) || args+=("$a")
	done
	run_status "$want" "podman_${LABEL}_$name" $POD_CMD "${args[@]}"
	printf '%s: %s\n' "$name" "$OUT" |
		sed -E 's/[0-9a-f]{64}|[0-9a-f]{12}/ID/g; s/\r//g
			s/^(.*Error: )[^"]* exec: /\1exec: /' |
		grep -v 'level=warning' >>"$T/$LABEL.answers"
}
matched() { # LABEL NAME ERE: an answer of the list
	matches "podman_$1_$2" "$(sed -n "/^$2: /,/^[a-z_]*: /p" \
		"$T/$1.answers")" "$3"
}
go() { # LABEL MAP: the beginning of that of another user namespace
	list
	list_more
	matched "$1" runs 'hello'
	matched "$1" limits '100$'
	matched "$1" logs 'log$'
	matched "$1" inspect 'running'
	matched "$1" its_end '3$'
	matched "$1" top 'sleep'
	matched "$1" what_was_built 'built$'
	matched "$1" in_the_same_one " 0 $2"
}

if pod_root import -q "$T/bb.tar" bb >"$T/out" 2>&1; then
	LABEL=root POD_CMD=pod_root HOW=--network=none ISOLATION=oci
	USERNS=--uidmap=0:200000:1000
	go root '200000 1000'
	run_status 0 podman_root_pauses pod_root run -d --name z --network=none \
		bb sleep 50
	run_status 0 podman_root_paused pod_root pause z
	run_status 0 podman_root_unpaused pod_root unpause z
	pod_root rm -f -t 0 z >/dev/null 2>&1
	if have runc; then
		RUNTIME=runc LABEL=runc
		(list) >/dev/null
		RUNTIME=immure-oci
		same the_answers_are_those_of_runc "$(head -n "$(wc -l \
			<"$T/runc.answers")" "$T/root.answers")" \
			"$(cat "$T/runc.answers")"
	else
		skip the_answers_are_those_of_runc "runc is not installed"
	fi
else
	skip podman_root "podman cannot import: $(tail -1 "$T/out")"
fi
if pod_user import -q "$T/bb.tar" bb >"$T/out" 2>&1; then
	LABEL=user POD_CMD=pod_user HOW='--network=none'
	ISOLATION=rootless
	USERNS=--userns=keep-id
	go user "1 $TEST_UID"
	run_status 0 podman_user_keeps_an_id pod_user run --rm --network=none \
		--userns=keep-id bb id -u
	same podman_user_has_it "$OUT" "$TEST_UID"
else
	skip podman_user "podman cannot import: $(tail -1 "$T/out")"
fi
# what podman mounted of its own
pod_root unmount -a >/dev/null 2>&1
umount "$T/pod/vfs" "$T/podrun" 2>/dev/null
as_user podman unshare rm -rf "$T/user/pod" "$T/user/podrun" 2>/dev/null
finish
