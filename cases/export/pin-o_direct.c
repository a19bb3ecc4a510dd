/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "file.c"

#define DEVICE_READS 0
#define REQUEST_SIZE (1 << 21)

/*
 * A direct read pins its destination until the data is there. The file that is
 * read belongs to a FUSE server, which answers when it is told to. Who waits
 * for FUSE cannot be killed as long as anybody has the connection open: that is
 * the server alone, a process that waits for nobody and dies with this one.
 */
static struct {
	int file;
	int asked[2]; /* pipe: a byte for each read that waits for its data */
	int answers[2]; /* pipe: a byte, what its data is to be filled with */
	pthread_t reader;
	char *target;
	ssize_t done;
	int error;
} direct;

static void reply(int device, __u64 unique, int error, const void *data,
		  size_t size)
{
	struct fuse_out_header head = {
		.len = (__u32)(sizeof(head) + (error ? 0 : size)),
		.error = error,
		.unique = unique,
	};
	struct iovec parts[] = {{&head, sizeof(head)}, {(void *)data, size}};

	if (writev(device, parts, error || !size ? 1 : 2) < 0)
		_exit(1);
}

static struct fuse_attr attributes(__u64 node)
{
	return (struct fuse_attr){
		.ino = node,
		.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0700 : S_IFREG | 0600,
		.nlink = 1,
		.size = node == FUSE_ROOT_ID ? 0 : SIZE,
	};
}

static __u64 serve(int device, const struct fuse_in_header *in)
{
	const struct fuse_init_in *init = (const void *)(in + 1);
	struct fuse_init_out hello = {
		.major = FUSE_KERNEL_VERSION,
		.minor = init->minor < 31 ? init->minor : 31,
		.max_write = 1 << 16,
	};
	struct fuse_entry_out entry = {.nodeid = 2, .attr = attributes(2)};
	struct fuse_attr_out attr = {.attr = attributes(in->nodeid)};
	struct fuse_open_out opened = {.open_flags = FOPEN_DIRECT_IO};

	switch (in->opcode) {
	case FUSE_INIT:
		reply(device, in->unique, 0, &hello, sizeof(hello));
		return 0;
	case FUSE_LOOKUP:
		reply(device, in->unique, 0, &entry, sizeof(entry));
		return 0;
	case FUSE_GETATTR:
		reply(device, in->unique, 0, &attr, sizeof(attr));
		return 0;
	case FUSE_OPEN:
		reply(device, in->unique, 0, &opened, sizeof(opened));
		return 0;
	case FUSE_READ:
		return in->unique; /* later */
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return 0; /* no answer is wanted */
	case FUSE_RELEASE:
		reply(device, in->unique, 0, NULL, 0);
		return 0;
	default:
		reply(device, in->unique, -ENOSYS, NULL, 0);
		return 0;
	}
}

static void answer_read(int device, __u64 unique)
{
	char content, data[SIZE];

	if (read(direct.answers[0], &content, 1) != 1)
		_exit(0);
	memset(data, content, SIZE);
	reply(device, unique, 0, data, SIZE);
}

/* A file that the server had open, or mapped, would stay in use */
static void keep_nothing_but(int device)
{
	for (int i = STDERR_FILENO + 1; i < 1024; i++)
		if (i != device && i != direct.asked[1] &&
		    i != direct.answers[0])
			close(i);
	if (window)
		munmap(window, SIZE + PAGE);
}

static void __attribute__((noreturn)) run_server(int device)
{
	static char request[REQUEST_SIZE] __attribute__((aligned(8)));
	struct pollfd ready[] = {{device, POLLIN, 0},
				 {direct.answers[0], POLLIN, 0}};
	__u64 waiting = 0, unique;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	keep_nothing_but(device);
	while (poll(ready, 2, -1) > 0) {
		if (ready[1].revents)
			answer_read(device, waiting);
		if (!ready[0].revents)
			continue;
		if (read(device, request, sizeof(request)) <= 0)
			break;
		unique = serve(device, (const void *)request);
		if (unique)
			waiting = unique;
		if (unique && write(direct.asked[1], "", 1) != 1)
			break;
	}
	_exit(0);
}

static int open_file(void)
{
	int device = open("/dev/fuse", O_RDWR);
	char options[80];
	pid_t server;
	int ret;

	if (device < 0 || pipe(direct.asked) || pipe(direct.answers) ||
	    mkdir("fuse", 0700))
		return -errno;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
	ret = mount("none", "fuse", "fuse", 0, options) ? -errno : 0;
	server = ret ? -1 : fork();
	if (!server)
		run_server(device);
	close(device);
	if (!ret) {
		direct.file = open("fuse/file", O_RDONLY | O_DIRECT);
		ret = direct.file < 0 ? -errno : 0;
	}
	/* it stays as long as the file is open */
	umount2("fuse", MNT_DETACH);
	rmdir("fuse");
	return ret;
}

static void *make_read(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	direct.done = pread(direct.file, direct.target, SIZE, 0);
	direct.error = direct.done < 0 ? errno : EIO;
	return arg;
}

static int pin(char *target)
{
	struct pollfd asked = {.events = POLLIN};
	int ret = direct.file > 0 ? 0 : open_file();
	char byte;

	if (ret)
		return ret;
	direct.target = target;
	if (pthread_create(&direct.reader, NULL, make_read, NULL))
		return -EAGAIN;
	asked.fd = direct.asked[0];
	while (poll(&asked, 1, 10) != 1)
		if (!pthread_tryjoin_np(direct.reader, NULL))
			return -direct.error;
	return read(direct.asked[0], &byte, 1) == 1 ? 0 : -EIO;
}

/* The read returns with it, and the pin ends */
static int device_write(int content)
{
	char byte = (char)content;

	if (write(direct.answers[1], &byte, 1) != 1)
		return -errno;
	pthread_join(direct.reader, NULL);
	return direct.done == (ssize_t)SIZE ? 0 : -direct.error;
}

static int __attribute__((unused)) device_read(void)
{
	return -EOPNOTSUPP;
}

static int unpin(void)
{
	return 0;
}
