/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * KCIDB I/O 5.3: what is submitted to the database of kernel CI systems. Ids
 * are made of what the journal says, so that a report that is sent twice is
 * one, and runs on one build of a kernel share its build. An unknown value is
 * left out: there is no null, and no key besides those of the schema.
 */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/kcidb-issue.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/results.h"
#include "runner/journal.h"

#define LOG_EXCERPT_MAX 16384

/** struct kcidb - a report as it grows; all arrays are owned */
struct kcidb {
	const struct run *run;
	json_t *checkouts;
	json_t *builds;
	json_t *tests;
	struct kcidb_issues issues;
};

static const char *status_of(enum result result)
{
	switch (result) {
	case RESULT_PASS:
	case RESULT_FIXED:
		return "PASS";
	case RESULT_KNOWN: /* an incident says that the issue is known */
	case RESULT_FAIL:
	case RESULT_HUNG:
		return "FAIL";
	case RESULT_SKIP:
		return "SKIP";
	case RESULT_VANISHED:
	case RESULT_NOT_RUN:
		return "MISS";
	case RESULT_BROKEN:
	case RESULT_UNTRUSTED:
	case RESULT_COUNT:
		break;
	}
	return "ERROR";
}

/* A value that is not known is no error; one that cannot be set is. */
static int set_text(json_t *object, const char *key, const char *text)
{
	return text ? json_object_set_new(object, key, journal_text(text)) : 0;
}

/* `ORIGIN:RELEASE/PART…` on one line; to be freed; NULL without memory. */
static char *make_id(const char *release, const char *const *parts,
		     size_t count)
{
	char *id = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&id, &size);

	if (!out)
		return NULL;
	fputs(KCIDB_ORIGIN ":", out);
	print_line(out, release);
	for (size_t i = 0; i < count; i++) {
		fputc('/', out);
		print_line(out, parts[i] ? parts[i] : "-");
	}
	if (!fclose(out))
		return id;
	free(id);
	return NULL;
}

static char *make_build_id(const struct run_kernel *kernel)
{
	const char *parts[] = {
		kernel->machine,
		kernel->image ? kernel->image : kernel->config,
	};

	return make_id(kernel->release, parts, 2);
}

static char *make_test_id(const struct run *run,
			  const struct result_entry *entry)
{
	const struct run_kernel *kernel = entry->kernel;
	const char *parts[] = {
		kernel->machine, kernel->image ? kernel->image : kernel->config,
		run->time,	 kernel->boot,
		entry->name,
	};

	return make_id(kernel->release, parts, 5);
}

/* The schema wants lower case letters, digits and `_`. */
static json_t *architecture(const char *machine)
{
	cleanup_free char *word = strdup(machine);

	for (char *at = word; at && *at; at++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", *at))
			*at = '_';
	return word ? json_string(word) : NULL;
}

static int add_build(struct kcidb *kcidb, const struct run_kernel *kernel,
		     const char *checkout_id, const char *build_id)
{
	json_t *misc = json_object();
	json_t *build =
		json_pack("{s:s, s:s, s:s, s:o}", "id", build_id, "checkout_id",
			  checkout_id, "origin", KCIDB_ORIGIN, "misc", misc);
	int ret = build ? 0 : -1;

	if (!ret && kernel->machine)
		ret = json_object_set_new(build, "architecture",
					  architecture(kernel->machine));
	if (!ret)
		ret = set_text(misc, "kernel_release", kernel->release);
	if (!ret)
		ret = set_text(misc, "image", kernel->image);
	if (!ret)
		ret = set_text(misc, "config_sha256", kernel->config);
	if (ret < 0) {
		json_decref(build);
		return -ENOMEM;
	}
	return json_array_append_new(kcidb->builds, build) < 0 ? -ENOMEM : 0;
}

static int add_kernel(struct kcidb *kcidb, const struct run_kernel *kernel)
{
	cleanup_free char *checkout_id = make_id(kernel->release, NULL, 0);
	cleanup_free char *build_id = make_build_id(kernel);
	json_t *checkout;

	if (!checkout_id || !build_id)
		return -ENOMEM;
	checkout = json_pack("{s:s, s:s, s:o}", "id", checkout_id, "origin",
			     KCIDB_ORIGIN, "comment",
			     journal_text(kernel->release));
	if (!checkout || json_array_append_new(kcidb->checkouts, checkout) < 0)
		return -ENOMEM;
	return add_build(kcidb, kernel, checkout_id, build_id);
}

/* `gup.rdma_mr.xfs.admission.private`: no part may be empty. */
static json_t *make_path(const char *id)
{
	cleanup_free char *path = NULL;
	size_t size = 0;
	bool begin = true;
	FILE *out = open_memstream(&path, &size);

	if (!out)
		return NULL;
	fputs("gup.", out);
	for (; *id; id++) {
		bool part = *id != '/' && *id != '@';

		if (!part && begin)
			fputc('_', out);
		fputc(!part ? '.' : name_keeps(*id) ? *id : '_', out);
		begin = !part;
	}
	if (begin)
		fputc('_', out);
	return fclose(out) ? NULL : json_string(path);
}

static void put_lines(FILE *out, char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s\n", lines[i]);
}

/* The worst comes first, so that the end can be cut off. */
static json_t *make_excerpt(const struct record *record)
{
	cleanup_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_lines(out, record->evidence, record->evidence_count);
	put_lines(out, record->log, record->log_count);
	if (fclose(out))
		return NULL;
	if (size > LOG_EXCERPT_MAX) {
		size = LOG_EXCERPT_MAX;
		while (size && (text[size] & 0xc0) == 0x80)
			size--;
		text[size] = '\0';
	}
	return journal_text(text);
}

static json_t *make_environment(const struct run_kernel *kernel)
{
	json_t *misc = json_object();
	json_t *environment = json_pack("{s:o}", "misc", misc);

	if (!environment || set_text(misc, "machine", kernel->machine) < 0 ||
	    set_text(misc, "accelerator", kernel->accelerator) < 0) {
		json_decref(environment);
		return NULL;
	}
	return environment;
}

static int add_details(json_t *test, const struct result_entry *entry)
{
	const struct record *record = entry->record;
	json_t *misc = json_object_get(test, "misc");
	int ret = set_text(misc, "cell", record->id);

	if (!ret)
		ret = set_text(misc, "outcome",
			       outcome_to_string(record->outcome));
	if (!ret)
		ret = set_text(misc, "errno", record->error);
	if (!ret && record->finished)
		ret = json_object_set_new(test, "duration",
					  json_real(result_seconds(entry)));
	if (!ret && record->evidence_count + record->log_count)
		ret = json_object_set_new(test, "log_excerpt",
					  make_excerpt(record));
	return ret < 0 ? -ENOMEM : 0;
}

static int add_test(struct kcidb *kcidb, const struct result_entry *entry)
{
	cleanup_free char *build_id = make_build_id(entry->kernel);
	cleanup_free char *id = make_test_id(kcidb->run, entry);
	json_t *test;
	int ret = 0;

	if (!build_id || !id)
		return -ENOMEM;
	test = json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:{s:s}}", "id",
			 id, "build_id", build_id, "origin", KCIDB_ORIGIN,
			 "path", make_path(entry->id), "status",
			 status_of(entry->result), "comment",
			 journal_text(entry->text), "environment",
			 make_environment(entry->kernel), "misc", "verdict",
			 result_word(entry));
	if (!test)
		return -ENOMEM;
	if (time_is_rfc3339(kcidb->run->time))
		ret = set_text(test, "start_time", kcidb->run->time);
	if (!ret && entry->record)
		ret = add_details(test, entry);
	if (ret < 0) {
		json_decref(test);
		return -ENOMEM;
	}
	if (json_array_append_new(kcidb->tests, test) < 0)
		return -ENOMEM;
	return kcidb_issues_add(&kcidb->issues, entry, id);
}

static int write_report(FILE *out, const struct kcidb *kcidb)
{
	json_t *report = json_pack(
		"{s:{s:i, s:i}, s:O, s:O, s:O, s:O, s:O}", "version", "major",
		5, "minor", 3, "checkouts", kcidb->checkouts, "builds",
		kcidb->builds, "tests", kcidb->tests, "issues",
		kcidb->issues.issues, "incidents", kcidb->issues.incidents);
	int ret;

	if (!report)
		return -ENOMEM;
	ret = json_dumpf(report, out,
			 JSON_INDENT(1) | JSON_ENSURE_ASCII |
				 JSON_REAL_PRECISION(6));
	json_decref(report);
	return ret < 0 || fputc('\n', out) == EOF ? -EIO : 0;
}

int report_kcidb(FILE *out, const struct run *run,
		 const struct report_options *options)
{
	cleanup(results_done) struct results results = {NULL};
	struct kcidb kcidb = {
		.run = run,
		.checkouts = json_array(),
		.builds = json_array(),
		.tests = json_array(),
		.issues = {.issues = json_array(), .incidents = json_array()},
	};
	int ret = results_build(&results, run, &name_style_lines,
				options->strict);

	for (size_t i = 0; !ret && i < run->kernel_count; i++)
		ret = add_kernel(&kcidb, &run->kernels[i]);
	for (size_t i = 0; !ret && i < results.count; i++)
		ret = add_test(&kcidb, &results.list[i]);
	if (!ret)
		ret = write_report(out, &kcidb);
	json_decref(kcidb.checkouts);
	json_decref(kcidb.builds);
	json_decref(kcidb.tests);
	json_decref(kcidb.issues.issues);
	json_decref(kcidb.issues.incidents);
	return ret;
}
