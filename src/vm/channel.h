/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_CHANNEL_H
#define VM_CHANNEL_H

/*
 * Channel: JSON objects over a stream of frames, used at both ends.
 *
 * What guest and host say to each other, by "type":
 *
 *	guest	hello	{"protocol":3,"gupcheck":VERSION,"kernel":RELEASE,
 *			 "machine":ARCH}
 *	host	options	{"destructive":BOOL,"home_network":BOOL,"key":NUMBER}:
 *			 the guest's frames are keyed from then on
 *	host	cells	{"cells":[ID…],"keep":[NUMBER…]}: the next part of the
 *			 plan, and for each cell the verdicts with which the
 *			 image of its filesystem is wanted (runner/keep.h)
 *	guest	more	{}: after options and after each part, so that no more
 *			 is on the way than the guest's serial driver can hold
 *	host	go	{}
 *	guest	limits, start, end, canary: records of the journal, see
 *			 runner/record.h
 *	guest	image-data {"at":NUMBER,"data":BASE64}: behind an end that has
 *			 "image":true, the next bytes of the packed image
 *	guest	image	see runner/record.h: that was all of it, or there is
 *			 none; the host decides on the name of the file
 *	guest	alive	{}: at least every CHANNEL_ALIVE_MS
 *	guest	bye	{"reason":TEXT}: "" when all cells were attempted
 */

#include <jansson.h>
#include <stdbool.h>
#include "base/error.h"
#include "vm/frame.h"

#define CHANNEL_PROTOCOL 3
#define CHANNEL_ALIVE_MS 5000

/**
 * struct channel - one end; set @fd, all else is zero at the beginning
 * @fd: non-blocking at the host, blocking in the guest; not owned
 * @key: of the frames that this end sends
 * @sent: frames sent so far
 * @ended: the other end was closed, all that it sent was read
 */
struct channel {
	int fd;
	uint32_t key;
	uint32_t sent;
	bool ended;
	struct frame_reader reader;
};

/** channel_send() - send one object, whose reference is taken; 0 or -errno */
int channel_send(struct channel *channel, json_t *message);

/** channel_send_line() - send a record that is text already; 0 or -errno */
int channel_send_line(struct channel *channel, const char *json, size_t len);

/**
 * channel_fill() - read what is there
 * Return: bytes read; 0 at the end of the stream, which sets @ended; -EAGAIN
 * when there is nothing now; another -errno.
 */
int channel_fill(struct channel *channel);

/**
 * channel_next() - the next object among what was read
 * @ret: receives a reference
 * @error: overwritten; what was wrong with the frame
 * Return: 1; 0 when more has to be read; -EBADMSG for a damaged frame, after
 * which it can be called again; -ENOMEM.
 */
int channel_next(struct channel *channel, json_t **ret, struct error *error);

/** message_type() - its "type", or "" */
const char *message_type(const json_t *message);

/** channel_done() - free what it holds; @fd stays open */
void channel_done(struct channel *channel);

#endif
