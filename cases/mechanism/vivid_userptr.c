/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A video capture device that fills memory of the program's own (V4L2, USERPTR
 * buffers); here vivid, the kernel's virtual one.
 *
 * VIDIOC_QBUF pins the buffer, and the pin stays when the program gets the
 * frame and queues the same buffer again, until other memory or none takes its
 * place. Before Linux 6.5 a shared mapping of a file was accepted, since then
 * it is refused with EFAULT.
 *
 * What a camera writes cannot be chosen. This one shows a black picture of one
 * byte a pixel without any text, as many pixels as the memory has bytes, and
 * its brightness is set so that each is LEVEL.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <gupcheck/worker.h>

#define LEVEL 0x5a
#define NODES 64
#define BUFFERS 2 /* it does not start with one */
#define FRAME_LIMIT_MS 20000
#define TRIALS 4

enum { PICTURE, TEXT, BRIGHTNESS, SETTINGS };

/* struct vivid - the mechanism's memory; descriptors are -1 while closed */
struct vivid {
	bool opened;
	int video;
	int input;
	struct {
		__u32 id;
		__s32 before;
	} setting[SETTINGS];
	void *spare;
	size_t len;
};

static int find_video(void)
{
	struct v4l2_capability is;
	char path[32];

	for (int i = 0; i < NODES; i++) {
		int fd;

		snprintf(path, sizeof(path), "/dev/video%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		memset(&is, 0, sizeof(is));
		if (!ioctl(fd, VIDIOC_QUERYCAP, &is) &&
		    !strcmp((char *)is.driver, "vivid") &&
		    is.device_caps & V4L2_CAP_VIDEO_CAPTURE)
			return fd;
		close(fd);
	}
	worker_broken(
		"vivid is loaded and none of /dev/video* captures from it");
}

/* Private controls have names, but no numbers in the kernel's headers. */
static __u32 find_control(const struct vivid *vivid, const char *name)
{
	struct v4l2_queryctrl control = {.id = V4L2_CTRL_FLAG_NEXT_CTRL};

	while (!ioctl(vivid->video, VIDIOC_QUERYCTRL, &control)) {
		if (!strcmp((char *)control.name, name))
			return control.id;
		control.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
	}
	worker_broken("vivid has no control `%s`", name);
}

static __s32 find_item(const struct vivid *vivid, __u32 id, const char *name)
{
	struct v4l2_querymenu item = {.id = id};

	while (!ioctl(vivid->video, VIDIOC_QUERYMENU, &item)) {
		if (!strcmp((char *)item.name, name))
			return (__s32)item.index;
		item.index++;
	}
	worker_broken("vivid has no `%s` to choose", name);
}

static void set(const struct vivid *vivid, int setting, __s32 value)
{
	struct v4l2_control control = {.id = vivid->setting[setting].id,
				       .value = value};

	must(ioctl(vivid->video, VIDIOC_S_CTRL, &control));
}

static void keep(struct vivid *vivid, int setting, __u32 id)
{
	struct v4l2_control control = {.id = id};

	must(ioctl(vivid->video, VIDIOC_G_CTRL, &control));
	vivid->setting[setting].before = control.value;
	vivid->setting[setting].id = id;
}

/* Scales to any size, and has neither a tuner's noise nor a line of signals. */
static void choose_input(struct vivid *vivid)
{
	struct v4l2_input input = {0};

	must(ioctl(vivid->video, VIDIOC_G_INPUT, &vivid->input));
	while (!ioctl(vivid->video, VIDIOC_ENUMINPUT, &input)) {
		if (!strncmp((char *)input.name, "HDMI", 4)) {
			must(ioctl(vivid->video, VIDIOC_S_INPUT, &input.index));
			return;
		}
		input.index++;
	}
	worker_skip("this vivid was loaded without an HDMI input");
}

static void choose_picture(struct vivid *vivid)
{
	keep(vivid, PICTURE, find_control(vivid, "Test Pattern"));
	keep(vivid, TEXT, find_control(vivid, "OSD Text Mode"));
	keep(vivid, BRIGHTNESS, V4L2_CID_BRIGHTNESS);
	set(vivid, PICTURE,
	    find_item(vivid, vivid->setting[PICTURE].id, "100% Black"));
	set(vivid, TEXT, find_item(vivid, vivid->setting[TEXT].id, "None"));
}

/* A picture of @len bytes, as near to a square as powers of two can be */
static void choose_size(const struct vivid *vivid, size_t len)
{
	struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
	struct v4l2_selection all = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				     .target = V4L2_SEL_TGT_COMPOSE};
	struct v4l2_pix_format *pixels = &format.fmt.pix;

	pixels->width = 16;
	while ((size_t)pixels->width * pixels->width < len)
		pixels->width *= 2;
	pixels->height = (__u32)(len / pixels->width);
	pixels->pixelformat = V4L2_PIX_FMT_GREY;
	pixels->field = V4L2_FIELD_NONE;
	all.r.width = pixels->width;
	all.r.height = pixels->height;
	if (ioctl(vivid->video, VIDIOC_S_FMT, &format) && errno == EBUSY)
		worker_skip("vivid is in use by another program");
	must(ioctl(vivid->video, VIDIOC_S_SELECTION, &all));
	if (pixels->sizeimage != len ||
	    (size_t)all.r.width * all.r.height != len)
		worker_broken(
			"vivid fills %ux%u of a picture of %u bytes, not %zu",
			all.r.width, all.r.height, pixels->sizeimage, len);
}

static void request(const struct vivid *vivid, __u32 count)
{
	struct v4l2_requestbuffers request = {
		.count = count,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_USERPTR};

	if (ioctl(vivid->video, VIDIOC_REQBUFS, &request) && errno == EBUSY)
		worker_skip("vivid is in use by another program");
	if (request.count != count)
		worker_broken("vivid gives %u buffers, not %u", request.count,
			      count);
}

/* This pins what is not pinned yet. */
static int queue(const struct vivid *vivid, __u32 index, void *addr)
{
	struct v4l2_buffer buffer = {.index = index,
				     .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				     .memory = V4L2_MEMORY_USERPTR,
				     .m.userptr = (unsigned long)addr,
				     .length = (__u32)vivid->len};

	return ioctl(vivid->video, VIDIOC_QBUF, &buffer) ? -errno : 0;
}

static int vivid_unpin(struct device *dev)
{
	struct vivid *vivid = device_state(dev);

	request(vivid, 0);
	if (vivid->spare)
		munmap(vivid->spare, vivid->len);
	vivid->spare = NULL;
	return 0;
}

static int vivid_pin(struct device *dev, const struct range *range)
{
	struct vivid *vivid = device_state(dev);
	int ret;

	choose_size(vivid, range->len);
	vivid->len = range->len;
	vivid->spare = must_alloc(range->len);
	request(vivid, BUFFERS);
	ret = queue(vivid, 0, range->addr);
	if (ret)
		vivid_unpin(dev);
	return ret;
}

/* One of the frames that come is in buffer 0. */
static int capture(const struct vivid *vivid)
{
	struct pollfd ready = {.fd = vivid->video, .events = POLLIN};
	struct v4l2_buffer buffer;

	do {
		memset(&buffer, 0, sizeof(buffer));
		buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
		buffer.memory = V4L2_MEMORY_USERPTR;
		if (must(poll(&ready, 1, FRAME_LIMIT_MS)) == 0)
			return -ETIMEDOUT;
		must(ioctl(vivid->video, VIDIOC_DQBUF, &buffer));
		if (buffer.flags & V4L2_BUF_FLAG_ERROR)
			worker_broken("vivid reports a frame that is damaged");
	} while (buffer.index);
	return buffer.bytesused == vivid->len ? 0 : -EIO;
}

/* Afterwards buffer 0 is queued again, and pinned all the time. */
static int write_frame(const struct vivid *vivid, void *addr)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	int ret;

	must_zero(queue(vivid, 1, vivid->spare));
	must(ioctl(vivid->video, VIDIOC_STREAMON, &type));
	ret = capture(vivid);
	must(ioctl(vivid->video, VIDIOC_STREAMOFF, &type));
	return ret ? ret : queue(vivid, 0, addr);
}

static int vivid_device_write(struct device *dev, const struct range *range,
			      const void *data)
{
	return write_frame(device_state(dev), range->addr);
}

/*
 * The brightness of a picture that is all black adds to each pixel; 128 adds
 * nothing. Each input has a range of its own for the control.
 */
static void choose_brightness(struct device *dev)
{
	struct vivid *vivid = device_state(dev);
	struct range range = {.len = 16 * (size_t)sysconf(_SC_PAGESIZE),
			      .fd = -1};
	unsigned char *pixels = range.addr = must_alloc(range.len);
	struct v4l2_queryctrl control = {.id = V4L2_CID_BRIGHTNESS};
	__s32 brightness;
	int i;

	must(ioctl(vivid->video, VIDIOC_QUERYCTRL, &control));
	brightness = control.minimum + 128 + LEVEL;
	for (i = 0; i < TRIALS && pixels[0] != LEVEL; i++) {
		set(vivid, BRIGHTNESS, brightness);
		must_zero(vivid_pin(dev, &range));
		must_zero(write_frame(vivid, pixels));
		must_zero(vivid_unpin(dev));
		brightness += LEVEL - pixels[0];
	}
	if (pixels[0] != LEVEL ||
	    memcmp(pixels, pixels + 1, range.len - 1) != 0)
		worker_broken(
			"vivid shows no even picture of level %d: the first pixel is %d",
			LEVEL, pixels[0]);
	munmap(pixels, range.len);
}

static int vivid_open(struct device *dev)
{
	struct vivid *vivid = device_state(dev);

	vivid->video = find_video();
	vivid->opened = true;
	/* nobody else has buffers, or this would end the cell */
	request(vivid, 0);
	choose_input(vivid);
	choose_picture(vivid);
	choose_brightness(dev);
	return 0;
}

static void vivid_close(struct device *dev)
{
	struct vivid *vivid = device_state(dev);

	if (!vivid->opened)
		return;
	for (int i = SETTINGS; i-- > 0;)
		if (vivid->setting[i].id)
			set(vivid, i, vivid->setting[i].before);
	ioctl(vivid->video, VIDIOC_S_INPUT, &vivid->input);
	close(vivid->video);
	if (vivid->spare)
		munmap(vivid->spare, vivid->len);
	vivid->opened = false;
}

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"the buffer is shorter than a frame, or the driver takes no USERPTR buffers",
		.mend = "make it as long as sizeimage of VIDIOC_G_FMT; VIDIOC_REQBUFS tells what the driver takes",
	},
	{
		.error = EBUSY,
		.kernels = "*",
		.cause = "another program has buffers of the device",
		.mend = "end that program",
	},
	{0},
};

static const struct gup_call calls[] = {
	{"6.12,7.3",
	 "get_vaddr_frames, drivers/media/common/videobuf2/frame_vector.c",
	 "FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE"},
	{"6.1",
	 "get_vaddr_frames, drivers/media/common/videobuf2/frame_vector.c",
	 "FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE | FOLL_FORCE"},
	{"5.10",
	 "get_vaddr_frames, drivers/media/common/videobuf2/frame_vector.c",
	 "FOLL_PIN | FOLL_WRITE | FOLL_FORCE, although it is held"},
	{0},
};

const struct mechanism mechanism_vivid_userptr = {
	.name = "vivid_userptr",
	.summary = "video frames captured into memory of the program (USERPTR)",
	.why = "Cameras and frame grabbers fill memory that the program hands "
	       "over, again and again, as long as it runs. A recorder that maps "
	       "its file and lets the camera write there is the obvious "
	       "shortcut; every frame after a writeback is lost, or changes a "
	       "copy of the file.",
	.require = "root & module:vivid@CONFIG_VIDEO_VIVID",
	.traits =
		MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD | MECH_FAST_PATH,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = {.level = LEVEL},
	.state_size = sizeof(struct vivid),
	.open = vivid_open,
	.pin = vivid_pin,
	.device_write = vivid_device_write,
	.unpin = vivid_unpin,
	.close = vivid_close,
};
