/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/accel.h"
#include "vm/cache.h"
#include "vm/run-program.h"

static const char *const names[] = {
	[ACCEL_AUTO] = "auto",
	[ACCEL_KVM] = "kvm",
	[ACCEL_TCG] = "tcg",
};

const char *accel_to_string(enum accel accel)
{
	return names[accel];
}

int accel_from_string(const char *word, enum accel *ret)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], word) != 0)
			continue;
		*ret = (enum accel)i;
		return 0;
	}
	return -EINVAL;
}

bool accel_kvm_present(void)
{
	cleanup_close int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	return fd >= 0;
}

static ssize_t read_file(const char *path, char *ret, size_t size)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : read(fd, ret, size);
}

int accel_key(const char *qemu, uint64_t kernel, uint64_t *ret,
	      struct error *error)
{
	const char *argv[] = {qemu, "--version", NULL};
	cleanup_free char *version = NULL;
	char boot_id[64];
	ssize_t len = read_file("/proc/sys/kernel/random/boot_id", boot_id,
				sizeof(boot_id));
	int result = run_program(argv, &version, error);

	if (result < 0)
		return result;
	*ret = cache_key(CACHE_KEY_BEGIN, version, strlen(version));
	*ret = cache_key(*ret, boot_id, len > 0 ? (size_t)len : 0);
	*ret = cache_key(*ret, &kernel, sizeof(kernel));
	return 0;
}

static int decision_path(uint64_t key, char *ret, size_t size)
{
	char folder[PATH_MAX];
	int result = cache_folder("accel", folder, NULL);

	if (result < 0)
		return result;
	if (snprintf(ret, size, "%s/%016" PRIx64, folder, key) >= (int)size)
		return -ENAMETOOLONG;
	return 0;
}

enum accel accel_recall(uint64_t key)
{
	char path[PATH_MAX], text[256];
	enum accel accel;
	ssize_t len;

	if (decision_path(key, path, sizeof(path)) < 0)
		return ACCEL_AUTO;
	len = read_file(path, text, sizeof(text) - 1);
	if (len <= 0)
		return ACCEL_AUTO;
	text[len] = '\0';
	text[strcspn(text, " \n")] = '\0';
	return accel_from_string(text, &accel) < 0 ? ACCEL_AUTO : accel;
}

void accel_remember(uint64_t key, enum accel accel, const char *reason)
{
	char path[PATH_MAX], text[256];

	if (decision_path(key, path, sizeof(path)) < 0)
		return;
	snprintf(text, sizeof(text), "%s %.200s\n", accel_to_string(accel),
		 reason);
	cache_store(path, text, strlen(text), NULL);
}
