/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * JUnit XML, as Jenkins and GitLab read it: a suite for each kernel, and a cell
 * is known by its class name and its name. What is wrong with the kernel is a
 * failure, what gave no answer an error, a known issue a skip of that type.
 * Evidence and kernel messages are in system-err.
 */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/alone.h"
#include "report/escape.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/results.h"

/* What consumers keep whole; the journal has it all. */
#define SYSTEM_ERR_MAX 16384

/** struct counts - of a suite, or of all */
struct counts {
	size_t tests, failures, errors, skipped;
	double seconds;
};

/** enum element - how a result is told */
enum element { ELEMENT_NONE, ELEMENT_FAILURE, ELEMENT_ERROR, ELEMENT_SKIPPED };

static enum element element_of(enum result result)
{
	switch (result) {
	case RESULT_PASS:
	case RESULT_FIXED:
		return ELEMENT_NONE;
	case RESULT_KNOWN:
	case RESULT_SKIP:
		return ELEMENT_SKIPPED;
	case RESULT_FAIL:
		return ELEMENT_FAILURE;
	case RESULT_BROKEN:
	case RESULT_HUNG:
	case RESULT_VANISHED:
	case RESULT_NOT_RUN:
	case RESULT_UNTRUSTED:
	case RESULT_COUNT:
		break;
	}
	return ELEMENT_ERROR;
}

static void count(const struct results *results,
		  const struct run_kernel *kernel, struct counts *ret)
{
	*ret = (struct counts){.tests = 0};
	for (size_t i = 0; i < results->count; i++) {
		const struct result_entry *entry = &results->list[i];
		enum element element = element_of(entry->result);

		if (kernel && entry->kernel != kernel)
			continue;
		ret->tests++;
		ret->failures += element == ELEMENT_FAILURE;
		ret->errors += element == ELEMENT_ERROR;
		ret->skipped += element == ELEMENT_SKIPPED;
		ret->seconds += result_seconds(entry);
	}
}

static void put_counts(FILE *out, const struct counts *counts)
{
	fprintf(out,
		" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\""
		" skipped=\"%zu\" time=\"%.3f\"",
		counts->tests, counts->failures, counts->errors,
		counts->skipped, counts->seconds);
}

/* `a/b/rest` is `rest` in the class `gup.a.b`. Parts have no dot. */
static void put_identity(FILE *out, const char *name)
{
	const char *rest = name;

	fputs(" classname=\"gup", out);
	for (int i = 0; i < 2 && strchr(rest, '/'); i++) {
		const char *slash = strchr(rest, '/');

		fprintf(out, ".%.*s", (int)(slash - rest), rest);
		rest = slash + 1;
	}
	fputc('"', out);
	escape_xml_attribute(out, "name", rest);
}

/* What the reader of a failure wants to know, one line each. */
static int put_story(FILE *out, const struct run *run,
		     const struct result_entry *entry)
{
	const struct record *record = entry->record;
	cleanup_free char *story = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&story, &size);

	if (!text)
		return -ENOMEM;
	fprintf(text, "%s: %s\n", result_word(entry), entry->text);
	if (record && record->error)
		fprintf(text, "errno: %s\n", record->error);
	if (record && entry->text != record->reason)
		fprintf(text, "seen: %s\n", record->reason);
	if (record) {
		fputs("alone: ", text);
		alone_put(text, run, entry->kernel, record->id);
		fputc('\n', text);
	}
	if (fclose(text))
		return -ENOMEM;
	escape_xml(out, story);
	return 0;
}

static int put_element(FILE *out, const struct run *run,
		       const struct result_entry *entry)
{
	static const char *const names[] = {
		[ELEMENT_FAILURE] = "failure",
		[ELEMENT_ERROR] = "error",
		[ELEMENT_SKIPPED] = "skipped",
	};
	enum element element = element_of(entry->result);
	const char *type = result_word(entry);
	cleanup_free char *message = NULL;
	int ret;

	if (element == ELEMENT_NONE)
		return 0;
	if (entry->result == RESULT_KNOWN)
		type = outcome_to_string(OUTCOME_KNOWN_ISSUE);
	else if (entry->result == RESULT_UNTRUSTED)
		type = "untrusted";
	if (asprintf(&message, "%s: %s", type, entry->text) < 0)
		return -ENOMEM;
	fprintf(out, "   <%s", names[element]);
	escape_xml_attribute(out, "type", type);
	escape_xml_attribute(out, "message", message);
	/* there is nothing to tell beyond the reason */
	if (entry->result == RESULT_SKIP) {
		fputs("/>\n", out);
		return 0;
	}
	fputc('>', out);
	ret = put_story(out, run, entry);
	fprintf(out, "</%s>\n", names[element]);
	return ret;
}

static void put_lines(FILE *out, char *const *lines, size_t count, size_t *used)
{
	for (size_t i = 0; i < count; i++) {
		*used += strlen(lines[i]) + 1;
		if (*used > SYSTEM_ERR_MAX) {
			fprintf(out, "... %zu more in the journal\n",
				count - i);
			return;
		}
		escape_xml(out, lines[i]);
		fputc('\n', out);
	}
}

static void put_system_err(FILE *out, const struct record *record)
{
	size_t used = 0;

	if (!record->evidence_count && !record->log_count)
		return;
	fputs("   <system-err>", out);
	put_lines(out, record->evidence, record->evidence_count, &used);
	if (record->log_count) {
		fputs("kernel messages:\n", out);
		put_lines(out, record->log, record->log_count, &used);
	}
	fputs("</system-err>\n", out);
}

static int put_case(FILE *out, const struct run *run,
		    const struct result_entry *entry)
{
	const struct record *record = entry->record;
	int ret;

	fputs("  <testcase", out);
	put_identity(out, entry->name);
	fprintf(out, " time=\"%.3f\">\n", result_seconds(entry));
	ret = put_element(out, run, entry);
	if (entry->result == RESULT_FIXED) {
		fputs("   <system-out>fixed: ", out);
		escape_xml(out, entry->text);
		fputs("</system-out>\n", out);
	}
	if (record)
		put_system_err(out, record);
	fputs("  </testcase>\n", out);
	return ret;
}

static void put_property(FILE *out, const char *name, const char *value)
{
	if (!value)
		return;
	fprintf(out, "   <property name=\"%s\"", name);
	escape_xml_attribute(out, "value", value);
	fputs("/>\n", out);
}

static int put_suite(FILE *out, const struct run *run,
		     const struct results *results,
		     const struct run_kernel *kernel)
{
	struct counts counts;
	int ret = 0;

	count(results, kernel, &counts);
	fputs(" <testsuite", out);
	escape_xml_attribute(out, "name", kernel->release);
	put_counts(out, &counts);
	if (time_is_rfc3339(run->time))
		escape_xml_attribute(out, "timestamp", run->time);
	fputs(">\n  <properties>\n", out);
	put_property(out, "gupcheck", run->version);
	put_property(out, "kernel", kernel->release);
	put_property(out, "machine", kernel->machine);
	put_property(out, "accelerator", kernel->accelerator);
	put_property(out, "config", kernel->config);
	fputs("  </properties>\n", out);
	for (size_t i = 0; !ret && i < results->count; i++)
		if (results->list[i].kernel == kernel)
			ret = put_case(out, run, &results->list[i]);
	fputs(" </testsuite>\n", out);
	return ret;
}

int report_junit(FILE *out, const struct run *run,
		 const struct report_options *options)
{
	cleanup(results_done) struct results results = {NULL};
	struct counts counts;
	int ret = results_build(&results, run, &name_style_lines,
				options->strict);

	if (ret < 0)
		return ret;
	count(&results, NULL, &counts);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<testsuites name=\"gupcheck\"",
	      out);
	put_counts(out, &counts);
	fputs(">\n", out);
	for (size_t i = 0; !ret && i < run->kernel_count; i++)
		ret = put_suite(out, run, &results, &run->kernels[i]);
	fputs("</testsuites>\n", out);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}
