/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fake mechanisms: they pin nothing and store with the CPU. Each behaves in one
 * way, good or bad, so that the harness can be seen to tell them apart. One of
 * them, fake_corrupt, is the canary of every run.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <gupcheck/smash.h>
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

/* They write through the mapping: what unmaps it is nothing for them */
#define FAKE_WRITES MECH_FAKE | MECH_NOTIFIER | MECH_WRITES | MECH_WRITES_HELD
#define FAKE_SHORT FAKE_WRITES | MECH_SHORT
#define FAKE_LONGTERM FAKE_WRITES | MECH_LONGTERM

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

/*
 * Liars: what they do or say must never end in "safe".
 */

struct late {
	const struct range *range;
	const void *data;
};

static void *write_late(void *arg)
{
	const struct timespec delay = {.tv_nsec = 300000000};
	struct late *late = arg;

	nanosleep(&delay, NULL);
	memcpy(late->range->addr, late->data, late->range->len);
	return NULL;
}

/* Says that it is done before it is */
static int write_later(struct device *dev, const struct range *range,
		       const void *data)
{
	struct fake *fake = device_state(dev);
	static struct late late;
	static pthread_t thread;
	char *copy;

	if (!is_file(fake))
		return device_write(dev, range, data);
	copy = must_alloc(range->len);
	memcpy(copy, data, range->len);
	late = (struct late){.range = &fake->range, .data = copy};
	must_thread(&thread, write_late, &late);
	return 0;
}

FAKE(fake_late, "a device that completes before it writes", pin, write_later,
     unpin, .traits = FAKE_SHORT);

/* Looks like results, in every form and at every place that it can reach */
static void forge_results(void)
{
	static const char *const lines[] = {
		"ok 1 - everything is safe\n",
		"{\"type\":\"end\",\"verdict\":\"safe\",\"outcome\":\"as-expected\"}\n",
		"@gup 3 00000000 {\"type\":\"bye\",\"reason\":\"\"}\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (int fd = 1; fd < 64; fd++)
			if (write(fd, lines[i], strlen(lines[i])) < 0)
				continue;
}

static int write_forged(struct device *dev, const struct range *range,
			const void *data)
{
	if (is_file(device_state(dev)))
		forge_results();
	return write_nothing(dev, range, data);
}

FAKE(fake_forge_results, "a device that writes nothing but good results", pin,
     write_forged, unpin, .traits = FAKE_SHORT);

/* One open file may say little only */
static void say_to_kernel(const char *line)
{
	int fd = (int)must(open("/dev/kmsg", O_WRONLY | O_CLOEXEC));

	must(write(fd, line, strlen(line)));
	close(fd);
}

static int write_and_forge_log(struct device *dev, const struct range *range,
			       const void *data)
{
	if (is_file(device_state(dev))) {
		say_to_kernel(
			"<4>WARNING: CPU: 0 PID: 1 at gupcheck/fake.c:1 fake_forge_log+0x0/0x1 (said by gupcheck itself)\n");
		say_to_kernel(
			"<5>gupcheck: end fake_forge_log/fake_dir/fsync_after_unpin\n");
	}
	return device_write(dev, range, data);
}

FAKE(fake_forge_log, "a program that speaks in the kernel's name", pin,
     write_and_forge_log, unpin, .traits = FAKE_SHORT, .require = "root");

static int lock_memory(struct device *dev)
{
	struct fake *fake = device_state(dev);
	size_t page = (size_t)getpagesize();

	/* nobody unlocks it; a sanitizer makes nothing of mlock() */
	if (is_file(fake))
		must(syscall(SYS_mlock, must_alloc(page), page));
	return 0;
}

FAKE(fake_leak_memory, "a device that leaves memory locked", pin, device_write,
     lock_memory, .traits = FAKE_SHORT);

/*
 * What a process pins the kernel returns at its end, so it takes another one to
 * hold a pin beyond that of the cell: the self-test listens, and pins a page
 * when it is asked to.
 */
static int leak_pin(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = getenv("GUPCHECK_LEAK");
	char done;
	int fd;

	if (path)
		snprintf(address.sun_path, sizeof(address.sun_path), "%s",
			 path);
	else
		worker_skip("only in the self-test, which keeps what it leaks");
	fd = (int)must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	if (must(read(fd, &done, 1)) != 1)
		worker_skip("the self-test cannot pin a page");
	close(fd);
	return 0;
}

static int unpin_and_leak(struct device *dev)
{
	return is_file(device_state(dev)) ? leak_pin() : 0;
}

FAKE(fake_leak_pin, "a device that leaves a page pinned", pin, device_write,
     unpin_and_leak, .traits = FAKE_SHORT,
     .require = "root & syscall:io_uring_setup");

/*
 * Trouble: these do to a guest of ours what a bad kernel would do.
 */

#define FLOOD_LINES 100000

/* The attribute of the filesystem that a mapping belongs to, or false */
static bool find_error_trigger(const void *address, char *ret, size_t size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long begin, end;
	unsigned int major_number = 0, minor_number = 0;
	char line[4352], link[64], target[256];
	bool found = false;
	ssize_t len;

	while (maps && !found && fgets(line, sizeof(line), maps))
		found = sscanf(line, "%lx-%lx %*s %*s %x:%x", &begin, &end,
			       &major_number, &minor_number) == 4 &&
			begin <= (unsigned long)address &&
			(unsigned long)address < end;
	if (maps)
		fclose(maps);
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major_number,
		 minor_number);
	len = found ? readlink(link, target, sizeof(target) - 1) : -1;
	if (len < 0)
		return false;
	target[len] = '\0';
	snprintf(ret, size, "/sys/fs/ext4/%s/trigger_fs_error",
		 strrchr(target, '/') + 1);
	return !access(ret, W_OK);
}

static void flood(void)
{
	int fd = (int)must(open("/dev/kmsg", O_WRONLY | O_CLOEXEC));
	char line[128];

	for (unsigned int i = 0; i < FLOOD_LINES; i++) {
		int len = snprintf(line, sizeof(line),
				   "<6>gupcheck: line %u of a flood\n", i);

		must(write(fd, line, (size_t)len));
	}
	close(fd);
}

/* On ext4 the kernel then complains, in its own name, behind all of it */
static int write_and_flood(struct device *dev, const struct range *range,
			   const void *data)
{
	char path[320];
	int fd;

	if (!is_file(device_state(dev)))
		return device_write(dev, range, data);
	flood();
	if (find_error_trigger(range->addr, path, sizeof(path))) {
		fd = (int)must(open(path, O_WRONLY | O_CLOEXEC));
		must(write(fd, "behind the flood", 16));
		close(fd);
	}
	return device_write(dev, range, data);
}

FAKE(fake_flood, "a device that floods the kernel's log, in a guest of ours",
     pin, write_and_flood, unpin, .traits = FAKE_SHORT,
     .require = "path:/gupcheck/modules & root");

/* Overwrites all that the filesystem has on its disk, while it is mounted */
static int damage_image(struct device *dev)
{
	struct fake *fake = device_state(dev);
	char path[PATH_MAX], block[4096];
	off_t at = 0;
	int fd;

	if (!is_file(fake))
		return 0;
	snprintf(path, sizeof(path), "%s/../image", device_workdir(dev));
	memset(block, 0xa5, sizeof(block));
	fd = (int)must(open(path, O_WRONLY | O_CLOEXEC));
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0) {
		must(pwrite(fd, block, sizeof(block), at));
		at += (off_t)sizeof(block);
	}
	close(fd);
	return 0;
}

FAKE(fake_damage, "a device that damages the disk of its filesystem", pin,
     device_write, damage_image, .traits = FAKE_SHORT,
     .require = "path:/gupcheck/modules & root");

static void trigger_sysrq(const char *key)
{
	int fd = (int)must(open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC));

	must(write(fd, key, 1));
	close(fd);
}

static void set(const char *path, const char *value)
{
	int fd = (int)must(open(path, O_WRONLY | O_CLOEXEC));

	must(write(fd, value, strlen(value)));
	close(fd);
}

static void die_of_panic(void)
{
	trigger_sysrq("c");
}

/* The handler of a key becomes a NULL pointer; then the key is pressed */
static void die_of_null(void)
{
	smash_zero("sysrq_sync_op", 0, sizeof(void *));
	trigger_sysrq("s");
}

static void die_of_null_and_panic(void)
{
	set("/proc/sys/kernel/panic_on_oops", "1");
	die_of_null();
}

/* The code of writeback becomes garbage; then everything is written back */
static void die_in_writeback(void)
{
	smash_zero("do_writepages", 0, 64);
	sync();
}

/* reboot(2) would end the PID namespace only */
static void die_of_power_off(void)
{
	trigger_sysrq("o");
	pause();
}

static void die_of_reset(void)
{
	int fd = open("/sys/kernel/reboot/type", O_WRONLY | O_CLOEXEC);

	/* since Linux 5.11 it can be told to take the shortest way */
	if (fd >= 0)
		must(write(fd, "triple", 6));
	trigger_sysrq("b");
}

/* Suspends to idle, and nothing wakes it up: a hang without a word */
static void die_of_sleep(void)
{
	set("/sys/power/state", "freeze");
}

/* FAKE_DEATH() - a device whose write is the end of the guest */
#define FAKE_DEATH(fake_name, fake_summary, die, needs)                        \
	static int die##_at_write(struct device *dev,                          \
				  const struct range *range, const void *data) \
	{                                                                      \
		if (is_file(device_state(dev)))                                \
			die();                                                 \
		return device_write(dev, range, data);                         \
	}                                                                      \
	FAKE(fake_name, fake_summary, pin, die##_at_write, unpin,              \
	     .traits = FAKE_SHORT, .require = needs)

#define GUEST_ONLY "path:/gupcheck/modules & root"

FAKE_DEATH(fake_null, "a device whose kernel follows a NULL pointer",
	   die_of_null, SMASH_REQUIRE);
FAKE_DEATH(fake_null_panic, "the same, where an oops is a panic",
	   die_of_null_and_panic, SMASH_REQUIRE);
FAKE_DEATH(fake_panic, "a device that makes the kernel panic", die_of_panic,
	   GUEST_ONLY);
FAKE_DEATH(fake_poweroff, "a device that turns the machine off",
	   die_of_power_off, GUEST_ONLY);
FAKE_DEATH(fake_reset, "a device that resets the machine", die_of_reset,
	   GUEST_ONLY);
FAKE_DEATH(fake_stall, "a device that puts the machine to sleep for ever",
	   die_of_sleep, GUEST_ONLY);
FAKE_DEATH(fake_writeback, "a device whose kernel crashes in writeback",
	   die_in_writeback, SMASH_REQUIRE);
