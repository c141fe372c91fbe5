# images.sh - hostile images: their archives, their configs, their files.
# shellcheck shell=bash

ARCH=$(dpkg --print-architecture)
LIB=$HERE/tests/lib # mktar.py
PY=/usr/bin/python3
[ -x $PY ] || PY=python3
export ARCH LIB PYTHONDONTWRITEBYTECODE=1

# Archives of tests/lib/mktar.py, whose hostile names point at the canary.
# Those that must be refused are; the others are taken harmlessly, and removed.
load_cases() { # CASE…
	mkdir "$C/cases"
	CANARY=$C/canary $PY - "$C/cases" "$@" <<-'END' || bad "no archives"
		import os, sys
		sys.path.insert(0, os.environ["LIB"])
		import mktar
		for name in sys.argv[2:]:
		    make, expected = mktar.CASES[name]
		    name += ".tar" if expected[0][0] == "loaded" else ".bad.tar"
		    with open(os.path.join(sys.argv[1], name), "wb") as f:
		        f.write(make())
	END
	chmod 0644 "$C/cases"/*
	OUT=$(cd "$C/cases" && as_user bash -c '
		for f in *.tar; do
			why=$(timeout -k 1 10 "$IMMURE" load "$f" 2>&1)
			status=$?
			case $status in
			0) [[ $f != *.bad.tar ]] || echo "$f: not refused"
			"$IMMURE" rmi -f "$(sed -n "s/^Loaded image: //p" \
				<<<"$why")" >/dev/null ;;
			125) [[ $why == *immure:* ]] || echo "$f: silent" ;;
			*) echo "$f: status $status: $why" ;;
			esac
		done' 2>&1)
	[ -z "$OUT" ] || bad "$(short)"
	! ls -d /escaped* /tmp/escaped* >/dev/null 2>&1 || bad "a file escaped"
	rm -rf "$C/cases"
}
# Removes what the last load has said it loaded.
forget() {
	as_user "$IMMURE" rmi -f "$(sed -n 's/^Loaded image: //p' <<<"$OUT")" \
		>/dev/null 2>&1
}
# image WORD…: makes and loads the image hostile:1 of these words (image.py).
image() {
	$PY "$KIT/image.py" "$C/image.tar" "$T/programs" "$@" ||
		bad "no image of $*"
	chmod 0644 "$C/image.tar"
	im load "$C/image.tar"
	LOADED=$ST
}
# A run of it, when it could be loaded at all.
run_image() { # FLAGS… -- COMMAND…
	local flags=()
	[ "$LOADED" = 0 ] || return 0
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	im run "${flags[@]}" hostile:1 "$@"
}
gone() {
	[ "${LOADED:-0}" = 0 ] || return 0
	LOADED=
	as_user "$IMMURE" rmi -f hostile:1 >/dev/null 2>&1
	as_user "$IMMURE" gc >/dev/null 2>&1
}

t_unp_1() {
	begin T-UNP-1 "no entry of an archive lands outside of its layer"
	load_cases name-dotdot name-dotdot-inside name-absolute \
		symlink-then-write symlink-relative-then-write \
		symlink-then-directory-below symlink-then-whiteout-below \
		symlink-then-opaque directory-replaced-by-symlink \
		hardlink-outside hardlink-absolute hardlink-through-symlink \
		whiteout-dotdot whiteout-of-dotdot file-over-symlink \
		symlink-over-symlink
	settle
	begin T-UNP-1 "a link of one layer does not lead the next out"
	image "link:out=$C/canary" "link:up=../../../../../../../..$C/canary" \
		next file:out/new=x file:up/new=x dir:out dir:up/dir
	run_image -- /pay/fds "$C/canary/file"
	need_either
	settle
	gone
}

t_unp_2() {
	local f log=$T/unpack.strace words=()
	begin T-UNP-2 "no program and no library of the layer is used to unpack"
	for f in usr/bin/xz usr/bin/gzip usr/bin/zstd usr/bin/tar bin/tar \
		bin/gzip etc/ld.so.preload etc/ld.so.cache etc/nsswitch.conf \
		lib/x86_64-linux-gnu/libc.so.6 etc/localtime \
		lib/x86_64-linux-gnu/libnss_files.so.2 usr/sbin/new; do
		words+=("file:$f=#!/bin/sh\\ntouch $C/canary/x\\n")
	done
	$PY "$KIT/image.py" "$C/image.tar" "$T/programs" "${words[@]}"
	gzip -1 "$C/image.tar"
	chmod 0644 "$C/image.tar.gz"
	strace -f -s 300 -e trace=execve,execveat,open,openat,openat2 \
		-o "$log" -u "$TEST_USER" env -i HOME="$TEST_HOME" \
		XDG_RUNTIME_DIR="/run/user/$TEST_UID" XDG_DATA_HOME="$T/data" \
		"${NO_LEAKS[@]}" PATH=/usr/bin:/bin \
		"$IMMURE" load "$C/image.tar.gz" \
		>"$C/out" 2>&1
	ST=$?
	OUT=$(cat "$C/out")
	[ "$ST" = 0 ] || bad "load: $(short)"
	grep -E 'exec(ve|veat)\(' "$log" | grep -v ENOENT |
		grep -vE 'newuidmap|newgidmap|/immure"|immure-image|/env"' |
		grep -q . && bad "$(grep -E 'exec' "$log" | tail -1)"
	grep -E 'layers/.*(libc|nss|ld\.so)' "$log" | grep -qE 'O_RDONLY.*lib' &&
		bad "a library of the layer was opened"
	rm -f "$log"
	settle
	gone
}

t_unp_3() {
	begin T-UNP-3 "the root of a layer is a directory and nothing else"
	load_cases root-is-symlink root-is-symlink-slash root-is-file \
		root-is-hardlink root-is-device root-is-dotdot
	settle
}

t_unp_4() {
	begin T-UNP-4 "modes, owners, times and attributes do not follow links"
	load_cases directory-over-symlink hardlink-to-symlink xattrs \
		modes-that-lock owner-beyond owner-negative
	image "link:f=$C/canary/file" "link:d=$C/canary/dir" \
		"xattr:f=user.evil" dir:d next "xattr:d=user.evil" dir:f
	need_either
	settle
	gone
}

t_unp_5() {
	local found
	begin T-UNP-5 "no set-user-id bit and no file capability is stored"
	load_cases setuid
	image suid:bin/su "xattr:bin/cap=security.capability" \
		"xattr:bin/tr=trusted.overlay.opaque"
	[ "$LOADED" = 0 ] || bad "not loaded: $(short)"
	found=$(find "$STORE" -perm /6000 2>/dev/null)
	is "what has the bit" "$found" ''
	is "what has a capability" "$(getcap -r "$STORE" 2>/dev/null)" ''
	run_image -u user -- /bin/sh -c '
		ls -l /bin/su | grep -q "s" && ls -l /bin/su | grep -q "^-..s" &&
			echo ESCAPED a bit
		mount -t overlay o -o lowerdir=/etc:/tmp /mnt 2>/dev/null &&
			echo ESCAPED an overlay
		chmod 6755 /tmp/x 2>/dev/null; echo RAN'
	need_ran
	settle
	gone
}

t_unp_6() {
	local f
	begin T-UNP-6 "FIFOs, devices and links where the engine reads"
	load_cases devices device-that-would-be-a-whiteout
	for f in char fifo "link=$C/canary/fifo" dir; do
		image "${f%%=*}:etc/passwd=${f#*=}" "${f%%=*}:etc/group=${f#*=}" \
			"${f%%=*}:etc/hosts=${f#*=}" \
			"${f%%=*}:etc/resolv.conf=${f#*=}"
		need_either
		[ -z "$(find "$STORE" -type b -o -type p -o -type s)" ] ||
			bad "$f is in the store"
		run_image -u user -- /pay/fds "$C/canary/file"
		need_either
		gone
	done
	settle
}

# The processes called immure-image, and what the kernel says of them.
t_unp_7() {
	local p ns n=0
	begin T-UNP-7 "who unpacks is shut in: filter, no network, no tree but its"
	$PY "$KIT/image.py" "$C/image.tar" "$T/programs"
	(head -c 300000 "$C/image.tar" && sleep 2) |
		(cd "$C" && as_user timeout 10 "$IMMURE" load -) \
			>"$C/out" 2>&1 &
	JOB=$!
	for _ in $(seq 100); do
		PID=$(pgrep -x immure-image | while read -r p; do
			grep -qs ^Seccomp_filters:.1 "/proc/$p/status" &&
				grep -qa "$C\|load" "/proc/$p/cmdline" &&
				echo "$p"
		done | tail -1)
		[ -z "$PID" ] || break
		sleep 0.02
	done
	for p in ${PID:-}; do
		n=$((n + 1))
		is NoNewPrivs "$(field NoNewPrivs)" 1
		is Seccomp "$(field Seccomp)" 2
		for ns in user mnt pid net ipc uts; do
			[ "$(readlink /proc/self/ns/$ns)" != \
				"$(readlink "/proc/$p/ns/$ns")" ] ||
				bad "the caller's $ns namespace"
		done
		[ ! -e "/proc/$p/root/etc/passwd" ] || bad "it sees the host"
		[ ! -e "/proc/$p/root$C/canary/file" ] || bad "it sees files"
		ls -l "/proc/$p/fd" | grep -q "$C/canary" && bad "a descriptor"
	done
	[ "$n" -gt 0 ] || bad "no worker was seen: $(cat "$C/out")"
	wait "$JOB"
	PID=
	settle
	gone
}

t_unp_8() {
	begin T-UNP-8 "a hard link brings no data, and archives are only read"
	load_cases hardlink-with-data hardlink-to-nothing \
		hardlink-to-directory hardlink-to-dropped-device
	nm -D --undefined-only "$T/bin/immure-image" >"$C/symbols"
	grep -q archive_read_next_header "$C/symbols" || bad "no libarchive?"
	grep -qE 'archive_(write|read_extract|read_disk)' "$C/symbols" &&
		bad "it can write archives out"
	settle
}

# The most memory that the workers of a load have had, in KiB.
peak_of_load() { # FILE
	(cd "$C" && as_user /usr/bin/env bash -c \
		'timeout 60 "$IMMURE" load "$1" >/dev/null 2>&1; echo $?' x "$1") \
		>"$C/status" &
	local p job=$! peak=0 now
	while kill -0 "$job" 2>/dev/null; do
		for p in $(pgrep -x immure-image); do
			now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' \
				"/proc/$p/status" 2>/dev/null)
			[ "${now:-0}" -le "$peak" ] || peak=$now
		done
		sleep 0.02
	done
	wait "$job"
	echo "$peak"
}
t_bomb_1() {
	local peak
	begin T-BOMB-1 "what follows the end of an archive fills no memory"
	load_cases junk-after-end junk-far-after-end second-archive-after-end \
		bomb-after-end zeros-after-end
	$PY "$KIT/image.py" "$C/image.tar" "$T/programs"
	head -c "$(many 100000000 8000000000)" /dev/zero | gzip -1 \
		>"$C/padding.gz"
	(gzip -1 <"$C/image.tar"; cat "$C/padding.gz") >"$C/padded.tar.gz"
	chmod 0644 "$C/padded.tar.gz"
	peak=$(peak_of_load "$C/padded.tar.gz")
	[ "$peak" -lt 65536 ] || bad "$peak KiB"
	gone
	cp "$C/image.tar" "$C/padded.tar"
	truncate -s "+$(many 100M 8G)" "$C/padded.tar"
	chmod 0644 "$C/padded.tar"
	peak=$(peak_of_load "$C/padded.tar")
	[ "$peak" -lt 65536 ] || bad "not compressed: $peak KiB"
	settle
	gone
}

t_bomb_2() {
	begin T-BOMB-2 "documents without end are not read"
	load_cases index-too-large config-missing size-claimed
	image "top.x=\"$(head -c 100000 /dev/zero | tr '\0' x)\""
	gone
	$PY - "$C" <<-'END'
		import sys, os
		sys.path.insert(0, os.environ["LIB"]); import mktar
		def put(name, **kw):
		    with open(sys.argv[1] + "/" + name, "wb") as f:
		        f.write(mktar.docker(mktar.GOOD, **kw))
		for name, n in ("small", 5), ("config", 5 << 20):
		    put(name + ".tar", config=mktar.config_of([mktar.GOOD],
		        x="x" * n))
		put("manifest.tar", manifest=b'[{"Config":"c.json",' +
		    b" " * (5 << 20) +
		    b'"RepoTags":["hostile:1"],"Layers":["0.tar"]}]')
	END
	chmod 0644 "$C"/*.tar
	im load "$C/small.tar"
	[ "$ST" = 0 ] || bad "a small one: $(short)"
	forget
	im load "$C/config.tar"
	need_refused
	im load "$C/manifest.tar"
	settle refused
	gone
}

t_bomb_3() {
	begin T-BOMB-3 "depth, number, size and ratio have an end"
	load_cases bomb-gzip bomb-outer path-too-deep path-too-long \
		name-too-long xattr-too-large
	$PY - "$C" <<-'END'
		import sys, os
		sys.path.insert(0, os.environ["LIB"]); import mktar
		deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
		open(sys.argv[1] + "/deep.tar", "wb").write(
			mktar.docker(mktar.GOOD, config=deep))
		open(sys.argv[1] + "/many.tar", "wb").write(mktar.docker(
			*[mktar.tar(mktar.file("f%d" % i)) for i in range(130)]))
		open(sys.argv[1] + "/files.tar", "wb").write(mktar.docker(
			mktar.tar(*[mktar.file("f%d" % i) for i in range(3000)])))
	END
	chmod 0644 "$C"/*.tar
	for f in deep many; do
		im load "$C/$f.tar"
		need_refused
	done
	im load --max-entries 2000 "$C/files.tar"
	need_refused
	im load --max-size 100k "$C/files.tar"
	need_either
	forget
	settle
	gone
}

t_bomb_4() {
	begin T-BOMB-4 "a passwd or group file without end is not read"
	truncate -s 10G "$R/etc/passwd"
	truncate -s 10G "$R/etc/group"
	im run --rootfs "$R" -u user /bin/true
	need_refused
	# with the user at its end
	(yes '#' | head -c 3000000; cat "$T/base/etc/passwd") >"$R/etc/passwd"
	cp "$T/base/etc/group" "$R/etc/group"
	im run --rootfs "$R" -u user /bin/true
	need_refused
	image big:etc/passwd=3000000 big:etc/group=3000000
	need_either
	run_image -u user -- /bin/true
	[ "$LOADED" != 0 ] || need_refused
	run_image -u 1000 -- /bin/true
	need_either
	settle
	gone
}

t_sto_1() {
	begin T-STO-1 "bytes that are not what their digest says are refused"
	load_cases digest-wrong size-wrong diff-id-wrong diff-id-wrong-plain \
		layer-missing twins-that-differ diff-ids-too-many
	im images -q
	is "what is left" "$OUT" ''
	settle
}

t_sto_2() {
	begin T-STO-2 "documents that can be read in two ways are refused"
	load_cases manifest-and-index json-keys-twice \
		json-keys-twice-alike json-trailing media-type-wrong \
		junk-after-gzip
	im images -q
	is "what is left" "$OUT" ''
	settle
}

t_sto_3() {
	begin T-STO-3 "no id, tag, digest or path of an archive is a path of ours"
	load_cases tag-hostile digest-is-a-path digest-sha512 \
		layer-path-leaves layer-is-a-link-out layer-is-a-link-loop \
		outer-names-leave outer-device
	each_refused run {} /bin/true <<-END
		../x
		/x
		sha256:../../$C/canary/file
		sha256:0
		a@sha256:../../x
		$(printf 'a%.0s' {1..4000})
		x\\ny
		x\\x01
		..
	END
	image
	each_refused tag hostile:1 {} <<-END
		../x
		/x
		a:../x
		a:..
		a:-x
		a:x\\x01
		a b
		$(printf 'a%.0s' {1..4000})
		x\\ny
		A
		--
	END
	settle
	gone
}

t_sto_4() {
	begin T-STO-4 "nobody else can look into the store"
	image suid:bin/su
	is "its mode" "$(stat -c %a:%u "$STORE")" "700:$TEST_UID"
	find "$STORE" "/run/user/$TEST_UID/immure" -maxdepth 1 -perm /022 \
		2>/dev/null | grep -q . && bad "others may write"
	setpriv --reuid 65534 --regid 65534 --clear-groups ls "$STORE/layers" \
		>/dev/null 2>&1 && bad "another user looks in"
	is "set-user-id files" "$(find "$STORE" -perm /6000)" ''
	# the container's ids are other users, too
	setpriv --reuid 100000 --regid 100000 --clear-groups \
		ls "$STORE" >/dev/null 2>&1 && bad "a sandbox's root looks in"
	settle
	gone
}

t_sto_5() {
	local sum
	begin T-STO-5 "a sandbox changes no layer, and runs no file of immure"
	image
	sum=$(find "$STORE/layers" -type f -print0 | sort -z |
		xargs -0 sha256sum | sha256sum)
	run_image --caps compat -- /bin/sh -c '
		for f in /bin/busybox /etc/passwd /pay/fds; do
			echo x >>$f; chmod 777 $f; chown 5 $f; mv $f $f.x
		done; rm -rf /etc /pay; echo RAN >/proc/self/fd/1'
	is "the layers" "$(find "$STORE/layers" -type f -print0 | sort -z |
		xargs -0 sha256sum | sha256sum)" "$sum"
	hold run --rootfs "$R" /pay/hold
	[[ "$(readlink "/proc/$INIT/exe")" == /memfd:immure-init* ]] ||
		bad "process 1 is $(readlink "/proc/$INIT/exe")"
	release
	settle
	gone
}

t_vol_2() {
	begin T-VOL-2 "a volume of an image holds the image's own files"
	image 'config.Volumes={"/data":{},"/etc":{}}' file:data/f=image
	[ "$LOADED" = 0 ] || bad "not loaded: $(short)"
	run_image -- /bin/sh -c 'grep -q image /data/f &&
		grep -q user /etc/passwd && echo RAN'
	need_ran
	gone
	image 'config.Volumes={"/../../etc":{},"/mnt/link/x":{},"/data":{}}' \
		"link:mnt/link=$C/canary" file:data/f=image file:etc/own=image
	run_image -- /bin/sh -c '[ -e /etc/own ] && grep -q image /data/f &&
		/pay/fds '"$C/canary/file"
	[ "$LOADED" != 0 ] || need_either
	run_image --read-only -- /bin/sh -c "/pay/fds $C/canary/file"
	need_either
	settle
	gone
}

# What an image says of its own confinement is not heard.
t_img_1() {
	local plain evil
	begin T-IMG-1 "no key of an image changes the plan"
	image
	im plan --format json hostile:1 /bin/true
	plain=$(unnamed)
	gone
	image 'top.HostConfig={"Privileged":true,"SecurityOpt":["label=disable"],
		"CapAdd":["ALL"],"Binds":["/:/host"]}' \
		'config.Privileged=true' 'config.SecurityOpt=["seccomp=unconfined"]' \
		'config.HostConfig={"Privileged":true}' 'config.CapAdd=["ALL"]' \
		'config.Labels={"io.kubernetes.cri-o.userns-mode":"host",
		"org.systemd.property.ExecStart":"/bin/x","run.oci.handler":"krun",
		"privileged":"true","seccomp":"unconfined"}' \
		'config.NetworkMode="host"' 'config.Runtime="/bin/x"' \
		'config.Hooks={"prestart":[{"path":"/bin/x"}]}' \
		'top.annotations={"run.oci.hooks.stdout":"/etc/x"}'
	im plan --format json hostile:1 /bin/true
	evil=$(unnamed)
	[ -n "$plain" ] || bad "no plan"
	[ "$LOADED" != 0 ] || is "the plan" "$(diff <(echo "$plain") \
		<(echo "$evil") | head -5)" ''
	settle
	gone
}
# The plan without what names the image itself.
unnamed() {
	grep -vE 'sha256:|"ino"|"labels"|"annotations"' <<<"$OUT" | sed \
		's/[0-9a-f]\{64\}/DIGEST/g; s/"id": *"[0-9:]*"//' |
		tr ',' '\n' | grep -vE '"(key|value|name|hash)"'
}

t_img_2() {
	local w
	begin T-IMG-2 "odd words of an image make no odd lines in files"
	for w in 'config.Env=["HOME=/x\nroot2:x:0:0::/:/bin/sh"]' \
		'config.User="user\nroot"' 'config.User="0:0\u0000"' \
		'config.WorkingDir="/x\n/y"' 'config.Env=["A\nB=1"]' \
		'config.Hostname="a\nb 127.0.0.1"' 'config.Env=["=x","NOEQUALS"]' \
		'config.Labels={"a\nb":"c\u001b[2Jd"}' \
		'config.StopSignal="9;x"' 'config.Entrypoint=["a\u0000b"]'; do
		image "$w"
		run_image -- /bin/sh -c '
			[ "$(wc -l </etc/passwd)" = 2 ] || echo ESCAPED passwd
			[ "$(wc -l </etc/hostname)" = 1 ] || echo ESCAPED name
			grep -vE "^(127|::1|#|$)" /etc/hosts && echo ESCAPED
			echo RAN'
		need_either
		gone
	done
	for w in $'a\nb' 'a b' 'a:b' "$(printf 'a%.0s' {1..70})" $'a\x01' '' ../x
	do
		im run --rootfs "$R" --hostname "$w" /bin/sh -c \
			'[ "$(hostname)" = "a:b" ] || echo ESCAPED a name'
		need_either
	done
	settle
}

t_out_1() {
	local w
	begin T-OUT-1 "nothing of an image reaches the terminal raw"
	for w in 'config.Labels={"k":"\u001b]0;x\u0007"}' \
		'config.Cmd=["/x\u001b[2J"]' 'config.Env=["E=\u001b[31m"]'; do
		image "$w"
		raw "the refusal of $w"
	done
	image 'config.Labels={"k\u202e":"v\u202e\u2066"}' 'top.author="\u001b[5m"' \
		'config.Env=["E=\u009b2J\u202e"]' 'config.User="u\u202e"' \
		'config.Cmd=["/bin/x\u009b2J\r\n"]' 'config.WorkingDir="/\u202e"'
	[ "$LOADED" = 0 ] || bad "not loaded: $(short)"
	raw "load"
	for w in images "inspect hostile:1" "plan hostile:1" "run hostile:1" \
		"check hostile:1" "plan --format json hostile:1"; do
		# shellcheck disable=SC2086
		im $w
		raw "$w"
	done
	im run --rootfs "$R" $'/bin/\e[2Jx'
	raw "a command"
	im run --rootfs "$R" -v $'/nosuch\e[2J\r:/mnt' /bin/true
	raw "a path"
	im run $'no\e[2Jsuch' x
	raw "a name"
	settle
	gone
}
raw() { # WHAT
	LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' \
		<<<"$OUT" && bad "$1 prints control characters"
	true
}

t_fuzz_2() {
	local i words=()
	begin T-FUZZ-2 "a thousand mounts, or a megabyte of them, run or are refused"
	for i in $(seq 300); do
		words+=(--tmpfs "/mnt/$i")
	done
	im run --rootfs "$R" "${words[@]}" /bin/sh -c \
		'[ $(grep -c " /mnt/" /proc/self/mountinfo) = 300 ] && echo RAN ||
		echo ESCAPED a mount is missing'
	need_either
	for i in $(seq 301 3000); do
		words+=(--tmpfs "/mnt/$i")
	done
	im run --rootfs "$R" "${words[@]}" /bin/true
	need_either
	words=()
	i=$(printf 'd%.0s' {1..200})
	for n in $(seq 260); do
		words+=(--tmpfs "/mnt/$n/$i/$i/$i/$i/$i/$i/$i/$i/$i/$i")
	done
	im run --rootfs "$R" "${words[@]}" /bin/true
	need_either
	im run --rootfs "$R" --tmpfs "/$(printf 'x/%.0s' {1..3000})" /bin/true
	need_either
	im run --rootfs "$R" -e "A=$(printf 'x%.0s' {1..100000})" /bin/true
	need_either
	settle
}
