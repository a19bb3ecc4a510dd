/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_REQUIRE_H
#define KERNEL_REQUIRE_H

/* Evaluates requirement expressions, see <gupcheck/require.h>. */

#include <stdbool.h>
#include <stddef.h>

/**
 * struct require_world - where the answers come from
 * @root: directory that stands for `/`, -1: the real one; tests hand in a
 *	recorded tree
 * @uid: effective user
 * @machine: as in uname(2)
 * @module: whether module @name is loaded or was loaded now; NULL: look at
 *	/sys/module and modules.builtin only
 * @syscall: whether the probed call exists; NULL: really probe
 * @socket: whether the address family exists; NULL: really probe
 * @answer: optional, asked before all others, with argument and symbol or "":
 *	1 met, 0 not met, -ENOENT: ask the others
 */
struct require_world {
	int root;
	unsigned int uid;
	char machine[65];
	bool (*module)(void *arg, const char *name);
	bool (*syscall)(void *arg, const char *name);
	bool (*socket)(void *arg, const char *name);
	int (*answer)(void *arg, const char *kind, const char *argument,
		      const char *symbol);
	void *arg;
};

/** require_world_init() - this machine; modules are loaded on demand */
void require_world_init(struct require_world *ret);

/**
 * require_check() - evaluate
 * @reason: receives all that is missing, with the configuration symbols
 * Return: 1 met, 0 not met, -EINVAL malformed (@reason says where).
 */
int require_check(const struct require_world *world, const char *expression,
		  char *reason, size_t size);

/**
 * require_missing() - require_check(), then call @visit for every atom that
 * has to be mended, e.g. to name the package it is in
 *
 * Of alternatives of which none is met all are visited; negated atoms are not.
 */
int require_missing(const struct require_world *world, const char *expression,
		    char *reason, size_t size,
		    void (*visit)(void *arg, const char *kind,
				  const char *argument, const char *symbol),
		    void *arg);

/**
 * require_each() - call @visit for every atom, e.g. to collect modules
 * @visit: gets kind (`module`), argument (`rdma_rxe`) and symbol or ""
 * Return: 0 or -EINVAL.
 */
int require_each(const char *expression,
		 void (*visit)(void *arg, const char *kind,
			       const char *argument, const char *symbol),
		 void *arg);

#endif
