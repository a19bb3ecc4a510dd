# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the tests that boot a stock kernel: runs the whole matrix once.

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

# run_series SERIES - fetch, boot, run; sets $status and $run
# shellcheck disable=SC2034 # for the tests
run_series()
{
	run=$scratch/run
	fetch_series "$1"
	status=0
	"$gupcheck" vm --kernel "$1" -o "$run" >"$scratch/out" 2>"$scratch/err" ||
		status=$?
	cells "$run" >"$scratch/cells"
	is "no broken, hung, vanished or missing cell" \
		"$(grep -E ' (broken|hung|vanished) ' "$scratch/cells")" ""
	is "every cell has one result" "$(cut -d' ' -f1 "$scratch/cells" | sort)" \
		"$("$gupcheck" list cells | grep -o '^[^ ]*/[^ ]*' | sort)"
	# no Debian kernel is built with iommufd
	is "nothing is skipped" \
		"$(grep ' skipped ' "$scratch/cells" | grep -v '^iommufd/')" ""
	is "nothing is left behind" "$(leftovers)" ""
}

# all NAME GLOB REGEX - every cell that matches GLOB (extended regex) does so
# with REGEX, and there is one at least
all()
{
	ok "$1: there are such cells" grep -qE "^($2) " "$scratch/cells"
	is "$1" "$(grep -E "^($2) " "$scratch/cells" | grep -vE "^[^ ]* ($3)")" ""
}

# shellcheck disable=SC2034 # for the tests
tracked='(ext4|xfs|btrfs|f2fs)'
# the variants that are shared, and may be written
# shellcheck disable=SC2034 # for the tests
mappings='(@(untouched|cleaned|read_touched|anon_then_file|file_then_anon|two_files|hole|mlocked|forked|large|unaligned))?'
