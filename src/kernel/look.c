/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/look.h"
#include "kernel/module.h"
#include "kernel/root.h"

#define PROTOCOLS "/proc/net/protocols"

/* How the kernel lists a family of require.h, and its number */
static const struct {
	const char *name;
	const char *protocol;
	int family;
} families[] = {
	{"alg", "ALG", 38},	   {"inet", "TCP", 2},
	{"inet6", "TCPv6", 10},	   {"netlink", "NETLINK", 16},
	{"packet", "PACKET", 17},  {"rds", "RDS", 21},
	{"smc", "SMC", 43},	   {"unix", "UNIX", 1},
	{"vsock", "AF_VSOCK", 40}, {"xdp", "XDP", 44},
};

static bool look_module(void *arg, const char *name)
{
	struct look *look = arg;
	enum module_state state = module_look(name);

	look->pending = look->pending || state == MODULE_LOADABLE;
	return state == MODULE_PRESENT || state == MODULE_LOADABLE;
}

/* socket(2) would load the module of a family that is not there */
static bool look_socket(void *arg, const char *name)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		cleanup_free char *text = NULL;
		char line[32], alias[32];

		if (strcmp(families[i].name, name) != 0)
			continue;
		snprintf(line, sizeof(line), "\n%s ", families[i].protocol);
		snprintf(alias, sizeof(alias), "net-pf-%d", families[i].family);
		return (root_read(ROOT_REAL, PROTOCOLS, &text) == 0 &&
			strstr(text, line)) ||
		       look_module(arg, alias);
	}
	return false;
}

static int look_answer(void *arg, const char *kind, const char *argument,
		       const char *symbol)
{
	const struct look *look = arg;

	/* never missed, and not worth a look */
	if (!strcmp(kind, "wants"))
		return 1;
	if (look->pending && (!strcmp(kind, "device") || !strcmp(kind, "path")))
		return 1;
	return -ENOENT;
}

void look_world_init(struct require_world *ret, struct look *look)
{
	require_world_init(ret);
	ret->module = look_module;
	ret->socket = look_socket;
	ret->answer = look_answer;
	ret->arg = look;
}
