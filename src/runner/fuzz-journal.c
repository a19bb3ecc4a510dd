/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Fuzz: a journal. An input is the text of the file; one that begins with a
 * PROGRAM byte says which lines, right or wrong, to write.
 */

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fuzz.h"
#include "runner/journal.h"

#define PROGRAM 1

/* What a line of a program is made of: the first values are the right ones. */
static const char *const types[] = {"begin",  "plan",	"start",   "end",
				    "canary", "finish", "command", "boot"};
static const char *const texts[] = {
	"\"a\"", "\"b/c\"",	"\"\"", "null",	       "1",	  "[]",
	"{}",	 "\"\\u0000\"", "true", "\"\\ud83d\"", "\"\\n\"", "\"\xff\""};
static const char *const lists[] = {"[]",
				    "[\"a\"]",
				    "[\"a\",\"b/c\"]",
				    "[\"a\",\"a\"]",
				    "[null]",
				    "[\"a\",1]",
				    "{}",
				    "\"a\"",
				    "null",
				    "[[\"a\"]]"};
static const char *const numbers[] = {
	"1",	 "0.25", "-1", "1e308", "1e999",
	"\"1\"", "null", "2",  "0",	"9223372036854775808"};
static const char *const ends[] = {"\n",   "",	  "\n\n", " \n",
				   "\r\n", "x\n", "{",	  "\n{}\n"};

#define PICK(table, byte) table[(byte) % (sizeof(table) / sizeof(table[0]))]

static void write_verdict(FILE *file, unsigned int verdict,
			  unsigned int outcome)
{
	if (verdict < VERDICT_COUNT)
		fprintf(file, ",\"verdict\":\"%s\"",
			verdict_to_string((enum verdict)verdict));
	else if (verdict & 1)
		fprintf(file, ",\"verdict\":%s", PICK(texts, verdict));
	if (outcome < OUTCOME_COUNT)
		fprintf(file, ",\"outcome\":\"%s\"",
			outcome_to_string((enum outcome)outcome));
	else if (outcome & 1)
		fprintf(file, ",\"outcome\":%s", PICK(texts, outcome));
}

/* One line: which type, which keys (a mask), and a value for each key */
static void write_line(FILE *file, struct fuzz_input *input)
{
	static const char *const keys[] = {
		"kernel", "id",	     "reason",	"gupcheck", "time",  "rule",
		"errno",  "machine", "command", "boot",	    "input", "image"};
	const char *type = PICK(types, fuzz_byte(input));
	unsigned int missing = fuzz_byte(input);
	unsigned int byte;

	missing |= fuzz_byte(input) << 8;
	byte = fuzz_byte(input);
	fprintf(file, "{\"type\":\"%s\"", type);
	if (byte < 250)
		fprintf(file, ",\"schema\":%s", PICK(numbers, byte));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!(missing & 1u << i))
			fprintf(file, ",\"%s\":%s", keys[i],
				PICK(texts, fuzz_byte(input)));
	byte = fuzz_byte(input);
	write_verdict(file, byte, fuzz_byte(input));
	fprintf(file, ",\"cells\":%s", PICK(lists, fuzz_byte(input)));
	fprintf(file, ",\"evidence\":%s", PICK(lists, fuzz_byte(input)));
	fprintf(file, ",\"seconds\":%s}", PICK(numbers, fuzz_byte(input)));
	byte = fuzz_byte(input);
	fputs(byte < 200 ? "\n" : PICK(ends, byte), file);
}

static char *write_program(const uint8_t *data, size_t size, size_t *ret_len)
{
	struct fuzz_input input = {data, size};
	char *text = NULL;
	FILE *file = open_memstream(&text, ret_len);

	fuzz_assert(file);
	while (input.left)
		write_line(file, &input);
	fclose(file);
	return text;
}

static char folder[PATH_MAX];
static char file_name[PATH_MAX + 32];

static void remove_folder(void)
{
	unlink(file_name);
	rmdir(folder);
}

static void make_folder(void)
{
	if (folder[0])
		return;
	fuzz_folder(folder);
	snprintf(file_name, sizeof(file_name), "%s/%s", folder, JOURNAL_NAME);
	atexit(remove_folder);
}

static void write_journal(const void *data, size_t size)
{
	cleanup_fclose FILE *file = fopen(file_name, "we");

	fuzz_assert(file && fwrite(data, 1, size, file) == size);
}

static void check_error(int ret, const struct error *error)
{
	fuzz_assert(ret == -EINVAL || ret == -ENODATA);
	fuzz_assert(strstr(error->text, folder));
	fuzz_assert(!strchr(error->text, '\n'));
}

/* What the journal in the folder holds; NULL when it is refused */
static struct run *load(void)
{
	struct error error = {""};
	struct run *run = NULL;
	int ret = journal_load(folder, &run, &error);

	if (!ret) {
		fuzz_assert(run && !error.text[0]);
		return run;
	}
	check_error(ret, &error);
	fuzz_assert(!run);
	return NULL;
}

static void check_kernel(const struct run_kernel *kernel)
{
	fuzz_assert(kernel->release);
	fuzz_assert(kernel->canary_seen == !!kernel->canary_reason);
	fuzz_assert(!kernel->canary_seen || kernel->canary < VERDICT_COUNT);
	fuzz_assert(kernel->finished == !!kernel->finish_reason);
}

static void check_record(const struct run *run, const struct record *record)
{
	fuzz_assert(record->id && record->kernel && record->reason);
	fuzz_assert(record->verdict < VERDICT_COUNT);
	fuzz_assert(record->outcome < OUTCOME_COUNT);
	fuzz_assert(isfinite(record->seconds));
	fuzz_assert(record->started || !record->finished);
	if (!record->finished) {
		fuzz_assert(
			record->verdict ==
			(record->started ? VERDICT_VANISHED : VERDICT_SKIPPED));
		fuzz_assert(record->outcome == OUTCOME_NONE);
		fuzz_assert(!record->evidence_count && !record->error);
	}
	for (size_t i = 0; i < record->evidence_count; i++)
		fuzz_assert(record->evidence[i]);
	/* neither there twice nor of a kernel that is not there */
	fuzz_assert(run_find(run, record->kernel, record->id) == record);
}

static void check_order(const struct run *run)
{
	size_t i = 0;

	for (size_t k = 0; k < run->kernel_count; k++)
		while (i < run->record_count &&
		       !strcmp(run->records[i].kernel, run->kernels[k].release))
			i++;
	fuzz_assert(i == run->record_count);
}

/* What has no answer is never read as good. */
static void check_good(const struct run *run)
{
	size_t answers = 0;

	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];

		answers += verdict_is_answer(record->verdict);
		fuzz_assert(record->finished);
		fuzz_assert(verdict_is_answer(record->verdict) ||
			    record->verdict == VERDICT_SKIPPED);
	}
	for (size_t k = 0; k < run->kernel_count; k++) {
		const struct run_kernel *kernel = &run->kernels[k];
		struct tally tally;

		run_tally(run, kernel->release, &tally);
		fuzz_assert(kernel->finished);
		fuzz_assert(kernel->canary_seen
				    ? kernel->canary == VERDICT_CORRUPT ||
					      kernel->canary == VERDICT_SKIPPED
				    : tally.verdicts[VERDICT_SKIPPED] ==
					      tally.total);
	}
	fuzz_assert(answers);
}

static void check_run(const struct run *run)
{
	int code = run_exit_code(run, false);
	int strict = run_exit_code(run, true);
	struct tally tally;

	fuzz_assert(run->kernel_count && run->version);
	fuzz_assert(!run->command || json_is_object(run->command));
	for (size_t k = 0; k < run->kernel_count; k++)
		check_kernel(&run->kernels[k]);
	for (size_t i = 0; i < run->record_count; i++)
		check_record(run, &run->records[i]);
	check_order(run);
	run_tally(run, NULL, &tally);
	fuzz_assert(tally.total == run->record_count);
	fuzz_assert(code == 0 || code == 1 || code == 77 || code == 99);
	fuzz_assert(strict == code || strict == 1);
	if (!code)
		check_good(run);
}

static int take_line(void *arg, const char *line, size_t len)
{
	return fprintf(arg, "%.*s\n", (int)len, line) < 0 ? -EIO : 0;
}

/* Takes @record over */
static void append(struct journal *journal, json_t *record)
{
	fuzz_assert(record);
	fuzz_assert(!journal_append(journal, record, false));
}

static void write_kernel(struct journal *journal, const struct run *run,
			 const struct run_kernel *kernel)
{
	json_t *cells = json_array();

	append(journal,
	       json_pack("{ss si ss ss ss* ss* ss* ss* ss* ss* ss*}", "type",
			 "begin", "schema", 1, "gupcheck", run->version,
			 "kernel", kernel->release, "machine", kernel->machine,
			 "accelerator", kernel->accelerator, "time", run->time,
			 "boot", kernel->boot, "input", kernel->input, "image",
			 kernel->image, "config", kernel->config));
	for (size_t i = 0; i < run->record_count; i++)
		if (!strcmp(run->records[i].kernel, kernel->release))
			json_array_append_new(cells,
					      json_string(run->records[i].id));
	append(journal, json_pack("{ss ss so}", "type", "plan", "kernel",
				  kernel->release, "cells", cells));
	if (kernel->canary_seen)
		append(journal, json_pack("{ss ss ss ss}", "type", "canary",
					  "kernel", kernel->release, "verdict",
					  verdict_to_string(kernel->canary),
					  "reason", kernel->canary_reason));
	if (kernel->finished)
		append(journal, json_pack("{ss ss ss}", "type", "finish",
					  "kernel", kernel->release, "reason",
					  kernel->finish_reason));
}

static void write_record(struct journal *journal, const struct record *record)
{
	json_t *evidence = json_array();

	for (size_t i = 0; i < record->evidence_count; i++)
		json_array_append_new(evidence,
				      json_string(record->evidence[i]));
	if (record->started)
		append(journal,
		       json_pack("{ss ss ss}", "type", "start", "kernel",
				 record->kernel, "id", record->id));
	if (record->finished)
		append(journal,
		       json_pack("{ss ss ss ss ss ss ss* sf sO ss*}", "type",
				 "end", "kernel", record->kernel, "id",
				 record->id, "verdict",
				 verdict_to_string(record->verdict), "outcome",
				 outcome_to_string(record->outcome), "reason",
				 record->reason, "errno", record->error,
				 "seconds", record->seconds, "evidence",
				 evidence, "rule", record->rule));
	json_decref(evidence);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void check_same_record(const struct record *a, const struct record *b)
{
	fuzz_assert(!strcmp(a->id, b->id) && !strcmp(a->kernel, b->kernel));
	fuzz_assert(a->started == b->started && a->finished == b->finished);
	fuzz_assert(a->verdict == b->verdict && a->outcome == b->outcome);
	fuzz_assert(same_text(a->error, b->error));
	fuzz_assert(same_text(a->rule, b->rule));
	fuzz_assert(!strcmp(a->reason, b->reason));
	fuzz_assert(a->seconds <= b->seconds && a->seconds >= b->seconds);
	fuzz_assert(a->evidence_count == b->evidence_count);
	for (size_t i = 0; i < a->evidence_count; i++)
		fuzz_assert(!strcmp(a->evidence[i], b->evidence[i]));
}

static void check_same(const struct run *a, const struct run *b)
{
	fuzz_assert(!strcmp(a->version, b->version));
	fuzz_assert(same_text(a->time, b->time));
	fuzz_assert(!a->command == !b->command);
	fuzz_assert(!a->command || json_equal(a->command, b->command));
	fuzz_assert(a->kernel_count == b->kernel_count);
	fuzz_assert(a->record_count == b->record_count);
	for (size_t k = 0; k < a->kernel_count; k++) {
		const struct run_kernel *x = &a->kernels[k];
		const struct run_kernel *y = &b->kernels[k];

		fuzz_assert(!strcmp(x->release, y->release));
		fuzz_assert(same_text(x->machine, y->machine));
		fuzz_assert(same_text(x->accelerator, y->accelerator));
		fuzz_assert(same_text(x->boot, y->boot));
		fuzz_assert(same_text(x->input, y->input));
		fuzz_assert(same_text(x->image, y->image));
		fuzz_assert(same_text(x->config, y->config));
		fuzz_assert(x->canary_seen == y->canary_seen);
		fuzz_assert(!x->canary_seen || x->canary == y->canary);
		fuzz_assert(same_text(x->canary_reason, y->canary_reason));
		fuzz_assert(same_text(x->finish_reason, y->finish_reason));
	}
	for (size_t i = 0; i < a->record_count; i++)
		check_same_record(&a->records[i], &b->records[i]);
}

/* Written out and read again it is the same run. */
static void check_again(const struct run *run)
{
	cleanup_free char *text = NULL;
	struct journal *journal;
	struct run *again;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	fuzz_assert(file);
	fuzz_assert(!journal_create_sink(&journal, take_line, file));
	if (run->command)
		append(journal, json_incref(run->command));
	for (size_t k = 0; k < run->kernel_count; k++)
		write_kernel(journal, run, &run->kernels[k]);
	for (size_t i = 0; i < run->record_count; i++)
		write_record(journal, &run->records[i]);
	journal_close(journal);
	fclose(file);
	write_journal(text, len);
	again = load();
	fuzz_assert(again);
	check_same(run, again);
	run_free(again);
}

/*
 * A run that goes on starts from what was loaded, and what it adds is behind
 * that: whatever the end of the file was, it is a journal again.
 */
static void check_resume(const struct run *run)
{
	struct error error = {""};
	struct journal *journal;
	struct run *resumed;
	int ret = journal_resume(&journal, folder, &resumed, &error);

	if (ret) {
		check_error(ret, &error);
		fuzz_assert(!run);
		return;
	}
	fuzz_assert(!error.text[0]);
	append(journal, json_pack("{ss}", "type", "boot"));
	journal_close(journal);
	if (run)
		check_same(run, resumed);
	run_free(resumed);
	resumed = load();
	fuzz_assert(!run == !resumed);
	if (run)
		check_same(run, resumed);
	run_free(resumed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = NULL;
	struct run *run;
	size_t len = size;

	make_folder();
	text = size && data[0] == PROGRAM
		       ? write_program(data + 1, size - 1, &len)
		       : fuzz_copy(data, size);
	write_journal(text, len);
	run = load();
	check_resume(run);
	if (run) {
		check_run(run);
		check_again(run);
	}
	run_free(run);
	return 0;
}
