#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tree itself: lists, layers, style.

. "$(dirname "$0")/lib.sh"
cd "$top" || exit 1

# the names between `AXIS = [` and `]` in cases/meson.build
listed()
{
	sed -n "/^$1 = \\[/,/^\\]/s/^  '\\(.*\\)',/\\1/p" cases/meson.build
}

for axis in mechanism filesystem scenario; do
	is "every file in cases/$axis is listed" \
		"$(find "cases/$axis" -name '*.c' ! -name fake.c -printf '%f\n' |
			sed 's/\.c$//' | sort)" "$(listed "${axis}s" | sort)"
	is "the list of ${axis}s is sorted" \
		"$(listed "${axis}s")" "$(listed "${axis}s" | sort)"
done
is "every part of cases/export is listed" \
	"$(find cases/export -name '*.c' -printf '%f\n' | sort)" \
	"$(sed -n "s/^  '\(.*\.c\)',/\1/p" cases/export/meson.build)"
is "every fake is listed" \
	"$(sed -nE 's/^FAKE(_DEATH)?\((fake_[a-z_]*).*/\2/p' cases/mechanism/fake.c | sort)" \
	"$(listed fakes)"

# Which folders a folder of src/ may include from, besides itself
allowed()
{
	case $1 in
	base) echo base ;;
	kernel | media) echo base ;;
	plan) echo "base kernel media" ;;
	judge) echo "base kernel media plan" ;;
	cell) echo "base kernel media plan judge" ;;
	runner) echo "base kernel media plan judge cell" ;;
	report) echo "base kernel media plan judge runner" ;;
	vm) echo "base kernel media plan judge runner report" ;;
	programs) echo "base kernel media plan judge cell runner report vm" ;;
	esac
}

wrong=
for file in src/*/*.[ch]; do
	room=$(basename "$(dirname "$file")")
	while read -r used; do
		[[ " $room $(allowed "$room") " == *" $used "* ]] ||
			wrong+="$file includes $used "
	done < <(sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file")
done
is "arrows go one way" "$wrong" ""
is "cases see include/ only" "$(grep -ln '#include "' cases/*/*.c | grep -v ^cases/export/)" ""
is "the judge does no I/O" \
	"$(grep -lE '\b(open|fopen|read|write|printf)\(' src/judge/*.c |
		grep -v /test-)" ""
is "the engine names no filesystem" \
	"$(grep -nwE '"(ext4|xfs|btrfs|f2fs|hugetlbfs)"|(ext4|xfs|btrfs|f2fs|hugetlbfs)_' src/*/*.[ch] |
		grep -vE '/test-|^src/kernel/')" ""
is "no sleep, no system, no shell" \
	"$(grep -lE '\b(sleep|usleep|system|popen)\(' src/*/*.c cases/*/*.c)" ""
is "no function is longer than 80 lines" "$(
	awk 'FNR == 1 { start = 0 }
	     /^{/ { start = FNR }
	     /^}/ { if (start && FNR - start > 80) print FILENAME ":" start; start = 0 }' \
		src/*/*.c cases/*/*.c | grep -v /test-
)" ""

for axis in mechanism filesystem scenario; do
	sed 's/NAME/example/g' "cases/skeleton/$axis.c" >"$scratch/$axis.c"
	ok "the skeleton of a $axis compiles" gcc -std=gnu11 -D_GNU_SOURCE \
		-DGUPCHECK_WORKER_CODE -Wall -Werror -Iinclude -fsyntax-only \
		"$scratch/$axis.c"
done

mapfile -t sources < <(git ls-files '*.c' '*.h')
ok "clang-format" clang-format --dry-run -Werror "${sources[@]}"
mapfile -t shell < <(git grep -lE '^#!/bin/(ba)?sh' -- scripts src tests .ci)
ok "shellcheck" shellcheck -x "${shell[@]}"
ok "cppcheck" cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
	--enable=warning,performance,portability -j 2 \
	--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
	-D_GNU_SOURCE -DGUPCHECK_WORKER_CODE -Iinclude -Isrc -icases/export src cases
ok "the man page has no mistake" mandoc -T lint -W warning man/gupcheck.1
done_testing
