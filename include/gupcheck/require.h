/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_REQUIRE_H
#define GUPCHECK_REQUIRE_H

/*
 * Requirement expressions: what must be there before a driver can run.
 *
 *	root			effective user 0
 *	program:NAME		an executable NAME in PATH, /sbin, /usr/sbin
 *	filesystem:NAME@CONFIG	registered, or its module can be had
 *	module:NAME@CONFIG	loaded, built in, or can be loaded
 *	device:PATH		the device node exists
 *	path:PATH		the file exists
 *	pci:VENDOR:DEVICE	a PCI device with these numbers, four
 *hexadecimal digits each sysctl:NAME=VALUE	kernel setting, dots for
 *slashes; true as well where there is no such setting
 *	syscall:NAME		one of a few probed calls (userfaultfd,
 *				io_uring_setup, process_vm_writev)
 *	socket:NAME		address family xdp, rds
 *	arch:NAME		machine name as in uname(2)
 *	wants:NAME		always true; module NAME is loaded where it can
 *				be had: what others need without saying so
 *	config@CONFIG		the kernel was built with CONFIG, or does not
 *				tell: for what cannot be seen otherwise
 *	never@WHY		never true
 *
 * CONFIG is the symbol of the kernel's configuration that decides: one that a
 * user can set, not one that others select. Every atom that a configuration
 * decides should have one behind `@`: gupcheck doctor judges kernels by it that
 * do not run here. `CONFIG_X>=2` is a symbol whose value is a number.
 *
 * A descriptor without requirement has NULL or "".
 */

#endif
