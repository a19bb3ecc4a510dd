#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The running kernel, whatever it is: no wrong verdict of our own making, twice
# the same, and nothing left behind.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

# without root: from a folder that anybody may use
unprivileged=()
if ! ((EUID)); then
	unprivileged=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	chmod 755 "$scratch"
	mkdir -m 777 nobody
	cp "$gupcheck" nobody/
else
	mkdir nobody
	cp "$gupcheck" nobody/
fi
status=0
(cd nobody && "${unprivileged[@]}" ./gupcheck run -o none ext4) \
	>none.txt 2>none.err || status=$?
is "without root nothing can run" "$status" 77
like "and it says so" "$(cat none.txt none.err)" 'not root'
((EUID)) && done_testing

before=$(leftovers)
# all there is takes minutes with the sanitizers
choice=('*/ext4/admission' '*/tmpfs/admission' '*/xfs/reflink_while_pinned'
	'vmsplice/*' 'process_vm/*' 'io_uring_fixed/*')
for n in 1 2; do
	status=0
	"$sanitized" run -o "run$n" "${choice[@]}" >"run$n.txt" 2>"run$n.err" || status=$?
	ok "run $n has a verdict" test "$status" -le 1
	is "run $n: nothing on standard error" "$(cat "run$n.err")" ""
	is "run $n: no broken, hung or vanished cell" \
		"$(cells "run$n" | grep -E ' (broken|hung|vanished) ')" ""
done
is "both runs say the same" "$(cells run1)" "$(cells run2)"
ok "something ran" test "$(cells run1 | grep -vc ' skipped ')" -gt 20
is "tmpfs and private mappings may always be pinned" \
	"$(cells run1 | grep -E '/(tmpfs|hugetlbfs)/|@private' |
		grep -vE '@(readonly|beyond_eof|memfd_sealed|memfd_sealed_then_mapped) | (safe|skipped) ')" ""
is "readers break nothing" \
	"$(cells run1 | grep '^vmsplice/' | grep -vE ' (safe|skipped) ')" ""
is "nothing is left behind" "$(leftovers)" "$before"

# the same folder again, a full disk, no folder to write to
status=0
"$gupcheck" run -o run1 'vmsplice/tmpfs/*' >again.txt 2>again.err || status=$?
is "a journal is never overwritten" "$status" 2
like "and it says so" "$(cat again.err)" 'run1'
is "one line" "$(wc -l <again.err)" 1
mkdir full && mount -t tmpfs -o size=8k none full
status=0
"$gupcheck" run -o full/run vmsplice >full.txt 2>full.err || status=$?
ok "a full disk is no good run" test "$status" -ge 2
is "and told in one line" "$(wc -l <full.err)" 1
umount full

# a disk that becomes full in the middle, and gets room again
mount -t tmpfs -o size=48k none full
status=0
"$gupcheck" run -o full/run vmsplice >full.txt 2>full.err || status=$?
is "a disk that becomes full breaks the run" "$status" 99
is "it is told in one line" "$(wc -l <full.err)" 1
like "with the reason and the mend" "$(cat full.err)" \
	'full/run: .*No space left.*--resume full/run'
is "there is no report" "$(cat full.txt)" ""
some=$(cells full/run | grep -c ' safe ')
ok "what is done is kept" test "$some" -gt 0
mount -o remount,size=1m full
status=0
"$gupcheck" run --resume full/run >full.txt 2>full.err || status=$?
is "with room, it is gone on with" "$status" 0
is "to its end" "$(cells full/run)" "$(cells run1 | grep ^vmsplice/)"
mount -o remount,ro full
status=0
"$gupcheck" run -o full/other vmsplice >full.txt 2>full.err || status=$?
is "a folder that cannot be written to" "$status" 2
like "is named" "$(cat full.err)" 'full/other.*Read-only'
is "in one line" "$(wc -l <full.err)" 1
status=0
"$gupcheck" run --resume full/run >full.txt 2>full.err || status=$?
is "also to go on in" "$status" 2
like "it is named" "$(cat full.err)" 'full/run.*Read-only'
umount full

# interrupted: what is done is kept, nothing stays
"$gupcheck" run -o cut >cut.txt 2>cut.err &
pid=$!
until grep -q '"end"' cut/journal.jsonl 2>/dev/null || ! kill -0 $pid; do :; done
kill -TERM $pid
status=0
wait $pid || status=$?
is "a run that is interrupted says so" "$status" 143
ok "and keeps what is done" test "$(cells cut | wc -l)" -gt 0
is "nothing is left of it" "$(leftovers)" "$before"
done_testing
