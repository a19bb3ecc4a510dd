/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_PLACES_H
#define RUNNER_PLACES_H

/*
 * Places: where in the source the symbols of kernel messages are, as nm and
 * addr2line of binutils tell from a vmlinux. Symbol and offset do not depend on
 * where the kernel was loaded.
 *
 * A symbol is taken for that of the vmlinux only where its size is the same: it
 * tells apart functions of one name, and kernels of another build.
 */

#include "base/error.h"
#include "runner/stack.h"

/**
 * struct place_line - one line of source; strings are owned by the places
 * @function: that it belongs to
 * @where: `mm/gup.c:1234`
 */
struct place_line {
	char *function;
	char *where;
};

/**
 * struct place - one symbol
 * @symbol: `name+0x28/0x30`; @back: see struct stack_symbol
 * @address: in the vmlinux; meaningful when @found
 * @lines: the line in the function itself, then those that were inlined there,
 *	each one into the one before; none where it is not known
 */
struct place {
	char *symbol;
	bool back;
	bool found;
	uint64_t address;
	struct place_line *lines;
	size_t count;
};

/** struct places - all that is asked for; starts as all zero */
struct places {
	struct place *places;
	size_t count;
};

/** places_want() - ask for every symbol of @line; 0 or -ENOMEM */
int places_want(struct places *places, const char *line);

/**
 * places_resolve() - find out where all of them are
 * @vmlinux: with line information
 *
 * Return: 0 when any was found, or nothing was asked for; else -errno with a
 * line of @error that says why not: no such program or file, another kernel, no
 * line information.
 */
int places_resolve(struct places *places, const char *vmlinux,
		   struct error *error);

/** places_find() - where @symbol is, or NULL where that is not known */
const struct place *places_find(const struct places *places,
				const struct stack_symbol *symbol);

/** places_done() - free everything */
void places_done(struct places *places);

#endif
