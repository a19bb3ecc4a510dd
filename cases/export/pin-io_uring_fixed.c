/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "file.c"
#include "look.c"

#define DEVICE_READS 1
#define ENTRIES 4

/* A registered buffer is pinned until it is unregistered. The device is a memfd
 */
static struct {
	int ring, memfd;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *sqes;
	char *target;
} uring;

static int open_ring(void)
{
	struct io_uring_params *params = &uring.params;
	size_t size;

	uring.memfd = (int)syscall(SYS_memfd_create, "device", 0);
	uring.ring = (int)syscall(SYS_io_uring_setup, ENTRIES, params);
	if (uring.memfd < 0 || uring.ring < 0)
		return -errno;
	if (!(params->features & IORING_FEAT_SINGLE_MMAP))
		return -ENOSYS;
	size = params->cq_off.cqes +
	       params->cq_entries * sizeof(struct io_uring_cqe);
	if (size < params->sq_off.array + params->sq_entries * sizeof(__u32))
		size = params->sq_off.array +
		       params->sq_entries * sizeof(__u32);
	uring.rings = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			   uring.ring, IORING_OFF_SQ_RING);
	uring.sqes = mmap(NULL, params->sq_entries * sizeof(*uring.sqes),
			  PROT_READ | PROT_WRITE, MAP_SHARED, uring.ring,
			  IORING_OFF_SQES);
	return uring.rings == (char *)MAP_FAILED ||
			       uring.sqes == (void *)MAP_FAILED
		       ? -errno
		       : 0;
}

static __u32 *word(__u32 offset)
{
	return (__u32 *)(uring.rings + offset);
}

/* One request, from submission to completion */
static int request(int opcode)
{
	struct io_uring_params *params = &uring.params;
	__u32 tail = *word(params->sq_off.tail), head;
	__u32 slot = tail & *word(params->sq_off.ring_mask);
	struct io_uring_cqe *cqe;

	uring.sqes[slot] = (struct io_uring_sqe){
		.opcode = (__u8)opcode,
		.fd = uring.memfd,
		.addr = (uintptr_t)uring.target,
		.len = (__u32)SIZE,
	};
	word(params->sq_off.array)[slot] = slot;
	__atomic_store_n(word(params->sq_off.tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, uring.ring, 1, 1,
		    IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -errno;
	head = *word(params->cq_off.head);
	if (head ==
	    __atomic_load_n(word(params->cq_off.tail), __ATOMIC_ACQUIRE))
		return -EIO;
	cqe = (struct io_uring_cqe *)(uring.rings + params->cq_off.cqes) +
	      (head & *word(params->cq_off.ring_mask));
	__atomic_store_n(word(params->cq_off.head), head + 1, __ATOMIC_RELEASE);
	return cqe->res == (int)SIZE ? 0 : cqe->res < 0 ? cqe->res : -EIO;
}

static int pin(char *target)
{
	struct iovec iov = {target, SIZE};
	int ret = uring.rings ? 0 : open_ring();

	uring.target = target;
	if (!ret && syscall(SYS_io_uring_register, uring.ring,
			    IORING_REGISTER_BUFFERS, &iov, 1))
		ret = -errno;
	return ret;
}

static int device_write(int content)
{
	char data[SIZE];

	memset(data, content, SIZE);
	if (pwrite(uring.memfd, data, SIZE, 0) != (ssize_t)SIZE)
		return -EIO;
	return request(IORING_OP_READ_FIXED);
}

static int device_read(void)
{
	static char data[1 << 20];
	int ret = request(IORING_OP_WRITE_FIXED);

	if (ret)
		return ret;
	if (pread(uring.memfd, data, SIZE, 0) != (ssize_t)SIZE)
		return -EIO;
	return content_of(data);
}

static int unpin(void)
{
	return syscall(SYS_io_uring_register, uring.ring,
		       IORING_UNREGISTER_BUFFERS, NULL, 0)
		       ? -errno
		       : 0;
}
