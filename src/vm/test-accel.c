/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "vm/accel.h"
#include "vm/cache.h"
#include "vm/test-image.h"

START_TEST(decision_is_kept_per_key)
{
	test_folder();
	ck_assert_int_eq(accel_recall(1), ACCEL_AUTO);
	accel_remember(1, ACCEL_TCG, "the kernel printed nothing");
	accel_remember(2, ACCEL_KVM, "");
	ck_assert_int_eq(accel_recall(1), ACCEL_TCG);
	ck_assert_int_eq(accel_recall(2), ACCEL_KVM);
	ck_assert_int_eq(accel_recall(3), ACCEL_AUTO);
	accel_remember(1, ACCEL_KVM, "");
	ck_assert_int_eq(accel_recall(1), ACCEL_KVM);
}
END_TEST

START_TEST(damaged_decision_is_none)
{
	char path[PATH_MAX + 32];
	char folder[PATH_MAX];

	test_folder();
	ck_assert_int_eq(cache_folder("accel", folder, NULL), 0);
	snprintf(path, sizeof(path), "%s/%016x", folder, 7);
	test_write(path, "", 0);
	ck_assert_int_eq(accel_recall(7), ACCEL_AUTO);
	test_write(path, "kv", 2);
	ck_assert_int_eq(accel_recall(7), ACCEL_AUTO);
	test_write(path, "kvm\n", 4);
	ck_assert_int_eq(accel_recall(7), ACCEL_KVM);
}
END_TEST

START_TEST(no_cache_no_decision)
{
	setenv("XDG_CACHE_HOME", "/proc/nothing", 1);
	accel_remember(1, ACCEL_KVM, "");
	ck_assert_int_eq(accel_recall(1), ACCEL_AUTO);
}
END_TEST

START_TEST(key_follows_emulator_and_kernel)
{
	const char *folder = test_folder();
	struct error error = {""};
	char path[64];
	uint64_t keys[4];

	snprintf(path, sizeof(path), "%s/qemu", folder);
	test_write(path, "#!/bin/sh\necho 7.2\n", 19);
	ck_assert_int_eq(accel_key(path, 1, &keys[0], &error), 0);
	ck_assert_int_eq(accel_key(path, 1, &keys[1], &error), 0);
	ck_assert_int_eq(accel_key(path, 2, &keys[2], &error), 0);
	test_write(path, "#!/bin/sh\necho 9.0\n", 19);
	ck_assert_int_eq(accel_key(path, 1, &keys[3], &error), 0);
	ck_assert_uint_eq(keys[0], keys[1]);
	ck_assert_uint_ne(keys[0], keys[2]);
	ck_assert_uint_ne(keys[0], keys[3]);

	ck_assert_int_eq(accel_key("/nonexistent", 1, &keys[0], &error),
			 -ENOENT);
	ck_assert_msg(strstr(error.text, "/nonexistent") != NULL, "%s",
		      error.text);
}
END_TEST

START_TEST(words_round_trip)
{
	enum accel accel;

	for (enum accel i = ACCEL_AUTO; i <= ACCEL_TCG; i++) {
		ck_assert_int_eq(accel_from_string(accel_to_string(i), &accel),
				 0);
		ck_assert_int_eq(accel, i);
	}
	ck_assert_int_eq(accel_from_string("hvf", &accel), -EINVAL);
	ck_assert_int_eq(accel_from_string("", &accel), -EINVAL);
}
END_TEST

START_TEST(key_is_fnv_1a)
{
	ck_assert_uint_eq(cache_key(CACHE_KEY_BEGIN, "a", 1),
			  UINT64_C(0xaf63dc4c8601ec8c));
	ck_assert_uint_eq(cache_key(CACHE_KEY_BEGIN, "foobar", 6),
			  UINT64_C(0x85944171f73967e8));
}
END_TEST

UNIT_MAIN("accel", decision_is_kept_per_key, damaged_decision_is_none,
	  no_cache_no_decision, key_follows_emulator_and_kernel,
	  words_round_trip, key_is_fnv_1a)
