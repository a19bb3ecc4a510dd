#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line: what needs no root, and every kind of bad input.

. "$(dirname "$0")/lib.sh"

# fails NAME STATUS REGEX COMMAND... - one clear line, and nothing else
fails()
{
	local name=$1 status=$2 regex=$3 seen=0
	shift 3
	"$@" >"$scratch/out" 2>"$scratch/err" || seen=$?
	is "$name: exit code" "$seen" "$status"
	is "$name: one line" "$(wc -l <"$scratch/err")" 1
	like "$name: says why" "$(cat "$scratch/err")" "$regex"
	is "$name: nothing on standard output" "$(cat "$scratch/out")" ""
}

cd "$scratch" || exit 1
before=$(ls -A)

like "list mechanisms" "$("$gupcheck" list mechanisms)" '^rdma_mr '
like "list filesystems" "$("$gupcheck" list filesystems)" '^hugetlbfs '
like "list scenarios" "$("$gupcheck" list scenarios)" '^reflink_while_pinned '
like "list cells" "$("$gupcheck" list cells)" '^rdma_mr/xfs/reflink_while_pinned'
is "fakes are hidden" "$("$gupcheck" list cells | grep -c '^fake')" 0
is "a glob cuts the list" \
	"$("$gupcheck" list cells 'vmsplice/tmpfs/*' | grep -c /)" \
	"$("$gupcheck" list cells | grep -c '^vmsplice/tmpfs/')"
like "explain tells the promise" \
	"$("$gupcheck" explain process_vm/xfs/reflink_while_pinned)" \
	'a clone does not change'
like "explain tells what an errno is" \
	"$("$gupcheck" explain EFAULT io_uring_fixed xfs)" \
	'io_uring_fixed: it may be a refusal'
is "an errno has a number, too" "$("$gupcheck" explain -14 rdma_mr)" \
	"$("$gupcheck" explain EFAULT rdma_mr)"
like "what io_uring said before" "$("$gupcheck" explain EOPNOTSUPP io_uring_fixed)" \
	'kernels 5.10..6.4'
like "a limit is no refusal" "$("$gupcheck" explain ENOMEM rdma_mr)" \
	'RLIMIT_MEMLOCK'
for command in list explain export doctor run cell vm report bundle compare clean selftest; do
	like "$command --help" "$("$gupcheck" $command --help)" '^Usage: gupcheck'
	like "$command --help: examples" "$("$gupcheck" $command --help)" '^Examples?:'
done
like "--version" "$("$gupcheck" --version)" '^gupcheck [0-9.]+ .*IO_URING'

# colours COMMAND - how many lines have some on a terminal
colours()
{
	script -qec "$1" /dev/null | grep -c $'\033\['
}

stored=$top/src/report/testdata/mixed.jsonl
like "colours on a terminal" "$(colours "$gupcheck report $stored")" '^[1-9]'
is "no colours with NO_COLOR" \
	"$(NO_COLOR=1 colours "$gupcheck report $stored")" 0
is "nor when comparing" \
	"$(NO_COLOR=1 colours "$gupcheck compare $stored $stored")" 0
fails "unknown command" 2 'frobnicate is no command' "$gupcheck" frobnicate
fails "unknown option" 2 'frobnicate' "$gupcheck" run --frobnicate
fails "unknown cell" 2 "rdma_mt.*rdma_mr" "$gupcheck" cell rdma_mt/xfs/admission
fails "cell that is none" 2 'vmsplice/ext4/freeze_while_pinned' \
	"$gupcheck" cell vmsplice/ext4/freeze_while_pinned
fails "unknown errno" 2 "EFAUTL.*nearest is EFAULT" "$gupcheck" explain EFAUTL
fails "a number that is no errno" 2 "'4711' is no errno" "$gupcheck" explain 4711
fails "an errno of an unknown mechanism" 2 "rdma_mt.*nearest is rdma_mr" \
	"$gupcheck" explain EFAULT rdma_mt xfs
fails "an errno on an unknown filesystem" 2 "ext5.*nearest is ext2" \
	"$gupcheck" explain EFAULT rdma_mr ext5
fails "an errno and too much" 2 "'more' is too much" \
	"$gupcheck" explain EFAULT rdma_mr xfs more
fails "explain nothing" 2 'takes one cell' "$gupcheck" explain
fails "unknown glob" 2 "no cell matches 'rdma_mt/\\*'" "$gupcheck" run 'rdma_mt/*'
fails "unknown format" 2 'ktap' "$gupcheck" run --format xml
fails "rules that are not there" 2 'no/such' \
	"$gupcheck" run --expected "$scratch/no/such" admission
echo 'process_vm/* | * | corrupt | | https://example.org' >bad.rules
fails "a rule without reason" 2 'bad.rules:1' \
	"$gupcheck" run --expected bad.rules admission
rm bad.rules
fails "a report of nothing" 99 'no/such' "$gupcheck" report no/such
fails "a comparison with nothing" 2 'no/such' "$gupcheck" compare no/such no/such
fails "a comparison of one run" 2 'OLD and NEW' "$gupcheck" compare no/such
echo '{"type":"frobnicate' >torn.jsonl
fails "a report of a torn file" 99 'torn.jsonl' "$gupcheck" report torn.jsonl
rm torn.jsonl
touch file
fails "a journal in a file" 2 'file' "$gupcheck" run -o file/x admission
rm file

fails "vm without kernel" 2 'kernel' "$gupcheck" vm
fails "kernel that is not there" 2 'no/such/vmlinuz' \
	"$gupcheck" vm --kernel no/such/vmlinuz
head -c 100000 /dev/urandom >noise
fails "kernel that is noise" 2 'noise' "$gupcheck" vm --kernel ./noise
cp noise noise.deb
fails "package that is noise" 2 'noise.deb' "$gupcheck" vm --kernel ./noise.deb
mkdir empty
fails "folder without kernel" 2 'empty' "$gupcheck" vm --kernel ./empty
cp /bin/true elf
fails "program that is no kernel" 2 'elf' "$gupcheck" vm --kernel ./elf
rm -r noise noise.deb empty elf
fails "no QEMU" 2 'qemu-system-x86' \
	env PATH=/nowhere "$gupcheck" vm --kernel 6.1 '*/tmpfs/admission'
rm -rf gupcheck-results out err

is "nothing is left behind" "$(ls -A)" "$before"
done_testing
