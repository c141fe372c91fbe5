#!/bin/bash
# run.sh - immure run as its users use it: statuses, streams, terminal,
# signals, time-outs, binds, users, errors.
. "$(dirname "$0")/../lib/common.sh"

"$HERE/tests/lib/mkbusybox" bb.tar
mkdir -p bb empty vol && tar -C bb -xf bb.tar
echo inside >vol/file
printf '#!/bin/nosuch\n' >bb/badscript
printf 'not a program' >bb/garbage
printf 'x' >bb/noexec
chmod 755 bb/badscript bb/garbage
chmod -R a+rX bb vol
chown -R "$TEST_UID:$TEST_GID" vol
mkdir -m 0700 vol/private && chown "$TEST_UID:$TEST_GID" vol/private
R=(as_user "$IMMURE" run --rootfs "$T/bb")

# ---- statuses ----
run_status 0 a_program_that_succeeds_is_0 "${R[@]}" true
run_status 7 the_status_is_the_payloads "${R[@]}" sh -c 'exit 7'
run_status 137 a_signal_is_128_plus_n "${R[@]}" sh -c 'kill -9 $$'
run_status 127 a_missing_program_is_127 "${R[@]}" nosuch
matches the_missing_program_is_named "$OUT" '^immure: nosuch: no such program'
run_status 126 a_file_that_is_not_executable_is_126 "${R[@]}" /noexec
run_status 126 a_directory_is_126 "${R[@]}" /bin
run_status 126 garbage_is_126 "${R[@]}" /garbage
matches garbage_is_explained "$OUT" 'xec'
run_status 127 a_missing_interpreter_is_127 "${R[@]}" /badscript
run_status 125 an_unknown_flag_is_125 as_user "$IMMURE" run --priviledged x
matches the_nearest_flag_is_named "$OUT" '\-\-privileged'
run_status 125 a_missing_rootfs_is_125 as_user "$IMMURE" run --rootfs "$T/no" true
matches the_missing_rootfs_is_named "$OUT" "$T/no"
run_status 125 an_unknown_image_is_125 as_user "$IMMURE" run nosuchimage true
run_status 124 a_time_out_ends_the_sandbox as_user "$IMMURE" run --timeout 1s --rootfs "$T/bb" sleep 30

# ---- streams ----
same standard_output_is_passed "$("${R[@]}" echo hello)" hello
same standard_error_is_passed "$("${R[@]}" sh -c 'echo oops >&2' 2>&1 >/dev/null)" oops
same without_i_standard_input_is_empty "$(echo data | "${R[@]}" cat)" ""
same with_i_standard_input_is_passed \
	"$(echo data | as_user "$IMMURE" run -i --rootfs "$T/bb" cat)" data
same a_megabyte_comes_through_whole \
	"$(head -c 1000000 /dev/zero | as_user "$IMMURE" run -i --rootfs "$T/bb" cat | wc -c)" 1000000
same a_pipe_can_be_opened_by_name \
	"$(user_sh "$IMMURE run --rootfs $T/bb sh -c 'echo x >/dev/stdout' | cat")" x

# ---- terminal ----
tty_out=$(TERM=dumb script -qec "$(printf '%q ' setpriv --reuid="$TEST_UID" \
	--regid="$TEST_GID" --clear-groups env -i HOME="$TEST_HOME" \
	PATH="$PATH" "$IMMURE" run -it --rootfs "$T/bb" sh -c \
	'tty; stty size; test -c /dev/console && echo console; readlink /proc/self/fd/0')" \
	/dev/null </dev/null 2>&1 | tr -d '\r')
matches a_terminal_of_its_own_is_pts_0 "$tty_out" '^/dev/pts/0$'
matches the_console_is_there "$tty_out" '^console$'
run_status 0 t_without_a_terminal_works as_user "$IMMURE" run -t --rootfs "$T/bb" tty
for typed in '' 'a line\n' 'part of a line'; do
	OUT=$(printf "$typed" | timeout 20 setpriv --reuid="$TEST_UID" \
		--regid="$TEST_GID" --clear-groups env -i HOME="$TEST_HOME" \
		PATH="$PATH" "$IMMURE" run -it --rootfs "$T/bb" sh -c 'cat; exit 5')
	same "the_end_of_input_is_typed_to_a_terminal ($typed)" "$?" 5
done
(timeout 20 setpriv --reuid="$TEST_UID" --regid="$TEST_GID" --clear-groups \
	env -i HOME="$TEST_HOME" PATH="$PATH" "$IMMURE" run -t \
	--rootfs "$T/bb" yes; echo $? >yes.status) | head -1 >/dev/null
matches a_terminal_whose_reader_went_away_hangs_up "$(cat yes.status)" '^(1|129)$'

# ---- signals ----
same ignored_signals_are_not_inherited \
	"$(user_sh "trap '' HUP INT TERM; exec $IMMURE run --rootfs $T/bb grep SigIgn /proc/self/status")" \
	$'SigIgn:\t0000000000000000'
same a_caller_that_ignores_its_children_gets_the_status \
	"$(user_sh "python3 -c 'import signal, os, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' $IMMURE run --rootfs $T/bb sh -c 'exit 3'; echo \$?")" 3
as_user "$IMMURE" run --rootfs "$T/bb" sh -c \
	'trap "exit 33" TERM; echo ready; while :; do sleep 0.1; done' >sig.out 2>&1 &
job=$!
for _ in $(seq 50); do grep -q ready sig.out && break; sleep 0.1; done
launcher=$(pgrep -u "$TEST_USER" -f "run --rootfs $T/bb sh -c trap" | head -1)
kill -TERM "$launcher"
wait $job
same a_signal_is_forwarded "$?" 33

as_user "$IMMURE" run --rootfs "$T/bb" sleep 4242 &
job=$!
sleep 0.5
launcher=$(pgrep -u "$TEST_USER" -f "run --rootfs $T/bb sleep 4242" | head -1)
kill -KILL "$launcher"
wait $job 2>/dev/null
sleep 0.5
same the_sandbox_dies_with_the_launcher "$(pgrep -f 'sleep 4242' | wc -l)" 0

# it could take back that it dies with the launcher
run_status 1 the_memory_of_pid_1_is_closed_to_the_payload \
	"${R[@]}" sh -c ': 3>>/proc/1/mem'
if [ -e /proc/sys/vm/memfd_noexec ]; then # a setting of the pid namespace
	noexec() { # VALUE
		unshare -pf --mount-proc sh -c \
			'echo '"$1"' >/proc/sys/vm/memfd_noexec; shift; exec "$@"' \
			- "$1" setpriv --reuid="$TEST_UID" --regid="$TEST_GID" \
			--clear-groups env -i HOME="$TEST_HOME" PATH="$PATH" \
			"$IMMURE" run --rootfs "$T/bb" true
	}
	run_status 0 programs_in_memory_only_when_asked_for noexec 1
	run_status 125 without_programs_in_memory_nothing_starts noexec 2
	matches the_sysctl_is_named "$OUT" 'vm\.memfd_noexec'
else
	skip programs_in_memory_only_when_asked_for 'needs Linux 6.3'
fi

# the host's /proc hides the processes of other ids (proc(5))
for hide in 1 2 4; do
	run_status 0 "a /proc with hidepid=$hide" unshare -m sh -c \
		'mount -t proc -o hidepid="$0" proc /proc && exec "$@"' "$hide" \
		setpriv --reuid="$TEST_UID" --regid="$TEST_GID" --clear-groups \
		env -i HOME="$TEST_HOME" PATH="$PATH" \
		"$IMMURE" run -u 1000 --rootfs "$T/bb" true
done

# ---- binds ----
same a_bind_is_read_only \
	"$(as_user "$IMMURE" run -v "$T/vol:/v" --rootfs "$T/bb" \
		sh -c 'cat /v/file; touch /v/x 2>/dev/null || echo ro')" $'inside\nro'
same a_writable_bind_is_written_as_the_caller \
	"$(as_user "$IMMURE" run -v "$T/vol:/v:rw" --rootfs "$T/bb" sh -c 'touch /v/new'; \
		stat -c %u vol/new)" "$TEST_UID"
run_status 125 a_missing_bind_source_is_an_error as_user "$IMMURE" run -v "$T/none:/v" --rootfs "$T/bb" true
matches the_missing_source_is_never_made "$OUT" 'never made'
[ ! -e "$T/none" ] && ok nothing_was_made_on_the_host || not_ok nothing_was_made_on_the_host
run_status 125 a_mount_over_proc_is_refused as_user "$IMMURE" run -v "$T/vol:/proc" --rootfs "$T/bb" true
run_status 125 a_mount_over_dev_is_refused as_user "$IMMURE" run -v "$T/vol:/dev" --rootfs "$T/bb" true
run_status 0 a_tmpfs_of_any_size as_user "$IMMURE" run --tmpfs /t:size=10000 --rootfs "$T/bb" true
same a_tmpfs_has_its_size \
	"$(as_user "$IMMURE" run --tmpfs /t:size=1m --rootfs "$T/bb" sh -c \
		'head -c 2000000 /dev/zero >/t/f 2>/dev/null; wc -c </t/f')" 1048576

# ---- users and environment ----
nnp() { as_user setpriv --no-new-privs "$IMMURE" run "$@" --rootfs "$T/bb" true; }
run_status 125 under_no_new_privs_there_are_no_helpers nnp
matches no_new_privs_is_named "$OUT" 'no_new_privs.*--userns=single'
run_status 0 under_no_new_privs_one_id_works nnp --userns single
same a_numeric_user "$(as_user "$IMMURE" run -u 1000:50 --rootfs "$T/bb" id -u)" 1000
same a_user_by_name "$(as_user "$IMMURE" run -u user --rootfs "$T/bb" id -G)" "1000 50"
run_status 125 an_unknown_user_is_an_error as_user "$IMMURE" run -u nosuch --rootfs "$T/bb" true
same the_environment_is_made_from_nothing \
	"$(SECRET=x as_user env SECRET=x "$IMMURE" run --rootfs "$T/bb" env | grep -c SECRET)" 0
same e_sets_a_variable "$(as_user "$IMMURE" run -e A=b --rootfs "$T/bb" sh -c 'echo $A')" b
same w_sets_the_directory "$(as_user "$IMMURE" run -w /etc --rootfs "$T/bb" pwd)" /etc
run_status 125 w_through_proc_is_refused as_user "$IMMURE" run -w /proc/self/fd/3 --rootfs "$T/bb" pwd
same hostname_is_set "$(as_user "$IMMURE" run --hostname box --rootfs "$T/bb" hostname)" box
same root_is_writable_and_forgotten \
	"$("${R[@]}" sh -c 'echo x >/new && cat /new'; ls bb/new 2>/dev/null)" x
same read_only_is_read_only \
	"$(as_user "$IMMURE" run --read-only --rootfs "$T/bb" sh -c 'touch /new 2>/dev/null || echo ro')" ro
lacks what_covers_paths_is_not_the_callers \
	"$(as_user "$IMMURE" run --read-only --rootfs "$T/bb" cat /proc/self/mountinfo)" \
	"[ug]id=$TEST_UID([^0-9]|\$)"
run_status 125 a_limit_that_nothing_can_start_under \
	as_user "$IMMURE" run --ulimit as=1000 --rootfs "$T/bb" true
matches such_a_limit_is_suspected "$OUT" 'ulimit'
same ulimit_is_set "$(as_user "$IMMURE" run --ulimit nofile=99:100 --rootfs "$T/bb" sh -c 'ulimit -n')" 99
OUT=$(as_user "$IMMURE" run --pids-limit 20 --timeout 20s --rootfs "$T/bb" sh -c \
	'i=0; while [ $i -lt 60 ]; do sleep 2 & i=$((i+1)); done; wait' 2>&1)
matches a_fork_bomb_meets_its_limit "$OUT" "can't fork|Resource temporarily"

# ---- host root ----
same host_programs_run "$(as_user "$IMMURE" run --host sh -c 'echo $((6*7))')" 42
same the_home_is_not_there "$(as_user "$IMMURE" run --host sh -c "ls $TEST_HOME 2>/dev/null | wc -l")" 0
run_status 0 python_runs_in_the_host_root as_user "$IMMURE" run --host perl -e 'print 1'
run_status 126 the_policy_still_judges as_user "$IMMURE" run --host -v /proc:/x true
finish
