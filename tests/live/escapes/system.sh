# system.sh - control groups, environment, arguments, files of our own.
# shellcheck shell=bash

t_cg_1() {
	begin T-CG-1 "no control group can be mounted, made or written"
	im run --rootfs "$R" --caps compat /bin/sh -c '
		for t in cgroup cgroup2; do
			mount -t $t none /mnt 2>/dev/null && echo ESCAPED $t
		done
		mount -t cgroup -o memory none /mnt 2>/dev/null && echo ESCAPED
		find /sys/fs/cgroup /sys -name release_agent -o -name \
			notify_on_release -o -name cgroup.procs 2>/dev/null |
			while read -r f; do
				(echo 1 >>$f) 2>/dev/null && echo ESCAPED $f
			done
		/pay/calls ns mount; /pay/walk /sys'
	need_ran
	im run --rootfs "$R" /bin/sh -c \
		'grep -v ":/$" /proc/self/cgroup && echo ESCAPED a path; echo RAN'
	need_ran
	. "$KIT/seccomp.sh"
	asked --caps compat -- mount
	settle
}

t_cg_2() {
	local flag
	begin T-CG-2 "a limit that cannot be given is never left out"
	for flag in "-m 64m" "--memory 1g" "--cpus 1" "--cpu-shares 10" \
		"--cpuset-cpus 0" "--cgroup-parent /x" "--memory-swap 1g"; do
		# shellcheck disable=SC2086
		im run --rootfs "$R" $flag /bin/true
		need_refused
	done
	settle
	begin T-CG-2 "those that are given are in force"
	hold run --rootfs "$R" --pids-limit 33 --ulimit nofile=144:155 /pay/hold
	grep -Eq '^Max processes +33 +33 ' "/proc/$PID/limits" || bad pids
	grep -Eq '^Max open files +144 +155 ' "/proc/$PID/limits" || bad nofile
	grep -Eq '^Max core file size +0 +0 ' "/proc/$PID/limits" || bad core
	release
	im run --rootfs "$R" --pids-limit 20 /bin/sh -c \
		'for i in $(seq 40); do sleep 3 & done 2>/dev/null; n=$(ls -d \
		/proc/[0-9]* | wc -l); [ $n -le 21 ] || echo ESCAPED $n; echo RAN'
	settle
}

# Variables that have led others astray.
EVIL_ENV=(LD_PRELOAD=/nowhere/evil.so LD_LIBRARY_PATH=/nowhere IFS=x
	GCONV_PATH=/nowhere LOCPATH=/nowhere BASH_ENV=/nowhere ENV=/nowhere
	TMPDIR=/nowhere SECRET=planted-secret http_proxy=http://planted
	container=yes NOTIFY_SOCKET=/nowhere LISTEN_FDS=3)

t_env_1() {
	local log=$T/env.strace
	begin T-ENV-1 "nothing of the caller's environment gets in"
	USER_ENV=("${EVIL_ENV[@]}")
	im run --rootfs "$R" /bin/sh -c '
		env | grep -E "planted|nowhere|TMPDIR|container|LISTEN" &&
			echo ESCAPED in its own
		for f in /proc/[0-9]*/environ; do
			grep -aqE "planted|nowhere" $f 2>/dev/null &&
				echo ESCAPED in $f
		done; echo RAN'
	need_ran
	lax run --rootfs "$R" --pid host /bin/sh -c '
		for f in /proc/[0-9]*/environ; do
			grep -aqE "planted-secret" $f 2>/dev/null &&
				echo ESCAPED in $f
		done; echo RAN'
	USER_ENV=()
	settle ran
	begin T-ENV-1 "helpers get an empty environment"
	(cd "$C" && strace -f -v -s 9999 -e trace=execve -o "$log" \
		-u "$TEST_USER" env -i "${EVIL_ENV[@]:2}" HOME="$TEST_HOME" \
		XDG_RUNTIME_DIR="/run/user/$TEST_UID" XDG_DATA_HOME="$T/data" \
		PATH=/nowhere:/usr/bin:/bin "$IMMURE" run --rootfs "$R" \
		/bin/true) >/dev/null 2>&1
	grep -q 'execve("[^"]*newuidmap"' "$log" || bad "no helper ran"
	grep -E 'execve\("[^"]*new[ug]idmap"' "$log" | grep -q planted &&
		bad "newuidmap gets the caller's environment"
	grep -E 'execve\("[^"]*new[ug]idmap"' "$log" |
		grep -qv 'execve("/usr/bin/new' && bad "not by its full path"
	rm -f "$log"
	settle
	begin T-ENV-1 "what is set for the payload reaches nobody else"
	im run --rootfs "$R" -e LD_PRELOAD=/nowhere/evil.so -e \
		GCONV_PATH=/nowhere -e PATH=/bin:/nowhere /bin/sh -c \
		'[ "$LD_PRELOAD" = /nowhere/evil.so ] && echo RAN'
	settle ran
}

t_env_3() {
	begin T-ENV-3 "no secret of a run stays on the disk"
	USER_ENV=(SECRET=planted-1-secret)
	im run --rootfs "$R" -e TOKEN=planted-2-secret -e SECRET /bin/sh -c \
		'[ "$SECRET" = planted-1-secret ] && echo "$TOKEN" >/tmp/x &&
		echo RAN'
	need_ran
	USER_ENV=()
	! grep -rqa 'planted-[12]-secret' "$T/data" \
		"/run/user/$TEST_UID/immure" 2>/dev/null || bad "it is there"
	settle
}

t_arg_1() {
	local w
	begin T-ARG-1 "words of the payload are no options of ours, nor a shell's"
	for w in --privileged --help --userns=host -v/:/x --bind=/ \
		'; touch canary/x' '$(touch canary/x)' '`touch canary/x`' '|x' \
		'--output=canary/x' -- -; do
		im run --rootfs "$R" /bin/echo RAN "$w"
		need_ran
		[[ $OUT == "RAN $w" ]] || bad "\"$w\" became \"$(short)\""
		im run --rootfs "$R" -- "$w"
		[ "$ST" = 127 ] || [ "$ST" = 126 ] || bad "-- $w: $ST"
	done
	settle
	begin T-ARG-1 "names with slashes, dots or blanks are refused"
	for w in ../x a/b .x .. '' 'a b' $'a\nb' "$(printf 'a%.0s' {1..200})"
	do
		im run --name "$w" --rootfs "$R" /bin/true
		need_refused
	done
	for w in --privileged ../../etc '' / . 'A B' $'a\n' a:b:c; do
		im run -- "$w" /bin/true
		need_refused
	done
	settle
}

t_arg_2() {
	begin T-ARG-2 "options with unknown, doubled or odd words are refused"
	mkdir "$C/volume"
	as_owner "$C/volume"
	each_refused run --rootfs "$R" --mount {} /bin/true <<-END
		type=bind,source=$C/volume,target=/mnt,bind-propagation=shared
		type=bind,source=$C/volume,target=/mnt,bind-propagation=rshared
		type=bind,source=$C/volume,target=/mnt,bind-propagation=/etc
		type=bind,source=$C/volume,target=/mnt,nosuch=1
		type=bind,source=$C/volume,target=/mnt,nosuch
		type=bind,source=$C/volume,source=/etc,target=/mnt
		type=bind,src=/etc,source=$C/volume,target=/mnt
		type=bind,source=$C/volume,target=/mnt,target=/tmp
		type=bind,source=$C/volume,target=/mnt,dst=/tmp
		type=bind,type=tmpfs,source=$C/volume,target=/mnt
		type=bind,source=$C/volume,target=/mnt,readonly=maybe
		type=bind,source=$C/volume,target=/mnt,ro,rw
		type=bind,source=$C/volume,target=/mnt,readonly=
		type=bind,source=,target=/mnt
		type=bind,source=$C/volume,target=
		type=bind,source=$C/volume
		type=bind,target=/mnt
		type=tmpfs,source=$C/volume,target=/mnt
		type=tmpfs,target=/mnt,tmpfs-size=1m,tmpfs-size=2m
		type=tmpfs,target=/mnt,tmpfs-mode=7777
		type=tmpfs,target=/mnt,size=1m,lowerdir=/
		type=,target=/mnt
		type=bind,source=$C/volume,target=relative
		type=bind,source=$C/volume,target=/mnt,
		,type=bind,source=$C/volume,target=/mnt
	END
	each_refused run --rootfs "$R" -v {} /bin/true <<-END
		$C/volume:/mnt:rw,ro
		$C/volume:/mnt:rw,rw
		$C/volume:/mnt:shared
		$C/volume:/mnt:nosuch
		$C/volume:/mnt:rw:ro
		$C/volume:mnt
		:/mnt
		$C/volume:
		$C/nosuch:/mnt
		$C/volume:/mnt:upperdir=/x
		$C/volume:/mnt:U
	END
	each_refused run --rootfs "$R" --tmpfs {} /bin/true <<-END
		/mnt:size=0
		/mnt:size=1m,size=2m
		/mnt:mode=99999
		/mnt:nosuch
		/mnt:size=99999999999999999999
		/mnt:uid=0
		mnt
	END
	settle
}

t_tmp_1() {
	local log=$T/tmp.strace
	begin T-TMP-1 "nothing is made outside of its own directories"
	(cd "$C" && strace -f -s 4096 -e trace=%file,bind -o "$log" -u "$TEST_USER" env -i HOME="$TEST_HOME" \
		XDG_RUNTIME_DIR="/run/user/$TEST_UID" XDG_DATA_HOME="$T/data" \
		XDG_STATE_HOME="$T/data/state" \
		"$IMMURE" run --rootfs "$R" /bin/true) >/dev/null 2>&1
	grep -q openat2 "$log" || bad "nothing was traced"
	# whatever makes a name by a path that begins at the root, or here
	OUT=$(grep -E 'O_CREAT|mkdir|mknod|symlink|link|rename' "$log" |
		grep -E '[a-z0-9]\((AT_FDCWD, )?"' | grep -vE 'readlink|symlinkat\("[^"]*", [0-9]' |
		grep -vE "\"($T/data|$T/data/state|/run/user/$TEST_UID)(/immure|\")")
	[ -z "$OUT" ] || bad "$(short)"
	grep -qE 'bind\(.*sun_path=@' "$log" && bad "an abstract socket"
	rm -f "$log"
	settle
	begin T-TMP-1 "planted links in its directories are not followed"
	mkdir -p "$C/run/immure" "$C/data/immure" "$C/state/immure"
	ln -s "$C/canary/file" "$C/state/immure/audit.log"
	for f in blobs layers containers index.json oci-layout lock tmp; do
		ln -s "$C/canary/dir" "$C/data/immure/$f"
		ln -s "$C/canary/dir" "$C/run/immure/$f"
	done
	chmod -R 0700 "$C/run" "$C/data" "$C/state"
	as_owner "$C/run" "$C/data" "$C/state"
	USER_ENV=(XDG_RUNTIME_DIR="$C/run" XDG_DATA_HOME="$C/data"
		XDG_STATE_HOME="$C/state")
	im run --rootfs "$R" /bin/true
	need_either
	im images
	im gc
	im load "$C/canary/file"
	need_refused
	USER_ENV=()
	settle
	begin T-TMP-1 "a store that others can write is not used"
	mkdir -p "$C/data/immure"
	as_owner "$C/data"
	chmod 0777 "$C/data/immure"
	USER_ENV=(XDG_DATA_HOME="$C/data")
	im images
	[ "$ST" -ne 0 ] || bad "it is used"
	USER_ENV=()
	settle
}

t_ckp_1() {
	local w
	begin T-CKP-1 "nothing is restored from a checkpoint"
	for w in checkpoint restore; do
		im "$w" "$C/canary/file"
		need_refused 'unknown command|not offered'
	done
	mkdir "$C/dump"
	echo '{"id":"x","rootfsImageName":"x"}' >"$C/dump/config.dump"
	echo '{"mounts":[{"source":"/","destination":"/host"}]}' \
		>"$C/dump/spec.dump"
	tar -C "$C/dump" -cf "$C/dump.tar" .
	chmod 0644 "$C/dump.tar"
	im load "$C/dump.tar"
	need_refused
	im load "$C/dump"
	settle refused
}

t_fuzz_1() {
	local source name
	if [ ! -d "$BUILD/replay" ]; then
		skip T-FUZZ-1 "the fuzz targets are not built"
		RESULTS=$((RESULTS + 1))
		return
	fi
	begin T-FUZZ-1 "no input that was ever kept breaks a parser"
	for source in "$HERE"/fuzz/fuzz_*.c; do
		name=$(basename "$source" .c)
		name=${name#fuzz_}
		OUT=$(timeout 60 "$BUILD/replay/$name" \
			"$HERE/fuzz/corpus/$name" 2>&1) ||
			bad "$name: $(short)"
		[[ $OUT == *"ok $name: "* ]] || bad "$name: no result"
	done
	OUT=
	settle
}
