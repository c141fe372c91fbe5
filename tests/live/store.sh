#!/bin/bash
# store.sh - images into the store, as an unprivileged user: archives that a
# stranger might send (tests/lib/mktar.py), real ones made by other programs,
# loads that are killed. A refused load leaves no trace, here or outside.
# a user of its own: others' workers are not its concern
TEST_USER=${TEST_USER:-immurestore}
. "$(dirname "$0")/../lib/common.sh"

MKTAR=$HERE/tests/lib/mktar.py
STORE=$T/data/immure
export CANARY=$T/canary
ARCH=$(dpkg --print-architecture)
export ARCH
SUBUID=$(awk -F: -v u="$TEST_USER" '$1 == u { print $2; exit }' /etc/subuid)

# Everything that a user of the store can see, and no temporary directory.
listing() { # DIR
	(cd "$1" 2>/dev/null && find . -path ./tmp/\* -prune -o \
		\( -name lock -o -path ./tmp -o -path ./holds \) -o \
		-printf '%y %m %U:%G %s %T@ %P -> %l\n' |
		grep -av '^d .* [0-9]* [0-9.]*  -> $' | sort
	cat index.json 2>/dev/null; ls tmp 2>/dev/null)
}
make_canary() {
	mkdir -m 0777 "$CANARY"
	echo untouched >"$CANARY/file"
	chmod 0666 "$CANARY/file"
	mkdir -m 0777 "$CANARY/sub"
	chown -R "$TEST_UID:$TEST_GID" "$CANARY"
	touch -h -d '2001-02-03' "$CANARY/file" "$CANARY/sub" "$CANARY"
}
canary() {
	(cd "$CANARY" && find . -printf '%y %m %U:%G %s %T@ %P -> %l\n' |
		sort && cat file)
}

# ---- archives of a stranger ----

# One case against a store that holds an image already.
hostile() { # CASE
	local name=$1 before after status tree= why= verdict ere
	before=$(listing "$STORE"; canary)
	OUT=$(as_user timeout 60 "$IMMURE" load -i "$T/hostile/$name.tar" 2>&1 \
		</dev/null)
	status=$?
	after=$(listing "$STORE"; canary)
	if grep -q "^$name	\(tree\|absent\)" "$T/expected"; then
		tree=$(python3 "$MKTAR" show "$STORE/layers" "$SUBUID" 2>&1)
	fi
	while IFS=$'\t' read -r _ verdict ere; do
		why+=$(verdict "$verdict" "$ere")
	done < <(grep "^$name	" "$T/expected")
	[ -n "$(find / -xdev -maxdepth 2 -name 'escaped*' 2>/dev/null)" ] &&
		why+="; a file escaped"
	[ "$(canary)" = "$CANARY_WAS" ] || why+="; the canary was touched"
	if [ -z "$why" ]; then ok "$name"; else not_ok "$name" "${why#; }"; fi
	if [ "$status" -eq 0 ]; then
		as_user "$IMMURE" rmi hostile:1 >/dev/null 2>&1 ||
			as_user "$IMMURE" rmi -f \
				"$(printf '%s' "$OUT" | grep -ao 'sha256:[0-9a-f]*' |
					head -1)" >/dev/null 2>&1
	fi
}
# Prints what is wrong, if anything; uses hostile's variables.
verdict() { # VERDICT ERE
	case $1 in
	refused)
		[ "$status" -eq 125 ] || printf '; exit status %s: %s' \
			"$status" "$OUT"
		[ "$(printf '%s\n' "$OUT" | wc -l)" -eq 1 ] ||
			printf '; not one line: %s' "$OUT"
		printf '%s\n' "$OUT" | grep -aEq -e "$2" ||
			printf '; the message is: %s' "$OUT"
		[ "$before" = "$after" ] || printf '; the store changed: %s' \
			"$(diff <(echo "$before") <(echo "$after") | head -5)"
		;;
	loaded)
		[ "$status" -eq 0 ] || printf '; exit status %s: %s' \
			"$status" "$OUT"
		;;
	tree | absent)
		if printf '%s\n' "$tree" | grep -aEq -e "$2"; then
			[ "$1" = tree ] || printf '; there is /%s/' "$2"
		else
			[ "$1" = absent ] || printf '; no line like /%s/' "$2"
		fi
		;;
	esac
}
hostile_archives() {
	local name
	mkdir -m 0755 "$T/hostile"
	make_canary
	CANARY_WAS=$(canary)
	python3 "$MKTAR" list >"$T/expected"
	python3 "$MKTAR" make "$T/hostile"
	chmod 0644 "$T"/hostile/*
	for name in $(cut -f1 "$T/expected" | uniq); do
		hostile "$name"
	done
	rm -r "$T/hostile"
}


# ---- limits ----
limits() {
	local tar=$T/limits.tar
	mkdir -p "$T/many"
	for i in $(seq 200); do echo "$i" >"$T/many/$i"; done
	head -c 3000000 /dev/urandom >"$T/many/large"
	tar -C "$T/many" -cf "$tar" .
	refused_for too_many_entries 'more than 100 files' \
		import --max-entries 100 "$tar" x
	refused_for too_many_bytes 'larger than 2097152 bytes' \
		import --max-size 2m "$tar" x
	run_status 0 just_within_the_limits as_user "$IMMURE" import -q \
		--max-entries 202 --max-size 4m "$tar" x
	as_user "$IMMURE" rmi x >/dev/null
	# an archive that never ends: nothing comes through the pipe
	mkfifo "$T/never"
	chmod 0666 "$T/never"
	sleep 60 >"$T/never" &
	refused_for too_long 'more than 1 seconds' \
		load --max-time 1s -i "$T/never"
	kill $!
	lacks no_worker_outlives_it "$(workers)" .
}
# refused_for NAME ERE WORDS…: fails with this message, the store unchanged.
refused_for() {
	local name=$1 ere=$2 before
	shift 2
	before=$(listing "$STORE")
	run_status 125 "$name" as_user timeout 30 "$IMMURE" "$@"
	matches "${name}_is_said" "$OUT" "$ere"
	same "${name}_leaves_nothing" "$(listing "$STORE")" "$before"
}
# Those that are still there; a zombie only waits for the system's init.
workers() {
	ps -o stat=,pid=,args= -u "$TEST_UID,$SUBUID" |
		awk '$1 !~ /^Z/ && $3 ~ /immure-image/'
}

# ---- a full disk ----
full_disk() {
	local small=$T/small
	mkdir "$small"
	if ! mount -t tmpfs -o size=24m,mode=0700,uid="$TEST_UID" none "$small"
	then
		skip a_full_disk "no tmpfs can be mounted"
		return
	fi
	USER_ENV=(XDG_DATA_HOME="$small")
	as_user "$IMMURE" images >/dev/null
	before=$(listing "$small/immure")
	run_status 125 a_full_disk as_user "$IMMURE" load -q -i "$BIG"
	matches a_full_disk_is_said "$OUT" 'No space left'
	same a_full_disk_leaves_nothing "$(listing "$small/immure")" "$before"
	USER_ENV=()
	umount "$small"
}

# ---- loads that are killed ----
KILLS=${KILLS:-40}
# What the store holds, whatever the inodes and times: before or after.
content() {
	(cd "$STORE" && find blobs layers containers -printf \
		'%y %m %U:%G %s %P -> %l\n' | grep -av '^d .* -> $' | sort
	cat index.json)
}
start_load() {
	as_user sh -c 'echo $$ >"$T/pid"; exec "$IMMURE" load -q -i "$0"' \
		"$BIG" >/dev/null 2>&1 &
}
gone() { # within a second; three on a busy machine
	for _ in $(seq 30); do
		[ -n "$(workers)" ] || return 0
		sleep 0.1
	done
	return 1
}
killed_loads() {
	local before complete took i start wait_ms got kept=0 whole=0 other=0 \
		outlived=0
	as_user "$IMMURE" gc >/dev/null
	before=$(content)
	start=$(date +%s%N)
	as_user "$IMMURE" load -q -i "$BIG" >/dev/null
	took=$((($(date +%s%N) - start) / 1000000))
	complete=$(content)
	as_user "$IMMURE" rmi wrapped:1 >/dev/null
	same a_removed_image_leaves_the_store_as_it_was "$(content)" "$before"
	for i in $(seq "$KILLS"); do
		wait_ms=$((RANDOM * took * 11 / 10 / 32768))
		rm -f "$T/pid"
		start_load
		sleep "$((wait_ms / 1000)).$(printf %03d $((wait_ms % 1000)))"
		[ -s "$T/pid" ] && kill -9 "$(cat "$T/pid")" 2>/dev/null
		wait $! 2>/dev/null
		gone || outlived=$((outlived + 1))
		as_user "$IMMURE" images >/dev/null || other=$((other + 1))
		got=$(content)
		if [ "$got" = "$before" ]; then
			kept=$((kept + 1))
		elif [ "$got" = "$complete" ]; then
			whole=$((whole + 1))
			as_user "$IMMURE" rmi wrapped:1 >/dev/null
		else
			other=$((other + 1))
			diff <(echo "$before") <(echo "$got") | head -3
			as_user "$IMMURE" gc >/dev/null
		fi
	done
	same "a_load_killed_at_${KILLS}_moments_is_whole_or_nothing" "$other" 0
	same no_worker_outlives_a_killed_load "$outlived" 0
	# a series that hit nothing would prove nothing
	[ "$kept" -ge $((KILLS / 2)) ] ||
		not_ok killed_before_the_end "only $kept of $KILLS"
	as_user "$IMMURE" gc >/dev/null
	same what_killed_loads_left_is_swept "$(ls -A "$STORE/tmp")" ""
}

# ---- two at once, and what belongs to whom ----
two_loads() {
	local a b
	as_user "$IMMURE" load -q -i "$BIG" >"$T/one" 2>&1 &
	a=$!
	as_user "$IMMURE" load -q -i "$BIG" >"$T/two" 2>&1 &
	b=$!
	wait "$a" && wait "$b"
	same two_loads_of_one_image_at_once $? 0
	same and_it_is_there_once "$(as_user "$IMMURE" images -q | sort |
		uniq -d)" ""
}
rights() {
	same the_store_is_closed_to_others \
		"$(find "$STORE" -maxdepth 2 -type d ! -perm 0700)" ""
	same its_files_are_closed_to_others \
		"$(find "$STORE" -maxdepth 1 -type f ! -perm 0600
		find "$STORE/blobs" -type f ! -perm 0600)" ""
	same no_file_of_it_is_setuid \
		"$(find "$STORE" ! -type l -perm /6000)" ""
	same no_layer_holds_devices_but_whiteouts "$(find "$STORE" \
		\( -type b -o -type p -o -type s -o -type c \) |
		while read -r f; do stat -c '%t:%T' "$f"; done | grep -v 0:0)" ""
	same no_name_of_the_user_is_in_a_layer \
		"$(find "$STORE"/layers/*/root -user "$TEST_UID" | head -1)" ""
}
libraries() {
	lacks the_launcher_loads_no_archive_library "$(ldd "$IMMURE")" \
		'archive|crypto|curl'
	lacks the_worker_never_lets_the_library_write_files \
		"$(nm -D "$T/bin/immure-image")" 'archive_write'
}

# ---- what kept containers are made of ----
kept() {
	local before layers container
	mkdir -p "$T/bb/bin"
	cp "$(command -v busybox)" "$T/bb/bin/"
	ln -s busybox "$T/bb/bin/sh"
	tar -C "$T/bb" -cf "$T/bb.tar" .
	chmod 0644 "$T/bb.tar"
	as_user "$IMMURE" gc >/dev/null
	before=$(ls "$STORE/layers")
	as_user "$IMMURE" import -q "$T/bb.tar" bb >/dev/null
	run_status 0 a_container_is_kept as_user "$IMMURE" run --keep bb \
		sh -c 'echo written >/file'
	container=$(echo "$STORE"/containers/*)
	same what_it_wrote_is_there "$(cat "$container/upper/file")" written
	as_user "$IMMURE" rmi bb >/dev/null
	as_user "$IMMURE" gc >/dev/null
	layers=$(comm -13 <(echo "$before") <(ls "$STORE/layers"))
	matches its_layer_outlives_the_image "$layers" '^[0-9a-f]{64}$'
	matches and_is_recorded "$(cat "$container/meta.json")" \
		"\"sha256:${layers:-none}\""
	rm -r "$container"
	as_user "$IMMURE" gc >/dev/null
	same without_it_the_layer_goes "$(ls "$STORE/layers")" "$before"
	# its maker was killed: nobody can have written to it
	as_user mkdir -p "$container/upper"
	as_user "$IMMURE" gc >/dev/null
	same a_container_half_made_is_swept "$(ls "$STORE/containers")" ""
}

# ---- what unpacking needs ----
little_memory() { # CASE NAME
	local rss
	python3 "$MKTAR" make "$T" "$1"
	chmod 0644 "$T/$1.tar"
	rss=$(as_user python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
		"$IMMURE" load -i "$T/$1.tar")
	if [ "$rss" -lt 65536 ]; then ok "$2"; else not_ok "$2" "$rss KiB"; fi
}
programs_run() {
	local log=$T/strace name=nothing_but_the_worker_and_the_id_helpers_is_run
	if ! have strace; then
		skip "$name" "strace is not installed"
		return
	fi
	python3 "$MKTAR" make "$T" helpers-of-its-own
	chmod 0644 "$T/helpers-of-its-own.tar"
	strace -f -u "$TEST_USER" -e trace=execve,execveat -o "$log" \
		env -i PATH=/usr/bin:/bin HOME="$TEST_HOME" \
		XDG_DATA_HOME="$T/data" XDG_RUNTIME_DIR="/run/user/$TEST_UID" \
		"$IMMURE" load -q -i "$T/helpers-of-its-own.tar" \
		>/dev/null 2>&1 </dev/null
	same "$name" "$(grep -o 'execve("[^"]*"\|execveat([0-9]*, ""' "$log" |
		grep -v /env | sed 's|.*/||; s|"||g; s|execveat.*|fd|' | sort |
		tr '\n' ' ')" "fd immure newgidmap newuidmap "
	as_user "$IMMURE" rmi hostile:1 >/dev/null
}

as_user "$IMMURE" images >/dev/null
hostile_archives
little_memory bomb-after-end a_bomb_needs_little_memory
little_memory junk-far-after-end bytes_after_the_end_need_little_memory
programs_run
limits
# some thousand files, more than the small disk below holds
BIG=$T/big.tar
tar --numeric-owner --owner=0 --group=0 -C /usr -cf "$T/a.tar" share/perl
tar --numeric-owner --owner=0 --group=0 -C /usr -cf "$T/b.tar" \
	share/doc share/zoneinfo
python3 "$MKTAR" wrap "$BIG" "$T/a.tar" "$T/b.tar"
chmod 0644 "$BIG"
full_disk
killed_loads
two_loads
kept
rights
libraries
finish
