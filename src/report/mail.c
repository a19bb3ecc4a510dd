/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Plain text of one run for a mail to a kernel list: the first line is fit to
 * be the subject, cells that tell the same stand together, and only what others
 * wrote is wider than a mail.
 */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/alone.h"
#include "report/compare.h"
#include "report/names.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/sections.h"

#define MAIL_COLUMNS 72

/* Of one group; the journal has them all. */
#define LINES_MAX 50

/** struct mail - what every part needs */
struct mail {
	FILE *out;
	const struct run *run;
	const struct report_options *options;
	struct results results;
};

/* What others wrote: on one line, without control characters. */
static int put_wrapped(const struct mail *mail, const char *first,
		       unsigned int indent, const char *text)
{
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return -ENOMEM;
	print_line(out, text);
	if (fclose(out))
		return -ENOMEM;
	print_wrapped_at(mail->out, MAIL_COLUMNS, first, indent, line);
	return 0;
}

/* The sentence that all formats for people have. */
static int put_summary(const struct mail *mail, const struct run_kernel *kernel)
{
	const struct report_options plain = {.strict = mail->options->strict};
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);
	int ret;

	if (!out)
		return -ENOMEM;
	ret = summary_print(out, mail->run, kernel, &plain);
	if (fclose(out) || ret < 0)
		return -ENOMEM;
	return put_wrapped(mail, "", 2, line);
}

static int put_head(const struct mail *mail)
{
	const struct run *run = mail->run;
	int ret = 0;

	fputs("gupcheck: ", mail->out);
	sections_headline(mail->out, &mail->results);
	fputs("\n\n", mail->out);
	for (size_t i = 0; i < run->kernel_count; i++) {
		fputs("Kernel: ", mail->out);
		compare_put_kernel(mail->out, &run->kernels[i]);
		fputc('\n', mail->out);
	}
	fputc('\n', mail->out);
	for (size_t i = 0; !ret && i < run->kernel_count; i++)
		ret = put_summary(mail, &run->kernels[i]);
	return ret;
}

static size_t count_alike(const struct mail *mail,
			  const struct result_entry *leader)
{
	size_t count = 0;

	for (size_t i = 0; i < mail->results.count; i++)
		count += results_alike(leader, &mail->results.list[i]);
	return count;
}

/* Whether two cells differ in nothing but the filesystem. */
static bool same_line(const struct result_entry *a,
		      const struct result_entry *b)
{
	struct id_parts one, two;

	id_split(a->id, &one);
	id_split(b->id, &two);
	return a->kernel == b->kernel && !strcmp(one.row, two.row) &&
	       !strcmp(one.scenario, two.scenario) &&
	       strcmp(one.filesystem, "?") != 0;
}

/* Entry @index or one behind it that shares its line; NULL at the end. */
static const struct result_entry *next_of_line(const struct mail *mail,
					       size_t index, size_t *at)
{
	const struct result_entry *first = &mail->results.list[index];

	for (; *at < mail->results.count; (*at)++) {
		const struct result_entry *entry = &mail->results.list[*at];

		if (entry == first ||
		    (results_alike(first, entry) && same_line(first, entry)))
			return &mail->results.list[(*at)++];
	}
	return NULL;
}

/* `mechanism/{ext4,xfs}/scenario@variant [kernel]` */
static void put_line(const struct mail *mail, size_t index)
{
	const struct result_entry *first = &mail->results.list[index];
	const struct result_entry *entry;
	struct id_parts parts;
	size_t at = index + 1;
	const char *separator;

	if (!next_of_line(mail, index, &at)) {
		fprintf(mail->out, "  %s\n", first->name);
		return;
	}
	fprintf(mail->out, "  %.*s/", (int)strcspn(first->name, "/"),
		first->name);
	at = index;
	for (separator = "{"; (entry = next_of_line(mail, index, &at));
	     separator = ",") {
		id_split(entry->id, &parts);
		fputs(separator, mail->out);
		print_line(mail->out, parts.filesystem);
	}
	/* what stands behind the second slash of a name */
	fprintf(mail->out, "}%s\n", strchr(strchr(first->name, '/') + 1, '/'));
}

/* Whether an earlier line of the group has the cell. */
static bool is_in_line(const struct mail *mail, size_t index)
{
	const struct result_entry *entry = &mail->results.list[index];

	for (size_t i = 0; i < index; i++)
		if (results_alike(&mail->results.list[i], entry) &&
		    same_line(&mail->results.list[i], entry))
			return true;
	return false;
}

static void put_cells(const struct mail *mail,
		      const struct result_entry *leader)
{
	size_t count = 0;

	for (size_t i = 0; i < mail->results.count; i++) {
		if (!results_alike(leader, &mail->results.list[i]) ||
		    is_in_line(mail, i))
			continue;
		if (count++ < LINES_MAX)
			put_line(mail, i);
	}
	if (count > LINES_MAX)
		fprintf(mail->out, "  ... and %zu more such lines\n",
			count - LINES_MAX);
}

static void put_command(const struct mail *mail,
			const struct result_entry *entry)
{
	struct command_line line = {
		.out = mail->out,
		.columns = MAIL_COLUMNS,
		.indent = 2,
	};

	fputs("\n  ", mail->out);
	alone_add(&line, mail->run, entry->kernel, entry->record->id);
	fputc('\n', mail->out);
}

static void put_story(const struct mail *mail, const struct result_entry *entry)
{
	const struct record *record = entry->record;

	if (record->evidence_count)
		fputc('\n', mail->out);
	for (size_t i = 0; i < record->evidence_count; i++) {
		if (i == COMPARE_EVIDENCE_LINES) {
			fprintf(mail->out, "  | ... %zu more\n",
				record->evidence_count - i);
			break;
		}
		fputs("  | ", mail->out);
		print_line(mail->out, record->evidence[i]);
		fputc('\n', mail->out);
	}
	put_command(mail, entry);
}

static void put_upper(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(toupper(*text), out);
}

/* `UNEXPECTED: refused EPERM: reason` */
static int put_title(const struct mail *mail, const struct section *section,
		     const struct result_entry *leader)
{
	const struct record *record = leader->record;
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return -ENOMEM;
	put_upper(out, section->title);
	fprintf(out, ": %s", result_word(leader));
	if (record->error)
		fprintf(out, " %s", record->error);
	fprintf(out, ": %s", leader->text);
	if (fclose(out))
		return -ENOMEM;
	fputc('\n', mail->out);
	return put_wrapped(mail, "", 2, line);
}

static int put_group(const struct mail *mail, const struct section *section,
		     const struct result_entry *leader)
{
	int ret = put_title(mail, section, leader);

	if (ret < 0)
		return ret;
	fputc('\n', mail->out);
	put_cells(mail, leader);
	if (section->story)
		put_story(mail, leader);
	return 0;
}

/* How many cells for which reason, and what is wrong with a whole kernel. */
static int put_count(const struct mail *mail, const struct result_entry *leader)
{
	cleanup_free char *line = NULL;
	char count[32];

	if (leader->record) {
		snprintf(count, sizeof(count), "%6zu ",
			 count_alike(mail, leader));
		return put_wrapped(mail, count, 7, leader->text);
	}
	if (asprintf(&line, "%s: %s: %s", leader->kernel->release,
		     result_word(leader), leader->text) < 0)
		return -ENOMEM;
	return put_wrapped(mail, "     - ", 7, line);
}

static int put_section(const struct mail *mail, const struct section *section)
{
	const struct results *results = &mail->results;
	int ret = 0;

	/* what is as expected needs no words */
	if (section->results == 1 << RESULT_PASS ||
	    section_is_empty(section, results))
		return 0;
	if (!section->cells) {
		fputc('\n', mail->out);
		put_upper(mail->out, section->title);
		fputs("\n\n", mail->out);
	}
	for (size_t i = 0; !ret && i < results->count; i++) {
		const struct result_entry *leader = &results->list[i];

		if (!section_has(section, leader) || !results_lead(results, i))
			continue;
		ret = section->cells ? put_group(mail, section, leader)
				     : put_count(mail, leader);
	}
	return ret;
}

int report_mail(FILE *out, const struct run *run,
		const struct report_options *options)
{
	cleanup(results_done) struct results results = {NULL};
	struct mail mail = {out, run, options};
	int ret = results_build(&results, run, &name_style_lines,
				options->strict);

	if (ret < 0)
		return ret;
	mail.results = results;
	ret = put_head(&mail);
	for (const struct section *at = sections; !ret && at->title; at++)
		ret = put_section(&mail, at);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}
