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
 */
struct change_side {
	enum verdict verdict;
	const char *error;
	const char *reason;
};

/** change_to_string() - one word, e.g. `cannot-tell` */
const char *change_to_string(enum change change);

/** duty_of() - of the cell with this id; DUTY_UNKNOWN where it is none */
enum duty duty_of(const char *id);

/**
 * change_judge() - what became of a cell that both sides have
 * @ret_why: a line that says what makes it so (static), or NULL where there is
 *	no more to say; may be NULL itself
 *
 * Return: anything but CHANGE_ONLY_OLD and CHANGE_ONLY_NEW.
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
