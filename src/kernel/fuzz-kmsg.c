/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Fuzz: one record of /dev/kmsg, and the same bytes as lines of a console. */

#include <errno.h>
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/fuzz.h"
#include "kernel/classify.h"
#include "kernel/kmsg.h"

#define DEVICE "loop3"

/* The worst class of the lines of @text, one at a time */
static enum log_class worst_line(const char *text, const char *device)
{
	enum log_class worst = LOG_HARMLESS;

	for (const char *at = text; *at; at += *at == '\n') {
		size_t len = strcspn(at, "\n");
		cleanup_free char *line = fuzz_string(at, len);
		enum log_class log_class = classify(line, device);

		if (log_class > worst)
			worst = log_class;
		at += len;
	}
	return worst;
}

static void check_class(const char *text)
{
	enum log_class any = classify(text, NULL);
	enum log_class ours = classify(text, DEVICE);

	fuzz_assert(any < LOG_CLASS_COUNT);
	fuzz_assert(log_class_to_string(any));
	/* a device can make a line harmless, and nothing else of it */
	fuzz_assert(ours <= any);
	fuzz_assert(worst_line(text, NULL) == any);
	fuzz_assert(worst_line(text, DEVICE) == ours);
}

static void check_console_line(const char *line)
{
	cleanup_free char *longer = NULL;
	const char *text, *again;
	enum log_class log_class = classify_console(line, NULL, &text);

	fuzz_assert(text >= line && text <= line + strlen(line));
	fuzz_assert(classify(text, NULL) == log_class);
	fuzz_assert(classify_console(line, NULL, NULL) == log_class);
	/* all prefixes are off, and one more makes no difference */
	classify_console(text, NULL, &again);
	fuzz_assert(again == text);
	fuzz_assert(asprintf(&longer, "<4>[   12.345678][  T123] %s", text) >
		    0);
	fuzz_assert(classify_console(longer, NULL, &again) == log_class);
	fuzz_assert(!strcmp(again, text));
}

static void check_console(const uint8_t *data, size_t size)
{
	cleanup_free char *all = fuzz_string(data, size);
	char *rest = all, *line;

	while ((line = strsep(&rest, "\n")))
		check_console_line(line);
}

/* How many line ends the record itself wrote as `\x0a` */
static size_t escaped_line_ends(const char *raw, size_t len)
{
	size_t found = 0;

	for (size_t i = 0; i + 4 <= len; i++)
		found += !strncasecmp(raw + i, "\\x0a", 4);
	return found;
}

static size_t line_ends(const char *text)
{
	size_t found = 0;

	for (; *text; text++)
		found += *text == '\n';
	return found;
}

/* As the kernel writes records: msg_add_ext_text(), kernel/printk/printk.c */
static size_t format_record(const struct kmsg_record *record, char *ret,
			    size_t size)
{
	size_t used = (size_t)snprintf(
		ret, size, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",-;",
		(uint64_t)record->facility << 3 | record->level,
		record->sequence, record->usec);

	for (const char *at = record->text; *at; at++) {
		unsigned char byte = (unsigned char)*at;

		used += (size_t)snprintf(
			ret + used, size - used,
			byte < ' ' || byte >= 127 || byte == '\\' ? "\\x%02x"
								  : "%c",
			byte);
	}
	used += (size_t)snprintf(ret + used, size - used,
				 "\n SUBSYSTEM=block\n DEVICE=b7:3\n");
	fuzz_assert(used < size);
	return used;
}

static void check_record(const char *raw, size_t len,
			 const struct kmsg_record *record)
{
	char formatted[4 * KMSG_TEXT_SIZE + 128];
	struct kmsg_record again;
	uint64_t priority;

	fuzz_assert(memchr(record->text, '\0', sizeof(record->text)));
	fuzz_assert(record->level <= 7);
	fuzz_assert(line_ends(record->text) <= escaped_line_ends(raw, len));
	/* one of a program must not pass for one of the kernel */
	priority = strtoull(raw, NULL, 10);
	fuzz_assert(priority ==
		    (record->level | (uint64_t)record->facility << 3));

	len = format_record(record, formatted, sizeof(formatted));
	fuzz_assert(!kmsg_parse(formatted, len, &again));
	fuzz_assert(again.level == record->level);
	fuzz_assert(again.facility == record->facility);
	fuzz_assert(again.sequence == record->sequence);
	fuzz_assert(again.usec == record->usec);
	fuzz_assert(!strcmp(again.text, record->text));
	check_class(record->text);
	check_console_line(record->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *raw = fuzz_copy(data, size);
	cleanup_free char *text = fuzz_string(data, size);
	struct kmsg_record record;
	int ret;

	memset(&record, 0x55, sizeof(record));
	ret = kmsg_parse(raw, size, &record);
	fuzz_assert(!ret || ret == -EINVAL);
	if (!ret)
		check_record(raw, size, &record);
	check_class(text);
	check_console(data, size);
	return 0;
}
