/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May the page be pinned at all? Since Linux 6.5 a long-term writable pin of a
 * shared mapping that needs dirty tracking fails with EFAULT, on the slow path
 * (check_vma_flags(), commit 8ac268436e6d) and on the fast one
 * (gup_fast_folio_allowed(), commit a6e79df92e4a). Everything else has to keep
 * working, so where the pin is accepted it must also do its work.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,	    &step_fault_in,
	&step_pin,	    &step_device_read,
	&step_device_write, STEP_READ("file", FILE_PINNED, VIEW_CACHED),
	&step_unpin,	    NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 2,
		.text = "what is stored in a shared mapping is what read(2) returns",
		.source = "mmap(2), MAP_SHARED",
		.label = "file",
		.required = CONTENT_NEW,
		.variant_never = VARIANT_PRIVATE,
	},
	{
		.invariant = 4,
		.text = "a file with F_SEAL_WRITE does not change",
		.source = "fcntl(2), F_SEAL_WRITE",
		.label = "file",
		.required = CONTENT_OLD,
		.variant_only = VARIANT_SEAL_WRITE,
	},
	{
		.invariant = 3,
		.text = "a private mapping never changes the file",
		.source = "mmap(2), MAP_PRIVATE",
		.label = "file",
		.required = CONTENT_OLD,
		.variant_only = VARIANT_PRIVATE,
	},
	{
		.invariant = 2,
		.text = "a device reads what the file holds",
		.source = "Documentation/core-api/pin_user_pages.rst",
		.label = "device",
		.required = CONTENT_OLD,
	},
	{0},
};

/* No part of a huge page can be another mapping, or lack, or be unlocked */
static const struct variant variants[] = {
	{
		.name = "private",
		.summary = "MAP_PRIVATE: the pin has to be accepted",
		.flags = VARIANT_PRIVATE,
		.not_mechanism = MECH_BY_FILE,
	},
	{
		.name = "untouched",
		.summary = "no page is present when the pin is taken",
		.flags = VARIANT_UNTOUCHED,
	},
	{
		.name = "cleaned",
		.summary =
			"the pages were cleaned and write-protected by fsync",
		.flags = VARIANT_CLEANED,
	},
	{
		.name = "read_touched",
		.summary = "the pages are present, but not writable yet",
		.flags = VARIANT_READ_TOUCHED,
		.needs_filesystem = FS_TYPICAL,
	},
	{
		.name = "readonly",
		.summary =
			"a read-only mapping of a file opened read-only: nothing may pin it for writing",
		.flags = VARIANT_READ_ONLY,
		.needs_mechanism = MECH_WRITES,
		.not_mechanism =
			MECH_READS_ONLY | MECH_NOTIFIER | MECH_MOMENTARY,
		.needs_filesystem = FS_TYPICAL,
	},
	{
		.name = "anon_then_file",
		.summary = "the first half of the range is anonymous memory",
		.flags = VARIANT_ANON_FIRST,
		.not_mechanism = MECH_BY_FILE,
		.needs_filesystem = FS_TYPICAL,
		.not_filesystem = FS_HUGE_PAGES,
	},
	{
		.name = "file_then_anon",
		.summary = "the second half of the range is anonymous memory",
		.flags = VARIANT_ANON_LAST,
		.not_mechanism = MECH_BY_FILE,
		.needs_filesystem = FS_TYPICAL,
		.not_filesystem = FS_HUGE_PAGES,
	},
	{
		.name = "two_files",
		.summary = "the second half of the range is another file",
		.flags = VARIANT_TWO_FILES,
		.not_mechanism = MECH_BY_FILE,
		.needs_filesystem = FS_TYPICAL,
		.not_filesystem = FS_HUGE_PAGES,
	},
	{
		.name = "beyond_eof",
		.summary =
			"the file ends in the middle of the range: nothing may pin it all",
		.flags = VARIANT_BEYOND_EOF,
		.needs_mechanism = MECH_LONGTERM | MECH_WRITES,
		.not_mechanism = MECH_READS_ONLY,
		.needs_filesystem = FS_TYPICAL,
		.not_filesystem = FS_HUGE_PAGES,
	},
	{
		.name = "hole",
		.summary =
			"the pages were a hole, and were stored to since, but not written",
		.flags = VARIANT_HOLE,
		.needs_filesystem = FS_TYPICAL,
		.not_filesystem = FS_HUGE_PAGES,
	},
	{
		.name = "mlocked",
		.summary = "the mapping is locked by mlock(2)",
		.flags = VARIANT_MLOCKED,
		.needs_filesystem = FS_TYPICAL,
		.not_filesystem = FS_HUGE_PAGES,
	},
	{
		.name = "forked",
		.summary = "a child has the mapping too",
		.flags = VARIANT_FORKED,
		.needs_filesystem = FS_TYPICAL,
	},
	{
		.name = "large",
		.summary =
			"4 MiB, in large folios where the filesystem has them",
		.flags = VARIANT_LARGE,
		.needs_mechanism = MECH_ANY_SIZE,
		.not_filesystem = FS_HUGE_PAGES,
	},
	{
		.name = "thp",
		.summary =
			"the pages are of one transparent huge page, mapped whole",
		.flags = VARIANT_HUGE,
		.needs_filesystem = FS_THP,
	},
	{
		.name = "unaligned",
		.summary = "the range begins and ends within pages",
		.flags = VARIANT_UNALIGNED,
		.needs_mechanism = MECH_ANY_START,
		.needs_filesystem = FS_TYPICAL,
	},
	{
		.name = "memfd",
		.summary = "the file is a memfd",
		.flags = VARIANT_MEMFD,
		.needs_filesystem = FS_MEMFD,
	},
	{
		.name = "memfd_sealed_size",
		.summary = "a memfd with F_SEAL_SHRINK and F_SEAL_GROW",
		.flags = VARIANT_MEMFD | VARIANT_SEAL_SIZE,
		.needs_filesystem = FS_MEMFD,
	},
	{
		.name = "memfd_sealed",
		.summary =
			"a memfd with F_SEAL_WRITE, mapped shared, which is read-only: nothing may pin it for writing",
		.flags = VARIANT_MEMFD | VARIANT_SEAL_WRITE | VARIANT_READ_ONLY,
		.needs_mechanism = MECH_WRITES,
		.not_mechanism =
			MECH_READS_ONLY | MECH_NOTIFIER | MECH_MOMENTARY,
		.needs_filesystem = FS_MEMFD | FS_TYPICAL,
	},
	{
		.name = "memfd_sealed_private",
		.summary =
			"a memfd with F_SEAL_WRITE, mapped private, its own pages present when the pin is taken",
		.flags = VARIANT_MEMFD | VARIANT_SEAL_WRITE | VARIANT_PRIVATE |
			 VARIANT_READ_TOUCHED,
		.not_mechanism = MECH_BY_FILE,
		.needs_filesystem = FS_MEMFD | FS_TYPICAL,
	},
	{
		.name = "memfd_mapped_then_sealed",
		.summary =
			"a memfd, mapped before F_SEAL_FUTURE_WRITE: it may be written through that mapping as before",
		.flags = VARIANT_MEMFD | VARIANT_SEAL_FUTURE |
			 VARIANT_MAPPED_FIRST,
		.not_mechanism = MECH_BY_FILE,
		.needs_filesystem = FS_MEMFD | FS_TYPICAL,
	},
	{
		.name = "memfd_sealed_then_mapped",
		.summary =
			"a memfd, mapped after F_SEAL_FUTURE_WRITE, which is read-only: nothing may pin it for writing",
		.flags =
			VARIANT_MEMFD | VARIANT_SEAL_FUTURE | VARIANT_READ_ONLY,
		.needs_mechanism = MECH_WRITES,
		.not_mechanism =
			MECH_READS_ONLY | MECH_NOTIFIER | MECH_MOMENTARY,
		.needs_filesystem = FS_MEMFD | FS_TYPICAL,
	},
	{0},
};

static const char *const links[] = {
	"https://lore.kernel.org/all/cover.1683067198.git.lstoakes@gmail.com/",
	NULL,
};

const struct scenario scenario_admission = {
	.name = "admission",
	.summary = "may the page be pinned, and does the pin then work",
	.why = "a long-term writable pin of a page whose writes must be tracked has to be refused; every other pin has to keep working",
	.links = links,
	.steps = steps,
	.promises = promises,
	.variants = variants,
};
