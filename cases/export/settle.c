/* SPDX-License-Identifier: GPL-2.0-or-later */

/* After fsync FIEMAP tells where the data is */
static int settle(int file)
{
	(void)file;
	return 0;
}
