/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_SYMBOLS_H
#define RUNNER_SYMBOLS_H

/* Symbols: the functions of a vmlinux, as nm lists them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

/**
 * struct symbol - one function
 * @size: as the file says, or 0
 * @room: up to the next function, which is what the kernel takes for its size
 */
struct symbol {
	const char *name;
	uint64_t address;
	uint64_t size;
	uint64_t room;
};

/** struct symbols - by address; names are in @text */
struct symbols {
	char *text;
	struct symbol *symbols;
	size_t count;
};

/**
 * symbols_read() - run nm
 * Return: 0, or -errno with a line of @error. @ret is to be given to
 * symbols_done() either way.
 */
int symbols_read(struct symbols *ret, const char *vmlinux, struct error *error);

/** symbols_parse() - the same for what nm -S said; @text is taken over */
int symbols_parse(struct symbols *ret, char *text);

/**
 * symbols_find() - where a function begins
 * @name: of @len bytes
 * @size: that it has for the kernel; 0: any
 *
 * Return: whether there is one; not where several are equal but for their
 * places. Without one @ret is 0.
 */
bool symbols_find(const struct symbols *symbols, const char *name, size_t len,
		  uint64_t size, uint64_t *ret);

/** symbols_done() - free everything */
void symbols_done(struct symbols *symbols);

#endif
