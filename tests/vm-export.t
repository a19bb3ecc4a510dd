#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Exported C files in a guest: they show what the cells show, and the negative
# control shows nothing.

. "$(dirname "$0")/vm-lib.sh"
fetch_series 6.12
export GUPCHECK=$gupcheck
status=0
"$top/scripts/export-check" --kernel 6.12 \
	process_vm/xfs/reflink_while_pinned vmsplice/xfs/reflink_while_pinned \
	process_vm/ext4/fsync_while_pinned o_direct/ext4/freeze_while_pinned \
	io_uring_fixed/ext4/admission proc_pid_mem/ext4/fsync_after_unpin \
	>"$scratch/out" 2>"$scratch/err" || status=$?
sed 's/^/# /' "$scratch/out" "$scratch/err"
is "all agree" "$status" 0
like "all were tried" "$(tail -1 "$scratch/out")" ': 6 of 6 agree$'
like "a clone is corrupt" "$(cat "$scratch/out")" \
	'process_vm/xfs/reflink_while_pinned: corrupt: CORRUPT: a clone does not change'
like "and safe from an ordinary store" "$(cat "$scratch/out")" \
	'vmsplice/xfs/reflink_while_pinned: safe: SAFE'
like "a pin is refused" "$(cat "$scratch/out")" \
	'io_uring_fixed/ext4/admission: refused: REFUSED: pin: Bad address'
is "nothing is left behind" "$(leftovers)" ""
done_testing
