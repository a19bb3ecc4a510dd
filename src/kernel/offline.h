/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_OFFLINE_H
#define KERNEL_OFFLINE_H

/*
 * Offline: a kernel that does not run here, as its files tell: configuration,
 * modules.builtin, modules.dep. Answers for struct require_world.
 */

#include <stdbool.h>
#include "base/error.h"

/**
 * struct offline - all parts are optional
 * @config: text of the configuration
 * @builtin: text of modules.builtin
 * @dep: text of modules.dep
 * @folder: descriptor of lib/modules/RELEASE, or -1
 * @config_only: nothing but a configuration is there to be judged: a symbol
 *	that is `m` counts as there, and so do programs
 */
struct offline {
	char *config;
	char *builtin;
	char *dep;
	int folder;
	bool config_only;
};

/** OFFLINE_NONE - nothing is known */
#define OFFLINE_NONE ((struct offline){.folder = -1})

/**
 * offline_read_config() - take a .config file
 * Return: 0, or -errno with a line of @error; -EINVAL when no line of it sets a
 * symbol.
 */
int offline_read_config(struct offline *offline, const char *path,
			struct error *error);

/**
 * offline_read_modules() - take the lists of a modules folder
 * @folder: .../lib/modules/RELEASE, with the files that depmod makes
 * Return: 0, or -errno with a line of @error.
 */
int offline_read_modules(struct offline *offline, const char *folder,
			 struct error *error);

/**
 * offline_answer() - for require_world.answer, which says what it returns
 * @arg: a struct offline
 *
 * What neither configuration nor lists can tell counts as there. What is asked
 * about is a guest: programs are those of this machine, the user is root, and
 * nobody there loads a module for a socket.
 */
int offline_answer(void *arg, const char *kind, const char *argument,
		   const char *symbol);

/** offline_done() - free; accepts OFFLINE_NONE */
void offline_done(struct offline *offline);

#endif
