/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "runner/stale.h"

/* Why it is of no use, or NULL */
static const char *why(enum rule_use use)
{
	switch (use) {
	case RULE_SHADOWED:
		return "earlier rules cover each cell that it matches";
	case RULE_DEAD:
		return "no cell matches its glob";
	case RULE_USEFUL:
		break;
	}
	return NULL;
}

static int add_stale(json_t *stale, const struct rule *rule, const char *reason)
{
	cleanup_free char *text = NULL;

	if (asprintf(&text, "%s: %s: %s", rule->origin, rule->glob, reason) <
	    0) {
		text = NULL;
		return -ENOMEM;
	}
	return json_array_append_new(stale, journal_text(text)) < 0 ? -ENOMEM
								    : 0;
}

int stale_write(struct journal *journal, const struct rule_set *rules,
		const char *release)
{
	json_t *stale = json_array();
	int ret = 0;

	for (size_t i = 0; !ret && rules && i < rules->count; i++) {
		const char *reason = why(rule_use(rules, i));

		if (reason)
			ret = add_stale(stale, &rules->rules[i], reason);
	}
	if (ret < 0 || !json_array_size(stale)) {
		json_decref(stale);
		return ret;
	}
	return journal_append(journal,
			      json_pack("{ss ss so}", "type", "rules", "kernel",
					release, "stale", stale),
			      true);
}
