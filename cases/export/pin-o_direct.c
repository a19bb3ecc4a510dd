/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "file.c"

#define DEVICE_READS 0
#define REQUEST_SIZE (1 << 21)

/*
 * A direct read pins its destination until the data is there. The file that is
 * read belongs to a FUSE server, a thread of ours, which answers when it likes.
 */
static struct {
	int server, file;
	int asked[2]; /* pipe: numbers of the reads that wait for their data */
	__u64 unique;
	pthread_t reader;
	char *target;
	ssize_t done;
	int error;
} direct;

static int reply(__u64 unique, int error, const void *data, size_t size)
{
	struct fuse_out_header head = {
		.len = (__u32)(sizeof(head) + (error ? 0 : size)),
		.error = error,
		.unique = unique,
	};
	struct iovec parts[] = {{&head, sizeof(head)}, {(void *)data, size}};

	return writev(direct.server, parts, error || !size ? 1 : 2) ==
			       (ssize_t)head.len
		       ? 0
		       : -errno;
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

static void serve(const struct fuse_in_header *in)
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
		reply(in->unique, 0, &hello, sizeof(hello));
		break;
	case FUSE_LOOKUP:
		reply(in->unique, 0, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		reply(in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		reply(in->unique, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		if (write(direct.asked[1], &in->unique, sizeof(in->unique)) < 0)
			reply(in->unique, -EIO, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break; /* no answer is wanted */
	case FUSE_RELEASE:
		reply(in->unique, 0, NULL, 0);
		break;
	default:
		reply(in->unique, -ENOSYS, NULL, 0);
	}
}

static void *run_server(void *arg)
{
	static char request[REQUEST_SIZE] __attribute__((aligned(8)));

	while (read(direct.server, request, sizeof(request)) > 0 ||
	       errno == EINTR || errno == ENOENT)
		serve((const void *)request);
	return arg;
}

static int open_file(void)
{
	pthread_t server;
	char options[80];
	int ret;

	direct.server = open("/dev/fuse", O_RDWR);
	if (direct.server < 0 || pipe(direct.asked) || mkdir("fuse", 0700))
		return -errno;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0", direct.server);
	ret = mount("none", "fuse", "fuse", 0, options) ? -errno : 0;
	if (!ret && pthread_create(&server, NULL, run_server, NULL))
		ret = -EAGAIN;
	if (!ret)
		direct.file = open("fuse/file", O_RDONLY | O_DIRECT);
	if (!ret && direct.file < 0)
		ret = -errno;
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
	int ret = direct.server ? 0 : open_file();

	if (ret)
		return ret;
	direct.target = target;
	if (pthread_create(&direct.reader, NULL, make_read, NULL))
		return -EAGAIN;
	asked.fd = direct.asked[0];
	while (poll(&asked, 1, 10) != 1)
		if (!pthread_tryjoin_np(direct.reader, NULL))
			return -direct.error;
	return read(direct.asked[0], &direct.unique, sizeof(direct.unique)) ==
			       sizeof(direct.unique)
		       ? 0
		       : -EIO;
}

/* The read returns with it, and the pin ends */
static int device_write(int content)
{
	char data[SIZE];
	int ret;

	memset(data, content, SIZE);
	ret = reply(direct.unique, 0, data, SIZE);
	if (!ret)
		pthread_join(direct.reader, NULL);
	return ret ? ret : direct.done == (ssize_t)SIZE ? 0 : -direct.error;
}

static int __attribute__((unused)) device_read(void)
{
	return -EOPNOTSUPP;
}

static int unpin(void)
{
	return 0;
}
