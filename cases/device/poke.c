/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <gupcheck/pattern.h>
#include <gupcheck/poke.h>

int poke_try(struct device *dev, const struct range *range,
	     int (*write)(struct device *dev, void *to, const void *from,
			  size_t len))
{
	for (size_t at = 0; at < range->len; at += pattern_page_size()) {
		char *to = (char *)range->addr + at;
		long word;
		int ret;

		memcpy(&word, to, sizeof(word));
		ret = write(dev, to, &word, sizeof(word));
		if (ret)
			return ret;
	}
	return 0;
}
