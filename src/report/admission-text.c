/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/admission-text.h"
#include "report/print.h"
#include "runner/journal.h"

#define ANSWER_SIZE 64

/** struct row - one mechanism that was asked */
struct row {
	const struct mechanism *mechanism;
	struct admission admission;
};

/** struct rows - all of them, in the order of their names */
struct rows {
	struct row *list;
	size_t count;
};

static const char *const group_titles[ADMISSION_GROUP_COUNT] = {
	[ADMISSION_PRESENT] = "present", [ADMISSION_ABSENT] = "absent",
	[ADMISSION_CLEAN] = "clean",	 [ADMISSION_PARTLY] = "partly",
	[ADMISSION_SPECIAL] = "special", [ADMISSION_PRIVATE] = "private",
	[ADMISSION_MEMORY] = "memory",	 [ADMISSION_UNWRITABLE] = "unwritable",
};

static const struct {
	const char *word;
	const char *sentence;
} policies[] = {
	[POLICY_UNKNOWN] = {"unknown",
			    "no long-term writer was tried on such pages"},
	[POLICY_REFUSES] =
		{"refuses",
		 "long-term writers are refused, whatever page, path or range was tried"},
	[POLICY_ADMITS] = {"admits", "long-term writers are let in"},
	[POLICY_TELLS] =
		{"tells",
		 "long-term writers are let in, and every promise was kept: filesystems seem to hear of the writes, or the pages to stay dirty"},
	[POLICY_BY_CALLER] =
		{"by-caller",
		 "some long-term writers are refused, others let in, whatever they ask for: callers seem to choose"},
	[POLICY_BY_MAPPING] =
		{"by-mapping",
		 "a long-term writer is refused or let in by what it asks for: a path, or a part of a range, is not looked at"},
};

static void rows_done(struct rows *rows)
{
	free(rows->list);
}

static size_t mechanism_count(void)
{
	size_t count = 0;

	while (mechanisms[count])
		count++;
	return count;
}

static bool was_asked(const struct row *row)
{
	for (int i = 0; i < ADMISSION_GROUP_COUNT; i++)
		if (row->admission.groups[i].accepted ||
		    row->admission.groups[i].refused)
			return true;
	return false;
}

static int rows_build(struct rows *rows, const struct run *run,
		      const char *kernel)
{
	size_t kept = 0;

	rows->count = mechanism_count();
	rows->list = calloc(rows->count + 1, sizeof(*rows->list));
	if (!rows->list)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		rows->list[i].mechanism = mechanisms[i];
	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];
		struct cell_id id;

		if (strcmp(record->kernel, kernel) ||
		    cell_id_parse(record->id, &id, NULL))
			continue;
		for (size_t k = 0; k < rows->count; k++)
			if (rows->list[k].mechanism == id.mechanism)
				admission_add(&rows->list[k].admission, &id,
					      record->verdict, record->error);
	}
	for (size_t i = 0; i < rows->count; i++)
		if (was_asked(&rows->list[i]))
			rows->list[kept++] = rows->list[i];
	rows->count = kept;
	return 0;
}

/* `EFAULT`, `EFAULT/ENOMEM`, `yes`, `EFAULT/yes`, `-` */
static const char *answer_text(const struct admission_answer *answer,
			       char buf[ANSWER_SIZE])
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < ADMISSION_ERRNOS && answer->errnos[i]; i++)
		used += (size_t)snprintf(buf + used, ANSWER_SIZE - used,
					 "%s%.16s", used ? "/" : "",
					 answer->errnos[i]);
	if (answer->accepted)
		snprintf(buf + used, ANSWER_SIZE - used, "%syes",
			 used ? "/" : "");
	else if (!used)
		snprintf(buf, ANSWER_SIZE, "%s", answer->refused ? "no" : "-");
	return buf;
}

static bool is_longterm(const struct row *row)
{
	return row->mechanism->traits & MECH_LONGTERM;
}

static bool same_answers(const struct row *a, const struct row *b)
{
	char one[ANSWER_SIZE], two[ANSWER_SIZE];

	if (is_longterm(a) != is_longterm(b))
		return false;
	for (int i = 0; i < ADMISSION_GROUP_COUNT; i++)
		if (strcmp(answer_text(&a->admission.groups[i], one),
			   answer_text(&b->admission.groups[i], two)))
			return false;
	return true;
}

/* No blanks at the end of a line */
static void put_columns(FILE *out, const unsigned int *widths,
			const char *const *texts)
{
	fputs("    ", out);
	for (int i = 0; i < ADMISSION_GROUP_COUNT - 1; i++)
		fprintf(out, "%-*s  ", (int)widths[i], texts[i]);
	fprintf(out, "%s\n", texts[ADMISSION_GROUP_COUNT - 1]);
}

static void put_row(FILE *out, const struct row *row,
		    const unsigned int *widths)
{
	char buf[ADMISSION_GROUP_COUNT][ANSWER_SIZE];
	const char *texts[ADMISSION_GROUP_COUNT];

	for (int i = 0; i < ADMISSION_GROUP_COUNT; i++)
		texts[i] = answer_text(&row->admission.groups[i], buf[i]);
	put_columns(out, widths, texts);
}

static bool is_first_of_its_kind(const struct rows *rows, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (same_answers(&rows->list[i], &rows->list[index]))
			return false;
	return true;
}

/* The names of all rows that are answered alike, on lines of their own */
static int put_names(FILE *out, const struct rows *rows, size_t lead)
{
	cleanup_free char *text = NULL;
	size_t size = 0;
	FILE *names = open_memstream(&text, &size);

	if (!names)
		return -ENOMEM;
	for (size_t i = lead; i < rows->count; i++)
		if (same_answers(&rows->list[i], &rows->list[lead]))
			fprintf(names, "%s%s", i == lead ? "" : ", ",
				rows->list[i].mechanism->name);
	if (fclose(names))
		return -ENOMEM;
	print_wrapped(out, "  ", 2, text);
	return 0;
}

static void measure(const struct rows *rows, unsigned int *widths)
{
	char text[ANSWER_SIZE];

	for (int i = 0; i < ADMISSION_GROUP_COUNT; i++) {
		widths[i] = (unsigned int)strlen(group_titles[i]);
		for (size_t k = 0; k < rows->count; k++) {
			size_t len = strlen(answer_text(
				&rows->list[k].admission.groups[i], text));

			if (len > widths[i])
				widths[i] = (unsigned int)len;
		}
	}
}

static int put_rows(FILE *out, const struct rows *rows, bool longterm)
{
	unsigned int widths[ADMISSION_GROUP_COUNT];
	bool titled = false;
	int ret = 0;

	measure(rows, widths);
	for (size_t i = 0; !ret && i < rows->count; i++) {
		if (is_longterm(&rows->list[i]) != longterm ||
		    !is_first_of_its_kind(rows, i))
			continue;
		if (!titled) {
			fputs(longterm ? "  long-term\n" : "  short-term\n",
			      out);
			put_columns(out, widths, group_titles);
		}
		titled = true;
		ret = put_names(out, rows, i);
		put_row(out, &rows->list[i], widths);
	}
	return ret;
}

static enum admission_policy policy_of(const struct rows *rows)
{
	cleanup_free const struct admission **list =
		calloc(rows->count + 1, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; list && i < rows->count; i++)
		if (is_longterm(&rows->list[i]) &&
		    !(rows->list[i].mechanism->traits & MECH_FAKE))
			list[count++] = &rows->list[i].admission;
	return list ? admission_policy(list, count) : POLICY_UNKNOWN;
}

int admission_print(FILE *out, const struct run *run,
		    const struct run_kernel *kernel)
{
	cleanup(rows_done) struct rows rows = {NULL};
	int ret = rows_build(&rows, run, kernel->release);

	if (ret < 0 || !rows.count)
		return ret;
	fputs("\nADMISSION of pins for writing, ", out);
	print_line(out, kernel->release);
	fputc('\n', out);
	ret = put_rows(out, &rows, true);
	if (!ret)
		ret = put_rows(out, &rows, false);
	print_wrapped(out, "  ", 2, policies[policy_of(&rows)].sentence);
	return ret;
}

/* What was answered: errnos, and "accepted" */
static json_t *answer_json(const struct admission_answer *answer)
{
	json_t *words = json_array();

	for (size_t i = 0; i < ADMISSION_ERRNOS && answer->errnos[i]; i++)
		json_array_append_new(words, journal_text(answer->errnos[i]));
	if (answer->accepted)
		json_array_append_new(words, json_string("accepted"));
	return words;
}

static json_t *row_json(const struct row *row)
{
	json_t *answers = json_object();

	for (int i = 0; i < ADMISSION_GROUP_COUNT; i++)
		json_object_set_new(answers, group_titles[i],
				    answer_json(&row->admission.groups[i]));
	return json_pack("{s:s, s:b, s:o}", "mechanism", row->mechanism->name,
			 "longterm", is_longterm(row), "answers", answers);
}

json_t *admission_json(const struct run *run, const struct run_kernel *kernel)
{
	cleanup(rows_done) struct rows rows = {NULL};
	json_t *list;

	if (rows_build(&rows, run, kernel->release) < 0)
		return NULL;
	list = json_array();
	for (size_t i = 0; i < rows.count; i++)
		json_array_append_new(list, row_json(&rows.list[i]));
	return json_pack("{s:o, s:s, s:o}", "kernel",
			 journal_text(kernel->release), "policy",
			 policies[policy_of(&rows)].word, "mechanisms", list);
}
