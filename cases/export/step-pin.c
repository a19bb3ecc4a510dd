/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/mman.h>
#include "look.c"
#include "pin.c"

/* The control: the same on anonymous memory, which every kernel has to pin */
static void check_pin(void)
{
	char *memory = mmap(NULL, SIZE + PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ret = memory == MAP_FAILED ? -errno : 0;

	if (!ret) {
		memset(memory, OLD, SIZE);
		ret = pin(memory);
	}
	if (!ret)
		ret = device_write(NEW);
	if (!ret)
		ret = unpin();
	if (ret || content_of(memory) != NEW)
		answer(NO_ANSWER, "anonymous memory cannot be pinned: %s",
		       ret ? strerror(-ret) : "nothing was written");
	munmap(memory, SIZE + PAGE);
}

static int step_pin(void)
{
	static const int refusals[] = {REFUSALS};
	int ret;

	check_pin();
	ret = pin(window);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (ret == -refusals[i])
			answer(REFUSED, "pin: %s", strerror(-ret));
	return ret;
}
