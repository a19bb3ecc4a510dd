/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <sys/sysmacros.h>

#include "vm/host-program.h"
#include "vm/initramfs.h"
#include "vm/test-image.h"

/* Finds @path in the finished archive: its mode, and its content in @ret. */
static mode_t look_up(int fd, const char *path, char *ret, size_t size,
		      dev_t *ret_device)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	mode_t mode = 0;
	unsigned int times = 0;

	lseek(fd, 0, SEEK_SET);
	archive_read_support_format_cpio(archive);
	ck_assert_int_eq(archive_read_open_fd(archive, fd, 512), 0);
	while (!archive_read_next_header(archive, &entry)) {
		ssize_t len;

		if (strcmp(archive_entry_pathname(entry), path) != 0)
			continue;
		times++;
		mode = archive_entry_mode(entry);
		if (ret_device)
			*ret_device = archive_entry_rdev(entry);
		if (!ret)
			continue;
		if (archive_entry_symlink(entry)) {
			snprintf(ret, size, "%s", archive_entry_symlink(entry));
			continue;
		}
		len = archive_read_data(archive, ret, size - 1);
		ck_assert_int_ge(len, 0);
		ret[len] = '\0';
	}
	ck_assert_uint_le(times, 1);
	archive_read_free(archive);
	return mode;
}

static struct initramfs *create(void)
{
	struct initramfs *initramfs = NULL;
	struct error error = {""};

	ck_assert_msg(!initramfs_create(&initramfs, &error), "%s", error.text);
	return initramfs;
}

/*
 * Whether the archive has the library mapped from @path: it goes by the name
 * that the loader uses, of which the file's own may be a longer one.
 */
static bool has_library(int fd, const char *path)
{
	struct archive *archive = archive_read_new();
	const char *base = strrchr(path, '/') + 1;
	struct archive_entry *entry;
	bool found = false;

	lseek(fd, 0, SEEK_SET);
	archive_read_support_format_cpio(archive);
	ck_assert_int_eq(archive_read_open_fd(archive, fd, 512), 0);
	while (!archive_read_next_header(archive, &entry)) {
		const char *name = strrchr(archive_entry_pathname(entry), '/');

		if (name && strstr(name, ".so") &&
		    !strncmp(base, name + 1, strlen(name + 1)))
			found = true;
	}
	archive_read_free(archive);
	return found;
}

START_TEST(content_is_what_was_added)
{
	struct initramfs *initramfs = create();
	char text[64];
	dev_t device = 0;
	int fd;

	ck_assert_int_eq(initramfs_add(initramfs, "/init", 0755, "#!x", 3), 0);
	ck_assert_int_eq(initramfs_add(initramfs, "/a/b/c", 0600, "c", 1), 0);
	ck_assert_int_eq(initramfs_add(initramfs, "/a/empty", 0644, NULL, 0),
			 0);
	ck_assert_int_eq(initramfs_add_folder(initramfs, "/proc"), 0);
	ck_assert_int_eq(
		initramfs_add_link(initramfs, "/etc/mtab", "/proc/mounts"), 0);
	ck_assert_int_eq(
		initramfs_add_device(initramfs, "/dev/console", makedev(5, 1)),
		0);
	fd = initramfs_finish(initramfs);
	ck_assert_int_ge(fd, 0);

	ck_assert_uint_eq(look_up(fd, "init", text, sizeof(text), NULL),
			  S_IFREG | 0755);
	ck_assert_str_eq(text, "#!x");
	ck_assert_uint_eq(look_up(fd, "a/b/c", text, sizeof(text), NULL),
			  S_IFREG | 0600);
	ck_assert_str_eq(text, "c");
	ck_assert_uint_eq(look_up(fd, "a/empty", NULL, 0, NULL),
			  S_IFREG | 0644);
	/* folders above, once each */
	ck_assert_uint_eq(look_up(fd, "a", NULL, 0, NULL), S_IFDIR | 0755);
	ck_assert_uint_eq(look_up(fd, "a/b", NULL, 0, NULL), S_IFDIR | 0755);
	ck_assert_uint_eq(look_up(fd, "proc", NULL, 0, NULL), S_IFDIR | 0755);
	ck_assert_uint_eq(look_up(fd, "etc/mtab", text, sizeof(text), NULL) &
				  S_IFMT,
			  S_IFLNK);
	ck_assert_str_eq(text, "/proc/mounts");
	ck_assert_uint_eq(look_up(fd, "dev/console", NULL, 0, &device) & S_IFMT,
			  S_IFCHR);
	ck_assert_uint_eq(device, makedev(5, 1));
	ck_assert_uint_eq(look_up(fd, "nothing", NULL, 0, NULL), 0);
	close(fd);
}
END_TEST

START_TEST(first_of_two_stays)
{
	struct initramfs *initramfs = create();
	char text[64];
	int fd;

	ck_assert(!initramfs_has(initramfs, "/x"));
	ck_assert_int_eq(initramfs_add(initramfs, "/x", 0644, "one", 3), 0);
	ck_assert(initramfs_has(initramfs, "/x"));
	ck_assert_int_eq(initramfs_add(initramfs, "/x", 0644, "two", 3), 0);
	ck_assert_int_eq(initramfs_add(initramfs, "y", 0644, "", 0), -EINVAL);
	fd = initramfs_finish(initramfs);
	look_up(fd, "x", text, sizeof(text), NULL);
	ck_assert_str_eq(text, "one");
	close(fd);
}
END_TEST

START_TEST(archive_has_no_name)
{
	struct initramfs *initramfs = create();
	int fd = initramfs_finish(initramfs);
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_nlink, 0);
	close(fd);
}
END_TEST

START_TEST(program_comes_with_loader_and_libraries)
{
	struct initramfs *initramfs = create();
	struct error error = {""};
	char path[PATH_MAX] = "", line[PATH_MAX + 256];
	unsigned int count = 0;
	FILE *file;
	int fd;

	/* this very program: what is mapped here is what it needs */
	ck_assert_int_gt(readlink("/proc/self/exe", path, sizeof(path) - 1), 0);
	setenv("PATH", dirname(path), 1);
	ck_assert_msg(!host_program_add(program_invocation_short_name,
					initramfs, &error),
		      "%s", error.text);
	fd = initramfs_finish(initramfs);
	file = fopen("/proc/self/maps", "re");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file)) {
		char *library = strchr(line, '/');

		if (!library || !strstr(library, ".so"))
			continue;
		library[strcspn(library, "\n")] = '\0';
		ck_assert_msg(has_library(fd, library), "%s", library);
		count++;
	}
	ck_assert_uint_gt(count, 0);
	fclose(file);
	close(fd);
}
END_TEST

START_TEST(program_that_the_host_lacks)
{
	struct initramfs *initramfs = create();
	struct error error = {""};

	ck_assert_int_eq(host_program_add("no-such-program", initramfs, &error),
			 -ENOENT);
	initramfs_free(initramfs);
}
END_TEST

UNIT_MAIN("initramfs", content_is_what_was_added, first_of_two_stays,
	  archive_has_no_name, program_comes_with_loader_and_libraries,
	  program_that_the_host_lacks)
