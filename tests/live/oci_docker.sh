#!/bin/bash
# oci_docker.sh - docker with immure-oci as one of its runtimes, in a dockerd
# and containerd of our own: one list of commands, each with the status that is
# expected; the same list with runc, where the answers must be the same; what
# docker tells of a container's life; what is left.
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/unpack.sh"
. "$HERE/tests/lib/world.sh"

OCI=$T/bin/immure-oci
INIT=/usr/libexec/podman/catatonit
if ! have busybox python3 runc script nsenter || [ ! -x $INIT ]; then
	skip oci_docker "busybox-static, python3, runc or catatonit is missing"
	finish
fi
if ! unpacked containerd containerd containerd-shim-runc-v2 ||
	! unpacked docker.io dockerd; then
	skip oci_docker "docker.io is not installed, and cannot be fetched"
	finish
fi

# ---- a dockerd of our own, with one image ----
SPACE=immure-test-$$
SOCKET=unix://$T/docker.sock
cat >"$T/docker.json" <<CONF
{ "data-root": "$T/docker", "exec-root": "$T/docker.exec",
  "pidfile": "$T/docker.pid", "hosts": ["$SOCKET"],
  "storage-driver": "vfs", "cgroup-parent": "/$SPACE", "bridge": "none",
  "iptables": false, "ip6tables": false, "init-path": "$INIT",
  "default-runtime": "ours",
  "runtimes": { "ours": { "path": "$OCI" },
		"theirs": { "path": "$(command -v runc)" } } }
CONF
sh "$HERE/tests/lib/mkbusybox" "$T/bb.tar"
mkdir "$T/bb" && tar -xf "$T/bb.tar" -C "$T/bb" && chmod 0755 "$T/bb" &&
	tar --numeric-owner -C "$T/bb" -cf "$T/bb.tar" .
python3 "$HERE/tests/lib/mkimage.py" "$T/bb.tar" bb:1 "$T/image.tar"
mkdir -p "$T/volume" "$T/home" && echo text >"$T/volume/f"
install -m 0700 /bin/true "$T/volume/program"
printf 'FROM bb:1\nRUN echo built >/built\n' >"$T/volume/Dockerfile"
CLIENT=(env HOME="$T/home" DOCKER_BUILDKIT=0 timeout -k 5 --foreground 60
	docker -H "$SOCKET")
docker() {
	in_world "${CLIENT[@]}" "$@"
}
# With a terminal of its own on the outside.
docker_tty() {
	local line
	printf -v line '%q ' nsenter -t "$WORLD_INIT" -m -p -n -- \
		"${CLIENT[@]}" "$@"
	script -qec "$line" /dev/null </dev/null
}
docker_input() {
	echo word | docker "$@"
}
world_start "dockerd --config-file $T/docker.json"
if ! world_waits "${CLIENT[@]}" version; then
	skip oci_docker "dockerd does not start here: $(grep -h level=fatal \
		"$T/world.log" || tail -1 "$T/world.log" "$T/world.out")"
	finish
fi
if ! docker load -q -i "$T/image.tar" >"$T/out" 2>&1; then
	skip oci_docker "docker cannot load: $(tail -1 "$T/out")"
	finish
fi

# ---- the list: NAME STATUS COMMAND… ----
# @ stands for the flags of a run, +N for the container N. Answers go to
# $T/$LABEL.answers, the lines of each sorted: they come in two streams.
say() {
	local name=$1 want=$2 cmd=docker args=() a
	shift 2
	case $1 in tty | input) cmd=docker_$1 && shift ;; esac
	for a; do
		case $a in
		@) args+=(--runtime "$LABEL" --network none) ;;
		*) args+=("${a//+/$LABEL-}") ;;
		esac
	done
	run_status "$want" "docker_${LABEL}_$name" $cmd "${args[@]}"
	printf '%s\n' "$OUT" | tr -d '\0\r' | sort |
		sed -E "/error waiting for container: context/d; /^(\^@)*$/d
			s/\b([0-9a-f]{64}|[0-9a-f]{12})\b/ID/; s/$LABEL-/ID-/g
			s/^/$name: /; s/\^@//; /^top: .*sleep 0/d; /^top: /s/[0-9]+|[? ]+/ /g
			s/(runc create|exec) failed: unable//
			s/ to start container process: //
			s/^(a_program_of_another: ).*(permission denied)/\1\2/" \
			>>"$T/$LABEL.answers"
}
RUN='while :; do sleep 0.1; done'
list() {
	say runs 0 run --rm @ bb:1 sh -c 'echo hello; id; pwd'
	say its_status_is_passed_on 7 run --rm @ bb:1 sh -c 'exit 7'
	say a_missing_program 127 run --rm @ bb:1 nosuch
	say a_missing_path 127 run --rm @ bb:1 /no/such
	say a_file_is_no_program 126 run --rm @ bb:1 /etc/passwd
	say has_a_terminal 3 tty run --rm -it @ bb:1 sh -c 'tty; exit 3'
	say input_is_read 0 input run --rm -i @ bb:1 cat
	say a_read_only_root 1 run --rm --read-only @ bb:1 sh -c 'echo x >/x'
	say a_tmpfs 0 run --rm --read-only --tmpfs /t:size=1m,mode=700 @ bb:1 \
		sh -c 'echo y >/t/y; cat /t/y; stat -c %a /t
			grep " /t " /proc/mounts'
	say a_volume 1 run --rm @ -v "$T/volume:/v:ro" bb:1 \
		sh -c 'cat /v/f; echo x >/v/g'
	say a_named_volume 0 run --rm @ -v +v:/v bb:1 sh -c 'echo a >/v/a; ls /v'
	say an_environment 0 run --rm -e A=b -w /tmp --hostname h @ bb:1 \
		sh -c 'echo $A; pwd; hostname'
	say a_user 0 run --rm --user 7:8 --group-add 9 @ bb:1 id
	say capabilities 0 run --rm --cap-drop all --cap-add net_raw @ bb:1 \
		grep Cap /proc/self/status
	say a_filter 0 run --rm --security-opt no-new-privileges @ bb:1 \
		sh -c 'grep -E "^Seccomp:|NoNew" /proc/self/status
			unshare -u true 2>&1 || echo refused'
	say no_filter 0 run --rm --security-opt seccomp=unconfined @ bb:1 \
		grep ^Seccomp: /proc/self/status
	say a_program_of_another 126 run --rm --user 7 -v "$T/volume:/v" @ bb:1 \
		/v/program
	say an_init 0 run --rm --init @ bb:1 sh -c 'test $$ -ne 1'
	say limits 0 run --rm --ulimit nofile=100:200 -m 64m --cpus 0.5 \
		--pids-limit 99 @ bb:1 sh -c 'ulimit -n; ulimit -Hn
			cut -d: -f2 /proc/self/cgroup | sort'
	say a_device 0 run --rm --device /dev/full:/dev/f:r @ bb:1 \
		sh -c 'stat -c "%t %T" /dev/f; head -c 2 /dev/f | wc -c'
	say a_missing_device 127 run --rm --device /dev/nosuch @ bb:1 true
	say a_host_pid_namespace 0 run --rm --pid host @ bb:1 \
		sh -c 'test $$ -ne 1 && ps | grep -q dockerd'
	say shared_memory_and_a_sysctl 0 run --rm --shm-size 3m --sysctl \
		kernel.msgmax=9999 @ bb:1 sh -c \
		'grep " /dev/shm " /proc/mounts; cat /proc/sys/kernel/msgmax'
	say out_of_memory 137 run --rm -m 12m @ bb:1 tail /dev/zero
}
list_more() {
	say in_the_background 0 run -d --name +d @ bb:1 sh -c \
		'echo log; echo err >&2; trap "exit 3" TERM; '"$RUN"
	say exec 5 exec +d sh -c 'id -u; exit 5'
	say exec_misses_a_program 126 exec +d nosuch
	say exec_of_a_file 126 exec +d /etc/passwd
	say exec_as_somebody 0 exec -u 7:8 -w /tmp -e X=y +d \
		sh -c 'id; pwd; echo $X'
	say exec_has_a_terminal 4 tty exec -it +d sh -c 'tty; exit 4'
	say exec_reads_input 0 input exec -i +d cat
	say exec_in_the_background 0 exec -d +d sleep 55
	say top 0 top +d
	say logs 0 logs +d
	say stats 0 stats --no-stream --format '{{.Name}} {{.PIDs}}' +d
	say update 0 update -m 32m --memory-swap 64m --pids-limit 88 +d
	say inspect 0 inspect +d --format \
		'{{.State.Status}} {{.HostConfig.Memory}}'
	say cp 0 cp "$T/volume/f" +d:/tmp/copied
	say copied 0 exec +d cat /tmp/copied
	say diff 0 diff +d
	say shares_its_namespaces 0 run --rm --runtime "$LABEL" --network \
		container:+d --pid container:+d bb:1 sh -c 'ps | grep -q [t]rap'
	say pause 0 pause +d
	say exec_in_a_paused_one 1 exec +d true
	say unpause 0 unpause +d
	say stop 0 stop -t 10 +d
	say its_end 0 inspect +d --format '{{.State.ExitCode}}'
	say kill_of_a_stopped_one 1 kill +d
	say starts_again 0 start +d
	say restart 0 restart -t 10 +d
	say kill 0 kill +d
	say wait 0 wait +d
	say rm 0 rm +d
	say a_healthcheck 0 run -d --name +h --health-cmd 'test -e /bin' \
		--health-interval 1s @ bb:1 sleep 100
	becomes h '{{.State.Health.Status}}' healthy
	say rm_of_a_running_one 1 rm +h
	say rm_by_force 0 rm -f +h
	say starts_until_it_may_not 1 run --name +r --restart on-failure:2 @ \
		bb:1 false
	becomes r '{{.RestartCount}} {{.State.Status}}' '2 exited'
	say rm_of_it 0 rm -f +r
	say volume_rm 0 volume rm +v
}
becomes() { # NAME FORMAT WORDS: that is what docker says of it in the end
	local got i
	for i in {1..60}; do
		got=$(docker inspect "$LABEL-$1" --format "$2")
		[ "$got" != "$3" ] || break
		sleep 0.5
	done
	same "docker_${LABEL}_$1_becomes_${3// /_}" "$got" "$3"
}

# ---- both ----
SINCE=$(date +%s)
(LABEL=theirs
	list && list_more) >"$T/theirs.out" &
THEIRS=$!
LABEL=ours
list
list_more
# runc may not be able to give every capability, where root has not all of them
run_status 0 docker_ours_privileged docker run --rm --privileged --network \
	none bb:1 sh -c 'ls /dev/full; grep CapEff /proc/self/status'
wait $THEIRS
lacks docker_runc_does_as_the_list_says "$(cat "$T/theirs.out")" '^not ok'
same docker_answers_are_those_of_runc "$(cat "$T/ours.answers")" \
	"$(cat "$T/theirs.answers")"
check docker_was_asked_much test "$(wc -l <"$T/theirs.answers")" -gt 80

# ---- what docker tells of them ----
docker events --since "$SINCE" --until $(($(date +%s) + 1)) --format \
	'{{.Actor.Attributes.name}} {{.Action}} {{.Actor.Attributes.exitCode}}' |
	sed -E 's/(exec_[a-z]*: ).*/\1/' >"$T/events"
events_of() { # LABEL: but how often health was asked, and by what time
	sed -n "s/^$1-. //p" "$T/events" | grep -v ^exec_ | sort
}
same docker_tells_the_same_of_both "$(events_of ours)" "$(events_of theirs)"
for event in create start die oom pause unpause kill stop destroy; do
	matches "docker_tells_$event" "$(cat "$T/events")" "$event( |\$)"
done

# ---- builds; what is left ----
run_status 0 docker_builds docker build -q -t built "$T/volume"
run_status 0 docker_runs_what_was_built docker run --rm --network none built \
	cat /built
same docker_has_built "$OUT" built
same docker_no_container_is_left "$(docker ps -aq)" ''
same docker_no_state_is_left "$(in_world find \
	"$T/docker.exec/runtime-ours" "$T/docker.exec/runtime-theirs" \
	-mindepth 2 2>/dev/null)" ''
same docker_no_cgroup_is_left "$(find /sys/fs/cgroup -mindepth 2 -type d \
	-path "*/$SPACE/*" 2>/dev/null)" ''
world_end "$SPACE"
finish
