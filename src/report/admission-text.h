/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_ADMISSION_TEXT_H
#define REPORT_ADMISSION_TEXT_H

#include <jansson.h>
#include "judge/admission.h"
#include "report/report.h"

/**
 * admission_print() - which pins @kernel admits, a table and a sentence
 *
 * Nothing where nothing was asked. Return: 0 or -ENOMEM.
 */
int admission_print(FILE *out, const struct run *run,
		    const struct run_kernel *kernel);

/**
 * admission_json() - the same: the policy, and for each mechanism the answers
 * Return: a new reference, or NULL without memory.
 */
json_t *admission_json(const struct run *run, const struct run_kernel *kernel);

#endif
