/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/unit.h"
#include "runner/stack.h"

#define WARNING \
	"WARNING: CPU: 1 PID: 77 at fs/ext4/inode.c:3664 ext4_dirty_folio+0x28/0x30"
#define COUNT(lines) (sizeof(lines) / sizeof((lines)[0]))

/* What is found in @log, its lines joined by `|` */
static const char *find(const char *const *log, size_t count)
{
	static char text[4096];
	const char *lines[STACK_MAX];
	size_t found = stack_find((char *const *)(uintptr_t)log, count, lines);

	ck_assert_uint_le(found, STACK_MAX);
	text[0] = '\0';
	for (size_t i = 0; i < found; i++) {
		strcat(text, lines[i]);
		strcat(text, "|");
	}
	return text;
}

START_TEST(frames_without_guesses)
{
	static const char *const log[] = {
		WARNING,
		"Modules linked in: a+b",
		"RIP: 0010:ext4_dirty_folio+0x28/0x30",
		"RAX: 000fffffc0000035 RBX: 0000000000000000",
		"Call Trace:",
		" <TASK>",
		" ? __warn+0x7d/0xc0",
		" unpin_user_pages_dirty_lock+0x140/0x170",
		" xdp_put_umem+0x6b/0xf0 [xsk]",
		" </TASK>",
		"---[ end trace 0000000000000000 ]---",
		" not_a_frame+0x1/0x2",
	};

	ck_assert_str_eq(find(log, COUNT(log)),
			 " unpin_user_pages_dirty_lock+0x140/0x170|"
			 " xdp_put_umem+0x6b/0xf0 [xsk]|");
}
END_TEST

/* An oops names its place in no line before. */
START_TEST(where_the_kernel_was)
{
	static const char *const log[] = {
		"BUG: kernel NULL pointer dereference, address: 0",
		"RIP: 0010:gup_fast+0x10/0x90",
		"Call Trace:",
		" a+0x1/0x2",
		"RIP: 0033:0x4e4887",
		" b+0x1/0x2",
	};
	static const char *const arm64[] = {
		"Unable to handle kernel NULL pointer dereference",
		"pc : gup_fast+0x10/0x90",
		"lr : other+0x10/0x90",
		"Call trace:",
		" gup_fast+0x10/0x90 (P)",
	};
	static const char *const cut[] = {
		"Oops: 0000 [#1]",
		"RIP: 0010:gup_fast+0x10/0x90",
	};

	ck_assert_str_eq(find(log, COUNT(log)),
			 "RIP: 0010:gup_fast+0x10/0x90| a+0x1/0x2|");
	ck_assert_str_eq(find(arm64, COUNT(arm64)),
			 "pc : gup_fast+0x10/0x90| gup_fast+0x10/0x90 (P)|");
	ck_assert_str_eq(find(cut, COUNT(cut)),
			 "RIP: 0010:gup_fast+0x10/0x90|");
	ck_assert_str_eq(find(cut, 0), "");
}
END_TEST

START_TEST(sixteen_frames_are_enough)
{
	const char *log[64] = {"RIP: 0010:a+0x1/0x2", "Call Trace:"};
	const char *lines[STACK_MAX];

	for (size_t i = 2; i < COUNT(log); i++)
		log[i] = " frame+0x1/0x2";
	ck_assert_uint_eq(
		stack_find((char *const *)(uintptr_t)log, COUNT(log), lines),
		STACK_MAX);
}
END_TEST

START_TEST(symbols)
{
	static const struct {
		const char *line, *symbol; /* NULL: none */
		uint64_t offset, size;
		bool module, back;
	} vectors[] = {
		{" a+0x1/0x2", "a+0x1/0x2", 1, 2, false, true},
		{" a.isra.0+0x1f/0x20 [ext4]", "a.isra.0+0x1f/0x20", 0x1f, 0x20,
		 true, true},
		{"RIP: 0010:a_b+0x1f/0x20", "a_b+0x1f/0x20", 0x1f, 0x20, false,
		 false},
		{"kernel: " WARNING, "ext4_dirty_folio+0x28/0x30", 0x28, 0x30,
		 false, false},
		{" a+0x0/0x2", "a+0x0/0x2", 0, 2, false, false},
		{"BUG: KASAN: use-after-free in a+0x1/0x2", "a+0x1/0x2", 1, 2,
		 false, true},
		{"1+1 a+0x1/0x2", "a+0x1/0x2", 1, 2, false, true},
		{"a+0x1", NULL, 0, 0, false, false},
		{"a+1/2", NULL, 0, 0, false, false},
		{"+0x1/0x2", NULL, 0, 0, false, false},
		{"a+0x/0x2", NULL, 0, 0, false, false},
		{"a+0x3/0x2", NULL, 0, 0, false, false},
		{"", NULL, 0, 0, false, false},
	};
	struct stack_symbol symbol;

	for (size_t i = 0; i < COUNT(vectors); i++) {
		const char *line = vectors[i].line;
		bool found = stack_symbol_find(line, line, &symbol);

		ck_assert_msg(found == (vectors[i].symbol != NULL), "%s", line);
		if (!found)
			continue;
		ck_assert_uint_eq(symbol.len, strlen(vectors[i].symbol));
		ck_assert(!memcmp(symbol.text, vectors[i].symbol, symbol.len));
		ck_assert_uint_eq(symbol.name_len,
				  strcspn(vectors[i].symbol, "+"));
		ck_assert_uint_eq(symbol.offset, vectors[i].offset);
		ck_assert_uint_eq(symbol.size, vectors[i].size);
		ck_assert_msg(symbol.module == vectors[i].module, "%s", line);
		ck_assert_msg(symbol.back == vectors[i].back, "%s", line);
	}
}
END_TEST

UNIT_MAIN("stack", frames_without_guesses, where_the_kernel_was,
	  sixteen_frames_are_enough, symbols)
