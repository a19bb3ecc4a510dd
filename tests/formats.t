#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every format of a stored run, read by the programs that it is made for.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export NO_COLOR=1

# the Python of Debian, which has Debian's modules
python=/usr/bin/python3
journals=$top/src/report/testdata
formats='tap ktap junit json kcidb lava lava-kmsg markdown mail'

KUNIT=$("$top/scripts/fetch-kunit" 2>err) || {
	ok "the parser of kunit is here: $(tail -1 err)" false
	done_testing
}
export KUNIT

# reads FORMAT JOURNAL [strict] - its consumer sees in the report what the
# journal says, and it is the same when it is rendered again
# shellcheck disable=SC2317 # called by ok
reads()
{
	local format=$1 journal=$2 strict=${3:+--strict}

	"$sanitized" report --format "$format" ${strict:+"$strict"} "$journal" >one.out 2>err
	"$gupcheck" report --format "$format" ${strict:+"$strict"} "$journal" >two.out 2>>err
	! grep -E 'Sanitizer|runtime error' err && cmp one.out two.out &&
		"$python" "$top/tests/formats.py" check "$format" "$journal" one.out \
			${3:+"$3"} >problems 2>&1 && return
	sed 's/^/# /' problems err
	return 1
}

"$python" "$top/tests/formats.py" hostile hostile.jsonl
"$gupcheck" run --format junit -o run fake_safe/fake_dir/admission \
	fake_refused/fake_dir/admission fake_safe/fake_dir/fsync_after_unpin >run.xml 2>err
for format in $formats; do
	for name in mixed healthy skipped; do
		ok "$format of the $name journal" reads "$format" "$journals/$name.jsonl"
	done
	ok "$format, strict" reads "$format" "$journals/mixed.jsonl" strict
	ok "$format of a hostile journal" reads "$format" hostile.jsonl
	ok "$format of a hostile journal, strict" reads "$format" hostile.jsonl strict
	ok "$format of a run" reads "$format" run/journal.jsonl
done
"$gupcheck" report --format junit run >one.out 2>err
ok "run has the same formats as report" cmp run.xml one.out

# notices FORMAT SED - the consumer sees when a report is another
# shellcheck disable=SC2317 # called by ok
notices()
{
	"$gupcheck" report --format "$1" "$journals/mixed.jsonl" 2>err | sed -E "$2" >one.out
	! "$python" "$top/tests/formats.py" check "$1" "$journals/mixed.jsonl" one.out \
		>problems 2>&1
}
ok "tap: a failure that is told as a pass" notices tap 's/^not (ok 4)/\1/'
ok "tap: a result is missing" notices tap '/^ok 16 /d'
ok "ktap: a failure that is told as a pass" notices ktap 's/^not (ok 4)/\1/'
ok "ktap: a known issue without its directive" notices ktap 's/# XFAIL.*//'
ok "junit: no XML" notices junit 's/<error/</'
ok "junit: an error that is told as a failure" notices junit 's/(<\/?)error/\1failure/'
ok "json: a word of no schema" notices json 's/"safe"/"fine"/'
ok "json: a cell without its errno" notices json '/"errno"/d'
ok "kcidb: an unknown status" notices kcidb 's/"MISS"/"LOST"/'
ok "kcidb: a test of no build" notices kcidb 's/("build_id".*)x86/\1y86/'
ok "lava: a result is twice there" notices lava '3p'
ok "lava: a signal that ends too early" notices lava '3s/RESULT/>RESULT/'
ok "lava-kmsg: no level" notices lava-kmsg '3s/^<0>//'
ok "markdown: a tag" notices markdown 's/refused/<script>/'
ok "mail: a wide line" notices mail '1s/$/ 1 2 3 4 5 6 7 8 9/;8s/$/ 1 2 3 4 5 6 7 8 9/'

# The command that runs a cell alone names a kernel as the user did: a build tree
# has no other name
{
	echo '{"type":"command","command":"vm","gupcheck":"0","cells":[],"options":{"append":"a=b c",' \
		'"kernels":[{"input":"../my linux","modules":"/m"}]}}'
	sed '/"begin".*"6\.1\.0/s/"machine"/"input":"..\/my linux",&/' "$journals/mixed.jsonl"
} >inputs.jsonl
for format in text mail markdown junit; do
	"$gupcheck" report --format $format inputs.jsonl 2>err |
		sed 's/&apos;/'"'"'/g' | awk '/\\$/ { sub(/\\$/, ""); line = line $0; next }
			{ print line $0; line = "" }' | tr -s ' ' >out
	like "$format: a build tree, alone" "$(cat out)" \
		"gupcheck vm --kernel '../my linux' --modules /m --append 'a=b c' [a-z_]+/"
	is "$format: no release stands for it" "$(grep -c -- '--kernel 6' out)" 0
done

# prove
"$gupcheck" report --format tap "$journals/healthy.jsonl" >healthy.tap
"$gupcheck" report --format tap "$journals/mixed.jsonl" >mixed.tap
like "prove passes what is as expected" "$(prove --exec cat healthy.tap 2>&1)" '^Result: PASS$'
like "and fails what is not" "$(prove --exec cat mixed.tap 2>&1)" '^Result: FAIL$'

# meson, with its own idea of exit codes
mkdir project
{
	echo "project('formats')"
	for name in mixed healthy skipped patched; do
		for protocol in tap exitcode; do
			[[ $protocol == tap ]] && style=tap || style=automake
			echo "test('$name-$protocol', find_program('$gupcheck')," \
				"args: ['report', '--format', 'tap', '--exit-style', '$style'," \
				"'$journals/$name.jsonl'], protocol: '$protocol')"
		done
	done
} >project/meson.build
meson setup project/build project >meson.txt 2>&1 || cat meson.txt
meson test -C project/build >meson.txt 2>&1
is "meson" "$(jq -r '"\(.name) \(.result)"' project/build/meson-logs/testlog.json |
	sort | paste -sd ,)" "$(paste -sd , <<-END
	healthy-exitcode OK
	healthy-tap OK
	mixed-exitcode ERROR
	mixed-tap ERROR
	patched-exitcode FAIL
	patched-tap ERROR
	skipped-exitcode SKIP
	skipped-tap SKIP
	END
)"
is "meson has nothing to warn of" "$(grep -c UNKNOWN meson.txt)" 0

# exits STYLE JOURNAL STATUS - with every format
exits()
{
	local format seen

	for format in text tap json; do
		seen=0
		"$gupcheck" report --exit-style "$1" --format $format "$journals/$2.jsonl" \
			>/dev/null 2>&1 || seen=$?
		is "exit style $1, $format, $2" "$seen" "$3"
	done
}
exits automake healthy 0
exits automake patched 1
exits automake skipped 77
exits automake mixed 99
exits kselftest healthy 0
exits kselftest patched 1
exits kselftest skipped 4
exits kselftest mixed 1
exits tap healthy 0
exits tap patched 1
exits tap skipped 0
exits tap mixed 1
"$gupcheck" report --exit-style kselftest no/such >out 2>err
is "kselftest: what cannot be read has failed" $? 1
"$gupcheck" report --exit-style kselftest --format xml run >out 2>err
is "kselftest: bad usage is no expected failure" $? 1
"$gupcheck" report --exit-style frobnicate run >out 2>err
is "an unknown style: exit code" $? 2
is "an unknown style: one line" "$(wc -l <err)" 1
like "an unknown style: what there is" "$(cat err)" 'automake, kselftest, tap'
"$gupcheck" report --format frobnicate run >out 2>err
is "an unknown format: exit code" $? 2
unknown=$(cat err)
for format in $formats; do
	like "an unknown format: there is $format" "$unknown" "[ ,]$format(,|\$)"
	like "--help tells of $format" "$("$gupcheck" report --help)" "[ ,]$format(,| |\$)"
	ok "the manual tells of $format" grep -qE "^\.It Cm $format( |\$)" "$top/man/gupcheck.1"
	"$gupcheck" report --format "$format" "$journals/mixed.jsonl" >/dev/full 2>err
	is "$format: a full disk" $? 99
done
done_testing
