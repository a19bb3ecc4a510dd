/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/patterns.h"

/*
 * A pattern is the shape of a whole message, not a word that occurs in it:
 * drivers and programs write `WARNING` and `BUG` too. Each decides about at
 * least one line of testdata/samples.
 */

/* One line per pattern, even where it is a long one. */
/* clang-format off */
const struct log_pattern log_patterns[] = {
	/* Lines that look like trouble further down, and are none. */
	{LOG_HARMLESS, "BUG: MAX_", "lockdep has run out of tables, and is off from now on"},
	{LOG_HARMLESS, "Buffer I/O error on dev %d, logical block %n, async page read", "a probe of a device that goes away"},
	{LOG_HARMLESS, "XFS (%d): Log I/O Error (*) detected at xfs_fs_goingdown", "the shutdown that was asked for"},
	{LOG_HARMLESS, "page dumped because: migration failure", "memory hotplug"},
	{LOG_HARMLESS, "page dumped because: unmovable page", "memory hotplug"},
	{LOG_HARMLESS, "kauditd_printk_skb: %n callbacks suppressed", "audit messages only"},
	{LOG_HARMLESS, "net_ratelimit: %n callbacks suppressed", "network messages only"},
	{LOG_HARMLESS, "EXT4-fs mount: %n callbacks suppressed", "that something was mounted or unmounted"},
	{LOG_HARMLESS, "EXT4-fs unmount: %n callbacks suppressed", "the same"},
	{LOG_HARMLESS, "_btrfs_printk: %n callbacks suppressed", "limited by level: a hundred of the same level were printed before"},
	{LOG_HARMLESS, "btrfs_printk: %n callbacks suppressed", "the same, in other kernels"},
	{LOG_HARMLESS, "set_capacity_and_notify: %n callbacks suppressed", "sizes of block devices only"},
	{LOG_HARMLESS, "show_signal_msg: %n callbacks suppressed", "crashes of programs only"},
	{LOG_HARMLESS, "rxe_*: %n callbacks suppressed", "what soft-RoCE says of each call that it refuses"},

	/* The end of the kernel. */
	{LOG_PANIC, "Kernel panic - not syncing", ""},
	{LOG_PANIC, "---[ end Kernel panic - not syncing", ""},
	{LOG_PANIC, "Rebooting in %n seconds..", "only panic() counts down"},

	/* Sanitizers and self-checks of data structures. */
	{LOG_SANITIZER, "BUG: KASAN: ", ""},
	{LOG_SANITIZER, "BUG: KMSAN: ", ""},
	{LOG_SANITIZER, "BUG: KCSAN: ", ""},
	{LOG_SANITIZER, "BUG: KFENCE: ", ""},
	{LOG_SANITIZER, "UBSAN: * in *:%n", ""},
	{LOG_SANITIZER, "refcount_t: ", "saturated, underflow, addition on 0 …"},
	{LOG_SANITIZER, "list_add corruption", ""},
	{LOG_SANITIZER, "list_add double add: ", ""},
	{LOG_SANITIZER, "list_del corruption", ""},
	{LOG_SANITIZER, "BUG * (*Not tainted*): ", "slub: redzone, poison, objects remaining"},
	{LOG_SANITIZER, "BUG * (*Tainted: *): ", "slub"},
	{LOG_SANITIZER, "usercopy: Kernel memory * attempt detected ", "a BUG follows"},
	{LOG_SANITIZER, "detected buffer overflow in ", "fortified string functions, 5.10 and 6.1; a BUG follows"},
	{LOG_SANITIZER, "*: detected buffer overflow: %n byte", "the same, 6.12 and later; a warning and a BUG follow"},
	{LOG_SANITIZER, "*: detected field-spanning write (size %n)", "a warning follows"},
	{LOG_SANITIZER, "unreferenced object 0x", "kmemleak, when read into the log"},
	{LOG_SANITIZER, "kmemleak: %n new suspected memory leaks", ""},

	/* Pages and page tables. */
	{LOG_BAD_PAGE, "BUG: Bad page state in process ", ""},
	{LOG_BAD_PAGE, "BUG: Bad page cache in process ", ""},
	{LOG_BAD_PAGE, "BUG: Bad page map in process ", ""},
	{LOG_BAD_PAGE, "BUG: Bad rss-counter state ", ""},
	{LOG_BAD_PAGE, "BUG: non-zero pgtables_bytes on freeing mm", ""},
	{LOG_BAD_PAGE, "BUG: non-zero nr_ptes on freeing mm", "older kernels"},
	{LOG_BAD_PAGE, "page dumped because: ", ""},
	{LOG_BAD_PAGE, "BUG: Bad page *: %n messages suppressed", "there were more of them"},
	{LOG_BAD_PAGE, "*Bad swap file entry ", ""},

	/* Lock order and context; old kernels put INFO: or BUG: before these. */
	{LOG_LOCKDEP, "*possible circular locking dependency detected", ""},
	{LOG_LOCKDEP, "*possible recursive locking detected", ""},
	{LOG_LOCKDEP, "*possible irq lock inversion dependency detected", ""},
	{LOG_LOCKDEP, "*inconsistent lock state", ""},
	{LOG_LOCKDEP, "*-safe -> *-unsafe lock order detected", ""},
	{LOG_LOCKDEP, "*suspicious RCU usage", ""},
	{LOG_LOCKDEP, "*bad unlock balance detected!", ""},
	{LOG_LOCKDEP, "*bad contention detected!", ""},
	{LOG_LOCKDEP, "*held lock freed!", ""},
	{LOG_LOCKDEP, "*Nested lock was not taken", ""},
	{LOG_LOCKDEP, "*lock held when returning to user space!", ""},
	{LOG_LOCKDEP, "*%n still has locks held!", ""},
	{LOG_LOCKDEP, "*[ BUG: Invalid wait context ]", ""},
	{LOG_LOCKDEP, "INFO: trying to register non-static key.", ""},

	/* Hangs. */
	{LOG_HANG, "INFO: task *:%n blocked *for more than %n seconds", "`in I/O wait` on newer kernels"},
	{LOG_HANG, "INFO: task *:%n can't die for more than %n seconds", ""},
	{LOG_HANG, "*BUG: soft lockup - CPU#%n stuck for %n", ""},
	{LOG_HANG, "*detected hard LOCKUP", ""},
	{LOG_HANG, "*INFO: rcu_* self-detected stall on CPU", ""},
	{LOG_HANG, "*INFO: rcu_* detected stalls on CPUs/tasks", ""},
	{LOG_HANG, "*INFO: rcu_* detected expedited stalls on CPUs/tasks", ""},
	{LOG_HANG, "*INFO: rcu_tasks* detected stalls on tasks", ""},
	{LOG_HANG, "*rcu_* kthread starved for %n jiffies", ""},
	{LOG_HANG, "*BUG: workqueue lockup - pool", ""},
	{LOG_HANG, "BUG: spinlock lockup suspected on CPU#%n", ""},
	{LOG_HANG, "unregister_netdevice: waiting for * to become free", "a reference that nobody gives back"},

	/* Exceptions in the kernel. */
	{LOG_OOPS, "BUG: unable to handle ", "page fault, kernel paging request …"},
	{LOG_OOPS, "BUG: kernel NULL pointer dereference, address: ", "since 5.1"},
	{LOG_OOPS, "BUG: *stack guard page was hit at ", ""},
	{LOG_OOPS, "Unable to handle kernel ", "arm64, riscv, powerpc and others"},
	{LOG_OOPS, "Internal error: * [#%n]", "arm, arm64"},
	{LOG_OOPS, "Oops: ", "x86 puts the kind behind it since 6.10"},
	{LOG_OOPS, "Oops [#%n]", "riscv"},
	{LOG_OOPS, "Oops - * [#%n]", "riscv"},
	{LOG_OOPS, "Kernel access of bad area, ", "powerpc"},
	{LOG_OOPS, "general protection fault, ", "user space ones begin with the program"},
	{LOG_OOPS, "general protection fault: ", "to 5.5"},
	{LOG_OOPS, "invalid opcode: ", ""},
	{LOG_OOPS, "divide error: ", ""},
	{LOG_OOPS, "stack segment: ", ""},
	{LOG_OOPS, "int3: ", ""},
	{LOG_OOPS, "*PANIC: double fault, error_code: ", ""},
	{LOG_OOPS, "*: Corrupted page table at address ", "x86"},
	{LOG_OOPS, "Bad pagetable: ", "x86, to 6.9"},
	{LOG_OOPS, "*: 0000 [#%n]", "every other exception of x86, to 6.9: stack guard page, alignment check, debug …"},
	{LOG_OOPS, "Unhandled fault: ", "arm"},
	{LOG_OOPS, "Alignment trap: not handling instruction", "arm"},
	{LOG_OOPS, "Fixing recursive fault but reboot is needed!", ""},

	/* Broken assertions of the kernel. */
	{LOG_BUG, "kernel BUG at *:%n!", ""},
	{LOG_BUG, "Kernel BUG ", "riscv, s390"},
	{LOG_BUG, "rust_kernel: panicked at ", ""},
	{LOG_BUG, "VFS: Busy inodes after unmount of %d", "a reference is kept across the unmount"},
	{LOG_BUG, "BUG: Dentry *still in use (*) [unmount of * %d", ""},
	{LOG_BUG, "VFS: Close: file count is 0", ""},
	{LOG_BUG, "BUG: ", "all other: context, atomicity, spinlocks"},

	/* Warnings with a stack. */
	{LOG_WARN, "WARNING: CPU: %n PID: %n at ", "to 6.18"},
	{LOG_WARN, "WARNING: *:%n at *, CPU#%n: */%n", "since 6.19"},
	{LOG_WARN, "WARNING: at *, CPU#%n: */%n", "since 6.19, without file names"},

	/* Filesystems: ext4 and its journal. */
	{LOG_FILESYSTEM, "EXT4-fs warning (device %d): *page %n does not have buffers attached", "the page was dirtied without asking"},
	{LOG_FILESYSTEM, "EXT4-fs warning (device %d): ext4_end_bio:", "writeback failed"},
	{LOG_FILESYSTEM, "EXT4-fs error (device %d)", ""},
	{LOG_FILESYSTEM, "EXT4-fs (%d): Remounting filesystem read-only", ""},
	{LOG_FILESYSTEM, "EXT4-fs (%d): error count since last fsck: %n", ""},
	{LOG_FILESYSTEM, "EXT4-fs (%d): Delayed block allocation failed", ""},
	{LOG_FILESYSTEM, "EXT4-fs (%d): failed to convert unwritten extents", ""},
	{LOG_FILESYSTEM, "EXT4-fs (%d): This should not happen!! Data will be lost", ""},
	{LOG_FILESYSTEM, "EXT4-fs (%d): *I/O error", ""},
	{LOG_FILESYSTEM, "Buffer I/O error on device %d, logical block %n", "a page that is written back"},
	{LOG_FILESYSTEM, "EXT4-fs (%d): *jbd2_start: %n pages, ino %n; err -%n", "writeback on a read-only filesystem"},
	{LOG_FILESYSTEM, "JBD2: Detected IO errors *while flushing file data on %d", "with the errno on newer kernels"},
	{LOG_FILESYSTEM, "JBD2: previous I/O error detected for journal superblock update for %d", ""},
	{LOG_FILESYSTEM, "JBD2: Error -%n detected when updating journal superblock for %d", ""},
	{LOG_FILESYSTEM, "JBD2: I/O error when updating journal superblock for %d", ""},
	{LOG_FILESYSTEM, "Aborting journal on device %d", ""},

	/* xfs */
	{LOG_FILESYSTEM, "XFS (%d): Internal error ", ""},
	{LOG_FILESYSTEM, "XFS (%d): Corruption ", ""},
	{LOG_FILESYSTEM, "XFS (%d): Metadata corruption detected at ", ""},
	{LOG_FILESYSTEM, "XFS (%d): Metadata CRC error detected at ", ""},
	{LOG_FILESYSTEM, "XFS (%d): Metadata I/O Error (*) detected at ", ""},
	{LOG_FILESYSTEM, "XFS (%d): metadata I/O error in ", ""},
	{LOG_FILESYSTEM, "XFS (%d): Log I/O Error (*) detected at ", ""},
	{LOG_FILESYSTEM, "XFS (%d): *I/O Error Detected. Shutting down", "5.10"},
	{LOG_FILESYSTEM, "XFS (%d): log I/O error ", ""},
	{LOG_FILESYSTEM, "XFS (%d): writeback error on ", "to 5.4"},
	{LOG_FILESYSTEM, "%d: writeback error on inode %n, ", "xfs and all that use iomap"},
	{LOG_FILESYSTEM, "XFS (%d): Filesystem has been shut down", ""},
	{LOG_FILESYSTEM, "XFS (%d): Assertion failed: ", "debug kernels; a WARN or BUG follows"},
	{LOG_FILESYSTEM, "XFS: Assertion failed: ", ""},

	/* btrfs; the device may be followed by ` state EA` */
	{LOG_FILESYSTEM, "BTRFS critical (device %d", ""},
	{LOG_FILESYSTEM, "BTRFS alert (device %d", ""},
	{LOG_FILESYSTEM, "BTRFS emergency (device %d", ""},
	{LOG_FILESYSTEM, "BTRFS error (device %d", ""},
	{LOG_FILESYSTEM, "BTRFS: error (device %d", ""},
	{LOG_FILESYSTEM, "BTRFS warning (device %d*): csum failed ", ""},
	{LOG_FILESYSTEM, "BTRFS warning (device %d*): *checksum verify failed on ", "of a tree block; 5.10 repeats the device"},
	{LOG_FILESYSTEM, "BTRFS warning (device %d*): direct IO failed ", ""},
	{LOG_FILESYSTEM, "BTRFS warning (device %d*): *is marked dirty without notifying the fs", "seen in 7.3"},
	{LOG_FILESYSTEM, "BTRFS * (device %d*): dropping unqueued fixup blocks at unmount", "seen in 7.3"},
	{LOG_FILESYSTEM, "BTRFS * (device %d*): failed to submit blocks", ""},
	{LOG_FILESYSTEM, "BTRFS info (device %d*): forced readonly", ""},
	{LOG_FILESYSTEM, "BTRFS: Transaction aborted (error ", ""},

	/* f2fs and others */
	{LOG_FILESYSTEM, "F2FS-fs (%d): *inconsistent", ""},
	{LOG_FILESYSTEM, "F2FS-fs (%d): *corrupt", ""},
	{LOG_FILESYSTEM, "F2FS-fs (%d): *checkpoint error", ""},
	{LOG_FILESYSTEM, "F2FS-fs (%d): Stopped filesystem due to reason: ", ""},
	{LOG_FILESYSTEM, "F2FS-fs (%d): Remounting filesystem read-only", ""},
	{LOG_FILESYSTEM, "F2FS-fs (%d): Failed to ", "to find or to start a part of itself"},
	{LOG_FILESYSTEM, "F2FS-fs (%d): access invalid ", "block address, cluster"},
	{LOG_FILESYSTEM, "F2FS-fs (%d): invalid crc value", "of a checkpoint"},
	{LOG_FILESYSTEM, "bcachefs (%d*): error", ""},
	{LOG_FILESYSTEM, "bcachefs (%d*): *checksum error", ""},
	{LOG_FILESYSTEM, "bcachefs (%d*): *inconsistency detected", ""},
	{LOG_FILESYSTEM, "bcachefs (%d*): *emergency read only", ""},
	{LOG_FILESYSTEM, "NILFS error (device %d)", ""},
	{LOG_FILESYSTEM, "NILFS (%d): *I/O error", ""},
	{LOG_FILESYSTEM, "FAT-fs (%d): error, ", ""},
	{LOG_FILESYSTEM, "exFAT-fs (%d): error, ", ""},
	{LOG_FILESYSTEM, "ERROR: (device %d): ", "jfs"},
	{LOG_FILESYSTEM, "OCFS2: ERROR (device %d): ", ""},
	{LOG_FILESYSTEM, "gfs2: fsid=*: fatal: ", ""},
	{LOG_FILESYSTEM, "*UBIFS assert failed: ", ""},
	{LOG_FILESYSTEM, "*folio expected an open fid inode->i_ino=", "9p; a warning follows"},
	{LOG_FILESYSTEM, "CIFS: *No writable handle in writepages", ""},
	{LOG_FILESYSTEM, "fs-verity (%d, inode %n): FILE CORRUPTED! ", ""},

	{LOG_FILESYSTEM, "Quota error (device %d): ", ""},
	{LOG_FILESYSTEM, "%d: lost file* error report for ", "7.3: an error that no listener could be told of"},
	{LOG_FILESYSTEM, "Page cache invalidation failure on direct I/O.", "a page was dirtied meanwhile"},

	/* Block layer. */
	{LOG_FILESYSTEM, "*I/O error, dev %d, sector %n", ""},
	{LOG_FILESYSTEM, "*critical * error, dev %d, sector %n", ""},
	{LOG_FILESYSTEM, "*protection error, dev %d, sector %n", ""},
	{LOG_FILESYSTEM, "Buffer I/O error on dev %d, logical block %n", ""},
	{LOG_FILESYSTEM, "%d: guard tag error at sector ", "protection information"},
	{LOG_FILESYSTEM, "%d: ref tag error at location ", "protection information"},
	{LOG_FILESYSTEM, "device-mapper: verity: *is corrupted", ""},
	{LOG_FILESYSTEM, "device-mapper: integrity: *Checksum failed at sector", "names no loop device"},
	{LOG_FILESYSTEM, "device-mapper: crypt: *INTEGRITY AEAD ERROR", ""},

	/* Resources: whatever a cell found here proves nothing. */
	{LOG_INCONCLUSIVE, "* invoked oom-killer: ", ""},
	{LOG_INCONCLUSIVE, "oom-kill:constraint=", ""},
	{LOG_INCONCLUSIVE, "Out of memory: Killed process %n", ""},
	{LOG_INCONCLUSIVE, "Memory cgroup out of memory: Killed process %n", ""},
	{LOG_INCONCLUSIVE, "*: page allocation failure: order:%n", ""},
	{LOG_INCONCLUSIVE, "*: vmalloc error: size %n", ""},
	{LOG_INCONCLUSIVE, "*: vmalloc: allocation failure", "to 5.12"},
	{LOG_INCONCLUSIVE, "mce: [Hardware Error]: ", "the host is in trouble"},

	/* Messages that are missing. */
	{LOG_SUPPRESSED, "*: %n callbacks suppressed", ""},
	{LOG_SUPPRESSED, "** %n printk messages dropped **", ""},
	{LOG_SUPPRESSED, "Future hung task reports are suppressed", ""},
};
/* clang-format on */

const size_t log_pattern_count = sizeof(log_patterns) / sizeof(log_patterns[0]);

_Static_assert(sizeof(log_patterns) / sizeof(log_patterns[0]) <=
		       LOG_PATTERNS_MAX,
	       "classify.c has no room for so many patterns");
