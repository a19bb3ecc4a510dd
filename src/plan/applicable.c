/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/plan.h"

/* Why a scenario cannot use a driver that lacks, or has, a trait. */
struct trait_reason {
	unsigned int trait;
	const char *missing;
	const char *present;
};

static const struct trait_reason mechanism_reasons[] = {
	{MECH_LONGTERM, "the scenario needs a long-term pin",
	 "the scenario cannot use a long-term pin"},
	{MECH_SHORT, "the scenario needs a short-term pin",
	 "the scenario cannot use a short-term pin"},
	{MECH_HELD, "the scenario needs a short-term pin that can be held",
	 "the scenario cannot use a short-term pin that is held"},
	{MECH_WRITES, "the scenario needs a mechanism that writes",
	 "the scenario cannot use a mechanism that writes"},
	{MECH_READS_ONLY, "the scenario needs a mechanism that only reads",
	 "the scenario cannot use a mechanism that only reads"},
	{MECH_FAST_PATH, "the scenario needs a mechanism on the fast path",
	 "the scenario cannot use a mechanism on the fast path"},
	{MECH_NOTIFIER, "the scenario needs a mechanism without a pin",
	 "the scenario needs a pin, the mechanism holds none"},
	{MECH_WRITES_HELD,
	 "the scenario needs a pin that outlives the device write",
	 "the scenario cannot use a pin that outlives the device write"},
	{MECH_NO_WRITER, "the scenario needs a pin that nothing writes through",
	 "the scenario needs a device that writes, nothing does here"},
	{MECH_MOMENTARY, "the scenario needs a pin that cannot be held",
	 "the scenario needs a pin that is held, this one ends at once"},
	{MECH_FAKE, "the scenario needs a fake mechanism",
	 "the scenario cannot use a fake mechanism"},
	{MECH_ANY_START, "the mechanism takes whole pages only",
	 "the scenario needs a mechanism that takes whole pages only"},
	{MECH_LAB, "the scenario needs a kernel built for tests",
	 "the scenario cannot use a kernel built for tests"},
	{MECH_ANY_SIZE, "the mechanism takes short ranges only",
	 "the scenario needs a mechanism that takes short ranges only"},
	{MECH_TYPICAL, "mechanisms that stand for others are tried here",
	 "the scenario cannot use a mechanism that stands for others"},
	{MECH_BY_FILE, "the scenario needs a mechanism that takes a file",
	 "the mechanism takes a file, and knows nothing of its mapping"},
	{0, "the scenario needs another kind of mechanism",
	 "the scenario cannot use this kind of mechanism"},
};

static const struct trait_reason filesystem_reasons[] = {
	{FS_TRACKS_DIRTY,
	 "the scenario needs a filesystem that tracks dirty pages",
	 "the scenario cannot use a filesystem that tracks dirty pages"},
	{FS_BLOCK_BACKED, "the scenario needs a filesystem on a block device",
	 "the scenario cannot use a filesystem on a block device"},
	{FS_RAW_READBACK,
	 "the scenario has to read the image, the filesystem cannot tell where",
	 "the scenario cannot use a filesystem whose image can be read"},
	{FS_DIRECT_IO, "the scenario needs O_DIRECT",
	 "the scenario cannot use a filesystem with O_DIRECT"},
	{FS_REFLINK, "the filesystem has no reflinks",
	 "the scenario cannot use a filesystem with reflinks"},
	{FS_CHECKSUMS, "the filesystem does not checksum data",
	 "the scenario cannot use a filesystem that checksums data"},
	{FS_FREEZE, "the filesystem cannot be frozen",
	 "the scenario cannot use a filesystem that can be frozen"},
	{FS_MOVE_EXTENT, "the filesystem cannot move extents between files",
	 "the scenario cannot use a filesystem that moves extents"},
	{FS_HUGE_PAGES, "the scenario needs huge pages",
	 "the scenario cannot use huge pages"},
	{FS_MAPPED_ONLY, "the scenario needs a filesystem without write(2)",
	 "the scenario needs write(2), the filesystem can only be mapped"},
	{FS_READ_ONLY, "the scenario needs a read-only filesystem",
	 "the filesystem is read-only"},
	{FS_LATE_REPAIR, "the scenario needs a filesystem that repairs late",
	 "the filesystem repairs late"},
	{FS_FAKE, "the scenario needs a fake filesystem",
	 "the scenario cannot use a fake filesystem"},
	{FS_TYPICAL,
	 "this mapping is tried on filesystems that stand for others",
	 "the scenario cannot use a filesystem that stands for others"},
	{FS_MEMFD, "memfd_create(2) makes no file of this filesystem",
	 "the scenario cannot use a filesystem that memfd_create(2) uses"},
	{FS_THP, "the filesystem has no huge pages that are mapped whole",
	 "the scenario cannot use a filesystem with transparent huge pages"},
	{FS_SMALL_BLOCKS,
	 "the scenario needs blocks that are smaller than a page",
	 "the scenario cannot use blocks that are smaller than a page"},
	{FS_IMMUTABLE, "the filesystem has no immutable files",
	 "the scenario cannot use a filesystem with immutable files"},
	{FS_VERITY, "the filesystem has no fs-verity",
	 "the scenario cannot use a filesystem with fs-verity"},
	{FS_SNAPSHOT, "the filesystem makes no snapshots",
	 "the scenario cannot use a filesystem that makes snapshots"},
	{0, "the scenario needs another kind of filesystem",
	 "the scenario cannot use this kind of filesystem"},
};

/* The entry for one bit of @mask; the last entry when no name is known. */
static const struct trait_reason *reason_find(const struct trait_reason *table,
					      unsigned int mask)
{
	while (table->trait && !(table->trait & mask))
		table++;
	return table;
}

static const char *check(const struct trait_reason *table, unsigned int traits,
			 unsigned int needs, unsigned int cannot)
{
	if (needs & ~traits)
		return reason_find(table, needs & ~traits)->missing;
	if (cannot & traits)
		return reason_find(table, cannot & traits)->present;
	return NULL;
}

/** struct masks - what a scenario, or a variant of it, wants of the others */
struct masks {
	unsigned int needs_mechanism;
	unsigned int not_mechanism;
	unsigned int needs_filesystem;
	unsigned int not_filesystem;
};

static const char *check_masks(const struct cell_id *id,
			       const struct masks *masks)
{
	const char *reason =
		check(mechanism_reasons, id->mechanism->traits,
		      masks->needs_mechanism, masks->not_mechanism);

	return reason ? reason
		      : check(filesystem_reasons, id->filesystem->traits,
			      masks->needs_filesystem, masks->not_filesystem);
}

const char *cell_id_inapplicable(const struct cell_id *id)
{
	const struct scenario *scenario = id->scenario;
	const struct variant *variant = id->variant;
	const struct masks of_scenario = {
		scenario->needs_mechanism | id->filesystem->needs_mechanism,
		scenario->not_mechanism,
		scenario->needs_filesystem,
		scenario->not_filesystem,
	};
	const char *reason = check_masks(id, &of_scenario);

	if (!reason && scenario->lands && id->mechanism->landing.spare_pages)
		reason =
			"the mechanism does not write the last page of a range";
	if (reason || !variant)
		return reason;
	return check_masks(id, &(const struct masks){
				       variant->needs_mechanism,
				       variant->not_mechanism,
				       variant->needs_filesystem,
				       variant->not_filesystem,
			       });
}
