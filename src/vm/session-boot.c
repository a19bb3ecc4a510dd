/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "kernel/offline.h"
#include "kernel/require.h"
#include "kernel/root.h"
#include "runner/supervise.h"
#include "vm/console.h"
#include "vm/kernel-config.h"
#include "vm/session.h"

/*
 * Seconds until the first byte on the console. A KVM that works needs a
 * fraction. Under emulation it takes one or two, and a minute on a machine that
 * is very busy; where another image is left to be tried, less will do.
 */
#define FIRST_BYTE_KVM_S 6
#define FIRST_BYTE_TCG_S 60
#define FIRST_BYTE_NEXT_S 30
/* Seconds without a new byte that a kernel may take on its way to /init. */
#define BOOT_SILENCE_S 90
#define BOOT_LIMIT_S 600
#define TICK_MS 100

/* Without these no kernel comes as far as to run our process 1 */
#define GUEST_REQUIRE                                                \
	"config@CONFIG_BLK_DEV_INITRD & config@CONFIG_BINFMT_ELF & " \
	"config@CONFIG_PRINTK & config@CONFIG_TTY"

#define SYMBOLS_SIZE 128

#define LIMIT_FACTOR_TCG 4.0
#define CPUS 2

/**
 * struct boot - one attempt to start a guest
 * @kvm: else TCG
 * @image: the kernel file
 * @patience: seconds until its first byte
 * @seen: the kernel has printed its first line
 * @size, @grown: bytes on the console, and when they became more
 */
struct boot {
	bool kvm;
	const char *image;
	unsigned int patience;
	double begin;
	bool seen;
	off_t size;
	double grown;
};

static int boot_limits(struct session *session, struct boot *boot,
		       struct error *error)
{
	double now = clock_seconds();
	off_t size = console_size(session->qemu.console);
	bool alive;
	char line[160];

	if (size != boot->size) {
		boot->size = size;
		boot->grown = now;
	}
	if (!boot->seen)
		boot->seen = console_kernel_seen(session->qemu.console);
	/* a guest may get its first words out under a KVM that does not work */
	alive = boot->kvm ? boot->seen
			  : console_guest_seen(session->qemu.console);
	if (!alive && now - boot->begin > boot->patience)
		return error_set(error, -ENODATA, "it printed nothing for %u s",
				 boot->patience);
	if (now - boot->grown <= BOOT_SILENCE_S &&
	    now - boot->begin <= BOOT_LIMIT_S)
		return 0;
	console_last_line(session->qemu.console, line, sizeof(line));
	return error_set(
		error, boot->seen ? -ETIMEDOUT : -ENODATA,
		"it was not up after %.0f s, the last %.0f without a word; last line: %s",
		now - boot->begin, now - boot->grown, line);
}

/* What killed it, in its own words; false when it had none */
static bool last_words(struct session *session, struct error *error)
{
	struct console_findings found;
	const char *words = NULL;

	if (console_classify(session->qemu.console, 0, &found) < 0)
		return false;
	for (size_t i = 0; i < found.observation.count && !words; i++)
		if (found.worst >= LOG_BUG &&
		    found.observation.facts[i].value == (int32_t)found.worst)
			words = found.observation.facts[i].text;
	if (words)
		error_set(error, 0, "it %s while it booted: %.160s",
			  found.worst == LOG_PANIC ? "panicked" : "died",
			  words);
	observation_done(&found.observation);
	return words != NULL;
}

static int boot_ended(struct session *session, const struct boot *boot,
		      struct error *error)
{
	int result = boot->seen ? -ESHUTDOWN : -ENODATA;
	char line[160];
	int status;
	bool told = last_words(session, error);

	console_last_line(session->qemu.console, line, sizeof(line));
	status = qemu_stop(&session->qemu, 0);
	if (told)
		return result;
	return error_set(
		error, result,
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
	if (session->options->name &&
	    !vm_name_fits(session->options->name, release))
		return error_set(
			error, -EINVAL,
			"it boots as %s, but the run was begun on %s: begin another one",
			release, session->options->name);
	snprintf(session->release, sizeof(session->release), "%s",
		 session->options->name ? session->options->name : release);
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

static void add_symbol(void *arg, const char *kind, const char *argument,
		       const char *symbol)
{
	char *list = arg;
	size_t used = strlen(list);

	snprintf(list + used, SYMBOLS_SIZE - used, "%s%s",
		 used ? ", " : "; its configuration lacks ", symbol);
}

/* What its configuration lacks to be a guest, and where to read on */
static void add_advice(struct session *session, const char *console,
		       struct error *error)
{
	const struct vm_options *options = session->options;
	struct offline offline = OFFLINE_NONE;
	struct require_world world = {
		.root = ROOT_REAL,
		.answer = offline_answer,
		.arg = &offline,
	};
	char symbols[SYMBOLS_SIZE] = "", where[PATH_MAX];
	size_t used = strlen(error->text);

	if (!kernel_config_read(options->arch, options->kernel, &offline.config,
				where)) {
		require_missing(&world, options->arch->require, NULL, 0,
				add_symbol, symbols);
		require_missing(&world, GUEST_REQUIRE, NULL, 0, add_symbol,
				symbols);
	}
	snprintf(error->text + used, sizeof(error->text) - used, "%s; see %s",
		 symbols, console);
	offline_done(&offline);
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
	if (ret == -ENODATA || ret == -ESHUTDOWN || ret == -ETIMEDOUT)
		add_advice(session, console, error);
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

	boot.patience = image->path ? FIRST_BYTE_NEXT_S : FIRST_BYTE_TCG_S;
	if (image->elf && !session->boot_image_only) {
		ret = boot_once(session, &boot, error);
		if (ret != -ENODATA || !image->path)
			return ret;
		session->boot_image_only = true;
		error->text[0] = '\0';
	}
	boot = (struct boot){
		.kvm = kvm,
		.image = image->path,
		.patience = FIRST_BYTE_TCG_S,
	};
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
		.patience = FIRST_BYTE_KVM_S,
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
