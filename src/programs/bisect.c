/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include "programs/bisect.h"

int bisect_option(struct bisect_looking *looking, int option,
		  const char *argument, struct error *error)
{
	int ret = 0;

	switch (option) {
	case 'G':
		conditions_done(&looking->good_when);
		looking->good_given = true;
		ret = conditions_parse(argument, &looking->good_when, error);
		break;
	case 'B':
		conditions_done(&looking->bad_when);
		looking->bad_given = true;
		ret = conditions_parse(argument, &looking->bad_when, error);
		break;
	case 'W':
		looking->either_way = true;
		break;
	case 'L':
		if (lost_from_string(argument, &looking->lost) < 0)
			ret = error_set(
				error, -EINVAL,
				"--lost %s: give skip, bad, abort or auto",
				argument);
		break;
	default:
		return 0;
	}
	return ret < 0 ? ret : 1;
}

void bisect_looking_done(struct bisect_looking *looking)
{
	conditions_done(&looking->good_when);
	conditions_done(&looking->bad_when);
}

void bisect_rule_make(const struct bisect_looking *looking,
		      struct bisect_rule *ret)
{
	*ret = (struct bisect_rule){
		.good_when = looking->good_given ? &looking->good_when : NULL,
		.bad_when = looking->bad_given ? &looking->bad_when : NULL,
		.either_way = looking->either_way,
		.lost = looking->lost,
	};
}

static void tell_answer(FILE *out, const struct change_side *side)
{
	fprintf(out, "%s%s%s", verdict_to_string(side->verdict),
		side->error ? " " : "", side->error ? side->error : "");
}

void bisect_tell_cell(FILE *out, const struct looked_for *cell)
{
	fprintf(out, "%s: good: ", cell->id);
	tell_answer(out, &cell->good.side);
	fputs(", bad: ", out);
	tell_answer(out, &cell->bad.side);
	fprintf(out, "%s%s\n", cell->bad.side.reason[0] ? ": " : "",
		cell->bad.side.reason);
}

static void tell_record(FILE *out, const struct step_answer *answer)
{
	const struct record *record = answer->record;

	fprintf(out, ": %s", record->id);
	fprintf(out, " is %s%s%s", verdict_to_string(record->verdict),
		record->error ? " " : "", record->error ? record->error : "");
	if (record->reason[0])
		fprintf(out, ", %s", record->reason);
}

enum bisect_exit bisect_tell(FILE *out, const struct bisection *bisection,
			     const struct run_side *step)
{
	static const struct {
		const char *word;
		enum bisect_exit code;
	} table[] = {
		[BISECT_GOOD] = {"good", EXIT_BISECT_GOOD},
		[BISECT_BAD] = {"bad", EXIT_BISECT_BAD},
		[BISECT_CANNOT_TELL] = {"cannot tell", EXIT_BISECT_SKIP},
		[BISECT_ABORT] = {"lost", EXIT_BISECT_ABORT},
	};
	struct step_answer answer;
	size_t count;

	bisection_judge(bisection, step, &answer);
	count = answer.counts[answer.step];
	fputs(table[answer.step].word, out);
	if (answer.step != BISECT_GOOD && answer.record)
		tell_record(out, &answer);
	if (answer.why)
		fprintf(out, ": %s", answer.why);
	if (answer.step == BISECT_GOOD)
		fprintf(out, ": %zu cell%s", count, count == 1 ? "" : "s");
	else if (count > 1)
		fprintf(out, " (and %zu more)", count - 1);
	fputc('\n', out);
	return table[answer.step].code;
}

enum bisect_exit bisect_code(FILE *out, const struct run *run)
{
	struct bisect_looking looking = {.good_given = true, .bad_given = true};
	struct bisection bisection = {.rule = NULL};
	enum bisect_exit worst = EXIT_BISECT_GOOD;
	struct bisect_rule rule;

	if (conditions_parse("unexpected", &looking.bad_when, NULL) < 0 ||
	    conditions_parse("as-expected,known-issue,fixed",
			     &looking.good_when, NULL) < 0)
		worst = EXIT_BISECT_ABORT;
	bisect_rule_make(&looking, &rule);
	bisection.rule = &rule;
	for (size_t i = 0; i < run->kernel_count; i++) {
		struct run_side side = {"", run, &run->kernels[i]};
		enum bisect_exit one = bisect_tell(out, &bisection, &side);

		if (one == EXIT_BISECT_BAD || worst == EXIT_BISECT_GOOD)
			worst = one;
	}
	bisect_looking_done(&looking);
	return run->kernel_count ? worst : EXIT_BISECT_SKIP;
}

bool bisect_wanted(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!strcmp(argv[i], "--bisect") ||
		    !strcmp(argv[i], "--exit-style=bisect") ||
		    (!strcmp(argv[i], "--exit-style") && i + 1 < argc &&
		     !strcmp(argv[i + 1], "bisect")))
			return true;
	return false;
}

enum bisect_exit bisect_map(int code)
{
	switch (code) {
	case EXIT_AS_EXPECTED:
		return EXIT_BISECT_GOOD;
	case EXIT_UNEXPECTED:
		return EXIT_BISECT_BAD;
	case EXIT_BISECT_SKIP:
	case EXIT_NOTHING_RAN:
		return EXIT_BISECT_SKIP;
	case EXIT_BAD_USAGE:
		return EXIT_BISECT_USAGE;
	default:
		return code > EXIT_BISECT_ABORT ? (enum bisect_exit)code
						: EXIT_BISECT_ABORT;
	}
}
