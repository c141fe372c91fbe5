#!/bin/bash
# readme.sh - README.md is true: what it says is typed, here is typed; what it
# says comes out, comes out (but for numbers, which are this host's).
. "$(dirname "$0")/../lib/common.sh"
. "$HERE/tests/lib/mkarchive.sh"

"$HERE/tests/lib/mkbusybox" bb.tar
mkdir bin-of-user work work/root
tar -C work/root -xf bb.tar
echo 'print(6*7)' >work/untrusted.py
chmod -R a+rX work
chown -R "$TEST_UID:$TEST_GID" work
ln -s "$IMMURE" bin-of-user/immure
# what `docker save x` would write
use_layer bb.tar
docker_dir x '' s/bad:latest/x:latest/ && pack x
cat >bin-of-user/docker <<-END
	#!/bin/sh
	[ "\$*" = "save x" ] && exec cat "$T/x.tar"
END
chmod 755 bin-of-user/docker
typed() { # LINE, in a directory of the user's
	as_user env PATH="$T/bin-of-user:/usr/local/bin:/usr/bin:/bin" \
		sh -c "cd '$T/work' && $1" 2>&1 </dev/null
}
# The command in the table's row of these words.
row() { # WORDS
	sed -n "s/^| $1.*| \(\`.*\) |\$/\1/p" "$HERE/README.md" |
		sed 's/\\|/|/g'
}
in_row() { # WORDS N: the N-th piece of code in it
	row "$1" | cut -d'`' -f $((2 * $2))
}
numbers() {
	sed -E 's/sha256:[^,]*/sha256:…/; s/[0-9]+/N/g'
}

typed 'immure import - demo <../bb.tar' >/dev/null
same the_walls_are_those_of_the_readme \
	"$(typed 'immure run --explain demo id' | numbers)" \
	"$(sed -n '/^\$ immure run --explain/,/^```/p' "$HERE/README.md" |
		sed '1d;$d' | numbers)"
if have python3 && [ -x /usr/bin/python3 ]; then
	same a_program_with_the_systems_own_tools \
		"$(typed "$(in_row 'run a program' 1)")" 42
else
	skip a_program_with_the_systems_own_tools "no /usr/bin/python3"
fi
same an_image_that_docker_saved "$(typed "$(in_row 'run an image' 1)")" \
	"Loaded image: x:latest"
matches and_it_runs "$(typed "$(in_row 'run an image' 2)")" '^uid=0'
same an_image_of_a_root_directory "$(typed "$(in_row 'make an image' 1)")" \
	"Imported image: mine"
of() { # COMMAND-WITH-DOTS WORDS: the dots become the words
	printf '%s' "${1/…/$2}"
}
matches a_plan_is_printed \
	"$(typed "$(of "$(in_row 'see beforehand' 1)" 'x id')")" '^hash sha256:'
matches the_policy_is_asked \
	"$(typed "$(of "$(in_row 'ask the policy' 1)" '-v /run:/r x id')
		echo status \$?")" '^status 126$'
matches missing_walls_are_told \
	"$(typed "$(of "$(in_row 'know which walls' 1)" 'x id')")" \
	'^exposure 0 of 100'
matches two_lines_are_compared "$(typed \
	"$(in_row 'know what two' 1 | sed 's/A…/x id/; s/B…/--tmpfs \/t x id/')")" \
	'^\+ .*tmpfs'
matches the_host_is_told "$(typed "$(in_row 'know what this host' 1)")" '^store '
matches the_doctor_is_asked "$(typed "$(in_row 'know what this host' 2)")" '^ok '
# every flag that it names is one
for flag in $(sed -n '/^The flags are/,/^$/p' "$HERE/README.md" |
	grep -oE -e '[ `]--?[a-z-]+' | tr -d ' `' | grep -v -e --help); do
	"$IMMURE" run --help | grep -qE -e "^ +(-., +)?${flag}[ ,]" &&
		ok "flag $flag" || not_ok "flag $flag" "run --help has none"
done
# every file that it names is there
for file in $(grep -oE '`[a-z/]+(README\.md|RESULTS\.md|src/man/|man/)`' \
	"$HERE/README.md" | tr -d '`' | sort -u); do
	[ -e "$HERE/$file" ] && ok "file $file" ||
		not_ok "file $file" "not there"
done
# the policy that it shows is one
sed -n '/^## What a policy says/,/^The shipped/p' "$HERE/README.md" |
	sed -n '/^```/,/^```/p' | grep -v '^```' >shown.policy
sed -i 's|/run/my.sock|/etc/passwd|' shown.policy # an object that is there
lacks the_policy_shown_is_understood \
	"$(typed 'immure check --policy ../shown.policy x id')" '^immure: '
finish
