/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "runner/supervise.h"
#include "vm/console.h"
#include "vm/session.h"

/* Seconds until the kernel's first line. A KVM that works needs a fraction. */
#define FIRST_LINE_KVM_S 6
#define FIRST_LINE_TCG_S 30
/* Seconds without a new line that a kernel may take on its way to /init. */
#define BOOT_SILENCE_S 90
#define BOOT_LIMIT_S 600
#define TICK_MS 100

#define LIMIT_FACTOR_TCG 4.0
#define CPUS 2

/**
 * struct boot - one attempt to start a guest
 * @kvm: else TCG
 * @image: the kernel file
 * @seen: the kernel has printed its first line
 * @size, @grown: bytes on the console, and when they became more
 */
struct boot {
	bool kvm;
	const char *image;
	double begin;
	bool seen;
	off_t size;
	double grown;
};

static int boot_limits(struct session *session, struct boot *boot,
		       struct error *error)
{
	double now = clock_seconds();
	unsigned int first = boot->kvm ? FIRST_LINE_KVM_S : FIRST_LINE_TCG_S;
	off_t size = console_size(session->qemu.console);
	char line[160];

	if (size != boot->size) {
		boot->size = size;
		boot->grown = now;
	}
	if (!boot->seen)
		boot->seen = console_kernel_seen(session->qemu.console);
	if (!boot->seen && now - boot->begin > first)
		return error_set(error, -ENODATA,
				 "the kernel printed nothing within %u s",
				 first);
	if (now - boot->grown > BOOT_SILENCE_S ||
	    now - boot->begin > BOOT_LIMIT_S) {
		console_last_line(session->qemu.console, line, sizeof(line));
		return error_set(error, -ETIMEDOUT,
				 "the guest fell silent; its last line: %s",
				 line);
	}
	return 0;
}

static int boot_ended(struct session *session, const struct boot *boot,
		      struct error *error)
{
	char line[160];
	int status;

	console_last_line(session->qemu.console, line, sizeof(line));
	status = qemu_stop(&session->qemu, 0);
	return error_set(
		error, boot->seen ? -ESHUTDOWN : -ENODATA,
		"QEMU ended (%s %d) before the guest was up; last line: %s",
		WIFSIGNALED(status) ? "signal" : "status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		line);
}

static int take_hello(struct session *session, const json_t *message,
		      struct error *error)
{
	const char *expected = session->options->kernel->release;
	const char *version, *release, *machine;
	int protocol;

	if (strcmp(message_type(message), "hello") != 0 ||
	    json_unpack((json_t *)(uintptr_t)message, "{si ss ss ss}",
			"protocol", &protocol, "gupcheck", &version, "kernel",
			&release, "machine", &machine) < 0)
		return error_set(error, -EPROTO,
				 "the guest said something else than hello");
	if (protocol != CHANNEL_PROTOCOL || strcmp(version, GUPCHECK_VERSION))
		return error_set(
			error, -EPROTO,
			"the guest program is of version %s: build it anew",
			version);
	if (session->options->kernel->modules && strcmp(release, expected))
		return error_set(
			error, -EINVAL,
			"it boots as %s, but its modules are for %s: give the --modules that belong to it",
			release, expected);
	if (session->options->release &&
	    strcmp(release, session->options->release))
		return error_set(
			error, -EINVAL,
			"it boots as %s, but the run was begun on %s: begin another one",
			release, session->options->release);
	snprintf(session->release, sizeof(session->release), "%s", release);
	snprintf(session->machine, sizeof(session->machine), "%s", machine);
	return 0;
}

/* Returns 1 when the hello was taken, 0 when it has not come, or -errno. */
static int look_for_hello(struct session *session, struct error *error)
{
	struct error damage = {""};
	json_t *message;
	int ret = channel_fill(&session->channel);

	if (ret < 0 && ret != -EAGAIN)
		return error_set(error, ret, "results channel:");
	ret = channel_next(&session->channel, &message, &damage);
	if (ret == -EBADMSG)
		return error_set(error, -EPROTO, "results channel: %.200s",
				 damage.text);
	if (ret <= 0)
		return ret;
	ret = take_hello(session, message, error);
	json_decref(message);
	return ret < 0 ? ret : 1;
}

static int await_hello(struct session *session, struct boot *boot,
		       struct error *error)
{
	struct pollfd fds[] = {
		{.fd = session->qemu.pidfd, .events = POLLIN},
		{.fd = session->channel.fd, .events = POLLIN},
	};
	int ret;

	boot->begin = boot->grown = clock_seconds();
	for (;;) {
		if (interrupted())
			return -EINTR;
		if (poll(fds, 2, TICK_MS) < 0 && errno != EINTR)
			return -errno;
		ret = fds[1].revents & POLLIN ? look_for_hello(session, error)
					      : 0;
		if (ret)
			return ret < 0 ? ret : 0;
		if (fds[0].revents)
			return boot_ended(session, boot, error);
		ret = boot_limits(session, boot, error);
		if (ret < 0)
			return ret;
	}
}

static int console_path(struct session *session, char *ret, size_t size)
{
	const char *release = session->options->kernel->release;
	int len;

	/* those of an earlier part of the run stay */
	do
		len = snprintf(ret, size, "%s/console-%s-%u.txt",
			       session->options->output,
			       release[0] ? release : "kernel",
			       ++session->boots);
	while (len < (int)size && !access(ret, F_OK));
	return len < (int)size ? 0 : -ENAMETOOLONG;
}

static int boot_once(struct session *session, struct boot *boot,
		     struct error *error)
{
	char console[PATH_MAX];
	struct qemu_config config = {
		.arch = session->options->arch,
		.kernel = boot->image,
		.initramfs = session->initramfs,
		.append = session->options->append,
		.console = console,
		.kvm = boot->kvm,
		.memory_mib = session->options->memory_mib,
		.cpus = CPUS,
	};
	int ret = console_path(session, console, sizeof(console));

	if (!ret)
		ret = qemu_start(&config, &session->qemu, error);
	if (ret < 0)
		return error_set(error, ret, "%s:", console);
	session->channel = (struct channel){.fd = session->qemu.channel};
	ret = await_hello(session, boot, error);
	if (ret < 0)
		session_stop(session, 0);
	return ret;
}

/* The ELF kernel starts much faster; the boot image starts where that fails. */
static int boot_images(struct session *session, bool kvm, struct error *error)
{
	const struct boot_image *image = &session->options->kernel->image;
	struct boot boot = {.kvm = kvm, .image = image->elf};
	int ret;

	if (image->elf && !session->boot_image_only) {
		ret = boot_once(session, &boot, error);
		if (ret != -ENODATA || !image->path)
			return ret;
		session->boot_image_only = true;
		error->text[0] = '\0';
	}
	boot = (struct boot){.kvm = kvm, .image = image->path};
	return boot_once(session, &boot, error);
}

/*
 * Tries KVM unless it was seen to fail, and remembers. Returns 0 with a guest,
 * or a negative number: TCG it is.
 */
static int boot_kvm_or_decide(struct session *session)
{
	const struct boot_image *image = &session->options->kernel->image;
	struct boot boot = {
		.kvm = true,
		.image = image->elf ? image->elf : image->path,
	};
	struct error error = {""};
	char qemu[PATH_MAX];
	uint64_t key;
	int ret = accel_kvm_present() ? 0 : -ENODEV;

	if (!ret)
		ret = qemu_find(session->options->arch, qemu, sizeof(qemu),
				&error);
	if (!ret)
		ret = accel_key(qemu, image->key, &key, &error);
	if (!ret && accel_recall(key) == ACCEL_TCG)
		ret = -ENODEV;
	if (!ret) {
		ret = boot_once(session, &boot, &error);
		if (ret != -EINTR)
			accel_remember(key, ret ? ACCEL_TCG : ACCEL_KVM,
				       error.text);
	}
	session->accel = ret ? ACCEL_TCG : ACCEL_KVM;
	return ret;
}

int session_boot(struct session *session, struct error *error)
{
	int ret = -ENODEV;

	if (session->accel == ACCEL_AUTO)
		ret = boot_kvm_or_decide(session);
	if (ret < 0 && ret != -EINTR)
		ret = boot_images(session, session->accel == ACCEL_KVM, error);
	/*
	 * The emulator lets a kernel that patches its code die of an int3, once
	 * in a hundred boots or so: what dies twice is the kernel's own doing.
	 */
	if (ret == -ESHUTDOWN && session->accel == ACCEL_TCG) {
		error->text[0] = '\0';
		ret = boot_images(session, false, error);
	}
	if (ret < 0)
		return ret;
	session->limit_factor =
		session->accel == ACCEL_KVM ? 1.0 : LIMIT_FACTOR_TCG;
	session->last_sign = clock_seconds();
	session->mark = console_size(session->qemu.console);
	session->sent = 0;
	return 0;
}

void session_stop(struct session *session, int grace_ms)
{
	qemu_stop(&session->qemu, grace_ms);
	channel_done(&session->channel);
	session->channel = (struct channel){.fd = -1};
}
