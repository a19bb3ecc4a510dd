#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock 6.12 refuses them: nothing unexpected, and short-term pins are known.

. "$(dirname "$0")/vm-lib.sh"
run_series 6.12
is "exit code" "$status" 0
"$gupcheck" report --strict "$run" >/dev/null
is "exit code with --strict" "$?" 1
all "long-term writable pins are refused" \
	"(rdma_mr|af_xdp|io_uring_fixed)/$tracked/[a-z_]*(@untouched|@cleaned)?" \
	'refused as-expected EFAULT'
all "private mappings are not" '[a-z_]*/[a-z0-9]*/admission@private' \
	'safe as-expected'
all "memory filesystems are safe" '[a-z_]*/(tmpfs|hugetlbfs)/[a-z_@]*' \
	'safe as-expected'
all "short-term pins are admitted" \
	'(process_vm|o_direct|vmsplice)/[a-z0-9]*/admission(@.*)?' 'safe as-expected'
all "the clone on xfs changes" '(process_vm|o_direct)/xfs/reflink_while_pinned' \
	'corrupt known-issue'
all "the clone on btrfs does not" '(process_vm|o_direct)/btrfs/reflink_while_pinned' \
	'safe as-expected'
all "frozen disks change" '(process_vm|o_direct)/(xfs|ext4)/freeze_while_pinned' \
	'corrupt known-issue'
all "ext4 loses its buffers" 'process_vm/ext4/move_extent_while_pinned' \
	'(corrupt|oops) known-issue'
like "and warns of it" "$("$gupcheck" report --format json "$run" |
	jq -r '.cells[] | select(.id == "process_vm/ext4/move_extent_while_pinned") | .evidence[]')" \
	'WARNING.*ext4_dirty_folio'
like "the report ends with what was found" "$(tail -1 "$scratch/out")" \
	'refuses every long-term writable pin'

# a guest that dies costs one cell
died=$scratch/died
"$gupcheck" vm --kernel 6.12 -o "$died" 'fake_panic/ext4/admission' \
	'vmsplice/tmpfs/admission' 'vmsplice/ext4/admission' >"$scratch/out" 2>&1
is "exit code after a panic" "$?" 1
is "a panic is an oops, and the rest is run" "$(cells "$died" | cut -d' ' -f1,2)" \
	"$(printf '%s\n' 'vmsplice/ext4/admission safe' \
		'fake_panic/ext4/admission oops' 'vmsplice/tmpfs/admission safe')"
done_testing
