# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# TAP for the tests in this folder: ok, is, like, skip_all, done_testing. Gives
# each test a scratch folder, $scratch, and the programs under test, $gupcheck
# and $sanitized.

set -uo pipefail
export LC_ALL=C

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
gupcheck=${GUPCHECK:-$top/build/src/programs/gupcheck}
# shellcheck disable=SC2034 # for the tests
sanitized=${GUPCHECK_SANITIZED:-$gupcheck}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gupcheck-test-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
count=0
failed=0

# ok NAME COMMAND... - the command succeeds
ok()
{
	local name=$1
	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "# failed: $*"
		failed=$((failed + 1))
	fi
}

# is NAME SEEN EXPECTED
is()
{
	ok "$1" test "$2" = "$3"
	[[ $2 == "$3" ]] || printf '# seen:     %s\n# expected: %s\n' "$2" "$3"
}

# like NAME SEEN REGEX
like()
{
	ok "$1" grep -qE -- "$3" <<<"$2"
	grep -qE -- "$3" <<<"$2" || printf '# seen: %s\n' "$2"
}

# skip_all REASON - instead of any test
skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing()
{
	echo "1..$count"
	exit $((failed > 0))
}

# json DIR [OPTION]... - the cells of a stored run, one "ID VERDICT ..." a line
cells()
{
	"$gupcheck" report --format json "$1" |
		jq -r '.cells[] | [.id, .verdict, .outcome, .errno // "-"] | join(" ")'
}

# leftovers - what a run must not leave behind
leftovers()
{
	losetup -a 2>/dev/null | grep -F gupcheck
	grep -F gupcheck /proc/self/mounts
	grep -sh '^gupcheck' /sys/block/dm-*/dm/name
	ip -o link show 2>/dev/null | grep -F gupcheck
	ls -d "${TMPDIR:-/tmp}"/gupcheck-?????? 2>/dev/null
	# another run's processes have a parent
	ps -eo ppid=,stat=,comm= |
		awk '$1 == 1 && $2 !~ /^Z/ && $3 ~ /^(gupcheck|qemu-system)/ { print $1, $3 }'
	return 0
}
