# seccomp.sh - the calls: made inside, and asked of the filters that the
# kernel holds for a running payload.
# shellcheck shell=bash

# made GROUP…: in the payload, plainly and with capabilities
made() {
	im run --rootfs "$R" /pay/calls "$@"
	need_ran
	im run --rootfs "$R" --caps compat -u 0 /pay/calls "$@"
	need_ran
}
# asked PROFILE-WORDS… -- GROUP…
asked() {
	local words=()
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	hold run --rootfs "$R" "${words[@]}" /pay/hold
	OUT=$("$PAY/filter" "${PID:-0}" "$@")
	[[ $OUT == *FILTERS* ]] || bad "the filters: $(short)"
	escapes
	release
}

t_sec_1() {
	begin T-SEC-1 "arguments are compared as the kernel reads them"
	made high
	asked -- high
	asked --security-opt seccomp=strict -- high
	settle
}

t_sec_2() {
	begin T-SEC-2 "no process can be traced or read"
	made ptrace
	asked -- ptrace
	asked --security-opt seccomp=strict -- ptrace
	settle
}

t_sec_3() {
	local p
	begin T-SEC-3 "the entry points of exploited kernel bugs are closed"
	made ns mount kernel net
	settle
	begin T-SEC-3 "and the filters say so, in every profile"
	for p in default strict build; do
		asked --security-opt "seccomp=$p" -- ns mount kernel net
	done
	settle
	begin T-SEC-3 "no user namespace, even without a filter"
	lax run --rootfs "$R" --security-opt seccomp=unconfined /bin/sh -c \
		'unshare -U true 2>/dev/null && echo ESCAPED by unshare
		 unshare -r -m true 2>/dev/null && echo ESCAPED by unshare -r
		 echo RAN'
	need_ran
	lax run --rootfs "$R" --security-opt seccomp=unconfined --caps all \
		/bin/sh -c 'unshare -U true 2>/dev/null && echo ESCAPED again
		 for n in user mnt net pid; do
		 (echo 9 >/proc/sys/user/max_${n}_namespaces) 2>/dev/null &&
			echo ESCAPED by a limit of $n
		 done
		 unshare -U true 2>/dev/null && echo ESCAPED at last; echo RAN'
	settle ran
}

# A profile in a file whose rules cannot hold together.
refused_profile() { # TEXT JSON
	echo "$2" >"$C/profile.json"
	chmod 0644 "$C/profile.json"
	lax run --rootfs "$R" --security-opt "seccomp=$C/profile.json" \
		/bin/true
	[ "$ST" = 125 ] && [[ $OUT == *profile* ]] ||
		bad "$1: not refused ($ST): $(short)"
}
t_sec_4() {
	local a='"action":"SCMP_ACT_ALLOW"' d='"defaultAction":"SCMP_ACT_ERRNO"'
	local deny='"action":"SCMP_ACT_ERRNO"'
	local arg='"args":[{"index":0,"value":40,"op":"SCMP_CMP_EQ"}]'
	begin T-SEC-4 "a profile that would not do what it says is refused"
	refused_profile "an unknown operator" "{$d,\"syscalls\":[{
		\"names\":[\"socket\"],$a,\"args\":[{\"index\":0,
		\"value\":1,\"op\":\"SCMP_CMP_ALMOST\"}]}]}"
	refused_profile "an unknown action" "{$d,\"syscalls\":[{
		\"names\":[\"read\"],\"action\":\"SCMP_ACT_PERHAPS\"}]}"
	refused_profile "a key twice" "{$d,$d,\"syscalls\":[]}"
	refused_profile "an unknown key" "{$d,\"syscals\":[]}"
	refused_profile "a NUL" "{$d,\"syscalls\":[{\"names\":
		[\"read\\u0000x\"],$a}]}"
	refused_profile "an allow and a denial of the same" "{
		\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[
		{\"names\":[\"chroot\"],\"action\":\"SCMP_ACT_ERRNO\"},
		{\"names\":[\"chroot\"],$a}]}"
	refused_profile "trailing text" "{$d,\"syscalls\":[]}{}"
	settle
	begin T-SEC-4 "a denial beside an allow of the same call holds"
	cat >"$C/p.json" <<-END
		{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
		{"names":["socket"],$deny,"errnoRet":97,$arg}]}
	END
	chmod 0644 "$C/p.json"
	lax run --rootfs "$R" --security-opt "seccomp=$C/p.json" /pay/vsock
	[[ $OUT == *"socket 97"* ]] || bad "vsock: $(short)"
	settle
}

t_sec_5() {
	begin T-SEC-5 "no kernel TLS, no iptables"
	made ulp
	asked -- ulp
	asked --security-opt seccomp=strict -- ulp
	settle
}

t_sec_6() {
	begin T-SEC-6 "calls of other architectures kill"
	made compat
	asked -- compat
	asked --security-opt seccomp=strict -- compat
	settle
}

t_sec_7() {
	begin T-SEC-7 "no set-group-id bit for a group that is not mapped"
	mkdir "$C/volume"
	cp "$R/bin/busybox" "$C/volume/b"
	as_owner "$C/volume"
	chgrp 0 "$C/volume/b"
	im run --rootfs "$R" -v "$C/volume:/mnt:rw" /bin/sh -c \
		'chmod 2755 /mnt/b; chmod 6755 /mnt/b; echo RAN'
	need_ran
	[ ! -g "$C/volume/b" ] || bad "the bit is set"
	settle
	begin T-SEC-7 "doctor tells which kernel this is"
	im doctor
	[[ $OUT == *kernel*Linux* ]] || bad "$(short)"
	settle
}
