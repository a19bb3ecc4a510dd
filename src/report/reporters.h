/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_REPORTERS_H
#define REPORT_REPORTERS_H

/* The renderers behind report.h, one file each: 0 or -errno. */

#include <jansson.h>
#include "report/report.h"

int report_html(FILE *out, const struct run *run,
		const struct report_options *options);
int report_json(FILE *out, const struct run *run,
		const struct report_options *options);
int report_junit(FILE *out, const struct run *run,
		 const struct report_options *options);
int report_kcidb(FILE *out, const struct run *run,
		 const struct report_options *options);
int report_kernels(FILE *out, const struct run *run,
		   const struct report_options *options);
int report_kernels_markdown(FILE *out, const struct run *run,
			    const struct report_options *options);
int report_ktap(FILE *out, const struct run *run,
		const struct report_options *options);
int report_lava(FILE *out, const struct run *run,
		const struct report_options *options);
int report_lava_kmsg(FILE *out, const struct run *run,
		     const struct report_options *options);
int report_mail(FILE *out, const struct run *run,
		const struct report_options *options);
int report_markdown(FILE *out, const struct run *run,
		    const struct report_options *options);
int report_tap(FILE *out, const struct run *run,
	       const struct report_options *options);
int report_text(FILE *out, const struct run *run,
		const struct report_options *options);

/** report_evidence() - an array of its lines; a new reference */
json_t *report_evidence(const struct record *record);

/**
 * summary_print() - one sentence that says what was found on @kernel
 *
 * Return: 0 or -ENOMEM.
 */
int summary_print(FILE *out, const struct run *run,
		  const struct run_kernel *kernel,
		  const struct report_options *options);

#endif
