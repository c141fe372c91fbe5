#!/bin/bash
# docker_create.sh - requests as docker sends them become the plans that the
# same words of `immure run` become; what cannot be given is refused by name.
. "$(dirname "$0")/../lib/common.sh"

IM=(as_user "$IMMURE")
cd "$T" || exit 1
"$HERE/tests/lib/mkbusybox" bb.tar
chmod 0644 bb.tar
"${IM[@]}" import bb.tar base >/dev/null 2>&1

# what docker sends today, one NAME.json each
mkdir now
if have docker python3 && docker --version | grep -q ' 28\.2'; then
	python3 "$HERE/tests/lib/docker_capture.py" \
		"$HERE/tests/docker/CASES" now
fi
while IFS='|' read -r name docker ours; do
	name=${name// /}
	case $name in '' | '#'*) continue ;; esac
	read -ra docker <<<"$docker"
	read -ra ours <<<"$ours"
	[ "${ours[*]}" != -- ] || ours=("${docker[@]}")
	cp "$HERE/tests/docker/$name.json" request
	chmod 0644 request
	"${IM[@]}" plan --format json "${ours[@]}" >want 2>&1
	"${IM[@]}" plan --format json --docker request >got 2>/dev/null
	check "$name: there is a plan" grep -q '"steps"' want
	check "$name becomes the plan of its words" diff want got
	if [ -e "now/$name.json" ]; then
		check "$name is what docker sends today" \
			cmp "now/$name.json" request
	else
		skip "$name is what docker sends today" "no docker 28.2"
	fi
done <"$HERE/tests/docker/CASES"

# ---- asked on standard input, by each of the three ----
ask() { # COMMAND REQUEST
	printf '%s' "$2" | as_user "$IMMURE" $1 --docker - 2>&1
}
P='{"Image":"base","Cmd":["/bin/true"],"HostConfig":'
matches check_permits "$(ask check "$P{}}")" '^permitted'
matches check_denies "$(ask check "$P{\"Privileged\":true}}")" '^denied'
matches audit_finds "$(ask audit "$P{\"Privileged\":true}}")" 'IMM-'
matches it_is_told_that_there_is_no_network \
	"$(ask check "$P{\"NetworkMode\":\"bridge\"}}")" 'no network is given'

# ---- refused, with the member's name and the reason ----
while IFS='|' read -r name request why; do
	OUT=$(ask check "$request")
	matches "$name" "$OUT" "$why"
	lacks "$name: nothing is judged" "$OUT" 'permit'
done <<-EOF
	a_port|$P{"PortBindings":{"80/tcp":[{"HostPort":"1"}]}}}|HostConfig: PortBindings: published ports
	a_named_volume|$P{"Binds":["v:/x"]}}|named volumes
	a_gpu|$P{"DeviceRequests":[{"Count":-1}]}}|DeviceRequests: drivers
	another_container|$P{"PidMode":"container:x"}}|--pid
	a_profile_as_text|$P{"SecurityOpt":["seccomp={}"]}}|SecurityOpt: a seccomp profile as text
	a_variable_of_the_callers|{"Image":"base","Env":["HOME"]}|Env: HOME
	an_unknown_member|{"Image":"base","Privilege":true}|Privilege
	a_member_of_another_case|{"Image":"base","hostconfig":{}}|hostconfig
	a_wrong_type|$P{"CapAdd":"ALL"}}|CapAdd: expected an array
	no_image|{"Cmd":["true"]}|Image: missing
	a_flag_for_an_image|{"Image":"--privileged"}|Image: --privileged
	no_json|hello|expected a JSON object
	nothing||the document is empty
EOF
run_status 125 nothing_may_stand_beside_it "${IM[@]}" check --docker request \
	--privileged
matches that_is_said "$OUT" 'cannot stand beside'
run_status 125 one_at_a_time "${IM[@]}" check --docker request --bundle .
finish
