/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fsverity.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "file.c"

static int step_enable_verity(void)
{
	struct fsverity_enable_arg arg = {
		.version = 1,
		.hash_algorithm = FS_VERITY_HASH_ALG_SHA256,
		.block_size = 4096,
	};
	int file = open(PINNED, O_RDONLY);
	int ret = file < 0 || ioctl(file, FS_IOC_ENABLE_VERITY, &arg) ? -errno
								      : 0;

	close(file);
	return ret;
}
