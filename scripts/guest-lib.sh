# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the scripts that run themselves in a guest which sees this machine's files,
# read-only: with all of its programs, on another kernel. They source
# kernel-lib.sh, too, set $scratch, a folder of their own, and take --inside as the
# first argument: that is what runs in the guest, as root, with /dev, /proc, /sys,
# and in /tmp a copy of $scratch/files. The scripts themselves are copied there, too:
# the tree may lie in the /tmp of this machine, which the guest does not see.

# guest_need - the programs that are needed
guest_need()
{
	need qemu-system-x86_64 qemu-system-x86
	need busybox busybox-static
	need cpio cpio
}

# guest_initramfs RELEASE MODULES_ROOT MODULE... - those that there are, and what
# they need; makes $scratch/initramfs
guest_initramfs()
{
	local root=$scratch/root release=$1 folder=$2 module path
	shift 2

	rm -rf "$root"
	mkdir -p "$scratch/files/scripts"
	cp "$top/scripts/$name" "$top"/scripts/*-lib.sh "$scratch/files/scripts/"
	mkdir -p "$root"/{dev,host,modules,proc,sys,tmp}
	cp "$(command -v busybox)" "$root/busybox"
	for module in virtio_pci 9pnet_virtio 9p "$@"; do
		modprobe -d "$folder" -S "$release" --show-depends "$module" \
			2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p'
	done | awk '!seen[$0]++' >"$scratch/modules"
	while IFS= read -r path; do
		cp "$path" "$root/modules/"
		echo "/busybox insmod /modules/${path##*/}"
	done <"$scratch/modules" >"$root/load"
	cat >"$root/init" <<-EOF
		#!/busybox sh
		cd /modules
		for m in *.xz; do [ -e "\$m" ] && /busybox unxz "\$m"; done
		. /load
		/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro host /host
		/busybox mount -t tmpfs none /tmp
		/busybox cp -a "/host$scratch/files/." /tmp/
		/busybox mount -t proc none /host/proc
		/busybox mount -t sysfs none /host/sys
		/busybox mount -t devtmpfs none /host/dev
		/busybox mount --move /tmp /host/tmp
		/busybox chroot /host /bin/bash "/tmp/scripts/$name" --inside 2>&1
		/busybox poweroff -f
	EOF
	sed -i 's/\.xz$//' "$root/load"
	chmod +x "$root/init"
	(cd "$root" && find . | cpio -o -H newc --quiet >"$scratch/initramfs")
}

# guest_boot KERNEL MODULES ARGUMENTS [SECONDS] - what scripts/fetch-kernel takes,
# the names of modules, further kernel arguments, the time limit; what was said is
# in $scratch/console afterwards; sets $guest_release
guest_boot()
{
	local folder image root names

	folder=$("$top/scripts/fetch-kernel" "$1") || return 1
	image=$(find "$folder" -name 'vmlinuz*' -o -name 'bzImage' | head -1)
	root=$(find "$folder" -type d -path '*lib/modules' -print -quit)
	guest_release=$(find "$root" -mindepth 1 -maxdepth 1 -printf '%f' -quit)
	mapfile -t names < <(tr -s '[:space:]' '\n' <<<"$2")
	guest_initramfs "$guest_release" "$(dirname "$(dirname "$root")")" \
		"${names[@]}"
	timeout "${4:-900}" qemu-system-x86_64 -accel tcg,thread=single -cpu max \
		-machine q35 -m 1024 -smp 2 -nodefaults -display none \
		-no-reboot -serial "file:$scratch/serial" -kernel "$image" \
		-initrd "$scratch/initramfs" \
		-append "console=ttyS0 panic=-1 $3" \
		-virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap ||
		:
	tr -d '\r' <"$scratch/serial" >"$scratch/console"
}
