#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gupcheck bundle: what there is of each cell that failed; rules that expire.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
journals=$top/src/report/testdata

# fails NAME PATTERN ARGUMENT... - one line on standard error, exit code 2
fails()
{
	local name=$1 pattern=$2
	shift 2
	"$sanitized" bundle "$@" >out 2>err
	is "$name: exit code" $? 2
	is "$name: one line" "$(wc -l <err)" 1
	like "$name: says why" "$(cat err)" "$pattern"
	is "$name: nothing on standard output" "$(cat out)" ""
}

is "it counts the cells" \
	"$("$sanitized" bundle "$journals/alike.jsonl" -o all)" "12 cells: all"
is "one folder for each" "$(find all -mindepth 1 -maxdepth 1 -type d | wc -l)" 12
cell=all/process_vm-ext4-move_extent_while_pinned+6.1.0-56-amd64
is "what is in it" "$(ls "$cell")" "command.txt
journal.jsonl
kernel.log
kernel.txt
report.txt"
like "the command" "$(cat "$cell/command.txt")" \
	'^alone: gupcheck vm --kernel 6.1.0-56-amd64 process_vm/ext4/move_extent'
like "the log" "$(cat "$cell/kernel.log")" '^ unpin_user_pages_dirty_lock\+0x78/0x90$'
like "the kernel" "$(cat "$cell/kernel.txt")" '^config: not known$'
like "the report names the end of the rule" "$(cat "$cell/report.txt")" \
	'the rule expired on 2026-01-31'
is "the slice holds the cell" "$(sed -E 's/.*"type": ?"([a-z]*)".*/\1/' "$cell/journal.jsonl" |
	tr '\n' ' ')" "begin plan start end canary rules finish "
is "and no other" "$(grep -c 'admission\|rdma_mr' "$cell/journal.jsonl")" 0
"$sanitized" report "$cell" >again.txt
is "the slice is a run of its own" $? 1
ok "with the same report" cmp again.txt "$cell/report.txt"

# kernels: what failed on one is not told of the other
is "known issues are left out" "$(find all -name 'process_vm-xfs-freeze*')" ""
"$sanitized" bundle --strict "$journals/alike.jsonl" -o strict >out
is "unless they are asked for" "$(ls -d strict/process_vm-xfs-freeze*)" \
	strict/process_vm-xfs-freeze_while_pinned+6.1.0-56-amd64
is "nothing failed" "$("$sanitized" bundle "$journals/healthy.jsonl" -o none)" \
	"0 cells: none"
is "so nothing is there" "$(ls none)" ""

if "$gupcheck" --version | grep -q '+VM'; then
	"$gupcheck" bundle --archive "$journals/alike.jsonl" -o packed >out
	is "as many archives" "$(find packed -name '*.tar.zst' | wc -l)" 12
	mkdir unpacked
	zstd -dc "packed/$(basename "$cell").tar.zst" | tar -x -C unpacked
	ok "an archive holds the folder" \
		diff -r "unpacked/$(basename "$cell")" "packed/$(basename "$cell")"
fi

# a journal is what a stranger wrote
sed 's|rdma_mr/xfs/admission|../../../../evil/../admission|g; s|6.1.0-56|../6.1|g' \
	"$journals/alike.jsonl" >evil.jsonl
"$sanitized" bundle evil.jsonl -o below/evil 2>err
is "a folder above has to be there" $? 2
mkdir below
"$sanitized" bundle evil.jsonl -o below/evil >out
is "names stay below the folder" \
	"$(ls below)|$(find . -name '*evil*' -not -path './below/*' | sort | tr '\n' ' ')" \
	"evil|./evil.jsonl "

fails "no folder" 'needs -o FOLDER' "$journals/alike.jsonl"
fails "no run" 'takes one folder' -o x
fails "two runs" 'takes one folder' a b -o x
fails "an option that is none" 'gupcheck bundle --help' --frob a -o x
fails "a run that is not there" 'no/such' no/such -o x
fails "a folder that is there" 'all cannot be made: name a folder' \
	"$journals/alike.jsonl" -o all
echo '{"type":"frobnicate"' >torn.jsonl
fails "a torn file" 'torn.jsonl' torn.jsonl -o x
is "what failed made no folder" "$(ls -d x 2>/dev/null)" ""

# rules that expire, as run reads them
for until in 2026-02-29 7.5; do
	echo "process_vm/* | * | corrupt | r | https://example.org | until $until" >bad.rules
	"$sanitized" run --expected bad.rules admission >out 2>err
	is "until $until is refused" $? 2
done
like "with the mend" "$(cat err)" \
	'^gupcheck: bad.rules:1: bad end .until 7.5.; write until YYYY-MM-DD$'

if [[ $EUID == 0 ]]; then
	cell=fake_overrefused/tmpfs/admission@private
	for year in 2020 9999; do
		echo "fake_overrefused | * | refused | r | https://example.org | until $year-01-01
rdma_mt/* | * | refused | r | https://example.org" >end.rules
		"$gupcheck" run --expected end.rules -o "$year" "$cell" >"$year.txt" 2>err
		code[year]=$?
	done
	is "a rule that has expired excuses nothing" "${code[2020]}" 1
	like "and the report says so" "$(cat 2020.txt)" 'the rule expired on 2020-01-01$'
	is "before it does" "${code[9999]}" 0
	like "the issue is known" "$(cat 9999.txt)" '^KNOWN ISSUES$'
	like "a rule of no use is named" "$(cat 9999.txt)" \
		'^  end.rules:2: rdma_mt/\*: no cell matches its glob$'
	is "and no other" "$(grep -c 'end.rules' 9999.txt)" 1
fi
done_testing
