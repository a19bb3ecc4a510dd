#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --keep-images: what a cell leaves behind, on the running kernel.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

status=0
"$gupcheck" run --keep-images=some admission >out 2>err || status=$?
is "what is not known is refused" "$status" 2
like "in one line, with the mend" "$(cat err)" \
	'^gupcheck: --keep-images=some: give unexpected or all$'
((EUID)) && done_testing
"$gupcheck" --version | grep -q '+ZSTD' || done_testing

# run FOLDER ARGUMENT... - all cells of process_vm on ext4, no rule excuses any
: >empty.rules
run()
{
	"$gupcheck" run --destructive --expected empty.rules -o "$@" \
		'process_vm/ext4/*' vmsplice/tmpfs >"$1.txt" 2>"$1.err"
}
# answers FOLDER - id and verdict of each cell
answers()
{
	"$gupcheck" report --format json "$1" |
		jq -r '.cells[] | "\(.id) \(.verdict)"'
}

before=$(leftovers)
run none
run bad --keep-images
run all --keep-images=all
is "nothing is kept unless it is asked for" "$(ls none)" journal.jsonl
is "it changes no verdict" "$(answers bad)" "$(answers none)"
is "nor does keeping all" "$(answers all)" "$(answers none)"
is "nothing is left behind" "$(leftovers)" "$before"
report()
{
	"$gupcheck" report --format json "$1" | jq -r ".cells[] | select($2) | .id"
}
is "what was unexpected has an image, and nothing else" \
	"$(report bad '.image.file')" "$(report bad '.outcome == "unexpected"')"
is "all with an image have one" "$(report all '.image.file')" \
	"$(report all '(.id | startswith("process_vm")) and .verdict != "skipped"')"
is "no half of one" "$(find all bad -name '*.part')" ""

cell=process_vm/ext4/move_extent_while_pinned
moved=$("$gupcheck" report --format json bad | jq -r ".cells[] |
	select(.id == \"$cell\" and (.verdict | IN(\"corrupt\", \"oops\"))) | .image.file")
if [[ -n $moved ]] && command -v debugfs >/dev/null; then
	zstd -qd "bad/$moved" -o moved.img
	debugfs -R 'dump pinned moved' moved.img 2>/dev/null
	is "the lost data is not in the image" "$(tr -d '\0' <moved | wc -c) $(stat -c %s moved)" \
		"0 65536"
	ok "holes stay holes" test "$(du -k moved.img | cut -f1)" -lt 8192
	zstd -qd "all/images/process_vm-ext4-fsync_after_unpin+$(uname -r).img.zst" -o good.img
	debugfs -R 'dump pinned good' good.img 2>/dev/null
	ok "a safe cell's is" test "$(tr -d '\0' <good | wc -c)" -gt 60000

	"$gupcheck" bundle bad -o bundle >out
	folder=bundle/process_vm-ext4-move_extent_while_pinned
	ok "a bundle holds the image" cmp "$folder/$(basename "$moved")" "bad/$moved"
	like "and how it is opened" "$(cat "$folder/image.txt")" '^e2fsck -fn process_vm.*img$'
	is "its slice names it" "$("$gupcheck" report --format json "$folder" |
		jq -r '.cells[].image.file')" "$(basename "$moved")"
	sed 's|"file": *"[^"]*"|"file":"../secret"|' bad/journal.jsonl >evil.jsonl
	status=0
	"$sanitized" bundle evil.jsonl -o evil >out 2>err || status=$?
	is "a journal names no file above" "$status" 2
fi

# one that is killed, at some moment of it
"$gupcheck" run --destructive --keep-images=all -o killed 'process_vm/ext4/*' \
	>out 2>err &
for ((i = 0; i < 300; i++)); do
	compgen -G 'killed/images/*' >/dev/null && break
	sleep 0.02
done
kill -9 $!
wait $! 2>/dev/null
is "one that is killed leaves nothing half" \
	"$(find killed -type f -not -name '*.img.zst' -not -name journal.jsonl)" ""
ok "and what is there is whole" zstd -qt killed/images/*.img.zst
"$gupcheck" clean >/dev/null 2>&1
done_testing
