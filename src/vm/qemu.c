/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/guest.h"
#include "vm/host-program.h"
#include "vm/qemu.h"

#define ARGS_MAX 64

/* Descriptors that QEMU finds its end of the channel and its files at. */
#define CHILD_CHANNEL 3
#define CHILD_INITRAMFS 4
#define CHILD_CONSOLE 5

/*
 * What every guest is told. The console gets every line until the guest is up,
 * see guest-setup.c. No panic_on_warn: it would turn a warning into a
 * lost machine. panic=-1 with -no-reboot ends QEMU at a panic. A busy host can
 * starve a virtual processor for many seconds, which is no fault of the kernel:
 * its own watchdogs wait longer than the limits that we set on a cell.
 */
#define APPEND                                                   \
	"panic=-1 printk.devkmsg=on log_buf_len=16M loglevel=8 " \
	"kasan_multi_shot rcupdate.rcu_expedited=1 "             \
	"rcupdate.rcu_cpu_stall_timeout=120 watchdog_thresh=60"

/** struct command - an argument vector that owns what was formatted for it */
struct command {
	const char *argv[ARGS_MAX];
	size_t count;
	char *append;
	char memory[16];
	char cpus[16];
};

int qemu_find(const struct arch *arch, char *ret_path, size_t size,
	      struct error *error)
{
	if (!host_program_find(arch->qemu, ret_path, size))
		return 0;
	return error_set(error, -ENOENT, "%s: not found: apt install %s",
			 arch->qemu, arch->qemu_package);
}

static void add(struct command *command, const char *word)
{
	if (command->count < ARGS_MAX - 1)
		command->argv[command->count++] = word;
}

static void add_all(struct command *command, const char *const *words)
{
	while (*words)
		add(command, *words++);
}

/*
 * Processors that are emulated in threads of their own may keep code that
 * another has just patched: seen with QEMU 7.2, where a kernel dies of an int3
 * that is long gone, once in a hundred switches of a static key or so. In one
 * thread they do not, and the guest is faster as well.
 */
#define TCG "tcg,thread=single"

static int build_command(const struct qemu_config *config, const char *program,
			 struct command *ret)
{
	static const char *const fixed[] = {
		"-nodefaults", "-nic",
		"none",	       "-vga",
		"none",	       "-display",
		"none",	       "-no-reboot",
		"-chardev",    "file,id=console,path=/dev/fdset/1,append=on",
		"-add-fd",     "fd=5,set=1",
		"-serial",     "chardev:console",
		"-chardev",    "socket,id=channel,fd=3",
		"-serial",     "chardev:channel",
		"-initrd",     "/proc/self/fd/4",
		NULL,
	};
	char clock[CLOCK_ARGUMENT_SIZE];

	/* under KVM it has a clock of its own */
	if (asprintf(&ret->append, "%s %s %s %s%s %s", config->arch->append,
		     config->kvm ? "" : config->arch->clock_argument(clock),
		     APPEND, GUEST_CHANNEL, config->arch->channel,
		     config->append ? config->append : "") < 0) {
		ret->append = NULL;
		return -ENOMEM;
	}
	snprintf(ret->memory, sizeof(ret->memory), "%u", config->memory_mib);
	snprintf(ret->cpus, sizeof(ret->cpus), "%u", config->cpus);
	add(ret, program);
	add_all(ret, config->arch->qemu_machine);
	add(ret, "-accel");
	add(ret, config->kvm ? "kvm" : TCG);
	add(ret, "-m");
	add(ret, ret->memory);
	add(ret, "-smp");
	add(ret, ret->cpus);
	add_all(ret, fixed);
	add(ret, "-kernel");
	add(ret, config->kernel);
	add(ret, "-append");
	add(ret, ret->append);
	return 0;
}

/* Puts @fds[i] at descriptor CHILD_CHANNEL + i, open in the new program. */
static int place_descriptors(const int *fds, int count)
{
	int high[8];

	/* out of the way first: one may sit where another has to go */
	for (int i = 0; i < count; i++) {
		high[i] = fcntl(fds[i], F_DUPFD, CHILD_CHANNEL + count);
		if (high[i] < 0)
			return -1;
	}
	for (int i = 0; i < count; i++) {
		if (dup2(high[i], CHILD_CHANNEL + i) < 0)
			return -1;
		close(high[i]);
	}
	return 0;
}

/* Runs in the child. */
_Noreturn static void become_qemu(const struct command *command, pid_t parent,
				  int channel, int initramfs, int console)
{
	const int fds[] = {channel, initramfs, console};
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* the parent may have died before the line above */
	if (getppid() != parent)
		_exit(127);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(console, STDOUT_FILENO) < 0 ||
	    dup2(console, STDERR_FILENO) < 0 || place_descriptors(fds, 3) < 0)
		_exit(127);
	execv(command->argv[0], (char *const *)(uintptr_t)command->argv);
	_exit(127);
}

static int spawn(const struct command *command, int channel, int initramfs,
		 int console, struct qemu *qemu)
{
	pid_t parent = getpid();

	qemu->pid = fork();
	if (qemu->pid < 0)
		return -errno;
	if (!qemu->pid)
		become_qemu(command, parent, channel, initramfs, console);
	qemu->pidfd = (int)syscall(SYS_pidfd_open, qemu->pid, 0);
	return qemu->pidfd < 0 ? -errno : 0;
}

static int open_console(const char *path, struct qemu *qemu)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
		      0644);

	if (fd < 0)
		return -errno;
	qemu->console = open(path, O_RDONLY | O_CLOEXEC);
	if (qemu->console < 0) {
		fd_close(fd);
		return -errno;
	}
	return fd;
}

static int start(const struct qemu_config *config, const char *program,
		 struct qemu *qemu, struct error *error)
{
	struct command command = {0};
	cleanup_close int console = open_console(config->console, qemu);
	cleanup_close int far_end = -1;
	int pair[2], ret;

	if (console < 0)
		return error_set(error, console, "%s:", config->console);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return error_set(error, -errno, "socketpair:");
	qemu->channel = pair[0];
	far_end = pair[1];
	if (fcntl(qemu->channel, F_SETFL, O_NONBLOCK) < 0)
		return error_set(error, -errno, "socketpair:");
	ret = build_command(config, program, &command);
	if (!ret)
		ret = spawn(&command, far_end, config->initramfs, console,
			    qemu);
	free(command.append);
	return ret < 0 ? error_set(error, ret, "%s:", program) : 0;
}

int qemu_start(const struct qemu_config *config, struct qemu *ret,
	       struct error *error)
{
	char program[PATH_MAX];
	struct qemu qemu = QEMU_NONE;
	int result = qemu_find(config->arch, program, sizeof(program), error);

	if (!result)
		result = start(config, program, &qemu, error);
	if (result < 0) {
		qemu_stop(&qemu, 0);
		return result;
	}
	*ret = qemu;
	return 0;
}

int qemu_stop(struct qemu *qemu, int grace_ms)
{
	struct pollfd ended = {.fd = qemu->pidfd, .events = POLLIN};
	int status = 0;

	if (qemu->pid > 0) {
		if (grace_ms > 0)
			poll(&ended, 1, grace_ms);
		kill(qemu->pid, SIGKILL);
		while (waitpid(qemu->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	fd_close(qemu->pidfd);
	fd_close(qemu->channel);
	fd_close(qemu->console);
	*qemu = (struct qemu)QEMU_NONE;
	return status;
}
