#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/kernel-config and scripts/build-kernel, on a stand-in for a kernel's
# source; on a real one, too, when KERNEL_TREE names it.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export GUPCHECK=$gupcheck
unset CC LLVM ARCH CROSS_COMPILE MAKEFLAGS MFLAGS
fragments=$top/scripts/kernel-config.d

# try NAME CODE REGEX SCRIPT ARGUMENT... - one line of standard error, or several
# of which one is like REGEX; "" for none
try()
{
	local name=$1 code=$2 regex=$3 script=$4 seen=0
	shift 4
	"$top/scripts/$script" "$@" >said 2>err || seen=$?
	is "$name: exit code" "$seen" "$code"
	if [[ -n $regex ]]; then
		like "$name: says why" "$(cat err)" "$regex"
	else
		is "$name: nothing to say" "$(cat err)" ""
	fi
}

# fails NAME REGEX SCRIPT ARGUMENT... - bad usage: one clear line
fails()
{
	try "$1" 2 "$2" "${@:3}"
	is "$1: one line" "$(wc -l <err)" 1
	is "$1: nothing on standard output" "$(cat said)" ""
}

# A tree whose kernel takes every symbol that its Kconfig has and ./refused has
# not, and whose build succeeds while there is no ./broken.
mkdir -p tree/scripts/kconfig tree/mm
cat >tree/Makefile <<'MAKE'
O ?= .
tinyconfig:
	@test ! -e broken || { echo "mm/gup.c:1: error: no such pin" >&2; exit 1; }
	@echo CONFIG_EMBEDDED=y >$(O)/.config
olddefconfig:
	@awk -F '[= ]' 'FILENAME == ARGV[1] { gone[$$1]; next } \
		FILENAME == ARGV[2] { known["CONFIG_" $$2]; next } \
		/^CONFIG_/ && $$1 in known && !($$1 in gone) { value[$$1] = $$0 } \
		/^# CONFIG_/ { delete value[$$2] } \
		END { for (symbol in value) print value[symbol] }' \
		refused mm/Kconfig $(O)/.config | sort >$(O)/.config.new
	@mv $(O)/.config.new $(O)/.config
bzImage:
	@test ! -e broken || { echo "mm/gup.c:1: error: no such pin" >&2; exit 1; }
	@mkdir -p $(O)/arch/x86/boot
	@echo "$(CC) $$KBUILD_BUILD_TIMESTAMP" >$(O)/arch/x86/boot/bzImage
MAKE
cat >tree/scripts/kconfig/merge_config.sh <<'MERGE'
[ "$1 $2" = "-m -O" ] || exit 1
cat "$5" >>"$3/.config"
MERGE
echo 'source "mm/Kconfig"' >tree/Kconfig
: >tree/refused
echo CONFIG_EMBEDDED=y >tiny
"$gupcheck" doctor --config tiny --fragment >all
cat all "$fragments"/*.config | grep -oE '^(# )?CONFIG_[A-Z0-9_]+' |
	sed 's/.*CONFIG_/config /' | sort -u >tree/mm/Kconfig
cp tree/mm/Kconfig whole

for script in kernel-config build-kernel; do
	like "$script --help" "$("$top/scripts/$script" --help)" \
		"^usage: scripts/$script "
	fails "$script: unknown option" '--frob: no such option' $script --frob tree
	fails "$script: no tree" 'name the folder' $script
	fails "$script: a tree that is none" '/etc: no kernel source' $script /etc
	fails "$script: too much" 'more: one argument too many' $script tree out more
	fails "$script: OUT that is a file" 'tiny/x: no folder can be made' \
		$script tree tiny/x
done
fails "--check without a file" 'name the configuration' kernel-config --check
fails "--check of nothing" 'no/such: cannot be read' kernel-config \
	--check no/such tree
fails "--check with OUT" 'leave out OUT' kernel-config --check tiny tree out
fails "--check of no configuration" 'Makefile: no kernel configuration' \
	kernel-config --check tree/Makefile tree
GUPCHECK=no/such fails "no program" 'GUPCHECK=no/such: no such program' \
	kernel-config tree
fails "no jobs" '-j 0: no number' build-kernel -j 0 tree
fails "jobs that are no number" '-j many: no number' build-kernel -j many tree

# Fragments
is "every symbol of a fragment stands below its reason" "$(
	awk '/^(# )?CONFIG_/ && before !~ /^# [^C]/ { print FILENAME ": " $0 }
	     { before = $0 }' "$fragments"/*.config
)" ""
is "every option has its fragment" \
	"$(cd "$fragments" && printf '%s\n' *.config | grep -v guest | sort)" \
	"$("$top/scripts/kernel-config" --help |
		grep -oE '^  --(kasan|lockdep|fault|gup-test)' | tr -d ' -' |
		sed 's/guptest/gup-test/;s/$/.config/' | sort)"

# Configuring
try "all is taken" 0 "" kernel-config tree out
"$gupcheck" doctor --config out/.config >/dev/null
is "then all will run" $? 0
is "and all is built in" "$(grep -cE '=m$' out/.config)" 0
is "each symbol that was merged has its reason" "$(
	awk '/^(# )?CONFIG_/ && before !~ /^# [^C]/ { print }
	     { before = $0 }' out/.gupcheck.config
)" ""
is "the tree stays as it is" "$(cd tree && find . -newer ../whole -type f)" ""
is "no debugging unless asked for" \
	"$(grep -cE 'KASAN|PROVE_LOCKING|FAULT_INJECTION|GUP_TEST' out/.config)" 0
try "all debugging" 0 "" kernel-config --kasan --lockdep --fault --gup-test \
	tree debug
is "all debugging: taken" "$(grep -ohE '^CONFIG_.*' \
	"$fragments"/{kasan,lockdep,fault,gup-test}.config | sort -u |
	grep -vxFf debug/.config)" ""
echo CONFIG_MINE=y >out/.config
try "over another configuration" 0 "" kernel-config tree out
is "that one is kept" "$(cat out/.config.old)" CONFIG_MINE=y
cp -r tree inside
try "in the tree itself" 0 "" kernel-config inside
ok "in the tree itself: it is there" test -s inside/.config

echo CONFIG_VETH >tree/refused
try "a dropped symbol" 1 \
	'CONFIG_VETH: is n, has to be y: for af_xdp, rdma_mr, .*; .* mm/Kconfig:[0-9]+$' \
	kernel-config tree out
is "a dropped symbol: one line" "$(wc -l <err)" 1
echo CONFIG_COMPACTION >>tree/refused
try "two of them" 1 'CONFIG_COMPACTION: is n' kernel-config tree out
is "two of them: two lines" "$(wc -l <err)" 2
: >tree/refused
sed -i '/^config PID_NS$/d' tree/mm/Kconfig
try "an optional one that the kernel does not know" 0 \
	'CONFIG_PID_NS: this kernel does not know it, and does without' \
	kernel-config tree out
echo CONFIG_CGROUPS >tree/refused
try "an optional one that it knows and drops" 1 'CONFIG_CGROUPS: is n' \
	kernel-config tree out
: >tree/refused
cp whole tree/mm/Kconfig
sed -i '/^config XFS_FS$/d' tree/mm/Kconfig
try "a needed one that the kernel does not know" 1 \
	'CONFIG_XFS_FS: this kernel does not know it: for xfs, xfs_1k$' kernel-config tree out
cp whole tree/mm/Kconfig
touch tree/broken
try "make fails" 1 'mm/gup.c:1: error: no such pin' kernel-config tree out
like "make fails: what failed" "$(tail -n 1 err)" \
	'^kernel-config: .*/tree: .*tinyconfig'
rm tree/broken

# Checking
try "for checking" 0 "" kernel-config tree out
cp out/.config config
try "--check" 0 "" kernel-config --check config tree
sed '/^CONFIG_XFS_FS=/d; s/^CONFIG_SMP=y/CONFIG_SMP=m/
	s/\(RUNTIME_UARTS\)=2/\1=1/; s/\(NR_UARTS\)=2/\1=32/' out/.config >config
try "--check of less" 1 'CONFIG_XFS_FS: is n' kernel-config --check config tree
is "--check of less: all, and no more" "$(cut -d: -f2 err | sort | xargs)" \
	"CONFIG_SERIAL_8250_RUNTIME_UARTS CONFIG_SMP CONFIG_XFS_FS"
try "--check with debugging" 1 'CONFIG_KASAN: is n' kernel-config --kasan \
	--check out/.config tree

# Building
mkdir bin
printf '#!/bin/sh\nexec "$@"\n' >bin/ccache
chmod +x bin/ccache
PATH=$scratch/bin:$PATH
image=arch/x86/boot/bzImage
rm -rf out
try "build" 0 'building in .*/out with 3 jobs' build-kernel -j 3 tree out
is "build: what to run next" "$(cat said)" "gupcheck vm --kernel $scratch/out"
is "build: through ccache, at a fixed time" "$(cat out/$image)" \
	"ccache gcc Thu Jan  1 00:00:00 UTC 1970"
cmp -s out/.config config || cp out/.config config
echo CONFIG_XFS_FS=y >out/.config
CC=clang try "build again" 0 'building' build-kernel tree out
is "build again: the configuration stays" "$(cat out/.config)" CONFIG_XFS_FS=y
is "build again: with the compiler that was named" \
	"$(cut -d' ' -f1,2 out/$image)" "ccache clang"
LLVM=1 try "with LLVM" 0 'building' build-kernel tree out
like "with LLVM: the compiler is its own" "$(cat out/$image)" '^cc '
rm -rf out
try "configure only" 0 "" build-kernel --config-only tree out
ok "configure only: it is there" cmp out/.config config
ok "configure only: nothing is built" test ! -e out/$image
like "configure only: what to run next" "$(cat said)" \
	"^$top/scripts/build-kernel .*/out$"
touch tree/broken
try "build fails" 1 'mm/gup.c:1: error: no such pin' build-kernel tree out
like "build fails: the log is named" "$(tail -n 1 err)" \
	'/tree: .*bzImage. failed: .* in .*/out/\.gupcheck-build\.log$'
is "build fails: nothing to run" "$(cat said)" ""
rm -r tree/broken out
echo CONFIG_TMPFS >tree/refused
try "a configuration that is not taken" 1 'CONFIG_TMPFS: is n' build-kernel \
	tree out
ok "is not built" test ! -e out/$image

# The real thing: half an hour without ccache
if [[ -n ${KERNEL_TREE-} ]]; then
	PATH=${PATH#"$scratch/bin:"}
	try "$KERNEL_TREE: with all debugging" 0 "" kernel-config --kasan \
		--lockdep --fault --gup-test "$KERNEL_TREE" real-debug
	try "$KERNEL_TREE: build" 0 'building' build-kernel "$KERNEL_TREE" real
	"$gupcheck" doctor --config real/.config >/dev/null
	is "$KERNEL_TREE: all will run" $? 0
	# which of the two known answers it gives is not the question
	"$gupcheck" vm --kernel real -o run admission >/dev/null
	ok "$KERNEL_TREE: cells ran" test -s run/journal.jsonl
	is "$KERNEL_TREE: nothing is skipped, broken or lost" "$(cells run |
		grep -E ' (skipped|broken|hung|vanished) ')" ""
fi

done_testing
