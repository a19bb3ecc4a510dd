/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_BUNDLE_H
#define REPORT_BUNDLE_H

/* Bundle: what there is of a cell that failed, to be handed on. */

#include "report/results.h"

/** bundle_style - names of folders: `rdma_mr-xfs-admission@private+6.1.0-50` */
extern const struct name_style bundle_style;

/** bundle_wants() - whether an entry is about a cell that failed */
bool bundle_wants(const struct result_entry *entry);

/** bundle_kernel() - what is known of a kernel, `key: value` lines */
void bundle_kernel(FILE *out, const struct run_kernel *kernel);

/** bundle_command() - how the cell is run alone, and what was run */
void bundle_command(FILE *out, const struct run *run,
		    const struct result_entry *entry);

/**
 * bundle_image() - how the image in a bundle is opened, or why there is none
 *
 * Writes nothing where there was not to be one.
 */
void bundle_image(FILE *out, const struct record *record);

/** bundle_log() - what the kernel wrote, line by line */
void bundle_log(FILE *out, const struct record *record);

#endif
