# unpack.sh - programs of Debian packages that are not installed, for a test
# that compares with them: installing those packages would start their
# services. Sourced after common.sh.

# unpacked PACKAGE PROGRAM…: these programs, installed or unpacked beside the
# build, are on the PATH. Fails where the package cannot be had.
unpacked() {
	local package=$1 dir=$BUILD/peers/$1 deb
	shift
	have "$@" && return 0
	if [ ! -d "$dir" ]; then
		have apt-get dpkg-deb || return 1
		rm -rf "$dir.new" && mkdir -p "$dir.new/root" || return 1
		(cd "$dir.new" && timeout 200 apt-get -q download "$package") \
			>"$T/download" 2>&1 || return 1
		for deb in "$dir.new"/*.deb; do
			dpkg-deb -x "$deb" "$dir.new/root" || return 1
		done
		mkdir "$dir" && mv "$dir.new"/root/usr/{bin,sbin}/* "$dir/"
		rm -rf "$dir.new"
	fi
	PATH=$dir:$PATH
	have "$@"
}
