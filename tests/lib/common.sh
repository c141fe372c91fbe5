# common.sh - what every live test sources. Gives it a temporary directory, an
# unprivileged user with subordinate ids, the built programs where that user
# can execute them, and ok / not_ok / skip.
#
#   . "$(dirname "$0")/../lib/common.sh"
#   run_status 0 a_program_runs as_user "$IMMURE" run --host /bin/true
#   finish
#
# Runs as root (a test user is made; commands drop to it by as_user). Not
# root: the whole file is skipped.

set -u
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$(cd "$HERE" && realpath "${BUILD:-build}")
TEST_USER=${TEST_USER:-immuretest}
FAILED=0

ok() { # NAME
	printf 'ok %s\n' "$1"
}
not_ok() { # NAME WHY
	printf 'not ok %s: %s\n' "$1" "${2:-}"
	FAILED=1
}
skip() { # NAME WHY
	printf 'skip %s: %s\n' "$1" "$2"
}
# Ends the test file: its status says whether anything failed.
finish() {
	exit "$FAILED"
}

# check NAME CMD…: ok when CMD succeeds; its output is shown otherwise.
check() {
	local name=$1 out status
	shift
	out=$("$@" 2>&1 </dev/null)
	status=$?
	if [ "$status" -eq 0 ]; then
		ok "$name"
	else
		not_ok "$name" "exit status $status: $out"
	fi
}
# run_status STATUS NAME CMD…: CMD must end with exactly this status. Its
# output (both streams) is left in $OUT.
run_status() {
	local want=$1 name=$2 status
	shift 2
	OUT=$("$@" 2>&1 </dev/null)
	status=$?
	if [ "$status" -eq "$want" ]; then
		ok "$name"
	else
		not_ok "$name" "exit status $status, expected $want: $OUT"
	fi
}
# same NAME GOT WANT: two texts are equal.
same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "$(printf 'got "%s", expected "%s"' "$2" "$3")"
	fi
}
# matches NAME TEXT ERE: some line of the text matches.
matches() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		ok "$1"
	else
		not_ok "$1" "no line matches /$3/ in: $2"
	fi
}
# lacks NAME TEXT ERE: no line of the text matches.
lacks() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		not_ok "$1" "a line matches /$3/ in: $2"
	else
		ok "$1"
	fi
}
# have PROGRAM…: are all of them installed?
have() {
	local p
	for p; do
		command -v "$p" >/dev/null || return 1
	done
}

if [ "$(id -u)" -ne 0 ]; then
	skip "$(basename "$0" .sh)" "needs root, to make and become a test user"
	exit 0
fi

make_test_user() {
	id "$TEST_USER" >/dev/null 2>&1 || useradd -m -s /bin/bash "$TEST_USER"
	TEST_UID=$(id -u "$TEST_USER")
	TEST_GID=$(id -g "$TEST_USER")
	TEST_HOME=$(getent passwd "$TEST_USER" | cut -d: -f6)
	if ! grep -q "^$TEST_USER:" /etc/subuid /etc/subgid; then
		usermod --add-subuids 1000000-1065535 \
			--add-subgids 1000000-1065535 "$TEST_USER"
	fi
	[ -d /run/user ] || mkdir -m 0755 /run/user
	if [ ! -d "/run/user/$TEST_UID" ]; then
		mkdir -m 0700 "/run/user/$TEST_UID"
		chown "$TEST_UID:$TEST_GID" "/run/user/$TEST_UID"
	fi
}

# SANITIZED: a build that sees its own errors is slow and large, and its search
# for leaks works neither when it is traced nor with more rights than its caller.
SLOW=${SANITIZED:+6}
SLOW=${SLOW:-1}
NO_LEAKS=(${SANITIZED:+ASAN_OPTIONS=detect_leaks=0})

# as_user CMD…: as the test user, with nothing of our environment. The image
# store is the test file's own; USER_ENV may hold more NAME=VALUE words.
USER_ENV=()
as_user() {
	setpriv --reuid="$TEST_UID" --regid="$TEST_GID" --init-groups \
		--inh-caps=-all \
		env -i HOME="$TEST_HOME" USER="$TEST_USER" \
		LOGNAME="$TEST_USER" PATH=/usr/local/bin:/usr/bin:/bin \
		TERM=dumb XDG_RUNTIME_DIR="/run/user/$TEST_UID" \
		XDG_DATA_HOME="$T/data" XDG_STATE_HOME="$T/state" \
		T="$T" IMMURE="$IMMURE" \
		${USER_ENV[@]+"${USER_ENV[@]}"} "$@"
}
# user_sh SCRIPT: the same, for a line of shell.
user_sh() {
	as_user /bin/sh -c "$1"
}

cleanup() {
	cd /
	[ -z "${T:-}" ] || rm -rf --one-file-system "$T"
}

make_test_user
T=$(mktemp -d /tmp/immure-test-XXXXXX)
trap cleanup EXIT
trap 'exit 130' INT TERM
chmod 0755 "$T"
mkdir "$T/bin" "$T/data" "$T/state"
chown "$TEST_UID:$TEST_GID" "$T" "$T/data" "$T/state"
chmod 0700 "$T/data" "$T/state"
# the user may not be able to enter the tree that we were built in
find "$BUILD" -maxdepth 1 -type f -perm -u+x -name 'immure*' \
	-exec cp -p {} "$T/bin/" \;
chmod -f 0755 "$T"/bin/* || true
# its data is looked for beside the programs
cp -r "$HERE/policy" "$HERE/profiles" "$T/"
chmod -R a+rX "$T/policy" "$T/profiles"
IMMURE=$T/bin/immure
cd "$T"
if [ ! -x "$IMMURE" ]; then
	not_ok "$(basename "$0" .sh)" "$BUILD/immure is not built"
	finish
fi
