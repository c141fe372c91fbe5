# ids.sh - who the payload is, as the host's kernel sees it.
# shellcheck shell=bash

# The host's number for an id inside: the first subordinate id is 0.
host_uid() { echo $(($(grep "^$TEST_USER:" /etc/subuid | cut -d: -f2) + $1)); }
host_gid() { echo $(($(grep "^$TEST_USER:" /etc/subgid | cut -d: -f2) + $1)); }

# is_user WORD UID: the word gives exactly this user.
is_user() {
	local h
	h=$(host_uid "$2")
	hold run --rootfs "$R" --user "$1" /pay/hold
	[ -z "$PID" ] || is "the uid for \"$1\"" "$(field Uid)" "$h $h $h $h"
	release
}

# Users whose names are numbers, and users who are none.
plant_passwd() {
	cat >"$R/etc/passwd" <<-'END'
		1000:x:0:0::/:/bin/sh
		4294967296:x:0:0::/:/bin/sh
		0x0:x:0:0::/:/bin/sh
		+1:x:0:0::/:/bin/sh
		-1:x:0:0::/:/bin/sh
		01000:x:0:0::/:/bin/sh
		1e3:x:0:0::/:/bin/sh
		root:x:7:7::/:/bin/sh
		big:x:4294967296:0::/:/bin/sh
		bad:x:-1:0::/:/bin/sh
		wrap:x:4294967295:0::/:/bin/sh
		empty:x:::/:/bin/sh
		short:x
		user:x:1000:1000::/tmp:/bin/sh
	END
	as_owner "$R/etc/passwd"
}
t_id_1() {
	begin T-ID-1 "a number is never a name, a name never a number"
	plant_passwd
	is_user 1000 1000
	is_user 1 1
	is_user root 7
	is_user user 1000
	is_user 65535 65535
	settle
	begin T-ID-1 "what is no user is refused"
	plant_passwd
	# printf turns \n and \x into what they stand for
	each_refused run --rootfs "$R" --user {} /pay/hold <<-'END'
		-1
		+1
		-0
		+0
		0x0
		0X1
		1e3
		01000000000000
		1.0
		 0
		0\x20
		4294967295
		4294967296
		4294967297
		4295967296
		2147483648
		18446744073709551616
		18446744073709551615
		99999999999999999999
		-2147483648
		65536
		65537
		big
		bad
		wrap
		empty
		short
		nosuch
		:
		:0
		0:
		0::
		0:0:0
		user:
		user:-1
		user:4294967296
		user:nosuch
		0:65536
		1000:
		0\n
		user\n
		us er
		user/
		./user
		../user
		user:x:0
		*
		$0
		\xd9\xa1
		\xef\xbc\x90
		\x7f
	END
	settle
}

# groups_are WORD GID…: exactly these supplementary groups.
groups_are() {
	local word=$1 g want=
	shift
	for g; do
		want="$want $(host_gid "$g")"
	done
	hold run --rootfs "$R" --user "$word" /pay/hold
	[ -z "$PID" ] || is "the groups of \"$word\"" "$(field Groups)" \
		"$(tr ' ' '\n' <<<"$want" | grep . | sort -n | tr '\n' ' ' |
			sed 's/ $//')"
	release
}
t_grp_1() {
	begin T-GRP-1 "the groups are the image's, and no others"
	groups_are user 10 50 1000
	groups_are root 0 10
	groups_are 1000 1000
	groups_are user:staff 50
	groups_are 5:7 7
	settle
	begin T-GRP-1 "with one id, groups cannot be dropped"
	hold run --rootfs "$R" --userns single /pay/hold
	is setgroups "$(cat "/proc/${PID:-self}/setgroups")" deny
	release
	settle
	begin T-GRP-1 "a group that means less is not left"
	echo no >"$R/mnt/less"
	chown 0:"$(host_gid 50)" "$R/mnt/less"
	chmod 0604 "$R/mnt/less"
	im run --rootfs "$R" -u user /bin/sh -c \
		'cat /mnt/less 2>/dev/null && echo ESCAPED; echo RAN'
	settle ran
}

# caps_are PRM BND WORDS…
caps_are() {
	local prm=$1 bnd=$2
	shift 2
	hold run --rootfs "$R" "$@" /pay/hold
	if [ -n "$PID" ]; then
		is "CapInh of $*" "$(field CapInh)" 0000000000000000
		is "CapAmb of $*" "$(field CapAmb)" 0000000000000000
		is "CapPrm of $*" "$(field CapPrm)" "$prm"
		is "CapEff of $*" "$(field CapEff)" "$prm"
		is "CapBnd of $*" "$(field CapBnd)" "$bnd"
		is "NoNewPrivs of $*" "$(field NoNewPrivs)" 1
	fi
	release
}
t_cap_1() {
	local none=0000000000000000 compat=00000000800405fb
	begin T-CAP-1 "the capabilities are those of the plan"
	caps_are $none $none
	caps_are $none $none -u user
	caps_are $none $none -u user --caps compat
	caps_are $compat $compat --caps compat
	settle
	begin T-CAP-1 "no file of the root gives more"
	for p in suid fcap; do
		mkdir "$R/$p"
		cp "$R/bin/busybox" "$R/$p/"
		chown "$(host_uid 0):$(host_gid 0)" "$R/$p/busybox"
	done
	chmod 6755 "$R/suid/busybox"
	setcap all+eip "$R/fcap/busybox" 2>/dev/null
	for p in suid fcap; do
		im run --rootfs "$R" -u user --caps compat "/$p/busybox" sh -c '
			[ "$(id -u)" = 1000 ] || echo ESCAPED to $(id -u)
			grep -E "^Cap(Prm|Eff|Bnd|Inh|Amb).*[1-9a-f]" \
				/proc/self/status && echo ESCAPED by caps
			echo RAN'
		need_ran
	done
	settle
}

t_suid_1() {
	local dir=$T/suid
	if [ -n "${SANITIZED:-}" ]; then
		skip T-SUID-1 "a sanitizer ends a program with more rights"
		return
	fi
	begin T-SUID-1 "immure with more rights than its caller does nothing"
	mkdir "$dir"
	cp -r "$T/policy" "$T/profiles" "$dir/"
	mkdir "$dir/bin"
	cp "$T/bin"/* "$dir/bin/"
	chmod 4755 "$dir/bin/immure"
	IMMURE=$dir/bin/immure im run --rootfs "$R" /pay/fds
	need_refused 'set-user-id'
	chown "$TEST_UID:0" "$dir/bin/immure"
	chmod 2755 "$dir/bin/immure"
	IMMURE=$dir/bin/immure im run --rootfs "$R" /pay/fds
	need_refused 'set-group-id'
	chmod 0755 "$dir/bin/immure"
	if setcap cap_sys_admin+ep "$dir/bin/immure" 2>/dev/null; then
		IMMURE=$dir/bin/immure im run --rootfs "$R" /pay/fds
		need_refused 'capabilities'
	fi
	settle
	begin T-SUID-1 "it brings no program with more rights"
	is "set-user-id programs" "$(find "$T/bin" -perm /6000)" ''
	is "programs with capabilities" "$(getcap "$T"/bin/* 2>/dev/null)" ''
	settle
}
