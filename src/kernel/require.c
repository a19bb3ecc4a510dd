/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kernel/require-probe.h"
#include "kernel/require.h"

/* More than any descriptor needs; bounds the recursion. */
#define NESTING_MAX 16

/* What can be missing at a time; the reason names what is beyond. */
#define MISSING_MAX 32

#define WHY_SIZE 160

#define BLANKS " \t\n"
#define ATOM_END BLANKS "&|!()"

/**
 * struct parser - one walk over an expression
 * @start: the expression
 * @at: what is not consumed yet
 * @nesting: open parentheses
 * @answer: says of an atom 1 or 0. @live is false where the result is decided
 *	already, so that no module is loaded for nothing.
 * @arg: for @answer
 * @reason: what is missing so far; cut back when an alternative was met
 * @missing: the same as atoms, room for MISSING_MAX, or NULL
 */
struct parser {
	const char *start;
	const char *at;
	unsigned int nesting;
	int (*answer)(struct parser *parser, const struct require_atom *atom,
		      const struct require_kind *kind, bool live);
	void *arg;
	char *reason;
	size_t size;
	size_t used;
	struct require_atom *missing;
	size_t missing_count;
};

/* struct mark - how much was missing at some point */
struct mark {
	size_t used;
	size_t missing_count;
};

static int parse_alternatives(struct parser *parser, bool live);

__attribute__((format(printf, 2, 3))) static void
reason_add(struct parser *parser, const char *format, ...)
{
	size_t room = parser->size - parser->used;
	va_list args;
	int len;

	if (!parser->size)
		return;
	va_start(args, format);
	len = vsnprintf(parser->reason + parser->used, room, format, args);
	va_end(args);
	if (len > 0)
		parser->used += (size_t)len < room ? (size_t)len : room - 1;
}

static struct mark mark_set(const struct parser *parser)
{
	return (struct mark){parser->used, parser->missing_count};
}

static void mark_cut(struct parser *parser, struct mark mark)
{
	parser->used = mark.used;
	parser->missing_count = mark.missing_count;
	if (parser->size)
		parser->reason[mark.used] = '\0';
}

static int malformed(struct parser *parser, const char *at, const char *what)
{
	mark_cut(parser, (struct mark){0});
	reason_add(parser, "malformed requirement: %s at character %zu of `%s`",
		   what, (size_t)(at - parser->start) + 1, parser->start);
	return -EINVAL;
}

static void skip_blanks(struct parser *parser)
{
	parser->at += strspn(parser->at, BLANKS);
}

static bool consume(struct parser *parser, char c)
{
	skip_blanks(parser);
	if (*parser->at != c)
		return false;
	parser->at++;
	return true;
}

/* Copy the part of an atom that ends before one of @end. */
static int part(struct parser *parser, const char *end, char *ret, size_t size)
{
	size_t len = strcspn(parser->at, end);

	if (len >= size)
		return malformed(parser, parser->at, "word too long");
	memcpy(ret, parser->at, len);
	ret[len] = '\0';
	parser->at += len;
	return 0;
}

static int parse_argument(struct parser *parser, struct require_atom *atom,
			  const struct require_kind *kind)
{
	const char *begin = parser->at;
	int ret;

	if (!kind->has_argument)
		return *begin == ':' ? malformed(parser, begin, "unwanted `:`")
				     : 0;
	if (*begin != ':')
		return malformed(parser, begin, "no `:`");
	parser->at++;
	ret = part(parser, ATOM_END "@", atom->argument,
		   sizeof(atom->argument));
	if (ret < 0)
		return ret;
	if (!atom->argument[0])
		return malformed(parser, parser->at, "nothing after `:`");
	if (kind->valid && !kind->valid(atom->argument))
		return malformed(parser, begin + 1, "argument out of place");
	return 0;
}

static int parse_atom(struct parser *parser, bool live)
{
	struct require_atom atom = {.negated = consume(parser, '!')};
	const struct require_kind *kind;
	const char *begin;
	int ret;

	skip_blanks(parser);
	begin = parser->at;
	ret = part(parser, ATOM_END ":@", atom.kind, sizeof(atom.kind));
	if (ret < 0)
		return ret;
	kind = require_kind_find(atom.kind);
	if (!kind)
		return malformed(parser, begin,
				 atom.kind[0] ? "unknown word"
					      : "word missing");
	ret = parse_argument(parser, &atom, kind);
	if (ret < 0)
		return ret;
	if (*parser->at == '@') {
		parser->at++;
		ret = part(parser, ATOM_END, atom.symbol, sizeof(atom.symbol));
		if (ret < 0)
			return ret;
		if (!atom.symbol[0])
			return malformed(parser, parser->at,
					 "nothing after `@`");
	}
	return parser->answer(parser, &atom, kind, live);
}

static int parse_factor(struct parser *parser, bool live)
{
	int met;

	if (!consume(parser, '('))
		return parse_atom(parser, live);
	if (parser->nesting == NESTING_MAX)
		return malformed(parser, parser->at, "too deep nesting");
	parser->nesting++;
	met = parse_alternatives(parser, live);
	if (met < 0)
		return met;
	if (!consume(parser, ')'))
		return malformed(parser, parser->at, "`)` missing");
	parser->nesting--;
	return met;
}

/* Goes on after the first unmet one: the reason names all that is missing. */
static int parse_conjunction(struct parser *parser, bool live)
{
	struct mark mark = mark_set(parser);
	bool all = true;

	do {
		struct mark before = mark_set(parser);
		int met;

		if (before.used > mark.used)
			reason_add(parser, "; ");
		met = parse_factor(parser, live);
		if (met < 0)
			return met;
		if (met)
			mark_cut(parser, before);
		all = all && met;
	} while (consume(parser, '&'));
	return all;
}

static int parse_alternatives(struct parser *parser, bool live)
{
	struct mark mark = mark_set(parser);
	bool any = false;

	do {
		int met;

		if (parser->used > mark.used)
			reason_add(parser, " and ");
		met = parse_conjunction(parser, live && !any);
		if (met < 0)
			return met;
		any = any || met;
		if (any)
			mark_cut(parser, mark);
	} while (consume(parser, '|'));
	return any;
}

static int parse(struct parser *parser)
{
	int met;

	parser->at = parser->start;
	skip_blanks(parser);
	if (!*parser->at)
		return 1;
	met = parse_alternatives(parser, true);
	if (met < 0)
		return met;
	skip_blanks(parser);
	if (*parser->at)
		return malformed(parser, parser->at, "`&` or `|` missing");
	return met;
}

static bool is_met(const struct require_world *world,
		   const struct require_atom *atom,
		   const struct require_kind *kind)
{
	int met = -ENOENT;

	if (world->answer)
		met = world->answer(world->arg, atom->kind, atom->argument,
				    atom->symbol);
	return met < 0 ? kind->met(world, atom) : met;
}

static void missing_add(struct parser *parser, const struct require_atom *atom)
{
	if (parser->missing && parser->missing_count < MISSING_MAX)
		parser->missing[parser->missing_count++] = *atom;
}

/* The symbol to be set, and what there is to say of it */
static void add_symbol(struct parser *parser, const struct require_atom *atom,
		       const struct require_kind *kind)
{
	char why[WHY_SIZE] = "";

	if (kind->why && !atom->negated)
		kind->why(parser->arg, atom, why, sizeof(why));
	if (atom->symbol[0] || why[0])
		reason_add(parser, " (%s%s)", atom->symbol, why);
}

static int answer_met(struct parser *parser, const struct require_atom *atom,
		      const struct require_kind *kind, bool live)
{
	if (!live || is_met(parser->arg, atom, kind) != atom->negated)
		return 1;
	if (!atom->negated)
		missing_add(parser, atom);
	if (atom->negated)
		reason_add(parser, "unwanted %s%s%s", atom->kind,
			   kind->has_argument ? " " : "", atom->argument);
	else
		reason_add(parser, "%s%s%s", kind->before, atom->argument,
			   kind->after);
	add_symbol(parser, atom, kind);
	return 0;
}

int require_missing(const struct require_world *world, const char *expression,
		    char *reason, size_t size,
		    void (*visit)(void *arg, const char *kind,
				  const char *argument, const char *symbol),
		    void *arg)
{
	struct require_atom missing[MISSING_MAX];
	struct parser parser = {
		.start = expression ? expression : "",
		.answer = answer_met,
		.arg = (void *)world,
		.reason = reason,
		.size = size,
		.missing = missing,
	};
	int ret;

	mark_cut(&parser, (struct mark){0});
	ret = parse(&parser);
	for (size_t i = 0; !ret && visit && i < parser.missing_count; i++)
		visit(arg, missing[i].kind, missing[i].argument,
		      missing[i].symbol);
	return ret;
}

int require_check(const struct require_world *world, const char *expression,
		  char *reason, size_t size)
{
	return require_missing(world, expression, reason, size, NULL, NULL);
}

struct each {
	void (*visit)(void *arg, const char *kind, const char *argument,
		      const char *symbol);
	void *arg;
};

static int answer_visit(struct parser *parser, const struct require_atom *atom,
			const struct require_kind *kind, bool live)
{
	const struct each *each = parser->arg;

	each->visit(each->arg, atom->kind, atom->argument, atom->symbol);
	return 1;
}

int require_each(const char *expression,
		 void (*visit)(void *arg, const char *kind,
			       const char *argument, const char *symbol),
		 void *arg)
{
	struct each each = {visit, arg};
	struct parser parser = {
		.start = expression ? expression : "",
		.answer = answer_visit,
		.arg = &each,
	};
	int ret = parse(&parser);

	return ret < 0 ? ret : 0;
}
