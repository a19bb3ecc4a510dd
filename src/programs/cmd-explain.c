/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "plan/near.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "report/explain-errno.h"

#define LAST_ERRNO 133

static const char explain_help[] =
	"Usage: gupcheck explain CELL\n"
	"       gupcheck explain ERRNO [MECHANISM] [FILESYSTEM]\n"
	"CELL: its recipe: steps, promises, kernel functions, links.\n"
	"ERRNO, by name or number: what it means to a program whose memory could not\n"
	"be pinned, since when, what else it may be, what to do instead.\n"
	"\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  gupcheck explain process_vm/xfs/reflink_while_pinned\n"
	"  gupcheck explain EFAULT io_uring_fixed xfs\n"
	"  gupcheck explain ENOMEM rdma_mr\n";

/* Not every number has a name: those stand in as what nobody writes. */
static const char *errno_at(size_t index)
{
	return index < LAST_ERRNO ? errno_name((int)index + 1) : NULL;
}

/* No name of a driver begins with a capital letter, a digit or a sign. */
static bool looks_like_errno(const char *text)
{
	return !strchr(text, '/') && (text[0] == 'E' || text[0] == '-' ||
				      isdigit((unsigned char)text[0]));
}

static int parse_errno(const char *text, int *ret, struct error *error)
{
	const char *near;
	char *end;
	long number = strtol(text, &end, 10);

	if (text[0] != 'E') {
		*ret = (int)labs(number);
		if (!*end && labs(number) > 0 && labs(number) <= LAST_ERRNO)
			return 0;
		return error_set(
			error, -EINVAL,
			"'%s' is no errno: give a name such as EFAULT, "
			"or a number from 1 to %d",
			text, LAST_ERRNO);
	}
	*ret = errno_from_name(text);
	if (*ret)
		return 0;
	near = near_word(text, errno_at);
	return error_set(error, -EINVAL, "unknown errno '%s': %s%s", text,
			 near ? "the nearest is " : "see errno(3)",
			 near ? near : "");
}

static int unknown_word(enum axis axis, const char *word, struct error *error)
{
	char near[320];

	return error_set(
		error, -EINVAL, "unknown %s '%s': %s; see gupcheck list %s",
		axis_word(axis, false), word,
		near_text(axis, word, strlen(word), near, sizeof(near)),
		axis_word(axis, true));
}

/* Mechanism, then filesystem; the filesystem alone is understood, too. */
static int parse_place(char **words, struct errno_place *ret,
		       struct error *error)
{
	for (; *words; words++) {
		const char *word = *words;
		bool first = !ret->mechanism && !ret->filesystem;
		const struct mechanism *mechanism = mechanism_find(word);
		const struct filesystem *filesystem = filesystem_find(word);

		if (first && mechanism)
			ret->mechanism = mechanism;
		else if (!ret->filesystem && filesystem)
			ret->filesystem = filesystem;
		else if (ret->filesystem)
			return error_set(error, -EINVAL,
					 "'%s' is too much: explain takes an "
					 "errno, a mechanism and a filesystem",
					 word);
		else
			return unknown_word(first ? AXIS_MECHANISM
						  : AXIS_FILESYSTEM,
					    word, error);
	}
	return 0;
}

static int explain_words(char **words, struct error *error)
{
	struct errno_place place = {NULL};
	struct cell_id id;
	int number;

	if (!words[0] || (words[1] && !looks_like_errno(words[0])))
		return error_set(
			error, -EINVAL,
			"explain takes one cell id, or an errno: see "
			"gupcheck list cells, gupcheck explain --help");
	if (!looks_like_errno(words[0]))
		return common_cell_parse(words[0], &id, error) < 0
			       ? -EINVAL
			       : explain(stdout, &id);
	if (parse_errno(words[0], &number, error) < 0 ||
	    parse_place(words + 1, &place, error) < 0)
		return -EINVAL;
	return explain_errno(stdout, number, &place);
}

int cmd_explain(int argc, char **argv)
{
	struct error error = {0};
	int ret;

	if (argc > 1 &&
	    (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		fputs(explain_help, stdout);
		return EXIT_AS_EXPECTED;
	}
	ret = explain_words(argv + 1, &error);
	if (ret == -EINVAL)
		return common_fail(&error, EXIT_BAD_USAGE);
	return ret < 0 ? EXIT_HARNESS_BROKEN : EXIT_AS_EXPECTED;
}
