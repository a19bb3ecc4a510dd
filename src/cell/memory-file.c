/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include "cell/mapping.h"
#include "cell/memory-file.h"

/* Linux 6.3: who says nothing about execution is warned about */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

int memory_file_create(bool huge)
{
	unsigned int flags =
		MFD_CLOEXEC | MFD_ALLOW_SEALING | (huge ? MFD_HUGETLB : 0);
	int fd = memfd_create("pinned", flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("pinned", flags);
	return fd < 0 ? -errno : fd;
}

int memory_file_seal(int fd, const struct cell_id *id, bool mapped)
{
	int seals = 0;

	if (mapping_flag(id, VARIANT_SEAL_SIZE))
		seals |= F_SEAL_SHRINK | F_SEAL_GROW;
	if (mapping_flag(id, VARIANT_SEAL_WRITE))
		seals |= F_SEAL_WRITE;
	if (mapping_flag(id, VARIANT_SEAL_FUTURE))
		seals |= F_SEAL_FUTURE_WRITE;
	if (!seals || mapped != mapping_flag(id, VARIANT_MAPPED_FIRST))
		return 0;
	return fcntl(fd, F_ADD_SEALS, seals) < 0 ? -errno : 0;
}
