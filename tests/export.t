#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Cells as C files: each compiles alone; what cannot be exported says why.
# scripts/export-check runs them; tests/vm-export.t some of them.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

# refused NAME REGEX ARGUMENT... - exit code 2, one line on standard error only
refused()
{
	local name=$1 regex=$2 code=0
	shift 2
	"$gupcheck" export "$@" >out 2>err || code=$?
	is "$name: exit code" "$code" 2
	is "$name: one line" "$(cat out)$(wc -l <err)" 1
	like "$name: says why" "$(cat err)" "$regex"
}

refused "nothing" 'takes one cell id'
refused "an unknown option" '--frob is unknown' --frob
refused "two cells" 'takes one cell id' process_vm/xfs/admission vmsplice/xfs/admission
refused "an unknown cell" "rdma_mt.*rdma_mr" rdma_mt/xfs/admission
refused "a mechanism" 'more than system calls.*try process_vm/xfs/fsync_while_pinned' \
	kvm_memslot/xfs/fsync_while_pinned
refused "a variant" 'without @private' process_vm/xfs/admission@private
refused "a filesystem" 'hugetlbfs' vmsplice/hugetlbfs/admission
refused "a store that waits" 'try a mechanism that writes' \
	vmsplice/btrfs/write_under_writeback
refused "a step" 'add cases/export/step-seal.c' process_vm/tmpfs/seal_while_pinned

# What a cell of each mechanism on each filesystem gives
mapfile -t cells < <("$gupcheck" list cells process_vm o_direct io_uring_fixed vmsplice \
	proc_pid_mem | grep -oE '^[a-z_0-9]+/[^ ]*' | grep -v @ | grep -v /hugetlbfs/ |
	grep -vE '/seal_while_pinned|^vmsplice/.*/write_under_writeback')
exported=0
wrong=
: >names
for cell in "${cells[@]}"; do
	file=${cell//\//-}.c
	if ! "$sanitized" export "$cell" >"$file" 2>>err.all; then
		wrong+="$cell "
		continue
	fi
	echo "$file" >>names
	exported=$((exported + 1))
done
is "every cell that has its parts is exported" "$wrong" ""
ok "there are many" test "$exported" -ge 300
# shellcheck disable=SC2016 # the shell that xargs starts expands it
wrong=$(xargs -P 2 -I '{}' sh -c \
	'cc -O2 -std=gnu11 -Wall -Wextra -Werror -fsyntax-only "$1" 2>&1 || echo "$1"' \
	sh '{}' <names)
is "each compiles without a warning" "$wrong" ""
is "no part of the tree is named in them" "$(grep -l '#include "' ./*.c)" ""
is "the same cell gives the same file" \
	"$("$gupcheck" export process_vm/xfs/reflink_while_pinned | cksum)" \
	"$(cksum <process_vm-xfs-reflink_while_pinned.c)"
like "the recipe is its head" "$(sed -n 3p process_vm-xfs-reflink_while_pinned.c)" \
	'^ \* process_vm/xfs/reflink_while_pinned$'

# Without what it needs it gives no answer, and leaves nothing
cc -O2 -o reproducer process_vm-xfs-reflink_while_pinned.c -pthread
code=0
setpriv --reuid 65534 --clear-groups ./reproducer >out 2>err || code=$?
is "who is not root gets no answer" "$code" 125
like "and is told so" "$(tail -1 out)" '^NO ANSWER: '
is "and nothing is left" "$(ls -d /tmp/pin-?????? 2>/dev/null)" ""
done_testing
