/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner/bisection.h"

static struct bisect_answer answer_of(const struct run_side *side,
				      const struct record *record)
{
	return (struct bisect_answer){
		.side = {run_cut_off(side->kernel, record) ? VERDICT_SKIPPED
							   : record->verdict,
			 record->error, record->reason},
		.outcome = record->outcome,
	};
}

static const struct record *find(const struct run_side *side, const char *id)
{
	return run_find(side->run, side->kernel->release, id);
}

static struct looked_for *find_cell(const struct bisection *bisection,
				    const char *id)
{
	for (size_t i = 0; i < bisection->count; i++)
		if (!strcmp(bisection->cells[i].id, id))
			return &bisection->cells[i];
	return NULL;
}

/* The cell with its first answer at the good end that @bad differs from. */
static bool tells_apart(const struct bisection *bisection,
			const struct bisection_end *good,
			const struct run_side *bad, const struct record *record,
			struct looked_for *ret)
{
	*ret = (struct looked_for){
		.id = record->id,
		.duty = duty_of(record->id),
		.bad = answer_of(bad, record),
		.shown = record,
	};
	for (size_t i = 0; i < good->count; i++) {
		const struct run_side *side = &good->runs[i];
		const struct record *was = find(side, record->id);

		if (!was)
			continue;
		ret->good = answer_of(side, was);
		if (bisect_looked_for(bisection->rule, ret->duty, &ret->good,
				      &ret->bad))
			return true;
	}
	return false;
}

/* Adds what one run of the bad end shows. */
static void look(struct bisection *bisection, const struct bisection_end *good,
		 const struct run_side *bad)
{
	bool seen = false;

	for (size_t i = 0; i < bad->run->record_count; i++) {
		const struct record *record = &bad->run->records[i];
		struct looked_for found, *cell;

		if (strcmp(record->kernel, bad->kernel->release) != 0 ||
		    !tells_apart(bisection, good, bad, record, &found))
			continue;
		cell = find_cell(bisection, record->id);
		if (!cell) {
			cell = &bisection->cells[bisection->count++];
			*cell = found;
		}
		cell->seen++;
		seen = true;
	}
	bisection->seen += seen;
}

static size_t find_cells(struct bisection *bisection,
			 const struct bisection_end *good,
			 const struct bisection_end *bad)
{
	bisection->count = 0;
	bisection->seen = 0;
	for (size_t i = 0; i < bad->count; i++)
		look(bisection, good, &bad->runs[i]);
	return bisection->count;
}

static int check_trust(const struct bisection_end *end, const char *name,
		       struct error *error)
{
	for (size_t i = 0; i < end->count; i++)
		if (run_canary_broken(end->runs[i].run, end->runs[i].kernel))
			return error_set(
				error, -EINVAL,
				"the %s end, %s: its results cannot be trusted: the canary was not seen to be corrupt",
				name, end->runs[i].name);
	return 0;
}

static size_t answers(const struct bisection_end *end)
{
	size_t count = 0;

	for (size_t i = 0; i < end->count; i++) {
		const struct run_side *side = &end->runs[i];

		for (size_t k = 0; k < side->run->record_count; k++) {
			const struct record *record = &side->run->records[k];

			count += !strcmp(record->kernel,
					 side->kernel->release) &&
				 verdict_is_answer(record->verdict);
		}
	}
	return count;
}

/* Why nothing tells the ends apart. Uses up @bisection. */
static int explain_alike(struct bisection *bisection,
			 const struct bisection_end *good,
			 const struct bisection_end *bad, struct error *error)
{
	static const struct bisect_rule either = {.either_way = true};

	if (!answers(good) || !answers(bad))
		return error_set(
			error, -EINVAL,
			"the %s end, %s, answers nothing: gupcheck report %s tells why",
			answers(good) ? "bad" : "good",
			(answers(good) ? bad : good)->runs[0].name,
			(answers(good) ? bad : good)->runs[0].name);
	if (find_cells(bisection, bad, good))
		return error_set(
			error, -EINVAL,
			"the ends are swapped: %s is what is looked for at the good end, and not at the bad one: swap them, or, to find what mended it, begin with git bisect start --term-old=broken --term-new=mended",
			bisection->cells[0].id);
	bisection->rule = &either;
	if (find_cells(bisection, good, bad))
		return error_set(
			error, -EINVAL,
			"nothing got worse: %s is %s at the good end and %s at the bad one: say with --good-when and --bad-when what is looked for",
			bisection->cells[0].id,
			verdict_to_string(
				bisection->cells[0].good.side.verdict),
			verdict_to_string(
				bisection->cells[0].bad.side.verdict));
	return error_set(
		error, -EINVAL,
		"the ends are alike: no cell answers differently: choose other ends or other cells, or say with --good-when and --bad-when what is looked for");
}

/* What is bad at times at the good end, too, names no commit. */
static int check_good(const struct bisection *bisection,
		      const struct bisection_end *good, struct error *error)
{
	for (size_t i = 0; i < good->count; i++) {
		struct step_answer answer;

		bisection_judge(bisection, &good->runs[i], &answer);
		if (answer.step == BISECT_BAD)
			return error_set(
				error, -EINVAL,
				"the good end, %s, is bad as well: %s is %s: choose an older one",
				good->runs[i].name, answer.record->id,
				verdict_to_string(answer.record->verdict));
	}
	return 0;
}

static size_t all_records(const struct bisection_end *end)
{
	size_t count = 0;

	for (size_t i = 0; i < end->count; i++)
		count += end->runs[i].run->record_count;
	return count;
}

int bisection_begin(const struct bisect_rule *rule,
		    const struct bisection_end *good,
		    const struct bisection_end *bad, struct bisection *ret,
		    struct error *error)
{
	int result = check_trust(good, "good", error);

	*ret = (struct bisection){.rule = rule, .bad_runs = bad->count};
	if (!result)
		result = check_trust(bad, "bad", error);
	if (result < 0)
		return result;
	ret->cells = calloc(all_records(good) + all_records(bad) + 1,
			    sizeof(*ret->cells));
	if (!ret->cells)
		return error_set(error, -ENOMEM, "the ends:");
	if (!find_cells(ret, good, bad))
		return explain_alike(ret, good, bad, error);
	return check_good(ret, good, error);
}

/* The length of what stands before the filesystem in an id. */
static size_t mechanism_len(const char *id)
{
	return strcspn(id, "/");
}

static bool same_answer(const struct change_side *a,
			const struct change_side *b)
{
	return a->verdict == b->verdict &&
	       (a->error && b->error ? !strcmp(a->error, b->error)
				     : a->error == b->error);
}

static bool same_kind(const struct looked_for *a, const struct looked_for *b)
{
	size_t len = mechanism_len(a->id);

	return len == mechanism_len(b->id) && !memcmp(a->id, b->id, len) &&
	       same_answer(&a->good.side, &b->good.side) &&
	       same_answer(&a->bad.side, &b->bad.side);
}

bool bisection_leads(const struct bisection *bisection,
		     const struct looked_for *cell)
{
	for (size_t i = 0; i < bisection->count; i++) {
		const struct looked_for *other = &bisection->cells[i];

		if (other == cell || !same_kind(other, cell))
			continue;
		/* one that is not always bad stands for nobody */
		if (other->seen != cell->seen ? other->seen > cell->seen
		    : other->shown->seconds != cell->shown->seconds
			    ? other->shown->seconds < cell->shown->seconds
			    : other < cell)
			return false;
	}
	return true;
}

void bisection_done(struct bisection *bisection)
{
	free(bisection->cells);
	*bisection = (struct bisection){.count = 0};
}

static void take(struct step_answer *answer, enum bisect_step step,
		 const struct record *record, const char *why)
{
	/* what says more comes first */
	static const int weight[] = {
		[BISECT_GOOD] = 0,
		[BISECT_CANNOT_TELL] = 1,
		[BISECT_ABORT] = 2,
		[BISECT_BAD] = 3,
	};

	answer->counts[step]++;
	if (answer->record && weight[step] <= weight[answer->step])
		return;
	answer->step = step;
	answer->record = record;
	answer->why = why;
}

static void judge_record(const struct bisection *bisection,
			 const struct run_side *side,
			 const struct record *record, struct step_answer *ret)
{
	const struct looked_for *cell = NULL;
	struct bisect_answer answer = answer_of(side, record);
	const char *why;
	enum bisect_step step;

	if (bisection->cells) {
		cell = find_cell(bisection, record->id);
		if (!cell)
			return;
	}
	step = bisect_judge(bisection->rule, duty_of(record->id),
			    cell ? &cell->good : NULL, cell ? &cell->bad : NULL,
			    &answer, &why);
	take(ret, step, record, why);
}

void bisection_judge(const struct bisection *bisection,
		     const struct run_side *step, struct step_answer *ret)
{
	const struct run *run = step->run;

	*ret = (struct step_answer){.step = BISECT_GOOD};
	for (size_t i = 0; i < run->record_count; i++)
		if (!strcmp(run->records[i].kernel, step->kernel->release))
			judge_record(bisection, step, &run->records[i], ret);
	if (run_canary_broken(run, step->kernel)) {
		ret->step = BISECT_CANNOT_TELL;
		ret->why =
			"the results cannot be trusted: the canary was not seen to be corrupt";
	} else if (!ret->record) {
		ret->step = BISECT_CANNOT_TELL;
		ret->why = "no cell was run";
	}
}
