#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A run that was cut off anywhere is gone on with, and ends as if it had not
# been. On the fakes, which need no root.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

fakes=(fake_safe/fake_dir/fsync_after_unpin fake_refused/fake_dir/admission
	fake_corrupt/fake_dir/fsync_after_unpin fake_safe/fake_dir/admission)
kernel=$(uname -r)

# resume DIR [OPTION]... - sets $status, writes out and err
resume()
{
	status=0
	"$gupcheck" run --resume "$@" >out 2>err || status=$?
}

# fails NAME REGEX COMMAND... - bad usage, in one line
fails()
{
	local name=$1 regex=$2 seen=0
	shift 2
	"$@" >out 2>err || seen=$?
	is "$name: exit code" "$seen" 2
	is "$name: one line" "$(wc -l <err)" 1
	like "$name: says why" "$(cat err)" "$regex"
}

# copy FROM TO [SED SCRIPT] - a run with a journal that was tampered with
copy()
{
	rm -rf "$2"
	mkdir "$2"
	sed "${3-}" "$1/journal.jsonl" >"$2/journal.jsonl"
}

# starts JOURNAL ID - how often the cell was started
starts()
{
	grep -c "\"type\":\"start\".*\"$2\"" "$1/journal.jsonl"
}

whole=0
"$gupcheck" run -o whole "${fakes[@]}" >whole.txt 2>err || whole=$?
is "the run to compare with" "$whole" 1
cells whole >whole.cells
lines=$(wc -l <whole/journal.jsonl)

# cut behind every line, with one kind of dirt or another behind the cut
wrong=
dirts=('' '{"type":"end","kern' 'x\0\0\0\n\0\0\n\n' '\0\0\0\0')
for ((n = 1; n <= lines; n++)); do
	dirt=${dirts[n % ${#dirts[@]}]}
	copy whole cut "$((n + 1)),\$d"
	# shellcheck disable=SC2059 # that is what it holds
	printf "$dirt" >>cut/journal.jsonl
	resume cut
	[[ $status == "$whole" && ! -s err ]] &&
		cmp -s whole.cells <(cells cut) || wrong+=" $n:'$dirt'"
done
is "cut behind any line, dirty or not, it ends the same" "$wrong" ""
copy whole cut "$lines,\$d"
resume cut
is "what has ended is not run again" "$(starts cut "${fakes[0]}")" 1
# but for the time, and how fast the machine is just now
is "the report is the same" "$(sed '1,2d' out)" "$(sed '1,2d' whole.txt)"

cp whole/journal.jsonl before.jsonl
resume whole
is "a run that is through only reports" "$status" "$whole"
is "and says the same" "$(cat out)" "$(cat whole.txt)"
ok "and its journal is left alone" cmp -s before.jsonl whole/journal.jsonl

# the machine went down with the cell
victim=fake_refused/fake_dir/admission
at=$(grep -n "\"start\".*\"$victim\"" whole/journal.jsonl | cut -d: -f1)
copy whole down "$((at + 1)),\$d; s/\"boot\":\"[^\"]*\"/\"boot\":\"another\"/"
resume down
is "a cell that the machine went down with has vanished" \
	"$(cells down | grep "^$victim ")" "$victim vanished none -"
like "and it is said why" "$("$gupcheck" report --format json down |
	jq -r ".cells[] | select(.id == \"$victim\") | .reason")" \
	'machine was restarted while this cell ran'
is "it is not run again" "$(starts down "$victim")" 1
is "the others are" "$(cells down | grep -v "^$victim ")" \
	"$(cells whole | grep -v "^$victim ")"
is "that is unexpected" "$status" 1
copy whole same "$((at + 1)),\$d"
resume same
is "where only gupcheck was killed it is run again" "$(starts same "$victim")" 2

# what cannot be gone on with
copy whole other "s/\"kernel\":\"$kernel\"/\"kernel\":\"0.1-other\"/"
fails "another kernel" "0.1-other.*$kernel" "$gupcheck" run --resume other
copy whole middle "3s/^/junk\n/"
fails "damage in the middle" 'middle:3: bad line' "$gupcheck" run --resume middle
copy whole old 1d
fails "a journal without request" 'does not tell what was asked for' \
	"$gupcheck" run --resume old
copy whole version '1s/"gupcheck":"[^"]*"/"gupcheck":"0.0.0"/'
fails "another version" 'begun by version 0.0.0' "$gupcheck" run --resume version
fails "a folder that is not there" 'no/such' "$gupcheck" run --resume no/such
mkdir empty
fails "a folder without a journal" 'empty' "$gupcheck" run --resume empty
: >empty/journal.jsonl
fails "an empty journal" 'empty' "$gupcheck" run --resume empty
fails "with a glob" 'give no GLOB' "$gupcheck" run --resume whole admission
fails "with -o" 'give no --output' "$gupcheck" run --resume whole -o new
fails "with rules" 'give no --expected' \
	"$gupcheck" run --resume whole --expected new
fails "a run of run by vm" 'gupcheck run' "$gupcheck" vm --resume whole
fails "vm with a kernel" 'give no --kernel' \
	"$gupcheck" vm --resume whole --kernel 6.1

# what is demanded of a run is demanded of its rest
fails "a demand that fits nothing" 'no_such/\*' \
	"$gupcheck" run --require 'no_such/*' "${fakes[@]}"
fails "a demand that is no number" 'min-run many' \
	"$gupcheck" run --min-run many "${fakes[@]}"
status=0
"$gupcheck" run -o owing --require 'fake_skip' fake_skip/fake_dir/admission \
	fake_safe/fake_dir/admission >out 2>err || status=$?
is "a demand that is not met" "$status" 1
like "is named, with the reason" "$(cat err)" \
	'^gupcheck: --require fake_skip: .*fake_skip/fake_dir/admission skipped \(this fake'
copy owing rest '/"finish"/d'
resume rest
is "the rest owes it too" "$status" 1
like "and says so" "$(cat err)" '^gupcheck: --require fake_skip: '
status=0
"$gupcheck" run -o few --min-run 2 fake_skip/fake_dir/admission >out 2>err ||
	status=$?
is "too few cells" "$status" 1
like "are counted" "$(cat err)" 'min-run 2: only 0 cells'
status=0
"$gupcheck" report --min-run 1 --require fake_safe owing >out 2>err || status=$?
is "a report may demand less" "$status" 0
fails "or what is not there" 'matches no cell' \
	"$gupcheck" report --require rdma_mr owing

# one writer
"$gupcheck" run -o busy fake_hang/fake_dir/admission >busy.txt 2>&1 &
pid=$!
until grep -qs '"start"' busy/journal.jsonl || ! kill -0 $pid; do :; done
fails "a run that is under way" 'another gupcheck is writing' \
	"$gupcheck" run --resume busy
kill -KILL $pid
wait $pid 2>/dev/null
"$gupcheck" run --resume busy >out 2>err &
pid=$!
until (($(starts busy fake_hang/fake_dir/admission) == 2)) ||
	! kill -0 $pid; do :; done
is "once it was killed it is not" "$(starts busy fake_hang/fake_dir/admission)" 2
kill -TERM $pid
wait $pid
"$gupcheck" clean >/dev/null
done_testing
