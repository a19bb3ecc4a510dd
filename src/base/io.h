/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <errno.h>
#include <unistd.h>

/** fd_write_all() - write(2) until all is written; 0 or -errno */
static inline int fd_write_all(int fd, const void *data, size_t len)
{
	const char *rest = data;

	while (len) {
		ssize_t done = write(fd, rest, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		rest += done;
		len -= (size_t)done;
	}
	return 0;
}

#endif
