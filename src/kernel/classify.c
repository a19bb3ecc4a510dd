/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "kernel/patterns.h"

#define DIGITS "0123456789"
#define NAME_END " \t\r\n.,:;()[]"

static const char *const class_names[LOG_CLASS_COUNT] = {
	[LOG_HARMLESS] = "harmless",
	[LOG_SUPPRESSED] = "suppressed",
	[LOG_INCONCLUSIVE] = "inconclusive",
	[LOG_FILESYSTEM] = "filesystem",
	[LOG_WARN] = "warn",
	[LOG_LOCKDEP] = "lockdep",
	[LOG_HANG] = "hang",
	[LOG_SANITIZER] = "sanitizer",
	[LOG_BAD_PAGE] = "bad-page",
	[LOG_BUG] = "bug",
	[LOG_OOPS] = "oops",
	[LOG_PANIC] = "panic",
};

const char *log_class_to_string(enum log_class log_class)
{
	return class_names[log_class];
}

bool log_class_is_trouble(enum log_class log_class)
{
	return log_class >= LOG_WARN;
}

/*
 * Match one element of a shape: a literal, `%n` or `%d`. Returns how much of
 * @text it took, 0 when it does not match; @shape moves on in either case.
 */
static size_t match_element(const char **shape, const char *text,
			    const char **device)
{
	size_t taken;

	if (**shape != '%')
		return *(*shape)++ == *text;
	*shape += 2;
	if ((*shape)[-1] == 'n')
		return strspn(text, DIGITS);
	taken = strcspn(text, NAME_END);
	*device = text;
	return taken;
}

/*
 * Every element takes all it can or nothing, so that it is enough to go back
 * to the last `*`. A line ends at `\n` or NUL.
 */
static bool match(const char *shape, const char *text, const char **device)
{
	const char *star = NULL;
	const char *retry = text;

	while (*shape) {
		size_t taken;

		if (*shape == '*') {
			star = ++shape;
			retry = text;
			continue;
		}
		taken = match_element(&shape, text, device);
		if (taken) {
			text += taken;
			continue;
		}
		if (!star || !*retry || *retry == '\n')
			return false;
		shape = star;
		text = ++retry;
	}
	return true;
}

bool log_pattern_matches(const struct log_pattern *pattern, const char *line)
{
	const char *device;

	return match(pattern->shape, line, &device);
}

/*
 * Which characters occur in a text, by the low seven bits. A line can match a
 * shape only where it has every character of it, and nearly every line lacks
 * one: that costs far less to find out than a search for each `*`.
 */
struct characters {
	uint64_t seen[2];
};

static struct characters shape_characters[LOG_PATTERNS_MAX];

static void add_character(struct characters *set, char character)
{
	unsigned int low = (unsigned char)character & 0x7f;

	set->seen[low >> 6] |= UINT64_C(1) << (low & 63);
}

static void fill_shape_characters(void)
{
	for (size_t i = 0; i < log_pattern_count; i++) {
		for (const char *at = log_patterns[i].shape; *at; at++) {
			if (*at == '%')
				at++;
			else if (*at != '*')
				add_character(&shape_characters[i], *at);
		}
	}
}

static struct characters line_characters(const char *line)
{
	struct characters set = {{0}};

	for (; *line && *line != '\n'; line++)
		add_character(&set, *line);
	return set;
}

static bool has_all(const struct characters *set,
		    const struct characters *wanted)
{
	return !(wanted->seen[0] & ~set->seen[0]) &&
	       !(wanted->seen[1] & ~set->seen[1]);
}

/* `loop3` is in `loop3)` and in the journal `loop3-8`, not in `loop31`. */
static bool same_device(const char *name, const char *device)
{
	size_t len = strlen(device);
	size_t name_len = strcspn(name, NAME_END);

	if (name_len < len || strncmp(name, device, len) != 0)
		return false;
	return name_len == len ||
	       (name[len] == '-' &&
		len + 1 + strspn(name + len + 1, DIGITS) == name_len);
}

const struct log_pattern *log_pattern_find(size_t first, const char *line,
					   const char *device)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct characters characters = line_characters(line);

	pthread_once(&once, fill_shape_characters);
	for (size_t i = first; i < log_pattern_count; i++) {
		const char *name = NULL;

		if (!has_all(&characters, &shape_characters[i]) ||
		    !match(log_patterns[i].shape, line, &name))
			continue;
		if (name && device && !same_device(name, device))
			return NULL;
		return &log_patterns[i];
	}
	return NULL;
}

/* One record may hold several lines; the worst of them counts. */
enum log_class classify(const char *line, const char *device)
{
	enum log_class worst = LOG_HARMLESS;

	for (;;) {
		const struct log_pattern *pattern =
			log_pattern_find(0, line, device);

		if (pattern && pattern->log_class > worst)
			worst = pattern->log_class;
		line = strchr(line, '\n');
		if (!line)
			return worst;
		line++;
	}
}

/* ESC [ … letter: the firmware clears the screen before the kernel starts */
static const char *skip_escape(const char *text)
{
	if (strncmp(text, "\033[", 2) != 0)
		return text;
	text += 2;
	text += strspn(text, DIGITS ";?=");
	return *text ? text + 1 : text;
}

/* `[   12.345678]`, `[ T123]`, `[  C0]` or `<6>`; other brackets are text */
static const char *skip_prefix(const char *text)
{
	const char *at = text + 1;

	if (*text != '[' && *text != '<')
		return text;
	at += strspn(at, " ");
	if (*text == '[' && (*at == 'T' || *at == 'C'))
		at++;
	if (!strspn(at, DIGITS))
		return text;
	at += strspn(at, DIGITS);
	if (*text == '[' && *at == '.')
		at += 1 + strspn(at + 1, DIGITS);
	if (*at != (*text == '[' ? ']' : '>'))
		return text;
	return at + 1;
}

enum log_class classify_console(const char *line, const char *device,
				const char **ret_text)
{
	const char *before;

	do {
		before = line;
		line += strspn(line, "\r");
		line = skip_prefix(skip_escape(line));
		/* indentation belongs to the text: one blank is the prefix's */
		if (line != before && *line == ' ')
			line++;
	} while (line != before);
	if (ret_text)
		*ret_text = line;
	return classify(line, device);
}
