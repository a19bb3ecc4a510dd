/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_FACT_H
#define GUPCHECK_FACT_H

/*
 * Fact: one thing that was seen while a cell ran.
 *
 * Facts travel as packets of this size over a SOCK_SEQPACKET socket, from the
 * worker and the cell to the supervisor, and are kept in the journal. They say
 * what happened; what it means is for the judge (src/judge) alone.
 */

#include <stdint.h>

#define FACT_NAME_SIZE 48
#define FACT_TEXT_SIZE 400

/** enum view - the way by which data was read back */
enum view {
	VIEW_CACHED = 1 << 0, /* read(2) through the page cache */
	VIEW_DIRECT = 1 << 1, /* read(2) with O_DIRECT */
	VIEW_RAW = 1 << 2, /* from the image, at the file's extents */
	VIEW_MAPPED = 1 << 3, /* load through the worker's mapping */
	VIEW_DEVICE = 1 << 4, /* through the pin itself */
};

/** enum fact_kind - what @name, @value, @view, @offset and @text mean */
enum fact_kind {
	FACT_STEP_BEGIN, /* @name: step */
	FACT_STEP_END, /* @name: step, @value: 0 or -errno */
	FACT_STEP_BLOCKED, /* @name: step that did not return in time */
	FACT_STEP_HUNG, /* the same, where returning was promised */
	FACT_CONTROL, /* control pin on anonymous memory, @value: 0 or -errno */
	FACT_PIN, /* pin on the file's page, @value: 0 or -errno */
	FACT_LANDED, /* device write: @value: enum content, @view */
	FACT_READ, /* @name: label, @value: enum content, @view, @offset:
		    * first byte that differs from old data */
	FACT_UNREADABLE, /* @name: label, @value: -errno, @view */
	FACT_DEVICE, /* @name: block device of the cell, e.g. loop0 */
	FACT_LOG, /* kernel message, @value: enum log_class, @name: its
		   * word, @text: the line */
	FACT_LOG_GAP, /* @value: kernel messages lost */
	FACT_LOG_UNREADABLE, /* the kernel's messages cannot be read */
	FACT_TAINT, /* @value: taint bits that appeared */
	FACT_COUNTER, /* @name: a count of the kernel's own troubles, @value:
		       * how much it rose */
	FACT_CLAIMED, /* @text: a line like those of the kernel in trouble, but
		       * written by a program */
	FACT_CHECKED, /* the filesystem's own checker looked at the image,
		       * @name: program, @value: its exit status, @text: last
		       * words */
	FACT_PINNED, /* page references that were pinned on this machine while
		      * the pin was taken, which was accepted, @name: "control"
		      * or "file", @value: how many */
	FACT_PINS_LEFT, /* @value: page references still pinned when every
			 * process of the cell was gone, @name: "alone" where
			 * nobody else can have pinned them */
	FACT_LOCKED_LEFT, /* @name: line of /proc/PID/status, @value: KiB more
			   * after the device was closed than before */
	FACT_SETTING, /* @text: file of a kernel setting, @offset: value found,
		       * @value: amount added; 0: put back */
	FACT_SKIP, /* @text: why the cell cannot run here */
	FACT_BROKEN, /* @text: what went wrong in the harness */
	FACT_DIED, /* @name: process, @value: wait status */
	FACT_TIMEOUT, /* a limit of the supervisor passed, @name: `cell`,
		       * `silence`, `kill` or `keeper`, @value: seconds */
	FACT_NOTE, /* @text: anything worth keeping */
	FACT_DONE, /* the cell came to its own end */
	FACT_COUNT
};

/**
 * struct fact - the packet
 * @kind: enum fact_kind
 * @value: see enum fact_kind
 * @view: one bit of enum view, or 0
 * @offset: bytes
 * @name: NUL-terminated word
 * @text: NUL-terminated line
 */
struct fact {
	uint32_t kind;
	int32_t value;
	uint32_t view;
	uint32_t reserved;
	uint64_t offset;
	char name[FACT_NAME_SIZE];
	char text[FACT_TEXT_SIZE];
};

/**
 * fact_make() - fill in a packet; the rest of it is zero
 * @name, @text: cut where they are too long; "" or NULL for none
 */
void fact_make(struct fact *ret, enum fact_kind kind, const char *name,
	       int32_t value, const char *text);

/** fact_kind_to_string() - the word for @kind; NULL when there is none */
const char *fact_kind_to_string(unsigned int kind);

/** fact_kind_from_string() - 0 and @ret, or -EINVAL */
int fact_kind_from_string(const char *word, enum fact_kind *ret);

/** view_to_string() - the word for one bit of enum view; "" for 0 */
const char *view_to_string(unsigned int view);

#endif
