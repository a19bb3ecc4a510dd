/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is of each cell that failed, in a folder of its own. */
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "kernel/config-hash.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "programs/pack.h"
#include "report/bundle.h"
#include "runner/image-store.h"
#include "runner/slice.h"

static const char help[] =
	"Usage: gupcheck bundle DIR -o FOLDER [--strict] [--archive]\n"
	"Collect what there is of each cell of the run in DIR that failed, in a folder\n"
	"of its own below FOLDER: report, command, kernel, its messages, journal, and\n"
	"the image of its filesystem where the run kept that (--keep-images).\n"
	"\n"
	"  -o, --output FOLDER   is made; must not be there yet\n"
	"      --strict          known issues count as failed\n"
	"      --archive         each folder also as FOLDER/NAME" PACK_SUFFIX
	"\n"
	"  -h, --help            this text\n"
	"\n"
	"Example: gupcheck bundle gupcheck-results/20251123-101500-4711 -o failed\n";

struct bundle {
	const char *dir;
	const char *output;
	bool strict;
	bool archive;
	struct run *run;
	struct results results;
};

static int parse(struct bundle *bundle, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"output", required_argument, NULL, 'o'},
		{"strict", no_argument, NULL, 'S'},
		{"archive", no_argument, NULL, 'A'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "o:h", long_options, NULL)) !=
	       -1) {
		if (option == 'h')
			return 1;
		else if (option == 'o')
			bundle->output = optarg;
		else if (option == 'S')
			bundle->strict = true;
		else if (option == 'A')
			bundle->archive = true;
		else
			return common_unknown_option("bundle", argv, error);
	}
	if (optind + 1 != argc)
		return error_set(
			error, -EINVAL,
			"bundle takes one folder: the one given to run or vm with -o");
	if (!bundle->output)
		return error_set(error, -EINVAL,
				 "bundle needs -o FOLDER: where to put it");
	bundle->dir = argv[optind];
	return 0;
}

static FILE *create(const char *folder, const char *name)
{
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return NULL;
	}
	return fopen(path, "wxe");
}

/* Whether all of @file reached the disk's cache; it is closed */
static int finish(FILE *file)
{
	int failed = ferror(file);

	return fclose(file) || failed ? -EIO : 0;
}

/* The text of a configuration, to be freed, or NULL where none is readable */
static char *read_config(const char *path)
{
	cleanup_fclose FILE *file = fopen(path, "re");
	cleanup_free char *text = NULL;
	size_t allocated = 0;

	if (!file)
		return NULL;
	return getdelim(&text, &allocated, '\0', file) < 0 ? NULL
							   : take_pointer(text);
}

/*
 * A run keeps the hash only. Where this machine has a configuration of that
 * release, and it has that hash, it is the one.
 */
static int put_config(const char *folder, const struct run_kernel *kernel)
{
	static const struct {
		const char *before, *behind;
	} places[] = {
		{"/boot/config-", ""},
		{"/lib/modules/", "/config"},
		{"/lib/modules/", "/build/.config"},
	};
	char hash[CONFIG_HASH_SIZE];

	/* the release is what a stranger's journal says */
	if (!kernel->config || strchr(kernel->release, '/'))
		return 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		cleanup_free char *text = NULL;
		char path[PATH_MAX];
		FILE *out;

		snprintf(path, sizeof(path), "%s%s%s", places[i].before,
			 kernel->release, places[i].behind);
		text = read_config(path);
		if (!text || config_hash(text, hash) < 0 ||
		    strcmp(hash, kernel->config) != 0)
			continue;
		out = create(folder, "config");
		if (!out)
			return -errno;
		fputs(text, out);
		return finish(out);
	}
	return 0;
}

static int put_report(const char *folder, const struct bundle *bundle,
		      struct error *error)
{
	struct report_options options = {.strict = bundle->strict};
	struct run *run = NULL;
	FILE *out;
	int ret = journal_load(folder, &run, error);

	if (ret < 0)
		return ret;
	out = create(folder, "report.txt");
	ret = out ? reporter_find("text")->render(out, run, &options) : -errno;
	run_free(run);
	if (out && finish(out) < 0)
		ret = -EIO;
	return ret;
}

static int put_texts(const char *folder, const struct bundle *bundle,
		     const struct result_entry *entry)
{
	FILE *command = create(folder, "command.txt");
	FILE *kernel = create(folder, "kernel.txt");
	FILE *log = create(folder, "kernel.log");
	int ret = 0;

	if (command) {
		bundle_command(command, bundle->run, entry);
		ret |= finish(command);
	}
	if (kernel) {
		bundle_kernel(kernel, entry->kernel);
		ret |= finish(kernel);
	}
	if (log) {
		bundle_log(log, entry->record);
		ret |= finish(log);
	}
	return command && kernel && log && !ret ? 0 : -EIO;
}

/* One that is missing costs nothing but itself */
static int put_image(const char *folder, const struct bundle *bundle,
		     const struct record *record)
{
	const char *file = record->image.file;
	struct error why = {""};
	FILE *out;
	int ret = 0;

	if (!file && !record->image.note)
		return 0;
	out = create(folder, "image.txt");
	if (!out)
		return -errno;
	if (file)
		ret = image_store_copy(bundle->dir, file, folder,
				       image_name_last(file), &why);
	if (ret < 0)
		fprintf(out, "missing: %s\n", why.text);
	else
		bundle_image(out, record);
	ret = ret == -ENOSPC ? ret : 0;
	return finish(out) < 0 ? -EIO : ret;
}

static int put_cell(const struct bundle *bundle,
		    const struct result_entry *entry, struct error *error)
{
	cleanup_free char *folder = NULL;
	int ret;

	if (asprintf(&folder, "%s/%s", bundle->output, entry->name) < 0) {
		folder = NULL;
		return error_set(error, -ENOMEM, "%s:", bundle->output);
	}
	ret = slice_write(bundle->dir, entry->record, folder, error);
	if (ret < 0)
		return ret;
	ret = put_report(folder, bundle, error);
	if (!ret)
		ret = put_texts(folder, bundle, entry);
	if (!ret)
		ret = put_image(folder, bundle, entry->record);
	if (!ret)
		ret = put_config(folder, entry->kernel);
	if (ret < 0)
		return error_set(error, ret, "%s cannot be written:", folder);
	return bundle->archive ? pack_folder(bundle->output, entry->name, error)
			       : 0;
}

static int put_all(struct bundle *bundle, struct error *error)
{
	size_t count = 0;
	int ret = results_build(&bundle->results, bundle->run, &bundle_style,
				bundle->strict);

	if (ret < 0)
		return error_set(error, ret, "%s:", bundle->dir);
	if (mkdir(bundle->output, 0777) < 0)
		return error_set(
			error, -errno,
			"%s cannot be made: name a folder that is not there yet, in one that is:",
			bundle->output);
	for (size_t i = 0; !ret && i < bundle->results.count; i++) {
		const struct result_entry *entry = &bundle->results.list[i];

		if (!bundle_wants(entry))
			continue;
		ret = put_cell(bundle, entry, error);
		count++;
	}
	if (!ret)
		printf("%zu cell%s: %s\n", count, count == 1 ? "" : "s",
		       bundle->output);
	return ret;
}

int cmd_bundle(int argc, char **argv)
{
	struct bundle bundle = {NULL};
	struct error error = {0};
	int ret = parse(&bundle, argc, argv, &error);

	if (ret > 0) {
		fputs(help, stdout);
		return EXIT_AS_EXPECTED;
	}
	if (!ret)
		ret = journal_load(bundle.dir, &bundle.run, &error);
	if (!ret)
		ret = put_all(&bundle, &error);
	results_done(&bundle.results);
	run_free(bundle.run);
	return ret < 0 ? common_fail(&error, EXIT_BAD_USAGE) : EXIT_AS_EXPECTED;
}
