/* SPDX-License-Identifier: BSD-2-Clause */
/* Plans of perturbations, and the search for the smallest one. */
#include "check_suite.h"
#include "runners/perturbation.h"
#include "runners/subset.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

static struct perturbation parse(const char *text)
{
	struct perturbation plan;
	const char *wrong;
	size_t length;

	ck_assert_int_eq(perturbation_parse(text, &plan, &wrong, &length), 0);
	return plan;
}

START_TEST(words_are_flags_and_places_items)
{
	struct perturbation plan = parse("delays,plain,errors");

	ck_assert(plan.delays && plan.plain && plan.errors);
	ck_assert_uint_eq(plan.count, 0);
	ck_assert(!perturbation_is_any(&(struct perturbation){ .plain = true }));
	plan = parse("none");
	ck_assert(!perturbation_is_any(&plan));
	plan = parse("prctl,futex.wait@note_sleep+0x86~tgkill.HUP,clone=EAGAIN");
	ck_assert_uint_eq(plan.count, 3);
	ck_assert_int_eq(plan.items[0].place.call, PERTURB_PRCTL);
	ck_assert_str_eq(plan.items[1].place.operation, "wait");
	ck_assert_str_eq(plan.items[1].place.site, "note_sleep+0x86");
	ck_assert(plan.items[1].holds);
	ck_assert_str_eq(plan.items[1].until.operation, "HUP");
	ck_assert_int_eq(plan.items[2].error, EAGAIN);
	ck_assert(perturbation_wants(&plan, PERTURB_TGKILL));
	ck_assert(!perturbation_wants(&plan, PERTURB_YIELD));
	ck_assert(perturbation_has_sites(&plan));
}
END_TEST

/* What is printed is what was read. */
START_TEST(items_come_back)
{
	static const char *const items[] = { "prctl", "futex.wait@a+0x1", "tgkill~prctl",
		"tgkill.HUP@a~futex.wake@b.c+0x1f", "clone=EAGAIN", "futex.wait=EINTR" };

	for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
		struct perturbation plan = parse(items[i]);
		const struct perturbed_item *item = &plan.items[0];
		char text[ITEM_TEXT_SIZE];

		perturbed_item_print(&item->place, item->error,
			item->holds ? &item->until : NULL, text);
		ck_assert_str_eq(text, items[i]);
	}
}
END_TEST

/* Each with what the complaint says. */
static const struct {
	const char *text, *words;
} wrong[] = {
	{ "futx", "unknown perturbation 'futx'; did you mean 'futex'?" },
	{ "delays,", "unknown perturbation ''" },
	{ "futex=ENOSYS", "'futex=ENOSYS': expected CALL" },
	{ "futex.wake=EAGAIN", "'futex.wake=EAGAIN'" }, /* nobody would be woken */
	{ "sched_yield=EINTR", "'sched_yield=EINTR'" }, /* no kernel says that */
	{ "tgkill.HUP=EAGAIN", "'tgkill.HUP=EAGAIN'" }, /* nor that of such a signal */
	{ "futex@", "'futex@'" },
	{ "prctl~", "'prctl~'" },
	{ "futex.", "'futex.'" },
};

START_TEST(what_is_no_plan_is_named)
{
	char complaint[256] = "";

	ck_assert_int_eq(
		perturbation_check(wrong[_i].text, complaint, sizeof complaint), -EINVAL);
	ck_assert_msg(strstr(complaint, wrong[_i].words) != NULL, "%s", complaint);
}
END_TEST

START_TEST(too_much_is_refused)
{
	char text[PLACES_MAX * 16] = "", complaint[256];

	for (int i = 0; i < PLACES_MAX; i++)
		strcat(text, "futex,");
	text[strlen(text) - 1] = '\0';
	ck_assert_int_eq(perturbation_check(text, complaint, sizeof complaint), 0);
	strcat(text, ",futex");
	ck_assert_int_eq(perturbation_check(text, complaint, sizeof complaint), -EINVAL);
	ck_assert_ptr_nonnull(strstr(complaint, "more than 32 places"));
}
END_TEST

START_TEST(calls_have_operations)
{
	const uint64_t wake[6] = { 0, FUTEX_WAKE | FUTEX_PRIVATE_FLAG };
	const uint64_t thread[6] = { CLONE_THREAD }, real_time[6] = { 1, 1, 34 };
	char operation[OPERATION_SIZE];

	ck_assert_int_eq(perturbed_call_of(SYS_futex, wake, operation), PERTURB_FUTEX);
	ck_assert_str_eq(operation, "wake");
	ck_assert_int_eq(perturbed_call_of(SYS_clone, thread, operation), PERTURB_CLONE);
	ck_assert_str_eq(operation, "thread");
	ck_assert_int_eq(
		perturbed_call_of(SYS_tgkill, real_time, operation), PERTURB_TGKILL);
	ck_assert_str_eq(operation, "RT2");
	ck_assert(perturbed_call_may_fail(PERTURB_TGKILL, operation, EAGAIN));
	ck_assert(!perturbed_call_may_fail(PERTURB_TGKILL, "HUP", EAGAIN));
	ck_assert_int_eq(perturbed_call_of(SYS_getpid, wake, operation), PERTURBED_CALLS);
}
END_TEST

START_TEST(symbol_has_all_its_sites)
{
	struct perturbed_place place = parse("prctl@work").items[0].place;

	ck_assert(perturbed_place_has(&place, PERTURB_PRCTL, "", "work+0x1"));
	ck_assert(!perturbed_place_has(&place, PERTURB_PRCTL, "", "worker+0x1"));
	ck_assert(!perturbed_place_has(&place, PERTURB_FUTEX, "", "work+0x1"));
	place = parse("prctl@work+0x1").items[0].place;
	ck_assert(perturbed_place_has(&place, PERTURB_PRCTL, "", "work+0x1"));
	ck_assert(!perturbed_place_has(&place, PERTURB_PRCTL, "", "work+0x10"));
}
END_TEST

/*
 * The smallest part
 */
struct needed {
	uint64_t members; /* a bit each; all of them are needed */
	unsigned tests, most;
};

static bool has_needed(void *argument, const struct subset *part)
{
	struct needed *needed = argument;
	uint64_t there = 0;

	needed->tests++;
	for (size_t i = 0; i < part->count; i++)
		there |= UINT64_C(1) << part->at[i];
	return (needed->members & ~there) == 0;
}

static bool is_enough(void *argument)
{
	const struct needed *needed = argument;

	return needed->most && needed->tests >= needed->most;
}

static struct subset everything(size_t count)
{
	struct subset all = { 0 };

	while (all.count < count) {
		all.at[all.count] = all.count;
		all.count++;
	}
	return all;
}

START_TEST(smallest_part_is_found)
{
	static const uint64_t parts[] = { 1, 0x8000, 0x81, 0x5a5a, 0xffff, 0x1000000000 };
	struct needed needed = { .members = parts[_i] };
	struct subset set = everything(40);
	uint64_t left = 0;

	subset_minimise(&set, has_needed, is_enough, &needed);
	for (size_t i = 0; i < set.count; i++)
		left |= UINT64_C(1) << set.at[i];
	ck_assert_uint_eq(left, needed.members);
	ck_assert_uint_lt(needed.tests, 700);
}
END_TEST

START_TEST(search_ends_when_it_is_over)
{
	struct needed needed = { .members = 0x81, .most = 3 };
	struct subset set = everything(40);

	subset_minimise(&set, has_needed, is_enough, &needed);
	ck_assert_uint_lt(needed.tests, 10);
	ck_assert(has_needed(&needed, &set));
}
END_TEST

static Suite *perturbation_suite(void)
{
	Suite *suite = suite_create("perturbation");
	TCase *plans = add_tests(suite, "plans"), *parts = add_tests(suite, "parts");

	tcase_add_test(plans, words_are_flags_and_places_items);
	tcase_add_test(plans, items_come_back);
	tcase_add_loop_test(plans, what_is_no_plan_is_named, 0,
		(int)(sizeof wrong / sizeof wrong[0]));
	tcase_add_test(plans, too_much_is_refused);
	tcase_add_test(plans, calls_have_operations);
	tcase_add_test(plans, symbol_has_all_its_sites);
	tcase_add_loop_test(parts, smallest_part_is_found, 0, 6);
	tcase_add_test(parts, search_ends_when_it_is_over);
	return suite;
}

int main(void)
{
	return run_suite(perturbation_suite());
}
