/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sha256.h"
#include "report/escape.h"
#include "report/kcidb-issue.h"
#include "runner/journal.h"

#define ISSUE_VERSION 1
#define ISSUE_DIGITS 16

static bool in_name(char character)
{
	return (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z') ||
	       (character >= '0' && character <= '9') || character == '_' ||
	       character == '.';
}

char *kcidb_fingerprint(const char *reason)
{
	const char *end = strstr(reason, "+0x");
	const char *begin = end;
	char *text, *to;

	while (end && begin > reason && in_name(begin[-1]))
		begin--;
	if (begin != end)
		return strndup(begin, (size_t)(end - begin));
	text = strdup(reason);
	if (!text)
		return NULL;
	for (to = text; *reason; reason++)
		if (*reason < '0' || *reason > '9')
			*to++ = *reason;
	*to = '\0';
	return text;
}

/* The link that a rule ends with, or NULL; to be freed. */
static char *link_of(const char *rule)
{
	const char *link = rule ? strstr(rule, "https://") : NULL;
	size_t length = link ? link_length(link) : 0;

	return length ? strndup(link, length) : NULL;
}

static void make_issue_id(const char *kind, const char *text,
			  char id[SHA256_TEXT_SIZE + 32])
{
	char digits[SHA256_TEXT_SIZE];
	struct sha256 hash;

	sha256_begin(&hash);
	sha256_add(&hash, text, strlen(text));
	sha256_end(&hash, digits);
	snprintf(id, SHA256_TEXT_SIZE + 32, KCIDB_ORIGIN ":%s-%.*s", kind,
		 ISSUE_DIGITS, digits);
}

static bool has_issue(const struct kcidb_issues *issues, const char *id)
{
	json_t *issue;
	size_t i;

	json_array_foreach(issues->issues, i, issue)
	{
		json_t *other = json_object_get(issue, "id");

		if (!strcmp(json_string_value(other), id))
			return true;
	}
	return false;
}

static int add_issue(struct kcidb_issues *issues, const char *id,
		     const char *subject, const char *link)
{
	json_t *issue;

	if (has_issue(issues, id))
		return 0;
	issue = json_pack("{s:s, s:i, s:s, s:o, s:{s:b, s:b, s:b}}", "id", id,
			  "version", ISSUE_VERSION, "origin", KCIDB_ORIGIN,
			  "report_subject", journal_text(subject), "culprit",
			  "code", 1, "tool", 0, "harness", 0);
	if (!issue)
		return -ENOMEM;
	if (link &&
	    json_object_set_new(issue, "report_url", json_string(link)) < 0) {
		json_decref(issue);
		return -ENOMEM;
	}
	return json_array_append_new(issues->issues, issue) < 0 ? -ENOMEM : 0;
}

static int add_incident(struct kcidb_issues *issues, const char *issue_id,
			const char *test_id)
{
	const char *rest = strchr(test_id, ':') + 1;
	cleanup_free char *id = NULL;
	json_t *incident;

	if (asprintf(&id, "%s/%s", issue_id, rest) < 0)
		return -ENOMEM;
	incident =
		json_pack("{s:s, s:s, s:s, s:i, s:s, s:b}", "id", id, "origin",
			  KCIDB_ORIGIN, "issue_id", issue_id, "issue_version",
			  ISSUE_VERSION, "test_id", test_id, "present", 1);
	if (!incident)
		return -ENOMEM;
	return json_array_append_new(issues->incidents, incident) < 0 ? -ENOMEM
								      : 0;
}

static int add_both(struct kcidb_issues *issues, const char *id,
		    const struct result_entry *entry, const char *link,
		    const char *test_id)
{
	int ret = add_issue(issues, id, entry->text, link);

	return ret < 0 ? ret : add_incident(issues, id, test_id);
}

int kcidb_issues_add(struct kcidb_issues *issues,
		     const struct result_entry *entry, const char *test_id)
{
	const struct record *record = entry->record;
	cleanup_free char *text = NULL;
	char id[SHA256_TEXT_SIZE + 32];

	if (record && entry->result == RESULT_KNOWN) {
		text = link_of(record->rule);
		make_issue_id("known", entry->text, id);
		return add_both(issues, id, entry, text, test_id);
	}
	if (!record || entry->result != RESULT_FAIL ||
	    record->verdict != VERDICT_OOPS)
		return 0;
	text = kcidb_fingerprint(record->reason);
	if (!text)
		return -ENOMEM;
	make_issue_id("oops", text, id);
	return add_both(issues, id, entry, NULL, test_id);
}
