/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_ADMISSION_H
#define JUDGE_ADMISSION_H

/*
 * Admission: the rule by which a kernel admits writable pins, read off its
 * answers. Pure: nothing of it follows from a version number.
 */

#include <stdbool.h>
#include <stddef.h>
#include <gupcheck/verdict.h>
#include "plan/plan.h"

/** enum admission_group - pins that a rule may tell apart */
enum admission_group {
	/* of shared pages whose writes must be tracked */
	ADMISSION_PRESENT, /* and that can be written at once: the fast path */
	ADMISSION_ABSENT, /* no page table entry: the slow path */
	ADMISSION_CLEAN, /* present, and write-protected */
	ADMISSION_PARTLY, /* in one part of the range, or in each of several */
	ADMISSION_SPECIAL, /* locked, forked, over a hole, long, unaligned */
	/* of what needs no tracking */
	ADMISSION_PRIVATE,
	ADMISSION_MEMORY,
	/* of what nobody may write */
	ADMISSION_UNWRITABLE,
	ADMISSION_GROUP_COUNT
};

/** ADMISSION_TRACKED - the groups in which a long-term pin is to be refused */
#define ADMISSION_TRACKED (ADMISSION_SPECIAL + 1)

#define ADMISSION_ERRNOS 3

/**
 * struct admission_answer - what was answered in one group
 * @errnos: names of the errnos, each once; borrowed; NULL behind the last
 */
struct admission_answer {
	size_t accepted;
	size_t refused;
	const char *errnos[ADMISSION_ERRNOS];
};

/**
 * struct admission - the answers to one mechanism
 * @kept, @broke: cells on tracked pages whose pin was accepted, by whether all
 *	promises were kept then
 */
struct admission {
	struct admission_answer groups[ADMISSION_GROUP_COUNT];
	size_t kept;
	size_t broke;
};

/** admission_group_of() - the group that the pin of @id is in */
enum admission_group admission_group_of(const struct cell_id *id);

/**
 * admission_add() - one more answer
 * @error: name of the errno of a refused pin, or NULL; has to outlive
 * @admission
 *
 * Verdicts that tell nothing of the pin are left out, and mechanisms that only
 * read are not asked.
 */
void admission_add(struct admission *admission, const struct cell_id *id,
		   enum verdict verdict, const char *error);

/** enum admission_policy - how a kernel keeps long-term writers from files */
enum admission_policy {
	POLICY_UNKNOWN, /* nothing was tried */
	POLICY_REFUSES, /* whichever path, whoever asks */
	POLICY_ADMITS, /* and promises are broken, or no scenario tried any */
	POLICY_TELLS, /* admits, and every promise was kept all the same */
	POLICY_BY_CALLER, /* refuses some mechanisms, and admits others */
	POLICY_BY_MAPPING, /* refuses some mappings, and admits others */
};

/**
 * admission_policy() - what the answers to all long-term writers come to
 * @list: @count of them
 */
enum admission_policy admission_policy(const struct admission *const *list,
				       size_t count);

#endif
