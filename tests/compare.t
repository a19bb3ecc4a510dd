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

# the configuration of the kernel
# configured NAME CONFIG - a copy of the first run, with that hash
configured()
{
	edited "$1" -e '/"type":"begin"/s/"config":[^,}]*/"config":'"$2/"
}
printf -v first '"%064d"' 1
printf -v second '"%064d"' 2
configured first "$first"
configured second "$second"
configured unknown null
compare 0 first second
is "two configurations" "$(grep -c 'config 000000000000' out)" 2
like "are told to be two" "$(cat out)" '^The two kernels were configured differently'
compare 0 first unknown
like "one that is not known" "$(cat out)" '^NEW: .*, config unknown'
is "is no other one" "$(grep -c 'configured differently' out)" 0
compare 0 --format json first unknown
is "configurations in json" "$(jq -c '[.old.config, .new.config]' out)" "[$first,null]"
config=
if [[ -r /boot/config-$(uname -r) ]]; then
	config=$(grep ^CONFIG_ "/boot/config-$(uname -r)" | sort | sha256sum)
elif [[ -r /proc/config.gz ]]; then
	config=$(zcat /proc/config.gz | grep ^CONFIG_ | sort | sha256sum)
fi
is "that of the running kernel" "$(jq -r 'select(.type == "begin") | .config // ""' \
	one/journal.jsonl)" "${config%% *}"

# commands
compare 1 --format mail one corrupt
like "a mail has the command of the run" "$(cat out)" "^     gupcheck run -o one "
like "and that of the cell" "$(cat out)" "^  gupcheck cell $safe$"
edited guest -e '/"type":"begin"/s/"accelerator":"native"/"accelerator":"tcg"/' \
	-e '/"type":"begin"/s/"input":null/"input":"my kernel"/' \
	-e "$(end $safe '"safe","outcome":"as-expected"' '"corrupt","outcome":"unexpected"')"
compare 1 --format json one guest
is "a guest's has its kernel" "$(jq -r '.cells[0].command' out)" \
	"gupcheck vm --kernel 'my kernel' $safe"

# repeats
mkdir -p runs/{a,b,c} four five six
for run in runs/{a,b,c} four five six; do
	cp one/journal.jsonl "$run"
done
mkdir again
cp corrupt/journal.jsonl again
compare 0 runs runs
like "a folder of runs" "$(cat out)" '^OLD: .*, 3 runs, runs, '
compare 0 runs four,five,six,corrupt
like "once is noise" "$(cat out)" \
	'^NOTHING GOT WORSE: 0 worse, 1 that differ from run to run, 2 the same$'
like "noise has a section" "$(cat out)" '^NOISE$'
like "and counts" "$(cat out)" '^      in 0 of 3 runs before, in 1 of 4 now$'
compare 1 runs "four:$release,corrupt,again"
like "twice is worse" "$(cat out)" '^      in 0 of 3 runs before, in 2 of 3 now$'
compare 0 corrupt,again runs
like "never again is better" "$(cat out)" '0 worse, 1 better'
compare 0 --format json runs four,five,corrupt
is "counts in json" \
	"$(jq -c '[.new.runs, .counts.noise, .cells[0].change, .cells[0].runs.new]' out)" \
	'[3,1,"noise",{"shown":1,"told":3}]'
compare 99 runs one,canary
fails "one run twice" 'given twice' one,one two
fails "another kernel" 'other runs of this side' one,kernels.jsonl:6.1 two
mkdir nothing
fails "an empty folder" 'nothing: holds no run' nothing one

# call traces
mkdir tree
cat >tree/gup.c <<-'END'
	static inline __attribute__((always_inline)) void inner(void)
	{
		asm volatile("inner_mark: nop");
	}
	__attribute__((noinline)) void outer(void)
	{
		inner();
	}
	void _start(void)
	{
		outer();
	}
END
gcc -g -O2 -nostdlib -static -no-pie -fno-pie -o vmlinux tree/gup.c

# place, size NAME - where a symbol is, and how long
place()
{
	nm vmlinux | sed -n "s/^\([0-9a-f]*\) . $1$/0x\1/p"
}
size()
{
	nm -S vmlinux | sed -n "s/^[0-9a-f]* \([0-9a-f]*\) . $1$/0x\1/p"
}
printf -v frame 'outer+%#x/%#x' "$(($(place inner_mark) - $(place outer) + 1))" \
	"$(size outer)"
mkdir trace
jq -c --arg id $safe --arg frame " $frame" 'if .type == "end" and .id == $id then
	.verdict = "oops" | .outcome = "unexpected" |
	.evidence = ["kernel: BUG: unable to handle page fault"] |
	.log = ["BUG: unable to handle page fault", "Call Trace:", " <TASK>",
		" ? guess+0x1/0x2", $frame, " other+0x1/0x2", " </TASK>"]
	else . end' one/journal.jsonl >trace/journal.jsonl
compare 1 --format mail one trace
like "a call trace" "$(cat out)" "^  \|  outer\+0x[0-9a-f]+/0x[0-9a-f]+$"
is "without guesses" "$(grep -c guess out)" 0
is "no vmlinux is no trouble" "$(grep -c 'not decoded' out)" 0
compare 1 --format mail --vmlinux vmlinux one trace
like "is decoded" "$(cat out)" "^  \|  outer\+0x[0-9a-f/x]+ \([^ ]*gup\.c:7\)$"
like "with what is inlined" "$(cat out)" "^  \| +inlined inner \([^ ]*gup\.c:3\)$"
like "but nothing that is not there" "$(cat out)" "^  \|  other\+0x1/0x2$"
compare 1 --format json --vmlinux vmlinux one trace
is "in json" "$(jq -c '.cells[0].stack | map(.places | map(.function))' out)" \
	'[["outer","inner"],[]]'
mkdir bin
ln -s "$(command -v nm)" bin
PATH=$PWD/bin "$gupcheck" compare --format mail --vmlinux vmlinux one trace >said 2>err
is "without addr2line: exit code" $? 1
is "without addr2line: told once" "$(grep -c 'not decoded: addr2line not found' said)" 1
is "without addr2line: nothing on standard error" "$(cat err)" ""
strip -g vmlinux
compare 1 --format mail --vmlinux vmlinux one trace
like "without lines" "$(tr -s '\n ' ' ' <out)" 'not decoded: vmlinux: has no line information'
compare 1 --format mail --vmlinux "$gupcheck" one trace
like "another kernel's" "$(tr -s '\n ' ' ' <out)" 'not decoded: .*another build'
fails "no vmlinux" 'no/such' --vmlinux no/such one trace

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
