/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What all formats share, and the text for a terminal. */
#include <errno.h>
#include <string.h>

#include "report/compare.h"
#include "report/print.h"

const struct comparer comparers[] = {
	{"text", compare_text},
	{"mail", compare_mail},
	{"json", compare_json},
	{NULL, NULL},
};

const struct compare_section compare_sections[] = {
	{CHANGE_WORSE, false, "WORSE", "WORSE"},
	{CHANGE_WORSE, true, "WORSE, KNOWN ISSUES", NULL},
	{CHANGE_BETTER, false, "BETTER", "BETTER"},
	{CHANGE_ERRNO, false, "ERRNO CHANGED", "ERRNO CHANGED"},
	{CHANGE_REASON, false, "REASON CHANGED", "REASON CHANGED"},
	{CHANGE_CANNOT_TELL, false, "CANNOT TELL", "CANNOT TELL"},
	{CHANGE_NOISE, false, "NOISE", "NOISE"},
	{CHANGE_ONLY_OLD, false, "ONLY IN OLD", "ONLY IN OLD"},
	{CHANGE_ONLY_NEW, false, "ONLY IN NEW", "ONLY IN NEW"},
	{CHANGE_COUNT, false, NULL, NULL},
};

const struct comparer *comparer_find(const char *name)
{
	for (const struct comparer *at = comparers; at->name; at++)
		if (!strcmp(at->name, name))
			return at;
	return NULL;
}

const char *compare_section_title(const struct compare_section *section,
				  bool strict)
{
	return strict ? section->strict_title : section->title;
}

bool compare_section_has(const struct compare_section *section,
			 const struct pair *pair, bool strict)
{
	return pair->change == section->change &&
	       (strict || pair->known == section->known);
}

const struct record *compare_shown(const struct pair *pair)
{
	return pair->new ? pair->new : pair->old;
}

const struct run_side *compare_side(const struct comparison *comparison,
				    const struct pair *pair)
{
	return pair->new ? &comparison->new : &comparison->old;
}

void compare_put_counts(FILE *out, const struct comparison *comparison,
			bool strict, const char *between)
{
	const size_t *counts = comparison->counts;
	const struct {
		size_t count;
		const char *word;
	} parts[] = {
		{strict ? 0 : comparison->known, "worse in a known way"},
		{counts[CHANGE_BETTER], "better"},
		{counts[CHANGE_ERRNO], "with another errno"},
		{counts[CHANGE_REASON], "bad for another reason"},
		{counts[CHANGE_CANNOT_TELL], "that cannot be compared"},
		{counts[CHANGE_NOISE], "that differ from run to run"},
		{counts[CHANGE_ONLY_OLD], "only in OLD"},
		{counts[CHANGE_ONLY_NEW], "only in NEW"},
		{counts[CHANGE_SAME], "the same"},
		{counts[CHANGE_UNANSWERED], "without an answer on either side"},
	};

	fprintf(out, "%zu worse", comparison_worse(comparison, strict));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].count)
			fprintf(out, "%s%zu %s", between, parts[i].count,
				parts[i].word);
}

void compare_put_answer(FILE *out, const struct record *record, bool color,
			bool outcome)
{
	if (!record) {
		fputs("nothing", out);
		return;
	}
	fprintf(out, "%s%s%s", style_on(color, record->verdict),
		record_word(record), style_off(color));
	if (record->error) {
		fputc(' ', out);
		print_line(out, record->error);
	}
	if (outcome && record->outcome != OUTCOME_NONE)
		fprintf(out, " (%s)", outcome_to_string(record->outcome));
}

void compare_put_kernel(FILE *out, const struct run_kernel *kernel)
{
	print_line(out, kernel->release);
	if (kernel->machine && kernel->accelerator)
		print_lines(out, " (", kernel->machine, ", ",
			    kernel->accelerator, ")");
	if (!kernel->finished)
		fputs(", did not come to its end", out);
}

static void put_canary(FILE *out, const struct run_side *side, const char *word)
{
	for (size_t i = 0; i < run_side_count(side); i++) {
		struct run_repeat at = run_side_at(side, i);

		if (!run_canary_broken(at.run, at.kernel))
			continue;
		fprintf(out, "  %s: the cell that corrupts on purpose was ",
			word);
		if (at.kernel->canary_seen)
			fprintf(out, "judged %s\n",
				verdict_to_string(at.kernel->canary));
		else
			fputs("not run\n", out);
	}
}

void compare_put_canaries(FILE *out, const struct comparison *comparison)
{
	if (comparison_trusted(comparison))
		return;
	fputs("\nNOT TO BE TRUSTED\n", out);
	put_canary(out, &comparison->old, "OLD");
	put_canary(out, &comparison->new, "NEW");
}

static void put_side(FILE *out, const struct run_side *side, const char *word)
{
	fprintf(out, "%s: ", word);
	compare_put_kernel(out, side->kernel);
	fputs(", ", out);
	compare_put_config(out, side->kernel);
	compare_put_run_count(out, side);
	fputs(", ", out);
	print_line(out, side->name);
	if (side->run->time) {
		fputs(", ", out);
		print_line(out, side->run->time);
	}
	fputc('\n', out);
}

static const char *headline(const struct comparison *comparison, bool strict)
{
	if (!comparison_trusted(comparison))
		return "NOT TO BE TRUSTED";
	if (comparison_worse(comparison, strict))
		return "WORSE";
	if (!strict && comparison->known)
		return "WORSE IN A KNOWN WAY ONLY";
	return comparison->answered ? "NOTHING GOT WORSE" : "CANNOT TELL";
}

static void put_head(FILE *out, const struct comparison *comparison,
		     const struct report_options *options)
{
	fprintf(out, "%s%s%s: ", style_bold(options->color),
		headline(comparison, options->strict),
		style_off(options->color));
	compare_put_counts(out, comparison, options->strict, ", ");
	fputc('\n', out);
	put_side(out, &comparison->old, "OLD");
	put_side(out, &comparison->new, "NEW");
	if (compare_configs_differ(comparison))
		fputs(COMPARE_CONFIGS_DIFFER "\n", out);
}

static void put_evidence(FILE *out, const struct comparison *comparison,
			 const struct record *record)
{
	for (size_t i = 0; i < record->evidence_count; i++) {
		if (i == COMPARE_EVIDENCE_LINES) {
			fprintf(out, "      | ... %zu more\n",
				record->evidence_count - i);
			return;
		}
		compare_put_message(out, "      | ", record->evidence[i],
				    comparison->places);
	}
}

static void put_line(FILE *out, const char *before, const char *text)
{
	fputs(before, out);
	print_line(out, text);
	fputc('\n', out);
}

static void put_reasons(FILE *out, const struct comparison *comparison,
			const struct pair *pair)
{
	if (pair->why)
		put_line(out, "      ", pair->why);
	compare_put_runs(out, comparison, pair, "      ");
	/* what was said before is wanted where words alone do not tell */
	if (compare_tells_both(pair)) {
		put_line(out, "      old: ", pair->old->reason);
		put_line(out, "      new: ", pair->new->reason);
	} else {
		put_line(out, "      ", pair->new->reason);
	}
}

static void put_pair(FILE *out, const struct comparison *comparison,
		     const struct pair *pair,
		     const struct report_options *options)
{
	const struct record *record = compare_shown(pair);
	struct command_line line = {.out = out};

	fputs("  ", out);
	print_line(out, record->id);
	fputs(": ", out);
	if (!pair->old || !pair->new) {
		compare_put_answer(out, record, options->color,
				   !options->strict);
		fputc('\n', out);
		return;
	}
	compare_put_answer(out, pair->old, options->color, !options->strict);
	fputs(" -> ", out);
	compare_put_answer(out, pair->new, options->color, !options->strict);
	fputc('\n', out);
	put_reasons(out, comparison, pair);
	put_evidence(out, comparison, record);
	fputs("      alone: ", out);
	compare_put_again(&line, compare_side(comparison, pair), record);
	fputc('\n', out);
}

static void put_section(FILE *out, const struct comparison *comparison,
			const struct compare_section *section,
			const struct report_options *options)
{
	const char *title = compare_section_title(section, options->strict);
	bool titled = false;

	for (size_t i = 0; title && i < comparison->count; i++) {
		const struct pair *pair = &comparison->pairs[i];

		if (!compare_section_has(section, pair, options->strict))
			continue;
		if (!titled)
			fprintf(out, "\n%s%s%s\n", style_bold(options->color),
				title, style_off(options->color));
		titled = true;
		put_pair(out, comparison, pair, options);
	}
}

int compare_text(FILE *out, const struct comparison *comparison,
		 const struct report_options *options)
{
	put_head(out, comparison, options);
	for (const struct compare_section *at = compare_sections; at->title;
	     at++)
		put_section(out, comparison, at, options);
	if (comparison->not_decoded)
		put_line(out,
			 "\nStacks are not decoded: ", comparison->not_decoded);
	compare_put_canaries(out, comparison);
	return ferror(out) ? -EIO : 0;
}
