/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_FOLIOS_H
#define CELL_FOLIOS_H

/*
 * Folios: what memory is made of. A pin takes another way through GUP where a
 * page belongs to a large folio, and yet another where that is mapped whole.
 */

#include <stdbool.h>
#include <stddef.h>

/**
 * struct folios - what is behind a piece of memory
 * @pages: present ones
 * @folios: how many folios they are of
 * @largest: pages of the largest one, of those that were looked at
 * @mapped_whole: one page table entry of a higher level maps some of it
 */
struct folios {
	size_t pages;
	size_t folios;
	size_t largest;
	bool mapped_whole;
};

/**
 * folios_look() - of this process; page frame numbers are for root only
 * @addr: start of a page
 * @len: bytes
 * Return: 0; -EPERM where the kernel does not tell; another -errno.
 */
int folios_look(const void *addr, size_t len, struct folios *ret);

/**
 * folios_under_writeback() - of this process
 * @addr, @len: whole pages, all present
 * Return: 1 when every page is, 0 when one is not; -EPERM where the kernel does
 * not tell; another -errno.
 */
int folios_under_writeback(const void *addr, size_t len);

/** folios_huge_size() - bytes of a transparent huge page; 0: there are none */
size_t folios_huge_size(void);

#endif
