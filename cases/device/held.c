/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for an answer of FUSE cannot be killed before the connection ends,
 * which is when its last descriptor is closed. And who reads asynchronously
 * cannot even end: the kernel lets an exiting process wait for what it has
 * asked for. So nobody holds the descriptor but the server, a process that
 * never waits for an answer, has no memory in common with the reader, and dies
 * with it.
 */
#define FUSE_USE_VERSION 35
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <inttypes.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gupcheck/held.h>

#define DEVICE_INO 2
#define DEVICE_NAME "device"
/* larger than any range */
#define DEVICE_SIZE (1 << 30)
/* how often the server looks whether its master is about to end */
#define LOOK_MS 200
/* of <linux/sched.h>: getting shut down */
#define PF_EXITING 0x4

/*
 * struct server - the process
 * @socket: to the master. A request is told by its size, answered by the same
 *	number and that many bytes, or by 0.
 * @master: its /proc/PID/stat
 * @folder: what the cell has lies in there; ends with a slash
 */
struct server {
	int socket;
	int master;
	char folder[PATH_MAX];
};

static void fill_stat(fuse_ino_t ino, struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_ino = ino;
	st->st_mode = ino == FUSE_ROOT_ID ? S_IFDIR | 0700 : S_IFREG | 0600;
	st->st_nlink = 1;
	st->st_size = ino == FUSE_ROOT_ID ? 0 : DEVICE_SIZE;
}

static void serve_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry = {.ino = DEVICE_INO};

	if (strcmp(name, DEVICE_NAME)) {
		fuse_reply_err(req, ENOENT);
		return;
	}
	fill_stat(DEVICE_INO, &entry.attr);
	fuse_reply_entry(req, &entry);
}

static void serve_getattr(fuse_req_t req, fuse_ino_t ino,
			  struct fuse_file_info *info)
{
	struct stat st;

	fill_stat(ino, &st);
	fuse_reply_attr(req, &st, 1.0);
}

static void serve_open(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *info)
{
	info->direct_io = 1;
	fuse_reply_open(req, info);
}

/* Its end may itself be waiting for our answer: then no signal tells us */
static bool master_ends(const struct server *server)
{
	char text[512];
	ssize_t len = pread(server->master, text, sizeof(text) - 1, 0);
	const char *rest;
	unsigned int flags;

	if (len <= 0)
		return true;
	text[len] = '\0';
	rest = strrchr(text, ')');
	return !rest ||
	       sscanf(rest, ") %*c %*d %*d %*d %*d %*d %u", &flags) != 1 ||
	       flags & PF_EXITING;
}

static void receive_all(const struct server *server, void *buf, size_t len)
{
	struct pollfd input = {.fd = server->socket, .events = POLLIN};
	char *at = buf;

	while (len) {
		ssize_t n;

		if (!poll(&input, 1, LOOK_MS)) {
			if (master_ends(server))
				_exit(0);
			continue;
		}
		n = read(server->socket, at, len);
		if (n <= 0)
			_exit(0);
		at += n;
		len -= (size_t)n;
	}
}

/* No answer yet: this is where the pin is held */
static void serve_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		       struct fuse_file_info *info)
{
	const struct server *server = fuse_req_userdata(req);
	uint64_t len = size;
	char *data;

	if (write(server->socket, &len, sizeof(len)) != sizeof(len))
		_exit(0);
	receive_all(server, &len, sizeof(len));
	data = len == size ? malloc(size) : NULL;
	if (!data) {
		fuse_reply_err(req, EIO);
		return;
	}
	receive_all(server, data, size);
	fuse_reply_buf(req, data, size);
	free(data);
}

static const struct fuse_lowlevel_ops operations = {
	.lookup = serve_lookup,
	.getattr = serve_getattr,
	.open = serve_open,
	.read = serve_read,
};

/* Nothing of the worker's may stay open here: others wait for its end */
static void keep_only(struct server *server, int *fuse)
{
	int fds[] = {server->socket, server->master, *fuse};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		fds[i] = (int)must(fcntl(fds[i], F_DUPFD, 1000));
	must(close_range(3, 999, 0));
	for (int i = 0; i < 3; i++)
		must(dup2(fds[i], 3 + i));
	must(close_range(1000, ~0U, 0));
	server->socket = 3;
	server->master = 4;
	*fuse = 5;
}

/*
 * A copy of the worker's memory has the pinned file mapped, too, and would keep
 * its filesystem busy. Everything of the cell lies below one folder.
 */
static void drop_mappings(const char *folder)
{
	FILE *maps = fopen("/proc/thread-self/maps", "re");
	uintptr_t start[16], end[16];
	char line[PATH_MAX + 128];
	size_t count = 0;

	if (!maps)
		_exit(1);
	while (fgets(line, sizeof(line), maps) && count < 16) {
		const char *path = strchr(line, '/');

		if (path && !strncmp(path, folder, strlen(folder)) &&
		    sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &start[count],
			   &end[count]) == 2)
			count++;
	}
	fclose(maps);
	while (count--)
		munmap((void *)start[count], end[count] - start[count]);
}

static _Noreturn void serve(struct server *server, int fuse)
{
	char name[] = "gupcheck", path[32];
	char *argv[] = {name, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct fuse_session *session;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "gupcheck-held");
	drop_mappings(server->folder);
	keep_only(server, &fuse);
	session = fuse_session_new(&args, &operations, sizeof(operations),
				   server);
	if (!session)
		_exit(1);
	/* libfuse takes over a descriptor that is mounted already */
	snprintf(path, sizeof(path), "/dev/fd/%d", fuse);
	if (fuse_session_mount(session, path))
		_exit(1);
	fuse_session_loop(session);
	_exit(0);
}

static void mount_fuse(const char *dir, int fuse)
{
	char options[128];

	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
	must(mkdir(dir, 0700) < 0 && errno != EEXIST ? -1 : 0);
	must(mount("gupcheck", dir, "fuse", MS_NOSUID | MS_NODEV, options));
}

static void start_server(struct held_file *held, int fuse, const char *workdir)
{
	struct server server;
	const char *name = strrchr(workdir, '/');
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	snprintf(server.folder, sizeof(server.folder), "%.*s/",
		 (int)(name - workdir), workdir);
	server.socket = ends[1];
	server.master =
		(int)must(open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC));
	held->server = (pid_t)must(fork());
	if (!held->server)
		serve(&server, fuse);
	held->socket = ends[0];
	close(ends[1]);
	close(server.master);
}

void held_file_open(struct held_file *held, struct device *dev)
{
	char path[PATH_MAX + sizeof(DEVICE_NAME) + 1];
	int fuse = (int)must(open("/dev/fuse", O_RDWR | O_CLOEXEC));

	held->fd = -1;
	held->socket = -1;
	snprintf(held->dir, sizeof(held->dir), "%s/held", device_workdir(dev));
	mount_fuse(held->dir, fuse);
	start_server(held, fuse, device_workdir(dev));
	close(fuse);
	snprintf(path, sizeof(path), "%s/" DEVICE_NAME, held->dir);
	held->fd = (int)must(open(path, O_RDONLY | O_DIRECT | O_CLOEXEC));
}

bool held_file_asked(struct held_file *held, size_t len)
{
	uint64_t request;

	if (held->asked || recv(held->socket, &request, sizeof(request),
				MSG_DONTWAIT) != sizeof(request))
		return held->asked;
	held->asked = true;
	held->request = (size_t)request;
	if (held->request != len)
		worker_broken("the kernel asks for %zu bytes of %zu at once",
			      held->request, len);
	return true;
}

void held_file_answer(struct held_file *held, const void *data)
{
	uint64_t len = data ? held->request : 0;
	const char *at = data;

	if (!held->asked)
		return;
	held->asked = false;
	must(send(held->socket, &len, sizeof(len), MSG_NOSIGNAL));
	while (len) {
		ssize_t n =
			must(send(held->socket, at, (size_t)len, MSG_NOSIGNAL));

		at += n;
		len -= (uint64_t)n;
	}
}

void held_file_close(struct held_file *held)
{
	if (!held->server)
		return;
	kill(held->server, SIGKILL);
	waitpid(held->server, NULL, 0);
	held->server = 0;
	held->asked = false;
	if (held->fd >= 0)
		close(held->fd);
	close(held->socket);
	umount2(held->dir, MNT_DETACH);
	rmdir(held->dir);
}
