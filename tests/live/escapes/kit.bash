# kit.bash - what the escape tests share: a fresh directory for each case with
# a hostile root beside a canary, and the judgement afterwards.
#
#   begin T-FD-1 "descriptors of the caller stay outside"
#   im run --rootfs "$R" /pay/fds
#   settle ran
#
# A case passes when the payload ran harmlessly or the start was refused with
# a message, and the canary (names, modes, owners, sizes, times, contents) is
# what it was. A payload says ESCAPED when it got somewhere. 10 s is a hang.

PAY=$T/pay # our programs, static, also at /pay in every root
W=$T/w	   # the cases
N=0
RESULTS=0
FULL=${IMMURE_FULL:+1}
STORE=$T/data/immure

# many SMALL FULL: how often a race is tried
many() {
	if [ -n "$FULL" ]; then echo "$2"; else echo "$1"; fi
}
as_owner() { chown -Rh "$TEST_UID:$TEST_GID" "$@"; }

# PAYLOADS: a directory to keep them in from one run to the next (mutate).
build_programs() {
	local source name
	mkdir -p "$PAY" "$W"
	if [ -d "${PAYLOADS:-}" ]; then
		cp "$PAYLOADS"/* "$PAY/"
		return
	fi
	for source in "$KIT"/*.c; do
		name=$(basename "$source" .c)
		cc -D_GNU_SOURCE -std=gnu17 -O1 -Wall -Wextra -Werror -static \
			-o "$PAY/$name" "$source" || return 1
	done
	[ -z "${PAYLOADS:-}" ] || cp -r "$PAY" "$PAYLOADS"
}

# The root that every case starts from: one busybox, our programs, and the
# directories of a small image. It belongs to the user.
build_base() {
	local applet r=$T/base p=$T/programs # those are never changed
	mkdir -p "$r"/{etc,tmp,mnt,proc,sys,dev,root} "$p"/{bin,pay}
	chmod 1777 "$r/tmp"
	cp "$(command -v busybox)" "$p/bin/busybox"
	for applet in sh cat echo ls id sleep mount umount stat touch mkdir \
		ln rm mv wc head env true false dd od tr sed grep readlink \
		chmod chown cp find seq sync mknod unshare hostname; do
		ln -s busybox "$p/bin/$applet"
	done
	cp "$PAY"/* "$p/pay/"
	printf '%s\n' root:x:0:0:root:/root:/bin/sh \
		user:x:1000:1000:user:/tmp:/bin/sh >"$r/etc/passwd"
	printf '%s\n' root:x:0: user:x:1000: staff:x:50:user \
		wheel:x:10:root,user >"$r/etc/group"
	as_owner "$r" "$p"
}

# Things of the user that nobody may touch, read or reach.
build_canary() {
	local c=$T/canary
	mkdir -p "$c/dir"
	echo "the canary" >"$c/file"
	echo "a secret" >"$c/secret"
	echo "deep" >"$c/dir/deep"
	ln -s file "$c/link"
	mkfifo "$c/fifo"
	chmod 0600 "$c/secret"
	chmod 0640 "$c/dir/deep"
	as_owner "$c"
	touch -h -d 2001-02-03 "$c"/* "$c/dir/deep" "$c"
}
# Everything but access times; the change times see what was put back.
picture() {
	cd "$C/canary" && find . -printf '%P %y %m %U %G %n %s %T@ %C@ %l\n' |
		sort && cat file secret dir/deep
}

# begin ID TEXT: a fresh $C with the root $R; what goes wrong is collected.
begin() {
	ID=$1 TEXT=$2 BAD= OUT= ST=
	N=$((N + 1))
	C=$W/$N
	R=$C/rootfs
	mkdir "$C"
	cp -a "$T/base" "$R"
	cp -a --link "$T/programs"/* "$R/"
	cp -a "$T/canary" "$C/"
	chown "$TEST_UID:$TEST_GID" "$C"
	PICTURE=$(picture)
}
bad() {
	BAD="$BAD${BAD:+; }$*"
}
# user_run SECONDS CMD…: as as_user, for the many. USER_ENV comes first, since
# of a variable that stands twice the first counts. IN: where, as a command.
IN=()
user_run() {
	local seconds=$1
	shift
	"${IN[@]}" "$PAY/asuser" "$seconds" "$TEST_UID" "$TEST_GID" \
		${USER_ENV[@]+"${USER_ENV[@]}"} HOME="$TEST_HOME" \
		USER="$TEST_USER" LOGNAME="$TEST_USER" TERM=dumb \
		PATH=/usr/local/bin:/usr/bin:/bin \
		XDG_RUNTIME_DIR="/run/user/$TEST_UID" XDG_DATA_HOME="$T/data" \
		IMMURE="$IMMURE" -- "$@"
}
# im WORDS…: immure as the user, in $C. $OUT, $ST.
im() {
	OUT=$(cd "$C" && open_many && user_run $((10 * SLOW)) "$IMMURE" "$@" 2>&1 \
		</dev/null)
	ST=$?
	after_run
}
# The same, with many descriptors of the caller's open on the canary.
im_with_fds() {
	local FDS=1
	im "$@"
}
open_many() {
	local fd
	[ -n "${FDS:-}" ] || return 0
	for fd in $(seq 3 40); do
		eval "exec $fd<\"$C/canary\""
	done
}
# each_refused WORDS… < LINES: immure must refuse with every line in the place
# of {}. One shell of the user starts them all.
each_refused() {
	OUT=$(cd "$C" && as_user bash -c '
		while IFS= read -r line; do
			line=$(printf -- "$line.") line=${line%.}
			why=$(timeout -k 1 10 "$IMMURE" "${@//\{\}/$line}" \
				2>&1 </dev/null)
			status=$?
			case $status in
			125 | 126 | 127) [[ $why == *immure:* ]] && continue ;;
			esac
			printf "\"%q\" ended with %d\n" "$line" $status
		done' each "$@")
	[ -z "$OUT" ] || bad "not refused: $(short)"
}
# The same, where every rule permits: to see one wall without the policy.
lax() {
	local IMMURE=$T/lax/bin/immure
	im "$@"
}
build_lax() {
	mkdir -p "$T/lax/policy"
	cp -r "$T/bin" "$T/profiles" "$T/lax/"
	echo 'permit any' >"$T/lax/policy/default.policy"
	chmod -R a+rX "$T/lax"
}
short() {
	printf '%s' "$OUT" | tr '\n\t' '|  ' | tr -cd '[:print:]' | tail -c 500
}
# After each start, also where a case has many of them.
after_run() {
	case $ST in
	124 | 137) bad "hung: $(short)" ;;
	132 | 134 | 135 | 136 | 139) bad "crashed ($ST): $(short)" ;;
	125 | 126 | 127)
		[[ $OUT == *immure:* || -n ${MAY_BE_SILENT:-} ]] ||
			bad "status $ST without a message"
		;;
	esac
	escapes
}
# What a payload, or a tool of ours, complains of.
escapes() {
	[[ $'\n'$OUT != *$'\n'@(ESCAPED|WRONG)* ]] || bad "$(grep -aE \
		'^(ESCAPED|WRONG)' <<<"$OUT" | head -3 | tr '\n' ' ')"
}
# The payload must have come to its end, or the start must have been refused.
need_ran() {
	[ "$ST" = 0 ] && [[ $OUT == *RAN* ]] ||
		bad "it did not run ($ST): $(short)"
}
need_refused() { # [ERE]
	case $ST in
	125 | 126 | 127) ;;
	*) bad "not refused ($ST): $(short)" ;;
	esac
	[ -z "${1:-}" ] || grep -Eq -e "$1" <<<"$OUT" ||
		bad "refused without /$1/: $(short)"
}
need_either() {
	[ "$ST" = 0 ] || need_refused
}
check_canary() {
	local now
	now=$(picture)
	[ "$now" = "$PICTURE" ] || bad "the canary changed: $(diff \
		<(echo "$PICTURE") <(echo "$now") | tr '\n' '|' | head -c 300)"
	! grep -q " $T" /proc/self/mountinfo || bad "a mount was left behind"
}
# settle ran|refused|either|-: the judgement.
settle() {
	case ${1:--} in
	ran) need_ran ;;
	refused) need_refused "${2:-}" ;;
	either) need_either ;;
	esac
	check_canary
	RESULTS=$((RESULTS + 1))
	if [ -z "$BAD" ]; then
		ok "$ID $TEXT"
	else
		not_ok "$ID $TEXT" "$BAD"
	fi
}
# is WHAT GOT WANT
is() {
	[ "$2" = "$3" ] || bad "$1 is \"$2\", not \"$3\""
}

# The first process called immure below one.
find_immure() { # PID
	local p
	for p in $(pgrep -P "$1"); do
		if [ "$(cat "/proc/$p/comm" 2>/dev/null)" = immure ]; then
			echo "$p"
			return 0
		fi
		find_immure "$p" && return 0
	done
	return 1
}
child_of() { # PID: its first child
	[ -n "$1" ] && pgrep -P "$1" | head -1 | grep .
}
# hold WORDS…: starts in the background a run whose payload prints READY and
# waits. $HELD is immure, $INIT its process 1, $PID the payload.
hold() {
	local i
	(cd "$C" && user_run 20 "$IMMURE" "$@" >"$C/held" 2>&1 \
		</dev/null) &
	JOB=$!
	HELD='' INIT='' PID=''
	for i in $(seq 400); do
		grep -qs READY "$C/held" && break
		kill -0 "$JOB" 2>/dev/null || break
		sleep 0.02
	done
	OUT=$(tr -d '\0' <"$C/held")
	# each only below the one before, so that it is ours what we look at
	HELD=$(find_immure "$JOB") && INIT=$(child_of "$HELD") &&
		PID=$(child_of "$INIT")
	[ -n "$PID" ] || bad "nothing to look at: $(short)"
}
# parent_of PID
parent_of() {
	sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null
}
# release: ends it, by the payload's end. Only a process that is still where
# hold found it is ended.
release() {
	if [ -n "$PID" ] && [ "$(parent_of "$PID")" = "$INIT" ] &&
		[ "$(parent_of "$INIT")" = "$HELD" ]; then
		kill -KILL "$PID" 2>/dev/null
	fi
	wait "$JOB" 2>/dev/null
	OUT=$(tr -d '\0' <"$C/held")
	escapes
}
# A racer in the background, and its end.
start_swap() { # A B
	user_run 900 "$PAY/swap" "$1" "$2" 900 >"$C/swap" 2>&1 &
	SWAP=$!
}
end_swap() {
	local pid parent
	pid=$(head -1 "$C/swap")
	parent=$(parent_of "${pid:-none}")
	if [ "$parent" = "$SWAP" ] ||
		[ "$(parent_of "${parent:-none}")" = "$SWAP" ]; then
		kill "$pid"
	fi
	wait "$SWAP" 2>/dev/null
}
# field NAME: of the held payload, as the host sees it
field() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$PID/status" | tr '\t' ' ' |
		sed 's/ *$//'
}
