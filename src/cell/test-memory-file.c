/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/unit.h"
#include "cell/memory-file.h"

static const struct scenario scenario = {.name = "s"};

#define ALL (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

/* What a variant of @flags has sealed before the file is mapped, and after */
static void check(unsigned int flags, int before, int after)
{
	const struct variant variant = {.name = "v", .flags = flags};
	const struct cell_id id = {.scenario = &scenario, .variant = &variant};
	int fd = memory_file_create(false);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GET_SEALS) & (ALL | F_SEAL_SEAL), 0);
	ck_assert_int_eq(memory_file_seal(fd, &id, false), 0);
	ck_assert_int_eq(fcntl(fd, F_GET_SEALS) & ALL, before);
	ck_assert_int_eq(memory_file_seal(fd, &id, true), 0);
	ck_assert_int_eq(fcntl(fd, F_GET_SEALS) & ALL, after);
	close(fd);
}

START_TEST(seals_are_set_at_their_time)
{
	const int size = F_SEAL_SHRINK | F_SEAL_GROW;

	check(VARIANT_MEMFD, 0, 0);
	check(VARIANT_MEMFD | VARIANT_SEAL_SIZE, size, size);
	check(VARIANT_MEMFD | VARIANT_SEAL_WRITE, F_SEAL_WRITE, F_SEAL_WRITE);
	check(VARIANT_MEMFD | VARIANT_SEAL_FUTURE | VARIANT_MAPPED_FIRST, 0,
	      F_SEAL_FUTURE_WRITE);
}
END_TEST

/* A seal that could not be set is no seal */
START_TEST(failures_are_told)
{
	const struct variant variant = {
		.name = "v",
		.flags = VARIANT_MEMFD | VARIANT_SEAL_WRITE,
	};
	const struct cell_id id = {.scenario = &scenario, .variant = &variant};
	int fd = memory_file_create(false);
	void *map;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, getpagesize()), 0);
	map = mmap(NULL, (size_t)getpagesize(), PROT_READ | PROT_WRITE,
		   MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(map, MAP_FAILED);
	ck_assert_int_eq(memory_file_seal(fd, &id, false), -EBUSY);
	munmap(map, (size_t)getpagesize());
	ck_assert_int_eq(memory_file_seal(fd, &id, false), 0);
	close(fd);
}
END_TEST

UNIT_MAIN("memory-file", seals_are_set_at_their_time, failures_are_told)
