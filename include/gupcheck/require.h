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
 *	sysctl:NAME=VALUE	kernel setting, dots for slashes; true as well
 *				where there is no such setting
 *	syscall:NAME		one of a few probed calls (userfaultfd,
 *				io_uring_setup, process_vm_writev)
 *	socket:NAME		address family xdp, rds
 *	arch:NAME		machine name as in uname(2)
 *	wants:NAME		always true; module NAME is loaded where it can
 *				be had: what others need without saying so
 *	never@WHY		never true
 *
 * A descriptor without requirement has NULL or "".
 */

#endif
