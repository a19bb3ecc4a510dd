/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_BTRFS_H
#define GUPCHECK_BTRFS_H

/* What the kinds of btrfs share. */

/**
 * btrfs_settle() - a filesystem's settle hook
 * @fd: any file of it
 *
 * fsync waits for the data and logs where it is; the file's own map follows
 * from a worker (btrfs_finish_ordered_io()), and FIEMAP shows the old place
 * until then. A commit of the transaction waits for that worker, and does not
 * look for dirty pages. Return: 0 or -errno of BTRFS_IOC_START_SYNC or
 * BTRFS_IOC_WAIT_SYNC.
 */
int btrfs_settle(int fd);

#endif
