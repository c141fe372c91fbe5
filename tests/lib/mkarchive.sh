# mkarchive.sh - sourced: small images made by hand, so that each part of them
# can be made wrong. Nothing of ours is used to make them.
#
#   use_layer FILE                        the layer of what follows: a tar
#   docker_dir DIR [CONFIG [MANIFEST]]    what docker save wrote before 25
#   oci_dir DIR [CONFIG [MANIFEST [INDEX]]]   an OCI layout
#   pack DIR                              DIR.tar of it, members in order
#
# CONFIG, MANIFEST and INDEX are programs for sed -E that are applied to the
# JSON (one line each) before its digest is taken. DIR is made anew.

use_layer() {
	LAYER=$1
	LAYER_HEX=$(hex_of "$1")
	LAYER_SIZE=$(stat -c %s "$1")
}
hex_of() { # FILE
	local line
	line=$(sha256sum "$1")
	printf %s "${line%% *}"
}
# edit PROGRAM TEXT FILE: the text, edited, into the file.
edit() {
	if [ -n "$1" ]; then
		sed -E -e "$1" <<<"$2" | head -c -1 >"$3"
	else
		printf %s "$2" >"$3"
	fi
}

config_json() { # the config of an image of the layer
	printf '{"architecture":"%s","os":"linux","config":{"Cmd":["/bin/id"],"Env":["PATH=/bin"],"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
		"$ARCH" "$LAYER_HEX"
}

docker_dir() {
	local dir=$1
	rm -rf "$dir"
	mkdir "$dir"
	ln "$LAYER" "$dir/layer.tar"
	edit "${2:-}" "$(config_json)" "$dir/config.json"
	edit "${3:-}" '[{"Config":"config.json","RepoTags":["bad:latest"],"Layers":["layer.tar"]}]' \
		"$dir/manifest.json"
}

# blob DIR FILE TYPE: FILE moves into the layout; $BLOB becomes its
# descriptor.
blob() {
	local hex size
	hex=$(hex_of "$2")
	size=$(stat -c %s "$2")
	mv "$2" "$1/blobs/sha256/$hex"
	descriptor "$3" "$hex" "$size"
}
descriptor() { # TYPE HEX SIZE
	BLOB='{"mediaType":"application/vnd.oci.image.'$1'","digest":"sha256:'$2'","size":'$3'}'
}

oci_dir() {
	local dir=$1 layer config
	rm -rf "$dir"
	mkdir -p "$dir/blobs/sha256"
	printf '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
	cp "$LAYER" "$dir/blobs/sha256/$LAYER_HEX"
	descriptor layer.v1.tar "$LAYER_HEX" "$LAYER_SIZE"
	layer=$BLOB
	edit "${2:-}" "$(config_json)" "$dir/config"
	blob "$dir" "$dir/config" config.v1+json
	config=$BLOB
	edit "${3:-}" '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":'"$config"',"layers":['"$layer"']}' \
		"$dir/manifest"
	blob "$dir" "$dir/manifest" manifest.v1+json
	edit "${4:-}" '{"schemaVersion":2,"manifests":['"${BLOB%\}}"',"annotations":{"org.opencontainers.image.ref.name":"bad:latest"}}]}' \
		"$dir/index.json"
}
# The blob of a layout that a JSON names after KEY: blob_of DIR KEY
blob_of() {
	local hex
	hex=$(grep -rhoE "\"$2\":\[?\{\"mediaType\":\"[^\"]*\",\"digest\":\"sha256:[0-9a-f]*" \
		"$1/blobs" "$1/index.json" | head -n 1)
	printf '%s/blobs/sha256/%s' "$1" "${hex##*:}"
}

pack() {
	tar --numeric-owner --owner=0 --group=0 --sort=name -C "$1" \
		-cf "$1.tar" .
}

case $(uname -m) in
aarch64) ARCH=arm64 OTHER_ARCH=amd64 ;;
*) ARCH=amd64 OTHER_ARCH=arm64 ;;
esac
