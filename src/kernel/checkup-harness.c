/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "kernel/checkup.h"
#include "kernel/kmsg.h"
#include "kernel/root.h"

/** enum place - where a need holds */
enum place {
	PLACE_ANY,
	PLACE_HERE, /* on this machine */
	PLACE_OTHER, /* on a kernel that does not run here */
	PLACE_GUEST, /* in a guest of gupcheck vm */
};

/* What the harness needs of a kernel, besides what the drivers ask for */
static const struct {
	const char *name;
	const char *require;
	enum place place;
	bool optional;
	const char *why;
} needs[] = {
	{"root", "root", PLACE_HERE, false,
	 "it mounts images and makes namespaces"},
	{"tmpfs", "filesystem:tmpfs@CONFIG_TMPFS", PLACE_ANY, false,
	 "the images of a run lie on a tmpfs"},
	{"proc", "filesystem:proc@CONFIG_PROC_FS", PLACE_ANY, false,
	 "mappings and settings are read there"},
	{"UNIX sockets", "socket:unix@CONFIG_UNIX", PLACE_ANY, false,
	 "cell and worker talk over them"},
	{"kernel messages", "config@CONFIG_PRINTK", PLACE_OTHER, false,
	 "by them every cell is judged"},
	{"threads", "config@CONFIG_FUTEX", PLACE_OTHER, false,
	 "the C library cannot do without futex(2)"},
	{"file locks", "path:/proc/locks@CONFIG_FILE_LOCKING", PLACE_ANY, false,
	 "two runs keep apart by them"},
	{"users", "config@CONFIG_MULTIUSER", PLACE_OTHER, true,
	 "locked memory is counted on a user of its own"},
	{"kernel checks", "config@CONFIG_BUG", PLACE_OTHER, true,
	 "WARN() and BUG() are evidence"},
	{"advice", "config@CONFIG_ADVISE_SYSCALLS", PLACE_OTHER, true,
	 "cached pages are dropped by it"},
	{"network namespaces", "path:/proc/self/ns/net@CONFIG_NET_NS",
	 PLACE_ANY, true, "a cell's links are apart from the machine's"},
	{"process namespaces", "path:/proc/self/ns/pid@CONFIG_PID_NS",
	 PLACE_ANY, true, "what a cell starts ends with it"},
	{"cgroup2", "config@CONFIG_CGROUPS", PLACE_OTHER, true,
	 "no process of a cell slips away"},
	{"debugfs", "filesystem:debugfs@CONFIG_DEBUG_FS", PLACE_ANY, true,
	 "a WARN_ONCE() is seen in every run, not only in the first"},
	{"devtmpfs", "filesystem:devtmpfs@CONFIG_DEVTMPFS", PLACE_GUEST, false,
	 "the device nodes of a guest"},
	{"sysfs", "filesystem:sysfs@CONFIG_SYSFS", PLACE_GUEST, false,
	 "modules and devices are seen there"},
	{"initramfs", "config@CONFIG_BLK_DEV_INITRD", PLACE_GUEST, false,
	 "the guest boots from one"},
	{"ELF programs", "config@CONFIG_BINFMT_ELF", PLACE_GUEST, false,
	 "the guest program is one"},
};

static bool holds_here(const struct checkup *checkup, enum place place,
		       bool guest)
{
	switch (place) {
	case PLACE_ANY:
		return true;
	case PLACE_HERE:
		return checkup->here;
	case PLACE_OTHER:
		return !checkup->here;
	case PLACE_GUEST:
		return guest;
	}
	return false;
}

static const char *describe(char *buf, size_t size, const char *what, int ret)
{
	snprintf(buf, size, "%s: %s", what, strerror(-ret));
	return buf;
}

/* Whether it can be read takes more than to see it */
static int add_messages(struct checkup *checkup)
{
	char reason[128];
	struct kmsg kmsg;
	int ret = kmsg_open(&kmsg);
	struct checkup_item *item = checkup_add_fact(
		checkup, "kernel messages",
		ret < 0 ? describe(reason, sizeof(reason), "/dev/kmsg", ret)
			: NULL,
		ret == -ENOENT
			? "build the kernel with CONFIG_PRINTK; a container has to be given /dev/kmsg"
			: "run it as root, or set sysctl kernel.dmesg_restrict=0");

	if (!ret)
		kmsg_close(&kmsg);
	return item ? 0 : -ENOMEM;
}

static int add_cgroup(struct checkup *checkup)
{
	cleanup_free char *mounts = NULL;
	bool there = root_read(ROOT_REAL, "/proc/self/mounts", &mounts) == 0 &&
		     strstr(mounts, " cgroup2 ");
	struct checkup_item *item = checkup_add_fact(
		checkup, "cgroup2",
		there ? NULL : "not mounted: a process of a cell may slip away",
		"mount -t cgroup2 none /sys/fs/cgroup, or wherever that is free");

	if (!item)
		return -ENOMEM;
	item->optional = true;
	return 0;
}

/* A kernel that was upgraded and not booted since has lost its modules */
static int add_modules(struct checkup *checkup)
{
	char path[128], reason[160], mend[160];
	struct checkup_item *item;
	struct utsname name;
	mode_t mode;

	if (root_mode(ROOT_REAL, "/proc/modules", &mode) < 0 || uname(&name))
		return 0;
	snprintf(path, sizeof(path), "/lib/modules/%s", name.release);
	snprintf(reason, sizeof(reason), "no %s: no module can be loaded",
		 path);
	snprintf(
		mend, sizeof(mend),
		"boot the kernel that is installed, or apt install linux-image-%s",
		name.release);
	item = checkup_add_fact(
		checkup, "modules",
		root_mode(ROOT_REAL, path, &mode) < 0 ? reason : NULL, mend);
	if (!item)
		return -ENOMEM;
	item->optional = true;
	return 0;
}

int checkup_add_harness(struct checkup *checkup, bool guest)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		struct checkup_item *item;

		if (!holds_here(checkup, needs[i].place, guest))
			continue;
		item = checkup_add(checkup, CHECKUP_HARNESS, needs[i].name,
				   needs[i].require, needs[i].why);
		if (!item)
			return -ENOMEM;
		/* a .config may be meant for a machine */
		item->optional =
			needs[i].optional || (needs[i].place == PLACE_GUEST &&
					      checkup->offline.config_only);
	}
	if (checkup->here)
		ret = add_messages(checkup);
	if (checkup->here && !ret)
		ret = add_cgroup(checkup);
	if (checkup->here && !ret)
		ret = add_modules(checkup);
	return ret;
}
