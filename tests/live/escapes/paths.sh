# paths.sh - working directories and volumes: where a payload stands.
# shellcheck shell=bash

t_cwd_1() {
	local dir dirs
	dirs="/proc/self/cwd /proc/self/root /proc/1/root /proc/1/cwd
		/proc/self/fd/3 /proc/self/fd/8 /dev/fd/0
		/proc/self/task/1/cwd /proc/1/root/../.."
	[ -z "$FULL" ] || dirs="$dirs $(printf '/proc/self/fd/%d ' {0..1023})
		$(printf '/proc/1/fd/%d ' {0..1023})"
	begin T-CWD-1 "the working directory is no magic link of the launcher's"
	for dir in $dirs; do
		im_with_fds run --rootfs "$R" -w "$dir" /pay/fds \
			"$C/canary/file"
		need_either
	done
	settle
	begin T-CWD-1 "nor below one, nor through a link of the root to one"
	ln -s /proc/self/fd/7 "$R/seven"
	ln -s ../proc/1/cwd "$R/mnt/one"
	for dir in /seven /mnt/one /seven/.. "/proc/self/fd/9/../../.."; do
		im_with_fds run --rootfs "$R" -w "$dir" /pay/fds \
			"$C/canary/file"
		need_either
	done
	settle
}

t_cwd_2() {
	local dir
	begin T-CWD-2 "a working directory with .. stays inside"
	mkdir -p "$R$C/canary/dir"
	for dir in "/tmp/../../../../../../..$C/canary/dir" /../../.. /.. \
		"/mnt/../../$C/canary/dir"; do
		im run --rootfs "$R" -w "$dir" /pay/fds "$C/canary/file"
		need_either
	done
	settle
	begin T-CWD-2 "one through a link of the root makes nothing outside"
	ln -s "$C/canary" "$R/abs"
	ln -s "../../../../../../../..$C/canary" "$R/mnt/up"
	ln -s /nowhere "$R/dangling"
	for dir in /abs /abs/new/dir /mnt/up /mnt/up/new /dangling \
		/dangling/new; do
		im run --rootfs "$R" -w "$dir" /pay/fds "$C/canary/file"
		need_either
	done
	settle
	begin T-CWD-2 "one in a writable volume that holds a link"
	mkdir "$C/volume"
	ln -s "$C/canary" "$C/volume/out"
	as_owner "$C/volume"
	for dir in /mnt/out /mnt/out/new; do
		im run --rootfs "$R" -v "$C/volume:/mnt:rw" -w "$dir" \
			/pay/fds "$C/canary/file"
		need_either
	done
	settle
	begin T-CWD-2 "one that can be reached is where the payload stands"
	im run --rootfs "$R" -w /mnt/../tmp /bin/sh -c \
		'[ "$(readlink /proc/self/cwd)" = /tmp ] && echo RAN'
	settle ran
}

t_cwd_3() {
	begin T-CWD-3 "a directory that is moved out of its volume leads nowhere"
	mkdir -p "$C/volume/dir/deep" "$C/elsewhere"
	as_owner "$C/volume" "$C/elsewhere"
	hold run --rootfs "$R" -v "$C/volume:/mnt:rw" -w /mnt/dir/deep \
		/pay/fds --after /mnt/go "$C/canary/file"
	mv "$C/volume/dir" "$C/elsewhere/dir"
	touch "$C/volume/go"
	wait "$JOB"
	ST=$?
	OUT=$(cat "$C/held")
	after_run
	settle ran
}

# What an image brings in a place, a volume covers and never changes.
t_vol_1() {
	begin T-VOL-1 "a volume over files of the root keeps its own"
	mkdir -p "$C/volume" "$R/data"
	echo image >"$R/data/file"
	echo image >"$R/data/more"
	echo mine >"$C/volume/file"
	as_owner "$C/volume" "$R/data"
	im run --rootfs "$R" -v "$C/volume:/data:rw" /bin/sh -c \
		'grep -q mine /data/file && [ ! -e /data/more ] && echo RAN'
	is "what the volume holds" "$(ls "$C/volume")" file
	is "the file" "$(cat "$C/volume/file")" mine
	settle ran
}

# A writable volume that the last sandbox filled with links.
t_vol_3() {
	begin T-VOL-3 "what one run left in a volume does not lead the next out"
	mkdir -p "$C/volume"
	as_owner "$C/volume"
	im run --rootfs "$R" -v "$C/volume:/mnt:rw" /bin/sh -c "
		ln -s $C/canary /mnt/a; ln -s / /mnt/b
		ln -s ../../../../../..$C/canary /mnt/c; echo RAN"
	need_ran
	im run --rootfs "$R" -v "$C/volume:/mnt:rw" -w /mnt/a /pay/fds \
		"$C/canary/file"
	need_either
	im run --rootfs "$R" -v "$C/volume:/mnt:rw" --tmpfs /mnt/a/x \
		--tmpfs /mnt/c/y /pay/fds "$C/canary/file"
	need_either
	# the caller names a place in it: judged is what it leads to
	echo "deny bind under $C/canary" >"$C/deny.policy"
	sed -i '1i permit any' "$C/deny.policy"
	im run --policy "$C/deny.policy" --rootfs "$R" -v \
		"$C/volume/a:/mnt:rw" /pay/fds
	settle refused 'denied'
}
