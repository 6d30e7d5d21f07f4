/* SPDX-License-Identifier: BSD-2-Clause */
/* What every libcheck program here needs: TAP on standard output, and a status that does
 * not count twice. */
#ifndef HUPSTORM_CASES_CHECK_SUITE_H
#define HUPSTORM_CASES_CHECK_SUITE_H

#include <check.h>

/* Each test runs in a process of its own. The watchdogs of the cells act long before
 * this. */
enum { TEST_TIMEOUT = 300 };

static inline TCase *add_tests(Suite *suite, const char *name)
{
	TCase *tests = tcase_create(name);

	tcase_set_timeout(tests, TEST_TIMEOUT);
	suite_add_tcase(suite, tests);
	return tests;
}

/* TAP says what failed; an exit status other than 0 would be counted as one failure more.
 */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	srunner_free(runner);
	return 0;
}

#endif
