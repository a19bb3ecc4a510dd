/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/guest-setup.h"
#include "vm/guest.h"

static const struct {
	const char *target;
	const char *type;
	bool optional;
} mounts[] = {
	{"/proc", "proc", false},
	{"/sys", "sysfs", false},
	{"/dev", "devtmpfs", false},
	{"/dev/shm", "tmpfs", true},
	{"/dev/pts", "devpts", true},
	{"/sys/kernel/debug", "debugfs", true},
	{"/tmp", "tmpfs", false},
	{"/run", "tmpfs", false},
	{"/sys/fs/cgroup", "cgroup2", true},
};

/* Kernel settings; those that a kernel does not have are left out. */
static const struct {
	const char *path;
	const char *value;
	const char *why;
} settings[] = {
	{"/proc/sys/kernel/hung_task_timeout_secs", "60",
	 "a hang is told before the host gives up"},
	{"/proc/sys/kernel/hung_task_warnings", "-1",
	 "every hang is told, not the first ten of them"},
	{"/proc/sys/kernel/printk", "6",
	 "the console is slow: what is said for information does not go there"},
	{"/proc/sys/kernel/printk_ratelimit", "0", "no evidence is swallowed"},
	{"/proc/sys/vm/overcommit_memory", "1",
	 "a small guest is no reason to refuse an allocation"},
};

static int mount_all(struct error *error)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		const char *target = mounts[i].target;

		mkdir(target, 0755);
		if (!mount(mounts[i].type, target, mounts[i].type, 0, NULL) ||
		    errno == EBUSY || mounts[i].optional)
			continue;
		return error_set(error, -errno, "cannot mount %s:", target);
	}
	return 0;
}

static void write_settings(void)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		cleanup_close int fd =
			open(settings[i].path, O_WRONLY | O_CLOEXEC);
		size_t len = strlen(settings[i].value);

		if (fd >= 0 && write(fd, settings[i].value, len) < 0)
			fprintf(stderr, "%s: %s\n", settings[i].path,
				strerror(errno));
	}
}

static int loopback_up(struct error *error)
{
	struct ifreq request = {.ifr_name = "lo"};
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* a kernel without network can still run most cells */
	if (fd < 0)
		return 0;
	if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return error_set(error, -errno, "cannot bring lo up:");
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return error_set(error, -errno, "cannot bring lo up:");
	return 0;
}

int guest_setup(struct error *error)
{
	int ret = mount_all(error);

	if (ret < 0)
		return ret;
	write_settings();
	return loopback_up(error);
}

/* Copies the value of GUEST_CHANNEL out of the kernel arguments. */
static int channel_name(char *ret, size_t size)
{
	cleanup_close int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	char text[8192];
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *value;

	if (len < 0)
		return -errno;
	text[len] = '\0';
	value = strstr(text, GUEST_CHANNEL);
	if (!value)
		return -ENOENT;
	value += strlen(GUEST_CHANNEL);
	snprintf(ret, size, "/dev/%.*s", (int)strcspn(value, " \n"), value);
	return 0;
}

int guest_open_channel(struct error *error)
{
	cleanup_close int fd = -1;
	char path[256];
	struct termios line;
	int ret = channel_name(path, sizeof(path));

	if (ret < 0)
		return error_set(error, ret,
				 "no " GUEST_CHANNEL
				 " among the kernel arguments:");
	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || tcgetattr(fd, &line) < 0)
		return error_set(error, -errno, "%s:", path);
	cfmakeraw(&line);
	line.c_cflag |= CREAD | CLOCAL;
	cfsetspeed(&line, B115200);
	if (tcsetattr(fd, TCSANOW, &line) < 0)
		return error_set(error, -errno, "%s:", path);
	/* results are ours to send: no cell shall open it by name */
	unlink(path);
	return take_fd(&fd);
}
