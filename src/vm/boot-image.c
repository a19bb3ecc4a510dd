/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/cache.h"
#include "vm/boot-image.h"
#include "vm/image-release.h"
#include "vm/unpack.h"

/* XEN_ELFNOTE_PHYS32_ENTRY: the 32-bit entry of the PVH boot protocol. */
#define PVH_NOTE 18

static bool elf_is_kernel(const struct arch *arch, const struct blob *blob)
{
	return blob->len >= sizeof(Elf64_Ehdr) &&
	       !memcmp(blob->data, ELFMAG, SELFMAG) &&
	       blob->data[EI_CLASS] == ELFCLASS64 &&
	       blob_le(blob, offsetof(Elf64_Ehdr, e_type), 2) == ET_EXEC &&
	       blob_le(blob, offsetof(Elf64_Ehdr, e_machine), 2) ==
		       arch->elf_machine;
}

static uint64_t align4(uint64_t value)
{
	return (value + 3) & ~UINT64_C(3);
}

/* Walks the notes of one segment. */
static bool notes_have_pvh(const struct blob *blob, uint64_t at, uint64_t end)
{
	while (at + sizeof(Elf64_Nhdr) <= end) {
		uint64_t name_len = blob_le(blob, at, 4);
		uint64_t len = blob_le(blob, at + 4, 4);
		uint64_t name = at + sizeof(Elf64_Nhdr);
		const unsigned char *text = blob_range(blob, name, 4);

		if (blob_le(blob, at + 8, 4) == PVH_NOTE && name_len == 4 &&
		    text && !memcmp(text, "Xen", 4))
			return true;
		at = name + align4(name_len) + align4(len);
	}
	return false;
}

bool elf_has_pvh(const struct arch *arch, const struct blob *blob)
{
	uint64_t table, count, size;

	if (!elf_is_kernel(arch, blob))
		return false;
	table = blob_le(blob, offsetof(Elf64_Ehdr, e_phoff), 8);
	size = blob_le(blob, offsetof(Elf64_Ehdr, e_phentsize), 2);
	count = blob_le(blob, offsetof(Elf64_Ehdr, e_phnum), 2);
	if (size < sizeof(Elf64_Phdr) || !blob_range(blob, table, size * count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = table + i * size;
		uint64_t offset, len;

		if (blob_le(blob, at, 4) != PT_NOTE)
			continue;
		offset = blob_le(blob, at + offsetof(Elf64_Phdr, p_offset), 8);
		len = blob_le(blob, at + offsetof(Elf64_Phdr, p_filesz), 8);
		if (blob_range(blob, offset, len) &&
		    notes_have_pvh(blob, offset, offset + len))
			return true;
	}
	return false;
}

/* An ELF kernel names its release in the banner that it prints first. */
static void find_release(const struct blob *blob, char ret[IMAGE_RELEASE_SIZE])
{
	static const char banner[] = "Linux version ";
	const unsigned char *at = blob->data;
	const unsigned char *end = blob->data + blob->len;

	while ((at = memmem(at, (size_t)(end - at), banner,
			    sizeof(banner) - 1))) {
		at += sizeof(banner) - 1;
		if (image_release(at, (size_t)(end - at), ret))
			return;
	}
}

/* Puts the ELF kernel of a boot image into the cache, unless it is there. */
static int unpack_elf(const struct arch *arch, const struct blob *blob,
		      const struct image_info *info, struct boot_image *image,
		      struct error *error)
{
	cleanup_free unsigned char *data = NULL;
	cleanup_free char *path = NULL;
	char folder[PATH_MAX];
	struct blob elf;
	size_t len;
	int ret = cache_folder("vmlinux", folder, error);

	if (ret < 0)
		return ret;
	if (asprintf(&path, "%s/%016" PRIx64, folder, image->key) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (access(path, R_OK) < 0) {
		ret = unpack_memory(blob->data + info->payload,
				    info->payload_len, &data, &len);
		elf = (struct blob){.data = data, .len = ret ? 0 : len};
		if (!elf_is_kernel(arch, &elf))
			return error_set(
				error, -EBADMSG,
				"%s: damaged kernel image: its payload is no kernel",
				image->path);
		/* without the note only the boot image itself can be started */
		if (!elf_has_pvh(arch, &elf))
			return 0;
		ret = cache_store(path, data, len, error);
		if (ret < 0)
			return ret;
	}
	image->elf = take_pointer(path);
	return 0;
}

static int open_boot_image(const struct arch *arch, const struct blob *blob,
			   const char *path, const struct image_info *info,
			   struct boot_image *ret, struct error *error)
{
	ret->path = strdup(path);
	if (!ret->path)
		return -ENOMEM;
	memcpy(ret->release, info->release, sizeof(ret->release));
	if (!arch->direct_elf || !info->payload_len)
		return 0;
	return unpack_elf(arch, blob, info, ret, error);
}

static int open_elf(const struct arch *arch, const struct blob *blob,
		    const char *path, struct boot_image *ret,
		    struct error *error)
{
	if (!arch->direct_elf || !elf_has_pvh(arch, blob))
		return error_set(
			error, -ENOEXEC,
			"%s: an ELF kernel without PVH entry cannot be started: build it with CONFIG_PVH, or give its boot image",
			path);
	ret->elf = strdup(path);
	if (!ret->elf)
		return -ENOMEM;
	find_release(blob, ret->release);
	return 0;
}

int boot_image_open(const struct arch *arch, const char *path,
		    struct boot_image *ret, struct error *error)
{
	cleanup_blob struct blob blob = {0};
	struct boot_image image = {0};
	struct image_info info;
	int result = blob_open(&blob, path);

	if (result < 0)
		return error_set(error, result, "%s:", path);
	image.key = cache_key(CACHE_KEY_BEGIN, blob.data, blob.len);
	result = arch->image_parse(&blob, &info);
	if (!result)
		result = open_boot_image(arch, &blob, path, &info, &image,
					 error);
	else if (result == -EINVAL && elf_is_kernel(arch, &blob))
		result = open_elf(arch, &blob, path, &image, error);
	else if (result == -EBADMSG)
		error_set(
			error, result,
			"%s: damaged kernel image: it is shorter than its header says",
			path);
	else
		error_set(
			error, result,
			"%s: not a kernel for %s: give a boot image, an ELF vmlinux, a .deb, or an unpacked package",
			path, arch->machine);
	if (result < 0) {
		boot_image_close(&image);
		return error_set(error, result, "%s:", path);
	}
	*ret = image;
	return 0;
}

void boot_image_close(struct boot_image *image)
{
	free(image->path);
	free(image->elf);
	*image = (struct boot_image){0};
}

bool boot_image_probe(const struct arch *arch, const char *path)
{
	cleanup_blob struct blob blob = {0};
	struct image_info info;

	if (blob_open(&blob, path) < 0)
		return false;
	return arch->image_parse(&blob, &info) != -EINVAL ||
	       elf_is_kernel(arch, &blob);
}
