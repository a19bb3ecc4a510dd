/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_ENCLOSE_H
#define CELL_ENCLOSE_H

/*
 * Enclose: goes on in a child that is the first process of a PID namespace of
 * its own, so that whatever the cell starts ends with it.
 */

/**
 * enclose() - fork; the child returns
 *
 * The parent stays outside, waits, and ends the way the child ended; when it is
 * killed, so is the child. Return: 0 in the child; -errno when the kernel has
 * no PID namespaces, or we may not have one: then nothing has happened.
 */
int enclose(void);

#endif
