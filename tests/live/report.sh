#!/bin/bash
# report.sh - the HTML report of an audit in a real browser: that it stands
# alone, works without script, can be read light and dark, wide and narrow.
# Chromium is large: it is not installed for this test.
. "$(dirname "$0")/../lib/common.sh"

if ! have chromium; then
	skip report "chromium is not installed"
	finish
fi

mkdir home rootfs rootfs/{proc,sys,dev}
chmod -R a+rX rootfs
chown "$TEST_UID:$TEST_GID" home
cp "$HERE/tests/live/report.html" look.html
hostile='<script>hostile=1</script><img src=x onerror=hostile=1>"&'
as_user "$IMMURE" audit --format html --privileged --rootfs "$T/rootfs" \
	-v /run:/run:rw --network host -e "A=$hostile" -e "${hostile}_TOKEN=x" \
	-- sh "$hostile" >r.html
check a_report_is_written test -s r.html
chmod 644 r.html look.html

# look NAME WIDTH SCHEME: what look.html says of the report, in $OUT.
look() {
	OUT=$(as_user env HOME="$T/home" timeout 60 chromium --headless=new \
		--no-sandbox --disable-gpu --disable-dev-shm-usage \
		--user-data-dir="$T/home/$1" --allow-file-access-from-files \
		--host-resolver-rules='MAP * ~NOTFOUND' \
		--blink-settings=preferredColorScheme="$3" \
		--virtual-time-budget=10000 --window-size=1300,900 \
		--dump-dom "file://$T/look.html?$2" 2>/dev/null |
		sed -n '/<pre id="out">/,/<\/pre>/p' | sed 's/.*<pre id="out">//')
}
value() { printf '%s\n' "$OUT" | sed -n "s|^$1 ||p" | head -1; }
is() { same "$mode: $1" "$(value "$2")" "$3"; }

while read -r mode width scheme dark; do
	look "$mode" "$width" "$scheme"
	if ! printf '%s\n' "$OUT" | grep -q '^end'; then
		not_ok "$mode: the browser shows the report" "got: $OUT"
		continue
	fi
	is "it has a language" lang en
	is "it has header, main and footer" landmarks 3
	is "it has one first heading" headings 1
	is "every section has a name" sections-without-name 0
	is "every drawing has words" drawings-without-words 0
	is "the walls and the score are drawn" drawings 9
	is "it has no script" scripts 0
	is "it embeds nothing" outside 0
	is "it asks for nothing" requests 0
	is "no text of the image runs" ran undefined
	is "every link leads somewhere" broken-links 0
	is "no id stands twice" double-ids 0
	same "$mode: every fold opens and closes without script" \
		"$(value folds-that-open)" "$(value folds)"
	is "nothing is wider than the window" overflow 0
	is "the scheme is followed" dark "$dark"
	check "$mode: text can be read ($(value contrast))" \
		awk "BEGIN { exit !($(value contrast | cut -d' ' -f1) >= 4.5) }"
	# the worst first
	order=$(value findings | tr , '\n' | uniq | tr '\n' ' ')
	same "$mode: findings are sorted" "$order" \
		"critical high medium low info "
	printf '%s\n' "$(value background)" >>backgrounds
done <<-END
	light-wide 1200 1 false
	light-narrow 320 1 false
	dark-wide 1200 0 true
	dark-narrow 320 0 true
END
same light_and_dark_differ "$(sort -u backgrounds | wc -l)" 2
finish
