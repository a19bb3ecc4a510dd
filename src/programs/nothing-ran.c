/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdbool.h>
#include <string.h>
#include "programs/nothing-ran.h"

#define SYMBOLS_SIZE 512
#define SYMBOL "CONFIG_"
#define SYMBOL_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

/* Whether @list, joined by commas, has a symbol, as `X` or as `X=m` */
static bool has_symbol(const char *list, const char *symbol, size_t len)
{
	for (const char *at = list; (at = strstr(at, SYMBOL)); at++)
		if (!strncmp(at, symbol, len) && strchr(",=", at[len]))
			return true;
	return false;
}

static void add_symbols(const char *reason, char list[SYMBOLS_SIZE])
{
	for (const char *at = reason; (at = strstr(at, SYMBOL));) {
		size_t len = strspn(at, SYMBOL_CHARACTERS);
		size_t used = strlen(list);
		/* a module that was not built */
		size_t more = strncmp(at + len, "=m", 2) ? 0 : 2;

		if (!has_symbol(list, at, len) &&
		    used + len + more + 2 < SYMBOLS_SIZE)
			snprintf(list + used, SYMBOLS_SIZE - used, "%s%.*s",
				 used ? ", " : "", (int)(len + more), at);
		at += len;
	}
}

/* Whether all cells of a kernel were skipped; gathers why */
static bool all_skipped(const struct run *run, const char *release,
			const char **ret_reason, char list[SYMBOLS_SIZE])
{
	*ret_reason = NULL;
	list[0] = '\0';
	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];

		if (strcmp(record->kernel, release) != 0)
			continue;
		if (record->verdict != VERDICT_SKIPPED || !record->finished)
			return false;
		if (!*ret_reason)
			*ret_reason = record->reason;
		add_symbols(record->reason, list);
	}
	return *ret_reason != NULL;
}

void nothing_ran_tell(FILE *out, const struct run *run)
{
	char list[SYMBOLS_SIZE];
	const char *reason;

	for (size_t i = 0; i < run->kernel_count; i++) {
		const char *release = run->kernels[i].release;

		if (!all_skipped(run, release, &reason, list))
			continue;
		if (list[0])
			fprintf(out,
				"gupcheck: %s: nothing could run without %s%s\n",
				release, list,
				strstr(list, "=m")
					? " (=m: modules that were not built, or not installed)"
					: "");
		else
			fprintf(out, "gupcheck: %s: nothing could run: %s\n",
				release, reason);
	}
}
