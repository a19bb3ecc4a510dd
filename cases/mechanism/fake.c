/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fake mechanisms: they pin nothing and store with the CPU. Each behaves in one
 * way, good or bad, so that the harness can be seen to tell them apart. One of
 * them, fake_corrupt, is the canary of every run.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <gupcheck/worker.h>

struct fake {
	struct range range;
	char *before;
	unsigned int pins;
};

/* The first pin is the control pin on anonymous memory */
static bool is_file(const struct fake *fake)
{
	return fake->pins > 1;
}

static int pin(struct device *dev, const struct range *range)
{
	struct fake *fake = device_state(dev);

	fake->pins++;
	fake->range = *range;
	free(fake->before);
	fake->before = malloc(range->len);
	if (!fake->before)
		return -ENOMEM;
	memcpy(fake->before, range->addr, range->len);
	return 0;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	memcpy(range->addr, data, range->len);
	return 0;
}

static int unpin(struct device *dev)
{
	return 0;
}

static void close_fake(struct device *dev)
{
	struct fake *fake = device_state(dev);

	free(fake->before);
	fake->before = NULL;
}

/* FAKE() - a descriptor: its hooks, and what is special about it */
#define FAKE(fake_name, fake_summary, fake_pin, fake_write, fake_unpin, ...) \
	const struct mechanism mechanism_##fake_name = {                     \
		.name = #fake_name,                                          \
		.summary = fake_summary,                                     \
		.why = "the harness has to tell it from the others",         \
		.state_size = sizeof(struct fake),                           \
		.pin = fake_pin,                                             \
		.device_write = fake_write,                                  \
		.unpin = fake_unpin,                                         \
		.close = close_fake,                                         \
		__VA_ARGS__}

#define FAKE_SHORT MECH_FAKE | MECH_SHORT | MECH_WRITES | MECH_WRITES_HELD
#define FAKE_LONGTERM MECH_FAKE | MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD

static const int refusals[] = {EFAULT, 0};

FAKE(fake_safe, "a device that does all it should", pin, device_write, unpin,
     .traits = FAKE_SHORT);

FAKE(fake_exposed, "a long-term pin that is accepted", pin, device_write, unpin,
     .traits = FAKE_LONGTERM);

/* Takes back what it wrote, after it was seen: the data is lost */
static int unpin_and_lose(struct device *dev)
{
	struct fake *fake = device_state(dev);

	if (is_file(fake))
		memcpy(fake->range.addr, fake->before, fake->range.len);
	return 0;
}

FAKE(fake_corrupt, "a device whose data is lost at the release", pin,
     device_write, unpin_and_lose, .traits = FAKE_SHORT);

static int refuse_file(struct device *dev, const struct range *range)
{
	struct fake *fake = device_state(dev);

	return fake->pins ? -EFAULT : pin(dev, range);
}

FAKE(fake_refused, "a long-term pin that is refused", refuse_file, device_write,
     unpin, .traits = FAKE_LONGTERM, .refusals = refusals);

FAKE(fake_overrefused, "a short-term pin that is refused", refuse_file,
     device_write, unpin, .traits = FAKE_SHORT, .refusals = refusals, );

static int refuse_oddly(struct device *dev, const struct range *range)
{
	struct fake *fake = device_state(dev);

	return fake->pins ? -EXDEV : pin(dev, range);
}

FAKE(fake_odd_errno, "a pin that fails with an errno that is no refusal",
     refuse_oddly, device_write, unpin, .traits = FAKE_LONGTERM,
     .refusals = refusals);

static int refuse_all(struct device *dev, const struct range *range)
{
	return -EFAULT;
}

FAKE(fake_control_fails, "a pin that fails on anonymous memory as well",
     refuse_all, device_write, unpin, .traits = FAKE_LONGTERM,
     .refusals = refusals);

static int write_nothing(struct device *dev, const struct range *range,
			 const void *data)
{
	struct fake *fake = device_state(dev);

	return is_file(fake) ? 0 : device_write(dev, range, data);
}

FAKE(fake_silent, "a device that says it wrote, and did not", pin,
     write_nothing, unpin, .traits = FAKE_SHORT);

static int write_astray(struct device *dev, const struct range *range,
			const void *data)
{
	struct fake *fake = device_state(dev);
	size_t half = range->len / 2;

	if (!is_file(fake))
		return device_write(dev, range, data);
	memcpy((char *)range->addr + half, data, half);
	return 0;
}

FAKE(fake_astray, "a device that writes to the wrong place", pin, write_astray,
     unpin, .traits = FAKE_SHORT);

static int write_and_crash(struct device *dev, const struct range *range,
			   const void *data)
{
	abort();
}

FAKE(fake_crash, "a device whose code crashes", pin, write_and_crash, unpin,
     .traits = FAKE_SHORT);

static int write_and_hang(struct device *dev, const struct range *range,
			  const void *data)
{
	while (pause())
		;
	return 0;
}

FAKE(fake_hang, "a device that never completes", pin, write_and_hang, unpin,
     .traits = FAKE_SHORT);

static int skip(struct device *dev)
{
	worker_skip("this fake never has what it needs");
}

FAKE(fake_skip, "a device that is not there", pin, device_write, unpin,
     .traits = FAKE_SHORT, .open = skip);

static void say_to_kernel(const char *line)
{
	int fd = (int)must(open("/dev/kmsg", O_WRONLY | O_CLOEXEC));

	must(write(fd, line, strlen(line)));
	close(fd);
}

static int write_and_warn(struct device *dev, const struct range *range,
			  const void *data)
{
	struct fake *fake = device_state(dev);

	if (is_file(fake))
		say_to_kernel(
			"<4>WARNING: CPU: 0 PID: 1 at gupcheck/fake.c:1 fake_warn+0x0/0x1 (said by gupcheck itself)");
	return device_write(dev, range, data);
}

FAKE(fake_warn, "a device that makes the kernel warn", pin, write_and_warn,
     unpin, .traits = FAKE_SHORT, .require = "root");

static int write_and_panic(struct device *dev, const struct range *range,
			   const void *data)
{
	int fd = (int)must(open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC));

	must(write(fd, "c", 1));
	return -EIO;
}

FAKE(fake_panic,
     "a device that makes the kernel panic, in a guest of ours only", pin,
     write_and_panic, unpin, .traits = FAKE_SHORT,
     .require = "path:/gupcheck/modules & root");
