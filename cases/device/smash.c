/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <endian.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <gupcheck/smash.h>
#include <gupcheck/worker.h>

#ifdef __x86_64__
#include <sys/io.h>

/* The two halves of the DMA address register; writing the second one starts */
#define PORT_HIGH 0x514
#define PORT_LOW 0x518

#define CONTROL_ERROR 1
#define CONTROL_READ 2
#define CONTROL_SKIP 4
#define CONTROL_SELECT 8
/* Item 0 is a signature of four bytes; what is read behind its end is zero */
#define SIGNATURE_SIZE 4

/* Where the kernel's image is mapped, and where it lies without KASLR */
#define KERNEL_MAP 0xffffffff80000000

/** struct access - what the device reads from our memory, big-endian */
struct access {
	uint32_t control;
	uint32_t length;
	uint64_t address;
};

/* Documentation/admin-guide/mm/pagemap.rst */
static uint64_t physical_address(const void *memory)
{
	int fd = (int)must(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	uint64_t page = (uint64_t)getpagesize();
	uint64_t at = (uint64_t)(uintptr_t)memory;
	uint64_t entry = 0;

	must(pread(fd, &entry, sizeof(entry),
		   (off_t)(at / page * sizeof(entry))));
	close(fd);
	if (!(entry >> 63))
		worker_broken("a page of ours is not present");
	return (entry & ((1ull << 55) - 1)) * page + at % page;
}

static uint64_t symbol_address(const char *symbol)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address;
	char name[128], line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %*c %127s", &address, name) != 2 ||
		    strcmp(name, symbol))
			continue;
		fclose(file);
		if (address < KERNEL_MAP)
			break;
		return address;
	}
	worker_broken("the kernel has no symbol %s", symbol);
}

static void transfer(volatile struct access *access, uint32_t control,
		     uint32_t length, uint64_t address)
{
	uint64_t at = physical_address((const void *)(uintptr_t)access);

	access->control = htobe32(control);
	access->length = htobe32(length);
	access->address = htobe64(address);
	outl(htobe32((uint32_t)(at >> 32)), PORT_HIGH);
	outl(htobe32((uint32_t)at), PORT_LOW);
	/* the device is done before the processor goes on */
	if (be32toh(access->control))
		worker_broken("QEMU's configuration device refuses: %#x",
			      be32toh(access->control));
}

void smash_zero(const char *symbol, size_t offset, size_t len)
{
	uint64_t target = symbol_address(symbol) - KERNEL_MAP + offset;
	struct access *access = must_alloc(sizeof(*access));

	must(mlock(access, sizeof(*access)));
	must(ioperm(PORT_HIGH, 8, 1));
	transfer(access, CONTROL_SELECT | CONTROL_SKIP, SIGNATURE_SIZE, 0);
	transfer(access, CONTROL_READ, (uint32_t)len, target);
	munmap(access, sizeof(*access));
}

#else

void smash_zero(const char *symbol, size_t offset, size_t len)
{
	worker_broken("%s cannot be smashed on this architecture", symbol);
}

#endif
