/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_LOOP_H
#define MEDIA_LOOP_H

/* Loop: a loop device of our own, which frees itself with its last user. */

#define LOOP_NAME_SIZE 24

/**
 * loop_attach() - attach @image_fd to a free loop device
 * @ret_fd: keeps the device alive until it is mounted; caller closes it
 * @name: receives its name without folder, e.g. `loop3`
 * Return: 0 or -errno (-EBUSY when others were always quicker).
 *
 * LO_FLAGS_AUTOCLEAR (loop(4)): the kernel detaches it after the last close or
 * unmount, also when we are killed.
 */
int loop_attach(int image_fd, int *ret_fd, char name[LOOP_NAME_SIZE]);

#endif
