#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two stored runs: what got worse, what got better, and what cannot be told.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export NO_COLOR=1

# compare STATUS ARGUMENT... - its exit code; what it says is in out and err
compare()
{
	local expected=$1 seen=0
	shift
	"$sanitized" compare "$@" >out 2>err || seen=$?
	is "compare $*: exit code" "$seen" "$expected"
}

# fails NAME REGEX ARGUMENT... - bad usage: one clear line, and nothing else
fails()
{
	local name=$1 regex=$2
	shift 2
	compare 2 "$@"
	is "$name: one line" "$(wc -l <err)" 1
	like "$name: says why" "$(cat err)" "$regex"
	is "$name: nothing on standard output" "$(cat out)" ""
}

# edited NAME SED... - a copy of the first run, with another verdict
edited()
{
	local name=$1
	shift
	mkdir "$name"
	sed "$@" one/journal.jsonl >"$name/journal.jsonl"
}

# end ID OLD NEW - sed: the end of the cell tells NEW in place of OLD
end()
{
	echo "/\"type\":\"end\".*\"id\":\"${1//\//\\/}\"/s/$2/$3/"
}

safe=fake_safe/fake_dir/fsync_after_unpin
private=fake_safe/fake_dir/admission
refused=fake_refused/fake_dir/admission
for run in one two; do
	"$gupcheck" run -o $run $safe $private $refused >run.txt 2>&1
	is "run $run is as expected" $? 0
done
release=$(jq -r 'select(.type == "begin") | .kernel' one/journal.jsonl)

# the same
for format in text mail json; do
	compare 0 --format $format one one
	is "$format: nothing on standard error" "$(cat err)" ""
done
compare 0 one two
like "two runs say the same" "$(cat out)" '^NOTHING GOT WORSE: 0 worse, 3 the same$'
compare 0 one/journal.jsonl "two:$release"
compare 0 "one:${release%%.*}" --strict two
mkdir 'a:b'
cp one/journal.jsonl 'a:b'
compare 0 'a:b' "a:b:$release"

# worse and better
edited corrupt -e "$(end $safe '"safe","outcome":"as-expected"' '"corrupt","outcome":"unexpected"')"
compare 1 one corrupt
like "worse is named" "$(cat out)" "^  $safe: safe \(as-expected\) -> corrupt \(unexpected\)$"
like "with the reason" "$(cat out)" '^ +a promise about data is broken now$'
like "and with its command" "$(cat out)" "^ +alone: gupcheck cell $safe$"
is "three lines of evidence" "$(grep -c '^ *| [^.]' out)" 3
compare 0 corrupt one
like "better is named" "$(cat out)" '^NOTHING GOT WORSE: 0 worse, 1 better, 2 the same$'

edited overrefused -e "$(end $private '"safe","outcome":"as-expected"' '"refused","outcome":"unexpected"')"
compare 1 one overrefused
like "refused is not always right" "$(cat out)" 'a pin that must work is refused now'
compare 1 corrupt overrefused
like "one worse, one better" "$(cat out)" '^WORSE: 1 worse, 1 better, 1 the same$'
edited exposed -e "$(end $refused '"refused","outcome":"as-expected","errno":"EFAULT"' \
	'"exposed","outcome":"unexpected","errno":null')"
compare 1 one exposed
compare 0 exposed one
like "refused is right where it must be" "$(cat out)" 'a pin that must be refused is refused now'

edited errno -e "$(end $refused '"EFAULT"' '"EOPNOTSUPP"')"
compare 0 one errno
like "only the errno" "$(cat out)" '0 worse, 1 with another errno, 2 the same'
like "both are told" "$(cat out)" 'refused EFAULT .* -> refused EOPNOTSUPP '

edited known -e "$(end $safe '"safe","outcome":"as-expected"' '"corrupt","outcome":"known-issue"')"
compare 0 one known
like "a known issue is told" "$(cat out)" '^WORSE, KNOWN ISSUES$'
like "in the headline too" "$(cat out)" '^WORSE IN A KNOWN WAY ONLY: 0 worse, 1 worse'
compare 1 --strict one known
is "and counts when it is asked for" "$(grep -c KNOWN out)" 0

# no answer
edited hung -e "$(end $safe '"safe","outcome":"as-expected"' '"hung","outcome":"none"')"
compare 1 one hung
edited broken -e "$(end $safe '"safe","outcome":"as-expected"' '"broken","outcome":"none"')"
compare 0 one broken
like "broken tells nothing" "$(cat out)" '0 worse, 1 that cannot be compared'
edited none -e '/"type":"end"/s/"verdict":"[a-z]*","outcome":"[a-z-]*"/"verdict":"skipped","outcome":"none"/'
compare 77 one none
compare 77 none none
mkdir fewer
jq -c --arg id $safe 'select(.id != $id) | if .cells then .cells -= [$id] else . end' \
	one/journal.jsonl >fewer/journal.jsonl
compare 0 one fewer
like "only in one" "$(cat out)" '^ONLY IN OLD$'
edited canary -e '/"type":"canary"/s/"verdict":"corrupt"/"verdict":"safe"/'
compare 99 one canary
like "the canary" "$(cat out)" '^NOT TO BE TRUSTED: '
compare 99 canary one

# a cell that this gupcheck does not know
sed 's/fake_safe/other_mechanism/g' one/journal.jsonl >unknown.jsonl
sed 's/fake_safe/other_mechanism/g' corrupt/journal.jsonl >unknown-corrupt.jsonl
compare 0 unknown.jsonl unknown.jsonl
compare 1 unknown.jsonl unknown-corrupt.jsonl

# two kernels of one run
{
	sed "s/$release/6.1.0-50-amd64/g" one/journal.jsonl
	grep -v '"type":"command"' corrupt/journal.jsonl | sed "s/$release/6.12.95-amd64/g"
} >kernels.jsonl
compare 1 kernels.jsonl:6.1 kernels.jsonl:6.12
like "the kernels are told" "$(cat out)" '^NEW: 6\.12\.95-amd64'
fails "which kernel" 'several kernels.*:RELEASE.*6\.1\.0-50-amd64, 6\.12' kernels.jsonl one
fails "ambiguous release" 'more than one' one kernels.jsonl:6
fails "unknown release" 'none of its kernels.*6\.12\.95-amd64' one kernels.jsonl:5.10

# formats
compare 1 --format mail one corrupt
is "a mail is narrow" "$(grep -v '^  |' out | awk 'length > 72')" ""
like "its title" "$(head -1 out)" '^gupcheck: 1 cell got worse, 0 got better$'
is "it tells no folder" "$(grep -F "$scratch" out)" ""
compare 1 --format json one corrupt
is "json" "$(jq -c '[.schema, .exit, .counts.worse, .counts.same, .cells[0].id,
	.cells[0].old.verdict, .cells[0].new.verdict]' out)" \
	"[1,1,1,2,\"$safe\",\"safe\",\"corrupt\"]"

# bad usage
fails "no run" 'no/such' one no/such
fails "no run with a release" 'no/such' no/such:6.1 one
fails "one run" 'OLD and NEW' one
fails "three runs" 'OLD and NEW' one two one
fails "unknown format" 'text, mail, json' --format xml one two
fails "unknown option" '--frobnicate' --frobnicate one two
: >empty.jsonl
fails "a run that did not begin" 'empty.jsonl' one empty.jsonl
printf '%s\n' '{"type":"frob' '{"type":"finish","kernel":"6.1","reason":""}' >torn.jsonl
fails "a torn journal" 'torn.jsonl' torn.jsonl one
"$gupcheck" compare one two >/dev/full 2>err
is "a full disk" $? 99
is "a full disk: one line" "$(wc -l <err)" 1

done_testing
