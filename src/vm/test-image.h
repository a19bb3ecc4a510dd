/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_TEST_IMAGE_H
#define VM_TEST_IMAGE_H

/* Kernels for unit tests: right in every header, and without any code. */

#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unit.h"
#include "vm/boot-image.h"

#define TEST_RELEASE "6.1.0-99-test"
#define TEST_SETUP_SECTS 3
#define TEST_PAYLOAD_OFFSET 64

static char test_folder_path[] = "/tmp/gupcheck-vm-XXXXXX";

static inline int test_remove_entry(const char *path, const struct stat *st,
				    int kind, struct FTW *walk)
{
	return remove(path);
}

static inline void test_remove_folder(void)
{
	nftw(test_folder_path, test_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/** test_folder() - an empty folder, which also holds the cache */
static inline const char *test_folder(void)
{
	char cache[64];

	ck_assert_ptr_nonnull(mkdtemp(test_folder_path));
	/* each test is a process, which comes here once */
	atexit(test_remove_folder);
	snprintf(cache, sizeof(cache), "%s/cache", test_folder_path);
	setenv("XDG_CACHE_HOME", cache, 1);
	return test_folder_path;
}

static inline void test_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
	close(fd);
}

/** test_file() - write FOLDER/path, and make all that is above it */
static inline void test_file(const char *folder, const char *path,
			     const void *data, size_t len)
{
	char whole[PATH_MAX];

	ck_assert_int_lt(snprintf(whole, sizeof(whole), "%s/%s", folder, path),
			 PATH_MAX);
	for (char *slash = strchr(whole + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(whole, 0755);
		*slash = '/';
	}
	test_write(whole, data, len);
}

/** test_elf() - an ELF kernel with a banner, and with the PVH note or not */
static inline size_t test_elf(unsigned char *ret, bool pvh)
{
	Elf64_Ehdr header = {
		.e_type = ET_EXEC,
		.e_machine = (Elf64_Half)arch_host()->elf_machine,
		.e_phoff = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	};
	Elf64_Nhdr note = {.n_namesz = 4, .n_descsz = 8, .n_type = 18};
	Elf64_Phdr segment = {
		.p_type = PT_NOTE,
		.p_offset = sizeof(header) + sizeof(segment),
		.p_filesz = sizeof(note) + 4 + 8,
	};
	static const char banner[] = "Linux version " TEST_RELEASE " (test)";
	unsigned char *at = ret;

	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	at = (unsigned char *)mempcpy(at, &header, sizeof(header));
	at = (unsigned char *)mempcpy(at, &segment, sizeof(segment));
	at = (unsigned char *)mempcpy(at, &note, sizeof(note));
	at = (unsigned char *)mempcpy(at, pvh ? "Xen" : "GNU", 4);
	at = (unsigned char *)mempcpy(at, "\0\0\0\0\0\0\0\0", 8);
	at = (unsigned char *)mempcpy(at, banner, sizeof(banner));
	return (size_t)(at - ret);
}

/** test_compress() - through one of libarchive's filters, e.g. gzip */
static inline size_t test_compress(const char *filter, const void *data,
				   size_t len, void *ret, size_t size)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	size_t used = 0;

	ck_assert_int_eq(archive_write_add_filter_by_name(archive, filter), 0);
	ck_assert_int_eq(archive_write_set_format_raw(archive), 0);
	archive_write_set_bytes_per_block(archive, 0);
	archive_write_open_memory(archive, ret, size, &used);
	archive_entry_set_filetype(entry, AE_IFREG);
	ck_assert_int_eq(archive_write_header(archive, entry), 0);
	ck_assert_int_eq(archive_write_data(archive, data, len), (ssize_t)len);
	ck_assert_int_eq(archive_write_close(archive), 0);
	archive_entry_free(entry);
	archive_write_free(archive);
	return used;
}

static inline void test_put(unsigned char *image, size_t offset, uint64_t value,
			    unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		image[offset + i] = (unsigned char)(value >> 8 * i);
}

/**
 * test_bzimage() - a bzImage around @payload
 * @ret: receives @size bytes at most
 */
static inline size_t test_bzimage(const void *payload, size_t len,
				  unsigned char *ret, size_t size)
{
	size_t start = (TEST_SETUP_SECTS + 1) * 512 + TEST_PAYLOAD_OFFSET;

	ck_assert_uint_le(start + len, size);
	memset(ret, 0, start);
	ret[0x1f1] = TEST_SETUP_SECTS;
	test_put(ret, 0x1fe, 0xaa55, 2);
	memcpy(ret + 0x202, "HdrS", 4);
	test_put(ret, 0x206, 0x20f, 2);
	test_put(ret, 0x20e, 0x300, 2);
	test_put(ret, 0x248, TEST_PAYLOAD_OFFSET, 4);
	test_put(ret, 0x24c, len, 4);
	strcpy((char *)ret + 0x500, TEST_RELEASE " (someone) #1");
	memcpy(ret + start, payload, len);
	return start + len;
}

/** test_kernel() - a whole boot image, its payload a kernel for this machine */
static inline size_t test_kernel(unsigned char *ret, size_t size)
{
	unsigned char elf[1024], packed[2048];
	size_t len = test_elf(elf, true);

	len = test_compress("gzip", elf, len, packed, sizeof(packed));
	return test_bzimage(packed, len, ret, size);
}

#endif
