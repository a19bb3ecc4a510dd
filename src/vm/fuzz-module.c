/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Fuzz: a kernel module that is stripped for a guest. */

#include <elf.h>
#include <stdbool.h>

#include "base/cleanup.h"
#include "base/fuzz.h"
#include "vm/blob.h"
#include "vm/strip-debug.h"

static void read_header(const struct blob *module, Elf64_Ehdr *ret)
{
	const unsigned char *at = blob_range(module, 0, sizeof(*ret));

	fuzz_assert(at);
	memcpy(ret, at, sizeof(*ret));
}

static void read_section(const struct blob *module, uint64_t table,
			 unsigned int index, Elf64_Shdr *ret)
{
	const unsigned char *at =
		blob_range(module, table + index * sizeof(*ret), sizeof(*ret));

	fuzz_assert(at);
	memcpy(ret, at, sizeof(*ret));
}

static bool has_bytes(const Elf64_Shdr *section)
{
	return section->sh_type != SHT_NOBITS && section->sh_type != SHT_NULL;
}

/* What the kernel keeps of a module is there, byte by byte */
static void check_section(const struct blob *before, const Elf64_Shdr *was,
			  const struct blob *after, const Elf64_Shdr *is)
{
	const unsigned char *kept =
		blob_range(after, is->sh_offset, is->sh_size);

	fuzz_assert(is->sh_name == was->sh_name);
	fuzz_assert(is->sh_flags == was->sh_flags);
	if (is->sh_type != was->sh_type) {
		fuzz_assert(is->sh_type == SHT_NULL && !is->sh_size);
		fuzz_assert(!(was->sh_flags & SHF_ALLOC));
		return;
	}
	fuzz_assert(is->sh_size == was->sh_size || was->sh_type == SHT_NULL);
	if (!has_bytes(was))
		return;
	fuzz_assert(kept);
	fuzz_assert(!memcmp(kept, before->data + was->sh_offset, was->sh_size));
}

static void check_stripped(const struct blob *before, const struct blob *after)
{
	unsigned char *again = NULL;
	Elf64_Ehdr was, is;
	size_t len;

	fuzz_assert(after->len < before->len);
	read_header(before, &was);
	read_header(after, &is);
	fuzz_assert(is.e_shnum == was.e_shnum);
	fuzz_assert(is.e_shstrndx == was.e_shstrndx);
	for (unsigned int i = 1; i < is.e_shnum; i++) {
		Elf64_Shdr old, new;

		read_section(before, was.e_shoff, i, &old);
		read_section(after, is.e_shoff, i, &new);
		check_section(before, &old, after, &new);
	}
	fuzz_assert(strip_debug(after->data, after->len, &again, &len) >= 0);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free unsigned char *copy = fuzz_copy(data, size);
	cleanup_free unsigned char *stripped = NULL;
	struct blob before = {.data = copy, .len = size}, after;
	size_t len = 0;
	int ret = strip_debug(copy, size, &stripped, &len);

	fuzz_assert(ret == 0 || ret == 1);
	fuzz_assert(!ret == !stripped);
	after = (struct blob){.data = stripped, .len = len};
	if (ret)
		check_stripped(&before, &after);
	return 0;
}
