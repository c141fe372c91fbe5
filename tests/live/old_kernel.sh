#!/bin/bash
# old_kernel.sh - the way that Linux before 6.15 goes: layers of the overlay
# are named on a stage instead of being given by descriptor. Here as there the
# sandbox sees its own tree, and nothing of the stage or the host.
. "$(dirname "$0")/../lib/common.sh"

"$HERE/tests/lib/mkbusybox" bb.tar
mkdir -p bb && tar -C bb -xf bb.tar
rmdir bb/sys # else a read-only root needs no overlay
echo layer >bb/mark
chmod -R a+rX bb
cp "$BUILD/tests/live/old_kernel" "$T/bin/"
chmod 0755 "$T/bin/old_kernel"

for linux in 5.15 6.1 6.12 6.18; do
	for mode in rw ro; do
		name="Linux $linux, $mode"
		run() {
			as_user "$T/bin/old_kernel" "$linux" "$T/bb" "$mode" \
				sh -c "$1" 2>&1
		}
		same "$name: the layer is there" "$(run 'cat /mark')" layer
		same "$name: / is one overlay, the only one" \
			"$(run 'grep -c " - overlay " /proc/self/mountinfo;
				grep -c " / / " /proc/self/mountinfo')" $'1\n1'
		lacks "$name: mountinfo tells nothing of the host" \
			"$(run 'cat /proc/self/mountinfo')" \
			"$T|[ug]id=$TEST_UID([^0-9]|\$)"
		same "$name: .. of / is /" "$(run 'cd /../..; pwd; ls -di / /.. |
			sed "s/ .*//" | uniq | wc -l')" $'/\n1'
		want=ro
		[ "$mode" = rw ] && want='x 0'
		same "$name: writes go to the upper layer, or nowhere" \
			"$(run '(echo x >/new) 2>/dev/null && echo $(cat /new) \
				$(stat -c %u /new) || echo ro')" "$want"
		[ -e bb/new ] && not_ok "$name: the layer is unchanged" ||
			ok "$name: the layer is unchanged"
	done
done
finish
