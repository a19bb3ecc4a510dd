/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <elf.h>
#include <string.h>
#include <sys/utsname.h>

#include "vm/arch.h"
#include "vm/bzimage.h"
#include "vm/tsc.h"

/*
 * The IOMMU and the device behind it are what DMA of a user program's own is
 * tried with; that they are always there costs nothing that can be measured.
 */
static const char *const q35[] = {
	"-M",	       "q35,sata=off", "-cpu", "max", "-device",
	"intel-iommu", "-device",      "edu",  NULL,
};

static const struct arch archs[] = {
	{
		.machine = "x86_64",
		.elf_machine = EM_X86_64,
		.qemu = "qemu-system-x86_64",
		.qemu_package = "qemu-system-x86",
		.qemu_machine = q35,
		/*
		 * earlyprintk: a kernel that never gets to its console driver
		 * still tells why. The rest skips probes and self-tests that
		 * are slow under emulation and say nothing about pins.
		 */
		.append = "console=ttyS0 earlyprintk=ttyS0,115200 "
			  "mitigations=off cryptomgr.notests tsc=reliable "
			  "no_timer_check nokaslr i8042.noaux i8042.nopnp "
			  "i8042.dumbkbd edd=off raid=noautodetect",
		.channel = "ttyS1",
		.require =
			"config@CONFIG_64BIT & config@CONFIG_SERIAL_8250_CONSOLE & config@CONFIG_SERIAL_8250_RUNTIME_UARTS>=2",
		.build_image = "arch/x86/boot/bzImage",
		.direct_elf = true,
		.clock_argument = tsc_argument,
		.image_parse = bzimage_parse,
	},
};

const struct arch *arch_host(void)
{
	struct utsname name;

	if (uname(&name) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++)
		if (!strcmp(archs[i].machine, name.machine))
			return &archs[i];
	return NULL;
}
