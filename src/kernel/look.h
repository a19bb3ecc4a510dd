/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_LOOK_H
#define KERNEL_LOOK_H

/*
 * Look: this machine for struct require_world, without changing it. Nothing is
 * loaded: a module counts as there when it could be.
 */

#include "kernel/require.h"

/**
 * struct look
 * @pending: a module that would have to be loaded was asked for; the caller
 *	clears it before each expression. Device nodes may then still be absent.
 */
struct look {
	bool pending;
};

/** look_world_init() - @look lives as long as @ret */
void look_world_init(struct require_world *ret, struct look *look);

#endif
