#!/bin/bash
# debian.sh - real images, made by other programs: a Debian of several layers
# is loaded by an unprivileged user, runs, and is the tree that podman shows;
# a busybox goes through every form that load takes. What is made once is kept
# in $XDG_CACHE_HOME/immure-tests (/var/cache/immure-tests).
. "$(dirname "$0")/../lib/common.sh"

CACHE=${XDG_CACHE_HOME:-/var/cache}/immure-tests
if ! have podman skopeo; then
	skip debian "podman and skopeo make the images: not installed"
	finish
fi

# in_store NAME CMD…: as the test user, with a store called NAME.
in_store() {
	local name=$1
	shift
	as_user env XDG_DATA_HOME="$T/data/$name" "$@"
}
app() { # FLAGS and words of run
	in_store docker "$IMMURE" run "$@"
}

# ---- busybox: archive, layout directory, standard input ----
podman_of_ours=(podman --root "$T/podman" --runroot "$T/podman-run")
trap 'umount "$T/podman/overlay" 2>/dev/null; cleanup' EXIT
"$HERE/tests/lib/mkbusybox" bb.tar
if why=$({
	"${podman_of_ours[@]}" import -q --change CMD=/bin/id bb.tar bb &&
		"${podman_of_ours[@]}" save -q -o bb-docker.tar bb &&
		skopeo copy -q docker-archive:bb-docker.tar oci:bb-oci:bb:tag &&
		gzip -k bb-docker.tar
} 2>&1); then
	chmod -R a+rX bb-docker.tar* bb-oci
	run_status 0 a_docker_archive_is_loaded \
		in_store file "$IMMURE" load bb-docker.tar
	same and_its_name_is_told "$OUT" "Loaded image: localhost/bb:latest"
	run_status 0 a_layout_directory_is_loaded \
		in_store dir "$IMMURE" load bb-oci
	same and_the_name_in_the_layout_is_told "$OUT" "Loaded image: bb:tag"
	same an_archive_comes_from_standard_input \
		"$(in_store stdin "$IMMURE" load <bb-docker.tar)" \
		"Loaded image: localhost/bb:latest"
	same a_gzipped_archive_comes_through_a_pipe \
		"$(gzip -dc bb-docker.tar.gz | gzip | in_store pipe "$IMMURE" load -)" \
		"Loaded image: localhost/bb:latest"
	for form in file:localhost/bb dir:bb:tag stdin:localhost/bb \
		pipe:localhost/bb; do
		same "what_came_as_a_${form%%:*}_runs" \
			"$(in_store "${form%%:*}" "$IMMURE" run "${form#*:}")" \
			"uid=0(root) gid=0(root) groups=0(root)"
	done
	same a_short_name_finds_what_podman_calls_localhost \
		"$(in_store file "$IMMURE" run bb echo found)" found
	truncate -s 64M bb-sparse
	tar -cSf bb-sparse.tar bb-sparse
	same holes_are_still_holes "$(in_store sparse "$IMMURE" import -q - sparse \
		<bb-sparse.tar >/dev/null; find data/sparse/immure/layers \
		-name bb-sparse -size 64M -printf '%b')" 0
	same it_is_the_same_image_in_every_form \
		"$(for s in file dir stdin pipe; do in_store $s "$IMMURE" images \
			--no-trunc -q; done | sort -u | wc -l)" 1
	in_store dir "$IMMURE" run bb:tag sh -c \
		'echo up; sleep 3; ls -d /bin/mount && echo still there' >held &
	job=$!
	for _ in $(seq 50); do grep -q up held && break; sleep 0.1; done
	run_status 0 an_image_is_removed_while_it_runs \
		in_store dir "$IMMURE" rmi bb:tag
	run_status 0 and_collected_while_it_runs in_store dir "$IMMURE" gc
	wait $job
	same but_its_files_stay_as_long "$(tail -n 1 held)" "still there"
	run_status 0 afterwards_it_is_collected in_store dir "$IMMURE" gc
	same and_gone "$(find data/dir/immure/layers data/dir/immure/holds \
		-mindepth 1 | wc -l)" 0
else
	skip busybox_images "podman or skopeo: $(printf %s "$why" | tail -n 1)"
fi

# ---- Debian ----
why=$(timeout 420 "$HERE/tests/lib/mkdebian.sh" "$CACHE" 2>mkdebian.log)
case $? in
0) ;;
3)
	skip a_debian_image "$why"
	finish
	;;
124)
	skip a_debian_image "not made within 420 s; the packages it has fetched are kept"
	finish
	;;
*)
	not_ok a_debian_image_is_made "$why $(tail -n 3 mkdebian.log)"
	finish
	;;
esac
WANT=$CACHE/tree
# the user may not be able to enter the cache
load_from() { # STORE FILE
	in_store "$1" "$IMMURE" load - <"$CACHE/$2" 2>"$1.err"
}

same a_debian_docker_archive_is_loaded "$(load_from docker docker.tar | sort)" \
	"Loaded image: localhost/app:latest
Loaded image: localhost/plain:latest"
same and_nothing_is_left_out "$(cat docker.err)" ""
same a_debian_oci_archive_is_loaded "$(load_from oci oci.tar)" \
	"Loaded image: localhost/app:latest"
ROOT=(app -u 0 --entrypoint '' localhost/app)

# ---- its programs ----
matches apt_get_runs "$(app localhost/plain apt-get --version)" '^apt 2\.'
same perl_runs "$(app localhost/plain perl -e 'print 6*7')" 42
same id_runs "$(app localhost/plain id)" \
	"uid=0(root) gid=0(root) groups=0(root)"
matches dpkg_lists_packages "$(app localhost/plain dpkg -l)" \
	'^ii +libc6:[a-z0-9]+ '
same as_many_as_dpkg_knows_of \
	"$(app localhost/plain sh -c 'dpkg -l | grep -c ^ii')" \
	"$(app localhost/plain grep -c '^Status: install ok' /var/lib/dpkg/status)"
matches the_version_of_debian "$(app localhost/plain cat /etc/debian_version)" \
	'^12\.[0-9]+$'
same dpkg_finds_its_files_unchanged \
	"$(app localhost/plain dpkg --verify coreutils perl-base dpkg bash |
		grep -v -e ' /usr/share/man/' -e ' /usr/share/locale/' \
			-e ' /etc/skel/')" "??5??????   /usr/bin/yes"
same a_user_by_name_has_its_groups \
	"$(app -u www-data localhost/plain id)" \
	"uid=33(www-data) gid=33(www-data) groups=33(www-data),5679(extra)"
same nobody_is_65534 "$(app -u nobody localhost/plain id -u)" 65534
same apt_can_work_on_its_own_files "$(app localhost/plain sh -c \
	'apt-get check -qq && apt-mark showmanual | grep -c .' 2>&1 | tail -n 1 |
	grep -c '^[0-9]')" 1
same a_package_is_removed_and_only_here "$(app localhost/plain sh -c \
	'dpkg --purge --force-all hostname >/dev/null 2>&1; test -e /bin/hostname; echo $?'
	app localhost/plain sh -c 'test -e /bin/hostname; echo $?')" \
	$'1\n0'

# ---- what the config says ----
same cmd_is_run "$(app localhost/plain)" plain
same words_are_run_instead_of_cmd "$(app localhost/plain echo other)" other
same entrypoint_gets_cmd "$(app localhost/app)" '[one]'
same words_replace_cmd_behind_entrypoint "$(app localhost/app 'a b' c)" \
	'[a b][c]'
same another_entrypoint_drops_cmd "$(app --entrypoint /bin/echo localhost/app)" ''
same an_empty_entrypoint_is_none "$(app --entrypoint '' localhost/app echo x)" x
run_status 125 nothing_to_run_is_an_error app --entrypoint '' localhost/app
APP=(app --entrypoint '' localhost/app)
same its_user "$("${APP[@]}" id)" \
	"uid=1234(app) gid=5678(app) groups=5678(app),5679(extra)"
same its_directory "$("${APP[@]}" pwd)" /srv/app
same another_directory "$(app -w /usr --entrypoint '' localhost/app pwd)" /usr
same its_environment "$("${APP[@]}" printenv GREETING PATH HOME)" \
	$'hello  world\n/srv/app/bin:/usr/bin:/bin\n/srv/app'
same a_variable_is_replaced \
	"$(app -e GREETING=bye --entrypoint '' localhost/app printenv GREETING)" bye
same its_path_finds_programs "$("${APP[@]}" setgid -u)" 1234
same its_volume_has_its_files "$("${APP[@]}" cat data/private)" mine
same its_volume_is_written "$("${APP[@]}" sh -c 'echo x >data/new && cat data/new')" x
same setuid_bits_are_gone "$("${APP[@]}" stat -c '%a' bin/setuid bin/setgid)" \
	$'755\n711'
same its_files_are_its_own "$("${APP[@]}" stat -c '%u:%g' data/private)" 1234:5678
run_status 1 files_of_others_are_not "${APP[@]}" cat /etc/shadow
matches its_label_is_told \
	"$(in_store docker "$IMMURE" inspect localhost/app)" '"who": "the tests"'
job_file=$T/stopped
app --entrypoint '' localhost/app sh -c \
	'trap "echo INT; exit 0" INT; trap "echo TERM; exit 0" TERM
	echo ready; while :; do sleep 0.1; done' >"$job_file" &
job=$!
for _ in $(seq 50); do grep -q ready "$job_file" && break; sleep 0.1; done
pkill -INT -P "$job" -u "$TEST_USER" immure || kill -INT "$job"
wait "$job"
same an_interrupt_reaches_it "$(tail -n 1 "$job_file")" INT

# ---- the tree ----
# Setuid and setgid bits do not come along; all else does. (The archive says
# nothing of its root directory: each launcher gives it what it likes.)
sed -E 's/^([^\t]*\t[^l] )[2467]([0-7]{3}) /\1\2 /' "$WANT" >want
# compare_tree NAME STORE
compare_tree() {
	local name=$1 got=$2.tree
	# a capability, to read what is others'; the filter for its rights
	in_store "$2" "$IMMURE" run -u 0 --cap-add DAC_OVERRIDE --entrypoint '' \
		localhost/app sh -c "$(cat "$HERE/tests/lib/mklist.sh")" mklist / \
		>"$got" 2>"$got.err"
	if cmp -s want "$got"; then
		ok "$name"
	else
		not_ok "$name" "$(diff want "$got" | head -n 20) $(head -n 3 "$got.err")"
	fi
}
same the_tree_is_not_a_small_one "$(($(wc -l <want) > 10000))" 1
compare_tree the_docker_archives_tree_is_podmans docker
compare_tree the_oci_archives_tree_is_podmans oci
same a_replaced_directory_hides_what_was_there \
	"$("${ROOT[@]}" ls -A /etc/skel /var/log /usr/share/common-licenses)" \
	"/etc/skel:
new

/usr/share/common-licenses:
new

/var/log:
new"
same whiteouts_hide "$("${ROOT[@]}" sh -c 'ls -d /usr/share/zoneinfo/Europe /etc/issue.net 2>&1 | grep -c "No such"
	ls /srv/thousand | wc -l')" $'2\n500'
same hard_links_are_one_file "$("${ROOT[@]}" sh -c \
	'cd /srv/links; stat -c %i a b ../app/c | uniq | wc -l; stat -c %h b')" \
	$'1\n3'

# ---- the store afterwards ----
same the_two_images_share_their_layers \
	"$(find data/docker/immure/layers -mindepth 1 -maxdepth 1 | wc -l)" \
	"$(in_store docker "$IMMURE" inspect -f '{{json .RootFS.Layers}}' \
		localhost/plain localhost/app | grep -o 'sha256:[0-9a-f]*' |
		sort -u | wc -l)"
run_status 0 both_are_removed in_store docker "$IMMURE" rmi localhost/plain localhost/app
run_status 0 and_collected in_store docker "$IMMURE" gc
same nothing_is_left "$(find data/docker/immure/layers \
	data/docker/immure/blobs/sha256 data/docker/immure/tmp \
	-mindepth 1 | wc -l)" 0
finish
