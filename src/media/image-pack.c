/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>
#include "base/cleanup.h"
#include "base/io.h"
#include "media/image-pack.h"

#define PIECE 65536
/* Three is what the program takes: more is slow where a CPU is emulated */
#define LEVEL 3

/** struct packer - @from and @to: buffers of PIECE bytes */
struct packer {
	ZSTD_CCtx *context;
	int out;
	char *from;
	char *to;
};

static void free_packer(struct packer *packer)
{
	ZSTD_freeCCtx(packer->context);
	free(packer->from);
	free(packer->to);
}

/* Compresses @len bytes of @from; ends the frame where @mode says so */
static int feed(struct packer *packer, size_t len, ZSTD_EndDirective mode)
{
	ZSTD_inBuffer in = {packer->from, len, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {packer->to, PIECE, 0};
		int ret;

		left = ZSTD_compressStream2(packer->context, &out, &in, mode);
		if (ZSTD_isError(left))
			return -EIO;
		ret = fd_write_all(packer->out, packer->to, out.pos);
		if (ret < 0)
			return ret;
	} while (in.pos < in.size || (mode == ZSTD_e_end && left));
	return 0;
}

/* From @at to @end; a hole where @image is -1 */
static int feed_range(struct packer *packer, int image, off_t at, off_t end)
{
	int ret = 0;

	if (image < 0)
		memset(packer->from, 0, PIECE);
	while (!ret && at < end) {
		size_t piece = end - at < PIECE ? (size_t)(end - at) : PIECE;
		ssize_t n = (ssize_t)piece;

		if (image >= 0)
			n = pread(image, packer->from, piece, at);
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		ret = feed(packer, (size_t)n, ZSTD_e_continue);
		at += n;
	}
	return ret;
}

static int feed_image(struct packer *packer, int image, off_t size)
{
	int ret = 0;

	for (off_t at = 0; !ret && at < size;) {
		off_t data = lseek(image, at, SEEK_DATA), hole;

		if (data < 0 && errno != ENXIO)
			return -errno;
		if (data < 0 || data > size)
			data = size;
		hole = data < size ? lseek(image, data, SEEK_HOLE) : size;
		if (hole < 0)
			return -errno;
		if (hole > size)
			hole = size;
		ret = feed_range(packer, -1, at, data);
		if (!ret)
			ret = feed_range(packer, image, data, hole);
		at = hole;
	}
	return ret ? ret : feed(packer, 0, ZSTD_e_end);
}

bool image_pack_available(void)
{
	return true;
}

int image_pack(int image, int out)
{
	cleanup(free_packer) struct packer packer = {
		.context = ZSTD_createCCtx(),
		.out = out,
		.from = malloc(PIECE),
		.to = malloc(PIECE),
	};
	struct stat st;

	if (!packer.context || !packer.from || !packer.to)
		return -ENOMEM;
	if (fstat(image, &st) < 0)
		return -errno;
	ZSTD_CCtx_setParameter(packer.context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(packer.context, ZSTD_c_checksumFlag, 1);
	/* so that `zstd -l` tells how large it will be */
	ZSTD_CCtx_setPledgedSrcSize(packer.context,
				    (unsigned long long)st.st_size);
	return feed_image(&packer, image, st.st_size);
}
