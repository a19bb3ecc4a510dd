/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "judge/admission.h"
#include "report/names.h"
#include "report/print.h"
#include "report/reporters.h"

/**
 * struct findings - one kernel, counted
 * @asked: long-term mechanisms that gave an answer where a refusal is due
 * @accepting: those of them whose pin was accepted
 * @exposed: filesystems whose pages they pinned
 * @unwritable: cells that pinned what nobody may write
 * @unanswered: cells where a refusal is due, without an answer
 * @bad: unexpected answers, by verdict
 * @known, @known_short: known issues; with short-term pins
 * @untrusted: the canary says so
 */
struct findings {
	struct names asked;
	struct names accepting;
	struct names exposed;
	size_t unwritable;
	size_t unanswered;
	size_t bad[VERDICT_COUNT];
	size_t known;
	size_t known_short;
	struct tally tally;
	bool untrusted;
};

static bool is_accepted(const struct record *record)
{
	return record->verdict == VERDICT_SAFE ||
	       record->verdict == VERDICT_EXPOSED ||
	       record->verdict == VERDICT_CORRUPT;
}

static int count_longterm(struct findings *found, const struct record *record,
			  const struct cell_id *id)
{
	int ret;

	if (!verdict_is_answer(record->verdict)) {
		found->unanswered++;
		return 0;
	}
	ret = names_add(&found->asked, id->mechanism->name);
	if (ret < 0 || !is_accepted(record))
		return ret;
	ret = names_add(&found->accepting, id->mechanism->name);
	return ret < 0 ? ret : names_add(&found->exposed, id->filesystem->name);
}

static int count_record(struct findings *found, const struct record *record)
{
	struct cell_id id;
	bool known = cell_id_parse(record->id, &id, NULL) == 0;

	if (record->outcome == OUTCOME_KNOWN_ISSUE) {
		found->known++;
		found->known_short +=
			known && (id.mechanism->traits & MECH_SHORT);
	} else if (record_is_failure(record, false)) {
		found->bad[record->verdict]++;
	}
	/* A cell of another version: nobody knows what it owes. */
	if (!known || !cell_id_must_refuse(&id))
		return 0;
	if (admission_group_of(&id) == ADMISSION_UNWRITABLE) {
		found->unwritable += is_accepted(record);
		return 0;
	}
	return count_longterm(found, record, &id);
}

static int count_all(struct findings *found, const struct run *run,
		     const char *kernel)
{
	run_tally(run, kernel, &found->tally);
	for (size_t i = 0; i < run->record_count; i++) {
		int ret = 0;

		if (!strcmp(run->records[i].kernel, kernel))
			ret = count_record(found, &run->records[i]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static size_t answers(const struct findings *found)
{
	size_t count = 0;

	for (enum verdict i = 0; verdict_is_answer(i); i++)
		count += found->tally.verdicts[i];
	return count;
}

/* The word that stands first: the worst that nobody expected. */
static void put_headline(FILE *out, const struct findings *found, bool color)
{
	static const struct {
		enum verdict verdict;
		const char *word;
	} words[] = {
		{VERDICT_OOPS, "OOPS"},	      {VERDICT_CORRUPT, "CORRUPT"},
		{VERDICT_EXPOSED, "EXPOSED"}, {VERDICT_REFUSED, "UNEXPECTED"},
		{VERDICT_SAFE, "UNEXPECTED"},
	};

	if (found->accepting.count) {
		fprintf(out, " %sEXPOSED%s:", style_on(color, VERDICT_EXPOSED),
			style_off(color));
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!found->bad[words[i].verdict])
			continue;
		fprintf(out, " %s%s%s:", style_on(color, words[i].verdict),
			words[i].word, style_off(color));
		return;
	}
}

static void put_names(FILE *out, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		fprintf(out, "%s%s", i ? ", " : "", names->list[i]);
}

/* Clauses are separated by semicolons; the first one has none before it. */
static FILE *clause(FILE *out, bool *begun)
{
	fputs(*begun ? "; " : " ", out);
	*begun = true;
	return out;
}

static void put_longterm(FILE *out, const struct findings *found, bool *begun)
{
	if (found->accepting.count) {
		fprintf(clause(out, begun),
			"%zu of %zu long-term mechanisms may pin and write "
			"pages of ",
			found->accepting.count, found->asked.count);
		put_names(out, &found->exposed);
		fputs(" (", out);
		put_names(out, &found->accepting);
		fputc(')', out);
	} else if (found->asked.count) {
		fprintf(clause(out, begun),
			"refuses every long-term writable pin%s",
			found->unanswered ? " that was tried" : "");
	}
}

static void put_count(FILE *out, bool *begun, size_t count, const char *one,
		      const char *many)
{
	if (count)
		fprintf(clause(out, begun), "%zu %s", count,
			count == 1 ? one : many);
}

static void put_bad(FILE *out, const struct findings *found, bool *begun)
{
	put_count(out, begun, found->bad[VERDICT_CORRUPT], "cell corrupts data",
		  "cells corrupt data");
	put_count(out, begun, found->bad[VERDICT_OOPS],
		  "cell makes the kernel warn or crash",
		  "cells make the kernel warn or crash");
	put_count(out, begun, found->bad[VERDICT_REFUSED],
		  "pin that must work is refused",
		  "pins that must work are refused");
	put_count(out, begun, found->unwritable,
		  "pin of what nobody may write is accepted",
		  "pins of what nobody may write are accepted");
	/* Cells that this program knows are told of as long-term mechanisms. */
	if (!found->accepting.count && !found->unwritable)
		put_count(out, begun,
			  found->bad[VERDICT_SAFE] +
				  found->bad[VERDICT_EXPOSED],
			  "pin that must be refused is accepted",
			  "pins that must be refused are accepted");
}

static void put_known(FILE *out, const struct findings *found, bool *begun)
{
	if (!found->known)
		return;
	put_count(out, begun, found->known, "known issue", "known issues");
	if (found->known == found->known_short)
		fputs(" with short-term pins", out);
}

static void put_rest(FILE *out, const struct findings *found, bool *begun)
{
	const struct tally *tally = &found->tally;
	size_t not_run = found->bad[VERDICT_SKIPPED];

	put_count(out, begun, tally->outcomes[OUTCOME_FIXED],
		  "better than known", "better than known");
	put_count(out, begun, tally->verdicts[VERDICT_HUNG], "cell hung",
		  "cells hung");
	put_count(out, begun, tally->verdicts[VERDICT_VANISHED],
		  "cell lost with the machine", "cells lost with the machine");
	put_count(out, begun, tally->verdicts[VERDICT_BROKEN],
		  "cell broken by the harness", "cells broken by the harness");
	put_count(out, begun, not_run, "cell not run", "cells not run");
	put_count(out, begun, tally->verdicts[VERDICT_SKIPPED] - not_run,
		  "cell skipped", "cells skipped");
}

static void put_sentence(FILE *out, const struct findings *found,
			 const struct run_kernel *kernel,
			 const struct report_options *options)
{
	bool color = options->color, begun = false;
	size_t answered = answers(found);
	bool all_skipped =
		found->tally.verdicts[VERDICT_SKIPPED] == found->tally.total;

	fputs(style_bold(color), out);
	print_line(out, kernel->release);
	fprintf(out, "%s:", style_off(color));
	if (found->untrusted)
		fprintf(out, " %sNOT TO BE TRUSTED%s:",
			style_on(color, VERDICT_BROKEN), style_off(color));
	put_headline(out, found, color);
	if (!answered)
		fputs(all_skipped ? " nothing could run" : " no answer", out);
	begun = !answered;
	put_longterm(out, found, &begun);
	put_bad(out, found, &begun);
	put_known(out, found, &begun);
	if (!begun)
		put_count(out, &begun, answered, "answer as expected",
			  "answers, all as expected");
	put_rest(out, found, &begun);
	if (!kernel->finished)
		fputs("; the run did not come to its end", out);
	fputs(".\n", out);
}

int summary_print(FILE *out, const struct run *run,
		  const struct run_kernel *kernel,
		  const struct report_options *options)
{
	struct findings found = {.unanswered = 0};
	int ret = count_all(&found, run, kernel->release);

	found.untrusted = run_canary_broken(run, kernel);
	if (!ret)
		put_sentence(out, &found, kernel, options);
	names_done(&found.asked);
	names_done(&found.accepting);
	names_done(&found.exposed);
	return ret;
}
