/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "vm/ikconfig.h"
#include "vm/kernel-config.h"
#include "vm/unpack.h"

#define IMAGE_PREFIX "vmlinuz-"

static int read_file(const char *path, char **ret)
{
	cleanup_blob struct blob blob = {0};
	struct stat st;
	int result;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size)
		return -ENOENT;
	result = blob_open(&blob, path);
	if (result < 0)
		return result;
	*ret = strndup((const char *)blob.data, blob.len);
	return *ret ? 0 : -ENOMEM;
}

/* `boot/config-6.1` for `boot/vmlinuz-6.1`; "" for other names */
static void beside_image(const char *image, char *ret)
{
	const char *slash = strrchr(image, '/');
	const char *base = slash ? slash + 1 : image;

	ret[0] = '\0';
	if (!strncmp(base, IMAGE_PREFIX, strlen(IMAGE_PREFIX)))
		snprintf(ret, PATH_MAX, "%.*sconfig-%s", (int)(base - image),
			 image, base + strlen(IMAGE_PREFIX));
}

/* The .config of the tree that @image was built in; "" when it was not */
static void in_tree(const char *image, const char *place, char *ret)
{
	size_t len = strlen(image), tail = strlen(place);

	ret[0] = '\0';
	if (len < tail || strcmp(image + len - tail, place) != 0)
		return;
	if (len == tail || image[len - tail - 1] == '/')
		snprintf(ret, PATH_MAX, "%.*s.config", (int)(len - tail),
			 image);
}

/* The uncompressed kernel; an image without PVH entry has to be unpacked */
static int read_carried(const struct arch *arch, const struct kernel *kernel,
			char **ret)
{
	const struct boot_image *image = &kernel->image;
	cleanup_blob struct blob blob = {0};
	cleanup_free unsigned char *elf = NULL, *text = NULL;
	struct blob unpacked;
	struct image_info info;
	size_t len;
	int result = blob_open(&blob, image->elf ? image->elf : image->path);

	if (result < 0)
		return result;
	unpacked = blob;
	if (!image->elf) {
		if (arch->image_parse(&blob, &info) < 0 || !info.payload_len)
			return -ENOENT;
		result = unpack_memory(blob.data + info.payload,
				       info.payload_len, &elf, &len);
		if (result < 0)
			return result;
		unpacked = (struct blob){.data = elf, .len = len};
	}
	result = ikconfig_find(&unpacked, &text, &len);
	if (result < 0)
		return result;
	*ret = strndup((const char *)text, len);
	return *ret ? 0 : -ENOMEM;
}

/* The @index-th place to look at; "" where there is none, -ENOENT at the end */
static int name_place(const struct arch *arch, const struct kernel *kernel,
		      unsigned int index, char *ret)
{
	const char *image =
		kernel->image.path ? kernel->image.path : kernel->image.elf;

	ret[0] = '\0';
	switch (index) {
	case 0:
		beside_image(image, ret);
		return 0;
	case 1:
		in_tree(image, arch->build_image, ret);
		return 0;
	case 2:
		in_tree(image, "vmlinux", ret);
		return 0;
	case 3:
		snprintf(ret, PATH_MAX, "%s/.config", kernel->input);
		return 0;
	case 4:
		if (kernel->modules)
			snprintf(ret, PATH_MAX, "%s/config", kernel->modules);
		return 0;
	default:
		return -ENOENT;
	}
}

int kernel_config_read(const struct arch *arch, const struct kernel *kernel,
		       char **ret, char *ret_where)
{
	for (unsigned int i = 0; !name_place(arch, kernel, i, ret_where); i++)
		if (ret_where[0] && !read_file(ret_where, ret))
			return 0;
	snprintf(ret_where, PATH_MAX, "carried by the image");
	return read_carried(arch, kernel, ret);
}
