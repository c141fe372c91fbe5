# oci.sh - what the live tests of immure-oci share: a bundle with busybox in
# $B, and runs. Sourced after common.sh; ends the file where it cannot run.

OCI=$T/bin/immure-oci
if [ ! -x "$OCI" ]; then
	not_ok oci "$BUILD/immure-oci is not built"
	finish
fi
if ! have busybox python3; then
	skip oci "busybox-static and python3 are not installed"
	finish
fi

# ---- a bundle ----
B=$T/bundle
mkdir -p "$B/rootfs"
sh "$HERE/tests/lib/mkbusybox" "$T/bb.tar"
tar -xf "$T/bb.tar" -C "$B/rootfs"
chmod 0755 "$B" "$B/rootfs"
# config PYTHON: a config.json of `immure-oci spec`, changed.
config() {
	rm -f "$B/config.json"
	(cd "$B" && "$OCI" spec ${ROOTLESS:+--rootless}) || return
	python3 - "$B/config.json" "$1" <<-'PYTHON'
	import json, sys
	d = json.load(open(sys.argv[1]))
	d["process"]["terminal"] = False
	p = d["process"]; l = d["linux"]
	def run(text): p["args"] = ["/bin/sh", "-c", text]
	exec(sys.argv[2])
	json.dump(d, open(sys.argv[1], "w"))
	PYTHON
}
STATE=$T/state
oci() { "$OCI" --root "$STATE" --cgroup-manager disabled "$@"; }
# runs NAME STATUS PYTHON: a container with this config ends so; $OUT.
runs() {
	config "$3" || { not_ok "$1" "no config.json"; return; }
	run_status "$2" "$1" oci run --bundle "$B" "c$RANDOM$RANDOM"
}
