/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "report/doctor.h"

static void begin(struct checkup *ret)
{
	struct offline offline = OFFLINE_NONE;

	offline.config = strdup("CONFIG_EXT4_FS=y\nCONFIG_NET=y\n");
	checkup_kernel(ret, &offline);
	snprintf(ret->title, sizeof(ret->title), "a \033kernel\xff");
	ck_assert_ptr_nonnull(checkup_add(ret, CHECKUP_MECHANISM, "pins",
					  "socket:packet@CONFIG_PACKET", NULL));
	ck_assert_ptr_nonnull(checkup_add(ret, CHECKUP_FILESYSTEM, "fine",
					  "filesystem:ext4@CONFIG_EXT4_FS",
					  NULL));
	ck_assert_ptr_nonnull(checkup_add(
		ret, CHECKUP_FILESYSTEM, "missing",
		"never@liburing-at-build-time & device:/dev/x@CONFIG_X>=2",
		NULL));
	ck_assert_ptr_nonnull(checkup_add(ret, CHECKUP_HARNESS, "packets",
					  "socket:packet@CONFIG_PACKET",
					  "nothing is sent"));
}

static char *render(const struct checkup *checkup,
		    int (*doctor)(FILE *out, const struct checkup *checkup))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(doctor(out, checkup), 0);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static int plain_text(FILE *out, const struct checkup *checkup)
{
	struct report_options options = {0};

	return doctor_text(out, checkup, &options);
}

START_TEST(text_is_a_line_for_each)
{
	struct checkup checkup;
	char *text;

	begin(&checkup);
	text = render(&checkup, plain_text);
	ck_assert_str_eq(
		text,
		"a \\x1bkernel\\xff\n"
		"\n"
		"mechanisms\n"
		"  pins  will not run  no sockets of family packet (CONFIG_PACKET): build the kernel with CONFIG_PACKET\n"
		"\n"
		"filesystems\n"
		"  fine     will run\n"
		"  missing  will not run  not available (liburing-at-build-time); no device /dev/x (CONFIG_X>=2): apt install liburing-dev; build gupcheck again; build the kernel with CONFIG_X>=2\n"
		"\n"
		"Debian packages\n"
		"  apt install liburing-dev\n"
		"\n"
		"Kernel configuration, for scripts/kconfig/merge_config.sh (--fragment prints it alone)\n"
		"# pins; packets (gupcheck)\n"
		"CONFIG_PACKET=y\n"
		"# missing\n"
		"CONFIG_X=2\n"
		"\n"
		"Nothing runs without\n"
		"  packets (nothing is sent): no sockets of family packet (CONFIG_PACKET): build the kernel with CONFIG_PACKET\n");
	free(text);
	checkup_done(&checkup);
}
END_TEST

START_TEST(fragment_is_comments_and_symbols)
{
	struct checkup checkup;
	char *text;

	begin(&checkup);
	text = render(&checkup, doctor_fragment);
	ck_assert_str_eq(text, "# pins; packets (gupcheck)\n"
			       "CONFIG_PACKET=y\n"
			       "# missing\n"
			       "CONFIG_X=2\n");
	free(text);
	checkup_done(&checkup);
}
END_TEST

START_TEST(fragment_says_what_old_kernels_lack)
{
	struct checkup checkup;
	char *text;

	begin(&checkup);
	ck_assert_ptr_nonnull(checkup_add(&checkup, CHECKUP_MECHANISM, "young",
					  "socket:xdp@CONFIG_IOMMUFD", NULL));
	text = render(&checkup, doctor_fragment);
	ck_assert_ptr_nonnull(
		strstr(text, "# young, optional\nCONFIG_IOMMUFD=y\n"));
	free(text);
	checkup_done(&checkup);
}
END_TEST

START_TEST(json_is_one_object)
{
	struct checkup checkup;
	json_t *root, *items, *item;
	char *text;

	begin(&checkup);
	text = render(&checkup, doctor_json);
	root = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(root);
	items = json_object_get(root, "items");
	ck_assert_uint_eq(json_array_size(items), 4);
	item = json_array_get(items, 2);
	ck_assert_str_eq(json_string_value(json_object_get(item, "name")),
			 "missing");
	ck_assert_str_eq(json_string_value(json_object_get(item, "kind")),
			 "filesystem");
	ck_assert(json_is_false(json_object_get(item, "runs")));
	ck_assert_str_eq(json_string_value(json_array_get(
				 json_object_get(item, "packages"), 0)),
			 "liburing-dev");
	ck_assert_str_eq(json_string_value(json_array_get(
				 json_object_get(item, "config"), 0)),
			 "CONFIG_X>=2");
	json_decref(root);
	free(text);
	checkup_done(&checkup);
}
END_TEST

UNIT_MAIN("doctor", text_is_a_line_for_each, fragment_is_comments_and_symbols,
	  fragment_says_what_old_kernels_lack, json_is_one_object)
