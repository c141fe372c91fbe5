# inside.sh - what a payload holds and sees: descriptors, programs, /proc.
# shellcheck shell=bash

t_fd_1() {
	local flags fd
	begin T-FD-1 "no descriptor of the caller gets in but the three"
	for flags in "" --init=false -i; do
		# shellcheck disable=SC2086
		im_with_fds run $flags --rootfs "$R" /pay/fds "$C/canary/file"
		need_ran
	done
	settle
	begin T-FD-1 "closed standard streams do not become something else"
	for fd in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
		OUT=$(cd "$C" && eval "as_user timeout 10 '$IMMURE' run -i \
			--rootfs '$R' /bin/sh -c '/pay/fds $C/canary/file \
			>/tmp/o; cat /tmp/o >&2; cat /tmp/o' $fd" 2>&1)
		ST=$?
		after_run
		need_either
	done
	settle
	begin T-FD-1 "a directory is no standard stream"
	for fd in '0<' '1<' '2<' '0<>/dev/null 1<'; do
		OUT=$(cd "$C" && eval "as_user timeout 10 '$IMMURE' run -i \
			--rootfs '$R' /bin/sh -c '/pay/fds $C/canary/file \
			>/tmp/o; grep . /tmp/o >&2; cat /tmp/o' $fd'$C/canary'" \
			2>&1)
		ST=$?
		[[ $OUT != *ESCAPED* ]] || bad "$fd DIRECTORY: $(short)"
	done
	settle
	begin T-FD-1 "a FIFO of the caller keeps its mode"
	OUT=$(cd "$C" && user_run 10 "$IMMURE" run -i --rootfs "$R" /bin/sh -c \
		'echo RAN >&2' 2>&1 0<>"$C/canary/fifo" 1<>"$C/canary/fifo")
	ST=$?
	is "its mode" "$(stat -c %a "$C/canary/fifo")" 644
	# it was written to, and its times say so
	PICTURE=$(picture)
	settle ran
	begin T-FD-1 "/dev/stdout and friends of the root are not opened"
	for fd in stdin stdout stderr fd console tty ptmx null; do
		ln -s "$C/canary/fifo" "$R/dev/$fd"
	done
	ln -s "$C/canary/dir" "$R/dev/pts"
	im run --rootfs "$R" /pay/fds "$C/canary/file"
	need_either
	OUT=$(cd "$C" && as_user "$PAY/ptydrive" 10 "$IMMURE" run -it --rootfs \
		"$R" /pay/fds "$C/canary/file")
	ST=$?
	after_run
	settle ran
}

t_exe_1() {
	local sum times
	times=$(many 200 10000)
	begin T-EXE-1 "no program of immure can be overwritten from inside"
	sum=$(cat "$T"/bin/* | sha256sum)
	im run --rootfs "$R" /pay/exe "$times"
	need_ran
	im run --rootfs "$R" --caps compat --init=false /pay/exe "$times"
	need_ran
	# where the payload sees the launcher's processes
	lax run --rootfs "$R" --pid host --caps all --security-opt \
		seccomp=unconfined --security-opt landlock=off /pay/exe 3
	need_ran
	is "the programs" "$(cat "$T"/bin/* | sha256sum)" "$sum"
	settle
	begin T-EXE-1 "an entry point that is #!/proc/self/exe"
	printf '#!/proc/self/exe\n' >"$R/bin/self"
	chmod 0755 "$R/bin/self"
	ln -s /proc/self/exe "$R/bin/link"
	ln -s /proc/1/exe "$R/bin/one"
	as_owner "$R/bin/self"
	# the program that runs is then immure's process 1, as the payload
	MAY_BE_SILENT=1
	for p in /bin/self /bin/link /bin/one /proc/self/exe /proc/1/exe \
		/proc/self/fd/5; do
		im run --pids-limit 20 --rootfs "$R" "$p"
		[ "$ST" -ne 0 ] || bad "$p: it ran"
	done
	unset MAY_BE_SILENT
	is "the programs" "$(cat "$T"/bin/* | sha256sum)" "$sum"
	settle
}

MASKED="/proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys
	/proc/latency_stats /proc/sched_debug /proc/scsi /proc/timer_list
	/proc/timer_stats /sys/dev/block /sys/devices/virtual/powercap
	/sys/class/powercap/intel-rapl /sys/firmware /sys/fs/selinux"
READ_ONLY="/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger
	/proc/asound /proc/acpi /proc/scsi /proc/mtrr /sys"

t_mask_1() {
	local script
	begin T-MASK-1 "what /proc and /sys tell of the host is hidden"
	script='for f in '$(tr '\n\t' '  ' <<<"$MASKED")'; do
		if [ -d "$f" ]; then
			[ -z "$(ls -A "$f" 2>&1)" ] || echo "ESCAPED $f"
		elif [ -c "$f" ]; then :
		elif [ -e "$f" ]; then echo "ESCAPED $f is not covered"
		fi
	done
	/pay/walk '$(tr '\n\t' '  ' <<<"$READ_ONLY")
	im run --rootfs "$R" /bin/sh -c "$script"
	need_ran
	im run --rootfs "$R" --caps compat /bin/sh -c "$script"
	need_ran
	# the powers of root do not lift a cover
	lax run --rootfs "$R" --caps all --security-opt seccomp=unconfined \
		/bin/sh -c "for f in $(tr '\n\t' '  ' <<<"$MASKED"); do
			umount \"\$f\" 2>/dev/null && echo ESCAPED \"\$f\"
		done; $script"
	settle ran
}

t_mask_2() {
	local f dev
	begin T-MASK-2 "covers are the host's null device and empty directories"
	rm -rf "$R/dev"
	mkdir "$R/dev"
	for f in null zero full random urandom tty; do
		ln -s /proc/kcore "$R/dev/$f"
	done
	as_owner "$R/dev"
	hold run --rootfs "$R" /pay/hold
	for f in $MASKED; do
		[ -e "/proc/$PID/root$f" ] || continue
		[[ $f != /sys/class/* ]] || continue
		dev=$(stat -c '%F %t:%T' "/proc/$PID/root$f")
		case $dev in
		'character special file 1:3') ;;
		directory*) is "$f" "$(ls -A "/proc/$PID/root$f")" '' ;;
		*) bad "$f is covered by $dev" ;;
		esac
		grep -q " $f " "/proc/$PID/mountinfo" || bad "$f: no mount"
		# shellcheck disable=SC2086
		grep " $f " "/proc/$PID/mountinfo" | grep -qE ' - proc ' &&
			bad "$f is covered by procfs"
	done
	for f in null zero full random urandom tty; do
		[ -c "/proc/$PID/root/dev/$f" ] || bad "/dev/$f is no device"
	done
	release
	settle
}

t_sys_1() {
	local v before
	begin T-SYS-1 "no kernel parameter is set"
	before=$(sysctl -n kernel.core_pattern kernel.sysrq \
		kernel.hostname 2>&1)
	for v in kernel.core_pattern=x kernel.sysrq=1 net.ipv4.ip_forward=1 \
		'kernel/../kernel/sysrq=1' ../../etc/passwd=x kernel.shmmax='1;2'
	do
		im run --rootfs "$R" --sysctl "$v" /bin/true
		need_refused
	done
	im run --rootfs "$R" --caps compat /pay/walk /proc/sys
	need_ran
	is "the host's" "$(sysctl -n kernel.core_pattern kernel.sysrq \
		kernel.hostname 2>&1)" "$before"
	settle
}

# A /proc of the root's own, full of regular files.
plant_proc() {
	local f
	for f in self/attr/exec self/attr/current self/attr/apparmor/exec \
		self/uid_map self/gid_map self/setgroups self/status \
		sys/user/max_user_namespaces sys/kernel/core_pattern 1/status \
		thread-self/attr/exec; do
		mkdir -p "$R/proc/$(dirname "$f")"
		echo planted >"$R/proc/$f"
	done
	as_owner "$R/proc"
}
# What the kernel says of the held payload.
confinement() {
	grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|Umask)' \
		"/proc/$PID/status"
	cat "/proc/$PID"/{uid_map,gid_map,setgroups,limits}
	sed 's/^[0-9]* [0-9]* [0-9:]* //; s/ - .*//' "/proc/$PID/mountinfo"
}
t_lsm_1() {
	local want
	begin T-LSM-1 "a planted /proc does not change the walls"
	hold run --rootfs "$R" /pay/hold
	want=$(confinement)
	release
	plant_proc
	hold run --rootfs "$R" /pay/hold
	is "the confinement" "$(confinement)" "$want"
	is "/proc" "$(stat -f -c %T "/proc/$PID/root/proc")" proc
	release
	settle
	begin T-LSM-1 "/proc is a link to a planted one"
	plant_proc
	mv "$R/proc" "$R/fake"
	ln -s fake "$R/proc"
	im run --rootfs "$R" /bin/sh -c 'grep -q ^NoNewPrivs:.1 \
		/proc/self/status && echo RAN || echo ESCAPED without walls'
	settle either
}

t_lsm_2() {
	local i
	begin T-LSM-2 "a /proc that is swapped while the sandbox starts"
	plant_proc
	cp -a "$R/proc" "$R/fake"
	start_swap "$R/proc" "$R/fake"
	for i in $(seq "$(many 10 10000)"); do
		im run --rootfs "$R" /bin/sh -c 'grep -q ^NoNewPrivs:.1 \
			/proc/self/status && grep -q ^Seccomp_filters:.2 \
			/proc/self/status && [ ! -e /proc/self/setgroups/x ] &&
			[ "$(stat -f -c %T /proc)" = proc ] && echo RAN ||
			echo ESCAPED without walls'
		need_either
	done
	end_swap
	settle
}

t_lsm_3() {
	local label
	begin T-LSM-3 "a label that this host cannot give refuses the start"
	if [ ! -e /sys/kernel/security/apparmor ]; then
		im run --rootfs "$R" --security-opt apparmor=immure-default \
			/bin/true
		need_refused
	fi
	if [ ! -e /sys/fs/selinux/enforce ]; then
		label=system_u:system_r:container_t:s0:c1,c2
		im run --rootfs "$R" --security-opt label="$label" /bin/true
		need_refused
	fi
	im run --rootfs "$R" --security-opt nosuch=x /bin/true
	settle refused
}
