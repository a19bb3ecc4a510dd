/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_FACTS_H
#define CELL_FACTS_H

/* Facts: sends what was seen over the cell's socket. */

#include <gupcheck/fact.h>

/**
 * fact_send() - one packet
 * @fd: SOCK_SEQPACKET socket to the supervisor
 * @name: word, or NULL
 *
 * A receiver that is gone is no error: then nobody wants to know.
 */
void fact_send(int fd, enum fact_kind kind, const char *name, int value,
	       unsigned int view, uint64_t offset);

/** fact_deliver() - the same for a packet that is made already */
void fact_deliver(int fd, const struct fact *fact);

/** fact_say() - a fact with text */
void fact_say(int fd, enum fact_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** fact_receive() - one packet: 1, 0 at the end, -EAGAIN, or -errno */
int fact_receive(int fd, struct fact *ret);

#endif
