/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "promise.c"

/* Nothing was broken */
static void __attribute__((noreturn)) end(void)
{
	if (unproven[0])
		answer(NO_ANSWER, "%s", unproven);
#ifdef MUST_REFUSE
	answer(EXPOSED,
	       "a long-term writable pin of a shared file page was accepted");
#else
	answer(SAFE, "every promise kept");
#endif
}
