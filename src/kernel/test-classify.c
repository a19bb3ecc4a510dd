/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/unit.h"
#include "kernel/kmsg.h"
#include "kernel/patterns.h"

#define LINE_SIZE 8192
#define TEXT_SIZE (256 << 10)

/* TESTDATA is the source folder src/, wherever the program runs. */
static const char *data(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), TESTDATA "/kernel/testdata/%s", name);
	return path;
}

static FILE *must_open(const char *path)
{
	FILE *file = fopen(path, "r");

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	return file;
}

static bool next_line(FILE *file, char line[LINE_SIZE])
{
	if (!fgets(line, LINE_SIZE, file))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

static enum log_class class_from_string(const char *name)
{
	for (int i = 0; i < LOG_CLASS_COUNT; i++) {
		if (!strcmp(log_class_to_string((enum log_class)i), name))
			return (enum log_class)i;
	}
	ck_abort_msg("no class %s", name);
}

/* Split `class<TAB>line`; false for comments and empty lines */
static bool split(char *sample, enum log_class *ret_class, char **ret_text)
{
	char *tab = strchr(sample, '\t');

	if (*sample == '#' || !*sample)
		return false;
	ck_assert_msg(tab != NULL, "%s", sample);
	*tab = '\0';
	*ret_class = class_from_string(sample);
	*ret_text = tab + 1;
	return true;
}

START_TEST(names_are_distinct)
{
	for (int i = 0; i < LOG_CLASS_COUNT; i++)
		ck_assert_int_eq(class_from_string(log_class_to_string(
					 (enum log_class)i)),
				 i);
}
END_TEST

START_TEST(samples_have_their_class)
{
	FILE *file = must_open(data("samples"));
	char sample[LINE_SIZE];
	unsigned int seen = 0;

	while (next_line(file, sample)) {
		enum log_class want;
		char *text;

		if (!split(sample, &want, &text))
			continue;
		seen++;
		ck_assert_msg(classify(text, NULL) == want, "%s: %s",
			      log_class_to_string(classify(text, NULL)), text);
	}
	fclose(file);
	ck_assert_uint_gt(seen, log_pattern_count);
}
END_TEST

/* Otherwise a slip in the order of the table hides a pattern for ever. */
START_TEST(every_pattern_decides_a_sample)
{
	FILE *file = must_open(data("samples"));
	unsigned int *hits = calloc(log_pattern_count, sizeof(*hits));
	char sample[LINE_SIZE];

	while (next_line(file, sample)) {
		const struct log_pattern *pattern;
		enum log_class want;
		char *text;

		if (!split(sample, &want, &text))
			continue;
		pattern = log_pattern_find(0, text, NULL);
		if (pattern)
			hits[pattern - log_patterns]++;
	}
	fclose(file);
	for (size_t i = 0; i < log_pattern_count; i++)
		ck_assert_msg(hits[i] > 0, "no sample for `%s`",
			      log_patterns[i].shape);
	free(hits);
}
END_TEST

/* An exception that hides nothing has lost its reason. */
START_TEST(every_exception_hides_something)
{
	FILE *file = must_open(data("samples"));
	char sample[LINE_SIZE];
	unsigned int seen = 0;

	while (next_line(file, sample)) {
		const struct log_pattern *pattern;
		enum log_class want;
		char *text;

		if (!split(sample, &want, &text))
			continue;
		pattern = log_pattern_find(0, text, NULL);
		if (!pattern || pattern->log_class != LOG_HARMLESS)
			continue;
		seen++;
		pattern = log_pattern_find((size_t)(pattern - log_patterns) + 1,
					   text, NULL);
		ck_assert_msg(pattern && pattern->log_class != LOG_HARMLESS,
			      "%s", text);
	}
	fclose(file);
	ck_assert_uint_gt(seen, 0);
}
END_TEST

/* log_pattern_find() without any short cut */
static void check_find(const char *line)
{
	const struct log_pattern *want = NULL;

	for (size_t i = 0; i < log_pattern_count && !want; i++) {
		if (log_pattern_matches(&log_patterns[i], line))
			want = &log_patterns[i];
	}
	ck_assert_msg(log_pattern_find(0, line, NULL) == want, "%s", line);
}

START_TEST(short_cuts_change_nothing)
{
	FILE *file = must_open(data("samples"));
	char sample[LINE_SIZE];

	while (next_line(file, sample)) {
		enum log_class want;
		char *text;

		if (!split(sample, &want, &text))
			continue;
		check_find(text);
		/* less and less of it matches */
		for (size_t len = strlen(text); len > 0; len--) {
			text[len - 1] = '\0';
			check_find(text);
		}
	}
	fclose(file);
	check_find("\xe2\x80\xa6 \x80\xff");
	check_find("\nOops: 0000 [#1]");
}
END_TEST

static const struct {
	const char *line;
	const char *device;
	enum log_class log_class;
} devices[] = {
	{"EXT4-fs error (device loop3): f:1: x", "loop3", LOG_FILESYSTEM},
	{"EXT4-fs error (device loop3): f:1: x", NULL, LOG_FILESYSTEM},
	{"EXT4-fs error (device loop3): f:1: x", "loop30", LOG_HARMLESS},
	{"EXT4-fs error (device loop30): f:1: x", "loop3", LOG_HARMLESS},
	{"EXT4-fs error (device loop01): f:1: x", "loop0", LOG_HARMLESS},
	{"EXT4-fs error (device loop10): f:1: x", "loop0", LOG_HARMLESS},
	{"EXT4-fs error (device loop0): f:1: x", "loop10", LOG_HARMLESS},
	{"EXT4-fs error (device loop3p1): f:1: x", "loop3", LOG_HARMLESS},
	{"Aborting journal on device loop3-8.", "loop3", LOG_FILESYSTEM},
	{"Aborting journal on device loop30-8.", "loop3", LOG_HARMLESS},
	{"Aborting journal on device dm-0-8.", "dm-0", LOG_FILESYSTEM},
	{"Aborting journal on device dm-0-8.", "dm-1", LOG_HARMLESS},
	{"XFS (loop3): Corruption detected.", "loop3", LOG_FILESYSTEM},
	{"XFS (loop3): Corruption detected.", "loop1", LOG_HARMLESS},
	{"XFS: Assertion failed: 0, file: a", "loop1", LOG_FILESYSTEM},
	{"BTRFS error (device loop3 state EA): x", "loop3", LOG_FILESYSTEM},
	{"BTRFS error (device loop3 state EA): x", "loop31", LOG_HARMLESS},
	{"I/O error, dev loop3, sector 8 op 0x1", "loop3", LOG_FILESYSTEM},
	{"I/O error, dev loop31, sector 8 op 0x1", "loop3", LOG_HARMLESS},
	{"I/O error, dev fd0, sector 0 op 0x0", "loop3", LOG_HARMLESS},
	{"Buffer I/O error on dev loop3, logical block 1, lost async page write",
	 "loop3", LOG_FILESYSTEM},
	{"Buffer I/O error on dev loop4, logical block 1, lost async page write",
	 "loop3", LOG_HARMLESS},
	{"VFS: Busy inodes after unmount of loop3. Self-destruct", "loop3",
	 LOG_BUG},
	{"VFS: Busy inodes after unmount of sda1. Self-destruct", "loop3",
	 LOG_HARMLESS},
	{"BUG: Dentry 0{i=c,n=f}  still in use (1) [unmount of ext4 loop3]",
	 "loop3", LOG_BUG},
	/* what names no device counts whatever the device is */
	{"WARNING: CPU: 0 PID: 75 at fs/ext4/inode.c:1 f+0x1/0x2", "loop3",
	 LOG_WARN},
	{"Kernel panic - not syncing: x", "loop3", LOG_PANIC},
};

START_TEST(other_devices_are_harmless)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		ck_assert_msg(classify(devices[i].line, devices[i].device) ==
				      devices[i].log_class,
			      "%s with %s", devices[i].line,
			      devices[i].device ? devices[i].device : "none");
}
END_TEST

START_TEST(worst_line_of_a_record_counts)
{
	ck_assert_int_eq(classify("\nWARNING: suspicious RCU usage\nx", NULL),
			 LOG_LOCKDEP);
	ck_assert_int_eq(classify("x: 1 callbacks suppressed\nOops: 0", NULL),
			 LOG_OOPS);
	/* no pattern reaches over a line end */
	ck_assert_int_eq(classify("WARNING: at f+0x1/0x2\nb, CPU#0: a/1", NULL),
			 LOG_HARMLESS);
	ck_assert_int_eq(classify("", NULL), LOG_HARMLESS);
}
END_TEST

static const struct {
	const char *line;
	const char *text;
} prefixes[] = {
	{"plain", "plain"},
	{"[    0.000000] text\r", "text\r"},
	{"[12345.678901] text", "text"},
	{"<4>[    1.000000] text", "text"},
	{"[    1.000000][    T1] text", "text"},
	{"[    1.000000][   C0]  indented", " indented"},
	{"<6>text", "text"},
	{"\r[    1.000000] text", "text"},
	{"\033[2J[    1.000000] text", "text"},
	{"[ BUG: Invalid wait context ]", "[ BUG: Invalid wait context ]"},
	{"[    1.000000] [ BUG: x ]", "[ BUG: x ]"},
	{"[drm] text", "[drm] text"},
	{"[ cut", "[ cut"},
	{"<NMI>", "<NMI>"},
	{" <TASK>", " <TASK>"},
	{"[", "["},
	{"<", "<"},
	{"", ""},
};

START_TEST(console_prefixes_are_stripped)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const char *text;

		classify_console(prefixes[i].line, NULL, &text);
		ck_assert_msg(!strcmp(text, prefixes[i].text), "`%s`: `%s`",
			      prefixes[i].line, text);
	}
	ck_assert_int_eq(classify_console("[    1.000000][ T12] Kernel panic -"
					  " not syncing: x\r",
					  NULL, NULL),
			 LOG_PANIC);
}
END_TEST

static void add(char *found, enum log_class log_class, const char *text)
{
	size_t used = strlen(found), len = strcspn(text, "\r");

	if (log_class == LOG_HARMLESS)
		return;
	/* records of KFENCE end with a line end of their own */
	while (len > 0 && text[len - 1] == '\n')
		len--;
	snprintf(found + used, TEXT_SIZE - used, "%s\t%.*s\n",
		 log_class_to_string(log_class), (int)len, text);
}

static void read_records(FILE *file, const char *device, char *found)
{
	char line[LINE_SIZE];
	uint64_t next = 0, lost = 0;

	while (next_line(file, line)) {
		struct kmsg_record record;

		if (*line == ' ')
			continue;
		ck_assert_msg(kmsg_parse(line, strlen(line), &record) == 0,
			      "%s", line);
		if (next && record.sequence != next)
			lost += record.sequence - next;
		next = record.sequence + 1;
		add(found, classify(record.text, device), record.text);
	}
	sprintf(found + strlen(found), "lost\t%llu\n",
		(unsigned long long)lost);
}

static void read_console(FILE *file, const char *device, char *found)
{
	char line[LINE_SIZE];

	while (next_line(file, line)) {
		const char *text;
		enum log_class log_class =
			classify_console(line, device, &text);

		add(found, log_class, text);
	}
}

/* NULL where there is no such file */
static FILE *open_in(const char *folder, const char *name, const char *part)
{
	char *path;
	FILE *file;

	ck_assert_int_gt(asprintf(&path, "%s/%s/%s", folder, name, part), 0);
	file = fopen(path, "r");
	free(path);
	return file;
}

static FILE *must_open_in(const char *folder, const char *name,
			  const char *part)
{
	FILE *file = open_in(folder, name, part);

	ck_assert_msg(file != NULL, "%s/%s has no %s", folder, name, part);
	return file;
}

static void check_log(const char *folder, const char *name, const char *log,
		      void (*reader)(FILE *, const char *, char *))
{
	FILE *device_file = open_in(folder, name, "device");
	FILE *log_file = must_open_in(folder, name, log);
	FILE *expected = must_open_in(folder, name, "expected");
	char *found = calloc(1, TEXT_SIZE);
	char *want = calloc(1, TEXT_SIZE);
	char device[LINE_SIZE];

	reader(log_file,
	       device_file && next_line(device_file, device) ? device : NULL,
	       found);
	ck_assert_uint_lt(fread(want, 1, TEXT_SIZE, expected), TEXT_SIZE);
	ck_assert_msg(!strcmp(found, want), "%s/%s: found\n%s", folder, name,
		      found);
	/* a healthy kernel says nothing, whatever the folder expects of it */
	if (!strncmp(name, "boot-", 5))
		ck_assert_str_eq(want, "lost\t0\n");
	fclose(must_open_in(folder, name, "README"));
	if (device_file)
		fclose(device_file);
	fclose(log_file);
	fclose(expected);
	free(found);
	free(want);
}

/*
 * A flood of messages must not hold up the run. The limit is a hundred times
 * what it takes: only a search that grows with the square of a line breaks it.
 */
START_TEST(every_line_is_cheap)
{
	static char lines[512][LINE_SIZE];
	FILE *file = must_open_in(data("kmsg"), "boot-6.1", "kmsg.txt");
	struct timespec begin, end;
	size_t count = 0;

	while (count < 512 && next_line(file, lines[count]))
		count++;
	fclose(file);
	ck_assert_uint_gt(count, 100);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	for (size_t i = 0; i < 100000; i++)
		classify(lines[i % count], "loop3");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	ck_assert_int_lt(end.tv_sec - begin.tv_sec, 10);
}
END_TEST

static int walk(const char *name, const char *log,
		void (*reader)(FILE *, const char *, char *))
{
	char folder[PATH_MAX];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s", data(name));
	dir = opendir(folder);
	ck_assert_msg(dir != NULL, "%s", folder);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		check_log(folder, entry->d_name, log, reader);
		count++;
	}
	closedir(dir);
	return count;
}

/* Add the messages of one log to @all, each between line ends. */
static void collect(const char *folder, const char *name, FILE *all)
{
	FILE *file = open_in(folder, name, "kmsg.txt");
	bool kmsg = file != NULL;
	char line[LINE_SIZE];

	if (!kmsg)
		file = must_open_in(folder, name, "console.txt");
	while (next_line(file, line)) {
		const char *text = line;
		struct kmsg_record record;

		if (kmsg && kmsg_parse(line, strlen(line), &record) == 0)
			text = record.text;
		else if (!kmsg)
			classify_console(line, NULL, &text);
		fprintf(all, "\n%.*s\n", (int)strcspn(text, "\r\n"), text);
	}
	fclose(file);
}

static void collect_all(const char *kind, FILE *all)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s", data(kind));
	dir = opendir(folder);
	ck_assert_msg(dir != NULL, "%s", folder);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			collect(folder, entry->d_name, all);
	}
	closedir(dir);
}

/* What samples calls recorded was said by a real kernel. */
START_TEST(recorded_samples_are_in_a_log)
{
	FILE *file = must_open(data("samples"));
	unsigned int seen = 0;
	bool recorded = false;
	char sample[LINE_SIZE];
	char *text = NULL;
	size_t size = 0;
	FILE *all = open_memstream(&text, &size);

	collect_all("kmsg", all);
	collect_all("console", all);
	fclose(all);
	while (next_line(file, sample)) {
		char *line;

		if (*sample == '#')
			recorded = !strncmp(sample, "# recorded: ", 12);
		line = strchr(sample, '\t');
		if (!recorded || !line)
			continue;
		*line = '\n';
		strcat(line, "\n");
		ck_assert_msg(strstr(text, line) != NULL, "no log has%s", line);
		seen++;
	}
	fclose(file);
	free(text);
	ck_assert_uint_ge(seen, 100);
}
END_TEST

START_TEST(recorded_logs)
{
	ck_assert_int_ge(walk("kmsg", "kmsg.txt", read_records), 8);
}
END_TEST

START_TEST(recorded_consoles)
{
	ck_assert_int_ge(walk("console", "console.txt", read_console), 4);
}
END_TEST

UNIT_MAIN("classify", names_are_distinct, samples_have_their_class,
	  every_pattern_decides_a_sample, every_exception_hides_something,
	  short_cuts_change_nothing, every_line_is_cheap,
	  other_devices_are_harmless, worst_line_of_a_record_counts,
	  console_prefixes_are_stripped, recorded_samples_are_in_a_log,
	  recorded_logs, recorded_consoles)
