/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What GUP answers besides the refusal, to every mechanism of these traits:
 * check_vma_flags() and faultin_page() in mm/gup.c, the page faults behind
 * them.
 */
#include <errno.h>

#include "report/explain-errno.h"

/** struct gup_errno - a reason, and the traits that it needs; 0: none */
struct gup_errno {
	unsigned int traits;
	struct pin_errno reason;
};

static const struct gup_errno reasons[] = {
	{0,
	 {EFAULT, "*", "nothing is mapped at the address, or not to its end",
	  "compare address and length with /proc/PID/maps"}},
	{MECH_WRITES,
	 {EFAULT, "*", "the mapping cannot be written (no PROT_WRITE)",
	  "map it with PROT_WRITE; the file has to be open for writing"}},
	{MECH_READS_ONLY,
	 {EFAULT, "*", "the mapping cannot be read (no PROT_READ)",
	  "map it with PROT_READ"}},
	{0,
	 {EFAULT, "*",
	  "the mapping is memory of a device, not of the system (VM_IO, "
	  "VM_PFNMAP: a PCI BAR, /dev/mem)",
	  "such memory has no pages to pin; exchange it as a dma-buf"}},
	{0,
	 {EFAULT, ">=5.14", "the memory is from memfd_secret(2)",
	  "nobody may pin it: use memfd_create(2)"}},
	{0,
	 {EFAULT, "*", "the page lies behind the end of the file",
	  "make the file long enough first: ftruncate(2), posix_fallocate(3)"}},
	{MECH_WRITES,
	 {EFAULT, "*",
	  "the page lies over a hole of the file, and there is no space for it",
	  "reserve the space first: posix_fallocate(3)"}},
	{MECH_LONGTERM,
	 {EOPNOTSUPP, "*", "the file is on a filesystem mounted with DAX",
	  "mount it without DAX, or use device DAX"}},
};

bool errno_cause(size_t index, unsigned int traits, struct pin_errno *ret)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if ((reasons[i].traits & traits) != reasons[i].traits)
			continue;
		if (index--)
			continue;
		*ret = reasons[i].reason;
		return true;
	}
	return false;
}
