/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_BEGIN_H
#define RUNNER_BEGIN_H

/* Begin: the records that open a kernel's part of a journal. */

#include <jansson.h>
#include <stdint.h>
#include "plan/plan.h"
#include "runner/journal.h"

#define BEGIN_IMAGE_SIZE 20

/**
 * struct begin - what the begin record says; boot id and time are added
 * @release: the name of the kernel in all its records
 * @machine: as in uname(2)
 * @accelerator: native, kvm or tcg
 * @input: the --kernel of a guest, or NULL
 * @image: identifies the content of @input; meaningless without
 * @config: hash of the kernel's configuration (kernel/config-hash.h), or NULL
 */
struct begin {
	const char *release;
	const char *machine;
	const char *accelerator;
	const char *input;
	uint64_t image;
	const char *config;
};

/** begin_write() - the begin and plan records of a kernel; 0 or -errno */
int begin_write(struct journal *journal, const struct plan *plan,
		const struct begin *begin);

/** begin_image() - an image as text, as it stands in the record */
const char *begin_image(uint64_t image, char buf[BEGIN_IMAGE_SIZE]);

/** begin_cells() - the ids of @plan, an array of strings */
json_t *begin_cells(const struct plan *plan);

#endif
