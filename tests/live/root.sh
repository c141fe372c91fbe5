#!/bin/bash
# root.sh - immure started by root: its ids come from /etc/subuid as anybody's,
# root's own id is in no sandbox, and only it can open what is root's.
. "$(dirname "$0")/../lib/common.sh"

have unshare || { skip root "needs unshare"; exit 0; }
"$HERE/tests/lib/mkbusybox" bb.tar
mkdir -p bb secret && tar -C bb -xf bb.tar
chmod -R a+rX bb
chmod 0700 secret && echo x >secret/file
echo root:300000:65536 >subid

# Ranges for root, in a mount namespace of its own.
as_root() {
	unshare -m sh -c 'mount --bind "$0/subid" /etc/subuid &&
		mount --bind "$0/subid" /etc/subgid && exec "$@"' "$T" \
		env -i HOME="$T" XDG_DATA_HOME="$T/rootdata" PATH="$PATH" \
		"$IMMURE" "$@" 2>&1 </dev/null
}
R=(as_root run --rootfs "$T/bb")

same root_runs_a_root_directory "$("${R[@]}" id -u)" 0
for userns in nomap keep-id root single; do
	matches "with --userns=$userns it is not root's uid" \
		"$(as_root run --explain --userns "$userns" --rootfs "$T/bb" true)" \
		'is uid 30000[01] of the host'
done
same another_user "$("${R[@]}" sh -c 'id -u' && as_root run -u 1000 --rootfs "$T/bb" id -u)" $'0\n1000'
same a_terminal "$(as_root run -t --rootfs "$T/bb" tty | tr -d '\r')" /dev/pts/0
same read_only "$(as_root run --read-only --rootfs "$T/bb" sh -c 'touch /x 2>/dev/null || echo ro')" ro
same a_bind_below_what_only_root_can_enter \
	"$(chmod 0700 "$T/secret"; mkdir -p secret/in; echo y >secret/in/f
		as_root run -v "$T/secret/in:/in" --rootfs "$T/bb" cat /in/f)" y
run_status 1 what_is_roots_stays_closed \
	as_root run -v "$T/secret:/s" --rootfs "$T/bb" cat /s/file
chmod 0700 bb
run_status 125 a_root_that_only_root_can_enter_is_named "${R[@]}" true
matches the_remedy_is_named "$OUT" 'chmod o\+rx'
run_status 0 an_image_is_imported as_root import "$T/bb.tar" bb
same an_image_runs "$(as_root run bb id -u)" 0
same what_it_writes_is_kept "$(as_root run --keep bb sh -c 'echo z >/z; cat /z')" z
finish
