#!/bin/bash
# live.sh - live tests of the tree in a guest that has all walls at once: a
# Debian with its own kernel, AppArmor's profiles loaded, Landlock.
cd "$(dirname "$0")/../.." || exit 1
mkdir -p /etc/apparmor.d
src/dist/install /usr/local "$BUILD" /tmp/installed
cp /tmp/installed/etc/apparmor.d/immure* /etc/apparmor.d/
apparmor_parser -r -K /etc/apparmor.d/immure-default || exit 1
failed=0
for test in walls policy run seccomp; do
	bash "tests/live/$test.sh" 2>&1 |
		sed -E "s/^(ok|not ok|skip) /\1 $test: /"
	[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
done
exit $failed
