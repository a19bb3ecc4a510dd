#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels that are of no use: each is told in one clear line that names it, what
# was seen, and where to read on. None is taken for good, and none for a
# regression.

. "$(dirname "$0")/vm-lib.sh"
fetch_series 6.1
older=$stock
fetch_series 6.12
cd "$scratch" || exit 1
image=$(echo "$stock"/boot/vmlinuz-*)
release=${image##*/vmlinuz-}

# refused NAME CODE SEEN REGEX - the exit code, and one line in err
refused()
{
	is "$1: exit code" "$3" "$2"
	is "$1: one line" "$(wc -l <err)" 1
	like "$1: says why" "$(cat err)" "$4"
}

# refuses NAME CODE REGEX ARGUMENT...
refuses()
{
	local name=$1 code=$2 regex=$3 seen=0
	shift 3
	rm -rf run
	"$gupcheck" vm -o run "$@" >out 2>err || seen=$?
	refused "$name" "$code" "$seen" "$regex"
	# 2 was told before there was a run
	if ((code == 77)); then
		seen=0
		"$gupcheck" report --bisect run >/dev/null 2>&1 || seen=$?
	else
		seen=0
		"$gupcheck" vm --bisect -o run "$@" >/dev/null 2>err || seen=$?
		is "$name: one line for a bisection" "$(wc -l <err)" 1
	fi
	is "$name: nothing that a bisection can tell" "$seen" 125
}

# console NAME - the file that the line names is there
console()
{
	ok "$1: the console file is there" test -f "$(sed 's/.*; see //' err)"
}

# take FOLDER - lay the modules for ext4 out there, unpacked
take()
{
	local from=$stock/lib/modules/$release to=$1 file
	for file in ext4 loop crc32c_generic; do
		modprobe -d "$stock" -S "$release" --show-depends "$file"
	done | sed -n 's|^insmod .*/kernel/\([^ ]*\).*|\1|p' | sort -u >taken
	while read -r file; do
		mkdir -p "$to/${file%/*}"
		xz -dc "$from/kernel/$file" >"$to/${file%.xz}" 2>xz.err ||
			cp "$from/kernel/$file" "$to/$file"
	done <taken
}

# install FOLDER - take, as modules_install would
install_modules()
{
	take "$1/lib/modules/$release/kernel"
	cp "$stock/lib/modules/$release"/modules.{builtin*,order} "$1/lib/modules/$release"
	depmod -b "$1" "$release"
}

# nothing but a note that tells where to begin, and an endless wait
cat >mute.S <<'ASM'
	.section .note.xen, "a", @note
	.long 4, 8, 18
	.asciz "Xen"
	.quad start
	.text
	.code32
	.globl start
start:	cli
1:	hlt
	jmp 1b
ASM
gcc -c -o mute.o mute.S
ld -N --no-warn-rwx-segments -Ttext=0x100000 -e start -o mute mute.o
# for which there is time until all else is done
(
	begin=$SECONDS
	seen=0
	"$gupcheck" vm --bisect -o mute-run --kernel ./mute vmsplice/tmpfs/admission \
		>/dev/null 2>mute.err || seen=$?
	echo "$seen $((SECONDS - begin))" >mute.seen
) &

panic='it panicked while it booted: Kernel panic - not syncing: VFS: Unable to mount root fs [^;]*'
refuses "a kernel that panics" 77 \
	"^gupcheck: 6\.12: $panic; see run/console-[^ ]*-1\.txt\$" \
	--kernel 6.12 --append rdinit=/nonexistent vmsplice/tmpfs/admission
console "a kernel that panics"

# its modules were left behind
refuses "a kernel without the filesystems" 77 \
	'nothing could run without CONFIG_EXT4_FS=m, CONFIG_BLK_DEV_LOOP=m, CONFIG_XFS_FS=m \(=m: modules that were not built, or not installed\)$' \
	--kernel "$image" vmsplice/ext4/admission vmsplice/xfs/admission
is "a kernel without the filesystems: every cell is skipped" \
	"$(cells run 2>cells.err | cut -d' ' -f2 | sort -u)" skipped

# modules that do not fit, as far as files can tell
old=$(basename "$older"/lib/modules/*)
refuses "modules of another release" 2 \
	"^gupcheck: .*: is ${release//+/[+]}, but its modules are for $old: give the --modules" \
	--kernel "$image" --modules "$older" vmsplice/ext4/admission
mkdir -p renamed/lib/modules
ln -s "$(realpath "$older"/lib/modules/*)" "renamed/lib/modules/$release"
refuses "modules of another release in a folder of the right name" 2 \
	"^gupcheck: .*: is ${release//+/[+]}, but the modules in .*/renamed/.* were built for $old: give the --modules" \
	--kernel "$image" --modules renamed vmsplice/ext4/admission

install_modules changed
find changed -name '*.ko' -exec sed -i 's/ SMP preempt / SMP PREEMPT /' {} +
refuses "modules of another build with that name" 2 \
	"^gupcheck: .*: its modules were built for another kernel of that name: for '[^']* SMP PREEMPT [^']*', and this is '" \
	--kernel "$image" --modules changed vmsplice/ext4/admission

# and where only the kernel can tell
install_modules strange
while read -r file; do
	objcopy --dump-section __versions=versions "$file"
	tr '\000-\377' '\001-\377\000' <versions >altered
	objcopy --update-section __versions=altered "$file"
done < <(find strange -name '*.ko')
refuses "modules that the kernel refuses" 77 \
	'nothing could run without CONFIG_EXT4_FS, CONFIG_BLK_DEV_LOOP$' \
	--kernel "$image" --modules strange vmsplice/ext4/admission
like "modules that the kernel refuses: the reason says so" "$(cat out)" \
	'kernel without ext4 \(CONFIG_EXT4_FS: its module does not load: Exec format error\)'

# a build of which some modules were built; nothing is written to it
mkdir -p build/arch/x86/boot build/include/config
echo "$release" >build/include/config/kernel.release
cp "$stock"/boot/config-* build/.config
cp "$image" build/arch/x86/boot/bzImage
cp "$stock/lib/modules/$release"/modules.builtin* build
take build
# as large as modules are that nobody has stripped
head -c 8000000 /dev/urandom >debug
objcopy --add-section .debug_info=debug build/fs/ext4/ext4.ko
sed 's/\.ko.*/.o/' taken >build/modules.order
echo fs/xfs/xfs.o >>build/modules.order
find build | sort >before
seen=0
"$gupcheck" vm --kernel build -o run-build vmsplice/ext4/admission \
	vmsplice/xfs/admission >out 2>err || seen=$?
is "a build: exit code" "$seen" 0
like "a build: what is missing is told" "$(cat err)" \
	'^gupcheck: build: 1 of its [0-9]* modules were not built: run make modules there'
is "a build: what was built runs, what was not is skipped" \
	"$(cells run-build | cut -d' ' -f1,2)" "\
vmsplice/ext4/admission safe
vmsplice/xfs/admission skipped"
like "a build: the reason names the symbol" "$(cat out)" \
	'CONFIG_XFS_FS=m: module not built, or not installed'
is "a build: nothing is written to it" "$(find build | sort)" "$(cat before)"
wait
read -r seen seconds <mute.seen
cp mute.err err
refused "a kernel that prints nothing" 125 "$seen" \
	'^gupcheck: \./mute: it printed nothing for 60 s; see mute-run/console-'
console "a kernel that prints nothing"
ok "a kernel that prints nothing is given up in time" test "$seconds" -le 90
is "nothing is left behind" "$(leftovers)" ""
done_testing
