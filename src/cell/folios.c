/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <gupcheck/pattern.h>
#include "base/cleanup.h"
#include "cell/folios.h"

#define HUGE_SIZE "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PAGEMAP_PRESENT (UINT64_C(1) << 63)
#define PAGEMAP_FRAME ((UINT64_C(1) << 55) - 1)
#define KPF_WRITEBACK (UINT64_C(1) << 8)
#define KPF_COMPOUND_TAIL (UINT64_C(1) << 16)

size_t folios_huge_size(void)
{
	cleanup_fclose FILE *file = fopen(HUGE_SIZE, "re");
	size_t size;

	return file && fscanf(file, "%zu", &size) == 1 ? size : 0;
}

/* Whether /proc/self/smaps tells of such entries in the mapping at @addr */
static bool is_mapped_whole(const void *addr)
{
	cleanup_fclose FILE *file = fopen("/proc/self/smaps", "re");
	unsigned long begin, end, at = (unsigned long)addr;
	unsigned long kib, found = 0;
	bool inside = false;
	char line[4352];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
			inside = begin <= at && at < end;
		if (inside &&
		    (sscanf(line, "ShmemPmdMapped: %lu kB", &kib) == 1 ||
		     sscanf(line, "FilePmdMapped: %lu kB", &kib) == 1 ||
		     sscanf(line, "AnonHugePages: %lu kB", &kib) == 1))
			found += kib;
	}
	return found > 0;
}

static int read_entry(int fd, uint64_t number, uint64_t *ret)
{
	ssize_t n =
		pread(fd, ret, sizeof(*ret), (off_t)(number * sizeof(*ret)));

	if (n == sizeof(*ret))
		return 0;
	return n < 0 ? -errno : -EIO;
}

/* What the kernel tells of pages: both are for root */
struct page_files {
	int map;
	int flags;
};

static void page_files_close(struct page_files *files)
{
	fd_close(files->map);
	fd_close(files->flags);
}

static int page_files_open(struct page_files *ret)
{
	ret->map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	ret->flags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	if (ret->map >= 0 && ret->flags >= 0)
		return 0;
	return errno == EACCES ? -EPERM : -errno;
}

/* 1 with the flags of the page at @addr, 0 when there is none, or -errno */
static int read_kind(const struct page_files *files, uintptr_t addr,
		     uint64_t *ret)
{
	uint64_t entry;
	int failed = read_entry(files->map, addr / pattern_page_size(), &entry);

	if (!failed && !(entry & PAGEMAP_PRESENT))
		return 0;
	if (!failed && !(entry & PAGEMAP_FRAME))
		failed = -EPERM;
	if (!failed)
		failed = read_entry(files->flags, entry & PAGEMAP_FRAME, ret);
	return failed ? failed : 1;
}

int folios_under_writeback(const void *addr, size_t len)
{
	cleanup(page_files_close) struct page_files files;
	int ret = page_files_open(&files);

	if (ret < 0)
		return ret == -ENOENT ? -EPERM : ret;
	for (size_t at = 0; at < len; at += pattern_page_size()) {
		uint64_t kind = 0;

		ret = read_kind(&files, (uintptr_t)addr + at, &kind);
		if (ret < 0 || !(kind & (KPF_WRITEBACK | KPF_COMPOUND_TAIL)))
			return ret < 0 ? ret : 0;
	}
	return 1;
}

int folios_look(const void *addr, size_t len, struct folios *ret)
{
	cleanup(page_files_close) struct page_files files;
	size_t page = pattern_page_size(), run = 0;
	struct folios seen = {0};
	int found = page_files_open(&files);

	for (size_t at = 0; found >= 0 && at < len; at += page) {
		uint64_t kind;

		found = read_kind(&files, (uintptr_t)addr + at, &kind);
		if (found <= 0)
			continue;
		seen.pages++;
		/* the first one may be in the middle of its folio */
		run = seen.pages > 1 && kind & KPF_COMPOUND_TAIL ? run + 1 : 1;
		seen.folios += run == 1;
		if (run > seen.largest)
			seen.largest = run;
	}
	if (found < 0)
		return found;
	seen.mapped_whole = is_mapped_whole(addr);
	*ret = seen;
	return 0;
}
