#!/bin/sh
# mklist.sh ROOT - one line for everything below ROOT, sorted: kind, mode,
# owner, then size, link count, time and SHA-256 of a file, or the target of a
# symlink. What a launcher makes anew (/dev, /proc, /sys, the three files of
# the network's names) is left out, so is the time of the directories that it
# makes them in, and the mode of the root, of which few archives say anything. Needs find, sort and sha256sum, as Debian has them.
set -eu
LC_ALL=C
export LC_ALL
cd "$1"
made='-path ./dev -o -path ./proc -o -path ./sys -o -path ./etc/hosts
	-o -path ./etc/hostname -o -path ./etc/resolv.conf'
{
	# shellcheck disable=SC2086 # the words of find
	find . -xdev \( $made \) -prune \
		-o -path . -printf '%p\td %U:%G\n' \
		-o -path ./etc -printf '%p\td %m %U:%G\n' \
		-o -type d -printf '%p\td %m %U:%G %Ts\n' \
		-o -type l -printf '%p\tl %U:%G %Ts %l\n' \
		-o -printf '%p\t%y %m %U:%G %s %n %Ts\n'
	# shellcheck disable=SC2086
	find . -xdev \( $made \) -prune -o -type f -print0 |
		xargs -0 sha256sum
} | sort
