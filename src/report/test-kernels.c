/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Several kernels side by side: what is told of them, before it is printed. The
 * tables are those of plan/test-tables.c.
 */

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/kernels.h"
#include "runner/journal.h"

#ifndef TESTDATA
#define TESTDATA "src"
#endif

#define CELLS 2
#define KERNELS_MAX 8

/**
 * struct story - what the kernels say of one mechanism
 * @mechanism: of its cells on ext4 and xfs, in this order
 * @kernels: `RELEASE WORD WORD`: a verdict, an errno, `-` for no cell; a `?`
 *	before the release breaks the canary
 * @first: name of the kernel, or NULL
 */
struct story {
	const char *mechanism;
	const char *kernels[KERNELS_MAX];
	const char *first;
	const char *text;
};

static const struct story stories[] = {
	{"rdma_mr",
	 {"5.10.2 exposed exposed", "6.1.3 corrupt safe",
	  "6.12.9 EFAULT EFAULT"},
	 "6.12",
	 "accepted from 5.10, refused from 6.12 (EFAULT)"},
	/* not in this order */
	{"rdma_mr",
	 {"6.12.9 EFAULT EFAULT", "7.3.1 EFAULT EFAULT",
	  "5.10.2 exposed exposed", "6.9.1 exposed exposed"},
	 "6.12",
	 "accepted from 5.10, refused from 6.12 (EFAULT)"},
	{"rdma_mr",
	 {"5.10.2 exposed exposed", "6.1.3 exposed exposed"},
	 NULL,
	 "accepted by all"},
	{"rdma_mr",
	 {"6.12.9 EFAULT EFAULT"},
	 "6.12",
	 "refused by all (EFAULT)"},
	{"rdma_mr",
	 {"5.10.2 EPERM EPERM", "6.1.3 EPERM EPERM", "7.3.1 EFAULT EFAULT"},
	 "5.10",
	 "refused from 5.10, the oldest here (EPERM), from 7.3 with EFAULT"},
	{"rdma_mr",
	 {"5.10.2 EPERM EFAULT", "6.1.3 EFAULT EPERM"},
	 "5.10",
	 "refused by all (EFAULT, EPERM)"},
	/* a later kernel accepts again, and one more refuses again */
	{"rdma_mr",
	 {"5.10.2 exposed exposed", "6.1.3 EFAULT EFAULT",
	  "6.12.9 exposed exposed", "6.16.1 exposed corrupt",
	  "7.3.1 EFAULT EFAULT"},
	 "6.1",
	 "accepted from 5.10, refused from 6.1 (EFAULT), accepted again from "
	 "6.12, refused again from 7.3 (EFAULT)"},
	{"rdma_mr",
	 {"6.1.3 EFAULT EFAULT", "6.12.9 exposed exposed"},
	 "6.1",
	 "refused from 6.1, the oldest here (EFAULT), accepted from 6.12"},
	/* what gave no verdict is neither */
	{"rdma_mr",
	 {"5.10.2 exposed exposed", "6.1.3 skipped skipped",
	  "6.12.9 EFAULT EFAULT"},
	 "6.12",
	 "accepted from 5.10, refused from 6.12 or earlier (EFAULT); no answer: "
	 "6.1 (skipped)"},
	{"rdma_mr",
	 {"5.10.2 EFAULT EFAULT", "6.1.3 broken hung", "6.12.9 EFAULT EFAULT"},
	 "5.10",
	 "refused by all that told (EFAULT); no answer: 6.1 (broken, hung)"},
	{"rdma_mr",
	 {"5.10.2 skipped vanished", "6.1.3 broken broken"},
	 NULL,
	 "not known; no answer: 5.10 (skipped, vanished), 6.1 (broken)"},
	{"rdma_mr",
	 {"5.10.2 oops oops", "6.1.3 EFAULT EFAULT"},
	 "6.1",
	 "refused by all that told (EFAULT); no answer: 5.10 (oops)"},
	/* one filesystem says nothing, or there is no such cell */
	{"rdma_mr",
	 {"5.10.2 exposed skipped", "6.1.3 EFAULT -"},
	 "6.1",
	 "accepted from 5.10, refused from 6.1 (EFAULT); no answer: 5.10 (xfs "
	 "skipped), 6.1 (xfs no cell)"},
	{"rdma_mr",
	 {"5.10.2 exposed exposed", "6.1.3 - -"},
	 NULL,
	 "accepted by all that told; no answer: 6.1 (no cell)"},
	/* some are refused only: this is no refusal yet */
	{"rdma_mr",
	 {"5.10.2 exposed exposed", "6.1.3 EFAULT exposed",
	  "6.12.9 EFAULT EFAULT"},
	 "6.12",
	 "accepted from 5.10, refused in part from 6.1 (1 of 2 cells: EFAULT), "
	 "refused from 6.12 (EFAULT)"},
	{"rdma_mr",
	 {"6.1.3 EFAULT exposed", "6.12.9 EFAULT exposed"},
	 NULL,
	 "refused in part by all (1 of 2 cells: EFAULT)"},
	/* a canary that was not seen takes the whole kernel with it */
	{"rdma_mr",
	 {"5.10.2 exposed exposed", "?6.1.3 EFAULT EFAULT",
	  "6.12.9 EFAULT EFAULT"},
	 "6.12",
	 "accepted from 5.10, refused from 6.12 or earlier (EFAULT); no answer: "
	 "6.1 (not to be trusted)"},
	{"rdma_mr",
	 {"?5.10.2 exposed exposed", "?6.1.3 EFAULT EFAULT"},
	 NULL,
	 "not known; no answer: 5.10 (not to be trusted), 6.1 (not to be "
	 "trusted)"},
	/* short-term pins are never refused, unless they are */
	{"o_direct",
	 {"5.10.2 safe safe", "6.1.3 corrupt safe"},
	 NULL,
	 "never: short-term"},
	{"o_direct",
	 {"5.10.2 safe safe", "6.1.3 skipped skipped"},
	 NULL,
	 "never: short-term; no answer: 6.1 (skipped)"},
	{"o_direct",
	 {"5.10.2 safe safe", "6.1.3 EFAULT EFAULT"},
	 "6.1",
	 "accepted from 5.10, refused from 6.1 (EFAULT)"},
	{"vmsplice", {"6.1.3 safe safe"}, NULL, "never: short-term"},
	/* the same numbers: names are whole then */
	{"rdma_mr",
	 {"6.1.0-56-amd64 EFAULT EFAULT", "6.1.0-9-amd64 exposed exposed"},
	 "6.1.0-56-amd64",
	 "accepted from 6.1.0-9-amd64, refused from 6.1.0-56-amd64 (EFAULT)"},
	{"rdma_mr",
	 {"6.12.117+deb12 EFAULT EFAULT", "6.12.95+deb12 exposed exposed"},
	 "6.12.117",
	 "accepted from 6.12.95, refused from 6.12.117 (EFAULT)"},
	{"rdma_mr",
	 {"6.12.0 EFAULT EFAULT", "6.12-rc2 exposed exposed",
	  "6.1.0 exposed exposed"},
	 "6.12.0",
	 "accepted from 6.1, refused from 6.12.0 (EFAULT)"},
};

static void add_record(struct run *run, const char *kernel, const char *id,
		       const char *word)
{
	struct record *record = &run->records[run->record_count];
	enum verdict verdict = VERDICT_REFUSED;
	bool refused = isupper((unsigned char)word[0]);

	if (!strcmp(word, "-"))
		return;
	if (!refused)
		ck_assert_int_eq(verdict_from_string(word, &verdict), 0);
	*record = (struct record){
		.id = strdup(id),
		.kernel = strdup(kernel),
		.started = true,
		.finished = true,
		.verdict = verdict,
		.error = refused ? strdup(word) : NULL,
		.reason = strdup(""),
	};
	run->record_count++;
}

static void add_kernel(struct run *run, const char *mechanism, const char *line)
{
	static const char *const backings[CELLS] = {"ext4", "xfs"};
	struct run_kernel *kernel = &run->kernels[run->kernel_count++];
	bool broken = line[0] == '?';
	cleanup_free char *copy = strdup(line + broken);
	char *rest = copy;

	*kernel = (struct run_kernel){
		.release = strdup(strsep(&rest, " ")),
		.canary_seen = true,
		.canary = broken ? VERDICT_SAFE : VERDICT_CORRUPT,
		.canary_reason = strdup(""),
		.finished = true,
		.finish_reason = strdup("done"),
	};
	for (size_t i = 0; i < CELLS; i++) {
		char id[CELL_ID_SIZE];

		snprintf(id, sizeof(id), "%s/%s/admission", mechanism,
			 backings[i]);
		add_record(run, kernel->release, id, strsep(&rest, " "));
	}
}

static struct run *run_of(const struct story *story)
{
	struct run *run = calloc(1, sizeof(*run));

	ck_assert_ptr_nonnull(run);
	run->version = strdup("0");
	run->kernels = calloc(KERNELS_MAX, sizeof(*run->kernels));
	run->records = calloc(KERNELS_MAX * CELLS, sizeof(*run->records));
	for (size_t i = 0; i < KERNELS_MAX && story->kernels[i]; i++)
		add_kernel(run, story->mechanism, story->kernels[i]);
	return run;
}

START_TEST(refusals_have_a_beginning)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		const struct story *story = &stories[i];
		struct run *run = run_of(story);
		struct kernels_history history;
		struct kernels kernels;

		ck_assert_int_eq(kernels_make(run, &kernels), 0);
		ck_assert_int_eq(
			kernels_history(&kernels, story->mechanism, &history),
			0);
		ck_assert_str_eq(history.text, story->text);
		if (story->first) {
			ck_assert_msg(history.first, "%s", story->text);
			ck_assert_str_eq(history.first->name, story->first);
		} else {
			ck_assert_msg(!history.first, "%s", story->text);
		}
		free(history.text);
		kernels_done(&kernels);
		run_free(run);
	}
}
END_TEST

static const char *path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), TESTDATA "/report/testdata/%s", name);
	return path;
}

static struct run *load(const char *name)
{
	struct error error = {""};
	struct run *run = NULL;

	ck_assert_msg(!journal_load(path_of(name), &run, &error), "%s",
		      error.text);
	return run;
}

static const struct kernels_cell *cell_of(const struct kernels *kernels,
					  const char *text)
{
	for (size_t i = 0; i < kernels->cell_count; i++)
		if (!strcmp(kernels->cells[i].text, text))
			return &kernels->cells[i];
	ck_abort_msg("no cell %s", text);
}

START_TEST(cells_show_as_what_they_are)
{
	static const struct {
		const char *id;
		const char *words[6];
		bool same;
	} vectors[] = {
		{"rdma_mr/ext4/admission",
		 {"exposed!", "skipped", "EFAULT", "exposed!", "-", "EFAULT?"},
		 false},
		{"rdma_mr/xfs/admission",
		 {"exposed!", "skipped", "EFAULT", "exposed!", "EFAULT",
		  "EFAULT?"},
		 false},
		{"o_direct/ext4/admission",
		 {"safe", "broken", "safe", "safe", "safe", "safe?"},
		 false},
		{"o_direct/xfs/fsync_while_pinned",
		 {"corrupt*", "hung", "corrupt*", "corrupt*", "corrupt*",
		  "corrupt*?"},
		 false},
		/* what is expected differs, the answer does not */
		{"o_direct/xfs/reflink_while_pinned",
		 {"corrupt*", "corrupt!", "corrupt*", "corrupt*", "corrupt*",
		  "corrupt*?"},
		 true},
		{"o_direct/tmpfs/admission",
		 {"safe", "safe", "safe", "safe", "safe", "safe?"},
		 true},
	};
	struct run *run = load("kernels.jsonl");
	struct kernels kernels;

	ck_assert_int_eq(kernels_make(run, &kernels), 0);
	ck_assert_uint_eq(kernels.column_count, 6);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct kernels_cell *cell =
			cell_of(&kernels, vectors[i].id);
		char buf[KERNELS_TEXT_SIZE];

		for (size_t k = 0; k < 6; k++)
			ck_assert_str_eq(kernels_text(&kernels, cell, k, buf),
					 vectors[i].words[k]);
		ck_assert_msg(kernels_same(&kernels, cell) == vectors[i].same,
			      "%s", vectors[i].id);
	}
	kernels_done(&kernels);
	run_free(run);
}
END_TEST

START_TEST(another_errno_is_not_the_same)
{
	static const struct {
		struct story story;
		bool same;
	} pairs[] = {
		{{"rdma_mr", {"5.10 EPERM safe", "6.1 EFAULT safe"}}, false},
		{{"rdma_mr", {"5.10 EFAULT safe", "6.1 EFAULT safe"}}, true},
		{{"rdma_mr", {"5.10 EFAULT safe", "6.1 refused safe"}}, false},
		{{"rdma_mr", {"5.10 safe safe", "6.1 - safe"}}, false},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct run *run = run_of(&pairs[i].story);
		struct kernels kernels;

		ck_assert_int_eq(kernels_make(run, &kernels), 0);
		ck_assert_msg(kernels_same(&kernels, &kernels.cells[0]) ==
				      pairs[i].same,
			      "%s", pairs[i].story.kernels[1]);
		kernels_done(&kernels);
		run_free(run);
	}
}
END_TEST

static bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->list[i], name))
			return true;
	return false;
}

/* No cell may be lost between the run and the page. */
START_TEST(every_cell_has_its_row)
{
	struct run *run = load("kernels.jsonl");
	struct kernels_tables tables;
	struct kernels kernels;

	ck_assert_int_eq(kernels_make(run, &kernels), 0);
	ck_assert_int_eq(kernels_fold_all(&kernels, false, &tables), 0);
	for (size_t i = 0; i < kernels.cell_count; i++) {
		const struct id_parts *parts = &kernels.cells[i].parts;
		bool found = false;

		/* a variant may be told by the cell without it */
		for (size_t t = 0; t < tables.count; t++) {
			const struct kernels_table *table = &tables.list[t];

			for (size_t r = 0; r < table->row_count; r++)
				found = found ||
					(!strcmp(table->scenario,
						 parts->scenario) &&
					 names_have(&table->rows[r].filesystems,
						    parts->filesystem) &&
					 names_have(&table->rows[r].mechanisms,
						    parts->row));
		}
		ck_assert_msg(found || strchr(parts->row, '@'), "%s",
			      kernels.cells[i].text);
	}
	kernels_tables_done(&tables);
	kernels_done(&kernels);
	run_free(run);
}
END_TEST

UNIT_MAIN("kernels", refusals_have_a_beginning, cells_show_as_what_they_are,
	  another_errno_is_not_the_same, every_cell_has_its_row)
