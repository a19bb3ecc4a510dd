/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_CHANGE_H
#define JUDGE_CHANGE_H

/*
 * Change: whether a cell got worse or better from one run to another. No I/O.
 *
 * Judged by what is owed, not by an order of the words. Each answer keeps or
 * breaks four things:
 *
 *		where the pin must be refused	where it must work
 *	safe	admission			-
 *	refused	-				admission
 *	exposed	admission, notice		notice
 *	corrupt	admission, notice, data		notice, data
 *	oops	all				all
 *
 * An answer that breaks what was kept is worse, whatever else it mends: data
 * that is lost no more because a pin that must work is refused is worse. One
 * that only mends is better. Where it is not known what the cell owes, it is
 * worse when either column says so; `exposed` itself says that it must be
 *refused.
 *
 * A hang, or a machine that died, is the kernel's too: after an answer it is
 * worse, before an answer that breaks nothing better. What it hid is not known:
 * beside an oops, or before an answer that breaks something, nobody can tell.
 * Cells that are skipped or broken tell nothing of the kernel.
 */

#include <stdbool.h>
#include <gupcheck/verdict.h>
#include "plan/plan.h"

/** enum change - what became of a cell */
enum change {
	CHANGE_WORSE,
	CHANGE_BETTER,
	CHANGE_ERRNO, /* the same answer with another errno */
	CHANGE_REASON, /* the same bad answer for another reason */
	CHANGE_CANNOT_TELL, /* one side says too little */
	CHANGE_NOISE, /* it differs from run to run: see judge/change-runs.h */
	CHANGE_ONLY_OLD, /* the cell is on one side only */
	CHANGE_ONLY_NEW,
	CHANGE_SAME,
	CHANGE_UNANSWERED, /* neither side says anything of the kernel */
	CHANGE_COUNT
};

/** enum duty - what a cell owes */
enum duty {
	DUTY_WORK, /* the pin must work */
	DUTY_REFUSE, /* the pin must be refused */
	DUTY_UNKNOWN, /* this build does not know the cell */
	DUTY_COUNT
};

/**
 * struct change_side - what a cell said in one run
 * @verdict: a cell whose end nobody waited for is to be given as skipped
 * @error: errno name, or NULL
 * @reason: one line
 * @known: an expectation rule lists the answer
 */
struct change_side {
	enum verdict verdict;
	const char *error;
	const char *reason;
	bool known;
};

/** change_to_string() - one word, e.g. `cannot-tell` */
const char *change_to_string(enum change change);

/** duty_of() - of the cell with this id; DUTY_UNKNOWN where it is none */
enum duty duty_of(const char *id);

/* What an answer breaks, from the least to the worst. */
#define BREAKS_NOTICE 1u
#define BREAKS_ADMISSION 2u
#define BREAKS_DATA 4u
#define BREAKS_KERNEL 8u

/**
 * change_breaks() - the bits of what @verdict breaks
 * @duty: not DUTY_UNKNOWN
 *
 * A hang or a death breaks the kernel; what else it breaks is not known.
 */
unsigned int change_breaks(enum duty duty, enum verdict verdict);

/**
 * change_tells() - whether @verdict says if this is broken
 * @bit: one of the above
 */
bool change_tells(enum verdict verdict, unsigned int bit);

/** change_is_lost() - a hang or a death: the kernel did not come back */
bool change_is_lost(enum verdict verdict);

/**
 * change_why() - a line that says what is broken now, or no longer (static)
 * @now, @before: bits that the other side has not; NULL where there are none
 */
const char *change_why(enum duty duty, unsigned int now, unsigned int before);

/**
 * change_judge() - what became of a cell that both sides have
 * @ret_why: a line that says what makes it so (static), or NULL where there is
 *	no more to say; may be NULL itself
 *
 * Return: anything but CHANGE_NOISE, CHANGE_ONLY_OLD and CHANGE_ONLY_NEW.
 */
enum change change_judge(enum duty duty, const struct change_side *old,
			 const struct change_side *new, const char **ret_why);

/**
 * change_same_reason() - whether two reasons say the same
 *
 * Numbers are not compared: processors, processes, lines and offsets differ
 * from boot to boot and from kernel to kernel. Where both name a function as
 * `name+0x28/0x30`, nothing else is: the shape of such messages differs, too.
 */
bool change_same_reason(const char *a, const char *b);

#endif
