# policy.sh - what is shown, judged and done is the same.
# shellcheck shell=bash

policy_refused() { # WHAT: the policy in $C/p
	chmod 0644 "$C/p"
	as_owner "$C/p"
	im run --policy "$C/p" --rootfs "$R" /bin/true
	[ "$ST" = 125 ] || bad "$1: status $ST: $(short)"
}
t_pol_1() {
	begin T-POL-1 "policies with other bytes than text are refused"
	printf 'permit any\0\ndeny bind\n' >"$C/p"
	policy_refused "a NUL"
	printf 'permit any\r\n' >"$C/p"
	policy_refused "a carriage return"
	printf 'permit any\n\xc2\x9bdeny\n' >"$C/p"
	policy_refused "a control character"
	printf 'permit any\n\xe2\x80\xae# x\n' >"$C/p"
	policy_refused "a bidi override"
	printf 'permit any\n\xff\n' >"$C/p"
	policy_refused "no UTF-8"
	printf 'permit any\nunknown word\n' >"$C/p"
	policy_refused "an unknown word"
	printf 'permit any\ndeny bind path relative\n' >"$C/p"
	policy_refused "a relative path"
	printf 'permit any\ndeny bind ro ro rw\n' >"$C/p"
	policy_refused "a condition twice"
	head -c 20000000 /dev/zero | tr '\0' '#' >"$C/p"
	policy_refused "a line of 20 MB"
	rm -f "$C/p"
	mkfifo "$C/p"
	im run --policy "$C/p" --rootfs "$R" /bin/true
	need_refused
	rm -f "$C/p"
	echo 'permit any' >"$C/p"
	as_owner "$C/p"
	chmod 0666 "$C/p"
	im run --policy "$C/p" --rootfs "$R" /bin/true
	need_refused
	settle
	begin T-POL-1 "the plan that is shown is the plan that is judged"
	im plan --rootfs "$R" -v "$C/canary:/mnt" /bin/true
	a=$(grep -oE '[0-9a-f]{64}' <<<"$OUT" | head -1)
	im plan --rootfs "$R" -v "$C/canary:/mnt" /bin/true
	[ -n "$a" ] && [ "$a" = "$(grep -oE '[0-9a-f]{64}' <<<"$OUT" |
		head -1)" ] || bad "no stable hash: $a"
	im plan --rootfs "$R" -v "$C/canary:/mnt:rw" /bin/true
	[ "$a" != "$(grep -oE '[0-9a-f]{64}' <<<"$OUT" | head -1)" ] ||
		bad "another plan has the same hash"
	settle
}

t_pol_2() {
	local way
	begin T-POL-2 "what is denied is denied by every name, and above"
	mkdir -p "$C/a/b/c" "$C/up"
	ln -s "$C/a/b" "$C/link"
	ln -s ../a "$C/up/link"
	echo x >"$C/a/b/file"
	ln "$C/a/b/file" "$C/hard"
	as_owner "$C/a" "$C/up" "$C/link" "$C/hard"
	printf 'permit any\ndeny bind under %s\ndeny bind path %s\n' \
		"$C/a" "$C/a/b/file" >"$C/p"
	chmod 0644 "$C/p"
	for way in a a/b a/b/c a/b/file link link/c up/link up/link/b \
		up/../a "../$N/a" ./a//b . a/b/../b/c; do
		im run --policy "$C/p" --rootfs "$R" -v "$C/$way:/mnt/x" \
			/pay/fds "$C/canary/file"
		[ "$ST" = 126 ] || bad "$way: status $ST"
	done
	im run --policy "$C/p" --rootfs "$R" -v "/proc/self/root$C/a:/mnt/x" \
		/bin/true
	need_refused
	im run --policy "$C/p" --rootfs "$R" -v "$C/hard:/mnt/x" /bin/true
	[ "$ST" = 126 ] || bad "a hard link: status $ST"
	im run --policy "$C/p" --rootfs "$R" -v "$C/up:/mnt/x" /bin/true
	[ "$ST" = 0 ] || bad "what is not denied: $(short)"
	settle
	begin T-POL-2 "a sandbox does not get what holds keys or sockets"
	for way in /proc /sys /dev /run "/run/user/$TEST_UID" / "$TEST_HOME" \
		/proc/self /dev/null /var/run "$T/data" "$T"; do
		im run --rootfs "$R" -v "$way:/mnt/x" /bin/true
		need_refused
		im run --rootfs "$R" -v "$way:/mnt/x:rw" /bin/true
		need_refused
	done
	im run --rootfs / /bin/true
	need_refused
	im run --rootfs "$T" /bin/true
	need_refused
	settle
	begin T-POL-2 "the user's own policy cannot widen the system's"
	echo 'permit any' >"$C/p"
	as_owner "$C/p"
	im run --policy "$C/p" --rootfs "$R" -v /proc:/mnt/x /bin/true
	need_refused
	im run --policy "$C/p" --rootfs "$R" --security-opt \
		seccomp=unconfined /bin/true
	need_refused
	im run --policy "$C/p" --rootfs "$R" --privileged /bin/true
	settle refused
}
