/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With IORING_SETUP_NO_MMAP the rings of an io_uring lie in memory of the user,
 * which is pinned until the ring is gone. Each completion is then a write of
 * the kernel into that memory, which no fault announces and nothing marks
 * dirty.
 *
 * The range is the part of the ring where completions are stored. What comes
 * before it, the heads and tails, lies in a page of anonymous memory, so that
 * the kernel changes nothing in the file before the device write. For that the
 * range is moved behind such a page while the ring is made, and back.
 *
 * A completion has 16 bytes: 8 of user_data and 4 of a result that we choose (a
 * message of another ring carries them), and 4 of flags, which are zero.
 */
#include <errno.h>
#include <liburing.h>
#include <linux/magic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <gupcheck/uring.h>
#include <gupcheck/worker.h>

/* Of <linux/io_uring.h>, which is older here and there */
#define SETUP_NO_MMAP (1U << 14)
#define COMPLETION_SIZE 16
#define COMPLETIONS_MAX 65536
/* heads, tails and the array of the submission queue, generously */
#define EXTRA_SIZE 4096

#define BATCH 128
#define POST_LIMIT_MS 10000

/*
 * struct io_uring_no_mmap - the mechanism's memory
 * @source: the ring that sends messages
 * @ring: the ring in the pinned memory; -1 for none
 * @reserve: memory around the place to which the range is moved; the place
 *	itself, @moved bytes at @place, is given back with the range
 * @unit: pages of the range, in bytes
 * @header: where the pinned ring begins, one page before @place
 * @sqes: memory for its submission queue
 */
struct io_uring_no_mmap {
	struct io_uring source;
	bool ready;
	struct io_uring_params params;
	struct uring_end end;
	int ring;
	char *reserve;
	size_t reserve_size;
	char *place;
	size_t moved;
	size_t unit;
	char *header;
	void *sqes;
	uint32_t expected_tail;
};

/* user_addr is the last member of both; older headers call it reserved */
static void set_address(void *offsets, size_t size, const void *memory)
{
	uint64_t address = (uint64_t)(uintptr_t)memory;

	memcpy((char *)offsets + size - sizeof(address), &address,
	       sizeof(address));
}

static int setup(unsigned int completions, const void *rings, const void *sqes,
		 struct io_uring_params *ret)
{
	long fd;

	memset(ret, 0, sizeof(*ret));
	ret->flags = SETUP_NO_MMAP | IORING_SETUP_CQSIZE;
	ret->cq_entries = completions;
	set_address(&ret->cq_off, sizeof(ret->cq_off), rings);
	set_address(&ret->sq_off, sizeof(ret->sq_off), sqes);
	fd = syscall(SYS_io_uring_setup, 1, ret);
	return fd < 0 ? -errno : (int)fd;
}

static int open_source(struct device *dev)
{
	struct io_uring_no_mmap *state = device_state(dev);
	struct io_uring_params params;
	int ret;

	state->ring = -1;
	state->end.pipe = -1;
	/* no address is EFAULT, an unknown flag EINVAL */
	ret = setup(1, NULL, NULL, &params);
	if (ret == -EINVAL)
		worker_skip("this kernel has no IORING_SETUP_NO_MMAP (Linux "
			    "6.5)");
	if (ret != -EFAULT)
		worker_broken("a ring at no address is answered with %d", ret);
	must_zero(io_uring_queue_init(BATCH, &state->source, 0));
	state->ready = true;
	return 0;
}

/* What the mapping can be moved in */
static size_t unit_of(const struct range *range)
{
	struct statfs fs;

	if (range->fd < 0)
		return pattern_page_size();
	must(fstatfs(range->fd, &fs));
	return (unsigned long)fs.f_type == HUGETLBFS_MAGIC
		       ? (size_t)fs.f_bsize
		       : pattern_page_size();
}

static size_t round_up(size_t value, size_t unit)
{
	return (value + unit - 1) / unit * unit;
}

static unsigned int completions_for(size_t len)
{
	unsigned int count = 1;

	while (count * COMPLETION_SIZE < pattern_page_size() + len)
		count *= 2;
	if (count > COMPLETIONS_MAX)
		worker_skip("no ring is large enough for pages of %zu bytes",
			    pattern_page_size());
	return count;
}

static void reserve(struct io_uring_no_mmap *state, const struct range *range,
		    unsigned int completions)
{
	size_t unit = state->unit = unit_of(range);
	size_t ring = round_up(completions * COMPLETION_SIZE + EXTRA_SIZE,
			       pattern_page_size());
	uintptr_t place;

	state->moved = round_up(range->len, unit);
	state->reserve_size = 2 * unit + state->moved + ring;
	state->reserve = must_alloc(state->reserve_size);
	place = round_up((uintptr_t)state->reserve + pattern_page_size(), unit);
	state->place = (char *)place;
	state->header = state->place - pattern_page_size();
	state->sqes = must_alloc(pattern_page_size());
}

/* All but the place, which may be anybody's by now */
static void release(struct io_uring_no_mmap *state)
{
	char *behind = state->place + state->moved;

	if (!state->reserve)
		return;
	munmap(state->reserve, (size_t)(state->place - state->reserve));
	munmap(behind, (size_t)(state->reserve + state->reserve_size - behind));
	munmap(state->sqes, pattern_page_size());
	state->reserve = NULL;
}

static bool try_move(char *from, char *to, size_t len)
{
	return mremap(from, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to) !=
	       MAP_FAILED;
}

/* Before Linux 6.17 mappings of different kinds do not move at one time */
static void move(char *from, char *to, size_t len, size_t unit)
{
	if (try_move(from, to, len))
		return;
	for (size_t at = 0; at < len; at += unit)
		must(try_move(from + at, to + at, unit) ? 0 : -1);
}

static int pin(struct device *dev, const struct range *range)
{
	struct io_uring_no_mmap *state = device_state(dev);
	unsigned int completions = completions_for(range->len);
	int ret;

	reserve(state, range, completions);
	uring_end_prepare(&state->end);
	move(range->addr, state->place, state->moved, state->unit);
	ret = setup(completions, state->header, state->sqes, &state->params);
	move(state->place, range->addr, state->moved, state->unit);
	if (ret < 0) {
		release(state);
		/* several pages had to be one huge page in 6.5 to 6.9 */
		if (ret == -EINVAL && range->fd < 0)
			worker_skip("this kernel takes rings of one page or "
				    "one huge page only (Linux 6.10)");
		return ret;
	}
	state->ring = ret;
	state->expected_tail = 0;
	uring_end_watch(&state->end, state->ring);
	return 0;
}

static uint32_t *counter(struct io_uring_no_mmap *state, uint32_t offset)
{
	return (uint32_t *)(void *)(state->header + offset);
}

static bool has_posted(void *arg)
{
	struct io_uring_no_mmap *state = arg;
	uint32_t tail = __atomic_load_n(
		counter(state, state->params.cq_off.tail), __ATOMIC_ACQUIRE);

	return tail == state->expected_tail ||
	       io_uring_cq_ready(&state->source);
}

static void prepare_message(struct io_uring_no_mmap *state,
			    const char *completion)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&state->source);
	uint64_t user_data = 0;
	uint32_t result = 0;

	if (completion) {
		memcpy(&user_data, completion, sizeof(user_data));
		memcpy(&result, completion + sizeof(user_data), sizeof(result));
	}
	io_uring_prep_msg_ring(sqe, state->ring, result, user_data, 0);
	/* then it is heard of only when it fails */
	sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
}

/* @completions: @count of them to be stored next, or NULL for any */
static int post(struct io_uring_no_mmap *state, const char *completions,
		unsigned int count)
{
	struct io_uring_cqe *failed;
	int ret;

	for (unsigned int i = 0; i < count; i++)
		prepare_message(state,
				completions ? completions + i * COMPLETION_SIZE
					    : NULL);
	must_zero(io_uring_submit(&state->source) == (int)count ? 0 : -EIO);
	state->expected_tail += count;
	ret = worker_await(has_posted, state, "completions", POST_LIMIT_MS);
	if (!ret && !io_uring_peek_cqe(&state->source, &failed)) {
		ret = failed->res < 0 ? failed->res : -EIO;
		io_uring_cqe_seen(&state->source, failed);
	}
	/* seen, all of them */
	__atomic_store_n(counter(state, state->params.cq_off.head),
			 state->expected_tail, __ATOMIC_RELEASE);
	return ret;
}

static int post_all(struct io_uring_no_mmap *state, const char *completions,
		    size_t count)
{
	int ret = 0;

	for (size_t at = 0; !ret && at < count; at += BATCH) {
		size_t batch = count - at < BATCH ? count - at : BATCH;

		ret = post(state,
			   completions ? completions + at * COMPLETION_SIZE
				       : NULL,
			   (unsigned int)batch);
	}
	return ret;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct io_uring_no_mmap *state = device_state(dev);
	size_t before = pattern_page_size() - state->params.cq_off.cqes;
	uint32_t mask = state->params.cq_entries - 1;
	uint32_t first = (uint32_t)(before / COMPLETION_SIZE);
	int ret;

	if (before % COMPLETION_SIZE)
		worker_broken("completions begin at byte %u of the ring",
			      state->params.cq_off.cqes);
	ret = post_all(state, NULL, (first - state->expected_tail) & mask);
	if (ret)
		return ret;
	return post_all(state, data, range->len / COMPLETION_SIZE);
}

static int unpin(struct device *dev)
{
	struct io_uring_no_mmap *state = device_state(dev);
	int ret;

	if (state->ring < 0)
		return 0;
	close(state->ring);
	state->ring = -1;
	ret = uring_end_await(&state->end);
	release(state);
	return ret;
}

static void close_source(struct device *dev)
{
	struct io_uring_no_mmap *state = device_state(dev);

	if (!state->ready)
		return;
	unpin(dev);
	uring_end_forget(&state->end);
	io_uring_queue_exit(&state->source);
	state->ready = false;
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.13",
		.function =
			"io_create_region(), io_pin_pages(), io_uring/memmap.c",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{
		.kernels = "6.5..6.12",
		.function =
			"__io_uaddr_map(), io_pin_pages(), io_uring/memmap.c (io_uring.c, rsrc.c up to 6.9)",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EFAULT,
		.kernels = ">=6.5",
		.cause = "user_addr of cq_off or of sq_off is not set",
		.mend = "set both; the rings share the memory of cq_off",
	},
	{
		.error = EINVAL,
		.kernels = "<6.5",
		.cause = "the kernel does not know IORING_SETUP_NO_MMAP",
		.mend = "let the kernel allocate the rings, and map them",
	},
	{
		.error = EINVAL,
		.kernels = ">=6.5",
		.cause =
			"an address is not that of a page, or (up to 6.9) a ring of several pages is not one huge page",
		.mend = "align it, and take a huge page where those kernels matter",
	},
	{0},
};

const struct mechanism mechanism_io_uring_no_mmap = {
	.name = "io_uring_no_mmap",
	.summary = "io_uring whose rings lie in the mapping (NO_MMAP)",
	.why = "a program that lays out its memory itself, maybe in a file that several processes map, may put the rings there; the kernel then writes each completion into pages of that file",
	.require =
		"syscall:io_uring_setup@CONFIG_IO_URING & sysctl:kernel.io_uring_disabled=0",
	.traits =
		MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD | MECH_FAST_PATH,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = {.length = 12, .stride = COMPLETION_SIZE, .clears = true},
	.state_size = sizeof(struct io_uring_no_mmap),
	.open = open_source,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_source,
};
