/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_JOURNAL_SIGHT_H
#define RUNNER_JOURNAL_SIGHT_H

/* Journal sight: evidence, facts and messages of an end line. */

#include "runner/journal-line.h"

/**
 * load_sights() - take over evidence, facts and kernel messages
 *
 * What @record held of another attempt is dropped. Kinds of facts that this
 * program does not know are left out.
 *
 * Return: 0, -ENOMEM, or -EINVAL with an error line.
 */
int load_sights(struct loader *loader, const json_t *line,
		struct record *record);

#endif
