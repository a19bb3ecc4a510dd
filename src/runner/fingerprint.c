/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "runner/fingerprint.h"
#include "runner/stack.h"

#define FRAMES_SHOWN 3
#define NAME_SIZE 128
#define WARNING "WARNING: "

/* Shorter runs of hex digits are words as `dead` and `face`. */
#define ADDRESS_DIGITS 8

/*
 * They stand in traces of all kinds, and tell nothing of the bug. An entry that
 * ends with `*` is a prefix.
 */
static const char *const generic[] = {
	/* the report itself */
	"dump_stack*",
	"show_stack*",
	"__warn*",
	"warn_slowpath*",
	"warn_bogus_irq_restore",
	"report_bug",
	"handle_bug",
	"panic",
	"die",
	"die_addr",
	"oops_end",
	"__die*",
	"do_trap",
	"do_error_trap",
	"exc_*",
	"asm_exc_*",
	"page_fault_oops",
	"no_context",
	"bad_area*",
	"__bad_area*",
	"do_user_addr_fault",
	"refcount_warn_saturate",
	"fortify_panic",
	"__fortify_panic",
	"__stack_chk_fail",
	"dump_page",
	"bad_page",
	"sanity_check_pinned_pages",
	/* sanitizers */
	"kasan_*",
	"__kasan_*",
	"__asan_*",
	"__hwasan_*",
	"print_report*",
	"print_address_description*",
	"check_memory_region",
	"__ubsan_*",
	"ubsan_*",
	"kcsan_*",
	"__tsan_*",
	"kmsan_*",
	"__msan_*",
	/* lock debugging */
	"print_circular_bug",
	"print_usage_bug",
	"print_bad_irq_dependency",
	"check_noncircular",
	"check_prev_add",
	"check_prevs_add",
	"validate_chain",
	"mark_lock*",
	"__lock_acquire",
	"lock_acquire*",
	"lock_release",
	"lockdep_*",
	"__might_resched",
	"__might_sleep",
	"__might_fault",
	"__schedule_bug",
	/* waiting */
	"__schedule",
	"schedule",
	"schedule_timeout",
	"io_schedule*",
	/* how anything got there */
	"entry_*",
	"do_syscall_*",
	"x64_sys_call",
	"el0*",
	"el0t_*",
	"invoke_syscall",
	"do_el0_svc",
	"ret_from_fork*",
	"kthread",
	"worker_thread",
	"process_one_work",
	"process_scheduled_works",
};

/* A pin gives its pages back: what is below holds the pin. */
static const char *const pin_ends[] = {
	"unpin_user_*",	       "unpin_folio*",		"put_user_page*",
	"set_page_dirty_lock", "folio_mark_dirty_lock", "bio_set_pages_dirty",
	"__bio_release_pages", "bio_release_pages",
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool is_one_of(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strcspn(list[i], "*");

		if (!strncmp(list[i], name, len) &&
		    (list[i][len] == '*' || !name[len]))
			return true;
	}
	return false;
}

static bool is_generic(const char *name)
{
	return is_one_of(generic, COUNT(generic), name);
}

/* The name of a function as it stands in the source: false: too long for one */
static bool get_name(const struct stack_symbol *symbol, char ret[NAME_SIZE])
{
	size_t len = symbol->name_len;
	const char *dot = memchr(symbol->text + 1, '.', len - 1);

	if (dot)
		len = (size_t)(dot - symbol->text);
	if (len >= NAME_SIZE)
		return false;
	memcpy(ret, symbol->text, len);
	ret[len] = '\0';
	return true;
}

static bool is_word(char character)
{
	return isalnum((unsigned char)character) || character == '_';
}

/*
 * How much of @text, where a word begins, is a number, an address, or the
 * number of a loop device; 0: none of it.
 */
static size_t number_length(const char *text)
{
	size_t hex = strspn(text, "0123456789abcdefABCDEF");

	if (text[0] == '0' && text[1] == 'x')
		return 2 + strspn(text + 2, "0123456789abcdefABCDEF");
	if (isdigit((unsigned char)text[0]))
		return hex;
	return hex >= ADDRESS_DIGITS && strcspn(text, "0123456789") < hex ? hex
									  : 0;
}

/* Appends @len bytes of @text, or what there is room for. */
static void put(char *to, const char *text, size_t len)
{
	size_t used = strlen(to), room = FINGERPRINT_TEXT_SIZE - 1 - used;

	if (len > room)
		len = room;
	memcpy(to + used, text, len);
	to[used + len] = '\0';
}

/* The same with `#` for each number that is no part of a word. */
static void put_without_numbers(char *to, const char *text, size_t len)
{
	const char *end = text + len;
	bool in_word = false;

	while (text < end) {
		size_t number = in_word ? 0 : number_length(text);

		if (!in_word && !strncmp(text, "loop", 4) &&
		    isdigit((unsigned char)text[4])) {
			put(to, "loop", 4);
			text += 4;
		} else if (number) {
			put(to, "#", 1);
			text += number;
			in_word = true;
		} else {
			in_word = is_word(*text);
			put(to, text++, 1);
		}
	}
}

/* The complaint in a reason: `warn: WARNING: …` begins with its class. */
static const char *complaint_of(const char *reason)
{
	size_t len = strspn(reason, "abcdefghijklmnopqrstuvwxyz-");

	return len && !strncmp(reason + len, ": ", 2) ? reason + len + 2
						      : reason;
}

/*
 * The shape of a warning differs from kernel to kernel, its function does not.
 * @name: receives the function of the title, or ""
 */
static void put_title(char *to, const char *title, char name[NAME_SIZE])
{
	struct stack_symbol symbol;
	size_t len;

	name[0] = '\0';
	if (!stack_symbol_find(title, title, &symbol) ||
	    !get_name(&symbol, name)) {
		put_without_numbers(to, title, strlen(title));
		return;
	}
	if (!strncmp(title, WARNING, strlen(WARNING))) {
		put(to, "WARNING in ", strlen("WARNING in "));
	} else {
		len = (size_t)(symbol.text - title);
		put_without_numbers(to, title, len);
	}
	put(to, name, strlen(name));
}

/* Where in the log the complaint is: what was there before has its own trace.
 */
static size_t find_title(const struct record *record, const char *title)
{
	for (size_t i = 0; i < record->log_count; i++)
		if (!strncmp(record->log[i], title, strlen(title)))
			return i;
	return 0;
}

/* @name: function of the title, or "" */
static void put_frames(char *to, const struct record *record, const char *title,
		       const char *name)
{
	size_t begin = find_title(record, title), shown = 0;
	bool told = name[0] && !is_generic(name);
	const char *lines[STACK_MAX];
	size_t count = stack_find(record->log + begin,
				  record->log_count - begin, lines);
	char last[NAME_SIZE];

	snprintf(last, sizeof(last), "%s", name);
	for (size_t i = 0; i < count && shown < FRAMES_SHOWN; i++) {
		struct stack_symbol symbol;
		char frame[NAME_SIZE];

		if (!stack_symbol_find(lines[i], lines[i], &symbol) ||
		    !get_name(&symbol, frame) || is_generic(frame) ||
		    !strcmp(frame, last))
			continue;
		if (is_one_of(pin_ends, COUNT(pin_ends), frame)) {
			if (told)
				return;
			continue;
		}
		put(to, " < ", 3);
		put(to, frame, strlen(frame));
		memcpy(last, frame, sizeof(last));
		told = true;
		shown++;
	}
}

static void put_complaint(char *to, const struct record *record)
{
	const char *title = complaint_of(record->reason);
	char name[NAME_SIZE];

	put_title(to, title, name);
	put_frames(to, record, title, name);
}

static void put_reason(char *to, const struct record *record)
{
	const char *word = verdict_to_string(record->verdict);
	const char *slash = strchr(record->id, '/');

	put(to, word, strlen(word));
	if (record->verdict == VERDICT_CORRUPT && slash) {
		put(to, " ", 1);
		put(to, slash + 1, strcspn(slash + 1, "/"));
	}
	put(to, ": ", 2);
	put_without_numbers(to, record->reason, strlen(record->reason));
}

static bool is_trouble(const struct record *record)
{
	switch (record->verdict) {
	case VERDICT_EXPOSED:
	case VERDICT_CORRUPT:
	case VERDICT_OOPS:
	case VERDICT_SAFE:
	case VERDICT_REFUSED:
		return record->outcome != OUTCOME_AS_EXPECTED &&
		       record->outcome != OUTCOME_FIXED;
	case VERDICT_BROKEN:
	case VERDICT_HUNG:
	case VERDICT_VANISHED:
		return true;
	case VERDICT_SKIPPED:
	case VERDICT_COUNT:
		break;
	}
	return false;
}

bool fingerprint_of(const struct record *record, struct fingerprint *ret)
{
	char digits[SHA256_TEXT_SIZE];
	struct sha256 hash;

	*ret = (struct fingerprint){{0}, {0}};
	if (!is_trouble(record))
		return false;
	if (record->verdict == VERDICT_OOPS)
		put_complaint(ret->text, record);
	else
		put_reason(ret->text, record);
	sha256_begin(&hash);
	sha256_add(&hash, ret->text, strlen(ret->text));
	sha256_end(&hash, digits);
	memcpy(ret->id, digits, FINGERPRINT_ID_SIZE - 1);
	return true;
}
