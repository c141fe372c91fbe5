#!/bin/bash
# policy_tools.sh - policies that are asked about themselves, saved plans, and
# the log of decisions, end to end and as an ordinary user.
. "$(dirname "$0")/../lib/common.sh"

USER_ENV=(XDG_STATE_HOME="$T/state")
mkdir -p src/run state && chown -R "$TEST_UID:$TEST_GID" src state
listen() { # PATH: a socket that somebody listens on, until the end
	perl -MIO::Socket::UNIX -e \
		'IO::Socket::UNIX->new(Local=>$ARGV[0],Listen=>1) or die; sleep 300' "$1" &
	LISTENERS+=($!)
	for _ in $(seq 50); do [ -S "$1" ] && break; sleep 0.1; done
}
LISTENERS=()
trap 'kill "${LISTENERS[@]}" 2>/dev/null; cleanup' EXIT
policy() { # FILE TEXT: one that the test user owns
	printf '%b' "$2" >"$1"
	chown "$TEST_UID:$TEST_GID" "$1"
	chmod 0644 "$1"
}
I=(as_user "$IMMURE")

# ---- sockets in a bound directory ----
run_status 0 a_directory_without_sockets_is_bound \
	"${I[@]}" run --host -v "$T/src:/src" true
listen src/run/app.sock
run_status 126 a_socket_in_a_bound_directory_is_refused \
	"${I[@]}" run --host -v "$T/src:/src" true
matches a_socket_in_a_bound_directory_is_named "$OUT" \
	'a socket lies in it: run/app.sock'
matches the_rule_about_sockets_is_named "$OUT" 'default.policy:[0-9]+ "deny +bind sockets"'

# ---- check ----
run_status 126 check_lists_every_rule_that_matches "${I[@]}" check --host -v "$T/src:/src" true
matches the_rules_before_the_last_are_listed "$OUT" 'default.policy:[0-9]+: permit bind ro'
matches the_deciding_rule_is_marked "$OUT" '= .*default.policy:[0-9]+: deny +bind sockets'
"${I[@]}" plan --format json --host -v "$T/src:/src" true >saved.json 2>/dev/null
chmod 0644 saved.json
run_status 126 a_saved_plan_is_judged "${I[@]}" check --plan "$T/saved.json"
matches a_saved_plan_has_the_same_denial "$OUT" 'run/app.sock'
"${I[@]}" plan --format json --host true >ordinary.json 2>/dev/null
chmod 0644 ordinary.json
run_status 0 a_saved_ordinary_plan_is_permitted "${I[@]}" check --plan "$T/ordinary.json"
hash=$("${I[@]}" plan --host true 2>/dev/null | sed -n 's/.*sha256:\([0-9a-f]*\)$/\1/p' | tail -1)
got=$("${I[@]}" check --format json --plan "$T/ordinary.json" 2>/dev/null |
	sed -n 's/.*"plan": "\([0-9a-f]*\)".*/\1/p')
same the_saved_plan_keeps_its_hash "$got" "$hash"
sed 's/"op": "no_new_privs"/"op": "umask", "mask": "0022"/' ordinary.json >weaker.json
chmod 0644 weaker.json
run_status 126 a_saved_plan_without_a_wall_is_denied "${I[@]}" check --plan "$T/weaker.json"
echo '{"ociVersion": "1.0.2"}' >bundle.json
run_status 125 a_bundle_is_said_to_be_one "${I[@]}" check --plan "$T/bundle.json"
matches a_bundle_is_named "$OUT" 'OCI bundle'
echo '{"Image": "x", "HostConfig": {}}' >request.json
run_status 125 a_request_is_no_plan "${I[@]}" check --plan "$T/request.json"
matches how_to_give_it_is_said "$OUT" 'Docker API request: give it with --docker'

# ---- limits, requirements, peers ----
policy limits.policy 'permit any\nlimit nofile 2048\n'
run_status 126 a_ceiling_denies_what_is_more "${I[@]}" check --policy "$T/limits.policy" --host true
matches a_ceiling_says_what_to_write "$OUT" 'to permit it write: limit nofile 4096'
run_status 0 a_ceiling_permits_what_is_less \
	"${I[@]}" check --policy "$T/limits.policy" --ulimit nofile=1024:1024 --host true
policy require.policy 'permit any\nrequire image\n'
run_status 126 what_is_required_and_missing_is_denied \
	"${I[@]}" run --policy "$T/require.policy" --host true
matches what_is_required_is_named "$OUT" 'required, and missing: a root from an image'
policy peer.policy "permit any\ndeny host-root peer $TEST_USER\n"
run_status 126 a_rule_about_a_user_is_about_that_user \
	"${I[@]}" check --policy "$T/peer.policy" --host true
policy peer.policy 'permit any\ndeny host-root peer root\n'
run_status 0 a_rule_about_another_user_is_not "${I[@]}" check --policy "$T/peer.policy" --host true

# ---- lint ----
policy parent.policy "permit bind ro under $T/src\n"
run_status 1 lint_of_a_parent_of_a_socket "${I[@]}" policy lint "$T/parent.policy"
matches lint_names_the_socket "$OUT" 'parent.policy:1:1: escape: .*'
matches lint_names_the_socket_by_its_path "$OUT" 'a socket lies in it: run/app.sock'
policy run.policy 'permit bind ro under /run\n'
if [ ! -e /run/docker.sock ]; then
	listen /run/docker.sock
	MADE=/run/docker.sock
	trap 'kill "${LISTENERS[@]}" 2>/dev/null; rm -f "$MADE"; cleanup' EXIT
fi
run_status 1 lint_of_a_permit_of_run "${I[@]}" policy lint "$T/run.policy"
matches lint_names_the_control_socket "$OUT" '/run/docker.sock'
policy dead.policy 'permit bind ro\ndeny bind\npermit bind path /no/such\n'
run_status 1 lint_finds_dead_rules "${I[@]}" policy lint "$T/dead.policy"
matches lint_finds_what_is_overruled "$OUT" 'dead.policy:1:1: shadowed'
matches lint_finds_what_never_matches "$OUT" 'dead.policy:3:1: never'
run_status 0 strict_has_no_findings "${I[@]}" policy lint strict
policy bad.policy 'permit bind\n  deny bnid\n'
run_status 125 a_bad_word_has_its_place "${I[@]}" policy lint "$T/bad.policy"
matches the_place_is_file_line_column "$OUT" 'bad.policy:2:8: unknown subject "bnid"; did you mean bind'

# ---- test, diff, show ----
cp "$HERE/tests/table/policy.t" . && chmod 0644 policy.t
run_status 0 the_shipped_table_holds "${I[@]}" policy test "$T/policy.t"
matches the_cases_are_counted "$OUT" '^[0-9]+ of [0-9]+ cases hold'
printf '@ | bind:ro:/srv/data | permit\n' >mine.t
chmod 0644 mine.t
run_status 1 a_case_that_does_not_hold_is_told \
	"${I[@]}" policy test --policy "$T/dead.policy" "$T/mine.t"
matches the_case_has_its_line "$OUT" 'mine.t:1: not permit but deny by line 2'
run_status 1 diff_tells_what_b_permits "${I[@]}" policy diff default developer
matches diff_names_the_request "$OUT" 'share:network'
matches diff_names_the_rules "$OUT" '\+ permit namespace host network'
run_status 0 a_policy_does_not_differ_from_itself "${I[@]}" policy diff default default
run_status 0 show_prints_the_rules_in_force "${I[@]}" policy show
matches show_names_the_file "$OUT" '# .*/policy/default.policy'
run_status 0 show_prints_json "${I[@]}" policy show --format json strict

# ---- the log ----
rm -rf state/immure
"${I[@]}" run --host true >/dev/null 2>&1
"${I[@]}" run --privileged --host true >/dev/null 2>&1
same every_decision_is_a_line "$(wc -l <state/immure/audit.log)" 2
same the_log_is_the_users_alone "$(stat -c %a state/immure/audit.log)" 600
run_status 0 the_log_is_read "${I[@]}" audit log
matches the_log_has_the_permit "$OUT" 'permit [0-9a-f]{12} host'
matches the_log_has_the_rule_of_the_denial "$OUT" 'default.policy:[0-9]+: deny +privileged'
run_status 0 the_log_is_filtered "${I[@]}" audit log --verdict deny --format json -n 1
matches the_line_is_json "$OUT" '^\{"time":"20.*"verdict":"deny".*"line":[0-9]+\}$'
rm -rf state/immure && touch state/immure
run_status 0 a_log_that_cannot_be_written_is_warned_of "${I[@]}" run --host true
matches the_warning_names_the_log "$OUT" 'audit log'
policy log.policy 'permit any\nrequire audit-log\n'
run_status 125 a_required_log_that_cannot_be_written_refuses \
	"${I[@]}" run --policy "$T/log.policy" --host true
matches the_refusal_names_the_policy "$OUT" 'policy requires the audit log'
rm -f state/immure
run_status 0 a_required_log_that_is_written_permits \
	"${I[@]}" run --policy "$T/log.policy" --host true
for _ in $(seq 8); do "${I[@]}" run --host true >/dev/null 2>&1 & P+=($!); done
wait "${P[@]}"
same concurrent_runs_are_lines_of_their_own \
	"$("${I[@]}" audit log --format json | grep -c '^{"time".*}$')" 9
finish
