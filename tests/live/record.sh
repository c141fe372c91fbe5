#!/bin/bash
# record.sh - programs are recorded, the least profile and Landlock rules are
# made of it, and the programs run again under both; what is denied stays
# denied while it is recorded, and nothing outlives the monitor.
. "$(dirname "$0")/../lib/common.sh"

W=$T/w
mkdir "$W"
chown "$TEST_UID:$TEST_GID" "$W"
cd "$W" || exit 1
IM=(as_user "$IMMURE")
# allow is for who permits it: here, in the policy beside the programs
cp -r "$T/policy" "$T/shipped"
PYTHON=/usr/bin/python3

# names that a profile allows, without any capability
allowed() { # FILE
	$PYTHON - "$1" <<-'EOF'
		import json, sys
		names = set()
		for rule in json.load(open(sys.argv[1]))["syscalls"]:
		    if rule["action"] == "SCMP_ACT_ALLOW" and \
		       not rule.get("includes", {}).get("caps"):
		        names.update(rule["names"])
		print(len(names))
	EOF
}
DEFAULT=$(allowed "$HERE/profiles/seccomp/default.json")

# learn NAME WANTED SCRIPT: recorded, learned, run again under both.
learn() {
	local name=$1 want=$2 script=$3 n
	run_status 0 "$name is recorded" "${IM[@]}" run --host \
		--record "$W/$name.rec" sh -c "$script"
	matches "$name works while it is recorded" "$OUT" "$want"
	matches "$name: it is said that a recording does not guard" "$OUT" \
		'observes and does not guard'
	run_status 0 "$name: a profile is made" "${IM[@]}" profile from \
		"$W/$name.rec" -o "$W/$name.json" --landlock "$W/$name.rules"
	n=$(allowed "$W/$name.json")
	check "$name: $n calls are fewer than half of the default's $DEFAULT" \
		[ $((n * 2)) -lt "$DEFAULT" ]
	run_status 0 "$name runs under what was learned" "${IM[@]}" run --host \
		--security-opt seccomp-narrow="$W/$name.json" \
		--landlock-rules "$W/$name.rules" sh -c "$script"
	matches "$name works under what was learned" "$OUT" "$want"
}

learn python3 '^42$' "$PYTHON -c 'import json; print(json.loads(\"42\"))'"
if have git; then
	learn git '^committed$' 'set -e; cd /tmp; git init -q g; cd g
		echo x >a; git add a
		git -c user.name=a -c user.email=b@c commit -qm x
		git clone -q . ../h; cat ../h/a >/dev/null; git log --format=%s |
		grep -q x; echo committed'
else
	skip git "not installed"
fi
if have gcc; then
	learn gcc '^built$' 'set -e; cd /tmp; printf "#include <stdio.h>
		int main(void) { puts(\"built\"); }" >x.c
		gcc -O1 -o x x.c; ./x'
else
	skip gcc "not installed"
fi
if have curl; then
	learn curl '^served$' "mkdir -p /tmp/d; echo served >/tmp/d/f; cd /tmp/d
		$PYTHON -m http.server -b 127.0.0.1 8000 >/dev/null 2>&1 &
		for i in \$(seq 50); do
			curl -s http://127.0.0.1:8000/f && break
			sleep 0.1
		done; kill \$!"
else
	skip curl "not installed"
fi

# ---- what was learned holds ----
LEARNED=(--security-opt seccomp-narrow="$W/python3.json"
	--landlock-rules "$W/python3.rules")
OUT=$("${IM[@]}" run --host "${LEARNED[@]}" sh -c \
	"$PYTHON -c 'print(open(\"/etc/passwd\").read())'" 2>&1)
matches a_file_that_no_rule_names_is_closed "$OUT" 'Permission denied'
OUT=$("${IM[@]}" run --host "${LEARNED[@]}" sh -c \
	"$PYTHON -c 'import os; os.mkdir(\"/tmp/x\")'" 2>&1)
matches a_call_that_was_not_seen_fails "$OUT" 'not implemented'

# ---- denied, let pass, learned upon a base ----
case $(uname -m) in
x86_64) KCMP=312 ;;
*) KCMP=272 ;;
esac
KCMP="$PYTHON -c 'import ctypes, os; c = ctypes.CDLL(None, use_errno=True)
p = os.getpid(); print(\"kcmp\", c.syscall($KCMP, p, p, 0, 0, 0), ctypes.get_errno())'"
for calls in all denied; do
	OUT=$("${IM[@]}" run --host --record "$W/deny.rec" \
		--record-calls $calls sh -c "$KCMP" 2>&1)
	matches "recorded ($calls), a denied call fails as ever" "$OUT" \
		'^kcmp -1 1$'
	OUT=$("${IM[@]}" denials "$W/deny.rec" 2>&1)
	matches "denials ($calls) names call, errno, count" "$OUT" \
		'^ +1  kcmp\(\) = EPERM$'
	matches "denials ($calls) names program and place" "$OUT" \
		'by /usr/bin/python3[0-9.]* at /.*\+0x'
	matches "denials ($calls) gives the rule" "$OUT" \
		'to allow it: .*"names": \["kcmp"\]'
done
run_status 126 to_let_denied_calls_pass_must_be_permitted "${IM[@]}" run \
	--host --record "$W/no.rec" --record-mode allow true
matches the_refusal_names_the_rule "$OUT" 'permit record allow'
check nothing_is_recorded_then [ ! -e "$W/no.rec" ]
printf 'permit record allow\npermit profile seccomp file\n' \
	>>"$T/policy/default.policy"
OUT=$("${IM[@]}" run --host --record "$W/allow.rec" --record-mode allow \
	--record-calls denied sh -c "$KCMP" 2>&1)
matches let_pass_a_denied_call_works "$OUT" '^kcmp 0 0$'
run_status 0 a_profile_is_made_upon_the_default "${IM[@]}" profile from \
	--base default -o "$W/more.json" "$W/allow.rec"
OUT=$("${IM[@]}" run --host --security-opt seccomp="$W/more.json" \
	sh -c "$KCMP; unshare -U true" 2>&1)
matches what_was_added_passes "$OUT" '^kcmp 0 0$'
matches all_else_stays_denied "$OUT" 'unshare.*not permitted'
rm -r "$T/policy"
mv "$T/shipped" "$T/policy"

# ---- the plan ----
OUT=$("${IM[@]}" plan --host --record "$W/x" true 2>&1)
matches the_plan_shows_the_recording "$OUT" \
	'lockdown record +deny all default/record '
lacks a_recorded_plan_has_no_other_filter "$OUT" 'lockdown seccomp'
check a_plan_records_nothing [ ! -e "$W/x" ]
lacks without_record_there_is_no_step \
	"$("${IM[@]}" plan --host true)" ' record '
OUT=$("${IM[@]}" run --host --explain --record "$W/x" true 2>&1)
matches the_walls_say_so "$OUT" 'system calls +1 stacked filters: default, rec'

# ---- the file ----
ln -s "$W/target" "$W/link"
run_status 125 a_link_is_not_followed "${IM[@]}" run --host \
	--record "$W/link" true
check what_it_leads_to_is_not_made [ ! -e "$W/target" ]
touch "$W/roots"
chmod 0666 "$W/roots"
run_status 125 another_users_file_is_left_alone "${IM[@]}" run --host \
	--record "$W/roots" true
run_status 125 a_device_is_no_file "${IM[@]}" run --host \
	--record /dev/null true
same the_record_is_the_callers_alone \
	"$(stat -c %a:%u "$W/python3.rec")" "600:$TEST_UID"

# ---- statuses, streams, signals pass as without ----
run_status 7 the_programs_status_is_passed "${IM[@]}" run --host \
	--record "$W/x" sh -c 'exit 7'
run_status 124 the_time_out_holds "${IM[@]}" run --host --timeout 1s \
	--record "$W/x" sleep 60
same input_is_passed "$(echo hello | "${IM[@]}" run -i --host \
	--record "$W/x" cat 2>/dev/null)" hello

# ---- nothing outlives the monitor ----
survivors() {
	pgrep -xf 'sleep 7777' | wc -l
}
"${IM[@]}" run --host --record "$W/killed.rec" sh -c \
	'sleep 7777 & while :; do /bin/true; done' >/dev/null 2>&1 &
for _ in $(seq 50); do
	[ "$(survivors)" -gt 0 ] && break
	sleep 0.1
done
check the_recorded_program_runs [ "$(survivors)" -gt 0 ]
monitor=$(pgrep -u "$TEST_USER" -o -f 'killed.rec')
kill -KILL "$monitor"
for _ in $(seq 20); do
	[ "$(survivors)" -eq 0 ] && break
	sleep 0.1
done
same a_dead_monitor_leaves_no_process "$(survivors)" 0
OUT=$("${IM[@]}" profile from "$W/killed.rec" -o "$W/killed.json" 2>&1)
matches a_record_cut_off_is_read_and_said_to_be_so "$OUT" 'cut off'
finish
