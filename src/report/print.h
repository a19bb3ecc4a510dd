/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H

/*
 * Print: what all text formats share. Reasons and evidence hold text of kernels
 * and programs under test: nothing of it may reach a terminal as a control
 * sequence, or break a line of a line-based format.
 */

#include <stdbool.h>
#include <stdio.h>
#include "runner/record.h"

/**
 * print_line() - @text on one line
 *
 * Line ends and tabs become a blank, carriage returns nothing, other control
 * characters (also the C1 set) and what is not UTF-8 `\xNN`.
 */
void print_line(FILE *out, const char *text);

/** print_list() - the same of @texts, which NULL ends */
void print_list(FILE *out, const char *const *texts);

/** print_lines() - the same of several texts; the first that is NULL ends it */
#define print_lines(out, ...) \
	print_list(out, (const char *const[]){__VA_ARGS__, NULL})

/**
 * print_word() - the same, with @forbidden characters as `_`
 * @forbidden: e.g. `#` for TAP
 */
void print_word(FILE *out, const char *text, const char *forbidden);

/**
 * print_character() - the one that @text begins with
 *
 * Control characters, line ends among them, and what is not UTF-8 as `\xNN`:
 * for formats with escapes of their own.
 *
 * Return: the bytes of @text that it is made of, 1 or more.
 */
size_t print_character(FILE *out, const char *text);

/**
 * print_wrapped() - @text in lines of at most 78 columns
 * @first: what stands before the first line; it and @text as print_line()
 *	prints them
 * @indent: columns before every further line
 */
void print_wrapped(FILE *out, const char *first, unsigned int indent,
		   const char *text);

/** print_wrapped_at() - the same in lines of at most @columns */
void print_wrapped_at(FILE *out, size_t columns, const char *first,
		      unsigned int indent, const char *text);

/** style_on() - the escape sequence for @verdict; "" unless @color */
const char *style_on(bool color, enum verdict verdict);

/** style_bold() - the escape sequence for headings; "" unless @color */
const char *style_bold(bool color);

/** style_off() - the escape sequence that ends both; "" unless @color */
const char *style_off(bool color);

/** record_word() - the verdict, or `not run` for a cell that never started */
const char *record_word(const struct record *record);

/** record_mark() - `*` known issue, `!` unexpected, or "" */
const char *record_mark(const struct record *record);

/** plural() - "" for 1, else "s" */
static inline const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

#endif
