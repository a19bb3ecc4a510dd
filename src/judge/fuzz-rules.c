/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Fuzz: a file of expectation rules. Its first line is the release of the
 * kernel that they are asked about.
 */

#include <ctype.h>
#include <errno.h>

#include "base/cleanup.h"
#include "base/fuzz.h"
#include "judge/expect.h"

#define ORIGIN "fuzz"
#define ANSWERS ((1u << VERDICT_SKIPPED) - 1)

static const char *const cells[] = {
	"o_direct/xfs/admission",
	"rdma_mr/ext4/admission",
	"rdma_mr/ext4/admission@private",
	"rdma_mr/tmpfs/admission",
	"o_direct/xfs/reflink_while_pinned",
};

/* What error_set() wrote is one line that begins with the place. */
static void check_error(const struct error *error)
{
	size_t len = strnlen(error->text, sizeof(error->text));
	const char *at = error->text + strlen(ORIGIN ":");

	fuzz_assert(len < sizeof(error->text));
	fuzz_assert(!strncmp(error->text, ORIGIN ":", strlen(ORIGIN ":")));
	fuzz_assert(isdigit((unsigned char)*at) && *at != '0');
	at += strspn(at, "0123456789");
	fuzz_assert(!strncmp(at, ": ", 2) && at[2]);
	fuzz_assert(!strchr(error->text, '\n'));
}

/* Something, on one line, without blanks around it */
static void check_field(const char *text)
{
	fuzz_assert(text && *text && !strpbrk(text, "|\n"));
	fuzz_assert(!isspace((unsigned char)text[0]));
	fuzz_assert(!isspace((unsigned char)text[strlen(text) - 1]));
}

static void check_rule(const struct rule *rule, const char *release)
{
	int ret = kernel_range_matches(rule->kernels, release);

	check_field(rule->glob);
	check_field(rule->kernels);
	check_field(rule->reason);
	check_field(rule->link);
	check_field(rule->origin);
	fuzz_assert(rule->glob[0] != '#');
	fuzz_assert(rule->verdicts && !(rule->verdicts & ~ANSWERS));
	fuzz_assert(!rule->matched && !rule->better);
	/* what was read without complaint never fails later */
	fuzz_assert(ret == 0 || ret == 1);
	ret = kernel_range_matches(rule->kernels, "");
	fuzz_assert(ret == 0 || ret == 1);
}

static char *format_rules(const struct rule_set *set)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	fuzz_assert(file);
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = &set->rules[i];
		const char *comma = "";

		fprintf(file, "%s|%s|", rule->glob, rule->kernels);
		for (enum verdict v = VERDICT_SAFE; v < VERDICT_SKIPPED; v++) {
			if (!(rule->verdicts & 1u << v))
				continue;
			fprintf(file, "%s%s", comma, verdict_to_string(v));
			comma = ",";
		}
		fprintf(file, "|%s|%s", rule->reason, rule->link);
		if (rule->until)
			fprintf(file, "|until %s", rule->until);
		fputc('\n', file);
	}
	fclose(file);
	return text;
}

/* Written out and read again they are the same. */
static void check_again(const struct rule_set *set)
{
	cleanup_free char *text = format_rules(set);
	struct rule_set again = {NULL};
	struct error error = {""};

	fuzz_assert(!rule_set_parse(&again, ORIGIN, text, &error));
	fuzz_assert(again.count == set->count);
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = &set->rules[i];
		const struct rule *other = &again.rules[i];

		fuzz_assert(!strcmp(rule->glob, other->glob));
		fuzz_assert(!strcmp(rule->kernels, other->kernels));
		fuzz_assert(!strcmp(rule->reason, other->reason));
		fuzz_assert(!strcmp(rule->link, other->link));
		fuzz_assert(rule->verdicts == other->verdicts);
		fuzz_assert(!rule->until == !other->until);
		fuzz_assert(!rule->until || !strcmp(rule->until, other->until));
	}
	rule_set_done(&again);
}

/* Before, from, and nothing else: a term of one version splits all kernels. */
static void check_range(const char *range, const char *release)
{
	cleanup_free char *before = NULL, *from = NULL, *span = NULL;
	int exact = kernel_range_matches(range, release);
	int is_before, is_from;

	fuzz_assert(exact == 0 || exact == 1 || exact == -EINVAL);
	if (exact < 0 || range[strspn(range, "0123456789.")] ||
	    strstr(range, ".."))
		return;
	fuzz_assert(asprintf(&before, "<%s", range) > 0);
	fuzz_assert(asprintf(&from, ">=%s", range) > 0);
	fuzz_assert(asprintf(&span, "%s..%s", range, range) > 0);
	is_before = kernel_range_matches(before, release);
	is_from = kernel_range_matches(from, release);
	fuzz_assert(is_before >= 0 && is_from >= 0);
	fuzz_assert(is_before + is_from == 1);
	fuzz_assert(exact <= is_from);
	fuzz_assert(kernel_range_matches(span, release) == exact);
}

static void check_outcome(struct rule_set *set, const struct cell_id *id,
			  const char *cell, const char *release,
			  enum verdict verdict)
{
	const struct rule *rule = set->rules;
	enum outcome outcome = expect(set, id, release, verdict, &rule);

	fuzz_assert(outcome < OUTCOME_COUNT);
	fuzz_assert((outcome == OUTCOME_NONE) == !verdict_is_answer(verdict));
	fuzz_assert(outcome != OUTCOME_KNOWN_ISSUE || rule);
	fuzz_assert(outcome != OUTCOME_FIXED || rule);
	if (!rule)
		return;
	fuzz_assert(rule >= set->rules && rule < set->rules + set->count);
	fuzz_assert(glob_match(rule->glob, cell));
	fuzz_assert(kernel_range_matches(rule->kernels, release) == 1);
	fuzz_assert(rule->matched && rule->better <= rule->matched);
	fuzz_assert(outcome != OUTCOME_KNOWN_ISSUE || !rule_expired(set, rule));
}

static void check_set(struct rule_set *set, const char *release)
{
	for (size_t i = 0; i < set->count; i++) {
		check_rule(&set->rules[i], release);
		check_range(set->rules[i].kernels, release);
	}
	check_again(set);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct cell_id id;

		fuzz_assert(!cell_id_parse(cells[i], &id, NULL));
		for (enum verdict v = VERDICT_SAFE; v < VERDICT_COUNT; v++)
			check_outcome(set, &id, cells[i], release, v);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = fuzz_string(data, size);
	struct rule_set set = {NULL};
	struct error error = {""};
	char *rules = text;
	const char *release = strsep(&rules, "\n");
	int ret;

	check_range(release, release);
	if (!rules)
		return 0;
	check_range(rules, release);
	ret = rule_set_parse(&set, ORIGIN, rules, &error);
	fuzz_assert(!ret || ret == -EINVAL);
	if (ret < 0)
		check_error(&error);
	else
		fuzz_assert(!error.text[0]);
	memcpy(set.today, "2026-06-30", sizeof(set.today));
	/* those before a bad line are good */
	check_set(&set, release);
	rule_set_done(&set);
	return 0;
}
