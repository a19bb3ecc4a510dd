/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runner/supervise.h"
#include "vm/guest.h"

/* /init of a guest; the same program again for each cell. */
int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], CELL_COMMAND))
		return cell_main(argc, argv);
	if (getpid() == 1)
		guest_main();
	fprintf(stderr,
		"gupcheck-guest: the first process of a guest that gupcheck vm starts\n");
	return 2;
}
