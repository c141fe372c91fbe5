#!/bin/bash
# oci_containerd.sh - containerd and its runc shim with immure-oci in the place
# of runc, in a containerd of our own: one list of commands, each with the
# status that is expected; the same list with runc, where the answers must be
# the same; what containerd tells of a container's end; what is left.
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/unpack.sh"
. "$HERE/tests/lib/world.sh"

OCI=$T/bin/immure-oci
if ! have busybox python3 runc script nsenter; then
	skip oci_containerd "busybox-static, python3 or runc is not installed"
	finish
fi
if ! unpacked containerd containerd ctr containerd-shim-runc-v2; then
	skip oci_containerd "containerd is not installed, and cannot be fetched"
	finish
fi

# ---- a containerd of our own, with one image ----
SPACE=immure-test-$$
cat >"$T/containerd.toml" <<CONF
version = 2
root = "$T/ctd"
state = "$T/ctd.state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$T/ctd.sock"
CONF
sh "$HERE/tests/lib/mkbusybox" "$T/bb.tar"
python3 "$HERE/tests/lib/mkimage.py" "$T/bb.tar" bb:1 "$T/image.tar"
mkdir "$T/volume" && echo text >"$T/volume/f"
ctr() {
	in_world timeout -k 5 --foreground 40 ctr -a "$T/ctd.sock" -n "$SPACE" "$@"
}
# With a terminal of its own on the outside.
ctr_tty() {
	local line
	printf -v line '%q ' nsenter -t "$WORLD_INIT" -m -p -n -- timeout -k 5 \
		--foreground 40 ctr -a "$T/ctd.sock" -n "$SPACE" "$@"
	script -qec "$line" /dev/null </dev/null
}
ctr_input() {
	echo word | ctr "$@"
}
world_start "containerd --config $T/containerd.toml"
if ! world_waits ctr -a "$T/ctd.sock" version; then
	skip oci_containerd "containerd does not start here: $(tail -1 \
		"$T/world.log" "$T/world.out")"
	finish
fi
SNAP=overlayfs
if ! ctr image import --snapshotter "$SNAP" "$T/image.tar" >"$T/out" 2>&1; then
	SNAP=native
	ctr image import --snapshotter "$SNAP" "$T/image.tar" >"$T/out" 2>&1
fi
IMAGE=$(ctr image ls -q)
if [ -z "$IMAGE" ]; then
	skip oci_containerd "containerd cannot import: $(tail -1 "$T/out")"
	finish
fi

# ---- the list: NAME STATUS COMMAND… ----
# @ is the image and a name of its own, @N, %N: the name N; + the flags of a run.
# Answers go to $T/$LABEL.answers, the lines of each sorted, as they come in two
# streams, and without what script(1) and the size of a terminal that has gone
# already add to them.
say() {
	local name=$1 want=$2 cmd=ctr args=() a
	shift 2
	case $1 in tty | input) cmd=ctr_$1 && shift ;; esac
	for a; do
		case $a in
		@) args+=("$IMAGE" "$LABEL-$name") ;;
		@*) args+=("$IMAGE" "$LABEL-${a#@}") ;;
		%*) args+=("$LABEL-${a#%}") ;;
		+) args+=(--snapshotter "$SNAP" --runc-binary "$RUNTIME") ;;
		*) args+=("$a") ;;
		esac
	done
	run_status "$want" "containerd_${LABEL}_$name" $cmd "${args[@]}"
	printf '%s\n' "$OUT" | tr -d '\0\r' | sort |
		sed -E "/resize pty/d; /^(\^@)*$/d; s/\^@//g
			s/$LABEL-/ID-/g; s#$RUNTIME#RT#g
			s/[0-9]{4}-[0-9-]+T[0-9:]+Z/TIME/; s/ +/ /g
			s/[0-9]+ (RUNNING|PAUSED|STOPPED)/PID \1/
			s/^[0-9]+ /PID /; s/(runc create|exec) failed: unable//
			s/ to start container process: //; s/^/$name: /
			s/^(a_missing_source: .*create failed: ).*/\1/" \
			>>"$T/$LABEL.answers"
}
RUN='while :; do sleep 0.1; done'
list() {
	say runs 0 run --rm + @ sh -c 'echo hello; id; pwd'
	say its_status_is_passed_on 7 run --rm + @ sh -c 'exit 7'
	say a_missing_program 1 run --rm + @ nosuch
	say a_missing_path 1 run --rm + @ /no/such
	say a_file_is_no_program 1 run --rm + @ /etc/passwd
	say has_a_terminal 3 tty run --rm -t + @ sh -c 'tty; exit 3'
	say input_is_read 0 input run --rm + @ sh -c 'read x; echo "<$x>"'
	say a_read_only_root 1 run --rm + --read-only @ sh -c 'echo x >/x'
	say an_environment 0 run --rm + --env A=b --cwd /tmp @ \
		sh -c 'echo $A; pwd'
	say a_volume 1 run --rm + --mount \
		"type=bind,src=$T/volume,dst=/mnt,options=rbind:ro" @ \
		sh -c 'cat /mnt/f; echo x >/mnt/g'
	say a_missing_source 1 run --rm + --mount \
		"type=bind,src=$T/nosuch,dst=/mnt,options=rbind" @ true
	say capabilities 0 run --rm + --cap-drop CAP_NET_RAW --cap-add \
		CAP_SYS_TIME @ grep Cap /proc/self/status
	say a_filter 0 run --rm + --seccomp @ sh -c \
		'grep -E "^Seccomp:|NoNew" /proc/self/status; ! unshare -u true'
	say new_privileges 0 run --rm + --allow-new-privs @ \
		grep NoNew /proc/self/status
	say privileged 0 run --rm + --privileged @ sh -c \
		'grep CapEff /proc/self/status; ls /dev/null; grep -c "/sys .*rw" \
			/proc/mounts'
	say namespaces_joined 0 run --rm + --with-ns network:/proc/self/ns/net \
		--with-ns uts:/proc/self/ns/uts @ sh -c \
		'readlink /proc/self/ns/net; hostname'
	say a_user_namespace 0 run --rm + --uidmap 0:100000:1000 --gidmap \
		0:100000:1000 @ sh -c 'cat /proc/self/uid_map; id -u'
	say a_device 0 run --rm + --device /dev/full @ sh -c \
		'stat -c "%t %T" /dev/full; cat /dev/full | head -c 2 | wc -c'
	say limits 0 run --rm + --memory-limit 50003968 --cpus 0.5 @ sh -c \
		'cut -d: -f2,3 /proc/self/cgroup | sort'
	say out_of_memory 137 run --rm + --memory-limit 12000000 @ \
		tail /dev/zero
}
list_more() {
	say in_the_background 0 run -d + @d sh -c \
		'trap "exit 5" USR1; trap "exit 3" TERM; '"$RUN"
	say exec 5 task exec --exec-id e1 %d sh -c 'id -u; exit 5'
	say exec_misses_a_program 1 task exec --exec-id e2 %d nosuch
	say exec_as_somebody 0 task exec --exec-id e3 --user 7:8 --cwd /tmp \
		%d sh -c 'id; pwd'
	say exec_has_a_terminal 4 tty task exec -t --exec-id e4 %d \
		sh -c 'tty; exit 4'
	say exec_in_the_background 0 task exec -d --exec-id e5 %d sleep 50
	say ps 0 task ps %d
	say pause 0 task pause %d
	say exec_in_a_paused_one 1 task exec --exec-id e6 %d true
	say resume 0 task resume %d
	say kill_of_an_exec 0 task kill --exec-id e5 -s KILL %d
	say rm_of_a_running_one 1 task rm %d
	say kill_by_name 0 task kill -s USR1 %d
	ends d
	say kill_of_a_stopped_one 1 task kill %d
	say rm_tells_its_status 0 task rm %d
	say starts_again 0 task start -d %d
	say kill_all 0 task kill --all -s KILL %d
	ends d
	say rm_by_force 0 task rm -f %d
	say rm_of_the_container 0 container rm %d
	say another 0 run -d + @f sleep 100
	say rm_by_force_while_it_runs 0 task rm -f %f
	say rm_of_the_other 0 container rm %f
}
ends() { # ID: its task has stopped, ten seconds at most
	local i
	for i in {1..20}; do
		ctr task ls | grep -q "^$LABEL-$1 .*STOPPED" && return
		sleep 0.5
	done
	not_ok "containerd_${LABEL}_ends_$1" "it still runs"
}

# ---- both ----
in_world ctr -a "$T/ctd.sock" -n "$SPACE" events >"$T/events" 2>&1 &
(LABEL=theirs RUNTIME=$(command -v runc)
	list && list_more) >"$T/theirs.out" &
THEIRS=$!
LABEL=ours RUNTIME=$OCI
list
list_more
wait $THEIRS
lacks containerd_runc_does_as_the_list_says "$(cat "$T/theirs.out")" '^not ok'
same containerd_answers_are_those_of_runc "$(cat "$T/ours.answers")" \
	"$(cat "$T/theirs.answers")"
check containerd_was_asked_much test "$(wc -l <"$T/theirs.answers")" -gt 50

# ---- what containerd tells of them ----
told() { # NAME ERE: as often of ours as of runc's
	local ours theirs
	ours=$(grep -E "$2" "$T/events" | grep -c '"ours-')
	theirs=$(grep -E "$2" "$T/events" | grep -c '"theirs-')
	same "containerd_tells_$1" "$ours" "$theirs"
	check "containerd_has_told_$1" test "$ours" -gt 0
}
for event in create start exit delete exec-added exec-started paused resumed; do
	told "${event//-/_}" "/tasks/$event "
done
told an_exit_status '/tasks/exit .*"exit_status":5'
told out_of_memory '/tasks/oom '

# ---- metrics, a shim that is gone, what is left ----
ctr run -d --snapshotter "$SNAP" --runc-binary "$OCI" "$IMAGE" ours-m \
	sleep 100 >"$T/out" 2>&1
run_status 0 containerd_metrics ctr task metrics --format json ours-m
matches containerd_metrics_count_processes "$OUT" '"current": [1-9]'
matches containerd_metrics_tell_memory "$OUT" '"usage": [1-9]'
PID=$(ctr task ls | sed -n 's/^ours-m *\([0-9]*\).*/\1/p')
SHIM=$(in_world pgrep -f "containerd-shim.* -id ours-m")
check containerd_kills_a_shim in_world kill -9 "$SHIM"
for _ in {1..20}; do
	in_world kill -0 "$PID" 2>/dev/null || break
	sleep 0.5
done
run_status 1 containerd_ends_what_lost_its_shim in_world kill -0 "$PID"
ctr container rm ours-m >"$T/out" 2>&1
same containerd_no_state_is_left \
	"$(in_world find "/run/containerd/runc/$SPACE" -mindepth 1)" ''
same containerd_no_task_is_left "$(ctr task ls -q; ctr container ls -q)" ''
same containerd_no_mount_is_left "$(in_world sh -c 'grep -c \
	"$1.*/rootfs" /proc/mounts' sh "$T/ctd.state")" 0
same containerd_no_cgroup_is_left "$(find /sys/fs/cgroup -mindepth 2 -type d \
	-path "*/$SPACE/*" 2>/dev/null)" ''
world_end "$SPACE"
finish
