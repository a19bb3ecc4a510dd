#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two runs of the same cells give the same reports, but for times, ids and folders.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export NO_COLOR=1

# normal FILE - without what no two runs share: points in time, seconds that a cell
# took, how slow the machine is, boot ids, the hashes of KCIDB ids, and the folder of the run
normal()
{
	sed -E -e 's/[0-9]{4}\\?-[0-9]{2}\\?-[0-9]{2}T[0-9:.]+Z/TIME/g' \
		-e 's/, time limits times [0-9.]+//; s/("limits": ?)[0-9.]+/\1N/g' \
		-e 's/(\[([0-9]+,){4}-?[0-9]+,)[0-9][0-9.e-]*/\1N/g' \
		-e 's/("seconds": ?|"duration": ?|time="|measurement=|MEASUREMENT=)[0-9.e-]+/\1N/g' \
		-e 's/(duration_ms: |# time=)[0-9.]+/\1N/g' \
		-e 's/"gupcheck:[0-9a-f]+/"gupcheck:HASH/g' \
		-e 's/\b(one|two)\b/RUN/g' "$1"
}

cells=(fake_safe/fake_dir fake_refused/fake_dir fake_corrupt/fake_dir)
for run in one two; do
	"$gupcheck" run -o $run "${cells[@]}" >/dev/null 2>err
	is "$run: the run is through" "$(grep -c '"type":"finish"' $run/journal.jsonl)" 1
done
formats=$("$gupcheck" report --format no/such one 2>&1 |
	grep -oE '\b(text|ktap|tap|junit|json|kcidb|lava|lava-kmsg|markdown|mail|html|kernels|kernels-markdown)\b' | sort -u)
is "every format is known here" "$(wc -w <<<"$formats")" 13
for format in $formats; do
	"$gupcheck" report --format "$format" one >one.out
	"$gupcheck" report --format "$format" two >two.out
	normal one.out >one.norm
	normal two.out >two.norm
	ok "$format: the same but for times and ids" cmp one.norm two.norm
	cmp -s one.norm two.norm || diff one.norm two.norm | cut -c1-300 | head -6 | sed 's/^/# /'
done
done_testing
