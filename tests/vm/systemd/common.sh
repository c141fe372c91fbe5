# common.sh - what the tests source that run as an ordinary user in a login
# session of a guest: results, a table, a directory that goes away.
set -u
FAILED=0
CGROUP=/sys/fs/cgroup
MANAGER=$CGROUP/user.slice/user-$UID.slice/user@$UID.service
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

ok() { printf 'ok %s\n' "$1"; }
not_ok() {
	printf 'not ok %s: %s\n' "$1" "${2:-}"
	FAILED=1
}
same() { # NAME GOT WANT
	if [ "$2" = "$3" ]; then ok "$1"; else
		not_ok "$1" "got \"$2\", expected \"$3\""
	fi
}
matches() { # NAME TEXT ERE
	if grep -Eq -e "$3" <<<"$2"; then ok "$1"; else
		not_ok "$1" "no line matches /$3/ in: $2"
	fi
}
run_status() { # STATUS NAME CMD…
	local want=$1 name=$2 status
	shift 2
	OUT=$("$@" 2>&1 </dev/null)
	status=$?
	if [ "$status" -eq "$want" ]; then ok "$name"; else
		not_ok "$name" "exit status $status, expected $want: $OUT"
	fi
}
row() { printf '| %-24s | %-22s | %s\n' "$@"; }
