/* SPDX-License-Identifier: GPL-2.0-or-later */

/* With a small program in place of a kernel: gcc, nm and addr2line are run. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "kernel/test-tree.h"
#include "media/command.h"
#include "runner/places.h"
#include "runner/symbols.h"

/* Marks tell where in a function a line has come to lie. */
#define MARK(name) "asm volatile(\"" name ": nop\");\n"

#define MAIN_C                                               \
	"void first(void);\nvoid second(void);\n"            \
	"static __attribute__((noinline)) void twin(void)\n" \
	"{ asm volatile(\"nop;nop;nop\"); }\n"               \
	"static __attribute__((noinline)) void same(void)\n" \
	"{ asm volatile(\"nop\"); }\n"                       \
	"void start_kernel(void) { first(); second(); twin(); same(); }\n"

#define GUP_C                                                                                          \
	"static inline __attribute__((always_inline)) void deep(void)\n"                               \
	"{\n" MARK(                                                                                    \
		"deep_mark") "}\n"                                                                     \
			     "static inline __attribute__((always_inline)) void in(void)\n"            \
			     "{\n"                                                                     \
			     "deep();\n"                                                               \
			     "}\n"                                                                     \
			     "static __attribute__((noinline)) void twin(void)\n"                      \
			     "{\n" MARK(                                                               \
				     "twin_mark") "}\n"                                                \
						  "static __attribute__((noinline)) void same(void)\n" \
						  "{ asm volatile(\"nop\"); }\n"                       \
						  "void first(void)\n"                                 \
						  "{\n" MARK(                                          \
							  "first_mark") "in();\n"                      \
									"}\n"                          \
									"void second(void) { twin(); same(); }\n"

static struct test_tree tree;
static char vmlinux[PATH_MAX];

static void build(const char *debug)
{
	char main_c[PATH_MAX], gup_c[PATH_MAX];
	struct error error = {""};
	const char *const argv[] = {"gcc",
				    debug,
				    "-O2",
				    "-nostdlib",
				    "-static",
				    "-no-pie",
				    "-fno-pie",
				    "-fno-ipa-icf",
				    "-Wl,-e,start_kernel",
				    "-o",
				    vmlinux,
				    main_c,
				    gup_c,
				    NULL};

	tree = test_tree_make();
	test_tree_file(&tree, "/init/main.c", MAIN_C);
	test_tree_file(&tree, "/mm/gup.c", GUP_C);
	snprintf(main_c, sizeof(main_c), "%s/init/main.c", tree.path);
	snprintf(gup_c, sizeof(gup_c), "%s/mm/gup.c", tree.path);
	snprintf(vmlinux, sizeof(vmlinux), "%s/vmlinux", tree.path);
	ck_assert_msg(!command_run(argv, NULL, &error), "%s", error.text);
}

/* `FUNCTION+OFFSET/SIZE`, @further bytes behind where @mark lies in it */
static void spell(const char *function, const char *mark, unsigned int further,
		  const char *before, char ret[128])
{
	struct symbols symbols;
	struct error error = {""};
	const struct symbol *found = NULL, *marked = NULL;

	ck_assert_msg(!symbols_read(&symbols, vmlinux, &error), "%s",
		      error.text);
	for (size_t i = 0; i < symbols.count; i++)
		if (!strcmp(symbols.symbols[i].name, mark))
			marked = &symbols.symbols[i];
	ck_assert_ptr_nonnull(marked);
	for (size_t i = 0; i < symbols.count; i++) {
		const struct symbol *at = &symbols.symbols[i];

		if (!strcmp(at->name, function) &&
		    at->address <= marked->address &&
		    marked->address < at->address + at->size)
			found = at;
	}
	ck_assert_ptr_nonnull(found);
	snprintf(ret, 128, "%s%s+0x%" PRIx64 "/0x%" PRIx64, before, function,
		 marked->address - found->address + further, found->size);
	symbols_done(&symbols);
}

static const struct place *find(const struct places *places, const char *line)
{
	struct stack_symbol symbol;

	ck_assert(stack_symbol_find(line, line, &symbol));
	return places_find(places, &symbol);
}

static void assert_line(const struct places *places, const char *line,
			const char *where)
{
	const struct place *place = find(places, line);

	ck_assert_msg(place != NULL, "%s", line);
	ck_assert_str_eq(place->lines[0].where, where);
}

START_TEST(lines_of_source)
{
	struct places places = {NULL};
	struct error error = {""};
	char exact[128], back[128], inlined[128], twin[128];

	build("-g");
	spell("first", "first_mark", 0, "RIP: 0010:", exact);
	/* a call returns to what follows it */
	spell("first", "first_mark", 1, " ", back);
	spell("first", "deep_mark", 0, "RIP: 0010:", inlined);
	spell("twin", "twin_mark", 0, "RIP: 0010:", twin);
	ck_assert_int_eq(places_want(&places, exact), 0);
	ck_assert_int_eq(places_want(&places, back), 0);
	ck_assert_int_eq(places_want(&places, inlined), 0);
	ck_assert_int_eq(places_want(&places, inlined), 0);
	ck_assert_int_eq(places_want(&places, twin), 0);
	ck_assert_int_eq(places_want(&places, "no symbol"), 0);
	ck_assert_uint_eq(places.count, 4);
	ck_assert_msg(!places_resolve(&places, vmlinux, &error), "%s",
		      error.text);
	assert_line(&places, exact, "mm/gup.c:17");
	assert_line(&places, back, "mm/gup.c:17");
	/* of two functions of one name the size tells which */
	assert_line(&places, twin, "mm/gup.c:11");
	assert_line(&places, inlined, "mm/gup.c:18");
	ck_assert_uint_eq(find(&places, inlined)->count, 3);
	ck_assert_str_eq(find(&places, inlined)->lines[1].function, "in");
	ck_assert_str_eq(find(&places, inlined)->lines[1].where, "mm/gup.c:7");
	ck_assert_str_eq(find(&places, inlined)->lines[2].function, "deep");
	ck_assert_str_eq(find(&places, inlined)->lines[2].where, "mm/gup.c:3");
	places_done(&places);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(what_is_not_certain_is_left)
{
	struct places places = {NULL};
	struct error error = {""};
	struct symbols symbols;
	char exact[128], same[128];
	uint64_t address;

	build("-g");
	spell("first", "first_mark", 0, "RIP: 0010:", exact);
	/* both are as long: nobody knows which */
	ck_assert_int_eq(symbols_read(&symbols, vmlinux, &error), 0);
	ck_assert(!symbols_find(&symbols, "same", 4, 0, &address));
	for (size_t i = 0; i < symbols.count; i++)
		if (!strcmp(symbols.symbols[i].name, "same"))
			snprintf(same, sizeof(same), " same+0x1/0x%" PRIx64,
				 symbols.symbols[i].size);
	symbols_done(&symbols);
	places_want(&places, exact);
	places_want(&places, same);
	places_want(&places, " first+0x1/0x1000");
	places_want(&places, " none+0x1/0x2");
	places_want(&places, " first+0x1/0x2 [module]");
	ck_assert_uint_eq(places.count, 4);
	ck_assert_int_eq(places_resolve(&places, vmlinux, &error), 0);
	ck_assert_ptr_nonnull(find(&places, exact));
	ck_assert_ptr_null(find(&places, same));
	ck_assert_ptr_null(find(&places, " first+0x1/0x1000"));
	ck_assert_ptr_null(find(&places, " none+0x1/0x2"));
	ck_assert_ptr_null(find(&places, " first+0x1/0x2 [module]"));
	places_done(&places);
	test_tree_remove(&tree);
}
END_TEST

static void assert_fails(const char *line, const char *file, int ret,
			 const char *why)
{
	struct places places = {NULL};
	struct error error = {""};

	places_want(&places, line);
	ck_assert_int_eq(places_resolve(&places, file, &error), ret);
	ck_assert_msg(strstr(error.text, why), "%s", error.text);
	places_done(&places);
}

START_TEST(why_nothing_is_known)
{
	struct places none = {NULL};
	char line[128];

	build("-g0");
	spell("first", "first_mark", 0, "RIP: 0010:", line);
	assert_fails(line, vmlinux, -ENODATA, "no line information");
	assert_fails(" first+0x1/0x1000", vmlinux, -ESTALE, "another build");
	assert_fails(line, "/no/such/vmlinux", -ENOENT, "/no/such/vmlinux");
	ck_assert_int_eq(places_resolve(&none, "/no/such/vmlinux", NULL), 0);
	ck_assert_int_eq(setenv("PATH", "/no/such", 1), 0);
	assert_fails(line, vmlinux, -ENOENT, "nm not found");
	test_tree_remove(&tree);
}
END_TEST

/* What nm says of a kernel, in all its shapes */
START_TEST(the_list_of_symbols)
{
	struct symbols symbols;
	uint64_t address;
	char *text = strdup("ffffffff81000000 T _stext\n"
			    "ffffffff81000040 000000000000002a t f\n"
			    "ffffffff81000070 0000000000000010 T g\n"
			    "ffffffff81000070 0000000000000010 W g_alias\n"
			    "ffffffff81000080 0000000000000010 t f\n"
			    "ffffffff82000000 0000000000000008 D data\n"
			    "                 U undefined\n"
			    "garbage\n\n");

	ck_assert_int_eq(symbols_parse(&symbols, text), 0);
	ck_assert_uint_eq(symbols.count, 5);
	/* by the file's size, and by the kernel's */
	ck_assert(symbols_find(&symbols, "f", 1, 0x2a, &address));
	ck_assert_uint_eq(address, 0xffffffff81000040);
	ck_assert(symbols_find(&symbols, "f", 1, 0x30, &address));
	ck_assert_uint_eq(address, 0xffffffff81000040);
	ck_assert(symbols_find(&symbols, "f", 1, 0x10, &address));
	ck_assert_uint_eq(address, 0xffffffff81000080);
	ck_assert(!symbols_find(&symbols, "f", 1, 0, &address));
	ck_assert_uint_eq(address, 0);
	ck_assert(symbols_find(&symbols, "_stext", 6, 0x40, &address));
	ck_assert(symbols_find(&symbols, "g", 1, 0x10, &address));
	ck_assert(!symbols_find(&symbols, "g_", 2, 0x10, &address));
	ck_assert(!symbols_find(&symbols, "data", 4, 8, &address));
	symbols_done(&symbols);
}
END_TEST

UNIT_MAIN("places", lines_of_source, what_is_not_certain_is_left,
	  why_nothing_is_known, the_list_of_symbols)
