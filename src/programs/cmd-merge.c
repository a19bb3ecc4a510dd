/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "runner/image-store.h"
#include "runner/merge.h"

static const char help[] =
	"Usage: gupcheck merge [OPTION]... OUT DIR...\n"
	"Join stored runs, the shards of one or those of several kernels, into one\n"
	"that every report renders. OUT must not hold a run yet.\n"
	"\n"
	"      --any-boot        runs on the running kernel may be of several boots, or\n"
	"                        machines, where release and configuration are the same\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  gupcheck run --shard 1/2 -o first; gupcheck run --shard 2/2 -o second\n"
	"  gupcheck merge whole first second && gupcheck report whole\n";

/**
 * struct merge_command
 * @out: folder of the joined journal
 * @parts: @count of them; owned, with their runs
 */
struct merge_command {
	const char *out;
	struct merge_part *parts;
	size_t count;
	bool any_boot;
};

static int parse(struct merge_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"any-boot", no_argument, NULL, 'A'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) !=
	       -1) {
		if (option == 'h')
			return 1;
		if (option != 'A')
			return common_unknown_option("merge", argv, error);
		command->any_boot = true;
	}
	if (argc - optind < 2)
		return error_set(
			error, -EINVAL,
			"merge takes a new folder and the runs to be joined, OUT DIR...: see gupcheck merge --help");
	command->out = argv[optind++];
	return 0;
}

/* Reads the runs of @dirs */
static int load(struct merge_command *command, char *const *dirs, size_t count,
		struct error *error)
{
	command->parts = calloc(count, sizeof(*command->parts));
	if (!command->parts)
		return error_set(error, -ENOMEM, "%s:", command->out);
	for (; command->count < count; command->count++) {
		struct merge_part *part = &command->parts[command->count];
		int ret;

		part->dir = dirs[command->count];
		ret = journal_load(part->dir, &part->run, error);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* Half of a joined journal would look like a run that died */
static void remove_journal(const char *dir)
{
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s/%s", dir, JOURNAL_NAME) >= 0)
		unlink(path);
}

/* The joined journal names them as those of the parts do */
static void copy_images(const struct merge_command *command)
{
	for (size_t p = 0; p < command->count; p++) {
		const struct merge_part *part = &command->parts[p];

		for (size_t i = 0; i < part->run->record_count; i++) {
			const char *file = part->run->records[i].image.file;
			struct error why = {""};

			if (file &&
			    image_store_copy(part->dir, file, command->out,
					     file, &why) < 0)
				fprintf(stderr,
					"gupcheck: an image is missing: %s\n",
					why.text);
		}
	}
}

static int write_out(const struct merge_command *command, char **argv,
		     struct error *error)
{
	json_t *arguments = json_array();
	struct journal *journal;
	struct error inner = {""};
	int ret = journal_create(&journal, command->out, error);

	for (; *argv; argv++)
		json_array_append_new(arguments, journal_text(*argv));
	if (ret < 0) {
		json_decref(arguments);
		return common_fail(error, EXIT_BAD_USAGE);
	}
	ret = merge_write(command->parts, command->count, journal, arguments,
			  &inner);
	journal_close(journal);
	json_decref(arguments);
	if (!ret)
		copy_images(command);
	if (!ret)
		return EXIT_AS_EXPECTED;
	remove_journal(command->out);
	error_set(error, 0, "%s: %s", command->out, inner.text);
	return common_fail(error, EXIT_HARNESS_BROKEN);
}

int cmd_merge(int argc, char **argv)
{
	struct merge_command command = {0};
	struct error error = {""};
	int ret = parse(&command, argc, argv, &error);

	if (ret > 0) {
		fputs(help, stdout);
		return EXIT_AS_EXPECTED;
	}
	if (!ret)
		ret = load(&command, argv + optind, (size_t)(argc - optind),
			   &error);
	if (!ret)
		ret = merge_check(command.parts, command.count,
				  command.any_boot, &error);
	ret = ret < 0 ? common_fail(&error, EXIT_BAD_USAGE)
		      : write_out(&command, argv, &error);
	for (size_t i = 0; i < command.count; i++)
		run_free(command.parts[i].run);
	free(command.parts);
	return ret;
}
