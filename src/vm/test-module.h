/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_TEST_MODULE_H
#define VM_TEST_MODULE_H

/* Kernel modules for unit tests: ELF files that depmod reads, without code. */

#include <elf.h>
#include <stddef.h>
#include <string.h>

/** enum - the sections, in this order */
enum test_section {
	TEST_NULL,
	TEST_MODINFO,
	TEST_DEBUG,
	TEST_RELA,
	TEST_BSS,
	TEST_NAMES,
	TEST_SECTIONS,
};

#define TEST_DEBUG_LEN 4000

/**
 * test_module() - a module with the vermagic @magic, and with what a debugger
 * wants
 * @ret: receives 8192 bytes at most
 */
static inline size_t test_module(const char *magic, unsigned char *ret)
{
	static const char names[] =
		"\0.modinfo\0.debug_info\0.rela.debug_info\0.bss\0.shstrtab";
	static const unsigned int name_at[] = {0, 1, 10, 22, 39, 44};
	Elf64_Shdr table[TEST_SECTIONS] = {{0}};
	Elf64_Ehdr header = {
		.e_type = ET_REL,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(header),
		.e_shentsize = sizeof(table[0]),
		.e_shnum = TEST_SECTIONS,
		.e_shstrndx = TEST_NAMES,
	};
	static const size_t sizes[] = {0,   200, TEST_DEBUG_LEN,
				       240, 64,	 sizeof(names)};
	size_t at = sizeof(header);

	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	header.e_ident[EI_VERSION] = EV_CURRENT;
	memset(ret, 0, 8192);
	for (int i = 1; i < TEST_SECTIONS; i++) {
		table[i] = (Elf64_Shdr){
			.sh_name = name_at[i],
			.sh_type = i == TEST_BSS     ? SHT_NOBITS
				   : i == TEST_NAMES ? SHT_STRTAB
						     : SHT_PROGBITS,
			.sh_flags = i == TEST_MODINFO || i == TEST_BSS
					    ? SHF_ALLOC
					    : 0,
			.sh_offset = at,
			.sh_size = sizes[i],
			.sh_addralign = 8,
		};
		if (i == TEST_DEBUG)
			memset(ret + at, 0xdb, sizes[i]);
		if (i != TEST_BSS)
			at += (sizes[i] + 7) / 8 * 8;
	}
	/* the text ends with a blank, as in kernels */
	sprintf((char *)ret + table[TEST_MODINFO].sh_offset,
		"license=GPL%cvermagic=%s ", 0, magic);
	memcpy(ret + table[TEST_NAMES].sh_offset, names, sizeof(names));
	header.e_shoff = at;
	memcpy(ret, &header, sizeof(header));
	memcpy(ret + at, table, sizeof(table));
	return at + sizeof(table);
}

#endif
