/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_DOCTOR_H
#define REPORT_DOCTOR_H

/* Doctor: renders a checkup. All return 0 or -errno. */

#include <stdio.h>
#include "kernel/checkup.h"
#include "report/report.h"

/** doctor_text() - for people: one line per item, then what mends it all */
int doctor_text(FILE *out, const struct checkup *checkup,
		const struct report_options *options);

/** doctor_json() - one object with an array `items` */
int doctor_json(FILE *out, const struct checkup *checkup);

/**
 * doctor_fragment() - kernel configuration for scripts/kconfig/merge_config.sh
 *
 * A comment over each symbol says who needs it.
 */
int doctor_fragment(FILE *out, const struct checkup *checkup);

#endif
