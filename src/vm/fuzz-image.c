/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Fuzz: a file that is given as a kernel. */

#include <ctype.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fuzz.h"
#include "vm/boot-image.h"
#include "vm/bzimage.h"
#include "vm/ikconfig.h"
#include "vm/unpack.h"

static char folder[PATH_MAX];

static void remove_folder(void)
{
	static const char *const below[] = {"/gupcheck/vmlinux", "/gupcheck",
					    ""};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		if (snprintf(path, sizeof(path), "%s%s", folder, below[i]) <
		    (int)sizeof(path))
			rmdir(path);
	}
}

/* The unpacked kernels go to a cache of our own. */
static void set_cache(void)
{
	if (folder[0])
		return;
	fuzz_folder(folder);
	fuzz_assert(!setenv("XDG_CACHE_HOME", folder, 1));
	atexit(remove_folder);
}

/* It becomes part of names of files, and of lines of text. */
static void check_release(const char *release)
{
	fuzz_assert(strnlen(release, IMAGE_RELEASE_SIZE) < IMAGE_RELEASE_SIZE);
	fuzz_assert(!*release || isdigit((unsigned char)*release));
	for (; *release; release++)
		fuzz_assert(isgraph((unsigned char)*release) &&
			    *release != '/');
}

static void check_header(const struct blob *blob)
{
	cleanup_free unsigned char *data = NULL;
	struct image_info info;
	size_t len;
	int ret;

	memset(&info, 0x55, sizeof(info));
	ret = bzimage_parse(blob, &info);
	fuzz_assert(!ret || ret == -EINVAL || ret == -EBADMSG);
	if (ret)
		return;
	check_release(info.release);
	if (!info.payload_len) {
		fuzz_assert(!info.payload);
		return;
	}
	fuzz_assert(info.payload &&
		    blob_range(blob, info.payload, info.payload_len));
	ret = unpack_memory(blob->data + info.payload, info.payload_len, &data,
			    &len);
	fuzz_assert(!ret || ret == -EBADMSG);
	fuzz_assert(ret || (data && len <= UNPACK_MAX));
}

static void check_config(const struct blob *blob)
{
	cleanup_free unsigned char *text = NULL;
	size_t len = 0;
	int ret = ikconfig_find(blob, &text, &len);

	fuzz_assert(!ret || ret == -ENOENT || ret == -EBADMSG);
	fuzz_assert(!ret == !!text);
	if (ret)
		return;
	/* still packed is not unpacked */
	fuzz_assert(len < 2 || text[0] != 0x1f || text[1] != 0x8b);
	/* every byte of it, for the sanitizer */
	free(fuzz_copy(text, len));
}

/* The bytes themselves, in a buffer that ends where they end */
static void check_bytes(const uint8_t *data, size_t size)
{
	cleanup_free unsigned char *copy = fuzz_copy(data, size);
	struct blob blob = {.data = size ? copy : NULL, .len = size};

	check_header(&blob);
	check_config(&blob);
	elf_has_pvh(arch_host(), &blob);
}

static void check_image(const struct boot_image *image, const char *path)
{
	struct blob elf = {0};

	fuzz_assert(image->path || image->elf);
	fuzz_assert(!image->path || !strcmp(image->path, path));
	check_release(image->release);
	if (!image->elf)
		return;
	fuzz_assert(!blob_open(&elf, image->elf));
	fuzz_assert(elf_has_pvh(arch_host(), &elf));
	check_config(&elf);
	blob_close(&elf);
}

static void check_open(const char *path)
{
	struct boot_image image = {0}, again = {0};
	struct error error = {""};
	int ret = boot_image_open(arch_host(), path, &image, &error);

	if (ret) {
		fuzz_assert(ret == -EINVAL || ret == -EBADMSG ||
			    ret == -ENOEXEC);
		fuzz_assert(strstr(error.text, path));
		fuzz_assert(!strchr(error.text, '\n'));
		fuzz_assert(!image.path && !image.elf);
		return;
	}
	fuzz_assert(!error.text[0]);
	fuzz_assert(boot_image_probe(arch_host(), path));
	check_image(&image, path);
	/* the same out of the cache */
	fuzz_assert(!boot_image_open(arch_host(), path, &again, &error));
	fuzz_assert(!strcmp(again.release, image.release));
	fuzz_assert(again.key == image.key && !again.elf == !image.elf);
	if (image.elf && strcmp(image.elf, path) != 0)
		unlink(image.elf);
	boot_image_close(&image);
	boot_image_close(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_close int fd = memfd_create("image", MFD_CLOEXEC);
	char path[32];

	/* guests are of the machine's own kind, and so are kernels */
	if (!arch_host())
		return 0;
	set_cache();
	fuzz_assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	check_bytes(data, size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	check_open(path);
	return 0;
}
