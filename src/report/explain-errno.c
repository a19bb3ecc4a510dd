/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "report/explain-errno.h"
#include "report/print.h"

/* Long-term writable pins of such pages: mm/gup.c,
 * writable_file_mapping_allowed */
#define REFUSED_SINCE "6.5"

bool errno_is_refusal(const struct mechanism *mechanism, int error)
{
	const int *refusal = mechanism->refusals;

	for (; refusal && *refusal; refusal++)
		if (*refusal == error)
			return true;
	return false;
}

/* Whether invariant 1 wants a pin at @place refused, as far as it is known */
static bool must_refuse(const struct mechanism *mechanism,
			const struct errno_place *place)
{
	const struct filesystem tracking = {.traits = FS_TRACKS_DIRTY};
	const struct cell_id id = {
		.mechanism = mechanism,
		.filesystem = place->filesystem ? place->filesystem : &tracking,
	};

	return cell_id_must_refuse(&id);
}

static bool here(const struct mechanism *mechanism,
		 const struct errno_place *place)
{
	return place->mechanism ? mechanism == place->mechanism
				: !(mechanism->traits & MECH_FAKE);
}

static void put_title(FILE *out, int error, const struct errno_place *place)
{
	fprintf(out, "%s (%d, %s)", errno_name(error), error, strerror(error));
	if (place->mechanism)
		fprintf(out, " from %s: %s", place->mechanism->name,
			place->mechanism->summary);
	if (place->filesystem)
		fprintf(out, ", on %s", place->filesystem->name);
	fputs("\n", out);
}

static void put_refusal(FILE *out, const struct mechanism *mechanism)
{
	fprintf(out, "  %s: ", mechanism->name);
	fputs("it may be a refusal\n", out);
	print_wrapped(
		out, "    ", 4,
		"The memory is a shared, writable mapping of a file whose "
		"filesystem has to hear of every write before it happens. A "
		"device that writes through a long-term pin does not tell it, "
		"so the kernel does not take the pin. It is the kind of memory "
		"that is refused: address, rights and limits may all be right.");
}

static void put_no_refusal(FILE *out, int error,
			   const struct mechanism *mechanism,
			   const struct errno_place *place)
{
	fprintf(out, "  %s: no refusal that a kernel should make\n",
		mechanism->name);
	if (!errno_is_refusal(mechanism, error))
		print_wrapped(out, "    ", 4,
			      "It does not say with this errno that it refuses "
			      "a kind of memory: something else is wrong.");
	else if (!(mechanism->traits & MECH_LONGTERM))
		print_wrapped(out, "    ", 4,
			      "Its pin is short-term, and kernels allow these "
			      "on every memory: something else is wrong, or "
			      "this kernel refuses too much.");
	else if (place->filesystem)
		print_wrapped(out, "    ", 4,
			      "This memory needs no dirty tracking, so that "
			      "pins of it have to keep working: something else "
			      "is wrong, or this kernel refuses too much.");
}

static void put_meaning(FILE *out, int error, const struct errno_place *place)
{
	fputs("\nWhat it means\n", out);
	for (size_t i = 0; mechanisms[i]; i++) {
		const struct mechanism *mechanism = mechanisms[i];

		if (!here(mechanism, place))
			continue;
		if (errno_is_refusal(mechanism, error) &&
		    must_refuse(mechanism, place))
			put_refusal(out, mechanism);
		else if (place->mechanism)
			put_no_refusal(out, error, mechanism, place);
	}
}

static bool is_refusal_there(int error, const struct errno_place *place)
{
	for (size_t i = 0; mechanisms[i]; i++)
		if (here(mechanisms[i], place) &&
		    errno_is_refusal(mechanisms[i], error))
			return true;
	return false;
}

static bool may_be_refused(int error, const struct errno_place *place)
{
	for (size_t i = 0; mechanisms[i]; i++)
		if (here(mechanisms[i], place) &&
		    errno_is_refusal(mechanisms[i], error) &&
		    must_refuse(mechanisms[i], place))
			return true;
	return false;
}

static void put_since(FILE *out, int error, const struct errno_place *place)
{
	if (!may_be_refused(error, place))
		return;
	fputs("\nSince when\n", out);
	print_wrapped(
		out, "  ", 2,
		"GUP itself refuses such pins, with EFAULT, since Linux " REFUSED_SINCE
		". Before, a mechanism accepted them, or "
		"had a check of its own. The calls, by kernel:");
	for (size_t i = 0; mechanisms[i]; i++) {
		const struct gup_call *call = mechanisms[i]->calls;

		if (!here(mechanisms[i], place) ||
		    !errno_is_refusal(mechanisms[i], error) ||
		    !must_refuse(mechanisms[i], place))
			continue;
		for (; call && call->function; call++)
			fprintf(out, "  %s %s: %s\n      %s\n",
				mechanisms[i]->name, call->kernels,
				call->function, call->flags);
	}
}

static void put_cause(FILE *out, const struct pin_errno *cause,
		      const char *name)
{
	bool always = !strcmp(cause->kernels, "*");

	fputs("  - ", out);
	if (name)
		fprintf(out, "%s, ", name);
	fprintf(out, "%s%s:\n", always ? "any kernel" : "kernels ",
		always ? "" : cause->kernels);
	print_wrapped(out, "    ", 4, cause->cause);
	print_wrapped(out, "    mend: ", 10, cause->mend);
}

static size_t put_own_causes(FILE *out, int error,
			     const struct errno_place *place)
{
	size_t count = 0;

	for (size_t i = 0; mechanisms[i]; i++) {
		const struct pin_errno *cause = mechanisms[i]->errnos;

		if (!here(mechanisms[i], place))
			continue;
		for (; cause && cause->error; cause++) {
			if (cause->error != error)
				continue;
			put_cause(out, cause, mechanisms[i]->name);
			count++;
		}
	}
	return count;
}

static void put_causes(FILE *out, int error, const struct errno_place *place)
{
	unsigned int traits = place->mechanism ? place->mechanism->traits : ~0U;
	struct pin_errno cause;
	size_t count = 0;

	fputs(may_be_refused(error, place)
		      ? "\nOther causes of the same errno\n"
		      : "\nCauses\n",
	      out);
	for (size_t i = 0; errno_cause(i, traits, &cause); i++) {
		if (cause.error != error)
			continue;
		put_cause(out, &cause, NULL);
		count++;
	}
	count += put_own_causes(out, error, place);
	if (!count)
		fputs("  none is known to gupcheck\n", out);
}

static void put_apart(FILE *out, int error, const struct errno_place *place)
{
	if (!may_be_refused(error, place))
		return;
	fputs("\nTo tell them apart\n", out);
	print_wrapped(
		out, "  ", 2,
		"Pin anonymous memory of the same length in the same way. "
		"If that fails too, it is no refusal. If it works, and a "
		"plain store to the first and the last page of the file "
		"mapping works as well, the file is what is refused.");
}

static void put_allowed(FILE *out)
{
	const char *before =
		"  - memory that others have to see: memfd_create(2), or a file on ";

	for (size_t i = 0; filesystems[i]; i++) {
		unsigned int traits = filesystems[i]->traits;

		if (traits & (FS_TRACKS_DIRTY | FS_FAKE))
			continue;
		fprintf(out, "%s%s", before, filesystems[i]->name);
		before = ", ";
	}
	fputs("\n    (pins of these have to keep working)\n", out);
}

static void put_instead(FILE *out, int error, const struct errno_place *place)
{
	if (!may_be_refused(error, place))
		return;
	fputs("\nWhat to do instead\n", out);
	print_wrapped(
		out, "  - ", 4,
		"a buffer of anonymous memory (mmap MAP_ANONYMOUS, "
		"posix_memalign), written to the file when it is full, by "
		"write(2) or O_DIRECT; read with O_DIRECT to fill it "
		"without a copy in the page cache");
	put_allowed(out);
	print_wrapped(
		out, "  - ", 4,
		"MAP_PRIVATE, where the data need not reach the file (Linux " REFUSED_SINCE
		" and later)");
	print_wrapped(
		out, "  - ", 4,
		"no way out: short-term pins of the same mapping. They are "
		"allowed, and the hazard is the same for as long as the "
		"device takes");
}

/* A scenario that any pin fits in asks about the pin alone. */
static bool asks_for_the_pin(const struct scenario *scenario)
{
	return !scenario->needs_mechanism && !scenario->not_mechanism &&
	       !scenario->needs_filesystem && !scenario->not_filesystem &&
	       !scenario->destructive;
}

static void put_cells(FILE *out, const struct errno_place *place)
{
	const char *mechanism = place->mechanism ? place->mechanism->name : "*";
	const char *filesystem =
		place->filesystem ? place->filesystem->name : "*";

	fputs("\nCells that show what a kernel does\n", out);
	for (size_t i = 0; scenarios[i]; i++) {
		const char *name = scenarios[i]->name;

		if (!asks_for_the_pin(scenarios[i]))
			continue;
		fprintf(out,
			"  gupcheck vm --kernel KERNEL '%s/%s/%s*'\n"
			"  gupcheck run '%s/%s/%s*'\n",
			mechanism, filesystem, name, mechanism, filesystem,
			name);
		if (place->mechanism && place->filesystem)
			fprintf(out, "  gupcheck explain %s/%s/%s\n", mechanism,
				filesystem, name);
	}
}

int explain_errno(FILE *out, int error, const struct errno_place *place)
{
	put_title(out, error, place);
	put_meaning(out, error, place);
	put_since(out, error, place);
	put_causes(out, error, place);
	put_apart(out, error, place);
	put_instead(out, error, place);
	if (is_refusal_there(error, place))
		put_cells(out, place);
	return ferror(out) ? -EIO : 0;
}
