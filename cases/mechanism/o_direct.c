/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An O_DIRECT read pins the memory that it reads into for as long as the device
 * takes. Here the device is a FUSE server in this very process, whose file is
 * opened with direct I/O: it answers the read when told to, and its answer is
 * the device write. The read then completes and the pin is gone.
 *
 * Who waits for an answer of FUSE cannot be killed before the connection ends,
 * which is when its descriptor is closed. So nobody holds that but the server's
 * thread, which never waits for an answer: when all of this process is killed
 * its table of files goes first, and the others follow.
 */
#define FUSE_USE_VERSION 35
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <linux/close_range.h>
#include <unistd.h>
#include <gupcheck/worker.h>

#define REQUEST_LIMIT_MS 10000
#define DEVICE_INO 2
#define DEVICE_NAME "device"
/* larger than any range */
#define DEVICE_SIZE (1 << 30)

struct o_direct {
	struct fuse_session *session;
	char dir[PATH_MAX];
	bool mounted;
	pthread_t server;
	bool serving;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool apart; /* the server has its own table of files */
	bool waiting; /* a read waits for its answer */
	size_t request_len;
	bool answered; /* with the data, or with EIO for NULL */
	const void *answer;

	int fd;
	struct range range;
	pthread_t reader;
	bool reading;
	ssize_t result;
	int error;
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

/* No answer yet: this is where the pin is held */
static void serve_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		       struct fuse_file_info *info)
{
	struct o_direct *state = fuse_req_userdata(req);

	pthread_mutex_lock(&state->lock);
	state->request_len = size;
	state->waiting = true;
	while (!state->answered)
		pthread_cond_wait(&state->changed, &state->lock);
	state->waiting = false;
	state->answered = false;
	if (state->answer)
		fuse_reply_buf(req, state->answer, size);
	else
		fuse_reply_err(req, EIO);
	pthread_mutex_unlock(&state->lock);
}

static const struct fuse_lowlevel_ops operations = {
	.lookup = serve_lookup,
	.getattr = serve_getattr,
	.open = serve_open,
	.read = serve_read,
};

static void *serve(void *arg)
{
	struct o_direct *state = arg;
	unsigned int fd = (unsigned int)fuse_session_fd(state->session);

	/* what it holds beside its own would keep others from being closed */
	must(close_range(fd + 1, ~0U, CLOSE_RANGE_UNSHARE));
	close_range(0, fd - 1, 0);
	pthread_mutex_lock(&state->lock);
	state->apart = true;
	pthread_cond_broadcast(&state->changed);
	pthread_mutex_unlock(&state->lock);
	fuse_session_loop(state->session);
	close((int)fd);
	return NULL;
}

/* The session still has the number of the descriptor: something stays there */
static void leave_to_server(struct o_direct *state)
{
	int null = (int)must(open("/dev/null", O_RDWR | O_CLOEXEC));

	pthread_mutex_lock(&state->lock);
	while (!state->apart)
		pthread_cond_wait(&state->changed, &state->lock);
	pthread_mutex_unlock(&state->lock);
	must(dup3(null, fuse_session_fd(state->session), O_CLOEXEC));
	close(null);
}

static void mount_session(struct o_direct *state)
{
	char options[128], path[32];
	int fd = (int)must(open("/dev/fuse", O_RDWR | O_CLOEXEC));

	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	must(mount("gupcheck", state->dir, "fuse", MS_NOSUID | MS_NODEV,
		   options));
	state->mounted = true;
	/* libfuse takes over a descriptor that is mounted already */
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	must_zero(fuse_session_mount(state->session, path));
}

static int open_server(struct device *dev)
{
	char name[] = "gupcheck", path[PATH_MAX + sizeof(DEVICE_NAME)];
	char *argv[] = {name, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct o_direct *state = device_state(dev);

	state->fd = -1;
	pthread_mutex_init(&state->lock, NULL);
	pthread_cond_init(&state->changed, NULL);
	snprintf(state->dir, sizeof(state->dir), "%s/fuse",
		 device_workdir(dev));
	must(mkdir(state->dir, 0700) < 0 && errno != EEXIST ? -1 : 0);
	state->session =
		fuse_session_new(&args, &operations, sizeof(operations), state);
	fuse_opt_free_args(&args);
	must_zero(state->session ? 0 : -ENOMEM);
	mount_session(state);
	must_thread(&state->server, serve, state);
	state->serving = true;
	leave_to_server(state);
	snprintf(path, sizeof(path), "%s/" DEVICE_NAME, state->dir);
	state->fd = (int)must(open(path, O_RDONLY | O_DIRECT | O_CLOEXEC));
	return 0;
}

static void *read_device(void *arg)
{
	struct o_direct *state = arg;

	state->result =
		pread(state->fd, state->range.addr, state->range.len, 0);
	state->error = state->result < 0 ? errno : 0;
	return NULL;
}

static bool has_request(void *arg)
{
	struct o_direct *state = arg;
	bool there;

	if (!pthread_tryjoin_np(state->reader, NULL)) {
		state->reading = false;
		return true;
	}
	pthread_mutex_lock(&state->lock);
	there = state->waiting;
	pthread_mutex_unlock(&state->lock);
	return there;
}

static int pin(struct device *dev, const struct range *range)
{
	struct o_direct *state = device_state(dev);
	int ret;

	state->range = *range;
	must_thread(&state->reader, read_device, state);
	state->reading = true;
	ret = worker_await(has_request, state, "the read request",
			   REQUEST_LIMIT_MS);
	if (ret)
		return ret;
	if (!state->reading)
		return state->error ? -state->error : -EIO;
	/* a read in pieces would leave the rest unpinned */
	if (state->request_len != range->len)
		worker_broken("the kernel asks for %zu bytes of %zu at once",
			      state->request_len, range->len);
	return 0;
}

static void await_reader(struct o_direct *state)
{
	if (state->reading)
		must_zero(-pthread_join(state->reader, NULL));
	state->reading = false;
}

/* @data: NULL: the read fails */
static void answer(struct o_direct *state, const void *data)
{
	pthread_mutex_lock(&state->lock);
	state->answer = data;
	state->answered = state->waiting;
	pthread_cond_broadcast(&state->changed);
	pthread_mutex_unlock(&state->lock);
	await_reader(state);
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct o_direct *state = device_state(dev);

	answer(state, data);
	if (state->error)
		return -state->error;
	return state->result == (ssize_t)range->len ? 0 : -EIO;
}

static int unpin(struct device *dev)
{
	struct o_direct *state = device_state(dev);

	answer(state, NULL);
	return 0;
}

static void close_server(struct device *dev)
{
	struct o_direct *state = device_state(dev);

	unpin(dev);
	if (state->fd >= 0)
		close(state->fd);
	if (state->session)
		fuse_session_exit(state->session);
	/* ends the server's read of the next request as well */
	if (state->mounted)
		umount2(state->dir, MNT_DETACH);
	if (state->serving)
		pthread_join(state->server, NULL);
	if (state->session)
		fuse_session_destroy(state->session);
	rmdir(state->dir);
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.5",
		.function =
			"fuse_get_user_pages(), fs/fuse/file.c; bio_iov_iter_get_pages(), block/bio.c for disks",
		.flags =
			"iov_iter_extract_pages: FOLL_WRITE | FOLL_PIN (FUSE: FOLL_GET up to 6.11)",
	},
	{
		.kernels = "5.10..6.4",
		.function =
			"fuse_get_user_pages(), fs/fuse/file.c; bio_iov_iter_get_pages(), block/bio.c for disks",
		.flags = "iov_iter_get_pages: FOLL_WRITE | FOLL_GET",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"address, offset or length is not aligned as the file needs it for O_DIRECT",
		.mend = "align them to the logical block size, see open(2), O_DIRECT",
	},
	{0},
};

const struct mechanism mechanism_o_direct = {
	.name = "o_direct",
	.summary = "O_DIRECT read into the mapping, held by a FUSE server",
	.why = "databases and copy tools read from one file straight into the mapping of another; a slow disk holds the pin for as long as it likes",
	.require =
		"root & module:fuse@CONFIG_FUSE_FS & device:/dev/fuse@CONFIG_FUSE_FS",
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct o_direct),
	.open = open_server,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_server,
};
