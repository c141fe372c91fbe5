#!/bin/bash
# policy.sh - what the shipped policy refuses end to end, under every alias,
# and that one line permits exactly one object.
. "$(dirname "$0")/../lib/common.sh"

"$HERE/tests/lib/mkbusybox" bb.tar
mkdir -p bb && tar -C bb -xf bb.tar && chmod -R a+rX bb
mkdir -p socks && chown "$TEST_UID" socks
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local=>"socks/s",Listen=>1) or die; sleep 300' &
server=$!
trap 'kill $server 2>/dev/null; cleanup' EXIT
for _ in $(seq 30); do [ -S socks/s ] && break; sleep 0.1; done
chmod 777 socks socks/s
ln -s socks/s alias
ln -s socks dirlink

# A stand-in for a control socket, only where the host has none.
made=
if [ ! -e /run/docker.sock ]; then
	perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local=>"/run/docker.sock",Listen=>1) or die; sleep 300' &
	made=$!
	trap 'kill $server $made 2>/dev/null; rm -f /run/docker.sock; cleanup' EXIT
	for _ in $(seq 30); do [ -S /run/docker.sock ] && break; sleep 0.1; done
	chmod 666 /run/docker.sock
fi
ln -s /run/docker.sock docker-alias
V=(as_user "$IMMURE" run --rootfs "$T/bb")
refused() { # NAME FLAGS…
	local name=$1
	shift
	run_status 126 "$name" as_user "$IMMURE" run "$@" --rootfs "$T/bb" true
	matches "$name: names rule, file and line" "$OUT" 'denied by .*default.policy:[0-9]+'
	matches "$name: says what to write" "$OUT" 'to permit it write: permit '
}
refused docker_sock_is_refused -v /var/run/docker.sock:/x
refused its_other_name_is_refused -v /run/docker.sock:/x
refused a_symlink_to_it_is_refused -v "$T/docker-alias:/x"
refused its_parent_directory_is_refused -v /run:/x
refused the_root_directory_is_refused -v /:/x
refused any_socket_is_refused -v "$T/socks/s:/x"
refused a_symlink_to_any_socket_is_refused -v "$T/alias:/x"
refused proc_is_refused -v /proc:/x
refused below_proc_is_refused -v /proc/sys:/x
refused sys_is_refused -v /sys:/x
refused dev_is_refused -v /dev:/x
refused privileged_is_refused --privileged
refused the_hosts_network_is_refused --network host
refused the_hosts_pids_are_refused --pid host
refused a_dangerous_capability_is_refused --cap-add SYS_ADMIN
refused no_filter_is_refused --security-opt seccomp=unconfined
refused no_landlock_is_refused --security-opt landlock=off
refused new_privileges_are_refused --security-opt no-new-privileges=false
run_status 0 compat_capabilities_are_one_word as_user "$IMMURE" run --caps compat --rootfs "$T/bb" true

# one line, one object
mkdir -p /etc/immure/policy.d
echo "permit bind kind socket path $T/socks/s" >/etc/immure/policy.d/test-$$.policy
trap 'kill $server $made 2>/dev/null; [ -z "$made" ] || rm -f /run/docker.sock; rm -f /etc/immure/policy.d/test-'$$'.policy; rmdir /etc/immure/policy.d /etc/immure 2>/dev/null; cleanup' EXIT
run_status 0 a_permitted_socket_gets_in as_user "$IMMURE" run -v "$T/socks/s:/x" --rootfs "$T/bb" test -S /x
run_status 0 under_every_name as_user "$IMMURE" run -v "$T/alias:/x" --rootfs "$T/bb" test -S /x
run_status 0 through_a_linked_directory as_user "$IMMURE" run -v "$T/dirlink/s:/x" --rootfs "$T/bb" test -S /x
run_status 126 and_no_other_socket as_user "$IMMURE" run -v /run/docker.sock:/x --rootfs "$T/bb" true

# files that others may write are no policy
chmod 666 /etc/immure/policy.d/test-$$.policy
run_status 125 a_policy_that_others_may_write_is_refused "${V[@]}" true
matches it_says_how_to_mend_it "$OUT" 'chmod go-w'
chmod 644 /etc/immure/policy.d/test-$$.policy
echo 'permit bnd ro' >>/etc/immure/policy.d/test-$$.policy
run_status 125 an_unknown_word_is_an_error "${V[@]}" true
matches with_line_and_column "$OUT" "test-$$.policy:2:[0-9]+"

# a bundle is judged by it, too: what the engine asks, each as a fact
cat >/etc/immure/policy.d/test-$$.policy <<'END'
deny capability SYS_ADMIN
deny hook
deny namespace host network
END
mkdir -p "$T/bundle/rootfs/bin"
(cd "$T/bundle" && "$T/bin/immure-oci" spec --rootless)
python3 - "$T/bundle/config.json" <<'PYTHON'
import json, os, sys
d = json.load(open(sys.argv[1]))
caps = d["process"]["capabilities"] = {"bounding": []}
for held in "permitted", "inheritable", "ambient":
    caps[held] = ["CAP_SYS_ADMIN"]
d["hooks"] = {"createRuntime": [{"path": "/bin/true"}]}
l = d["linux"]
l["namespaces"] = [n for n in l["namespaces"] if n["type"] != "network"]
l["namespaces"].append({"type": "network", "path": "/proc/self/ns/net"})
json.dump(d, open(sys.argv[1], "w"))
PYTHON
chmod -R a+rX "$T/bundle"
run_status 126 a_bundle_is_judged as_user "$IMMURE" check --bundle "$T/bundle"
for line in 'capability SYS_ADMIN' 'hook' 'namespace host network'; do
	matches "by deny $line" "$OUT" "= .*: deny $line"
done

# a user's own file narrows and cannot widen
rm /etc/immure/policy.d/test-$$.policy
as_user mkdir -p "$T/data/home/.config/immure/policy.d"
echo 'deny bind rw' | user_sh "cat >$T/data/home/.config/immure/policy.d/me.policy"
mkdir -p vol && chown "$TEST_UID" vol
USER_ENV=(HOME="$T/data/home")
run_status 126 a_users_file_narrows as_user "$IMMURE" run -v "$T/vol:/v:rw" --rootfs "$T/bb" true
echo 'permit any' | user_sh "cat >$T/data/home/.config/immure/policy.d/me.policy"
run_status 126 and_cannot_widen as_user "$IMMURE" run --privileged --rootfs "$T/bb" true
USER_ENV=()

# asking without running
run_status 0 check_permits as_user "$IMMURE" check --rootfs "$T/bb" true
run_status 126 check_denies as_user "$IMMURE" check --privileged --rootfs "$T/bb" true
a=$(as_user "$IMMURE" plan --rootfs "$T/bb" true | tail -1)
b=$(as_user "$IMMURE" plan --rootfs "$T/bb" true | tail -1)
same the_same_words_give_the_same_hash "$a" "$b"
matches the_hash_is_last "$a" '^hash sha256:[0-9a-f]{64}$'
finish
