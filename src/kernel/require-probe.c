/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "kernel/config.h"
#include "kernel/module.h"
#include "kernel/require-probe.h"
#include "kernel/root.h"

#define PATH_SIZE 4096

static bool met_root(const struct require_world *world,
		     const struct require_atom *atom)
{
	return world->uid == 0;
}

static bool executable_in(int root, const char *folder, size_t len,
			  const char *name)
{
	char path[PATH_SIZE];
	int needed =
		snprintf(path, sizeof(path), "%.*s/%s", (int)len, folder, name);

	return needed > 0 && (size_t)needed < sizeof(path) &&
	       root_executable(root, path) == 0;
}

/* mkfs programs lie in /sbin, which the PATH of a login shell often lacks */
static bool met_program(const struct require_world *world,
			const struct require_atom *atom)
{
	const char *path = getenv("PATH");
	const char *const folders[] = {path ? path : "/bin:/usr/bin",
				       "/sbin:/usr/sbin", NULL};

	if (atom->argument[0] == '/')
		return root_executable(world->root, atom->argument) == 0;
	for (size_t i = 0; folders[i]; i++) {
		for (const char *at = folders[i]; *at; at += *at == ':') {
			size_t len = strcspn(at, ":");

			if (*at == '/' &&
			    executable_in(world->root, at, len, atom->argument))
				return true;
			at += len;
		}
	}
	return false;
}

/*
 * A kernel that cannot load modules, and does not tell what was built in: it is
 * tried, and a mechanism that finds nothing says so.
 */
static bool lacks_modules(int root)
{
	cleanup_close int proc = root_open(root, "/proc/filesystems");
	cleanup_close int modules = root_open(root, "/proc/modules");

	return proc >= 0 && modules == -ENOENT;
}

static bool met_module(const struct require_world *world,
		       const struct require_atom *atom)
{
	if (module_present_at(world->root, atom->argument))
		return true;
	if (atom->symbol[0] && config_built_in(world->root, atom->symbol))
		return true;
	if (world->module && world->module(world->arg, atom->argument))
		return true;
	return lacks_modules(world->root) && !config_known(world->root);
}

/* A line is `nodev<TAB>tmpfs` or `<TAB>ext4`. */
static bool registered(const char *filesystems, const char *name)
{
	size_t len = strlen(name);
	const char *at = filesystems;

	while ((at = strchr(at, '\t'))) {
		at++;
		if (!strncmp(at, name, len) && at[len] == '\n')
			return true;
	}
	return false;
}

static bool met_filesystem(const struct require_world *world,
			   const struct require_atom *atom)
{
	cleanup_free char *text = NULL;

	if (root_read(world->root, "/proc/filesystems", &text) == 0 &&
	    registered(text, atom->argument))
		return true;
	if (!world->module)
		return module_present_at(world->root, atom->argument);
	return world->module(world->arg, atom->argument);
}

static bool met_device(const struct require_world *world,
		       const struct require_atom *atom)
{
	mode_t mode;

	return root_mode(world->root, atom->argument, &mode) == 0 &&
	       (S_ISCHR(mode) || S_ISBLK(mode));
}

static bool met_path(const struct require_world *world,
		     const struct require_atom *atom)
{
	mode_t mode;

	return root_mode(world->root, atom->argument, &mode) == 0;
}

/* 1234:11e8 */
static bool valid_pci(const char *argument)
{
	return strlen(argument) == 9 && argument[4] == ':' &&
	       strspn(argument, "0123456789abcdef") == 4 &&
	       strspn(argument + 5, "0123456789abcdef") == 4;
}

static bool has_number(int root, const char *device, const char *name,
		       const char *digits)
{
	char path[PATH_SIZE], value[16];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", device,
		 name);
	return root_read_line(root, path, value, sizeof(value)) == 0 &&
	       strlen(value) == 6 && !strncmp(value + 2, digits, 4);
}

static bool met_pci(const struct require_world *world,
		    const struct require_atom *atom)
{
	int fd = root_open(world->root, "/sys/bus/pci/devices");
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool met = false;

	if (!folder) {
		fd_close(fd);
		return false;
	}
	while (!met && (entry = readdir(folder)))
		met = has_number(world->root, entry->d_name, "vendor",
				 atom->argument) &&
		      has_number(world->root, entry->d_name, "device",
				 atom->argument + 5);
	closedir(folder);
	return met;
}

static bool valid_path(const char *argument)
{
	return argument[0] == '/';
}

static bool valid_sysctl(const char *argument)
{
	const char *equals = strchr(argument, '=');

	return equals && equals != argument;
}

static bool met_sysctl(const struct require_world *world,
		       const struct require_atom *atom)
{
	char path[sizeof("/proc/sys/") + REQUIRE_ARGUMENT_SIZE];
	char value[REQUIRE_ARGUMENT_SIZE];
	size_t len = strcspn(atom->argument, "=");
	int ret;

	snprintf(path, sizeof(path), "/proc/sys/%.*s", (int)len,
		 atom->argument);
	for (char *dot = path; (dot = strchr(dot, '.'));)
		*dot = '/';
	ret = root_read_line(world->root, path, value, sizeof(value));
	/* a kernel without the setting has nothing to forbid */
	return ret == -ENOENT ||
	       (ret == 0 && !strcmp(value, atom->argument + len + 1));
}

/*
 * Arguments that a kernel with the call refuses at once; ENOSYS, or EPERM from
 * a seccomp filter or sysctl, are the answers of one where we cannot use it.
 */
static const struct {
	const char *name;
	long number;
	long arguments[6];
} syscalls[] = {
	{"io_uring_setup", SYS_io_uring_setup, {0, 0}},
	{"process_vm_writev", SYS_process_vm_writev, {0, 0, 0, 0, 0, 1}},
	{"userfaultfd", SYS_userfaultfd, {-1}},
};

static bool valid_syscall(const char *argument)
{
	for (size_t i = 0; i < sizeof(syscalls) / sizeof(syscalls[0]); i++) {
		if (!strcmp(syscalls[i].name, argument))
			return true;
	}
	return false;
}

static bool probe_syscall(const char *name)
{
	for (size_t i = 0; i < sizeof(syscalls) / sizeof(syscalls[0]); i++) {
		const long *with = syscalls[i].arguments;
		long ret;

		if (strcmp(syscalls[i].name, name) != 0)
			continue;
		ret = syscall(syscalls[i].number, with[0], with[1], with[2],
			      with[3], with[4], with[5]);
		return ret >= 0 || (errno != ENOSYS && errno != EPERM);
	}
	return false;
}

static bool met_syscall(const struct require_world *world,
			const struct require_atom *atom)
{
	if (world->syscall)
		return world->syscall(world->arg, atom->argument);
	return probe_syscall(atom->argument);
}

/* Every family has a type that it can do; unknown to old libc: numbers. */
static const struct {
	const char *name;
	int family;
	int type;
} families[] = {
	{"alg", 38, SOCK_SEQPACKET},	  {"inet", AF_INET, SOCK_STREAM},
	{"inet6", AF_INET6, SOCK_STREAM}, {"netlink", AF_NETLINK, SOCK_RAW},
	{"packet", AF_PACKET, SOCK_RAW},  {"rds", 21, SOCK_SEQPACKET},
	{"smc", 43, SOCK_STREAM},	  {"unix", AF_UNIX, SOCK_STREAM},
	{"vsock", 40, SOCK_STREAM},	  {"xdp", 44, SOCK_RAW},
};

static bool valid_socket(const char *argument)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!strcmp(families[i].name, argument))
			return true;
	}
	return false;
}

static bool probe_socket(const char *name)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		cleanup_close int fd = -1;

		if (strcmp(families[i].name, name) != 0)
			continue;
		fd = socket(families[i].family, families[i].type | SOCK_CLOEXEC,
			    0);
		/* root is an atom of its own: a refused socket is there */
		return fd >= 0 || errno == EPERM || errno == EACCES;
	}
	return false;
}

static bool met_socket(const struct require_world *world,
		       const struct require_atom *atom)
{
	if (world->socket)
		return world->socket(world->arg, atom->argument);
	return probe_socket(atom->argument);
}

static bool met_arch(const struct require_world *world,
		     const struct require_atom *atom)
{
	return !strcmp(world->machine, atom->argument);
}

/* Loaded for others that ask for it at run time; never missed */
static bool met_wants(const struct require_world *world,
		      const struct require_atom *atom)
{
	met_module(world, atom);
	return true;
}

static bool met_config(const struct require_world *world,
		       const struct require_atom *atom)
{
	cleanup_free char *text = NULL;
	char path[PATH_SIZE];

	return config_read(world->root, &text, path, sizeof(path)) < 0 ||
	       config_value(text, atom->symbol) != 'n';
}

static bool met_never(const struct require_world *world,
		      const struct require_atom *atom)
{
	return false;
}

static bool load_module(void *arg, const char *name)
{
	return module_load(name) == 0;
}

/*
 * A module that does not load, e.g. one of another kernel, and one that was
 * never built, look alike to a user who sees the symbol in the configuration.
 */
static void why_no_module(const struct require_world *world,
			  const struct require_atom *atom, char *ret,
			  size_t size)
{
	cleanup_free char *text = NULL;
	char path[PATH_SIZE];
	int failed = -ENOENT;

	if (world->answer)
		return;
	if (world->module == load_module)
		failed = module_load(atom->argument);
	if (failed < 0 && failed != -ENOENT)
		snprintf(ret, size, "%sits module does not load: %s",
			 atom->symbol[0] ? ": " : "", strerror(-failed));
	else if (atom->symbol[0] &&
		 !config_read(world->root, &text, path, sizeof(path)) &&
		 config_value(text, atom->symbol) == 'm')
		snprintf(ret, size, "=m: module not built, or not installed");
}

static const struct require_kind kinds[] = {
	{"root", false, NULL, met_root, "not root", ""},
	{"program", true, NULL, met_program, "no ", " in PATH"},
	{"filesystem", true, NULL, met_filesystem, "kernel without ", "",
	 why_no_module},
	{"module", true, NULL, met_module, "no kernel module ", "",
	 why_no_module},
	{"device", true, valid_path, met_device, "no device ", ""},
	{"path", true, valid_path, met_path, "no ", ""},
	{"pci", true, valid_pci, met_pci, "no PCI device ", ""},
	{"sysctl", true, valid_sysctl, met_sysctl, "needs sysctl ", ""},
	{"syscall", true, valid_syscall, met_syscall, "no system call ", ""},
	{"socket", true, valid_socket, met_socket, "no sockets of family ", ""},
	{"arch", true, NULL, met_arch, "not for other machines than ", ""},
	{"wants", true, NULL, met_wants, "", ""},
	{"config", false, NULL, met_config, "kernel without it", ""},
	{"never", false, NULL, met_never, "not available", ""},
};

const struct require_kind *require_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	}
	return NULL;
}

void require_world_init(struct require_world *ret)
{
	struct utsname name;

	*ret = (struct require_world){
		.root = ROOT_REAL,
		.uid = geteuid(),
		.module = load_module,
	};
	if (uname(&name) == 0)
		snprintf(ret->machine, sizeof(ret->machine), "%s",
			 name.machine);
}
