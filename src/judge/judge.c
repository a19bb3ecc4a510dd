/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function per kind of evidence. Each may raise the verdict; the worst one
 * becomes the headline.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "judge/judge.h"
#include "judge/promise.h"
#include "kernel/classify.h"

struct trial {
	const struct cell_id *id;
	const struct observation *seen;
	struct judgement *ret;
	bool decided;
};

/*
 * From best to worst as a headline. What happened to the kernel outranks what
 * happened to the harness: an oops is an oops, even if the cell then broke.
 */
static const unsigned int severity[VERDICT_COUNT] = {
	[VERDICT_SAFE] = 0,    [VERDICT_REFUSED] = 1, [VERDICT_SKIPPED] = 2,
	[VERDICT_EXPOSED] = 3, [VERDICT_BROKEN] = 4,  [VERDICT_VANISHED] = 5,
	[VERDICT_HUNG] = 6,    [VERDICT_CORRUPT] = 7, [VERDICT_OOPS] = 8,
};

static void __attribute__((format(printf, 3, 4)))
found(struct trial *trial, enum verdict verdict, const char *format, ...)
{
	va_list args;

	if (trial->decided &&
	    severity[verdict] <= severity[trial->ret->verdict])
		return;
	trial->decided = true;
	trial->ret->verdict = verdict;
	va_start(args, format);
	vsnprintf(trial->ret->reason, sizeof(trial->ret->reason), format, args);
	va_end(args);
}

static const struct fact *first(const struct trial *trial, enum fact_kind kind)
{
	return observation_first(trial->seen, kind, NULL);
}

static void weigh_kernel(struct trial *trial)
{
	for (size_t i = 0; i < trial->seen->count; i++) {
		const struct fact *fact = &trial->seen->facts[i];

		if (fact->kind == FACT_LOG &&
		    log_class_is_trouble((enum log_class)fact->value))
			found(trial, VERDICT_OOPS, "%s: %s", fact->name,
			      fact->text);
		else if (fact->kind == FACT_TAINT && fact->value)
			found(trial, VERDICT_OOPS,
			      "the kernel became tainted (%s) and no message told why",
			      fact->text);
		else if (fact->kind == FACT_COUNTER && fact->value)
			found(trial, VERDICT_OOPS,
			      "the kernel's %s rose by %d and no message told why",
			      fact->name, fact->value);
	}
}

static void weigh_timeouts(struct trial *trial)
{
	static const struct {
		const char *name;
		const char *text;
	} limits[] = {
		{"cell", "no end after"},
		{"silence", "nothing was heard of the cell for"},
		{"kill", "killed, and still there after"},
		{"keeper", "what the cell changed is not put right after"},
	};
	const struct fact *fact;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		fact = observation_first(trial->seen, FACT_TIMEOUT,
					 limits[i].name);
		if (fact)
			found(trial, VERDICT_HUNG, "%s %d s", limits[i].text,
			      fact->value);
	}
	if (first(trial, FACT_TIMEOUT))
		found(trial, VERDICT_HUNG, "a time limit passed");
}

static void weigh_harness(struct trial *trial)
{
	const struct fact *fact;

	fact = first(trial, FACT_BROKEN);
	if (fact)
		found(trial, VERDICT_BROKEN, "%s", fact->text);
	fact = first(trial, FACT_STEP_HUNG);
	if (fact)
		found(trial, VERDICT_HUNG, "step %s did not return",
		      fact->name);
	weigh_timeouts(trial);
	fact = first(trial, FACT_DIED);
	if (fact && WIFSIGNALED(fact->value))
		found(trial, VERDICT_BROKEN, "the %s died of signal %d (%s)",
		      fact->name, WTERMSIG(fact->value),
		      strsignal(WTERMSIG(fact->value)));
	else if (fact)
		found(trial, VERDICT_BROKEN, "the %s ended with status %d",
		      fact->name, WEXITSTATUS(fact->value));
	fact = first(trial, FACT_SKIP);
	if (fact)
		found(trial, VERDICT_SKIPPED, "%s", fact->text);
	else if (!first(trial, FACT_DONE))
		found(trial, VERDICT_BROKEN,
		      "the cell did not come to its end");
}

/* Without the kernel's messages nothing can be called good */
static void weigh_log(struct trial *trial)
{
	const struct fact *fact = first(trial, FACT_LOG_GAP);

	if (fact)
		found(trial, VERDICT_BROKEN, "%d kernel messages were lost",
		      fact->value);
	if (first(trial, FACT_LOG_UNREADABLE))
		found(trial, VERDICT_BROKEN,
		      "the kernel's messages could not be read");
	for (size_t i = 0; i < trial->seen->count; i++) {
		fact = &trial->seen->facts[i];
		if (fact->kind == FACT_LOG && fact->value == LOG_SUPPRESSED)
			found(trial, VERDICT_BROKEN,
			      "the kernel suppressed messages: %s", fact->text);
		if (fact->kind == FACT_LOG && fact->value == LOG_INCONCLUSIVE)
			found(trial, VERDICT_BROKEN, "%s", fact->text);
		if (fact->kind == FACT_CLAIMED)
			found(trial, VERDICT_BROKEN,
			      "a program, not the kernel, wrote to its log: %s",
			      fact->text);
	}
}

/* Invariant 7: whether refused or not, nothing may be left of a pin */
static void weigh_leaks(struct trial *trial)
{
	const struct fact *fact = first(trial, FACT_PINS_LEFT);

	if (fact && !strcmp(fact->name, "alone"))
		found(trial, VERDICT_CORRUPT,
		      "every pin is returned: %d page references are still pinned after the last process is gone",
		      fact->value);
	else if (fact)
		found(trial, VERDICT_BROKEN,
		      "%d page references more are pinned than before, here or by another program: run it in a guest (gupcheck vm)",
		      fact->value);
	for (size_t i = 0; i < trial->seen->count; i++) {
		fact = &trial->seen->facts[i];
		if (fact->kind == FACT_LOCKED_LEFT)
			found(trial, VERDICT_BROKEN,
			      "%d KiB stay locked (%s) after the device was closed",
			      fact->value, fact->name);
	}
}

/* Invariant 7: the filesystem's own checker finds it clean */
static void weigh_check(struct trial *trial)
{
	const struct fact *fact = first(trial, FACT_CHECKED);

	if (fact && fact->value)
		found(trial, VERDICT_CORRUPT, "%s finds damage: %s", fact->name,
		      fact->text);
	else if (!fact && trial->id->filesystem->check)
		found(trial, VERDICT_BROKEN,
		      "the filesystem was not checked afterwards");
}

static bool has_errno(const int *errnos, int error)
{
	for (; errnos && *errnos; errnos++)
		if (*errnos == error)
			return true;
	return false;
}

static bool has_variant(const struct trial *trial, unsigned int flags)
{
	return trial->id->variant && trial->id->variant->flags & flags;
}

static void weigh_refusal(struct trial *trial, int error)
{
	const struct mechanism *mechanism = trial->id->mechanism;

	if (!has_errno(mechanism->refusals, error) &&
	    !(has_variant(trial, VARIANT_SEVERAL) &&
	      has_errno(mechanism->partial_refusals, error))) {
		found(trial, VERDICT_BROKEN,
		      "the pin failed with %s, which is no refusal of %s",
		      errno_name(error), mechanism->name);
		return;
	}
	trial->ret->error = error;
	found(trial, VERDICT_REFUSED,
	      "%s; the same pin on anonymous memory worked", errno_name(error));
}

/* A device that did not write what it had to proves nothing about the kernel */
static bool weigh_landing(struct trial *trial)
{
	const struct fact *wrote =
		observation_first(trial->seen, FACT_STEP_END, "device_write");
	const char *lands = trial->id->scenario->lands;

	if (!first(trial, FACT_LANDED) || !wrote || wrote->value) {
		found(trial, VERDICT_BROKEN,
		      "no device write was seen to land");
		return false;
	}
	for (size_t i = 0; i < trial->seen->count; i++) {
		const struct fact *fact = &trial->seen->facts[i];

		if (fact->kind != FACT_LANDED || fact->value == CONTENT_NEW)
			continue;
		found(trial, lands ? VERDICT_CORRUPT : VERDICT_BROKEN,
		      "%s: %s data in the %s view from byte %llu on",
		      lands ? lands
			    : "the device write did not land as it should",
		      content_to_string((enum content)fact->value),
		      view_to_string(fact->view),
		      (unsigned long long)fact->offset);
		return false;
	}
	return true;
}

static void weigh_promises(struct trial *trial)
{
	const struct promise *promise = trial->id->scenario->promises;
	char words[JUDGE_REASON_SIZE];

	for (; promise && promise->text; promise++) {
		switch (promise_check(promise, trial->id, trial->seen, words,
				      sizeof(words))) {
		case PROMISE_KEPT:
		case PROMISE_FOREIGN:
			break;
		case PROMISE_UNPROVEN:
			found(trial, VERDICT_BROKEN, "%s", words);
			break;
		case PROMISE_BROKEN:
			found(trial, VERDICT_CORRUPT, "%s", words);
			break;
		}
	}
}

/*
 * A filesystem that complains saw something that must not be. With every
 * promise kept it is still no safe kernel. Before the first step there was
 * nothing yet but our own mount, and a mount that is killed is complained of.
 */
static void weigh_complaints(struct trial *trial)
{
	bool ours = !first(trial, FACT_STEP_BEGIN) ||
		    observation_first(trial->seen, FACT_DIED, "cell");

	for (size_t i = 0; i < trial->seen->count; i++) {
		const struct fact *fact = &trial->seen->facts[i];

		if (fact->kind == FACT_LOG && fact->value == LOG_FILESYSTEM)
			found(trial, ours ? VERDICT_BROKEN : VERDICT_CORRUPT,
			      "%s", fact->text);
		/* its message may be held back, its errno is not */
		if (fact->kind == FACT_STEP_END && fact->value == -EUCLEAN)
			found(trial, ours ? VERDICT_BROKEN : VERDICT_CORRUPT,
			      "the filesystem takes itself for damaged: %s ends with EUCLEAN",
			      fact->name);
	}
}

/* Whose the new data is, so that nobody takes a store for a device write */
static const char *how_written(const struct trial *trial)
{
	unsigned int traits = trial->id->mechanism->traits;

	if (traits & (MECH_READS_ONLY | MECH_NO_WRITER))
		return "pinned, nothing written through the pin, stored to by the process";
	return traits & MECH_NOTIFIER ? "accepted without a pin, written"
				      : "pinned, written";
}

/*
 * A pin that is held for long is a FOLL_PIN, and the kernel counts these. What
 * others pin is counted, too, so a count proves little; that nothing at all was
 * pinned proves that this was no pin, if the control pin was seen to count.
 */
static void weigh_count(struct trial *trial)
{
	const struct fact *control =
		observation_first(trial->seen, FACT_PINNED, "control");

	if (!(trial->id->mechanism->traits & MECH_LONGTERM) || !control ||
	    !control->value)
		return;
	for (size_t i = 0; i < trial->seen->count; i++) {
		const struct fact *fact = &trial->seen->facts[i];

		if (fact->kind == FACT_PINNED && !strcmp(fact->name, "file") &&
		    !fact->value)
			found(trial, VERDICT_BROKEN,
			      "the pin was accepted and pinned no page; on anonymous memory it pinned %d",
			      control->value);
	}
}

static void weigh_accepted(struct trial *trial)
{
	weigh_count(trial);
	if (has_variant(trial, VARIANT_READ_ONLY))
		found(trial, VERDICT_EXPOSED,
		      "a writable pin of a read-only mapping was accepted");
	if (has_variant(trial, VARIANT_BEYOND_EOF))
		found(trial, VERDICT_EXPOSED,
		      "a pin of pages beyond the end of the file was accepted");
	/* it ends there: a store would kill whoever does it */
	if (has_variant(trial, VARIANT_UNPINNABLE))
		return;
	if (weigh_landing(trial))
		weigh_promises(trial);
	if (cell_id_must_refuse(trial->id))
		found(trial, VERDICT_EXPOSED,
		      "a long-term writable pin of a shared file page was accepted");
	found(trial, VERDICT_SAFE, "%s, every promise kept",
	      how_written(trial));
}

static bool has_other_pin(const struct trial *trial, const struct fact *pin)
{
	for (size_t i = 0; i < trial->seen->count; i++)
		if (trial->seen->facts[i].kind == FACT_PIN &&
		    trial->seen->facts[i].value != pin->value)
			return true;
	return false;
}

static void weigh_pin(struct trial *trial)
{
	const struct fact *control = first(trial, FACT_CONTROL);
	const struct fact *pin = first(trial, FACT_PIN);

	if (!control)
		found(trial, VERDICT_BROKEN, "no control pin was tried");
	else if (control->value)
		found(trial, VERDICT_BROKEN,
		      "the control pin on anonymous memory failed: %s",
		      errno_name(-control->value));
	else if (!pin)
		found(trial, VERDICT_BROKEN, "nothing was pinned");
	else if (has_other_pin(trial, pin))
		found(trial, VERDICT_BROKEN,
		      "the answer to the same pin was not always the same");
	else if (pin->value)
		weigh_refusal(trial, -pin->value);
	else
		weigh_accepted(trial);
}

void judge(const struct cell_id *id, const struct observation *observation,
	   struct judgement *ret)
{
	struct trial trial = {.id = id, .seen = observation, .ret = ret};

	memset(ret, 0, sizeof(*ret));
	weigh_kernel(&trial);
	weigh_harness(&trial);
	weigh_complaints(&trial);
	if (first(&trial, FACT_SKIP))
		return;
	weigh_log(&trial);
	weigh_leaks(&trial);
	weigh_check(&trial);
	weigh_pin(&trial);
	if (ret->verdict != VERDICT_REFUSED)
		ret->error = 0;
}
