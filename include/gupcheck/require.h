/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_REQUIRE_H
#define GUPCHECK_REQUIRE_H

/*
 * Requirement expressions: what must be there before a driver can run.
 *
 *	root & program:mkfs.xfs & filesystem:xfs@CONFIG_XFS_FS
 *	module:rdma_rxe@CONFIG_RDMA_RXE | module:siw@CONFIG_RDMA_SIW
 *
 * `&` binds more tightly than `|`; `!` negates one atom; parentheses group.
 * The part after `@` is the kernel configuration symbol, for the reason text.
 *
 *	root			effective user 0
 *	program:NAME		an executable NAME in PATH, /sbin or /usr/sbin
 *	filesystem:NAME@CONFIG	in /proc/filesystems, or its module can be had
 *	module:NAME@CONFIG	loaded, built in, or can be loaded
 *	device:PATH		the device node exists
 *	path:PATH		the file exists
 *	sysctl:NAME=VALUE	kernel setting, dots for slashes; true as well
 *				where the setting does not exist
 *	syscall:NAME		one of a few probed calls (userfaultfd,
 *				io_uring_setup, process_vm_writev)
 *	socket:NAME		address family xdp, rds …
 *	arch:NAME		machine name as in uname(2)
 *	wants:NAME		always true; the module NAME is loaded first where
 *it can be had: for what modules need and do not declare never
 *never true: the reason stands beside it
 *
 * A descriptor without requirement has NULL or "".
 */

#endif
