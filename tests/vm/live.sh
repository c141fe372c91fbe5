#!/bin/bash
# live.sh - live tests of the tree in a guest with another kernel and, where it
# has AppArmor, the profiles loaded: live.sh SUITE…
cd "$(dirname "$0")/../.." || exit 1
if [ -d /sys/kernel/security/apparmor ]; then
	mkdir -p /etc/apparmor.d
	src/dist/install /usr/local "$BUILD" /tmp/installed
	cp /tmp/installed/etc/apparmor.d/immure* /etc/apparmor.d/
	apparmor_parser -r -K /etc/apparmor.d/immure-default || exit 1
fi
failed=0
for test; do
	begun=$SECONDS
	bash "tests/live/$test.sh" 2>&1 |
		sed -uE "s/^(ok|not ok|skip) /\1 $test: /"
	[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
	echo "# $test: $((SECONDS - begun)) s"
done
exit $failed
