/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_UNIT_H
#define BASE_UNIT_H

/*
 * main() of a unit test program:
 *
 *	START_TEST(numbers_compare)
 *	{
 *		ck_assert_int_eq(release_compare("6.1.3", "6.1"), 0);
 *	}
 *	END_TEST
 *
 *	UNIT_MAIN("release", numbers_compare, suffix_is_ignored)
 *
 * Each test runs in a process of its own. libcheck's environment is honoured:
 * CK_VERBOSITY, CK_RUN_CASE, CK_FORK=no (for gdb), CK_TAP_LOG_FILE_NAME, …
 */

#include <check.h>
#include <stdlib.h>

#define UNIT_TIMEOUT_SECONDS 60.0

#define UNIT_MAIN(name, ...)                                                 \
	int main(void)                                                       \
	{                                                                    \
		const TTest *const unit_tests[] = {__VA_ARGS__};             \
                                                                             \
		return unit_run(name, unit_tests,                            \
				sizeof(unit_tests) / sizeof(unit_tests[0])); \
	}

/** unit_run() - run @tests as one suite; the exit code of the program */
static inline int unit_run(const char *name, const TTest *const *tests,
			   size_t count)
{
	Suite *suite = suite_create(name);
	SRunner *runner = srunner_create(suite);
	int run, failed;

	for (size_t i = 0; i < count; i++) {
		TCase *tcase = tcase_create(tests[i]->name);

		/* libcheck's 4 seconds are too short for a busy machine */
		if (!getenv("CK_DEFAULT_TIMEOUT"))
			tcase_set_timeout(tcase, UNIT_TIMEOUT_SECONDS);
		tcase_add_test(tcase, tests[i]);
		suite_add_tcase(suite, tcase);
	}
	srunner_run_all(runner, CK_ENV);
	run = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return run > 0 && !failed ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
