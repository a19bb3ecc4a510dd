/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include "media/image-pack.h"

bool image_pack_available(void)
{
	return false;
}

int image_pack(int image, int out)
{
	return -ENOSYS;
}
