/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_IMAGE_PACK_H
#define MEDIA_IMAGE_PACK_H

#include <stdbool.h>

/** IMAGE_SUFFIX - of the files: `zstd -d` makes a sparse image of one */
#define IMAGE_SUFFIX ".img.zst"

/** image_pack_available() - whether this build can (it needs libzstd) */
bool image_pack_available(void);

/**
 * image_pack() - compress an image
 * @image: descriptor of a file; its holes are not read
 * @out: what receives it, as one frame of zstd (RFC 8878) with a checksum
 *
 * Return: 0 or -errno; -ENOSYS in a build that cannot.
 */
int image_pack(int image, int out);

#endif
