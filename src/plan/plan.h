/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

/*
 * Plan: which cells are run, in which order. The product of the three tables,
 * cut by traits and by the user's globs.
 */

#include <stdbool.h>
#include <stddef.h>
#include <gupcheck/filesystem.h>
#include <gupcheck/mechanism.h>
#include <gupcheck/scenario.h>
#include "base/error.h"

#define CELL_ID_SIZE 160

/**
 * struct cell_id - mechanism/filesystem/scenario[@variant]
 * @variant: NULL for the plain cell
 */
struct cell_id {
	const struct mechanism *mechanism;
	const struct filesystem *filesystem;
	const struct scenario *scenario;
	const struct variant *variant;
};

/** struct plan - cells in the order of running; owns the array */
struct plan {
	struct cell_id *cells;
	size_t count;
};

/** mechanism_find(), … - the descriptor of that name, or NULL */
const struct mechanism *mechanism_find(const char *name);
const struct filesystem *filesystem_find(const char *name);
const struct scenario *scenario_find(const char *name);

/**
 * cell_id_parse() - read the one spelling
 * @error: names the part that is unknown and what there is instead
 * Return: 0, or -EINVAL.
 */
int cell_id_parse(const char *text, struct cell_id *ret, struct error *error);

/** cell_id_format() - write the one spelling; returns @buf */
const char *cell_id_format(const struct cell_id *id, char buf[CELL_ID_SIZE]);

/**
 * cell_id_inapplicable() - why this combination makes no cell
 * Return: NULL when it is one, else the reason in words (static).
 */
const char *cell_id_inapplicable(const struct cell_id *id);

/**
 * cell_id_must_refuse() - whether invariant 1 wants the pin refused: long-term,
 * writing, shared, and the filesystem tracks dirty pages.
 */
bool cell_id_must_refuse(const struct cell_id *id);

/**
 * plan_build() - all cells that match one of @globs (all, when @count is 0)
 *
 * Fakes (MECH_FAKE, FS_FAKE) are planned only where a glob spells their name
 * without wildcard. A glob of fewer than three parts matches every rest:
 * `rdma_mr/xfs` is `rdma_mr/xfs/(all)`; a lone word is a name on any axis. A
 * glob that matches nothing is -EINVAL with a line that names it. Cells are
 * ordered by filesystem, then scenario, then mechanism, then variant, so that a
 * filesystem's module and image are prepared once.
 */
int plan_build(const char *const *globs, size_t count, struct plan *ret,
	       struct error *error);

/** plan_done() - free what plan_build() allocated */
void plan_done(struct plan *plan);

/**
 * glob_match() - shell glob where `*` crosses `/`, a missing tail matches every
 * rest, and a lone word matches any part (see plan_build())
 */
bool glob_match(const char *glob, const char *id);

#endif
