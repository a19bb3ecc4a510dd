/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_RECORD_H
#define RUNNER_RECORD_H

/*
 * Record: what a journal holds of one run, in memory. The only input of every
 * report.
 *
 * A journal is a file of JSON lines, DIR/journal.jsonl. Every line is an object
 * with a "type":
 *
 *	command	{"command":"run"|"vm"|"merge","gupcheck":VERSION,
 *		 "options":{…},"arguments":[TEXT…],"cells":[ID…],
 *		 "common":{"shard":{"index":I,"count":N,"of":CELLS},…}}
 *	begin	{"schema":1,"gupcheck":VERSION,"kernel":RELEASE,"machine":ARCH,
 *		 "accelerator":"native"|"kvm"|"tcg","time":RFC3339,
 *		 "boot":BOOT_ID,"input":TEXT|null,"image":HEX|null,
 *		 "config":HEX|null}
 *	plan	{"kernel":RELEASE,"cells":[ID…]}
 *	start	{"kernel":RELEASE,"id":ID}
 *	end	{"kernel":RELEASE,"id":ID,"verdict":WORD,"outcome":WORD,
 *		 "errno":NAME|null,"reason":TEXT,"seconds":NUMBER,
 *		 "evidence":[TEXT…],"facts":[{"kind":WORD,…}…],
 *		 "rule":TEXT|null,"log":[TEXT…]}
 *	image	{"kernel":RELEASE,"id":ID,"file":NAME,"bytes":NUMBER,
 *		 "unmounted":BOOL,"note":TEXT}: the image of the filesystem as
 *		the cell left it, packed, behind the end that has "image":true;
 *		"note" instead of "file" and "bytes" where there is none
 *	limits	{"kernel":RELEASE,"factor":NUMBER}: scale of time limits
 *	canary	{"kernel":RELEASE,"verdict":WORD,"reason":TEXT}
 *	rules	{"kernel":RELEASE,"stale":[TEXT…]}: rules that are good for
 *		nothing
 *	finish	{"kernel":RELEASE,"reason":TEXT}
 *
 * RELEASE names a kernel: the second one of a release is RELEASE~2. The command
 * comes first and is what --resume reads; its "shard" tells which part of a
 * plan of CELLS the run is. One begin, plan, canary and finish per kernel, and
 * one more of each where a run was resumed; where runs were joined, one begin
 * for each. A start without an end is a cell that took the kernel with it.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <gupcheck/fact.h>
#include <gupcheck/verdict.h>

/** Reasons of a finish record where the run was cut off */
#define FINISH_INTERRUPTED "interrupted"
#define FINISH_TIME_OVER "the time limit passed"

/**
 * struct sight - a fact that tells how far a cell came, or what data was like
 * @kind: a step's end, a pin, what was read or could
 *	not be; see <gupcheck/fact.h>
 * @name: of the step, or the label of the read; never NULL
 * @value, @view, @offset: as in the fact; a view that is not known is 0
 */
struct sight {
	enum fact_kind kind;
	char *name;
	int value;
	unsigned int view;
	uint64_t offset;
};

/**
 * struct record_image - the image of a cell's filesystem as it left it
 * @file: packed, below the folder of the journal; or NULL
 * @note: why there is none; NULL where there is, or was not to be one
 * @bytes: of the file
 * @unmounted: the filesystem was unmounted when the image was taken
 */
struct record_image {
	char *file;
	char *note;
	uint64_t bytes;
	bool unmounted;
};

/**
 * struct record - one cell on one kernel; strings are owned by the run
 * @started: a "start" line was there
 * @finished: an "end" line was there after the last "start"; without it
 *	@verdict is VERDICT_VANISHED, or VERDICT_SKIPPED when it never started
 * @error: errno name, or NULL
 * @evidence: @evidence_count lines, worst first
 * @reason: never NULL
 * @rule: reason and link of the expectation rule applied, or NULL
 * @image: see there
 * @log: @log_count lines that the kernel wrote around what it complained of
 * @sights: @sight_count of them, in the order in which they came
 */
struct record {
	char *id;
	char *kernel;
	bool started;
	bool finished;
	enum verdict verdict;
	enum outcome outcome;
	char *error;
	char *reason;
	double seconds;
	char **evidence;
	size_t evidence_count;
	char *rule;
	struct record_image image;
	char **log;
	size_t log_count;
	struct sight *sights;
	size_t sight_count;
};

/**
 * struct run_kernel - one kernel of a run; strings are owned by the run
 * @machine, @accelerator: NULL when the journal does not say
 * @boot: boot id of the machine that the run was started on last, or NULL
 * @input, @image: for a guest: the --kernel, and what identifies its content;
 *	else NULL
 * @config: hash of its configuration (kernel/config-hash.h), or NULL: unknown
 * @limit_factor: how much longer than on an ordinary machine anything may take,
 *	as measured; 0 when the journal does not say
 * @canary: meaningful when @canary_seen
 * @canary_reason: NULL unless @canary_seen
 * @stale: @stale_count expectation rules that are good for nothing: where each
 *	stands, and why
 * @finished: a "finish" line was there
 * @finish_reason: NULL unless @finished
 */
struct run_kernel {
	char *release;
	char *machine;
	char *accelerator;
	char *boot;
	char *input;
	char *image;
	char *config;
	double limit_factor;
	bool canary_seen;
	enum verdict canary;
	char *canary_reason;
	char **stale;
	size_t stale_count;
	bool finished;
	char *finish_reason;
};

/**
 * struct run - a whole journal
 * @command: the "command" record, or NULL
 */
struct run {
	char *version;
	char *time;
	json_t *command;
	struct run_kernel *kernels;
	size_t kernel_count;
	struct record *records; /* in plan order, kernel by kernel */
	size_t record_count;
};

/** record_drop_sights() - free @evidence, @log, @sights: there are none then */
void record_drop_sights(struct record *record);

/** record_drop_image() - free @image: there is none then */
void record_drop_image(struct record *record);

/** run_free() - free everything; accepts NULL; returns NULL */
struct run *run_free(struct run *run);

/** run_find() - the record of @id on @kernel, or NULL */
const struct record *run_find(const struct run *run, const char *kernel,
			      const char *id);

/** run_find_kernel() - the part of @release, or NULL */
const struct run_kernel *run_find_kernel(const struct run *run,
					 const char *release);

/**
 * run_kernel_complete() - whether nothing is left to be run on @kernel
 *
 * Every planned cell has its end, the canary was run, and the run came to its
 * own end and was not interrupted.
 */
bool run_kernel_complete(const struct run *run,
			 const struct run_kernel *kernel);

/**
 * run_cut_off() - whether the run came to an end that had nothing to do with
 * @record: it is not the kernel that took the cell away
 */
bool run_cut_off(const struct run_kernel *kernel, const struct record *record);

/**
 * run_rule_holds() - whether the rule of @record still excuses another cell
 *
 * On any kernel: then it cannot go, though the cell of @record got better.
 */
bool run_rule_holds(const struct run *run, const struct record *record);

/** struct tally - how many records ended in what */
struct tally {
	size_t verdicts[VERDICT_COUNT];
	size_t outcomes[OUTCOME_COUNT];
	size_t total;
	size_t unfinished;
};

/** run_tally() - count the records of @kernel; NULL: of all kernels */
void run_tally(const struct run *run, const char *kernel, struct tally *ret);

/**
 * run_canary_broken() - whether the results of @kernel cannot be trusted
 *
 * True when the canary was seen to be anything but corrupt, or when the kernel
 * came to its end with answers but without a canary. A canary that was skipped
 * counts as none.
 */
bool run_canary_broken(const struct run *run, const struct run_kernel *kernel);

/**
 * record_is_failure() - whether this cell alone makes the exit code 1
 * @strict: known issues count as unexpected
 *
 * Unexpected, hung, vanished, planned but never run, and answers that nobody
 * compared with an expectation. Not broken cells: these are exit code 99.
 */
bool record_is_failure(const struct record *record, bool strict);

/**
 * run_exit_code() - the exit code of `run`, `vm` and `report`
 * @strict: known issues count as unexpected
 *
 * The first that holds of: 99 a canary that was not seen to be corrupt (nothing
 * can be trusted); 1 unexpected (also hung, vanished, never finished); 99 a
 * broken cell; 0 as expected; 77 nothing could run.
 */
int run_exit_code(const struct run *run, bool strict);

/**
 * run_exit_code_owing() - the same for a run that owes something
 * @owing: what was demanded (runner/demands.h) was not met: unexpected
 */
int run_exit_code_owing(const struct run *run, bool strict, bool owing);

#endif
