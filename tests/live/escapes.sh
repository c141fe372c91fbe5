#!/bin/bash
# escapes.sh - the ways out of sandboxes that others have had to close, tried
# on immure, by an ordinary user. escapes/TABLE names them all: which
# vulnerabilities, which script, which guard; or why one cannot be shown here.
#
#   tests/live/escapes.sh               all
#   tests/live/escapes.sh T-CWD-1 …     only these
#   IMMURE_FULL=1 …                     races with their full counts
KIT=$(cd "$(dirname "$0")" && pwd)/escapes
. "$KIT/../../lib/common.sh"
. "$KIT/kit.bash"

TABLE=$KIT/TABLE
WANTED=" $* "

wanted() { # ID
	[ "$WANTED" = "  " ] || [[ $WANTED == *" $1 "* ]]
}

# One row: a function named like the id, in the named script.
try() { # ID SCRIPT
	local fn before=$RESULTS start=$SECONDS
	fn=$(tr 'A-Z-' 'a-z_' <<<"$1")
	if ! declare -F "$fn" >/dev/null; then
		# shellcheck disable=SC1090
		. "$KIT/$2.sh"
	fi
	"$fn"
	[ "$RESULTS" -gt "$before" ] || not_ok "$1" "no case of it ran"
	[ -z "${IMMURE_TIMES:-}" ] || echo "# $1: $((SECONDS - start)) s"
}

build_programs && build_base && build_canary && build_lax || {
	not_ok escapes "the payloads could not be built"
	finish
}
# the positive control: a harmless program runs in the root that is used
begin T-0 "a harmless program runs"
im run --rootfs "$R" /bin/sh -c 'cat /etc/passwd && echo RAN'
settle ran

# Is what a test would be about still not there? "no command X", "no flag X",
# "no program X": more may follow after a colon.
is_absent() { # WHY
	local kind name
	read -r _ kind name <<<"${1%%:*}"
	case $kind in
	command) OUT=$(as_user "$IMMURE" "$name" 2>&1) ;;
	flag) OUT=$(as_user "$IMMURE" run "$name" x x 2>&1) ;;
	program)
		[ ! -e "$T/bin/$name" ]
		return
		;;
	*) return 1 ;;
	esac
	grep -Eq 'not offered|unknown (command|flag)' <<<"$OUT"
}

# The rows of these scripts.
try_rows() { # ERE
	while IFS=$'\t' read -r id script _ why; do
		[[ $id == T-* && $script =~ ^($1)$ ]] || continue
		wanted "$id" || continue
		if [ "$script" = - ]; then
			if is_absent "$why"; then
				skip "$id" "$why"
			else
				not_ok "$id" "it is not so that there is $why"
			fi
		else
			try "$id" "$script"
		fi
	done <"$TABLE"
}
# Two at a time: what loads images, and the rest.
OTHERS=$(grep ^T- "$TABLE" | cut -f2 | grep -vx 'images\|mounts\|script' | sort -u |
	paste -sd'|')
(trap - EXIT; N=1000; try_rows 'images|mounts') >"$T/first" &
FIRST=$!
(trap - EXIT; try_rows "$OTHERS") | tee "$T/second"
wait "$FIRST"
cat "$T/first"
! grep -qh '^not ok' "$T/first" "$T/second" || FAILED=1
finish
