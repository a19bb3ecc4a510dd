/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <gupcheck/pattern.h>
#include <gupcheck/vm-copy.h>
#include <gupcheck/worker.h>

#define EVENT_LIMIT_MS 10000

void vm_copy_open(struct vm_copy *copy)
{
	struct uffdio_api api = {.api = UFFD_API};

	copy->uffd =
		(int)must(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK));
	must(ioctl(copy->uffd, UFFDIO_API, &api));
}

static void *make_call(void *arg)
{
	struct vm_copy *copy = arg;
	struct iovec gate = {copy->gate, copy->range.len};
	struct iovec range = {copy->range.addr, copy->range.len};

	copy->result = copy->call(getpid(), &gate, 1, &range, 1, 0);
	copy->error = copy->result < 0 ? errno : 0;
	return NULL;
}

struct event {
	struct vm_copy *copy;
	uint64_t address;
};

/* The copy waits for the page at @address, or has ended without it */
static bool has_arrived(void *arg)
{
	struct event *event = arg;
	struct uffd_msg message;

	if (!pthread_tryjoin_np(event->copy->thread, NULL)) {
		event->copy->running = false;
		return true;
	}
	if (read(event->copy->uffd, &message, sizeof(message)) !=
	    sizeof(message))
		return false;
	return message.event == UFFD_EVENT_PAGEFAULT &&
	       (message.arg.pagefault.address &
		~(uint64_t)(pattern_page_size() - 1)) == event->address;
}

static int await_fault(struct vm_copy *copy)
{
	struct event event = {
		.copy = copy,
		.address = (uint64_t)(uintptr_t)(copy->gate + copy->next),
	};
	int ret = worker_await(has_arrived, &event,
			       "a fault on memory that is held back",
			       EVENT_LIMIT_MS);

	if (ret || copy->running)
		return ret;
	return copy->error ? -copy->error : -EIO;
}

int vm_copy_begin(struct vm_copy *copy, const struct range *range)
{
	struct uffdio_register reg = {.mode = UFFDIO_REGISTER_MODE_MISSING};

	copy->range = *range;
	copy->next = 0;
	copy->gate = mmap(NULL, range->len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(copy->gate == MAP_FAILED ? -1 : 0);
	reg.range.start = (uint64_t)(uintptr_t)copy->gate;
	reg.range.len = range->len;
	must(ioctl(copy->uffd, UFFDIO_REGISTER, &reg));
	must_thread(&copy->thread, make_call, copy);
	copy->running = true;
	return await_fault(copy);
}

static void provide_zeroes(struct vm_copy *copy)
{
	struct uffdio_zeropage zero = {
		.range.start = (uint64_t)(uintptr_t)(copy->gate + copy->next),
		.range.len = pattern_page_size(),
	};

	must(ioctl(copy->uffd, UFFDIO_ZEROPAGE, &zero));
}

static void provide(struct vm_copy *copy, const char *page)
{
	struct uffdio_copy data = {
		.dst = (uint64_t)(uintptr_t)(copy->gate + copy->next),
		.src = (uint64_t)(uintptr_t)page,
		.len = pattern_page_size(),
	};

	if (page)
		must(ioctl(copy->uffd, UFFDIO_COPY, &data));
	else
		provide_zeroes(copy);
	copy->next += pattern_page_size();
}

int vm_copy_page(struct vm_copy *copy, const char *page)
{
	provide(copy, page);
	return await_fault(copy);
}

int vm_copy_end(struct vm_copy *copy, const char *rest)
{
	while (copy->running && copy->next < copy->range.len) {
		provide(copy, rest ? rest + copy->next : NULL);
		if (copy->next < copy->range.len &&
		    await_fault(copy) == -ETIMEDOUT)
			return -ETIMEDOUT;
	}
	if (copy->running)
		must_zero(-pthread_join(copy->thread, NULL));
	copy->running = false;
	if (copy->error)
		return -copy->error;
	return copy->result == (ssize_t)copy->range.len ? 0 : -EIO;
}

void vm_copy_release(struct vm_copy *copy)
{
	if (copy->gate)
		munmap(copy->gate, copy->range.len);
	copy->gate = NULL;
}

void vm_copy_close(struct vm_copy *copy)
{
	if (copy->running)
		vm_copy_end(copy, NULL);
	if (copy->uffd > 0)
		close(copy->uffd);
	copy->uffd = 0;
	vm_copy_release(copy);
}
