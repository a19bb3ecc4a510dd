/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "kernel/checkup.h"
#include "kernel/config.h"
#include "kernel/mend.h"
#include "kernel/module.h"
#include "kernel/root.h"

/*
 * struct visit - the atoms of one item
 * @absent: modules that the configuration promises and that are not there
 */
struct visit {
	struct checkup *checkup;
	struct checkup_item *item;
	char absent[CHECKUP_LINE_SIZE];
};

void checkup_machine(struct checkup *ret)
{
	struct utsname name = {.release = "?"};
	char path[PATH_MAX];
	int result;

	memset(ret, 0, sizeof(*ret));
	ret->here = true;
	ret->offline = OFFLINE_NONE;
	look_world_init(&ret->world, &ret->look);
	uname(&name);
	result = config_read(ROOT_REAL, &ret->config, path, sizeof(path));
	snprintf(ret->title, sizeof(ret->title),
		 "this machine, Linux %s %s, configuration %.256s",
		 name.release, name.machine, result < 0 ? "not found" : path);
}

void checkup_kernel(struct checkup *ret, struct offline *offline)
{
	memset(ret, 0, sizeof(*ret));
	ret->offline = *offline;
	*offline = OFFLINE_NONE;
	ret->config = ret->offline.config;
	require_world_init(&ret->world);
	ret->world.answer = offline_answer;
	ret->world.arg = &ret->offline;
}

/* Adds to a line of CHECKUP_LINE_SIZE, behind @between unless it is empty */
__attribute__((format(printf, 3, 4))) static void
add(char *line, const char *between, const char *format, ...)
{
	size_t used = strlen(line);
	va_list args;

	if (used)
		used += (size_t)snprintf(line + used, CHECKUP_LINE_SIZE - used,
					 "%s", between);
	if (used >= CHECKUP_LINE_SIZE)
		return;
	va_start(args, format);
	vsnprintf(line + used, CHECKUP_LINE_SIZE - used, format, args);
	va_end(args);
}

#define say(line, ...) add(line, "; ", __VA_ARGS__)

void checkup_item_install(struct checkup_item *item, const char *package)
{
	for (size_t i = 0; i < item->package_count; i++)
		if (!strcmp(item->packages[i], package))
			return;
	if (item->package_count < CHECKUP_LIST_MAX)
		item->packages[item->package_count++] = package;
}

static char symbol_value(const struct checkup *checkup, const char *symbol)
{
	return checkup->config ? config_value(checkup->config, symbol) : 'n';
}

static void add_symbol(const struct visit *visit, const char *symbol)
{
	struct checkup_item *item = visit->item;
	const struct mend_need *need;

	for (size_t i = 0; i < item->symbol_count; i++)
		if (!strcmp(item->symbols[i], symbol))
			return;
	for (unsigned int i = 0; (need = mend_need(symbol, i)); i++) {
		char value = symbol_value(visit->checkup, need->needs);

		if (value == 'n' || (value == 'm' && need->built_in))
			add_symbol(visit, need->needs);
	}
	if (item->symbol_count < CHECKUP_LIST_MAX)
		snprintf(item->symbols[item->symbol_count++],
			 CHECKUP_SYMBOL_SIZE, "%s", symbol);
}

static void mend_program(struct checkup_item *item, const char *program)
{
	const char *package = mend_package(program);

	if (package)
		checkup_item_install(item, package);
	else
		say(item->mend, "install %s", program);
}

static void mend_never(struct checkup_item *item, const char *why)
{
	const char *const *package = mend_library(why);

	for (; package && *package; package++)
		checkup_item_install(item, *package);
	say(item->mend, "build gupcheck again");
}

/* The configuration says that it is a module, and it is not to be had */
static void mend_module(struct visit *visit, const char *kind, const char *name,
			const char *symbol)
{
	if (!strcmp(kind, "config") || !strcmp(kind, "socket") ||
	    !strcmp(kind, "syscall"))
		add_symbol(visit, symbol);
	else if (visit->checkup->here && module_look(name) == MODULE_BARRED)
		say(visit->item->mend,
		    "this machine does not let %s be loaded: see modprobe.d(5) and sysctl kernel.modules_disabled",
		    name);
	else if (!strcmp(kind, "module") || !strcmp(kind, "filesystem"))
		add(visit->absent, ", ", "%s", name);
}

static void say_absent(const struct visit *visit)
{
	struct utsname host = {.release = "RELEASE"};

	if (!visit->absent[0])
		return;
	uname(&host);
	if (visit->checkup->here)
		say(visit->item->mend,
		    "put into /lib/modules/%s the modules %s", host.release,
		    visit->absent);
	else
		say(visit->item->mend,
		    "give the --modules with %s, or build that in",
		    visit->absent);
}

/* Built in, and yet not to be had: only on the machine itself */
static void mend_present(struct checkup_item *item, const char *kind,
			 const char *argument)
{
	if (!strcmp(kind, "device"))
		say(item->mend,
		    "make the device node %s; a container has to be given it",
		    argument);
	else
		say(item->mend,
		    "the kernel has it: see what a seccomp filter, a container or a sysctl forbids");
}

static void mend_kernel(struct visit *visit, const char *kind,
			const char *argument, const char *symbol)
{
	char value = symbol[0] ? symbol_value(visit->checkup, symbol) : 'y';

	if (value == 'm')
		mend_module(visit, kind, argument, symbol);
	else if (value == 'y')
		mend_present(visit->item, kind, argument);
	else
		add_symbol(visit, symbol);
}

static void visit_missing(void *arg, const char *kind, const char *argument,
			  const char *symbol)
{
	struct visit *visit = arg;
	struct checkup_item *item = visit->item;

	if (!strcmp(kind, "root"))
		say(item->mend, "run it as root");
	else if (!strcmp(kind, "program"))
		mend_program(item, argument);
	else if (!strcmp(kind, "never"))
		mend_never(item, symbol);
	else if (!strcmp(kind, "sysctl"))
		say(item->mend, "sysctl -w %s", argument);
	else if (strcmp(kind, "arch") != 0)
		mend_kernel(visit, kind, argument, symbol);
}

/* A .config alone: `m` counts as there, and the reader should know */
static void visit_module(void *arg, const char *kind, const char *argument,
			 const char *symbol)
{
	const struct visit *visit = arg;

	if (strcmp(kind, "module") && strcmp(kind, "filesystem"))
		return;
	if (symbol[0] && symbol_value(visit->checkup, symbol) == 'm')
		add(visit->item->note, ", ", "%s%s",
		    visit->item->note[0]
			    ? ""
			    : "as module, has to be in the modules folder: ",
		    argument);
}

/* What the lists make of it: first packages, the kernel last */
static void say_lists(struct checkup_item *item)
{
	char packages[CHECKUP_LINE_SIZE] = "", symbols[CHECKUP_LINE_SIZE] = "";
	char other[CHECKUP_LINE_SIZE];

	memcpy(other, item->mend, sizeof(other));
	item->mend[0] = '\0';
	for (size_t i = 0; i < item->package_count; i++)
		add(packages, " ", "%s", item->packages[i]);
	for (size_t i = 0; i < item->symbol_count; i++)
		add(symbols, ", ", "%s", item->symbols[i]);
	if (packages[0])
		say(item->mend, "apt install %s", packages);
	if (other[0])
		say(item->mend, "%s", other);
	if (symbols[0])
		say(item->mend, "build the kernel with %s", symbols);
}

static struct checkup_item *new_item(struct checkup *checkup,
				     enum checkup_kind kind, const char *name)
{
	struct checkup_item *items =
		realloc(checkup->items, (checkup->count + 1) * sizeof(*items));

	if (!items)
		return NULL;
	checkup->items = items;
	items += checkup->count++;
	memset(items, 0, sizeof(*items));
	items->kind = kind;
	items->name = name;
	return items;
}

struct checkup_item *checkup_add(struct checkup *checkup,
				 enum checkup_kind kind, const char *name,
				 const char *require, const char *why)
{
	struct checkup_item *item = new_item(checkup, kind, name);
	struct visit visit = {.checkup = checkup, .item = item};

	if (!item)
		return NULL;
	/* the world was copied with its owner */
	checkup->world.arg = checkup->here ? (void *)&checkup->look
					   : (void *)&checkup->offline;
	checkup->look.pending = false;
	if (why)
		say(item->note, "%s", why);
	item->runs = require_missing(&checkup->world, require, item->reason,
				     sizeof(item->reason), visit_missing,
				     &visit) == 1;
	if (item->runs && checkup->offline.config_only && !why)
		require_each(require, visit_module, &visit);
	say_absent(&visit);
	say_lists(item);
	return item;
}

struct checkup_item *checkup_add_fact(struct checkup *checkup, const char *name,
				      const char *reason, const char *mend)
{
	struct checkup_item *item = new_item(checkup, CHECKUP_HARNESS, name);

	if (!item)
		return NULL;
	item->runs = !reason;
	if (reason)
		say(item->reason, "%s", reason);
	if (reason && mend)
		say(item->mend, "%s", mend);
	return item;
}

enum checkup_result checkup_result(const struct checkup *checkup)
{
	size_t there[CHECKUP_HARNESS + 1] = {0}, run[CHECKUP_HARNESS + 1] = {0};

	for (size_t i = 0; i < checkup->count; i++) {
		const struct checkup_item *item = &checkup->items[i];

		if (item->optional)
			continue;
		there[item->kind]++;
		run[item->kind] += item->runs;
	}
	/* a cell takes one of each */
	for (int kind = CHECKUP_MECHANISM; kind < CHECKUP_HARNESS; kind++)
		if (there[kind] && !run[kind])
			return CHECKUP_NONE;
	if (run[CHECKUP_HARNESS] < there[CHECKUP_HARNESS])
		return CHECKUP_NONE;
	for (int kind = CHECKUP_MECHANISM; kind < CHECKUP_HARNESS; kind++)
		if (run[kind] < there[kind])
			return CHECKUP_SOME;
	return CHECKUP_ALL;
}

void checkup_done(struct checkup *checkup)
{
	/* of another kernel it is part of @offline */
	if (checkup->here)
		free(checkup->config);
	offline_done(&checkup->offline);
	free(checkup->items);
	memset(checkup, 0, sizeof(*checkup));
	checkup->offline = OFFLINE_NONE;
}
