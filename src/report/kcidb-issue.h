/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_KCIDB_ISSUE_H
#define REPORT_KCIDB_ISSUE_H

/*
 * KCIDB issues: what lets a database tell a failure that is known from one that
 * is new. A known issue is one, by the text of its rule; so is each unexpected
 * oops, by its fingerprint. Ids are the same in every report.
 */

#include <jansson.h>
#include "report/results.h"

/** KCIDB_ORIGIN - the CI system that all ids belong to */
#define KCIDB_ORIGIN "gupcheck"

/** struct kcidb_issues - two arrays, owned by the caller */
struct kcidb_issues {
	json_t *issues;
	json_t *incidents;
};

/**
 * kcidb_issues_add() - the issue of a test, unless it is there, and its
 * incident
 * @test_id: what the test is called in the report
 *
 * Nothing is added for a test without one. Return: 0 or -ENOMEM.
 */
int kcidb_issues_add(struct kcidb_issues *issues,
		     const struct result_entry *entry, const char *test_id);

/**
 * kcidb_fingerprint() - what an oops has in common from boot to boot
 * @reason: of the record
 *
 * The function, where it names one as `name+0x28/0x30`; else the reason without
 * its numbers.
 *
 * Return: to be freed, or NULL without memory.
 */
char *kcidb_fingerprint(const char *reason);

#endif
