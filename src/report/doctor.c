/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/mend.h"
#include "report/doctor.h"
#include "report/names.h"
#include "report/print.h"
#include "runner/journal.h"

#define SCHEMA 1
#define WORD_WIDTH 14

static const char *const kind_words[] = {
	[CHECKUP_MECHANISM] = "mechanism",
	[CHECKUP_FILESYSTEM] = "filesystem",
	[CHECKUP_HARNESS] = "harness",
};

static bool has_symbol(const struct checkup_item *item, const char *symbol)
{
	for (size_t i = 0; i < item->symbol_count; i++)
		if (!strcmp(item->symbols[i], symbol))
			return true;
	return false;
}

/* The symbols of all items, each once */
static int collect_symbols(const struct checkup *checkup, struct names *ret)
{
	for (size_t i = 0; i < checkup->count; i++)
		for (size_t s = 0; s < checkup->items[i].symbol_count; s++)
			if (names_add(ret, checkup->items[i].symbols[s]) < 0)
				return -ENOMEM;
	return 0;
}

/* `CONFIG_VETH=y`, or `CONFIG_NR_UARTS=2` for `CONFIG_NR_UARTS>=2` */
static void put_symbol(FILE *out, const struct checkup *checkup,
		       const char *symbol)
{
	const char *least = strstr(symbol, ">=");
	const char *before = "# ";

	for (size_t i = 0; i < checkup->count; i++) {
		const struct checkup_item *item = &checkup->items[i];

		if (!has_symbol(item, symbol))
			continue;
		fprintf(out, "%s%s%s%s", before, item->name,
			item->kind == CHECKUP_HARNESS ? " (gupcheck)" : "",
			item->optional || mend_newer(symbol) ? ", optional"
							     : "");
		before = "; ";
	}
	if (least)
		fprintf(out, "\n%.*s=%s\n", (int)(least - symbol), symbol,
			least + 2);
	else
		fprintf(out, "\n%s=y\n", symbol);
}

int doctor_fragment(FILE *out, const struct checkup *checkup)
{
	cleanup(names_done) struct names symbols = {NULL};

	if (collect_symbols(checkup, &symbols) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < symbols.count; i++)
		put_symbol(out, checkup, symbols.list[i]);
	return ferror(out) ? -EIO : 0;
}

static void put_tail(FILE *out, const struct checkup_item *item)
{
	if (!item->runs) {
		print_line(out, item->reason);
		if (item->mend[0])
			fputs(": ", out);
		print_line(out, item->mend);
	} else if (item->note[0]) {
		print_line(out, item->note);
	}
}

static void put_kind(FILE *out, const struct checkup *checkup,
		     enum checkup_kind kind,
		     const struct report_options *options)
{
	size_t width = 0;
	bool any = false;

	for (size_t i = 0; i < checkup->count; i++)
		if (checkup->items[i].kind == kind &&
		    strlen(checkup->items[i].name) > width)
			width = strlen(checkup->items[i].name);
	for (size_t i = 0; i < checkup->count; i++) {
		const struct checkup_item *item = &checkup->items[i];
		bool silent = item->runs && !item->note[0];

		if (item->kind != kind)
			continue;
		if (!any)
			fprintf(out, "\n%ss\n", kind_words[kind]);
		any = true;
		fprintf(out, "  %-*s  %s%-*s%s", (int)width, item->name,
			item->runs ? "" : style_bold(options->color),
			silent ? 0 : WORD_WIDTH,
			item->runs ? "will run" : "will not run",
			item->runs ? "" : style_off(options->color));
		put_tail(out, item);
		fputc('\n', out);
	}
}

/* Of the harness's own needs only those that are missing are worth a line */
static void put_harness(FILE *out, const struct checkup *checkup, bool optional)
{
	bool any = false;

	for (size_t i = 0; i < checkup->count; i++) {
		const struct checkup_item *item = &checkup->items[i];

		if (item->kind != CHECKUP_HARNESS || item->runs ||
		    item->optional != optional)
			continue;
		if (!any)
			fprintf(out, "\n%s\n",
				optional ? "Of use" : "Nothing runs without");
		any = true;
		fprintf(out, "  %s", item->name);
		if (item->note[0]) {
			fputs(" (", out);
			print_line(out, item->note);
			fputc(')', out);
		}
		fputs(": ", out);
		put_tail(out, item);
		fputc('\n', out);
	}
}

static int put_packages(FILE *out, const struct checkup *checkup)
{
	cleanup(names_done) struct names packages = {NULL};

	for (size_t i = 0; i < checkup->count; i++)
		for (size_t p = 0; p < checkup->items[i].package_count; p++)
			if (names_add(&packages,
				      checkup->items[i].packages[p]) < 0)
				return -ENOMEM;
	if (packages.count)
		fputs("\nDebian packages\n  apt install", out);
	for (size_t i = 0; i < packages.count; i++)
		fprintf(out, " %s", packages.list[i]);
	if (packages.count)
		fputc('\n', out);
	return 0;
}

static int put_fragment(FILE *out, const struct checkup *checkup)
{
	for (size_t i = 0; i < checkup->count; i++) {
		if (!checkup->items[i].symbol_count)
			continue;
		fputs("\nKernel configuration, for scripts/kconfig/merge_config.sh (--fragment prints it alone)\n",
		      out);
		return doctor_fragment(out, checkup);
	}
	return 0;
}

int doctor_text(FILE *out, const struct checkup *checkup,
		const struct report_options *options)
{
	int ret;

	print_line(out, checkup->title);
	fputc('\n', out);
	put_kind(out, checkup, CHECKUP_MECHANISM, options);
	put_kind(out, checkup, CHECKUP_FILESYSTEM, options);
	ret = put_packages(out, checkup);
	if (!ret)
		ret = put_fragment(out, checkup);
	put_harness(out, checkup, false);
	put_harness(out, checkup, true);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}

static json_t *item_json(const struct checkup_item *item)
{
	json_t *packages = json_array(), *symbols = json_array();

	for (size_t i = 0; i < item->package_count; i++)
		json_array_append_new(packages, json_string(item->packages[i]));
	for (size_t i = 0; i < item->symbol_count; i++)
		json_array_append_new(symbols, json_string(item->symbols[i]));
	return json_pack("{s:s, s:s, s:b, s:b, s:s, s:s, s:s, s:o, s:o}",
			 "name", item->name, "kind", kind_words[item->kind],
			 "runs", item->runs, "optional", item->optional,
			 "reason", item->reason, "mend", item->mend, "note",
			 item->note, "packages", packages, "config", symbols);
}

int doctor_json(FILE *out, const struct checkup *checkup)
{
	json_t *items = json_array();
	json_t *root;
	int ret;

	for (size_t i = 0; i < checkup->count; i++)
		json_array_append_new(items, item_json(&checkup->items[i]));
	root = json_pack("{s:i, s:s, s:o, s:o}", "schema", SCHEMA, "gupcheck",
			 GUPCHECK_VERSION, "kernel",
			 journal_text(checkup->title), "items", items);
	if (!root)
		return -ENOMEM;
	ret = json_dumpf(root, out, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	json_decref(root);
	return ret < 0 || fputc('\n', out) == EOF ? -EIO : 0;
}
