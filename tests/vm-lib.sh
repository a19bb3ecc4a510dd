# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the tests that boot a stock kernel. The whole matrix takes too long: every
# mechanism is tried on both kinds of filesystem and on the hazards that tell
# most, and two of them on all there is.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# fetch_series SERIES - sets $stock to the folder that it is in
fetch_series()
{
	# shellcheck disable=SC2034 # for the tests
	stock=$("$top/scripts/fetch-kernel" "$1" 2>"$scratch/fetch.err") || {
		sed 's/^/# /' "$scratch/fetch.err"
		ok "kernel $1 can be had" false
		done_testing
	}
}

# shellcheck disable=SC2034 # for the tests
choice=('*/ext4/admission' '*/tmpfs/admission' '*/ext4/fsync_while_pinned'
	'*/xfs/reflink_while_pinned' 'io_uring_fixed/*/admission*' 'af_xdp/ext4/*'
	'kvm_memslot/ext4/*' 'o_direct/xfs/*' 'o_direct/ext4/*'
	'o_direct/btrfs/reflink_while_pinned' 'vmsplice/ext4/*')
for fs in ext4 xfs btrfs f2fs tmpfs hugetlbfs; do
	choice+=("rdma_mr/$fs/*" "process_vm/$fs/*")
done
for fs in ext2 nilfs2 jfs vfat; do
	choice+=("process_vm/$fs/fsync_while_pinned" "vmsplice/$fs/drop_while_pinned")
done
choice+=('process_vm/ext4_verity/verity_while_pinned' 'o_direct/xfs_1k/grow_while_pinned'
	'udmabuf/tmpfs/admission@memfd_sealed_size'
	'vmsplice/*/dedupe_while_pinned' 'vmsplice/*/reflink_after_write')

# run_series SERIES LACKING - fetch, boot, run; sets $status and $run. LACKING: the
# mechanisms that this kernel has not, as an extended regex
# shellcheck disable=SC2034 # for the tests
run_series()
{
	run=$scratch/run
	fetch_series "$1"
	status=0
	"$gupcheck" vm --kernel "$1" -o "$run" "${choice[@]}" >"$scratch/out" 2>"$scratch/err" ||
		status=$?
	cells "$run" >"$scratch/cells"
	is "no broken, hung, vanished or missing cell" \
		"$(grep -E ' (broken|hung|vanished) ' "$scratch/cells")" ""
	is "every cell has one result" "$(cut -d' ' -f1 "$scratch/cells" | sort)" \
		"$("$gupcheck" list cells "${choice[@]}" | grep -o '^[^ ]*/[^ ]*' | sort)"
	is "what the kernel has not is skipped, and nothing else" \
		"$(grep ' skipped ' "$scratch/cells" | cut -d/ -f1 | sort -u)" \
		"$("$gupcheck" list mechanisms | cut -d' ' -f1 | grep -xE "$2" | sort)"
	is "nothing is left behind" "$(leftovers)" ""
	# nothing else is asked of these
	sed -i '/ skipped /d' "$scratch/cells"
}

# all NAME GLOB REGEX - every cell that matches GLOB (extended regex) does so
# with REGEX, and there is one at least
all()
{
	local others

	others=$(grep -E "^($2) " "$scratch/cells" | grep -vE "^[^ ]* ($3)")
	ok "$1: there are such cells" grep -qE "^($2) " "$scratch/cells"
	is "$1" "$others" ""
	[[ -z $others ]] || "$gupcheck" report --format json "$run" |
		jq -r --arg ids "$(cut -d' ' -f1 <<<"$others")" '.cells[] |
			select(.id as $id | $ids | split("\n") | index($id)) |
			"# \(.id): \(.reason)", (.evidence[] | "#   \(.)")'
}

# shellcheck disable=SC2034 # for the tests
tracked='(ext4|xfs|btrfs|f2fs)'
# the variants that are shared, and may be written
# shellcheck disable=SC2034 # for the tests
mappings='(@(untouched|cleaned|read_touched|anon_then_file|file_then_anon|two_files|hole|mlocked|forked|large|thp|unaligned|memfd|memfd_sealed_size|memfd_mapped_then_sealed))?'
