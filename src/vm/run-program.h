/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_RUN_PROGRAM_H
#define VM_RUN_PROGRAM_H

/* Run program: runs a helper on the host and reads what it says. */

#include "base/error.h"

/**
 * run_program() - run @argv (ended by NULL) to its end, without a shell
 * @ret_text: receives its standard output, to be freed; standard error is ours
 * Return: 0, or -errno with a line of @error; -EIO when it failed.
 */
int run_program(const char *const *argv, char **ret_text, struct error *error);

#endif
