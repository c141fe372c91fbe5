#!/bin/bash
# mkdebian.sh DIR - a Debian as an image of five layers, made with other
# programs than ours, and what podman shows of it:
#
#   DIR/docker.tar  docker-archive (podman save): two images, plain and app
#   DIR/oci.tar     oci-archive (skopeo copy): app, its layers gzipped
#   DIR/tree        tests/lib/mklist.sh on the root that podman mounts
#
# DIR is a cache: it is filled again only when this file or mklist.sh has
# changed, and Debian's packages are fetched only once. Exit status 3, with
# the reason in one line on stdout, when it cannot be made on this host.
set -eu
umask 022
dir=$1
lib=$(cd "$(dirname "$0")" && pwd)
SUITE=bookworm

give_up() { # WHY
	printf '%s\n' "$1"
	exit 3
}

for p in mmdebstrap buildah podman skopeo; do
	command -v "$p" >/dev/null || give_up "$p is not installed"
done
key=$(cat "$lib/mkdebian.sh" "$lib/mklist.sh" | sha256sum)
[ "$(cat "$dir/key" 2>/dev/null)" = "$key" ] && exit 0

mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9
[ "$(cat "$dir/key" 2>/dev/null)" = "$key" ] && exit 0
work=$(mktemp -d "$dir/work-XXXXXX")

# $store is a storage of its own; images in it are not podman's of the host.
store=()
use_storage() { # NAME
	store=(--root "$work/$1" --runroot "$work/$1-run")
}
close_storage() {
	buildah "${store[@]}" umount --all >&2 || true
	podman "${store[@]}" image umount --all >&2 || true
	# the driver's own mount of its directory
	! mountpoint -q "${store[1]}/overlay" || umount "${store[1]}/overlay"
}
done_with_it() {
	[ ${#store[@]} -eq 0 ] || close_storage
	rm -rf --one-file-system "$work"
}
trap done_with_it EXIT

# ---- Debian's packages ----
if [ ! -e "$dir/$SUITE.tar" ]; then
	if ! mmdebstrap --quiet --variant=minbase \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		"$SUITE" "$work/$SUITE.tar" >"$work/log" 2>&1 </dev/null; then
		give_up "mmdebstrap: $(grep -m 1 '^E' "$work/log" ||
			tail -n 1 "$work/log")"
	fi
	mv "$work/$SUITE.tar" "$dir/$SUITE.tar"
fi

# ---- the layers ----
# layer FROM NAME FUNCTION: a container of FROM, changed by FUNCTION (in its
# root), becomes the image NAME; $config are words of buildah config.
config=()
layer() {
	local c m
	c=$(buildah "${store[@]}" from "$1")
	m=$(buildah "${store[@]}" mount "$c")
	(cd "$m" && "$3")
	[ ${#config[@]} -eq 0 ] ||
		buildah "${store[@]}" config "${config[@]}" "$c"
	buildah "${store[@]}" commit -q --rm "$c" "$2" >&2
}

from_debian() { # all but what is no part of a layer anywhere
	tar -xf "$dir/$SUITE.tar" --numeric-owner --xattrs \
		--xattrs-include='*' --exclude='./dev/*' .
}

# Names that go away: files, directories, links.
takes_away() {
	rm -rf usr/share/zoneinfo/Europe usr/share/zoneinfo/right
	rm usr/share/common-licenses/GPL-2 usr/bin/yes etc/issue.net
	rm -r usr/share/doc/tar
	# and files that the next layers meet
	mkdir -p srv/thousand srv/kinds srv/deep
	for i in $(seq 1000); do
		printf 'file %d\n' "$i" >"srv/thousand/$i"
	done
	mkdir srv/kinds/directory srv/kinds/again
	touch srv/kinds/file srv/kinds/directory/below srv/kinds/again/old
	ln -s directory srv/kinds/link
	mkdir -p "srv/deep/$(seq -s / 60)"
	touch "srv/deep/$(seq -s / 60)/bottom"
}

# Directories that are made anew in place of their old selves (opaque), and
# names that change their kind.
replaces() {
	local d
	for d in etc/skel var/log usr/share/common-licenses; do
		rm -rf "$d"
		mkdir "$d"
		echo "only this" >"$d/new"
	done
	rm -r srv/kinds/directory srv/kinds/file srv/kinds/link
	echo "was a directory" >srv/kinds/directory
	mkdir srv/kinds/file srv/kinds/link
	echo "was a file" >srv/kinds/file/in
	echo "was a link" >srv/kinds/link/in
	rm -r srv/kinds/again
	for i in $(seq 2 2 1000); do rm "srv/thousand/$i"; done
}

owners_and_links() {
	local long
	echo 'app:x:1234:5678:an app:/srv/app:/bin/sh' >>etc/passwd
	echo 'app:x:5678:' >>etc/group
	echo 'extra:x:5679:www-data,app' >>etc/group
	mkdir -p srv/app/bin srv/app/data
	echo mine >srv/app/data/private
	chmod 0600 srv/app/data/private
	chmod 0750 srv/app/data
	chown -R 1234:5678 srv/app
	cp usr/bin/id srv/app/bin/setuid
	cp usr/bin/id srv/app/bin/setgid
	chown 1234:5678 srv/app/bin/setuid srv/app/bin/setgid
	chmod 6755 srv/app/bin/setuid
	chmod 2711 srv/app/bin/setgid
	mkdir srv/app/sticky srv/app/none srv/links
	chmod 1777 srv/app/sticky
	chmod 0000 srv/app/none
	chown 65534:65534 srv/app/none
	# hard links: in a layer, to a file of the layer below, of a symlink
	echo linked >srv/links/a
	ln srv/links/a srv/links/b
	ln srv/links/a srv/app/c
	ln etc/debian_version srv/links/version
	ln -s a srv/links/soft
	ln -P srv/links/soft srv/links/soft-too
	ln -s /etc/passwd srv/links/absolute
	ln -s ../../../../../etc/passwd srv/links/upwards
	ln -s nowhere srv/links/dangling
	ln -s loop srv/links/loop
	# names
	long=$(printf 'n%.0s' $(seq 250))
	mkdir "srv/links/$long"
	echo long >"srv/links/$long/$long"
	echo space >"srv/links/ a name  with spaces "
	echo eight >"srv/links/grüße-日本語"
	echo dash >srv/links/-rf
	echo glob >'srv/links/*?[a]\$(id)'
	# content
	truncate -s 8M srv/links/sparse
	printf end >>srv/links/sparse
	: >srv/links/empty
	touch -d '1970-01-02 00:00:00 UTC' srv/links/empty
	touch -d '2040-01-01 12:34:56.789 UTC' srv/links/a
}

comes_back() {
	mkdir srv/kinds/again
	echo new >srv/kinds/again/new
	echo yes >usr/bin/yes
	chmod 0755 usr/bin/yes
	rm -r "srv/deep/$(seq -s / 60)"
	mkdir -p usr/share/doc/tar
	echo back >usr/share/doc/tar/readme
	echo changed >>srv/thousand/1
	chmod 0400 srv/thousand/3
	chown 33:33 srv/thousand/5
	mv srv/thousand/7 srv/thousand/8
}

use_storage build
layer scratch base from_debian
layer base away takes_away
layer away replaced replaces
layer replaced owned owners_and_links
config=(--cmd '["/bin/sh", "-c", "echo plain"]'
	--env PATH=/usr/local/bin:/usr/bin:/bin)
layer owned plain comes_back
config=(--user app --workingdir /srv/app --volume /srv/app/data
	--env 'GREETING=hello  world' --env PATH=/srv/app/bin:/usr/bin:/bin
	--entrypoint '["/usr/bin/printf", "[%s]"]' --cmd '["one"]'
	--stop-signal SIGINT --label 'who=the tests')
# the same layers and an empty one
layer plain app true

podman "${store[@]}" save -q -m --format docker-archive \
	-o "$work/docker.tar" plain app >&2
skopeo copy -q "containers-storage:[overlay@${store[1]}+${store[3]}]localhost/app" \
	"oci-archive:$work/oci.tar:localhost/app:latest" >&2
close_storage

# ---- what podman makes of it ----
use_storage read
podman "${store[@]}" load -q -i "$work/docker.tar" >&2
sh "$lib/mklist.sh" \
	"$(podman "${store[@]}" image mount localhost/app)" >"$work/tree"
podman "${store[@]}" image umount localhost/app >&2
close_storage

mv "$work/docker.tar" "$work/oci.tar" "$work/tree" "$dir/"
printf '%s\n' "$key" >"$dir/key"
