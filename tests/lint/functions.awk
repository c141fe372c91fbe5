# functions.awk - sizes: files of more than 600 lines, functions of more than 60 lines, more than 5
# parameters, control statements nested deeper than 3. Reads C in the house
# style: a function's name, "{" and "}" stand in the first column.

function parameters(text,    depth, i, c, n) {
	sub(/^[^(]*/, "", text)
	# of "name(…)" the last group: attributes may stand before
	n = 1
	depth = 0
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(")
			depth++
		else if (c == ")")
			depth--
		else if (c == "," && depth == 1)
			n++
	}
	return n
}

function report(line, what) {
	if (!((file, called) in excepted))
		printf "%s:%d: %s: %s\n", file, line, called, what
}

function file_ends() {
	called = "the file"
	if (last > 600)
		report(last, "more than 600 lines")
}

# The first file is the list of exceptions: "file function reason".
FNR == NR {
	if (/^[a-z]/)
		excepted[$1, $2] = 1
	next
}
FNR == 1 { file_ends(); file = FILENAME; head = ""; start = 0 }
{ last = FNR }
END { file_ends() }

/^[A-Za-z_].*\(/ && !/;[ \t]*$/ && !/^(typedef|struct .*=|static const|#)/ {
	head = $0
	head_line = FNR
	next
}
head != "" && !start && /^[ \t]/ {
	head = head $0
	if (/;[ \t]*$/)
		head = ""
	next
}
/^{/ && head != "" {
	start = FNR
	gsub(/__attribute__\(\([^;]*\)\)\)?/, "", head)
	gsub(/[A-Z_]+\([0-9, ]*\)/, "", head)
	called = head
	sub(/\(.*/, "", called)
	sub(/.*[ *]/, "", called)
	if (parameters(head) > 5)
		report(head_line, "more than 5 parameters")
	next
}
/^}/ {
	if (start && FNR - head_line + 1 > 60)
		report(head_line, FNR - head_line + 1 " lines")
	start = 0
	head = ""
	next
}
start && /^\t\t\t\t+(if|for|while|switch|do|strv_foreach|plan_foreach)[ (]/ {
	report(FNR, "nested deeper than 3")
}
/^$/ && !start { head = "" }
