/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include "base/cleanup.h"
#include "base/error.h"
#include "judge/promise.h"
#include "report/export.h"
#include "report/export-source.h"

static void put_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c",
			*text);
	fputc('"', out);
}

static unsigned int views_of(const struct cell_id *id, const struct step *step)
{
	unsigned int views = step->views;

	if (!(id->filesystem->traits & FS_DIRECT_IO))
		views &= ~(unsigned int)VIEW_DIRECT;
	if (!(id->filesystem->traits & FS_RAW_READBACK))
		views &= ~(unsigned int)VIEW_RAW;
	return views;
}

/* In this order: O_DIRECT flushes what is dirty */
static const struct {
	enum view view;
	const char *name;
} views[] = {
	{VIEW_RAW, "raw"},
	{VIEW_DIRECT, "direct"},
	{VIEW_CACHED, "cached"},
};

#define VIEW_COUNT (sizeof(views) / sizeof(views[0]))

bool export_leaves_out(const struct cell_id *id, const struct step *step)
{
	return !strcmp(step->name, "device_read") &&
	       !id->mechanism->device_read;
}

static int add_step(struct export_source *source, const struct step *step)
{
	char name[EXPORT_NAME_SIZE];
	int ret = 0;

	if (export_leaves_out(source->id, step))
		return 0;
	if (!step->label) {
		snprintf(name, sizeof(name), "step-%s.c", step->name);
		return export_add(source, name);
	}
	for (size_t i = 0; !ret && i < VIEW_COUNT; i++) {
		if (!(views_of(source->id, step) & views[i].view))
			continue;
		snprintf(name, sizeof(name), "view-%s.c", views[i].name);
		ret = export_add(source, name);
	}
	return ret;
}

/* A promise that hangs on a read that this cell does not have binds nobody */
static bool is_checked(const struct cell_id *id, const struct promise *promise)
{
	if (!promise_is_meant(promise, id))
		return false;
	for (size_t i = 0; id->scenario->steps[i]; i++) {
		const struct step *step = id->scenario->steps[i];
		const char *label = step->label;

		if (!label && !strcmp(step->name, "device_read") &&
		    !export_leaves_out(id, step))
			label = "device";
		if (label && !strcmp(label, promise->label))
			return true;
	}
	return false;
}

static void put_reads(FILE *out, const struct cell_id *id,
		      const struct step *step)
{
	static const char *const files[FILE_COUNT] = {
		[FILE_PINNED] = "PINNED",
		[FILE_OTHER] = "OTHER",
		[FILE_SNAPSHOT] = "SNAPSHOT",
	};

	for (size_t i = 0; i < VIEW_COUNT; i++)
		if (views_of(id, step) & views[i].view)
			fprintf(out, "\tread_%s(\"%s\", %s);\n", views[i].name,
				step->label, files[step->file]);
}

static void put_step(FILE *out, const struct cell_id *id,
		     const struct step *step)
{
	const char *lands = id->scenario->lands;
	bool corrupt = lands && !id->mechanism->landing.spare_pages;

	if (export_leaves_out(id, step))
		return;
	if (step->label) {
		put_reads(out, id, step);
		return;
	}
	fprintf(out, "\t%s(\"%s\", step_%s());\n",
		step->flags & STEP_MAY_FAIL ? "step" : "must", step->name,
		step->name);
	if (strcmp(step->name, "device_write") != 0)
		return;
	fprintf(out, "\tlanded(%s, ", corrupt ? "CORRUPT" : "NO_ANSWER");
	put_string(out, corrupt ? lands : "the write did not land");
	fputs(");\n", out);
}

static const char *content_macro(enum content content)
{
	return content == CONTENT_OLD ? "OLD" : "NEW";
}

static void put_promise(FILE *out, const struct promise *promise)
{
	fputs("\t\t{\n\t\t\t.text = ", out);
	put_string(out, promise->text);
	if (promise->after)
		fprintf(out, ",\n\t\t\t.after = \"%s\",\n\t\t\t.observed = %s",
			promise->after, content_macro(promise->observed));
	if (promise->step)
		fprintf(out, ",\n\t\t\t.step = \"%s\"", promise->step);
	if (promise->may_refuse)
		fputs(",\n\t\t\t.may_refuse = 1", out);
	fprintf(out, ",\n\t\t\t.label = \"%s\",\n\t\t\t", promise->label);
	if (promise->readable)
		fputs(".readable = 1", out);
	else
		fprintf(out, ".required = %s",
			content_macro(promise->required));
	fputs(",\n\t\t},\n", out);
}

static void put_promises(FILE *out, const struct cell_id *id)
{
	const struct promise *promise = id->scenario->promises;
	int count = 0;

	for (; promise && promise->text; promise++) {
		if (!is_checked(id, promise))
			continue;
		if (!count++)
			fputs("\tstatic const struct promise promises[] = {\n",
			      out);
		put_promise(out, promise);
	}
	if (count)
		fputs("\t};\n\n", out);
}

static bool has_promises(const struct cell_id *id)
{
	const struct promise *promise = id->scenario->promises;

	for (; promise && promise->text; promise++)
		if (is_checked(id, promise))
			return true;
	return false;
}

/* How each view that the steps look through is read */
static void put_proofs(FILE *out, const struct cell_id *id)
{
	static const char *const reads[VIEW_COUNT] = {
		"\tprove(\"the image\", read_image(PINNED));\n",
		"\tprove(\"O_DIRECT\", read_file(PINNED, O_DIRECT));\n",
		"\tprove(\"the page cache\", read_file(PINNED, 0));\n",
	};
	unsigned int used = 0;

	for (size_t i = 0; id->scenario->steps[i]; i++)
		if (id->scenario->steps[i]->label)
			used |= views_of(id, id->scenario->steps[i]);
	fputs("\nstatic void prove_views(void)\n{\n", out);
	for (size_t i = 0; i < VIEW_COUNT; i++)
		if (used & views[i].view)
			fputs(reads[i], out);
	fputs("}\n", out);
}

static void put_run(FILE *out, const struct cell_id *id)
{
	fputs("\nstatic void run_steps(void)\n{\n", out);
	put_promises(out, id);
	for (size_t i = 0; id->scenario->steps[i]; i++)
		put_step(out, id, id->scenario->steps[i]);
	if (has_promises(id))
		fputs("\tcheck_all(promises, sizeof(promises) / sizeof(promises[0]));\n",
		      out);
	fputs("}\n", out);
}

static unsigned int rounds_of(const struct cell_id *id)
{
	bool repaired = id->filesystem->traits & FS_LATE_REPAIR;

	return repaired && id->scenario->rounds ? id->scenario->rounds : 1;
}

static int add_body(struct export_source *source)
{
	const struct cell_id *id = source->id;
	int ret = 0;

	for (size_t i = 0; !ret && id->scenario->steps[i]; i++)
		ret = add_step(source, id->scenario->steps[i]);
	if (!ret && has_promises(id))
		ret = export_add(source, "promise.c");
	if (!ret && id->filesystem->check)
		ret = export_add(source, "check.c");
	if (ret < 0)
		return ret;
	put_proofs(source->body, id);
	put_run(source->body, id);
	ret = export_add(source, rounds_of(id) > 1 ? "rounds.c" : "once.c");
	return ret ? ret : export_add(source, "main.c");
}

static void put_words(FILE *out, const char *macro, const char *const *words)
{
	fprintf(out, "#define %s ", macro);
	for (size_t i = 0; words[i]; i++) {
		fputs(i ? ", " : "", out);
		put_string(out, words[i]);
	}
	fputc('\n', out);
}

/* What the parts know of the cell */
static void put_cell(FILE *out, const struct cell_id *id)
{
	const struct filesystem *filesystem = id->filesystem;
	const int *refusal = id->mechanism->refusals;

	fprintf(out, "\n#define FSTYPE \"%s\"\n#define MOUNT_DATA ",
		filesystem->type);
	if (filesystem->options)
		put_string(out, filesystem->options);
	else
		fputs("NULL", out);
	fputs("\n#define REFUSALS ", out);
	for (; *refusal; refusal++)
		fprintf(out, "%s%s", errno_name(*refusal),
			refusal[1] ? ", " : "\n");
	if (rounds_of(id) > 1)
		fprintf(out, "#define ROUNDS %u\n", rounds_of(id));
	if (cell_id_must_refuse(id))
		fputs("#define MUST_REFUSE\n", out);
	if (!filesystem->mkfs)
		return;
	fprintf(out, "#define IMAGE_SIZE (%lldLL << 20)\n",
		(long long)filesystem->image_size >> 20);
	put_words(out, "MKFS", filesystem->mkfs);
	if (filesystem->check)
		put_words(out, "CHECK", filesystem->check);
}

int export_cell(FILE *out, const struct cell_id *id)
{
	struct export_source source = {.id = id};
	cleanup_free char *body = NULL;
	char text[CELL_ID_SIZE];
	size_t size;
	int ret;

	source.body = open_memstream(&body, &size);
	if (!source.body)
		return -ENOMEM;
	ret = add_body(&source);
	if (fclose(source.body) == EOF)
		return -ENOMEM;
	if (ret < 0)
		return ret;
	fputs("// SPDX-License-Identifier: GPL-2.0-or-later\n", out);
	ret = export_head(out, id, cell_id_format(id, text));
	fputs("#define _GNU_SOURCE\n", out);
	for (size_t i = 0; i < source.include_count; i++)
		fprintf(out, "%.*s", (int)source.includes[i].len,
			source.includes[i].line);
	put_cell(out, id);
	fputs(body, out);
	return ret ? ret : ferror(out) ? -EIO : 0;
}
