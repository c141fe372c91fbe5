#!/bin/bash
# oci_corpus.sh - each config.json of tests/oci beside crun and runc: a
# container is made or refused as by one of them, and inside it everything is
# the same (what lib/oci_corpus.py and oci_probe.c look at), or the case's file
# `differs` says why not.
. "$(dirname "$0")/../lib/common.sh"

OCI=$T/bin/immure-oci
PROBE=$BUILD/tests/live/oci_probe
if [ ! -x "$OCI" ] || [ ! -x "$PROBE" ]; then
	not_ok oci_corpus "$BUILD is not built"
	finish
fi
if ! have crun runc busybox python3; then
	skip oci_corpus "crun, runc, busybox-static and python3 are not all there"
	finish
fi
mkdir "$T/place"
chmod 0755 "$T/place"
unshare -m python3 "$HERE/tests/lib/oci_corpus.py" "$PROBE" "$OCI" \
	"$T/place" "$TEST_USER" || FAILED=1
same no_cgroup_is_left \
	"$(find /sys/fs/cgroup -name 'immure-corpus*' 2>/dev/null)" ""
same no_state_is_left \
	"$(find "$T"/place/*/state-immure-oci -mindepth 1 2>/dev/null)" ""
same no_device_was_given_away "$(stat -c %U:%a /dev/null)" root:666

finish
