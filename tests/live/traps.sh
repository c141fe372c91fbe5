#!/bin/bash
# traps.sh - three ways in which libseccomp loses a denial: a program in a
# sandbox finds each one denied; beside it what crun and runc make of the same
# profile.
. "$(dirname "$0")/../lib/common.sh"

if ! have python3; then
	skip traps "python3, which writes the profiles, is not installed"
	finish
fi
mkdir -p root/proc root/dev root/sys root/tmp profiles bundle
cp "$BUILD/tests/live/traps_probe" root/probe
cp -r root bundle/rootfs
chmod -R a+rX root profiles bundle
# a profile from a file is not what the shipped policy permits
echo 'permit profile seccomp file' >>"$T/policy/default.policy"

# Every other call as docker allows it; a denial is errno 61, which none of
# the four families fails with by itself.
python3 - "$HERE/tests/data/seccomp/docker.json" profiles <<'EOF'
import json, sys
docker, out = json.load(open(sys.argv[1])), sys.argv[2]
names = sorted(n for r in docker['syscalls'] if r['action'].endswith('ALLOW')
               and not r.get('includes') or 'arch_prctl' in r['names']
               for n in r['names'] if n != 'socket')
def rule(act, *tests, **more):
    return {'names': ['socket'], 'action': 'SCMP_ACT_' + act, **more,
            'args': [{'index': 0, 'value': v, 'op': 'SCMP_CMP_' + op}
                     for op, v in tests]}
allow, deny = rule('ALLOW'), rule('ERRNO', ('EQ', 40), errnoRet=61)
for name, rules in {
        'denial_first': [deny, allow],
        'denial_last': [allow, deny],
        'neither_of_two': [rule('ALLOW', ('NE', 38), ('NE', 40))],
        'range': [rule('ALLOW', ('GE', 1), ('LE', 10))],
        'neither_in_two_rules': [rule('ALLOW', ('NE', 38)),
                                 rule('ALLOW', ('NE', 40))]}.items():
    with open('%s/%s.json' % (out, name), 'w') as f:
        json.dump({'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 61,
                   'syscalls': [{'names': names,
                                 'action': 'SCMP_ACT_ALLOW'}] + rules}, f)
EOF
chmod a+r profiles/*

in_immure() { # PROFILE
	as_user "$IMMURE" run --rootfs "$T/root" \
		--security-opt "seccomp=$T/profiles/$1.json" /probe 2>&1
}
# The bundle is the fault sweep's; crun and runc want a host with one kind of
# cgroups, and see one in a mount namespace of their own.
in_peer() { # PEER PROFILE
	local run=(crun --cgroup-manager=disabled)
	[ "$1" != runc ] || run=(runc)
	PYTHONPATH="$HERE/tests/faults" python3 -B - "$2" <<-'EOF' || return
		import json, sys
		import targets
		c = targets.bundle_config(*targets.ids())
		c['process']['args'] = ['/probe']
		c['linux']['seccomp'] = json.load(
		    open('profiles/%s.json' % sys.argv[1]))
		json.dump(c, open('bundle/config.json', 'w'))
	EOF
	chown -R "$TEST_UID:$TEST_GID" bundle
	timeout 30 unshare -m --propagation private bash -c '
		mount -t cgroup2 none /sys/fs/cgroup || exit
		exec setpriv --reuid "$1" --regid "$2" --init-groups \
			env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME="$3" \
			XDG_RUNTIME_DIR="$3" "${@:4}"' bash "$TEST_UID" \
		"$TEST_GID" "$T/data" "${run[@]}" --root "$T/data/$1" run \
		--bundle "$T/bundle" "trap-$$" 2>&1 </dev/null
}
family() { # OUTPUT FAMILY: its line's errno
	printf '%s\n' "$1" | sed -n "s/^$2 //p"
}
said() { # ERRNO: as a word, for the table
	case $1 in
	61) echo denied ;;
	'') echo 'did not run' ;;
	*) echo "PASSED the filter" ;;
	esac
}

printf '# %-16s %-7s %-20s %s\n' profile by AF_ALG AF_VSOCK
for p in denial_first denial_last neither_of_two range; do
	OUT=$(in_immure $p)
	same "${p}: af_unix_opens" "$(family "$OUT" 1)" 0
	same "${p}: af_inet_opens" "$(family "$OUT" 2)" 0
	same "${p}: af_vsock_is_denied" "$(family "$OUT" 40)" 61
	case $p in
	denial*) lacks "${p}: af_alg_is_not_denied" "$OUT" '^38 61$' ;;
	*) same "${p}: af_alg_is_denied" "$(family "$OUT" 38)" 61 ;;
	esac
	printf '# %-16s %-7s %-20s %s\n' $p immure \
		"$(said "$(family "$OUT" 38)")" "$(said "$(family "$OUT" 40)")"
	for peer in crun runc; do
		if ! have $peer; then
			skip "${p}: $peer" "not installed"
			continue
		fi
		OUT=$(in_peer $peer $p)
		# only that it ran can be asked of it
		same "${p}: ${peer}_runs_the_program" "$(family "$OUT" 1)" 0
		printf '# %-16s %-7s %-20s %s\n' $p $peer \
			"$(said "$(family "$OUT" 38)")" \
			"$(said "$(family "$OUT" 40)")"
		[ -n "$(family "$OUT" 1)" ] ||
			printf '%s\n' "$OUT" | sed 's/^/# /'
	done
done

# Each for itself allows what the other excludes: nothing would be denied.
OUT=$(in_immure neither_in_two_rules)
matches two_rules_that_exclude_nothing_are_refused "$OUT" \
	'put both tests into one rule'
lacks and_nothing_is_run "$OUT" '^1 0$'

# The same without a kernel.
for p in denial_first denial_last neither_of_two range; do
	run_status 1 "${p}: emu_says_so" as_user "$IMMURE" seccomp emu \
		"$T/profiles/$p.json" 'socket(AF_VSOCK,1,0)'
	matches "${p}: and_names_the_errno" "$OUT" 'ERRNO 61'
	OUT=$(as_user "$IMMURE" seccomp lint "$T/profiles/$p.json" 2>&1)
	matches "${p}: the_filters_are_proved" "$OUT" '^proved on amd64'
	lacks "${p}: and_on_every_machine" "$OUT" '^(error|not proved)'
done
finish
