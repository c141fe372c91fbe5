#!/bin/bash
# podman.sh - in a guest that systemd has booted, with cgroups of version 2:
# podman of an ordinary user, in a login session, with immure-oci as its runtime
# and systemd as its cgroup manager (systemd/podman).
. "$(dirname "$0")/../lib/common.sh"

if [ ! -d /run/systemd/system ] || ! have podman conmon; then
	skip podman "not booted by systemd, or podman is not installed"
	exit 0
fi
sh "$HERE/tests/lib/mkbusybox" "$T/bb.tar"
chmod 644 "$T/bb.tar"
systemd-run -q --wait --pipe --collect -p PAMName=login -p "User=$TEST_USER" \
	-p WorkingDirectory=/ bash "$HERE/tests/vm/systemd/podman" \
	"$T/bin/immure-oci" "$T/bb.tar" || FAILED=1
finish
