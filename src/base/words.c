/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <gupcheck/fact.h>
#include <gupcheck/verdict.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const char *const verdict_words[VERDICT_COUNT] = {
	[VERDICT_SAFE] = "safe",	 [VERDICT_REFUSED] = "refused",
	[VERDICT_EXPOSED] = "exposed",	 [VERDICT_CORRUPT] = "corrupt",
	[VERDICT_OOPS] = "oops",	 [VERDICT_SKIPPED] = "skipped",
	[VERDICT_BROKEN] = "broken",	 [VERDICT_HUNG] = "hung",
	[VERDICT_VANISHED] = "vanished",
};

static const char *const outcome_words[OUTCOME_COUNT] = {
	[OUTCOME_NONE] = "none",
	[OUTCOME_AS_EXPECTED] = "as-expected",
	[OUTCOME_UNEXPECTED] = "unexpected",
	[OUTCOME_KNOWN_ISSUE] = "known-issue",
	[OUTCOME_FIXED] = "fixed",
};

static const char *const fact_words[FACT_COUNT] = {
	[FACT_STEP_BEGIN] = "step-begin",
	[FACT_STEP_END] = "step-end",
	[FACT_STEP_BLOCKED] = "step-blocked",
	[FACT_STEP_HUNG] = "step-hung",
	[FACT_CONTROL] = "control",
	[FACT_PIN] = "pin",
	[FACT_LANDED] = "landed",
	[FACT_READ] = "read",
	[FACT_UNREADABLE] = "unreadable",
	[FACT_DEVICE] = "device",
	[FACT_LOG] = "log",
	[FACT_LOG_GAP] = "log-gap",
	[FACT_LOG_UNREADABLE] = "log-unreadable",
	[FACT_TAINT] = "taint",
	[FACT_COUNTER] = "counter",
	[FACT_CLAIMED] = "claimed",
	[FACT_CHECKED] = "checked",
	[FACT_PINNED] = "pinned",
	[FACT_PINS_LEFT] = "pins-left",
	[FACT_LOCKED_LEFT] = "locked-left",
	[FACT_SETTING] = "setting",
	[FACT_SKIP] = "skip",
	[FACT_BROKEN] = "broken",
	[FACT_DIED] = "died",
	[FACT_TIMEOUT] = "timeout",
	[FACT_NOTE] = "note",
	[FACT_DONE] = "done",
};

/* The words are an interface: results that were stored are read with them. */
static int word_find(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (words[i] && !strcmp(words[i], word))
			return (int)i;
	return -EINVAL;
}

const char *verdict_to_string(enum verdict verdict)
{
	return (unsigned int)verdict < VERDICT_COUNT ? verdict_words[verdict]
						     : NULL;
}

int verdict_from_string(const char *word, enum verdict *ret)
{
	int found = word_find(verdict_words, ARRAY_SIZE(verdict_words), word);

	if (found < 0)
		return found;
	*ret = (enum verdict)found;
	return 0;
}

const char *outcome_to_string(enum outcome outcome)
{
	return (unsigned int)outcome < OUTCOME_COUNT ? outcome_words[outcome]
						     : NULL;
}

int outcome_from_string(const char *word, enum outcome *ret)
{
	int found = word_find(outcome_words, ARRAY_SIZE(outcome_words), word);

	if (found < 0)
		return found;
	*ret = (enum outcome)found;
	return 0;
}

const char *fact_kind_to_string(unsigned int kind)
{
	return kind < FACT_COUNT ? fact_words[kind] : NULL;
}

int fact_kind_from_string(const char *word, enum fact_kind *ret)
{
	int found = word_find(fact_words, ARRAY_SIZE(fact_words), word);

	if (found < 0)
		return found;
	*ret = (enum fact_kind)found;
	return 0;
}

const char *view_to_string(unsigned int view)
{
	switch (view) {
	case VIEW_CACHED:
		return "cached";
	case VIEW_DIRECT:
		return "direct";
	case VIEW_RAW:
		return "raw";
	case VIEW_MAPPED:
		return "mapped";
	case VIEW_DEVICE:
		return "device";
	default:
		return "";
	}
}

void fact_make(struct fact *ret, enum fact_kind kind, const char *name,
	       int32_t value, const char *text)
{
	*ret = (struct fact){.kind = kind, .value = value};
	snprintf(ret->name, sizeof(ret->name), "%.*s", FACT_NAME_SIZE - 1,
		 name ? name : "");
	snprintf(ret->text, sizeof(ret->text), "%.*s", FACT_TEXT_SIZE - 1,
		 text ? text : "");
}
