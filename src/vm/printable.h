/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_PRINTABLE_H
#define VM_PRINTABLE_H

/**
 * printable() - replace what is not ASCII text by question marks
 * @text: changed in place; returned
 *
 * What a dying guest leaves on a line may be anything, and records are JSON.
 */
static inline char *printable(char *text)
{
	for (char *at = text; *at; at++)
		if ((*at < ' ' && *at != '\t') || *at > '~')
			*at = '?';
	return text;
}

#endif
