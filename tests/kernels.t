#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stored run over several kernels: one table over all of them.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export NO_COLOR=1
stored=$top/src/report/testdata/kernels.jsonl

# report STATUS ARGUMENT... - its exit code; what it says is in out and err
report()
{
	local expected=$1 seen=0
	shift
	"$sanitized" report "$@" >out 2>err || seen=$?
	is "report $*: exit code" "$seen" "$expected"
	is "report $*: nothing on standard error" "$(cat err)" ""
}

# of NAME FILE - what is said of a mechanism under FIRST REFUSED BY, in one line
of()
{
	sed -n '/^FIRST REFUSED BY$/,/^$/p' "$2" | grep . | awk -v name="$1" '
		/^  [^ ]/ { on = $1 == name }
		on { $1 = $1; printf "%s%s", sep, $0; sep = " " }'
}

# row NAME FILE - the words of the first row with that name
row()
{
	awk -v name="  $1  " 'index($0, name) == 1 {
		$0 = substr($0, length(name)); $1 = $1; print; exit }' "$2"
}

# every kernel is shown, and one that is not to be trusted says so
report 99 --format kernels "$stored"
like "from old to new" "$(cat out)" '^ +5\.10 +6\.1 +6\.12 +6\.18 +7\.2 +7\.3$'
is "a skipped cell stays one" "$(row 'rdma_mr: xfs' out)" \
	'exposed! skipped EFAULT exposed! EFAULT EFAULT?'
is "a cell that is missing stays so" "$(row 'rdma_mr: ext4' out)" \
	'exposed! skipped EFAULT exposed! - EFAULT?'
is "a broken cell stays one" "$(row 'o_direct: ext4' out)" \
	'safe broken safe safe safe safe?'
like "the canary" "$(cat out)" '^7\.3: .*NOT TO BE TRUSTED: .* was judged safe$'
like "the first that refuses" "$(of rdma_mr out)" \
	'^rdma_mr 6\.12 accepted from 5\.10, refused from 6\.12 or earlier \(EFAULT\)'
like "a later one that accepts again" "$(of rdma_mr out)" \
	'in part from 6\.18 \(.*\), refused again from 7\.2 \(EFAULT\);'
like "what gave no answer" "$(of rdma_mr out)" \
	'no answer: 6\.1 \(skipped\), 7\.2 \(ext4 no cell\), 7\.3 \(not to be trusted\)$'
is "a short-term pin" "$(of vmsplice out)" \
	'vmsplice - never: short-term; no answer: 7.3 (not to be trusted)'
like "from one to the next" "$(cat out)" '^  6\.12 to 6\.18: 6 worse, 13 the same$'

# the order in which they were given does not matter
grep -v '"6\.12\.95' "$stored" >other.jsonl
grep '"6\.12\.95' "$stored" >>other.jsonl
cp out first
report 99 --format kernels other.jsonl
is "the kernels in another order" "$(diff first out)" ""

# behaviour decides: the same releases, the other way round
sed -e 's/"5\.10\.0-46/"5.11.0-46/; s/"6\.12\.95/"5.10.0-46/' "$stored" |
	sed -e 's/"5\.11\.0-46/"6.12.95/' >swapped.jsonl
report 99 --format kernels swapped.jsonl
like "an old kernel that refuses" "$(of rdma_mr out)" \
	'^rdma_mr 5\.10 refused from 5\.10, the oldest here \(EFAULT\), accepted from 6\.12'

# with a sound canary 7.3 counts
sed '/"type":"canary"/s/"verdict":"safe"/"verdict":"corrupt"/' "$stored" >sound.jsonl
report 1 --format kernels sound.jsonl
is "no mark of distrust" "$(grep -c '?' out)" 0
is "no word of it" "$(grep -c 'TO BE TRUSTED' out)" 0

# the other formats
report 99 --format kernels-markdown "$stored"
like "markdown" "$(cat out)" '^\| cells \| 5\.10 \| 6\.1 \| 6\.12 \| 6\.18 \| 7\.2 \| 7\.3 \|$'
report 99 "$stored"
like "text has a short form" "$(cat out)" '^KERNELS: admission, and what is not the same$'
like "the first that refuses, in text" "$(of rdma_mr out)" '^rdma_mr 6\.12 accepted from 5\.10'
is "what is the same is left out of it" \
	"$(sed -n '/^KERNELS/,$p' out | grep -c '^  o_direct: tmpfs')" 0

# a run of one kernel
id=fake_safe/fake_dir/admission
"$gupcheck" run -o one $id >/dev/null 2>err
is "a run is as expected" $? 0
report 0 one
is "text has no such section" "$(grep -cE 'KERNELS|FIRST REFUSED' out)" 0
report 0 --format kernels one
like "the format is for one, too" "$(cat out)" '^  fake_safe +safe$'

# what others wrote: releases, ids, errnos, machines
sed 's/"6\.12\.95/"6.12\\u001b[2J\\u009b.95/g; s/ext4/ext\\u001b4/g; s/admission/admis\\u0007sion/g
	s/"EFAULT"/"EFAU\\u001bLT"/g; s/"x86_64"/"x86\\u001b"/; s/"tcg"/"tcg\\u001b"/
	s/rdma_mr/rdma\\u007fmr/g; s/Z"/Z\\u001b"/; s/"gupcheck":"/&\\u001b/' "$stored" >hostile.jsonl
for format in text kernels kernels-markdown; do
	"$sanitized" report --format $format hostile.jsonl >out 2>err
	is "$format: no control character" \
		"$(grep -caP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' out)" 0
	like "$format: they are told of" "$(cat out)" 'x1b'
done

"$gupcheck" report --format kernels "$stored" >/dev/full 2>err
is "a full disk" $? 99
is "a full disk: one line" "$(wc -l <err)" 1

done_testing
