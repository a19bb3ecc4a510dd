#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The parsers of what others wrote: the seeds of every fuzz target.

. "$(dirname "$0")/lib.sh"
cd "$top" || exit 1

targets=()
for source in src/*/fuzz-*.c; do
	[[ $source == src/base/* ]] || targets+=("$source")
done
for source in "${targets[@]}"; do
	name=$(basename "$source" .c)
	name=${name#fuzz-}
	seeds=$(dirname "$source")/testdata/fuzz-$name
	status=0
	"$(dirname "$sanitized")/../replay-$name" "$seeds" \
		>"$scratch/out" 2>"$scratch/err" || status=$?
	is "$name: the seeds are read" "$status" 0
	((status == 0)) || tail -n 1 "$scratch/out"
	is "$name: without a complaint" "$(head -n 20 "$scratch/err")" ""
	is "$name: every one of them" "$(grep -c '^ok ' "$scratch/out")" \
		"$(find "$seeds" -type f | wc -l)"
	ok "$name: they are few" test "$(find "$seeds" -type f | wc -l)" -le 60
	ok "$name: and small" test "$(du -sb "$seeds" | cut -f1)" -le 204800
done
ok "there are targets" test "${#targets[@]}" -ge 5

status=0
scripts/fuzz --seconds 0 >"$scratch/out" 2>&1 || status=$?
is "scripts/fuzz: a time is a number" "$status" 2
status=0
scripts/fuzz no-such-target >"$scratch/out" 2>&1 || status=$?
is "scripts/fuzz: an unknown target is bad usage" "$status" 2
like "and is named" "$(cat "$scratch/out")" no-such-target
done_testing
