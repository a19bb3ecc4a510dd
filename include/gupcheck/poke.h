/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_POKE_H
#define GUPCHECK_POKE_H

/* Poke: for mechanisms whose pin ends with the call that writes. */

#ifndef GUPCHECK_WORKER_CODE
#error "only for code that runs in the disposable worker (cases/)"
#endif

#include <stddef.h>
#include <gupcheck/mechanism.h>

/**
 * poke_try() - write what is there already to every page of a range
 * @dev: handed to @write
 * @write: writes @len bytes, a multiple of the size of a long, to the aligned
 *	address @to; 0 or -errno
 *
 * This is all that asking for such a pin can be. Return: what the first @write
 * that fails returns, or 0.
 */
int poke_try(struct device *dev, const struct range *range,
	     int (*write)(struct device *dev, void *to, const void *from,
			  size_t len));

#endif
