/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glob.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "media/image-pack.h"
#include "programs/bisect.h"
#include "programs/commands.h"
#include "programs/nothing-ran.h"
#include "programs/options.h"

#define RESULTS_DIR "gupcheck-results"

void common_options_init(struct common_options *options)
{
	memset(options, 0, sizeof(*options));
	options->format = reporter_find("text");
	options->exit_style = exit_styles;
}

static int parse_format(struct common_options *options, const char *name,
			struct error *error)
{
	char names[256] = "";

	options->format = reporter_find(name);
	if (options->format)
		return 1;
	for (const struct reporter *r = reporters; r->name; r++) {
		strncat(names, names[0] ? ", " : "",
			sizeof(names) - strlen(names) - 1);
		strncat(names, r->name, sizeof(names) - strlen(names) - 1);
	}
	return error_set(error, -EINVAL,
			 "--format %s: no such format; there is %s", name,
			 names);
}

static int parse_exit_style(struct common_options *options, const char *name,
			    struct error *error)
{
	char names[128] = "bisect";

	/* it depends on the cells, too, so that it is none of the table */
	options->bisect |= !strcmp(name, "bisect");
	options->exit_style = exit_style_find(name);
	if (options->exit_style)
		return 1;
	options->exit_style = exit_styles;
	if (options->bisect)
		return 1;
	for (const struct exit_style *at = exit_styles; at->name; at++) {
		strncat(names, names[0] ? ", " : "",
			sizeof(names) - strlen(names) - 1);
		strncat(names, at->name, sizeof(names) - strlen(names) - 1);
	}
	return error_set(error, -EINVAL,
			 "--exit-style %s: no such style; there is %s", name,
			 names);
}

static int add_required(struct demands *demands, const char *glob,
			struct error *error)
{
	if (demands->count == DEMANDS_MAX)
		return error_set(error, -E2BIG,
				 "--require %s: no more than %d of them", glob,
				 DEMANDS_MAX);
	demands->globs[demands->count++] = glob;
	return 1;
}

static int parse_min_run(struct demands *demands, const char *text,
			 struct error *error)
{
	char *end;

	errno = 0;
	demands->min_run = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno)
		return error_set(error, -EINVAL,
				 "--min-run %s: give a number of cells", text);
	return 1;
}

static int parse_time_limit(struct common_options *options, const char *text,
			    struct error *error)
{
	char *end;

	errno = 0;
	options->time_limit = (double)strtoul(text, &end, 10);
	if (text[0] < '1' || text[0] > '9' || *end || errno)
		return error_set(error, -EINVAL,
				 "--time-limit %s: give a number of seconds",
				 text);
	return 1;
}

static int parse_keep(struct common_options *options, const char *word,
		      struct error *error)
{
	if (keep_from_string(word ? word : "unexpected", &options->keep) < 0)
		return error_set(error, -EINVAL,
				 "--keep-images=%s: give unexpected or all",
				 word);
	if (!image_pack_available())
		return error_set(
			error, -ENOSYS,
			"--keep-images: this gupcheck was built without libzstd");
	return 1;
}

int common_options_parse(struct common_options *options, int option,
			 const char *argument, struct error *error)
{
	switch (option) {
	case 'o':
		options->output = argument;
		return 1;
	case 'E':
		options->expected = argument;
		return 1;
	case 'F':
		return parse_format(options, argument, error);
	case 'X':
		return parse_exit_style(options, argument, error);
	case 'S':
		options->strict = true;
		return 1;
	case 'R':
		options->resume = argument;
		return 1;
	case 'T':
		return parse_time_limit(options, argument, error);
	case 'H':
		return shard_parse(argument, &options->shard, error) ? -EINVAL
								     : 1;
	case 'K':
		return parse_keep(options, argument, error);
	case 'Q':
		return add_required(&options->demands, argument, error);
	case 'N':
		return parse_min_run(&options->demands, argument, error);
	case 'B':
		options->bisect = true;
		return 1;
	default:
		return 0;
	}
}

/* UTC, as the time that a journal begins with */
static void set_today(struct rule_set *set)
{
	time_t seconds = time(NULL);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(set->today, sizeof(set->today), "%Y-%m-%d", &tm);
}

static int load_rule_file(struct rule_set *set, const char *path,
			  struct error *error)
{
	cleanup_fclose FILE *file = fopen(path, "re");
	cleanup_free char *text = NULL;
	size_t allocated = 0;
	ssize_t n;

	if (!file)
		return error_set(error, -errno, "%s: cannot be read:", path);
	n = getdelim(&text, &allocated, '\0', file);
	if (n < 0 && ferror(file))
		return error_set(error, -EIO, "%s: cannot be read:", path);
	return rule_set_parse(set, path, n < 0 ? "" : text, error);
}

static const char *default_rules(void)
{
	struct stat st;

	return stat(GUPCHECK_SOURCE_RULES, &st) ? GUPCHECK_DATA_RULES
						: GUPCHECK_SOURCE_RULES;
}

int common_rules_load(const struct common_options *options,
		      struct rule_set *ret, struct error *error)
{
	const char *path =
		options->expected ? options->expected : default_rules();
	char pattern[PATH_MAX];
	struct stat st;
	glob_t files;
	int failed;

	memset(ret, 0, sizeof(*ret));
	set_today(ret);
	if (stat(path, &st) < 0)
		return error_set(error, -errno, "expectation rules %s:", path);
	if (!S_ISDIR(st.st_mode))
		return load_rule_file(ret, path, error);
	snprintf(pattern, sizeof(pattern), "%s/*.rules", path);
	failed = glob(pattern, 0, NULL, &files);
	if (failed == GLOB_NOMATCH)
		return error_set(error, -ENOENT, "%s holds no *.rules:", path);
	if (failed)
		return error_set(error, -EIO, "%s cannot be listed:", path);
	for (size_t i = 0; !failed && i < files.gl_pathc; i++)
		failed = load_rule_file(ret, files.gl_pathv[i], error);
	globfree(&files);
	return failed;
}

static void fresh_dir(char *ret, size_t size)
{
	time_t seconds = time(NULL);
	struct tm tm;
	char stamp[32];

	mkdir(RESULTS_DIR, 0777);
	localtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	snprintf(ret, size, RESULTS_DIR "/%s-%d", stamp, (int)getpid());
}

int common_journal_create(const struct common_options *options,
			  struct journal **ret, char *ret_dir, size_t size,
			  struct error *error)
{
	if (options->output)
		snprintf(ret_dir, size, "%s", options->output);
	else
		fresh_dir(ret_dir, size);
	return journal_create(ret, ret_dir, error);
}

void report_options_for(FILE *out, struct report_options *ret)
{
	const char *no_color;
	struct winsize window;

	memset(ret, 0, sizeof(*ret));
	if (!isatty(fileno(out)))
		return;
	no_color = getenv("NO_COLOR");
	ret->color = !no_color || !*no_color;
	if (!ioctl(fileno(out), TIOCGWINSZ, &window))
		ret->width = window.ws_col;
}

static void tell_owing(void *arg, const char *line)
{
	fprintf(stderr, "gupcheck: %s\n", line);
}

static int exit_code(const struct common_options *options,
		     const struct run *run)
{
	int unmet = demands_unmet(&options->demands, run, tell_owing, NULL);

	if (unmet < 0)
		return EXIT_HARNESS_BROKEN;
	if (options->bisect) {
		int code = bisect_code(stderr, run);

		return unmet && !code ? EXIT_BISECT_SKIP : code;
	}
	return run_exit_code_owing(run, options->strict, unmet > 0);
}

int common_nothing_ran(const struct common_options *options)
{
	/* a demand that is not met says nothing about a commit */
	return demands_any(&options->demands) && !options->bisect
		       ? EXIT_UNEXPECTED
		       : EXIT_NOTHING_RAN;
}

int common_exit(const struct common_options *options, int argc, char **argv,
		int code)
{
	if (options->bisect || bisect_wanted(argc, argv))
		return bisect_map(code);
	return exit_style_code(options->exit_style, code);
}

int common_journal_fail(const char *command, const char *dir, int ret)
{
	struct error error = {0};

	error_set(
		&error, 0,
		"%s: the journal cannot be written: %s; mend that and go on with gupcheck %s --resume %s",
		dir, strerror(-ret), command, dir);
	return common_fail(&error, EXIT_HARNESS_BROKEN);
}

int common_report(const struct common_options *options, const char *dir)
{
	struct report_options how;
	struct error error = {0};
	struct run *run = NULL;
	int code;

	code = journal_load(dir, &run, &error);
	if (code < 0)
		return common_fail(&error, code == -ENODATA && options->bisect
						   ? EXIT_NOTHING_RAN
						   : EXIT_HARNESS_BROKEN);
	if (demands_fit_run(&options->demands, run, &error) < 0) {
		run_free(run);
		return common_fail(&error, EXIT_BAD_USAGE);
	}
	report_options_for(stdout, &how);
	how.strict = options->strict;
	if (options->format->render(stdout, run, &how) < 0 || fflush(stdout)) {
		error_set(&error, -EIO, "the report cannot be written:");
		code = common_fail(&error, EXIT_HARNESS_BROKEN);
	} else {
		code = exit_code(options, run);
		if (code == EXIT_NOTHING_RAN)
			nothing_ran_tell(stderr, run);
	}
	run_free(run);
	return code;
}

int common_cell_parse(const char *text, struct cell_id *ret,
		      struct error *error)
{
	const char *reason;

	if (cell_id_parse(text, ret, error) < 0)
		return -EINVAL;
	reason = cell_id_inapplicable(ret);
	return reason ? error_set(error, -EINVAL,
				  "%s is no cell: %s; see gupcheck list cells",
				  text, reason)
		      : 0;
}

int common_unknown_option(const char *command, char **argv, struct error *error)
{
	return error_set(
		error, -EINVAL,
		"option %s is unknown or lacks its argument: see gupcheck %s --help",
		argv[optind - 1], command);
}

int common_fail(const struct error *error, int code)
{
	fprintf(stderr, "gupcheck: %s\n", error->text);
	return code;
}

void progress_init(struct progress *progress)
{
	progress->begin = clock_seconds();
	progress->terminal = isatty(STDERR_FILENO);
}

void progress_waiting(void)
{
	if (isatty(STDERR_FILENO))
		fputs("waiting for another run on this kernel\n", stderr);
}

void progress_clear(const struct progress *progress)
{
	if (progress->terminal)
		fputs("\r\033[K", stderr);
}

void progress_show(void *arg, size_t done, size_t total, const char *id,
		   enum verdict verdict)
{
	const struct progress *progress = arg;
	double left = (clock_seconds() - progress->begin) / (double)done *
		      (double)(total - done);

	if (!progress->terminal)
		return;
	fprintf(stderr, "\r\033[K[%zu/%zu] %s %s, %d:%02d left", done, total,
		id, verdict_to_string(verdict), (int)left / 60, (int)left % 60);
	if (done == total)
		progress_clear(progress);
	fflush(stderr);
}
