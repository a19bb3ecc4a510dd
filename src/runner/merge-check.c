/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "runner/merge.h"

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static const json_t *option(const struct merge_part *part, const char *name)
{
	return json_object_get(json_object_get(part->run->command, "options"),
			       name);
}

/* A number of the shard that a part is; 0 where it is a whole plan */
static json_int_t shard(const struct merge_part *part, const char *key)
{
	const json_t *common = json_object_get(part->run->command, "common");

	return json_integer_value(
		json_object_get(json_object_get(common, "shard"), key));
}

/* A kernel that it never came to would be missing without a trace */
static int check_begun(const struct merge_part *part, struct error *error)
{
	const char *command = json_string_value(
		json_object_get(part->run->command, "command"));

	if (!command || strcmp(command, "vm") != 0 ||
	    json_array_size(option(part, "kernels")) <= part->run->kernel_count)
		return 0;
	return error_set(
		error, -EINVAL,
		"%s: did not begin on all of its kernels: go on with gupcheck vm --resume %s",
		part->dir, part->dir);
}

/* What two kernels of one release differ in, in words, or NULL */
static const char *difference(const struct run_kernel *a,
			      const struct run_kernel *b)
{
	if (!a->input != !b->input)
		return "one is a guest, the other is not";
	if (!same_text(a->machine, b->machine))
		return "another architecture";
	if (!same_text(a->image, b->image))
		return "another image";
	if (!same_text(a->config, b->config))
		return "another configuration";
	return NULL;
}

/* An image tells that a guest is the same; here only the boot does */
static bool same_boot(const struct run_kernel *a, const struct run_kernel *b,
		      bool any_boot)
{
	return a->input || (a->boot && same_text(a->boot, b->boot)) ||
	       (any_boot && a->config);
}

static int check_kernel(const struct merge_part *a, const struct run_kernel *x,
			const struct merge_part *b, const struct run_kernel *y,
			bool any_boot, struct error *error)
{
	const char *other = difference(x, y);

	if (other)
		return error_set(
			error, -EINVAL,
			"%s: its %s is not the kernel of that name in %s: %s: join runs of one kernel",
			b->dir, y->release, a->dir, other);
	if (same_boot(x, y, any_boot))
		return 0;
	if (any_boot)
		return error_set(
			error, -EINVAL,
			"%s: its %s was booted apart from that of %s and its configuration is unknown: nothing shows that it is the same kernel",
			b->dir, y->release, a->dir);
	return error_set(
		error, -EINVAL,
		"%s: its %s was booted apart from that of %s: give --any-boot if it is the same kernel",
		b->dir, y->release, a->dir);
}

/* Both have @kernel */
static int check_cells(const struct merge_part *a, const struct merge_part *b,
		       const char *kernel, struct error *error)
{
	for (size_t i = 0; i < b->run->record_count; i++) {
		const struct record *record = &b->run->records[i];

		if (!strcmp(record->kernel, kernel) &&
		    run_find(a->run, kernel, record->id))
			return error_set(
				error, -EINVAL,
				"%s: holds %s on %s, as %s does: join runs of different cells",
				b->dir, record->id, kernel, a->dir);
	}
	if (shard(a, "count") && shard(a, "count") == shard(b, "count") &&
	    shard(a, "of") != shard(b, "of"))
		return error_set(
			error, -EINVAL,
			"%s: is a shard of another plan than %s, of %d cells and not %d: join the shards of one plan",
			b->dir, a->dir, (int)shard(b, "of"),
			(int)shard(a, "of"));
	return 0;
}

static int check_pair(const struct merge_part *a, const struct merge_part *b,
		      bool any_boot, struct error *error)
{
	const json_t *append = option(a, "append"), *its = option(b, "append");

	if (!same_text(a->run->version, b->run->version))
		return error_set(
			error, -EINVAL,
			"%s: was written by gupcheck %s, %s by %s: join runs of one version",
			b->dir, b->run->version, a->dir, a->run->version);
	if (append && its && !json_equal(append, its))
		return error_set(
			error, -EINVAL,
			"%s: its guests were booted with another --append than those of %s: join runs of one",
			b->dir, a->dir);
	for (size_t i = 0; i < b->run->kernel_count; i++) {
		const struct run_kernel *y = &b->run->kernels[i];
		const struct run_kernel *x =
			run_find_kernel(a->run, y->release);
		int ret = x ? check_kernel(a, x, b, y, any_boot, error) : 0;

		if (!ret && x)
			ret = check_cells(a, b, y->release, error);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static bool has_shard(const struct merge_part *parts, size_t count,
		      const char *kernel, json_int_t index, json_int_t of)
{
	for (size_t i = 0; i < count; i++)
		if (run_find_kernel(parts[i].run, kernel) &&
		    shard(&parts[i], "index") == index &&
		    shard(&parts[i], "count") == of)
			return true;
	return false;
}

/* Without one of them the result would look like all of the plan */
static int check_shards(const struct merge_part *parts, size_t count,
			const struct merge_part *part, struct error *error)
{
	json_int_t of = shard(part, "count");

	for (size_t k = 0; k < part->run->kernel_count; k++) {
		const char *kernel = part->run->kernels[k].release;

		for (json_int_t i = 1; i <= of; i++)
			if (!has_shard(parts, count, kernel, i, of))
				return error_set(
					error, -EINVAL,
					"%s: is shard %d/%d on %s, but shard %d/%d of it is missing: give its folder, too",
					part->dir, (int)shard(part, "index"),
					(int)of, kernel, (int)i, (int)of);
	}
	return 0;
}

int merge_check(const struct merge_part *parts, size_t count, bool any_boot,
		struct error *error)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < count; i++) {
		ret = check_begun(&parts[i], error);
		for (size_t before = 0; !ret && before < i; before++)
			ret = check_pair(&parts[before], &parts[i], any_boot,
					 error);
	}
	for (size_t i = 0; !ret && i < count; i++)
		ret = check_shards(parts, count, &parts[i], error);
	return ret;
}
