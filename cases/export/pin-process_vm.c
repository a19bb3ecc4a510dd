/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "file.c"

#define DEVICE_READS 0

/*
 * process_vm_writev() pins its destination, then copies. Its source here is
 * memory that userfaultfd holds back: the copy waits for each page of it, with
 * the destination pinned, until the page is provided. The last page of the
 * destination lies behind the file: while its source is held back, all of the
 * file is written and still pinned.
 */
static struct {
	int uffd;
	char *source, *target;
	size_t next; /* first page that was not provided yet */
	pthread_t thread;
	ssize_t copied;
	int error;
} copy;

static void *make_copy(void *arg)
{
	struct iovec from = {copy.source, SIZE + PAGE};
	struct iovec to = {copy.target, SIZE + PAGE};
	sigset_t all;

	/* a signal would make the fault be taken again and again */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	copy.copied = process_vm_writev(getpid(), &from, 1, &to, 1, 0);
	copy.error = copy.copied < 0 ? errno : 0;
	return arg;
}

/* Until the copy waits for the next page of its source; or it has failed */
static int await_fault(void)
{
	uintptr_t page = (uintptr_t)copy.source + copy.next;
	struct pollfd ready = {.fd = copy.uffd, .events = POLLIN};
	struct uffd_msg message;

	while (pthread_tryjoin_np(copy.thread, NULL))
		if (poll(&ready, 1, 10) == 1 &&
		    read(copy.uffd, &message, sizeof(message)) ==
			    (ssize_t)sizeof(message) &&
		    message.event == UFFD_EVENT_PAGEFAULT &&
		    message.arg.pagefault.address / PAGE == page / PAGE)
			return 0;
	return copy.error ? -copy.error : -EIO;
}

static int provide(const char *page)
{
	struct uffdio_copy data = {
		.dst = (uintptr_t)copy.source + copy.next,
		.src = (uintptr_t)page,
		.len = PAGE,
	};

	copy.next += PAGE;
	return ioctl(copy.uffd, UFFDIO_COPY, &data) ? -errno : 0;
}

static int pin(char *target)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register held = {.mode = UFFDIO_REGISTER_MODE_MISSING};

	copy.target = target;
	copy.next = 0;
	copy.source = mmap(NULL, SIZE + PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	copy.uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	held.range.start = (uintptr_t)copy.source;
	held.range.len = SIZE + PAGE;
	if (copy.source == MAP_FAILED || copy.uffd < 0 ||
	    ioctl(copy.uffd, UFFDIO_API, &api) ||
	    ioctl(copy.uffd, UFFDIO_REGISTER, &held))
		return -errno;
	if (pthread_create(&copy.thread, NULL, make_copy, NULL))
		return -EAGAIN;
	return await_fault();
}

static int device_write(int content)
{
	char data[PAGE];
	int ret = 0;

	memset(data, content, PAGE);
	while (!ret && copy.next < SIZE) {
		ret = provide(data);
		if (!ret)
			ret = await_fault();
	}
	return ret;
}

static int __attribute__((unused)) device_read(void)
{
	return -EOPNOTSUPP;
}

static int unpin(void)
{
	char zeroes[PAGE];
	int ret;

	memset(zeroes, 0, PAGE);
	ret = provide(zeroes);
	if (!ret)
		pthread_join(copy.thread, NULL);
	munmap(copy.source, SIZE + PAGE);
	close(copy.uffd);
	if (ret || copy.error)
		return ret ? ret : -copy.error;
	return copy.copied == (ssize_t)(SIZE + PAGE) ? 0 : -EIO;
}
