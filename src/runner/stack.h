/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_STACK_H
#define RUNNER_STACK_H

/* Stack: finds call traces, and symbols, in kernel messages. Pure text. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** STACK_MAX - lines that stack_find() gives at most */
#define STACK_MAX 17

/**
 * stack_find() - the first call trace
 * @log: @count messages
 * @ret: receives lines of @log: the one that says where the kernel was, if it
 *	was there before the trace and tells more than the complaint itself, and
 *	up to 16 frames
 *
 * The guesses of the kernel's unwinder, marked with `?`, are left out. Return:
 * how many lines.
 */
size_t stack_find(char *const *log, size_t count, const char *ret[STACK_MAX]);

/**
 * struct stack_symbol - `ext4_dirty_folio+0x28/0x30` in a line
 * @text: where it begins, @len bytes; its name has @name_len
 * @offset, @size: the numbers
 * @module: the name of a module follows: it is not in the vmlinux
 * @back: is where a call returns to, so what it names is the call before
 */
struct stack_symbol {
	const char *text;
	size_t len;
	size_t name_len;
	uint64_t offset;
	uint64_t size;
	bool module;
	bool back;
};

/**
 * stack_symbol_find() - the first symbol of @line at or behind @from
 * Return: whether there is one.
 */
bool stack_symbol_find(const char *line, const char *from,
		       struct stack_symbol *ret);

#endif
