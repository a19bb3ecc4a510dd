/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vm/bzimage.h"
#include "vm/image-release.h"

/* Offsets of the setup header, from the kernel's x86 boot protocol. */
#define SETUP_SECTS 0x1f1
#define BOOT_FLAG 0x1fe
#define HEADER_MAGIC 0x202
#define PROTOCOL_VERSION 0x206
#define KERNEL_VERSION 0x20e
#define PAYLOAD_OFFSET 0x248
#define PAYLOAD_LENGTH 0x24c
#define HEADER_END (PAYLOAD_LENGTH + 4)

#define SECTOR 512
#define BOOT_FLAG_VALUE 0xaa55
#define SETUP_SECTS_OF_OLD 4 /* what 0 stands for */
#define KERNEL_VERSION_BASE 0x200
#define PROTOCOL_WITH_PAYLOAD 0x208 /* payload_offset and _length exist */

/* The first word of the version text is the release. */
static void copy_release(const struct blob *image, char ret[IMAGE_RELEASE_SIZE])
{
	uint64_t pointer = blob_le(image, KERNEL_VERSION, 2);
	const unsigned char *text;

	if (!pointer)
		return;
	text = blob_range(image, pointer + KERNEL_VERSION_BASE,
			  IMAGE_RELEASE_SIZE);
	if (text)
		image_release(text, IMAGE_RELEASE_SIZE, ret);
}

int bzimage_parse(const struct blob *image, struct image_info *ret)
{
	const unsigned char *magic = blob_range(image, HEADER_MAGIC, 4);
	uint64_t sects, start, len;

	if (!magic || memcmp(magic, "HdrS", 4) != 0 ||
	    blob_le(image, BOOT_FLAG, 2) != BOOT_FLAG_VALUE)
		return -EINVAL;
	if (image->len < HEADER_END)
		return -EBADMSG;

	*ret = (struct image_info){0};
	copy_release(image, ret->release);
	if (blob_le(image, PROTOCOL_VERSION, 2) < PROTOCOL_WITH_PAYLOAD)
		return 0;
	sects = blob_range(image, SETUP_SECTS, 1)[0];
	if (!sects)
		sects = SETUP_SECTS_OF_OLD;
	start = (sects + 1) * SECTOR + blob_le(image, PAYLOAD_OFFSET, 4);
	len = blob_le(image, PAYLOAD_LENGTH, 4);
	if (!len || !blob_range(image, start, len))
		return -EBADMSG;
	ret->payload = start;
	ret->payload_len = len;
	return 0;
}
