/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CHECKUP_H
#define KERNEL_CHECKUP_H

/*
 * Checkup: what would run on a kernel, why not, and what mends it. Evaluates
 * requirement expressions in a world that changes nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"
#include "kernel/look.h"
#include "kernel/offline.h"
#include "kernel/require.h"

#define CHECKUP_LINE_SIZE 512
#define CHECKUP_SYMBOL_SIZE 96
#define CHECKUP_LIST_MAX 24

/** enum checkup_kind - what an item is about */
enum checkup_kind {
	CHECKUP_MECHANISM,
	CHECKUP_FILESYSTEM,
	CHECKUP_HARNESS, /* what gupcheck itself needs */
};

/**
 * struct checkup_item - one mechanism, filesystem or need of the harness
 * @name: as given to checkup_add()
 * @optional: nothing depends on it; @note says what is worse without
 * @runs: whether all that it needs is there
 * @reason: what is missing; "" where it runs
 * @mend: what to do, for people; "" where nobody knows
 * @note: what to know besides, or ""
 * @packages: Debian packages to install
 * @symbols: of the kernel configuration, to be set; those first that others
 *	depend on; `CONFIG_X>=2` for a number
 */
struct checkup_item {
	enum checkup_kind kind;
	const char *name;
	bool optional;
	bool runs;
	char reason[CHECKUP_LINE_SIZE];
	char mend[CHECKUP_LINE_SIZE];
	char note[CHECKUP_LINE_SIZE];
	const char *packages[CHECKUP_LIST_MAX];
	size_t package_count;
	char symbols[CHECKUP_LIST_MAX][CHECKUP_SYMBOL_SIZE];
	size_t symbol_count;
};

/**
 * struct checkup
 * @title: what was looked at, one line
 * @world: answers
 * @look: behind @world for this machine
 * @offline: behind @world for another kernel
 * @here: this machine and its running kernel
 * @config: the configuration, or NULL: not known
 * @items: in the order of checkup_add()
 */
struct checkup {
	char title[CHECKUP_LINE_SIZE];
	struct require_world world;
	struct look look;
	struct offline offline;
	bool here;
	char *config;
	struct checkup_item *items;
	size_t count;
};

/** checkup_machine() - begin with this machine and its running kernel */
void checkup_machine(struct checkup *ret);

/**
 * checkup_kernel() - begin with a kernel that does not run here
 * @offline: taken over
 */
void checkup_kernel(struct checkup *ret, struct offline *offline);

/**
 * checkup_add() - evaluate one expression
 * @name: has to live as long as @checkup
 * @why: for needs of the harness: what is worse without it; else NULL
 * Return: the item, valid until the next one is added; NULL without memory. A
 * malformed expression does not run, for that reason.
 */
struct checkup_item *checkup_add(struct checkup *checkup,
				 enum checkup_kind kind, const char *name,
				 const char *require, const char *why);

/**
 * checkup_add_harness() - all that gupcheck itself needs of a kernel, from one
 * table, and on this machine
 * @guest: also what a guest of gupcheck vm needs
 * Return: 0 or -ENOMEM.
 */
int checkup_add_harness(struct checkup *checkup, bool guest);

/**
 * checkup_add_fact() - an item that its caller looked after
 * @reason: why not; NULL: it runs
 */
struct checkup_item *checkup_add_fact(struct checkup *checkup, const char *name,
				      const char *reason, const char *mend);

/** checkup_item_install() - the item lacks a program: add its package */
void checkup_item_install(struct checkup_item *item, const char *package);

/** enum checkup_result - all taken together */
enum checkup_result {
	CHECKUP_ALL, /* every mechanism and filesystem will run */
	CHECKUP_SOME,
	CHECKUP_NONE, /* nothing would */
};

/** checkup_result() - optional needs do not count */
enum checkup_result checkup_result(const struct checkup *checkup);

/** checkup_done() - free */
void checkup_done(struct checkup *checkup);

#endif
