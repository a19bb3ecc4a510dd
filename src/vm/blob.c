/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "vm/blob.h"

int blob_open(struct blob *ret, const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	void *data;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	*ret = (struct blob){0};
	if (!st.st_size)
		return 0;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	*ret = (struct blob){.data = data, .len = (size_t)st.st_size};
	return 0;
}

void blob_close(struct blob *blob)
{
	int saved = errno;

	if (blob->data)
		munmap((void *)(uintptr_t)blob->data, blob->len);
	*blob = (struct blob){0};
	errno = saved;
}

const unsigned char *blob_range(const struct blob *blob, uint64_t offset,
				uint64_t len)
{
	if (!blob->data || offset > blob->len || len > blob->len - offset)
		return NULL;
	return blob->data + offset;
}

uint64_t blob_le(const struct blob *blob, uint64_t offset, unsigned int size)
{
	const unsigned char *byte = blob_range(blob, offset, size);
	uint64_t value = 0;

	if (!byte)
		return 0;
	while (size--)
		value = value << 8 | byte[size];
	return value;
}
