# mounts.sh - mounts: where they land, what they come from, what they may.
# shellcheck shell=bash

# Links that lead out of a root, for every place where something is mounted.
links_out() {
	printf '%s\n' "$C/canary/dir" "../../../../../../../..$C/canary/dir" \
		"/proc/self/root$C/canary/dir" "$C/canary/file" /proc/1/cwd \
		/dangling /proc/self/fd/0 "$C/canary/fifo" . ..
}
# Puts a symbolic link in the place of $R/PATH.
plant_link() { # PATH TARGET
	rm -rf "${R:?}/$1"
	mkdir -p "$(dirname "$R/$1")"
	ln -s "$2" "$R/$1"
	as_owner "$(dirname "$R/$1")"
}

t_mnt_1() {
	local target link place
	begin T-MNT-1 "places of ours in the root that are links which lead out"
	for place in proc sys dev dev/pts dev/shm dev/mqueue etc mnt \
		dev/console dev/stdout; do
		for link in $(links_out | head -n "$(many 2 10)"); do
			plant_link "$place" "$link"
			im run --rootfs "$R" /pay/fds "$C/canary/file"
			need_either
		done
		rm -rf "${R:?}/${place%%/*}"
		mkdir "$R/${place%%/*}"
	done
	settle
	for target in /mnt/x /a/b/c; do
		begin T-MNT-1 "a volume on $target below a link that leads out"
		mkdir -p "$C/volume"
		as_owner "$C/volume"
		for link in $(links_out | head -n "$(many 2 10)"); do
			plant_link "${target#/}" "$link"
			im run --rootfs "$R" -v "$C/volume:$target" \
				--tmpfs "$target/deep" /pay/fds "$C/canary/file"
			need_either
			plant_link "$(cut -d/ -f2 <<<"$target")" "$link"
			im run --rootfs "$R" -v "$C/volume:$target" \
				/pay/fds "$C/canary/file"
			need_either
			rm -f "$R/$(cut -d/ -f2 <<<"$target")"
		done
		settle
	done
	begin T-MNT-1 "a volume below a writable volume that holds a link"
	mkdir -p "$C/volume"
	ln -s "$C/canary/dir" "$C/volume/out"
	ln -s ../../../../../../.."$C/canary/dir" "$C/volume/up"
	as_owner "$C/volume"
	for link in out up out/new up/new; do
		im run --rootfs "$R" -v "$C/volume:/mnt/v:rw" \
			-v "$C/volume:/mnt/v/$link:rw" /pay/fds \
			"$C/canary/file"
		need_refused
	done
	settle
}

# What the sandbox sees of mounts made outside, and the other way round.
t_mnt_2() {
	local holder
	begin T-MNT-2 "no mount of the sandbox propagates, in either direction"
	mkdir -p "$C/volume/sub"
	as_owner "$C/volume"
	# a host whose mounts are shared, as systemd makes them
	unshare -m --propagation shared sleep 30 &
	holder=$!
	sleep 0.1
	IN=(nsenter -t "$holder" -m --)
	hold run --rootfs "$R" -v "$C/volume:/mnt:rw" /pay/hold
	grep -qE ' (shared|master|propagate_from):' "/proc/$PID/mountinfo" &&
		bad "a mount propagates"
	"${IN[@]}" mount -t tmpfs none "$C/volume/sub" || bad "no new mount"
	grep -q ' /mnt/sub ' "/proc/$PID/mountinfo" &&
		bad "a mount made outside came in"
	grep -q "$T.* proc " "/proc/$holder/mountinfo" &&
		bad "a mount of the sandbox came out"
	IN=()
	release
	kill "$holder"
	wait "$holder" 2>/dev/null
	settle
}

t_mnt_3() {
	begin T-MNT-3 "nothing is mounted over /, /dev, /proc or /sys"
	mkdir -p "$C/volume"
	as_owner "$C/volume"
	printf '%s\n' / /. // /proc /proc/ /proc/. /mnt/../proc /proc/self \
		/proc/self/attr /proc/sys /proc/1 /sys /sys/fs /sys/firmware \
		/dev /dev/ /dev/pts /./dev >"$C/targets"
	each_refused run --rootfs "$R" -v "$C/volume:{}:rw" /bin/true \
		<"$C/targets"
	each_refused run --rootfs "$R" --tmpfs {} /bin/true <"$C/targets"
	# even where every rule permits
	IMMURE=$T/lax/bin/immure each_refused run --rootfs "$R" --mount \
		"type=bind,source=$C/volume,target={}" /bin/true <"$C/targets"
	settle
	begin T-MNT-3 "nor by a volume of an image"
	. "$KIT/images.sh"
	for target in /proc /sys/fs /dev /proc/self /dev/pts; do
		image "config.Volumes={\"$target\":{}}"
		run_image -- /bin/sh -c 'grep -q ^NoNewPrivs:.1 \
			/proc/self/status || echo ESCAPED without walls'
		need_either
		run_image --read-only -- /bin/sh -c 'grep -q ^NoNewPrivs:.1 \
			/proc/self/status || echo ESCAPED without walls'
		need_either
		gone
	done
	settle
}

# Two names swapped while sandboxes start: 0 mounts outside, no new file.
race() { # TEXT SETUP-FN RUN-FN
	local i
	begin T-MNT-4 "$1"
	"$2"
	as_owner "$C"/{rootfs,volume,other,src,out} 2>/dev/null
	start_swap "$C/$A" "$C/$B"
	for i in $(seq "$(many 5 10000)"); do
		"$3"
		need_either
		[ -z "$BAD" ] || break
	done
	end_swap
	settle
}
# a target below a volume that somebody else fills at the same time
setup_target() {
	A=volume/t B=volume/u
	mkdir -p "$C/volume/t/in" "$C/other"
	ln -s "$C/canary/dir" "$C/volume/u"
}
run_target() {
	im run --rootfs "$R" -v "$C/volume:/mnt:rw" -v "$C/other:/mnt/t:rw" \
		--tmpfs /mnt/t/in/new /pay/fds "$C/canary/file"
}
setup_deep_target() {
	A=volume/t B=volume/u
	mkdir -p "$C/volume/t" "$C/other"
	ln -s ../../../../../../../../.."$C/canary" "$C/volume/u"
}
run_deep_target() {
	im run --rootfs "$R" -v "$C/volume:/mnt:rw" \
		-v "$C/other:/mnt/t/dir/a/b:rw" --tmpfs /mnt/t/new/x \
		/bin/true
}
# the source is swapped for a link to what is not permitted
setup_source() {
	A=src B=out
	mkdir -p "$C/src"
	echo mine >"$C/src/file"
	ln -s "$C/canary" "$C/out"
	cat >"$C/deny.policy" <<-END
		permit any
		deny bind under $C/canary
	END
}
run_sources() { # one start in six sees it swapped in between
	local n
	for n in $(seq 10); do
		run_source
	done
}
run_source() {
	im run --policy "$C/deny.policy" --rootfs "$R" -v "$C/src:/mnt" \
		/bin/sh -c 'grep -q mine /mnt/file || echo ESCAPED by swap'
}
# the root itself
setup_root() {
	A=rootfs B=out
	ln -s / "$C/out"
}
run_root() {
	im run --rootfs "$R" /pay/fds "$C/canary/file"
}
# a directory of the root that something is mounted on
setup_dir() {
	A=rootfs/mnt B=rootfs/out
	ln -s "$C/canary" "$R/out"
	mkdir -p "$C/other"
}
run_dir() {
	im run --rootfs "$R" -v "$C/other:/mnt/new/dir" --tmpfs /mnt/t \
		/pay/fds "$C/canary/file"
}
# the working directory
setup_cwd() {
	A=volume/t B=volume/u
	mkdir -p "$C/volume/t"
	ln -s "$C/canary" "$C/volume/u"
}
run_cwd() {
	im run --rootfs "$R" -v "$C/volume:/mnt:rw" -w /mnt/t \
		/pay/fds "$C/canary/file"
}
t_mnt_4() {
	race "a mount target is swapped for a link" setup_target run_target
	race "a target's parent is swapped for a link" setup_deep_target \
		run_deep_target
	race "a bind source is swapped for what is denied" setup_source \
		run_sources
	race "the root is swapped for a link to /" setup_root run_root
	race "a directory of the root is swapped for a link" setup_dir run_dir
	race "the working directory is swapped for a link" setup_cwd run_cwd
}

t_mnt_5() {
	local o
	# z and Z are taken for what they mean elsewhere, and do nothing here
	begin T-MNT-5 "nothing of the host is relabelled"
	for o in z Z ro,Z; do
		im run --rootfs "$R" -v "$C/canary:/mnt:$o" /bin/true
		need_either
	done
	im run --rootfs "$R" --mount \
		"type=bind,source=$C/canary,target=/mnt,relabel=private" \
		/bin/true
	settle either
}

t_mnt_6() {
	begin T-MNT-6 "the kernel mounts no image file"
	truncate -s 1M "$C/disk.img"
	printf 'hsqs' | dd of="$C/disk.img" conv=notrunc 2>/dev/null
	as_owner "$C/disk.img"
	printf '%s\n' ext4 squashfs erofs overlay fuse 9p nfs image volume \
		cgroup cgroup2 proc sysfs devtmpfs >"$C/types"
	IMMURE=$T/lax/bin/immure each_refused run --rootfs "$R" --mount \
		"type={},source=$C/disk.img,target=/mnt" /bin/true <"$C/types"
	IMMURE=$T/lax/bin/immure each_refused run --rootfs "$R" --mount \
		"type={},target=/mnt" /bin/true <"$C/types"
	im run --rootfs "$C/disk.img" /bin/true
	need_refused
	im run --rootfs "$R" --privileged /bin/true
	need_refused
	im run --rootfs "$R" --device /dev/loop0 /bin/true
	settle refused
}

# Puts something odd in the place of $R/FILE.
plant_odd() { # KIND FILE
	rm -rf "${R:?}/$2"
	mkdir -p "$(dirname "$R/$2")"
	case $1 in
	link) ln -s "$C/canary/file" "$R/$2" ;;
	up) ln -s "../../../../../../..$C/canary/fifo" "$R/$2" ;;
	dangling) ln -s "$C/canary/new" "$R/$2" ;;
	fifo) mkfifo "$R/$2" ;;
	big) truncate -s 10G "$R/$2" ;;
	dir) mkdir "$R/$2" ;;
	magic) ln -s /proc/self/exe "$R/$2" ;;
	loop) ln -s "$(basename "$2")" "$R/$2" ;;
	esac
	chown -h "$TEST_UID:$TEST_GID" "$R/$2"
}
# Files that immure makes or reads in a root.
t_mnt_7() {
	local file kind kinds='link fifo big'
	[ -z "$FULL" ] || kinds="$kinds up dangling dir magic loop"
	begin T-MNT-7 "files of the root that are links, FIFOs or huge"
	for file in etc/passwd etc/group etc/hosts etc/hostname \
		etc/resolv.conf etc/mtab dev/null dev/console dev/ptmx \
		run/.containerenv .dockerenv .krun_config.json; do
		for kind in $kinds; do
			plant_odd "$kind" "$file"
			im run --rootfs "$R" -u user /pay/fds "$C/canary/file"
			need_either
		done
		rm -rf "${R:?}/$file"
		[ ! -e "$T/base/$file" ] || cp -a "$T/base/$file" "$R/$file"
	done
	settle
}

# What the payload reads of its own mounts.
t_mnt_8() {
	local info
	begin T-MNT-8 "mountinfo: nosuid everywhere, nodev but for /dev, no host path"
	mkdir -p "$C/volume"
	as_owner "$C/volume"
	im run --rootfs "$R" -v "$C/volume:/mnt" /bin/sh -c \
		'cat /proc/self/mountinfo; echo RAN'
	info=$(grep -E '^[0-9]+ [0-9]+ ' <<<"$OUT")
	[ "$(wc -l <<<"$info")" -gt 15 ] || bad "too few mounts: $info"
	# a device node is neither executed nor does it hold others
	awk '$6 !~ /nosuid/ && !/ devtmpfs /' <<<"$info" | grep -q . &&
		bad "without nosuid"
	awk '$6 !~ /nodev/ && $5 !~ "^/(dev|proc)(/|$)" && $9 != "devtmpfs" &&
		!/ devtmpfs /' <<<"$info" | grep -q . && bad "without nodev"
	awk '$5 == "/mnt" && $6 !~ /^ro/' <<<"$info" | grep -q . &&
		bad "a volume that was not asked for rw is writable"
	awk '$5 == "/" { print $0 }' <<<"$info" | grep -q "$C" &&
		bad "the root tells where it lies"
	settle ran
}

# Payload: takes every mount for its own. Mounts of its own are not escapes.
TAKE_MOUNTS='
	while read -r _ _ _ _ at _; do
		for o in remount,rw remount,bind,rw,suid,dev,exec; do
			mount -o "$o" none "$at" 2>/dev/null &&
				echo "ESCAPED remounted $at"
		done
		umount "$at" 2>/dev/null && echo "ESCAPED unmounted $at"
		umount -l "$at" 2>/dev/null && echo "ESCAPED detached $at"
	done </proc/self/mountinfo
	for f in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /mnt/file; do
		(echo x >$f) 2>/dev/null && echo "ESCAPED wrote $f"
	done
	echo RAN'
NEW_MOUNTS='
	mount -t proc p /tmp 2>/dev/null && echo ESCAPED mounted proc
	mount -t sysfs p /tmp 2>/dev/null && echo ESCAPED mounted sysfs
	mount -t tmpfs p /tmp 2>/dev/null && echo ESCAPED mounted tmpfs
	mount -o bind /etc /tmp 2>/dev/null && echo ESCAPED bound /etc'
t_rmt_1() {
	begin T-RMT-1 "no mount can be made writable, or taken away"
	im run --rootfs "$R" -v "$C/canary:/mnt" /bin/sh -c \
		"$NEW_MOUNTS$TAKE_MOUNTS"
	need_ran
	im run --rootfs "$R" --caps compat -v "$C/canary:/mnt" /bin/sh -c \
		"$NEW_MOUNTS$TAKE_MOUNTS"
	need_ran
	. "$KIT/seccomp.sh"
	asked -- mount
	settle
	# the mounts belong to a namespace of which the sandbox is not root
	begin T-RMT-1 "not even with CAP_SYS_ADMIN and without a filter"
	lax run --rootfs "$R" --caps all --security-opt seccomp=unconfined \
		-v "$C/canary:/mnt" /bin/sh -c "$TAKE_MOUNTS"
	settle ran
}
