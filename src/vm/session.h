/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_SESSION_H
#define VM_SESSION_H

/* Session: one plan on one kernel, over as many guests as it takes. */

#include <stdbool.h>
#include <sys/types.h>
#include "judge/judge.h"
#include "runner/image-store.h"
#include "vm/channel.h"
#include "vm/qemu.h"
#include "vm/vm.h"

#define SESSION_NO_CELL SIZE_MAX

/**
 * struct session_image - the image of a cell that has ended, on its way
 * @cell: whose it is, or SESSION_NO_CELL
 * @bytes: that have come
 * @begin: when the cell ended, seconds
 * @trouble: why it will not be kept, or NULL
 */
struct session_image {
	struct image_store store;
	size_t cell;
	uint64_t bytes;
	double begin;
	const char *trouble;
};

/**
 * struct session - owns the guest, the flags, the descriptor
 * @initramfs: descriptor of the guest image
 * @accel: ACCEL_AUTO until decided
 * @boot_image_only: the ELF kernel was seen not to start
 * @release: what the journal calls the kernel; "" before the first hello
 * @machine: as the guest says
 * @boots: guests started so far, for the names of the console files
 *
 * The plan:
 * @keep: for each cell the verdicts with which its image is kept, owned
 * @done: for each cell, whether it has an end record
 * @done_count: how many have
 * @sent: cells of the plan that this guest was told or spared, from the first
 * @current: the cell that was started and has not ended, or SESSION_NO_CELL
 * @current_begin: when it was started, seconds
 *
 * The guest:
 * @last_sign: when it was heard of last, seconds
 * @mark: how long the console was when the last cell was seen to end
 * @canary: a canary record was passed on
 * @trouble: what the guest, or the line to it, had to complain of; or ""
 * @fresh: go on in a fresh guest, when the image is there
 * @limit_factor: scale of time limits: a guess until the guest has measured it
 * @deadline: of the whole run, in clock_seconds(); 0 before it is known
 */
struct session {
	const struct vm_options *options;
	const struct plan *plan;
	struct journal *journal;
	struct rule_set *rules;

	struct qemu qemu;
	struct channel channel;
	int initramfs;
	enum accel accel;
	bool boot_image_only;
	char release[VM_NAME_SIZE];
	char machine[64];
	unsigned int boots;

	uint32_t *keep;
	bool *done;
	size_t done_count;
	size_t sent;
	size_t current;
	double current_begin;

	double last_sign;
	off_t mark;
	bool canary;
	char trouble[ERROR_SIZE];
	bool fresh;
	struct session_image image;
	double limit_factor;
	double deadline;
};

/** enum session_event - what a message means for the session */
enum session_event {
	SESSION_GO_ON,
	SESSION_BYE, /* the guest has come to its end */
	SESSION_FRESH, /* go on in a fresh guest: this one is unfit */
};

/**
 * session_boot() - start a guest and wait for its hello
 * Return: 0, or -errno with a line of @error; then no guest is running.
 */
int session_boot(struct session *session, struct error *error);

/** session_stop() - end the guest; waits @grace_ms milliseconds for it */
void session_stop(struct session *session, int grace_ms);

/**
 * session_receive() - read what the guest sent, and act on it
 * Return: enum session_event, or -errno when the journal cannot be written.
 * The end of the stream is SESSION_GO_ON: the guest's death is seen elsewhere.
 */
int session_receive(struct session *session);

/** session_begin() - write the records that open a kernel's part */
int session_begin(struct session *session);

/** session_offer() - tell the guest how to run and that cells will come */
int session_offer(struct session *session);

/** session_send_more() - the next cells that are still to be run, or go */
int session_send_more(struct session *session);

/**
 * session_end_current() - end record for a cell that will not end by itself
 * @observation: may be NULL
 * @log: kernel messages, an array that is taken over, or NULL
 *
 * Does nothing when there is none. Return: 0 or -errno.
 */
int session_end_current(struct session *session,
			const struct judgement *judgement,
			const struct observation *observation, json_t *log);

/** session_complain() - keep the first line about what is wrong */
void session_complain(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
