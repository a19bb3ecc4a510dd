/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * GitHub-flavoured Markdown, for the page on which a CI shows what a job found.
 * Cells that tell the same stand together. Code that others wrote is indented
 * by four, which nothing in it can end.
 */

#include <errno.h>

#include "base/cleanup.h"
#include "report/alone.h"
#include "report/escape.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/sections.h"

/* A page of a CI is cut off at a megabyte; the journal has it all. */
#define CELLS_MAX 50
#define LINES_MAX 10

/** struct page - what every part needs */
struct page {
	FILE *out;
	const struct run *run;
	const struct report_options *options;
	struct results results;
};

static void put_table(const struct page *page)
{
	fputs("| kernel |", page->out);
	for (const struct section *at = sections; at->title; at++)
		if (section_count(at, &page->results, NULL))
			fprintf(page->out, " %s |", at->many);
	fputs("\n| --- |", page->out);
	for (const struct section *at = sections; at->title; at++)
		if (section_count(at, &page->results, NULL))
			fputs(" ---: |", page->out);
	fputc('\n', page->out);
	for (size_t i = 0; i < page->run->kernel_count; i++) {
		const struct run_kernel *kernel = &page->run->kernels[i];

		fputs("| ", page->out);
		escape_markdown(page->out, kernel->release);
		fputs(" |", page->out);
		for (const struct section *at = sections; at->title; at++)
			if (section_count(at, &page->results, NULL))
				fprintf(page->out, " %zu |",
					section_count(at, &page->results,
						      kernel));
		fputc('\n', page->out);
	}
	fputc('\n', page->out);
}

/* The sentence that all formats for people have. */
static int put_summary(const struct page *page, const struct run_kernel *kernel)
{
	const struct report_options plain = {.strict = page->options->strict};
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&line, &size);
	int ret;

	if (!text)
		return -ENOMEM;
	ret = summary_print(text, page->run, kernel, &plain);
	if (fclose(text) || ret < 0)
		return -ENOMEM;
	if (size)
		line[size - 1] = '\0';
	fputs("- ", page->out);
	escape_markdown(page->out, line);
	fputc('\n', page->out);
	return 0;
}

static void put_cells(const struct page *page,
		      const struct result_entry *leader)
{
	const struct results *results = &page->results;
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++) {
		const struct result_entry *entry = &results->list[i];

		if (!results_alike(leader, entry))
			continue;
		if (count++ < CELLS_MAX)
			fprintf(page->out, "- `%s`\n", entry->name);
	}
	if (count > CELLS_MAX)
		fprintf(page->out, "- and %zu more\n", count - CELLS_MAX);
}

static void put_code(FILE *out, const char *text)
{
	fputs("    ", out);
	print_line(out, text);
	fputc('\n', out);
}

static void put_story(const struct page *page, const struct result_entry *entry)
{
	const struct record *record = entry->record;

	fprintf(page->out, "\n<details><summary>%s</summary>\n\n",
		record->evidence_count ? "Evidence, and the command"
				       : "The command");
	for (size_t i = 0; i < record->evidence_count; i++) {
		if (i == LINES_MAX) {
			fprintf(page->out, "    ... %zu more\n",
				record->evidence_count - i);
			break;
		}
		put_code(page->out, record->evidence[i]);
	}
	/* else the two would be one piece of code */
	fputs(record->evidence_count ? "\n<!-- -->\n\n    " : "    ",
	      page->out);
	alone_put(page->out, page->run, entry->kernel, record->id);
	fputs("\n\n</details>\n", page->out);
}

static size_t count_alike(const struct page *page,
			  const struct result_entry *leader)
{
	size_t count = 0;

	for (size_t i = 0; i < page->results.count; i++)
		count += results_alike(leader, &page->results.list[i]);
	return count;
}

static void put_group(const struct page *page, const struct section *section,
		      const struct result_entry *leader)
{
	fprintf(page->out, "\n**%s**", result_word(leader));
	if (leader->record->error) {
		fputc(' ', page->out);
		escape_markdown(page->out, leader->record->error);
	}
	fputs(": ", page->out);
	escape_markdown(page->out, leader->text);
	fputs("\n\n", page->out);
	put_cells(page, leader);
	if (section->story)
		put_story(page, leader);
}

/* How many cells for which reason, and what is wrong with a whole kernel. */
static void put_count(const struct page *page,
		      const struct result_entry *leader)
{
	if (leader->record) {
		fprintf(page->out, "- %zu: ", count_alike(page, leader));
	} else {
		fputs("- ", page->out);
		escape_markdown(page->out, leader->kernel->release);
		fprintf(page->out, ": **%s**: ", result_word(leader));
	}
	escape_markdown(page->out, leader->text);
	fputc('\n', page->out);
}

static void put_section(const struct page *page, const struct section *section)
{
	const struct results *results = &page->results;
	size_t count = section_count(section, results, NULL);

	/* what is as expected needs no words */
	if (section->results == 1 << RESULT_PASS ||
	    section_is_empty(section, results))
		return;
	fprintf(page->out, "\n### %s", section->title);
	if (count)
		fprintf(page->out, " (%zu)", count);
	fputs(section->cells ? "\n" : "\n\n", page->out);
	for (size_t i = 0; i < results->count; i++) {
		const struct result_entry *leader = &results->list[i];

		if (!section_has(section, leader) || !results_lead(results, i))
			continue;
		if (section->cells)
			put_group(page, section, leader);
		else
			put_count(page, leader);
	}
}

static void put_head(const struct page *page)
{
	fputs("## gupcheck: ", page->out);
	sections_headline(page->out, &page->results);
	fputs("\n\n", page->out);
	if (page->run->kernel_count)
		put_table(page);
}

int report_markdown(FILE *out, const struct run *run,
		    const struct report_options *options)
{
	cleanup(results_done) struct results results = {NULL};
	struct page page = {out, run, options};
	int ret = results_build(&results, run, &name_style_lines,
				options->strict);

	if (ret < 0)
		return ret;
	page.results = results;
	put_head(&page);
	for (size_t i = 0; !ret && i < run->kernel_count; i++)
		ret = put_summary(&page, &run->kernels[i]);
	for (const struct section *at = sections; at->title; at++)
		put_section(&page, at);
	fputs("\ngupcheck ", out);
	escape_markdown(out, run->version ? run->version : "?");
	if (run->time) {
		fputs(", ", out);
		escape_markdown(out, run->time);
	}
	fputc('\n', out);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}
