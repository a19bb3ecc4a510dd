/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "vm/blob.h"
#include "vm/strip-debug.h"

/* A module asks for no more; bounds what is allocated */
#define ALIGN_MAX 4096

/** struct sections - the section table of a module, copied; owned */
struct sections {
	Elf64_Ehdr header;
	Elf64_Shdr *table;
	size_t count;
	struct blob names;
};

static bool read_header(const struct blob *module, Elf64_Ehdr *ret)
{
	const unsigned char *at = blob_range(module, 0, sizeof(*ret));

	if (!at)
		return false;
	memcpy(ret, at, sizeof(*ret));
	return !memcmp(ret->e_ident, ELFMAG, SELFMAG) &&
	       ret->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ret->e_ident[EI_DATA] == ELFDATA2LSB && ret->e_type == ET_REL &&
	       ret->e_shentsize == sizeof(Elf64_Shdr) && ret->e_shnum > 0 &&
	       ret->e_shstrndx < ret->e_shnum;
}

/* Whether all that the table says lies in the file */
static bool check_table(const struct blob *module,
			const struct sections *sections)
{
	for (size_t i = 1; i < sections->count; i++) {
		const Elf64_Shdr *section = &sections->table[i];

		if (section->sh_addralign > ALIGN_MAX)
			return false;
		if (section->sh_type != SHT_NOBITS &&
		    !blob_range(module, section->sh_offset, section->sh_size))
			return false;
	}
	return true;
}

/* Returns 1, 0 for what is no module, or -ENOMEM. */
static int read_sections(const struct blob *module, struct sections *ret)
{
	const Elf64_Shdr *names;
	const unsigned char *at;
	size_t size;

	if (!read_header(module, &ret->header))
		return 0;
	ret->count = ret->header.e_shnum;
	size = ret->count * sizeof(*ret->table);
	at = blob_range(module, ret->header.e_shoff, size);
	if (!at)
		return 0;
	ret->table = malloc(size);
	if (!ret->table)
		return -ENOMEM;
	memcpy(ret->table, at, size);
	names = &ret->table[ret->header.e_shstrndx];
	if (names->sh_type != SHT_STRTAB || !check_table(module, ret))
		return 0;
	ret->names = (struct blob){
		.data = module->data + names->sh_offset,
		.len = names->sh_size,
	};
	return 1;
}

static bool is_debug(const struct sections *sections, size_t index)
{
	static const char *const names[] = {".debug_", ".rela.debug_"};
	const Elf64_Shdr *section = &sections->table[index];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);
		const unsigned char *name =
			blob_range(&sections->names, section->sh_name, len);

		if (name && !memcmp(name, names[i], len))
			return !(section->sh_flags & SHF_ALLOC);
	}
	return false;
}

/* Makes debug sections empty ones; returns how many there were */
static size_t drop_debug(struct sections *sections)
{
	size_t dropped = 0;

	for (size_t i = 1; i < sections->count; i++) {
		Elf64_Shdr *section = &sections->table[i];

		if (!is_debug(sections, i))
			continue;
		section->sh_type = SHT_NULL;
		section->sh_size = 0;
		dropped++;
	}
	return dropped;
}

static size_t align(size_t at, size_t to)
{
	return to > 1 ? (at + to - 1) / to * to : at;
}

/* Lays the sections out anew; with @ret copies them. Returns the length. */
static size_t lay_out(const struct sections *sections,
		      const struct blob *module, unsigned char *ret)
{
	Elf64_Ehdr header = sections->header;
	size_t size = sections->count * sizeof(*sections->table);
	size_t at = sizeof(header);

	for (size_t i = 1; i < sections->count; i++) {
		Elf64_Shdr section = sections->table[i];
		bool held = section.sh_type != SHT_NOBITS &&
			    section.sh_type != SHT_NULL;

		at = align(at, section.sh_addralign);
		if (ret && held)
			memcpy(ret + at, module->data + section.sh_offset,
			       section.sh_size);
		/* written to the table only when it is copied for good */
		if (ret)
			sections->table[i].sh_offset = at;
		at += held ? section.sh_size : 0;
	}
	at = align(at, sizeof(uint64_t));
	header.e_shoff = at;
	if (ret) {
		memcpy(ret, &header, sizeof(header));
		memcpy(ret + at, sections->table, size);
	}
	return at + size;
}

int strip_debug(const unsigned char *module, size_t len, unsigned char **ret,
		size_t *ret_len)
{
	struct blob blob = {.data = module, .len = len};
	struct sections sections = {0};
	int result = read_sections(&blob, &sections);

	if (result > 0 && !drop_debug(&sections))
		result = 0;
	if (result > 0) {
		*ret_len = lay_out(&sections, &blob, NULL);
		/* sections that overlap would become more */
		result = *ret_len < len;
	}
	if (result > 0) {
		*ret = calloc(1, *ret_len);
		result = *ret ? 1 : -ENOMEM;
	}
	if (result > 0)
		lay_out(&sections, &blob, *ret);
	free(sections.table);
	return result;
}
