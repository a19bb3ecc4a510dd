/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `gupcheck doctor` knows of kernels that are booted in QEMU. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "programs/doctor.h"
#include "vm/accel.h"
#include "vm/kernel-config.h"
#include "vm/libexec.h"
#include "vm/qemu.h"

#define GUEST_PROGRAM "gupcheck-guest"

static void describe(const struct kernel *kernel, const char *config,
		     char *title, size_t size)
{
	const char *release =
		kernel->release[0] ? kernel->release : "of unknown release";

	if (config)
		snprintf(title, size, "%.160s, Linux %s, configuration %.160s",
			 kernel->input, release, config);
	else
		snprintf(
			title, size,
			"%.160s, Linux %s, no configuration to be found: judged by its modules alone, system calls and sockets not at all",
			kernel->input, release);
}

/* What can be known of an open kernel */
static int read_kernel(const struct arch *arch, const struct kernel *kernel,
		       struct offline *offline, char *title, size_t size,
		       struct error *error)
{
	char where[PATH_MAX];
	int ret = kernel_config_read(arch, kernel, &offline->config, where);

	if (ret == -ENOMEM)
		return error_set(error, ret, "%s:", kernel->input);
	if (kernel->modules)
		ret = offline_read_modules(offline, kernel->modules, error);
	else
		ret = 0;
	if (ret < 0)
		return ret;
	if (!offline->config && !kernel->modules)
		return error_set(
			error, -ENOENT,
			"%s: neither configuration nor modules to be found: give its --modules or its --config, or build it with CONFIG_IKCONFIG",
			kernel->input);
	describe(kernel, offline->config ? where : NULL, title, size);
	return 0;
}

int doctor_open_kernel(const char *input, const char *modules,
		       struct checkup *ret, struct error *error)
{
	const struct arch *arch = arch_host();
	struct offline offline = OFFLINE_NONE;
	struct kernel kernel = {0};
	char title[CHECKUP_LINE_SIZE];
	int result;

	if (!arch)
		return error_set(
			error, -ENOSYS,
			"--kernel %s: gupcheck vm does not know this machine's architecture: give the kernel's --config",
			input);
	result = kernel_open(arch, input, modules, &kernel, error);
	if (result < 0)
		return result;
	if (kernel.note.text[0])
		fprintf(stderr, "gupcheck: %s\n", kernel.note.text);
	result = read_kernel(arch, &kernel, &offline, title, sizeof(title),
			     error);
	kernel_close(&kernel);
	if (result < 0) {
		offline_done(&offline);
		return result;
	}
	checkup_kernel(ret, &offline);
	memcpy(ret->title, title, sizeof(ret->title));
	return 0;
}

int doctor_add_guest(struct checkup *checkup)
{
	const struct arch *arch = arch_host();
	struct checkup_item *item;

	if (!arch)
		return 0;
	item = checkup_add(
		checkup, CHECKUP_HARNESS, "guest machine", arch->require,
		"64-bit programs, and serial lines for console and results");
	if (!item)
		return -ENOMEM;
	item->optional = checkup->offline.config_only;
	return 0;
}

static int add_fact(struct checkup *checkup, const char *name,
		    const char *reason, const char *mend, bool optional,
		    const char *package)
{
	struct checkup_item *item =
		checkup_add_fact(checkup, name, reason, mend);

	if (!item)
		return -ENOMEM;
	item->optional = optional;
	/* who only wants to test this machine need not install it */
	if (reason && package && !optional)
		checkup_item_install(item, package);
	return 0;
}

int doctor_add_emulator(struct checkup *checkup, bool optional)
{
	const struct arch *arch = arch_host();
	char path[PATH_MAX], mend[128];
	struct error error = {""};
	int ret;

	if (!arch)
		return 0;
	snprintf(mend, sizeof(mend), "apt install %s", arch->qemu_package);
	ret = add_fact(checkup, "QEMU",
		       qemu_find(arch, path, sizeof(path), NULL) < 0
			       ? "gupcheck vm finds no QEMU"
			       : NULL,
		       mend, optional, arch->qemu_package);
	if (!ret)
		ret = add_fact(checkup, GUEST_PROGRAM,
			       libexec_find(GUEST_PROGRAM, path, &error) < 0
				       ? "gupcheck vm does not find it"
				       : NULL,
			       "set GUPCHECK_LIBEXEC to its folder", optional,
			       NULL);
	if (!ret)
		ret = add_fact(
			checkup, "/dev/kvm",
			accel_kvm_present()
				? NULL
				: "cannot be opened: gupcheck vm emulates, which is only slower",
			access("/dev/kvm", F_OK)
				? "turn on virtualization, also in the machine around a virtual one"
				: "join the group kvm",
			true, NULL);
	return ret;
}
