/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/cleanup.h"
#include "runner/run.h"

static void add_evidence(json_t *evidence, const struct fact *fact)
{
	char line[FACT_TEXT_SIZE + FACT_NAME_SIZE + 64] = "";

	switch ((enum fact_kind)fact->kind) {
	case FACT_LOG:
		snprintf(line, sizeof(line), "kernel: %s", fact->text);
		break;
	case FACT_READ:
		snprintf(line, sizeof(line), "read \"%s\" (%s): %s data",
			 fact->name, view_to_string(fact->view),
			 content_to_string((enum content)fact->value));
		break;
	case FACT_UNREADABLE:
		snprintf(line, sizeof(line), "read \"%s\" (%s): %s", fact->name,
			 view_to_string(fact->view), errno_name(-fact->value));
		break;
	case FACT_LANDED:
		snprintf(line, sizeof(line), "device write (%s): %s data",
			 view_to_string(fact->view),
			 content_to_string((enum content)fact->value));
		break;
	case FACT_STEP_BLOCKED:
		snprintf(line, sizeof(line), "step %s blocked", fact->name);
		break;
	case FACT_PIN:
		snprintf(line, sizeof(line), "pin: %s",
			 fact->value ? errno_name(-fact->value) : "accepted");
		break;
	case FACT_CHECKED:
		snprintf(line, sizeof(line), "%s: %s", fact->name,
			 fact->value ? fact->text : "clean");
		break;
	case FACT_PINNED:
		if (strcmp(fact->name, "file"))
			return;
		snprintf(line, sizeof(line),
			 "page references pinned meanwhile: %d", fact->value);
		break;
	case FACT_PINS_LEFT:
		snprintf(line, sizeof(line), "still pinned: %d page references",
			 fact->value);
		break;
	case FACT_LOCKED_LEFT:
		snprintf(line, sizeof(line), "still locked: %s %d KiB",
			 fact->name, fact->value);
		break;
	case FACT_COUNTER:
		snprintf(line, sizeof(line), "%s rose by %d", fact->name,
			 fact->value);
		break;
	case FACT_CLAIMED:
		snprintf(line, sizeof(line), "a program, not the kernel: %s",
			 fact->text);
		break;
	case FACT_NOTE:
	case FACT_BROKEN:
		snprintf(line, sizeof(line), "%s", fact->text);
		break;
	case FACT_STEP_BEGIN:
	case FACT_STEP_END:
	case FACT_STEP_HUNG:
	case FACT_CONTROL:
	case FACT_DEVICE:
	case FACT_LOG_GAP:
	case FACT_LOG_UNREADABLE:
	case FACT_TAINT:
	case FACT_SETTING:
	case FACT_SKIP:
	case FACT_DIED:
	case FACT_TIMEOUT:
	case FACT_DONE:
	case FACT_COUNT:
		return;
	}
	json_array_append_new(evidence, journal_text(line));
}

/* The kernel's own words first, then what was read */
static json_t *evidence_of(const struct observation *observation)
{
	json_t *evidence = json_array();

	for (size_t i = 0; observation && i < observation->count; i++)
		if (observation->facts[i].kind == FACT_LOG)
			add_evidence(evidence, &observation->facts[i]);
	for (size_t i = 0; observation && i < observation->count; i++)
		if (observation->facts[i].kind != FACT_LOG)
			add_evidence(evidence, &observation->facts[i]);
	return evidence;
}

static json_t *fact_record(const struct fact *fact)
{
	json_t *record = json_object();

	json_object_set_new(record, "kind",
			    json_string(fact_kind_to_string(fact->kind)));
	json_object_set_new(record, "value", json_integer(fact->value));
	if (fact->name[0])
		json_object_set_new(record, "name", json_string(fact->name));
	if (fact->view)
		json_object_set_new(record, "view",
				    json_string(view_to_string(fact->view)));
	if (fact->offset)
		json_object_set_new(record, "offset",
				    json_integer((json_int_t)fact->offset));
	if (fact->text[0])
		json_object_set_new(record, "text", journal_text(fact->text));
	return record;
}

static json_t *facts_of(const struct observation *observation)
{
	json_t *facts = json_array();

	for (size_t i = 0; observation && i < observation->count; i++)
		json_array_append_new(facts,
				      fact_record(&observation->facts[i]));
	return facts;
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? journal_text(text) : json_null();
}

json_t *run_end_record(const struct cell_id *id, const char *release,
		       struct rule_set *rules,
		       const struct judgement *judgement,
		       const struct observation *observation, double seconds)
{
	const struct rule *rule = NULL;
	enum outcome outcome =
		expect(rules, id, release, judgement->verdict, &rule);
	cleanup_free char *rule_text = NULL;
	char id_text[CELL_ID_SIZE];

	if (rule)
		rule_text = rule_tell(rules, rule, judgement->verdict, outcome);
	return json_pack(
		"{ss ss ss ss ss so so so so so so}", "type", "end", "kernel",
		release, "id", cell_id_format(id, id_text), "verdict",
		verdict_to_string(judgement->verdict), "outcome",
		outcome_to_string(outcome), "errno",
		text_or_null(errno_name(judgement->error)), "reason",
		journal_text(judgement->reason), "seconds", json_real(seconds),
		"evidence", evidence_of(observation), "facts",
		facts_of(observation), "rule", text_or_null(rule_text));
}
