/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One cell in the foreground, every fact printed as it comes. */
#include <string.h>
#include <sys/utsname.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "runner/run.h"
#include "runner/supervise.h"

static const char help[] =
	"Usage: gupcheck cell CELL\n"
	"Run one cell on the running kernel, whatever it may do to it, and print\n"
	"what is seen. For strace and gdb: `strace -f gupcheck cell CELL`.\n"
	"\n"
	"Example: gupcheck cell process_vm/xfs/reflink_while_pinned\n";

static void print_fact(void *arg, const struct fact *fact)
{
	const char *kind = fact_kind_to_string(fact->kind);

	printf("  %-16s %s", kind ? kind : "?", fact->name);
	if (fact->view)
		printf(" (%s)", view_to_string(fact->view));
	if (fact->kind == FACT_READ || fact->kind == FACT_LANDED)
		printf(" %s data",
		       content_to_string((enum content)fact->value));
	else if (fact->value < 0)
		printf(" %s", errno_name(-fact->value));
	printf("%s%s\n", fact->text[0] ? " " : "", fact->text);
	fflush(stdout);
}

/* A sink for the journal: keeps the end record */
static int keep_end(void *arg, const char *line, size_t len)
{
	json_t **end = arg;
	json_t *record = json_loadb(line, len, 0, NULL);
	const char *type = json_string_value(json_object_get(record, "type"));

	if (type && !strcmp(type, "end")) {
		json_decref(*end);
		*end = json_incref(record);
	}
	json_decref(record);
	return 0;
}

static int conclude(const json_t *end)
{
	const char *reason = json_string_value(json_object_get(end, "reason"));
	const char *word = json_string_value(json_object_get(end, "verdict"));
	const char *compared =
		json_string_value(json_object_get(end, "outcome"));
	enum verdict verdict;

	if (!word || !compared || verdict_from_string(word, &verdict) < 0)
		return EXIT_HARNESS_BROKEN;
	printf("%s (%s): %s\n", word, compared, reason ? reason : "");
	if (verdict == VERDICT_SKIPPED)
		return EXIT_NOTHING_RAN;
	if (verdict == VERDICT_BROKEN)
		return EXIT_HARNESS_BROKEN;
	return !strcmp(compared, "unexpected") || !verdict_is_answer(verdict)
		       ? EXIT_UNEXPECTED
		       : EXIT_AS_EXPECTED;
}

static int run_one(const struct cell_id *id, struct error *error)
{
	struct common_options common;
	struct rule_set rules = {0};
	struct cell_id cell = *id;
	struct plan plan = {.cells = &cell, .count = 1};
	struct utsname host;
	struct run_options options = {
		.release = host.release,
		.rules = &rules,
		.destructive = true,
		.waiting = progress_waiting,
		.on_fact = print_fact,
	};
	json_t *end = NULL;
	int ret;

	uname(&host);
	common_options_init(&common);
	interrupt_watch();
	ret = common_rules_load(&common, &rules, error);
	if (!ret)
		ret = journal_create_sink(&options.journal, keep_end, &end);
	if (!ret)
		ret = run_plan(&plan, &options, error);
	ret = ret ? common_fail(error, EXIT_HARNESS_BROKEN) : conclude(end);
	journal_close(options.journal);
	json_decref(end);
	rule_set_done(&rules);
	return interrupted() ? 128 + interrupted() : ret;
}

int cmd_cell(int argc, char **argv)
{
	struct error error = {0};
	struct cell_id id;

	if (argc == 2 &&
	    (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		fputs(help, stdout);
		return EXIT_AS_EXPECTED;
	}
	if (argc != 2) {
		error_set(&error, 0,
			  "cell takes one cell id: see gupcheck list cells");
		return common_fail(&error, EXIT_BAD_USAGE);
	}
	if (common_cell_parse(argv[1], &id, &error) < 0)
		return common_fail(&error, EXIT_BAD_USAGE);
	return run_one(&id, &error);
}
