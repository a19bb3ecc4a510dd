/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_EXIT_STYLE_H
#define REPORT_EXIT_STYLE_H

/*
 * Exit style: how a run is told by exit code to what runs tests. Whatever the
 * format is: the two are chosen apart.
 */

/**
 * struct exit_style - one row: what stands for each code of the program
 * @as_expected: for 0, also where issues are known
 * @unexpected: for 1
 * @bad_usage: for 2
 * @nothing_ran: for 77
 * @broken: for 99
 */
struct exit_style {
	const char *name;
	int as_expected;
	int unexpected;
	int bad_usage;
	int nothing_ran;
	int broken;
};

/** exit_styles - the default first, ended by an entry without name */
extern const struct exit_style exit_styles[];

/** exit_style_find() - by name, or NULL */
const struct exit_style *exit_style_find(const char *name);

/**
 * exit_style_code() - what @code is in @style
 * @code: as in "EXIT STATUS" of gupcheck(1); 128 and a signal is the same in
 *	every style
 */
int exit_style_code(const struct exit_style *style, int code);

#endif
