#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shards of a run, joined again: the same as the run in one piece.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export NO_COLOR=1

# fails NAME REGEX COMMAND... - bad usage: one clear line, and nothing else
fails()
{
	local name=$1 regex=$2 seen=0
	shift 2
	"$@" >out 2>err || seen=$?
	is "$name: exit code" "$seen" 2
	is "$name: one line" "$(wc -l <err)" 1
	like "$name: says why" "$(cat err)" "$regex"
	is "$name: nothing on standard output" "$(cat out)" ""
}

# edited FROM TO JQ - a copy of a run, each line changed
edited()
{
	mkdir "$2"
	jq -c "$3" "$1/journal.jsonl" >"$2/journal.jsonl"
}

# plain DIR - the report, without what differs from run to run
plain()
{
	"$gupcheck" report --format json "$1" |
		jq -S 'del(.. | .seconds?, .time?)'
}

for shard in 0/4 5/4 a/b 1 1/ /4 -1/4 1/4x 1/10000; do
	fails "--shard $shard" '^gupcheck: --shard .*: give I/N' \
		"$gupcheck" run --shard "$shard" -o no admission
done
fails "vm --shard" '--shard 5/4: give I/N' "$gupcheck" vm --kernel 6.12 --shard 5/4
fails "list --shard" '--shard 0/2: give I/N' "$gupcheck" list cells --shard 0/2
fails "shards of mechanisms" 'splits cells, not mechanisms' \
	"$gupcheck" list mechanisms --shard 1/2

"$gupcheck" list cells | sort >all
for n in 1 2 3 7 50; do
	for ((i = 1; i <= n; i++)); do
		"$gupcheck" list cells --shard "$i/$n" | sed 's/  *$//'
	done | awk '{ print $1 }' | sort >parts.txt
	is "each cell is in one of $n shards" "$(cat parts.txt)" "$(awk '{ print $1 }' all)"
done

globs=('fake_safe/fake_dir/*' 'fake_refused/fake_dir/*' 'fake_corrupt/fake_dir/*'
	'fake_exposed/fake_dir/*')
"$gupcheck" run -o whole "${globs[@]}" >out 2>err
code=$?
for i in 1 2 3; do
	"$gupcheck" run --shard "$i/3" -o "part$i" "${globs[@]}" >out 2>err
	is "shard $i/3 has the cells that list tells" \
		"$(cells "part$i" | awk '{ print $1 }')" \
		"$("$gupcheck" list cells --shard "$i/3" "${globs[@]}" | awk '{ print $1 }')"
	is "and one canary" "$(grep -c '"type":"canary"' "part$i/journal.jsonl")" 1
	ok "and has some" test "$(cells "part$i" | wc -l)" -gt 0
done
is "the journal tells the shard" "$(jq -c 'select(.type == "command") |
	.common.shard' part2/journal.jsonl)" \
	"{\"index\":2,\"count\":3,\"of\":$(cells whole | wc -l)}"

"$sanitized" merge joined part3 part1 part2 >out 2>err
is "merge: exit code" $? 0
is "merge: nothing to say" "$(cat out err)" ""
is "joined is whole" "$(plain joined)" "$(plain whole)"
for format in text ktap tap junit markdown html lava mail; do
	"$gupcheck" report --format "$format" joined >out 2>err
	is "$format: exit code as that of the whole" $? "$code"
	is "$format: nothing on standard error" "$(cat err)" ""
done
"$gupcheck" compare whole joined >out 2>err
is "compare whole joined" $? 0
is "a joined run can be joined" \
	"$("$gupcheck" merge again joined && plain again)" "$(plain whole)"

# demands
safe=fake_safe/fake_dir/fsync_after_unpin
for i in 1 2 3; do
	"$gupcheck" list cells --shard "$i/3" $safe | grep -q . && home=$i
done
other=$((home % 3 + 1))
"$gupcheck" run --shard "$home/3" --require $safe -o home $safe >out 2>err
is "a demand in its shard" $? 0
"$gupcheck" run --shard "$other/3" --require $safe -o empty $safe >out 2>err
is "a shard without cells: nothing ran" $? 77
like "which is said" "$(cat err)" "--shard $other/3: none of the 1 cells"
is "its canary ran" "$(grep -c '"type":"canary".*corrupt' empty/journal.jsonl)" 1
"$gupcheck" run --shard "$other/3" --min-run 1 -o owing $safe >out 2>err
is "--min-run counts in the shard" $? 1
fails "a demand that fits no shard" '--require xfs: matches no cell' \
	"$gupcheck" run --shard 1/3 --require xfs -o no $safe
fails "--resume with --shard" 'give no --shard' \
	"$gupcheck" run --resume part1 --shard 1/3

# going on with a shard
edited part1 cut 'select(.type != "end" and .type != "finish")'
"$gupcheck" run --resume cut >out 2>err
is "--resume goes on with the shard" "$(cells cut)" "$(cells part1)"

# what does not fit
fails "no run" 'OUT DIR' "$gupcheck" merge joined2
fails "a folder that holds a run" 'holds the journal of another' \
	"$gupcheck" merge part1 part1 part2 part3
fails "a folder that is not there" 'no/such' "$gupcheck" merge no part1 no/such
fails "an option" 'frobnicate' "$gupcheck" merge --frobnicate no part1
fails "a missing shard" 'shard 3/3 of it is missing' "$gupcheck" merge no part1 part2
fails "the same cell twice" 'holds fake_.* as part1 does' \
	"$gupcheck" merge no part1 part2 part3 part1
edited part3 version '(.gupcheck | values) = "0.0.1"'
fails "another version" 'gupcheck 0\.0\.1' "$gupcheck" merge no part1 part2 version
edited part3 boot '(select(.type == "begin") | .boot) = "another"'
fails "another boot" '--any-boot' "$gupcheck" merge no part1 part2 boot
edited part3 config '(select(.type == "begin") | .config) = "0123"'
fails "another configuration" 'another configuration' \
	"$gupcheck" merge --any-boot no part1 part2 config
ok "nothing was made of it" test ! -e no

# other kernels beside it
release=$(uname -r)
mkdir old
sed "s/$release/5.10.0-old/g" whole/journal.jsonl >old/journal.jsonl
"$gupcheck" merge kernels old part1 part2 part3
is "two kernels" "$("$gupcheck" report --format json kernels |
	jq -r '[.cells[].kernel] | unique | join(" ")')" "5.10.0-old $release"
is "each with all cells" "$(cells kernels | wc -l)" "$(($(cells whole | wc -l) * 2))"

# trust
edited part2 canary '(select(.type == "canary") | .verdict) = "safe"'
"$gupcheck" merge untrusted part1 canary part3
"$gupcheck" report untrusted >out 2>err
is "one bad canary spoils all" $? 99
edited part2 died 'select(.type != "finish")'
"$gupcheck" merge unfinished part1 died part3
is "one without end leaves all without" \
	"$(grep -c '"type":"finish"' unfinished/journal.jsonl)" 0
"$gupcheck" report unfinished >out 2>err
is "its exit code" $? 1
fails "a joined run is not gone on with" 'begun by gupcheck merge' \
	"$gupcheck" run --resume unfinished

is "nothing is left behind" "$(leftovers)" ""
done_testing
