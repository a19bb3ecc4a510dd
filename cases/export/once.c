/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "end.c"
#include "look.c"

static void __attribute__((noreturn)) run(void)
{
	must("create", create(PINNED, OLD));
	prove_views();
	run_steps();
	end();
}
