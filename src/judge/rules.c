/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "judge/expect.h"
#include "kernel/release.h"

#define VERSION_SIZE 32
#define UNTIL "until "
#define DAY_FORM "dddd-dd-dd"

enum field {
	FIELD_GLOB,
	FIELD_KERNELS,
	FIELD_VERDICTS,
	FIELD_REASON,
	FIELD_LINK,
	FIELD_COUNT, /* all that every rule has */
	FIELD_UNTIL = FIELD_COUNT,
	FIELD_MOST
};

static const char *const field_names[FIELD_COUNT] = {
	[FIELD_GLOB] = "cell glob",    [FIELD_KERNELS] = "kernels",
	[FIELD_VERDICTS] = "verdicts", [FIELD_REASON] = "reason",
	[FIELD_LINK] = "link",
};

/* Cuts the blanks off both ends, in place. */
static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

/* Numbers with single dots between them: `6`, `6.1`, `5.10.223`. */
static bool is_version(const char *text)
{
	bool digit = false;

	if (strlen(text) >= VERSION_SIZE)
		return false;
	for (; *text; text++) {
		if (*text == '.' && !digit)
			return false;
		if (*text != '.' && !isdigit((unsigned char)*text))
			return false;
		digit = *text != '.';
	}
	return digit;
}

/* One term of a kernel range; @term is cut up. */
static int term_matches(char *term, const char *release)
{
	char *end = strstr(term, "..");

	if (!strcmp(term, "*"))
		return 1;
	if (term[0] == '<' && is_version(term + 1))
		return release_compare(release, term + 1) < 0;
	if (!strncmp(term, ">=", 2) && is_version(term + 2))
		return release_compare(release, term + 2) >= 0;
	if (!end)
		return is_version(term) ? !release_compare(release, term)
					: -EINVAL;

	*end = '\0';
	end += 2;
	if (!is_version(term) || !is_version(end) ||
	    release_compare(term, end) > 0)
		return -EINVAL;
	return release_compare(release, term) >= 0 &&
	       release_compare(release, end) <= 0;
}

int kernel_range_matches(const char *range, const char *release)
{
	cleanup_free char *copy = strdup(range);
	char *rest = copy, *term;
	int found = 0;

	if (!copy)
		return -ENOMEM;

	/* Goes on after a match: a malformed term must never stay unseen. */
	while ((term = strsep(&rest, ","))) {
		int ret = term_matches(trim(term), release);

		if (ret < 0)
			return ret;
		found |= ret;
	}
	return found;
}

/* Where a message points to, and where it goes. */
struct place {
	const char *origin;
	unsigned int line;
	struct error *error;
};

/* "file:line: fault; mend" */
#define fault(place, format, ...)                                             \
	error_set((place)->error, -EINVAL, "%s:%u: " format, (place)->origin, \
		  (place)->line, ##__VA_ARGS__)

static int parse_verdicts(const struct place *place, char *text,
			  unsigned int *ret)
{
	unsigned int mask = 0;
	char *word;

	while ((word = strsep(&text, ","))) {
		enum verdict verdict;

		word = trim(word);
		if (verdict_from_string(word, &verdict) < 0 ||
		    !verdict_is_answer(verdict))
			return fault(place,
				     "'%s' is no verdict; write safe, refused, "
				     "exposed, corrupt or oops",
				     word);
		mask |= 1u << verdict;
	}
	*ret = mask;
	return 0;
}

static int split_fields(const struct place *place, char *line,
			char *fields[FIELD_MOST])
{
	unsigned int count = 0;
	char *field;

	while ((field = strsep(&line, "|"))) {
		if (count < FIELD_MOST)
			fields[count] = trim(field);
		count++;
	}
	if (count < FIELD_COUNT || count > FIELD_MOST)
		return fault(place,
			     "%u fields instead of %d or %d; write cell glob | "
			     "kernels | verdicts | reason | link, and behind "
			     "it | until YYYY-MM-DD if it is to expire",
			     count, FIELD_COUNT, FIELD_MOST);
	for (unsigned int i = 0; i < FIELD_COUNT; i++)
		if (!fields[i][0])
			return fault(place, "no %s; every rule needs one",
				     field_names[i]);
	return 0;
}

static unsigned int days_of(unsigned int year, unsigned int month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30,
					     31, 31, 30, 31, 30, 31};

	if (month == 2 && !(year % 4) && (year % 100 || !(year % 400)))
		return 29;
	return month >= 1 && month <= 12 ? days[month - 1] : 0;
}

static bool is_day(const char *text)
{
	unsigned int numbers[3] = {0}, at = 0;

	for (size_t i = 0; i < sizeof(DAY_FORM); i++) {
		bool digit = isdigit((unsigned char)text[i]);

		if (digit != (DAY_FORM[i] == 'd') ||
		    (!digit && text[i] != DAY_FORM[i]))
			return false;
		if (digit)
			numbers[at] = numbers[at] * 10 +
				      (unsigned int)(text[i] - '0');
		else
			at++;
	}
	return numbers[2] >= 1 && numbers[2] <= days_of(numbers[0], numbers[1]);
}

/* @text: the last field; the day stays in it */
static int parse_until(const struct place *place, const char *text,
		       const char **ret)
{
	const char *day = text + strlen(UNTIL);

	if (strncmp(text, UNTIL, strlen(UNTIL)) != 0 || !is_day(day))
		return fault(place, "bad end '%s'; write until YYYY-MM-DD",
			     text);
	*ret = day;
	return 0;
}

static struct rule *add_rule(struct rule_set *set)
{
	struct rule *rules =
		reallocarray(set->rules, set->count + 1, sizeof(*rules));

	if (!rules)
		return NULL;
	set->rules = rules;
	rules[set->count] = (struct rule){NULL};
	return &rules[set->count++];
}

static int keep_rule(struct rule_set *set, const struct place *place,
		     char *fields[FIELD_COUNT], unsigned int verdicts,
		     const char *until)
{
	struct rule *rule = add_rule(set);
	char *origin;

	if (!rule)
		return -ENOMEM;
	rule->glob = strdup(fields[FIELD_GLOB]);
	rule->kernels = strdup(fields[FIELD_KERNELS]);
	rule->verdicts = verdicts;
	rule->reason = strdup(fields[FIELD_REASON]);
	rule->link = strdup(fields[FIELD_LINK]);
	rule->until = until ? strdup(until) : NULL;
	if (asprintf(&origin, "%s:%u", place->origin, place->line) < 0)
		return -ENOMEM;
	rule->origin = origin;
	if (!rule->glob || !rule->kernels || !rule->reason || !rule->link ||
	    (until && !rule->until))
		return -ENOMEM;
	return 0;
}

static int parse_line(struct rule_set *set, const struct place *place,
		      char *line)
{
	char *fields[FIELD_MOST] = {NULL};
	const char *until = NULL;
	unsigned int verdicts = 0;
	int ret;

	ret = split_fields(place, line, fields);
	if (ret < 0)
		return ret;
	ret = kernel_range_matches(fields[FIELD_KERNELS], "0");
	if (ret == -EINVAL)
		return fault(place,
			     "bad kernels '%s'; write *, <6.5, >=6.12, "
			     "5.10..6.1, 6.1, or several with commas",
			     fields[FIELD_KERNELS]);
	if (ret < 0)
		return ret;
	ret = parse_verdicts(place, fields[FIELD_VERDICTS], &verdicts);
	if (!ret && fields[FIELD_UNTIL])
		ret = parse_until(place, fields[FIELD_UNTIL], &until);
	if (ret < 0)
		return ret;
	return keep_rule(set, place, fields, verdicts, until);
}

int rule_set_parse(struct rule_set *set, const char *origin, const char *text,
		   struct error *error)
{
	struct place place = {origin, 0, error};
	cleanup_free char *copy = strdup(text);
	char *rest = copy, *line;

	if (!copy)
		return error_set(error, -ENOMEM, "%s:", origin);

	while ((line = strsep(&rest, "\n"))) {
		int ret;

		place.line++;
		line = trim(line);
		if (!line[0] || line[0] == '#')
			continue;
		ret = parse_line(set, &place, line);
		if (ret < 0)
			return error_set(error, ret, "%s:%u:", origin,
					 place.line);
	}
	return 0;
}

void rule_set_done(struct rule_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		struct rule *rule = &set->rules[i];

		free((char *)rule->glob);
		free((char *)rule->kernels);
		free((char *)rule->reason);
		free((char *)rule->link);
		free((char *)rule->until);
		free((char *)rule->origin);
	}
	free(set->rules);
	*set = (struct rule_set){NULL};
}
