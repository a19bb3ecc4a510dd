/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_SCENARIO_H
#define GUPCHECK_SCENARIO_H

/*
 * Scenario: what happens around the pin, step by step, and the promises that
 * must hold afterwards.
 *
 * A scenario is one file, cases/scenario/NAME.c, that exports one
 * `const struct scenario scenario_NAME`, and one line in the list of
 * cases/meson.build. Steps are data, so that a report can say which step failed
 * and `gupcheck explain` can print the recipe. The common steps are in
 * <gupcheck/steps.h>; a scenario may define further ones of its own.
 */

#include <stdbool.h>
#include <gupcheck/fact.h>
#include <gupcheck/pattern.h>

struct cell;
struct worker;

/** enum file_role - the files of a cell */
enum file_role {
	FILE_PINNED, /* the one whose pages are pinned */
	FILE_OTHER, /* clone, donor, bystander */
	FILE_SNAPSHOT, /* the pinned one in a snapshot of the filesystem */
	FILE_COUNT
};

/** enum step_flag */
enum step_flag {
	STEP_MAY_BLOCK =
		1 << 0, /* to block is a right answer: go on after a while */
	STEP_MAY_FAIL = 1 << 1, /* a returned errno is recorded, not judged */
};

/**
 * struct step - one action
 * @name: lower-case word, unique in meaning over all scenarios
 * @summary: one line for `explain`
 * @flags: mask of enum step_flag
 * @in_worker: runs in the worker (the process that owns the mapping and the
 *	pin); may use the must_*() helpers
 * @in_cell: runs in the cell process (which owns the mount); exactly one of
 *	@in_worker and @in_cell is set
 * @label: for reads: the name under which the result is recorded
 * @file: for reads: of which file
 * @views: for reads: mask of enum view
 *
 * Both functions return 0 or -errno. An errno from a step without
 * STEP_MAY_FAIL makes the cell `broken`.
 */
struct step {
	const char *name;
	const char *summary;
	unsigned int flags;
	int (*in_worker)(struct worker *worker, const struct step *step);
	int (*in_cell)(struct cell *cell, const struct step *step);
	const char *label;
	enum file_role file;
	unsigned int views;
};

/**
 * struct promise - what the kernel owes, and how it is checked
 * @invariant: number in section "Invariants" of the design
 * @text: the promise in one sentence
 * @source: where it is documented (man page, kernel document, standard)
 * @after: label of the read that observed a value, or NULL when the promise
 *	needs no observation
 * @observed: what that read must have returned for the promise to bind
 * @step: step that must have returned 0 for the promise to bind, or NULL
 * @may_refuse: where @step returned an errno nothing was promised, which is a
 *	right answer, too; else nobody can tell
 * @label: label of the read that must then show @required
 * @required: what every view under @label has to hold
 * @readable: instead of @required: it has to be readable, whatever it holds
 * @only: traits of the mechanism that the promise is meant for; 0: all
 * @never: traits of the mechanism to which it does not apply
 * @variant_only: flags of the variant that the promise is meant for; 0: all
 * @variant_never: flags of the variant to which it does not apply
 *
 * Tables end with an entry without @text.
 */
struct promise {
	unsigned int invariant;
	const char *text;
	const char *source;
	const char *after;
	enum content observed;
	const char *step;
	bool may_refuse;
	const char *label;
	enum content required;
	bool readable;
	unsigned int only;
	unsigned int never;
	unsigned int variant_only;
	unsigned int variant_never;
};

/** enum variant_flag - how a variant differs from the plain cell */
enum variant_flag {
	VARIANT_PRIVATE = 1 << 0, /* MAP_PRIVATE */
	VARIANT_UNTOUCHED = 1 << 1, /* no page table entry before the pin */
	VARIANT_CLEANED = 1 << 2, /* cleaned by writeback before the pin */
	VARIANT_READ_TOUCHED = 1 << 3, /* present, not writable */
	VARIANT_READ_ONLY = 1 << 4, /* file and mapping are read-only */
	VARIANT_ANON_FIRST = 1 << 5, /* the first half is anonymous memory */
	VARIANT_ANON_LAST = 1 << 6, /* the second half is anonymous memory */
	VARIANT_TWO_FILES = 1 << 7, /* the second half is FILE_OTHER */
	VARIANT_BEYOND_EOF = 1 << 8, /* the file ends in the middle */
	VARIANT_HOLE = 1 << 9, /* pages over a hole, stored to, not written */
	VARIANT_MLOCKED = 1 << 10, /* mlock(2) before the pin */
	VARIANT_FORKED = 1 << 11, /* a child shares the mapping */
	VARIANT_LARGE = 1 << 12, /* 4 MiB */
	VARIANT_UNALIGNED = 1 << 13, /* neither end on a page boundary */
	VARIANT_MEMFD = 1 << 14, /* the file is made by memfd_create(2) */
	VARIANT_SEAL_SIZE = 1 << 15, /* F_SEAL_SHRINK, F_SEAL_GROW */
	VARIANT_SEAL_WRITE = 1 << 16, /* F_SEAL_WRITE */
	VARIANT_SEAL_FUTURE = 1 << 17, /* F_SEAL_FUTURE_WRITE */
	VARIANT_MAPPED_FIRST = 1 << 18, /* sealed once it is mapped */
	VARIANT_HUGE = 1 << 19, /* in a transparent huge page */
};

/** VARIANT_SEVERAL - the range has parts of different kinds */
#define VARIANT_SEVERAL                                               \
	(VARIANT_ANON_FIRST | VARIANT_ANON_LAST | VARIANT_TWO_FILES | \
	 VARIANT_BEYOND_EOF)

/** VARIANT_UNPINNABLE - no kernel may pin this for writing */
#define VARIANT_UNPINNABLE (VARIANT_READ_ONLY | VARIANT_BEYOND_EOF)

/**
 * struct variant - a named twist; tables end with an entry without @name
 * @flags: mask of enum variant_flag
 * @needs_mechanism, @not_mechanism, @needs_filesystem, @not_filesystem: masks
 *	of traits, besides those of the scenario
 */
struct variant {
	const char *name;
	const char *summary;
	unsigned int flags;
	unsigned int needs_mechanism;
	unsigned int not_mechanism;
	unsigned int needs_filesystem;
	unsigned int not_filesystem;
};

/**
 * struct scenario - the descriptor
 * @name: equals the file name; part of every cell id
 * @summary: one line without a full stop
 * @why: what goes wrong, in which kernel function
 * @links: where more is told, ended by NULL; may be NULL
 * @require: what its steps need of the kernel, besides what mechanism and
 *	filesystem do, see <gupcheck/require.h>; may be NULL
 * @needs_mechanism, @not_mechanism: masks of enum mechanism_trait
 * @needs_filesystem, @not_filesystem: masks of enum filesystem_trait
 * @suspendable: the device below the filesystem is one that step_suspend can
 *	suspend
 * @destructive: may make the running kernel warn, oops or drop what it caches:
 *	not run on the user's own kernel without --destructive
 * @flags: mask of enum variant_flag, for the plain cell and for every variant
 * @rounds: how often the steps are run at the most, each time on a fresh file,
 *	until a promise is broken: for a promise that a race may break. It is
 *	one where a device writes (MECH_WRITES, not MECH_NO_WRITER) to a
 *	filesystem that repairs later (FS_LATE_REPAIR); everywhere else once is
 *	enough.
 * @steps: in order, ended by NULL
 * @promises: what the judge checks; may be NULL when the pin itself is the
 *	question
 * @lands: the promise that is broken when a device write that was reported done
 *	is not seen in the memory, for scenarios in which the kernel may take
 *	the page away, the last one above all: not for mechanisms with spare
 *	pages; NULL: then the harness is (`broken`)
 * @variants: besides the plain cell; may be NULL
 */
struct scenario {
	const char *name;
	const char *summary;
	const char *why;
	const char *const *links;
	const char *require;
	unsigned int needs_mechanism;
	unsigned int not_mechanism;
	unsigned int needs_filesystem;
	unsigned int not_filesystem;
	bool suspendable;
	bool destructive;
	unsigned int flags;
	unsigned int rounds;
	const struct step *const *steps;
	const struct promise *promises;
	const char *lands;
	const struct variant *variants;
};

/** scenarios - every scenario, sorted by name, ended by NULL (generated) */
extern const struct scenario *const scenarios[];

#endif
