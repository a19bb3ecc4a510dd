#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gupcheck doctor: what it says is true of this machine, of cached kernels, and
# of configurations; and it changes nothing.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

# fails NAME REGEX ARGUMENT... - bad usage: one clear line, and nothing else
fails()
{
	local name=$1 regex=$2 seen=0
	shift 2
	"$gupcheck" doctor "$@" >out 2>err || seen=$?
	is "$name: exit code" "$seen" 2
	is "$name: one line" "$(wc -l <err)" 1
	like "$name: says why" "$(cat err)" "$regex"
	is "$name: nothing on standard output" "$(cat out)" ""
}

# doctor ARGUMENT... - leaves the report in ./out, the exit code in $code
doctor()
{
	code=0
	"$gupcheck" doctor "$@" >out || code=$?
}

# merged CONFIG FRAGMENT - as scripts/kconfig/merge_config.sh joins the two
merged()
{
	grep -oE '^CONFIG_[A-Z0-9_]+' "$2" >symbols
	grep -vwFf symbols "$1"
	cat "$2"
}

# without SYMBOL CONFIG
without()
{
	sed "s/^$1=.*/# $1 is not set/" "$2"
}

configs=$top/src/kernel/testdata/config

like "--help" "$("$gupcheck" doctor --help)" '^Usage: gupcheck doctor'
fails "unknown name" 'xfz: .* the nearest is xfs' xfz
fails "scenario" 'admission is a scenario' admission
fails "unknown option" '--frobnicate' --frobnicate
fails "unknown format" 'there is text, json' --format ktap
fails "modules of nothing" '--kernel' --modules .
fails "kernel and configuration" 'one of the two' --kernel 6.12 --config x
fails "two formats" '--fragment' --fragment --format json
fails "configuration that is not there" 'no/such' --config no/such
echo 'all: config' >noise
fails "configuration that is none" 'noise: no kernel configuration' \
	--config noise

# The drivers' part of it: without a symbol nothing can be said of a kernel that
# does not run, without a package nothing of how to get a program. Fakes ask for
# what they like.
mapfile -t drivers < <(find "$top"/cases/{mechanism,filesystem} -name '*.c' \
	! -name fake.c)
requires=$(sed -n '/\.require/,/",$/p' "${drivers[@]}")
is "every atom that a configuration decides has its symbol" \
	"$(grep -oE '\b(module|filesystem|device|path|syscall|socket):[^ ")&|]+' \
		<<<"$requires" | grep -v '@CONFIG_')" ""
while read -r program; do
	like "$program has a package" "$(cat "$top/src/kernel/mend.c")" \
		"\"$program\", \""
done < <(grep -oE '\bprogram:[^ ")&|]+' <<<"$requires" | cut -d: -f2 | sort -u)
# but for those of kernels that are built for tests, or are newer
is "every symbol is known to Debian's kernel" "$(
	grep -ohE '\bCONFIG_[A-Z0-9_]+' - "$top"/src/kernel/{mend,checkup-harness}.c \
		"$top/src/vm/arch.c" <<<"$requires" |
		sort -u | grep -vxE 'CONFIG_(GUP_TEST|IOMMUFD|VFIO_DEVICE_CDEV|IO_URING_ZCRX)' |
		while read -r symbol; do
		grep -q "^$symbol=" "$configs/debian-6.12" || echo "$symbol"
	done
)" ""

# A configuration alone
doctor --config "$configs/debian-6.12"
is "Debian's configuration: all will run" "$code" 0
like "a module is told" "$(cat out)" 'modules folder: xfs, loop'
is "and nothing is to be merged" \
	"$("$gupcheck" doctor --config "$configs/debian-6.12" --fragment)" ""
without CONFIG_XFS_FS "$configs/debian-6.12" >config
doctor --config config
is "without XFS: exit code" "$code" 1
like "without XFS: the reason and the mend" "$(cat out)" \
	'^  xfs +will not run  kernel without xfs \(CONFIG_XFS_FS\): build the kernel with CONFIG_XFS_FS$'
is "without XFS: all others will run" "$(grep 'will not run' out | grep -cv '^  xfs')" 0
doctor --config config ext4 vmsplice
is "what is not asked for does not count" "$code" 0
doctor --config config xfs
is "nothing of what is asked for would run" "$code" 77
doctor --config config --fragment
is "without XFS: the fragment" "$(cat out)" $'# xfs; xfs_1k\nCONFIG_XFS_FS=y'
is "a fragment has the same exit code" "$code" 1
doctor --config config --format json
is "without XFS: JSON" "$(jq -r '.items[] | select(.runs | not) |
	[.name, .kind, .config[], .packages[]] | join(" ")' out)" \
	$'xfs filesystem CONFIG_XFS_FS\nxfs_1k filesystem CONFIG_XFS_FS'
for symbol in CONFIG_VETH CONFIG_IO_URING CONFIG_BLK_DEV_LOOP CONFIG_TMPFS \
	CONFIG_USERFAULTFD CONFIG_XDP_SOCKETS CONFIG_RDMA_RXE CONFIG_FUSE_FS \
	CONFIG_UNIX CONFIG_PRINTK; do
	without $symbol "$configs/debian-6.12" >config
	doctor --config config --fragment
	ok "without $symbol: not all will run" test "$code" -ne 0
	like "without $symbol: it is named" "$(cat out)" "^$symbol=y\$"
done

echo 'CONFIG_X86_64=y' >bare
for config in bare "$configs/without-modules"; do
	name=$(basename "$config")
	doctor --config "$config" --fragment
	ok "$name: not all will run" test "$code" -ne 0
	is "$name: comments and symbols, in turn" \
		"$(grep -cvE '^# [a-zA-Z]|^CONFIG_[A-Z0-9_]+=(y|[0-9]+)$' out)" 0
	merged "$config" out >joined
	doctor --config joined
	is "$name: merged, all will run" "$code" 0
	is "$name: merged, nothing is left to say" \
		"$("$gupcheck" doctor --config joined --fragment)" ""
done
"$sanitized" doctor --config joined >out 2>err
is "sanitized" $? 0
"$sanitized" doctor --config bare >out 2>err
is "sanitized, with much to say" $? 77
"$sanitized" doctor --format json >out 2>err
is "sanitized, this machine" $? "$("$gupcheck" doctor >/dev/null; echo $?)"

if [[ $("$sanitized" --version) == *-VM* ]]; then
	"$sanitized" doctor --kernel 6.12 >out 2>err
	is "without vm support: exit code" $? 2
	like "without vm support: says why" "$(cat err)" 'not built in.*--config'
fi

# This machine: nothing is loaded, and what is said comes true
before=$(cat /proc/modules /proc/filesystems 2>/dev/null)
doctor --format json
cp out here.json
here=$code
doctor
is "no module is loaded" "$(cat /proc/modules /proc/filesystems 2>/dev/null)" \
	"$before"
is "text and JSON: same exit code" "$code" "$here"
is "text and JSON: same drivers" \
	"$(grep -oE '^  [a-z_0-9]+ +will (not )?run' out | awk '{ print $1, $3 == "run" }')" \
	"$(jq -r '.items[] | select(.kind != "harness") |
		"\(.name) \(if .runs then 1 else 0 end)"' here.json)"

if ((EUID == 0)); then
	# shellcheck disable=SC2046 # one glob a word
	"$gupcheck" run -o run $(jq -r '.items[] |
		if .kind == "mechanism" then .name + "/tmpfs/admission"
		elif .kind == "filesystem" then "vmsplice/" + .name + "/admission"
		else empty end' here.json) >/dev/null
	for kind in mechanism filesystem; do
		while read -r name runs; do
			id=vmsplice/$name/admission
			[[ $kind == mechanism ]] && id=$name/tmpfs/admission
			verdict=$(cells run | awk -v id="$id" '$1 == id { print $2 }')
			if [[ $runs == true ]]; then
				like "$name: will run, and does" "$verdict" \
					'^(safe|refused|exposed|corrupt|oops)$'
			else
				is "$name: will not run, and does not" \
					"$verdict" skipped
			fi
		done < <(jq -r --arg kind $kind '.items[] |
			select(.kind == $kind) | "\(.name) \(.runs)"' here.json)
	done
	is "run and doctor give the same reason" \
		"$("$gupcheck" report --format json run |
			jq -r '.cells[] | select(.verdict == "skipped") | .reason' |
			sort -u)" \
		"$(jq -r '.items[] | select(.kind != "harness" and
			(.runs | not)) | .reason' here.json | sort -u)"
	cp "$gupcheck" program
	chmod 755 . program
	setpriv --reuid 65534 --clear-groups ./program doctor >out
	is "without root nothing would run" $? 77
	like "without root it says so" "$(cat out)" '^  root .*run it as root'
fi

# A kernel of the cache
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gupcheck/kernels/6.12
if [[ -d $cache && $("$gupcheck" --version) == *+VM* ]]; then
	doctor --kernel 6.12
	is "6.12: all will run" "$code" 0
	is "6.12: none will not" "$(grep -c 'will not run' out)" 0
	modules=$(echo "$cache"/lib/modules/*)
	release=$(basename "$modules")
	mkdir -p "lib/modules/$release"
	ln -s "$modules"/* "lib/modules/$release/"
	rm "lib/modules/$release/modules.dep"
	grep -v '/xfs\.ko' "$modules/modules.dep" \
		>"lib/modules/$release/modules.dep"
	doctor --kernel 6.12 --modules .
	is "6.12 without one module: exit code" "$code" 1
	like "6.12 without one module: it is named" "$(cat out)" \
		'^  xfs .*give the --modules with xfs'
	# no configuration beside it, none in it
	ln -s "$cache"/boot/vmlinuz-* image
	doctor --kernel ./image --modules .
	is "by modules alone: exit code" "$code" 1
	like "by modules alone: says so" "$(head -1 out)" 'no configuration'
	is "by modules alone: the one" \
		"$(grep 'will not run' out | grep -cv '^  xfs')" 0
	fails "by nothing" 'neither configuration nor modules' --kernel ./image
	"$gupcheck" doctor --kernel 6.12 >/dev/null
	code=0
	PATH=/nowhere "$gupcheck" doctor --kernel 6.12 >out || code=$?
	is "no QEMU: exit code" "$code" 77
	like "no QEMU: its package" "$(cat out)" '^  apt install .*qemu-system-x86$'
fi

done_testing
