#!/bin/bash
# errors.sh - bad input, bad hosts: one sentence on standard error that says
# what is wrong, the right exit status, and nothing left behind: no file, no
# process, no mount. SHOW=1 prints the sentences.
#
# It has a user of its own, so that what is left can be told from what
# belongs to other tests.
TEST_USER=immure-e$$
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/mkarchive.sh"

remove_users() {
	userdel -r "$TEST_USER" >/dev/null 2>&1
	[ -z "${BARE_USER:-}" ] || userdel -r "$BARE_USER" >/dev/null 2>&1
	rm -rf "/run/user/$TEST_UID"
}
unmount_all() {
	local m
	for m in "$T"/disk "$T"/ro/immure; do
		! mountpoint -q "$m" || umount "$m"
	done
}
trap 'unmount_all; cleanup; remove_users' EXIT
FIRST_SUBUID=$(sed -n "s/^$TEST_USER:\([0-9]*\):.*/\1/p" /etc/subuid | head -n 1)

# ---- what is there: files, mounts, processes ----
files() {
	{
		find "$T/data" "$T"/disk "$T"/stores "/run/user/$TEST_UID" \
			! -name lock -printf '%p %y %#m %s %U %G\n' \
			-path '*/layers/*/root' -prune 2>/dev/null
		find /tmp /dev/shm /var/tmp -maxdepth 1 -user "$TEST_USER" \
			! -path "$T" -printf '%p\n' 2>/dev/null
		grep -F -e "$T" -e "/run/user/$TEST_UID" /proc/self/mountinfo |
			cut -d' ' -f 5
	} | sort
}
# Processes of the user and of its subordinate ids.
processes() {
	awk -v u="$TEST_UID" -v s="$FIRST_SUBUID" '
	FNR == 1 { name = $2 }
	$1 == "State:" { state = $2 }
	$1 == "Uid:" && state != "Z" && ($2 == u || ($2 >= s && $2 < s + 65536)) {
		print FILENAME, name
	}' /proc/[0-9]*/status 2>/dev/null
}
nobody_is_left() {
	local i
	for i in $(seq 20); do
		[ -z "$(processes)" ] && return 0
		sleep 0.05
	done
	return 1
}

# bad STATUS NAME SENTENCE(ERE) CMD…: see the head of this file. What is there
# is listed once a test: $THERE stays for the next one, and whoever changes
# something between calls `changed`.
changed() {
	THERE=$(files)
}
bad() {
	local want=$1 name=$2 ere=$3 status why='' after text
	shift 3
	"$@" </dev/null >out 2>err
	status=$?
	text=$(cat err)
	[ "$status" -eq "$want" ] || why+="exit status $status, expected $want; "
	[ "$(grep -c '' err)" -eq 1 ] || why+="$(grep -c '' err) lines; "
	[ "${text#immure: }" != "$text" ] || why+="not begun by \"immure: \"; "
	printf '%s\n' "$text" | grep -Eq -e "$ere" || why+="not /$ere/; "
	nobody_is_left || why+="left running: $(processes | head -n 3); "
	after=$(files)
	[ "$THERE" = "$after" ] || why+="left behind: $(diff \
		<(printf '%s' "$THERE") <(printf '%s' "$after") | head -n 5); "
	THERE=$after
	[ -z "${SHOW:-}" ] || printf '# %s: %s\n' "$name" "$text"
	if [ -z "$why" ]; then
		ok "$name"
	else
		not_ok "$name" "$why: $text"
	fi
}
run=(as_user "$IMMURE" run)
load=(as_user "$IMMURE" load)

# ---- the material ----
"$HERE/tests/lib/mkbusybox" bb.tar
mkdir bb stores
tar -C bb -xf bb.tar
chown "$TEST_UID:$TEST_GID" stores
use_layer bb.tar
mkdir small
echo hello >small/file
tar --owner=0 --group=0 -C small -cf small.tar file
docker_dir good-docker '' s/bad:latest/good:latest/ && pack good-docker
oci_dir good-oci && pack good-oci
OUT=$("${load[@]}" -q good-docker.tar 2>&1) ||
	not_ok the_good_image_is_loaded "$OUT"
run_status 0 the_good_image_runs "${run[@]}" good id
changed
use_layer small.tar

# ---- archives cut off, or not archives ----
size=$(stat -c %s good-docker.tar)
for at in 100 512 1024 5000 $((size / 2)) $((size - 20000)); do
	head -c "$at" good-docker.tar >cut.tar
	bad 125 "an_archive_cut_at_$at" 'cut|truncat|end|no image|archive' \
		"${load[@]}" cut.tar
done
gzip -c good-docker.tar >good.tar.gz
for at in 5 30 1000 $(($(stat -c %s good.tar.gz) - 4)); do
	head -c "$at" good.tar.gz >cut.tar.gz
	bad 125 "a_gzip_cut_at_$at" 'gzip|cut|truncat|archive' \
		"${load[@]}" cut.tar.gz
done
zstd -q -c good-docker.tar >good.tar.zst
head -c 3000 good.tar.zst >cut.tar.zst
bad 125 a_cut_zstd 'zstd|cut|truncat|archive' "${load[@]}" cut.tar.zst
{ head -c 2000 good.tar.gz; head -c 1000 /dev/zero; tail -c +3001 good.tar.gz; } >broken.tar.gz
bad 125 a_broken_gzip 'gzip|archive' "${load[@]}" broken.tar.gz
: >empty.tar
bad 125 an_empty_file 'empty|no image|archive' "${load[@]}" empty.tar
head -c 100000 /dev/urandom >noise.tar
bad 125 noise 'archive' "${load[@]}" noise.tar
bad 125 a_text 'archive' "${load[@]}" /etc/services
bad 125 an_empty_standard_input 'empty|no image|archive' "${load[@]}" -
bad 125 a_file_that_is_not_there 'nowhere.*No such file' "${load[@]}" nowhere.tar
cp good-docker.tar secret.tar && chmod 600 secret.tar
bad 125 a_file_of_another 'secret.tar.*ermission denied' "${load[@]}" secret.tar
mkdir plain-dir && echo x >plain-dir/x
bad 125 a_directory_that_is_no_layout 'oci-layout|index.json|layout' \
	"${load[@]}" plain-dir
bad 125 a_root_filesystem_that_is_none 'archive|empty' as_user "$IMMURE" import noise.tar x
bad 125 a_root_filesystem_cut_off 'cut|truncat|archive|end' as_user "$IMMURE" import cut.tar x
# ---- JSON of another type ----
n=0
while read -r part program ere; do
	n=$((n + 1))
	config='' manifest=''
	case $part in
	config) config=$program ;;
	manifest) manifest=$program ;;
	esac
	docker_dir wrong "$config" "$manifest" && pack wrong
	bad 125 "docker_${part}_$n: $program" "$ere" "${load[@]}" wrong.tar
done <<'END'
manifest s/.*// manifest
manifest s/.*/{}/ manifest
manifest s/.*/[]/ image
manifest s/.*/[[]]/ manifest
manifest s/.*/[null]/ manifest
manifest s/.*/null/ manifest
manifest s/.$// manifest
manifest s/$/x/ manifest
manifest s/"config.json"/5/ Config
manifest s/"config.json"/null/ Config
manifest s/"config.json"/"..\/config.json"/ config
manifest s/"Config":"config.json",// Config
manifest s/"config.json"/"a","Config":"b"/ Config.*twice|duplicate|twice
manifest s/\["layer.tar"\]/"layer.tar"/ Layers
manifest s/"layer.tar"/7/ Layers
manifest s/\["layer.tar"\]/{}/ Layers
manifest s/\["bad:latest"\]/"bad:latest"/ RepoTags
manifest s/bad:latest/BAD::x/ BAD
manifest s/"config.json"/NaN/ manifest.*NaN|manifest
manifest s/bad:latest/\xff/ UTF-8
config s/.*// config
config s/.*/[]/ config
config s/.*/7/ config
config s/"amd64|arm64"/5/ architecture|JSON
config s/"(amd64|arm64)"/5/ architecture
config s/"linux"/["linux"]/ os
config s/"os":"linux",// os
config s/\["\/bin\/id"\]/"id"/ Cmd
config s/"\/bin\/id"/1/ Cmd
config s/\["PATH=.bin"\]/{"PATH":"x"}/ Env
config s/"PATH=.bin"/"=x"/ Env
config s/"WorkingDir":"."/"WorkingDir":1/ WorkingDir
config s/"config":\{.*"rootfs"/"config":"x","rootfs"/ config
config s/"Cmd"/"Volumes":["a"],"Cmd"/ Volumes
config s/"Cmd"/"User":0,"Cmd"/ User
config s/"Cmd"/"StopSignal":"SIGNOT","Cmd"/ SIGNOT
config s/"Cmd"/"Cmd":[],"Cmd"/ Cmd.*twice|twice|duplicate
config s/"config"/"os":"linux","config"/ twice|duplicate
config s/"diff_ids":\[[^]]*\]/"diff_ids":"x"/ diff_ids
config s/"diff_ids":\[[^]]*\]/"diff_ids":[]/ diff_ids
config s/"diff_ids":\[[^]]*\]/"diff_ids":["sha256:0"]/ diff_ids
config s/"layers"/"other"/ rootfs.*other
config s/,"rootfs".*/}/ rootfs
END
n=0
while read -r part program ere; do
	n=$((n + 1))
	config='' manifest='' index=''
	case $part in
	config) config=$program ;;
	manifest) manifest=$program ;;
	index) index=$program ;;
	esac
	oci_dir wrong "$config" "$manifest" "$index"
	bad 125 "oci_${part}_$n: $program" "$ere" "${load[@]}" wrong
done <<'END'
index s/.*// index
index s/.*/[]/ index
index s/"manifests":\[.*\]/"manifests":{}/ manifests
index s/"manifests":\[.*\]/"manifests":[]/ image
index s/"schemaVersion":2/"schemaVersion":1/ schemaVersion
index s/"schemaVersion":2/"schemaVersion":2,"schemaVersion":2/ twice|duplicate
index s/sha256:[0-9a-f]*/sha256:beef/ beef
index s/sha256:[0-9a-f]*/sha256:..\/..\/etc/ digest
index s/sha256:[0-9a-f]*/md5:d41d8cd98f00b204e9800998ecf8427e/ md5
index s/"size":[0-9]+/"size":-1/ size
index s/"size":[0-9]+/"size":1/ size|bytes
index s/"size":[0-9]+/"size":99999999999999/ size|larger|bytes
index s/image.manifest.v1/image.other.v1/ other
manifest s/.*// manifest
manifest s/.*/"x"/ manifest
manifest s/"layers":\[.*\]/"layers":{}/ layers
manifest s/"layers":\[.*\]/"layers":[]/ layers
manifest s/"config":\{[^}]*\}/"config":[]/ config
manifest s/"config":\{[^}]*\},// config
manifest s/layer.v1.tar/layer.v1.tar+gzip/ gzip
manifest s/manifest.v1/index.v1/ not
manifest s/layer.v1.tar/layer.v1.tar+zip/ zip
manifest s/"layers":\[(.*)\]/"layers":[\1,\1]/ layers|diff_ids
manifest s/"schemaVersion":2/"schemaVersion":"2"/ schemaVersion
config s/.*/{"a":/ config
config s/"(amd64|arm64)"/true/ architecture
END

# ---- content that is not what was promised ----
sed_blob() { # DIR KEY PROGRAM: changes a blob in place, its name stays
	sed -i -E "$3" "$(blob_of "$1" "$2")"
}
oci_dir wrong && sed_blob wrong layers 's/hello/hullo/'
bad 125 a_layer_that_was_changed 'sha256:.*tamper|digest' "${load[@]}" wrong
oci_dir wrong && sed_blob wrong config 's/bin.id/bin\/ls/'
bad 125 a_config_that_was_changed 'sha256:.*tamper|digest' "${load[@]}" wrong
oci_dir wrong && sed_blob wrong manifests 's/v1.json/v1.jsOn/'
bad 125 a_manifest_that_was_changed 'sha256:.*tamper|digest' "${load[@]}" wrong
pack wrong
bad 125 the_same_in_an_archive 'sha256:.*tamper|digest' "${load[@]}" wrong.tar
zeros=0000000000000000000000000000000000000000000000000000000000000000
docker_dir wrong "s/sha256:[0-9a-f]+/sha256:$zeros/" && pack wrong
bad 125 a_layer_of_another_diff_id "sha256:$zeros" "${load[@]}" wrong.tar
oci_dir wrong "s/sha256:[0-9a-f]+/sha256:$zeros/"
bad 125 a_layer_of_another_diff_id_in_a_layout "sha256:$zeros" "${load[@]}" wrong
for what in layers config manifests; do
	oci_dir wrong && rm "$(blob_of wrong $what)"
	bad 125 "${what}_missing_in_a_layout" 'sha256:.*not in' "${load[@]}" wrong
done
for file in layer.tar config.json manifest.json; do
	docker_dir wrong && rm wrong/$file && pack wrong
	bad 125 "${file}_missing_in_an_archive" "${file%.*}" "${load[@]}" wrong.tar
done
oci_dir wrong && rm wrong/index.json
bad 125 index_missing_in_a_layout 'index.json' "${load[@]}" wrong
docker_dir wrong && ln -sf ../../../etc/passwd wrong/config.json && pack wrong
bad 125 a_config_that_is_a_link_to_outside 'config' "${load[@]}" wrong.tar
head -c 50000 bb.tar >cut-layer.tar
use_layer cut-layer.tar
docker_dir wrong && pack wrong
bad 125 a_layer_cut_off 'layer.*[Tt]runcat' "${load[@]}" wrong.tar
tar --owner=70000000 --group=0 -C small -cf owner.tar file
use_layer owner.tar
docker_dir wrong && pack wrong
bad 125 an_owner_beyond_the_ids '70000000.*subordinate' "${load[@]}" wrong.tar
tar -P --transform 's,^,../../,' -C small -cf up.tar file
use_layer up.tar
docker_dir wrong && pack wrong
bad 125 a_layer_that_leaves_its_root '\.\./\.\./file.*leaves' "${load[@]}" wrong.tar
bad 125 more_bytes_than_allowed '1000' "${load[@]}" --max-size 1000 good-docker.tar
bad 125 more_entries_than_allowed '2 .*(entries|files)' \
	as_user "$IMMURE" import --max-entries 2 bb.tar x
bad 125 a_time_that_is_too_short 'seconds' \
	as_user sh -c 'sleep 3 | "$IMMURE" load --max-time 1s -'
use_layer small.tar

# ---- words of the command line ----
n=0
while IFS='|' read -r words ere; do
	n=$((n + 1))
	# shellcheck disable=SC2086 # the words of the line
	bad 125 "words_$n: $words" "$ere" as_user sh -c "exec \"\$IMMURE\" $words"
done <<'END'
runn x|did you mean run
nonsense|unknown command
--priviledged run|flag before the command
run|IMAGE|image
run --priviledged x|--privileged
run --read-onyl x|--read-only
run --cap-ad NET_RAW x|--cap-add
run -Z x|-Z
run --name|--name
run --rootfs|--rootfs
run --rootfs bb --host true|--host
run -e =x good|=x
run --env-file /nowhere good|/nowhere
run -w relative good|relative
run -u nosuch good|nosuch
run -u 99999999999 good|99999999999
run -u 0:nosuch good|nosuch
run -v /etc good|/etc
run -v /etc:relative good|relative
run -v /etc:/x:wrong good|wrong
run -v /nowhere:/x good|/nowhere
run --mount type=what,target=/x good|what
run --mount type=bind,source=/etc good|dst= is missing
run --tmpfs relative good|relative
run --tmpfs /x:size=much good|much
run --cap-add NOT_ONE good|NOT_ONE
run --cap-add NET_RAWW good|NET_RAW
run --caps some good|some
run --security-opt what good|what
run --security-opt seccomp=/nowhere good|/nowhere
run --device /dev/nowhere good|/dev/nowhere
run --device /etc/passwd good|/etc/passwd
run --ulimit nofiles=5 good|nofile
run --ulimit nofile=x good|--ulimit: x
run --ulimit nofile=9:5 good|9
run --pids-limit many good|many
run --timeout soon good|soon
run --stop-signal SIGNOT good|SIGNOT
run --network bridge good|bridge
run --userns wrong good|wrong
run --uidmap 0:0 good|0:0
run --hostname a_b/c good|a_b/c
run --storage-size big good|big
run --label =x good|=x
run --policy /nowhere good|/nowhere
run nosuchimage|nosuchimage
run UPPER|UPPER
run a//b|a//b
run :tag|:tag
run a:b:c|a:b:c
run ""|
run good@sha256:abc|sha256:abc
run ../good|\.\./good
run good:latest@x|good:latest@x
import bb.tar|usage
import bb.tar UPPER/x|UPPER
import bb.tar a:b:c|a:b:c
import nowhere.tar x|nowhere.tar
tag nosuch x|nosuch
tag good|usage
tag bad UP:x|UP
rmi nosuch|nosuch
rmi|usage
inspect nosuch|nosuch
inspect -f "{{.Nope}}" good|Nope
inspect -f "{{" good|\{\{
inspect -f "{{json .Config" good|\{\{
inspect -f "{{end}}" good|end
images --format "{{.Nope}}"|Nope
images --format "{{if}}"|if
images a b|usage|many
info --format "{{.Nope}}"|Nope
load a b|many
load --input a b|two inputs
load --max-size much x|much
plan --format xml good|xml
check --format xml good|xml
diff good|--
gc --nothing|--nothing
END

# ---- programs ----
printf '#!/bin/nosuch\n' >bb/script
printf 'x' >bb/plain
mkdir bb/dir
chmod 755 bb/script
# an executable of the other architecture: the machine's number in the head
cp bb/bin/busybox bb/other
if [ "$ARCH" = amd64 ]; then machine='\267'; else machine='\076'; fi
printf "$machine" | dd of=bb/other bs=1 seek=18 conv=notrunc status=none
head -c 64 bb/bin/busybox >bb/cut-off && chmod 755 bb/cut-off
chmod -R a+rX bb
R=("${run[@]}" --rootfs "$T/bb")
bad 127 a_program_that_is_not_there 'nosuch: no such program' "${R[@]}" nosuch
bad 127 a_path_that_is_not_there '/no/such' "${R[@]}" /no/such
bad 127 in_an_image_too 'nosuch: no such program' "${run[@]}" good nosuch
bad 127 an_interpreter_that_is_not_there '/script.*interpreter' "${R[@]}" /script
bad 126 a_file_that_is_not_executable '/plain.*not an executable' "${R[@]}" /plain
bad 126 a_directory '/dir' "${R[@]}" /dir
bad 126 a_program_of_another_architecture "/other.*(architecture|[Ee]xec format)" "${R[@]}" /other
bad 126 a_program_cut_off "/cut-off.*[Ee]xec" "${R[@]}" /cut-off
bad 127 a_file_in_the_way '/plain/x' "${R[@]}" /plain/x
bad 125 an_empty_name 'empty' "${R[@]}" ''
bad 125 a_working_directory_that_is_a_file '/plain' "${run[@]}" -w /plain --rootfs "$T/bb" true
bad 125 a_bind_onto_a_link_to_itself '/loop' sh -c 'ln -s loop bb/loop; "$@"' sh \
	setpriv --reuid="$TEST_UID" --regid="$TEST_GID" --clear-groups env -i \
	HOME="$TEST_HOME" XDG_DATA_HOME="$T/data" "$IMMURE" run \
	-v "$T/small:/loop" --rootfs "$T/bb" true

# ---- images of other machines: they are loaded, but not run ----
for program in "s/\"$ARCH\"/\"$OTHER_ARCH\"/" 's/"linux"/"windows"/'; do
	docker_dir wrong "$program" s/bad:latest/other:latest/ && pack wrong
	run_status 0 "an_image_of_another_machine_is_loaded: $program" \
		"${load[@]}" -q wrong.tar
	changed
	bad 126 "but_it_does_not_run: $program" "it is for ($OTHER_ARCH|windows)" \
		"${run[@]}" other /bin/true
	as_user "$IMMURE" rmi other >/dev/null
	changed
done

# ---- root filesystems ----
bad 125 a_rootfs_that_is_not_there "$T/none" "${run[@]}" --rootfs "$T/none" true
bad 125 a_rootfs_that_is_a_file "bb.tar" "${run[@]}" --rootfs "$T/bb.tar" true
mkdir -m 0700 closed && mkdir closed/root
bad 125 a_rootfs_of_another 'closed: you may not read it \(mode 0700' "${run[@]}" --rootfs "$T/closed" true
bad 125 a_rootfs_below_a_closed_directory 'closed/root.*ermission' \
	"${run[@]}" --rootfs "$T/closed/root" true
mkdir hollow
bad 127 an_empty_rootfs 'true: no such program' "${run[@]}" --rootfs "$T/hollow" true
mkdir -p nodev/bin && cp bb/bin/busybox nodev/bin/true
run_status 0 a_rootfs_without_dev_proc_and_sys "${run[@]}" --rootfs "$T/nodev" /bin/true
run_status 0 and_read_only "${run[@]}" --read-only --rootfs "$T/nodev" /bin/true
mkdir twisted && ln -s /etc twisted/dev && ln -s ../../.. twisted/proc && cp -r nodev/bin twisted/
cp -r nodev mine && chmod 0700 mine && chown -R "$TEST_UID:$TEST_GID" mine
run_status 0 a_rootfs_that_only_its_owner_enters "${run[@]}" --rootfs "$T/mine" /bin/true
run_status 0 that_one_read_only "${run[@]}" --read-only --rootfs "$T/mine" /bin/true
cp -r nodev foreign && mkdir foreign/mnt && chown 3000000:3000000 foreign/mnt
bad 125 a_mount_in_a_directory_of_an_owner_that_is_not_mapped \
	'/mnt of the root belongs to 3000000:3000000.*make /mnt/new there' \
	"${run[@]}" -v "$T/small:/mnt/new" --rootfs "$T/foreign" true
chmod 1777 foreign/mnt
bad 125 and_where_all_may_write 'too large.*belongs to 3000000' \
	"${run[@]}" -v "$T/small:/mnt/new" --rootfs "$T/foreign" true
bad 125 a_rootfs_whose_dev_is_a_link '/(dev|proc)' "${run[@]}" --rootfs "$T/twisted" /bin/true

# ---- standard streams ----
bad 125 standard_output_is_full 'standard output.*No space' \
	as_user sh -c '"$IMMURE" images >/dev/full'
bad 125 a_full_output_for_a_plan 'standard output.*No space' \
	as_user sh -c '"$IMMURE" plan good >/dev/full'
run_status 0 standard_input_is_closed as_user sh -c '"$IMMURE" run good true <&-'
run_status 0 with_i_too as_user sh -c '"$IMMURE" run -i good true <&-'
run_status 0 standard_output_is_closed as_user sh -c '"$IMMURE" run good true >&-'
run_status 0 all_are_closed as_user sh -c '"$IMMURE" run good true <&- >&- 2>&-'
run_status 3 the_status_with_closed_streams as_user sh -c '"$IMMURE" run good sh -c "exit 3" <&- >&- 2>&-'
changed
bad 125 an_archive_from_a_closed_input 'archive|descriptor|empty|image' \
	as_user sh -c '"$IMMURE" load - <&-'

# ---- the store ----
with_store() { # DIR CMD…
	local dir=$1
	shift
	as_user env XDG_DATA_HOME="$dir" "$@"
}
mkdir stores/others stores/others/immure stores/open stores/file ro disk
chmod 755 stores/others stores/others/immure
chown "$TEST_UID:$TEST_GID" stores/open stores/file
mkdir -m 0777 stores/open/immure
chmod 0777 stores/open/immure
chown "$TEST_UID" stores/open/immure
changed
bad 125 a_store_of_another 'stores/others/immure.*uid 0' \
	with_store "$T/stores/others" "$IMMURE" images
bad 125 a_store_that_others_may_write 'stores/open/immure.*chmod 700' \
	with_store "$T/stores/open" "$IMMURE" images
: >stores/file/immure
changed
bad 125 a_store_that_is_a_file 'stores/file/immure' \
	with_store "$T/stores/file" "$IMMURE" images
bad 125 a_store_that_cannot_be_made 'closed/x.*ermission' \
	with_store "$T/closed/x" "$IMMURE" load good-docker.tar
mkdir -p ro/immure
mount --bind data/immure ro/immure
mount -o remount,bind,ro ro/immure
changed
bad 125 loading_into_a_read_only_store 'ro/immure.*Read-only' \
	with_store "$T/ro" "$IMMURE" load good-docker.tar
bad 125 removing_from_a_read_only_store 'ro/immure.*Read-only' \
	with_store "$T/ro" "$IMMURE" rmi good
OUT=$(with_store "$T/ro" "$IMMURE" images 2>&1)
matches a_read_only_store_is_listed "$OUT" '^good +latest'
run_status 0 what_ran_before_runs_from_it with_store "$T/ro" "$IMMURE" run good true
umount ro/immure
mount -t tmpfs -o size=3m,mode=0700,uid="$TEST_UID",gid="$TEST_GID" none disk
with_store "$T/disk" "$IMMURE" images >/dev/null
changed
bad 125 a_full_disk 'No space left' \
	with_store "$T/disk" "$IMMURE" load good-docker.tar
bad 125 a_full_disk_for_import 'No space left' \
	with_store "$T/disk" "$IMMURE" import bb.tar x
as_user sh -c 'cat /dev/zero >disk/fill' 2>/dev/null
changed
bad 125 not_a_byte_is_left 'No space left' \
	with_store "$T/disk" "$IMMURE" load good-docker.tar
rm disk/fill
umount disk
# a damaged store
cp -a data stores/damaged
config=$(as_user "$IMMURE" inspect -f '{{.Id}}' good)
config=stores/damaged/immure/blobs/sha256/${config#*:}
echo x >>"$config"
changed
bad 125 a_damaged_config 'sha256:' with_store "$T/stores/damaged" "$IMMURE" run good id
rm "$config"
changed
bad 125 a_lost_config 'no such file' with_store "$T/stores/damaged" "$IMMURE" run good id
echo '{' >stores/damaged/immure/index.json
changed
bad 125 a_damaged_index 'index' with_store "$T/stores/damaged" "$IMMURE" images

# ---- the user's surroundings ----
bare() { # NAME=VALUE… CMD: with nothing but these variables
	setpriv --reuid="$TEST_UID" --regid="$TEST_GID" --clear-groups \
		env -i PATH=/usr/bin:/bin "$@"
}
run_status 0 a_missing_HOME_is_found_in_passwd bare "$IMMURE" images
run_status 0 a_missing_runtime_directory_is_no_matter \
	bare XDG_DATA_HOME="$T/data" "$IMMURE" run good true
for dir in /nowhere relative "$T/closed" /etc/passwd; do
	run_status 0 "XDG_RUNTIME_DIR_$dir" bare XDG_DATA_HOME="$T/data" \
		XDG_RUNTIME_DIR="$dir" "$IMMURE" run good true
done
run_status 0 paths_that_are_not_absolute_are_ignored bare HOME=relative \
	XDG_DATA_HOME=data "$IMMURE" images
# few file descriptors: it works or says so
for n in 3 4 5 6 8 10 12 15 20 30; do
	if [ -n "${SANITIZED:-}" ] && [ $n -lt 5 ]; then
		skip "${n}_file_descriptors_are_too_few" \
			"a sanitizer's library is not loaded with so few"
		continue
	fi
	as_user prlimit --nofile=$n "$IMMURE" run good true >out 2>err
	status=$?
	if [ $status -eq 0 ] && [ ! -s err ]; then
		ok "${n}_file_descriptors_are_enough"
	else
		bad 125 "${n}_file_descriptors_are_too_few" \
			'Too many open files|file descriptors|shared lib' \
			as_user prlimit --nofile=$n "$IMMURE" run good true
	fi
done
bad 125 a_limit_of_file_size 'File too large|file size|limit' \
	as_user prlimit --fsize=100000 "$IMMURE" load --quiet good-docker.tar

# ---- without user namespaces, subordinate ids, helpers ----
# A user namespace of the test, in which the limit is the test's own. Only the
# test user has a name there, so the policy must be its.
chown -R "$TEST_UID:$TEST_GID" "$T/policy" "$T/profiles"
no_userns() { # CMD…
	as_user unshare -Uc --keep-caps sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces || exit 99
		exec setpriv --inh-caps=-all --ambient-caps=-all "$@"' sh "$@"
}
bad 125 no_user_namespaces 'namespaces? can be made: .*max_user_namespaces' \
	no_userns "$IMMURE" run --userns single --rootfs "$T/bb" true
bad 125 no_user_namespaces_for_a_load 'namespaces? can be made: .*max_user_namespaces' \
	no_userns "$IMMURE" load good-docker.tar
run_status 1 the_doctor_finds_it no_userns "$IMMURE" doctor
matches and_names_the_remedy "$OUT" 'sysctl .*user.max_user_namespaces'
chown -R 0:0 "$T/policy" "$T/profiles"

export TEST_UID TEST_GID TEST_HOME TEST_USER T IMMURE
export -f as_user
# instead CMD…: with $OVER (a file) in the place of both helpers.
instead() {
	unshare -m --propagation private bash -c '
		USER_ENV=()
		for p in /usr/bin/newuidmap /usr/bin/newgidmap; do
			mount --bind "$OVER" $p || exit 99
		done
		"$@"' bash "$@"
}
export OVER=$T/small/file
chmod 644 small/file
run_status 0 without_helpers_there_is_one_id \
	instead as_user "$IMMURE" run --rootfs "$T/bb" cat /proc/self/uid_map
matches and_it_is_announced "$OUT" \
	"^immure: warning: no newuidmap: .* your own uid $TEST_UID"
bad 125 no_helpers_where_they_are_asked_for 'newuidmap.*uidmap' \
	instead as_user "$IMMURE" run --userns nomap --rootfs "$T/bb" true
bad 125 an_image_of_other_ids 'good.*subordinate ids' \
	instead as_user "$IMMURE" run --userns single good true
bad 125 a_load_among_other_ids 'good|layer.*subordinate ids' \
	instead as_user "$IMMURE" load good-docker.tar
OVER=/bin/false
bad 125 helpers_that_fail 'new[ug]idmap failed' \
	instead as_user "$IMMURE" run good true
printf '#!/bin/sh\nexit 0\n' >lies && chmod 755 lies
OVER=$T/lies
bad 125 helpers_that_do_nothing 'uid_map.*not what was written' \
	instead as_user "$IMMURE" run good true

BARE_USER=immure-b$$
useradd -M -d "$T/bare" "$BARE_USER"
sed -i "/^$BARE_USER:/d" /etc/subuid /etc/subgid
mkdir -m 0700 bare && chown "$BARE_USER:" bare
as_bare() {
	setpriv --reuid="$BARE_USER" --regid="$(id -g "$BARE_USER")" \
		--clear-groups env -i HOME="$T/bare" PATH=/usr/bin:/bin "$@"
}
run_status 0 without_subordinate_ids_there_is_one \
	as_bare "$IMMURE" run --rootfs "$T/bb" id -u
matches and_that_is_announced "$OUT" \
	"^immure: warning: no subordinate ids: .* your own uid $(id -u "$BARE_USER")"
run_status 0 asked_for_it_is_silent \
	as_bare "$IMMURE" run --userns single --rootfs "$T/bb" id -u
same and_the_program_is_root_of_one_id "$OUT" 0
bad 125 no_subordinate_ids_where_they_are_asked_for \
	'/etc/subuid: no subordinate ids.*usermod --add-subuids' \
	as_bare "$IMMURE" run --userns nomap --rootfs "$T/bb" true
run_status 0 an_image_is_loaded_without_them as_bare "$IMMURE" load good-docker.tar
run_status 0 and_runs as_bare "$IMMURE" run --userns single good id
run_status 0 and_goes as_bare "$IMMURE" rmi good
same and_nothing_is_left \
	"$(find bare/.local/share/immure/blobs/sha256 bare/.local/share/immure/layers \
		bare/.local/share/immure/tmp -mindepth 1 | wc -l)" 0
finish
