/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "programs/target.h"
#include "runner/begin.h"

const struct run_kernel *target_find_begun(const struct run *before,
					   const char *input)
{
	for (size_t i = 0; i < before->kernel_count; i++)
		if (before->kernels[i].input &&
		    !strcmp(before->kernels[i].input, input))
			return &before->kernels[i];
	return NULL;
}

bool target_complete(const struct target *target, const struct run *before)
{
	return target->begun && run_kernel_complete(before, target->begun);
}

/* Half of one kernel and half of another make no run. */
static int check_image(const struct target *target, struct error *error)
{
	char image[BEGIN_IMAGE_SIZE];

	begin_image(target->kernel.image.key, image);
	if (!target->begun || !target->begun->image ||
	    !strcmp(target->begun->image, image))
		return 0;
	return error_set(
		error, -ESTALE,
		"%s: is another kernel than the one that the run was begun on: begin another run",
		target->input);
}

static bool is_taken(const struct target *targets, size_t count, size_t index,
		     const char *name)
{
	for (size_t i = 0; i < count; i++) {
		const struct target *other = &targets[i];

		if (i != index &&
		    !strcmp(other->begun ? other->begun->release : other->name,
			    name))
			return true;
	}
	return false;
}

/*
 * A journal tells kernels apart by their names: of one release, as two builds
 * of one source have it, the second is RELEASE~2. A run that is gone on with
 * finds its kernels by what the user called them.
 */
static int name(struct target *targets, size_t count, size_t index,
		struct error *error)
{
	struct target *target = &targets[index];
	unsigned int number = 1;

	for (size_t i = 0; i < index; i++)
		if (!strcmp(targets[i].input, target->input))
			return error_set(
				error, -EEXIST,
				"--kernel %s: is given twice: run them one by one",
				target->input);
	if (target->begun)
		snprintf(target->name, sizeof(target->name), "%.*s",
			 VM_NAME_SIZE - 1, target->begun->release);
	if (target->begun || !target->kernel.release[0])
		return 0;
	do
		vm_name(target->kernel.release, number++, target->name);
	while (is_taken(targets, count, index, target->name));
	return 0;
}

int targets_open(struct target *targets, size_t count, const struct arch *arch,
		 const struct run *before, struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		struct target *target = &targets[i];
		int ret;

		if (target_complete(target, before))
			continue;
		ret = kernel_open(arch, target->input, target->modules,
				  &target->kernel, error);
		if (!ret && target->kernel.note.text[0])
			fprintf(stderr, "gupcheck: %s\n",
				target->kernel.note.text);
		if (!ret)
			ret = name(targets, count, i, error);
		if (!ret)
			ret = check_image(target, error);
		if (ret < 0)
			return ret;
	}
	return 0;
}
