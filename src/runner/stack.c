/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "runner/stack.h"

#define TRACE "Call Trace:"
#define FRAMES_MAX (STACK_MAX - 1)
#define EVIDENCE_PREFIX "kernel: "

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* x86 says RIP, arm64 pc: where the kernel was, not where it returns to */
static bool says_where(const char *line)
{
	return starts_with(line, "RIP: ") || starts_with(line, "pc : ");
}

static bool is_symbol_char(char character)
{
	return isalnum((unsigned char)character) || character == '_' ||
	       character == '.' || character == '$';
}

/* Behind `0x28`, or NULL where there is no such number */
static const char *read_hex(const char *text, uint64_t *ret)
{
	char *end;

	if (!starts_with(text, "0x") || !isxdigit((unsigned char)text[2]))
		return NULL;
	*ret = strtoull(text, &end, 16);
	return end;
}

/* @plus: a `+` of the line */
static bool read_symbol(const char *from, const char *plus,
			struct stack_symbol *ret)
{
	const char *begin = plus, *end;

	while (begin > from && is_symbol_char(begin[-1]))
		begin--;
	end = read_hex(plus + 1, &ret->offset);
	if (begin == plus || !end || *end != '/')
		return false;
	end = read_hex(end + 1, &ret->size);
	if (!end || ret->offset > ret->size)
		return false;
	ret->text = begin;
	ret->len = (size_t)(end - begin);
	ret->name_len = (size_t)(plus - begin);
	ret->module = starts_with(end, " [");
	return true;
}

bool stack_symbol_find(const char *line, const char *from,
		       struct stack_symbol *ret)
{
	const char *words = line;

	if (starts_with(words, EVIDENCE_PREFIX))
		words += strlen(EVIDENCE_PREFIX);
	for (const char *at = from; (at = strchr(at, '+')); at++) {
		if (!read_symbol(from, at, ret))
			continue;
		ret->back = ret->offset && !says_where(words) &&
			    !starts_with(words, "WARNING: ");
		return true;
	}
	return false;
}

/* Whether one of @count messages names the first symbol of @line already */
static bool is_named(char *const *log, size_t count, const char *line)
{
	struct stack_symbol symbol, other;

	stack_symbol_find(line, line, &symbol);
	for (size_t i = 0; i < count; i++)
		if (stack_symbol_find(log[i], log[i], &other) &&
		    other.len == symbol.len &&
		    !memcmp(other.text, symbol.text, symbol.len))
			return true;
	return false;
}

static bool has_symbol(const char *line)
{
	struct stack_symbol symbol;

	return stack_symbol_find(line, line, &symbol);
}

static bool is_guess(const char *line)
{
	line += strspn(line, " ");
	return starts_with(line, "? ");
}

/* <TASK>, </IRQ>: they tell whose stack it is */
static bool is_mark(const char *line)
{
	line += strspn(line, " ");
	return *line == '<' || !*line;
}

static size_t find_frames(char *const *log, size_t count, const char **ret)
{
	size_t found = 0;

	for (size_t i = 0; i < count && found < FRAMES_MAX; i++) {
		if (is_mark(log[i]) || is_guess(log[i]))
			continue;
		if (says_where(log[i]) || !has_symbol(log[i]))
			break;
		ret[found++] = log[i];
	}
	return found;
}

size_t stack_find(char *const *log, size_t count, const char *ret[STACK_MAX])
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (!found && says_where(log[i]) && has_symbol(log[i]) &&
		    !is_named(log, i, log[i]))
			ret[found++] = log[i];
		if (!strncasecmp(log[i], TRACE, strlen(TRACE)))
			return found + find_frames(log + i + 1, count - i - 1,
						   ret + found);
	}
	return found;
}
