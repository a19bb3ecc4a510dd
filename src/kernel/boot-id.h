/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_BOOT_ID_H
#define KERNEL_BOOT_ID_H

#define BOOT_ID_SIZE 64

/**
 * boot_id_read() - what the kernel drew at random when it was booted
 * @ret: "" where it does not tell; never equal for two boots
 */
void boot_id_read(char ret[BOOT_ID_SIZE]);

#endif
