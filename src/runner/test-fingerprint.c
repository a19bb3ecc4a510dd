/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdint.h>
#include <string.h>

#include "base/unit.h"
#include "runner/fingerprint.h"

/* A record that borrows all it has */
static struct record record(enum verdict verdict, const char *id,
			    const char *reason)
{
	return (struct record){
		.id = (char *)(uintptr_t)id,
		.verdict = verdict,
		.outcome = verdict_is_answer(verdict) ? OUTCOME_UNEXPECTED
						      : OUTCOME_NONE,
		.reason = (char *)(uintptr_t)reason,
		.finished = true,
	};
}

static struct fingerprint told(const struct record *of)
{
	struct fingerprint ret;

	ck_assert(fingerprint_of(of, &ret));
	ck_assert_uint_eq(strlen(ret.id), FINGERPRINT_ID_SIZE - 1);
	return ret;
}

/* That of an oops with @log, which NULL ends */
static struct fingerprint oops(const char *reason, const char *const *log)
{
	struct record of = record(VERDICT_OOPS, "m/f/s", reason);

	of.log = (char **)(uintptr_t)log;
	while (log && log[of.log_count])
		of.log_count++;
	return told(&of);
}

START_TEST(kernels_and_cells_are_alike)
{
	static const char *const log_61[] = {
		"WARNING: CPU: 0 PID: 5515 at fs/ext4/inode.c:3664 ext4_dirty_folio+0x28/0x30 [ext4]",
		"RIP: 0010:ext4_dirty_folio+0x28/0x30 [ext4]",
		"Call Trace:",
		" <TASK>",
		" ? __warn+0x7d/0xc0",
		" set_page_dirty_lock+0x2f/0x50",
		" fuse_direct_io+0x483/0x830 [fuse]",
		NULL};
	static const char *const log_73[] = {
		"WARNING: fs/ext4/inode.c:3937 at ext4_dirty_folio+0x2c/0x40 [ext4], CPU#1: gupcheck-worker/4168",
		"Call Trace:", " unpin_user_pages_dirty_lock+0x140/0x170",
		" process_vm_rw_core.constprop.0+0x36f/0x4a0", NULL};
	struct fingerprint a = oops(
		"warn: WARNING: CPU: 0 PID: 5515 at fs/ext4/inode.c:3664 ext4_dirty_folio+0x28/0x30 [ext4]",
		log_61);
	struct fingerprint b = oops(
		"warn: WARNING: fs/ext4/inode.c:3937 at ext4_dirty_folio+0x2c/0x40 [ext4], CPU#1: gupcheck-worker/4168",
		log_73);

	ck_assert_str_eq(a.text, "WARNING in ext4_dirty_folio");
	ck_assert_str_eq(a.id, b.id);
	/* printf 'WARNING in ext4_dirty_folio' | sha256sum */
	ck_assert_str_eq(a.id, "19e69208bc04");
}
END_TEST

START_TEST(who_calls_tells_bugs_apart)
{
	static const char *const one[] = {
		"Call Trace:",	      " __warn+0x7d/0xc0",
		" a.isra.0+0x1/0x20", " asm_exc_invalid_op+0x1/0x20",
		" b+0x2/0x20 [m]",    " c+0x3/0x20",
		" d+0x4/0x20",	      NULL};
	static const char *const two[] = {"Call Trace:",
					  " a+0x7/0x30",
					  " other+0x2/0x20",
					  " c+0x3/0x20",
					  " do_syscall_64+0x1/0x2",
					  NULL};
	const char *reason = "bug: kernel BUG at mm/gup.c:216!";
	struct fingerprint a = oops(reason, one), b = oops(reason, two);

	ck_assert_str_eq(a.text, "kernel BUG at mm/gup.c:#! < a < b < c");
	ck_assert_str_eq(b.text, "kernel BUG at mm/gup.c:#! < a < other < c");
	ck_assert_str_ne(a.id, b.id);
}
END_TEST

START_TEST(complaints_have_titles)
{
	static const struct {
		const char *reason, *text;
	} vectors[] = {
		{"sanitizer: BUG: KASAN: use-after-free in f+0x12/0x40 [m]",
		 "BUG: KASAN: use-after-free in f"},
		{"oops: BUG: kernel NULL pointer dereference, address: 0000000000000028",
		 "BUG: kernel NULL pointer dereference, address: #"},
		{"oops: general protection fault, address 0xdead000000000122: 0000 [#1] SMP",
		 "general protection fault, address #: # [##] SMP"},
		{"BUG: unable to handle page fault for ffff888012345678",
		 "BUG: unable to handle page fault for #"},
		{"hang: INFO: task jbd2/loop3-8:1234 blocked for more than 122 seconds.",
		 "INFO: task jbd2/loop#-#:# blocked for more than # seconds."},
		{"lockdep: WARNING: possible circular locking dependency detected",
		 "WARNING: possible circular locking dependency detected"},
		{"warn: WARNING: CPU: 0 PID: 1 at x.c:1 f.cold+0x9/0x10",
		 "WARNING in f"},
		{"", ""},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct fingerprint seen = oops(vectors[i].reason, NULL);

		ck_assert_str_eq(seen.text, vectors[i].text);
	}
}
END_TEST

/* Where all that is known is that a pin went wrong, its caller is told. */
START_TEST(pin_that_nobody_complains_of_by_name)
{
	static const char *const log[] = {
		"Call Trace:", " sanity_check_pinned_pages+0x1/0x9",
		" unpin_user_pages+0x1/0x9", " ib_umem_release+0x1/0x9", NULL};

	ck_assert_str_eq(
		oops("WARNING: mm/gup.c:70 at sanity_check_pinned_pages+0x1/0x9",
		     log)
			.text,
		"WARNING in sanity_check_pinned_pages < ib_umem_release");
}
END_TEST

/* The trace of an earlier complaint is not that of the worst. */
START_TEST(trace_behind_the_title)
{
	static const char *const log[] = {
		"WARNING: CPU: 0 PID: 1 at x.c:1 early+0x9/0x10",
		"Call Trace:",
		" warner+0x1/0x9",
		"BUG: Bad page state",
		"Call Trace:",
		" guilty+0x1/0x9",
		NULL};

	ck_assert_str_eq(oops("bad-page: BUG: Bad page state", log).text,
			 "BUG: Bad page state < guilty");
}
END_TEST

START_TEST(what_is_no_complaint_is_its_reason)
{
	struct record xfs_2 = record(VERDICT_CORRUPT, "a/xfs/s",
				     "read \"d\" shows 2 old pages");
	struct record xfs_9 = record(VERDICT_CORRUPT, "b/xfs/s",
				     "read \"d\" shows 9 old pages");
	struct record ext4 = record(VERDICT_CORRUPT, "a/ext4/s",
				    "read \"d\" shows 2 old pages");
	struct record hung = record(VERDICT_HUNG, "a/ext4/s",
				    "step fsync did not return in 20 s");
	struct record odd = record(VERDICT_CORRUPT, "no-cell", "lost");

	ck_assert_str_eq(told(&xfs_2).text,
			 "corrupt xfs: read \"d\" shows # old pages");
	ck_assert_str_eq(told(&xfs_2).id, told(&xfs_9).id);
	ck_assert_str_ne(told(&xfs_2).id, told(&ext4).id);
	ck_assert_str_eq(told(&hung).text,
			 "hung: step fsync did not return in # s");
	ck_assert_str_eq(told(&odd).text, "corrupt: lost");
}
END_TEST

START_TEST(no_trouble_has_none)
{
	struct record fine = record(VERDICT_REFUSED, "a/b/c", "refused");
	struct record skipped = record(VERDICT_SKIPPED, "a/b/c", "no root");
	struct fingerprint seen;

	/* a pin that must work is trouble when it is refused */
	ck_assert(fingerprint_of(&fine, &seen));
	fine.outcome = OUTCOME_AS_EXPECTED;
	ck_assert(!fingerprint_of(&fine, &seen));
	ck_assert_str_eq(seen.id, "");
	fine.outcome = OUTCOME_FIXED;
	ck_assert(!fingerprint_of(&fine, &seen));
	ck_assert(!fingerprint_of(&skipped, &seen));
}
END_TEST

START_TEST(long_text_is_cut)
{
	char reason[2 * FINGERPRINT_TEXT_SIZE] = "";
	struct record of = record(VERDICT_BROKEN, "a/b/c", reason);

	memset(reason, 'x', sizeof(reason) - 1);
	reason[sizeof(reason) - 1] = '\0';
	ck_assert_uint_eq(strlen(told(&of).text), FINGERPRINT_TEXT_SIZE - 1);
	of.verdict = VERDICT_OOPS;
	ck_assert_uint_eq(strlen(told(&of).text), FINGERPRINT_TEXT_SIZE - 1);
	/* a name that no function has */
	memcpy(reason + sizeof(reason) - 9, "+0x1/0x2", 8);
	ck_assert_uint_eq(strlen(told(&of).text), FINGERPRINT_TEXT_SIZE - 1);
}
END_TEST

UNIT_MAIN("fingerprint", kernels_and_cells_are_alike,
	  who_calls_tells_bugs_apart, complaints_have_titles,
	  pin_that_nobody_complains_of_by_name, trace_behind_the_title,
	  what_is_no_complaint_is_its_reason, no_trouble_has_none,
	  long_text_is_cut)
