/* SPDX-License-Identifier: BSD-2-Clause */
#include "perturbation.h"

#include "results/results.h"
#include "suggest.h"
#include "line.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

enum { NUMBERS_MAX = 4, FIRST_REAL_TIME = 32 };

static const struct {
	const char *name, *summary;
	int numbers[NUMBERS_MAX];
} calls[PERTURBED_CALLS] = {
	[PERTURB_FUTEX] = { "futex", "wait for a word, wake who waits",
		{ SYS_futex, -1 } },
	[PERTURB_TGKILL] = { "tgkill", "send a signal to a thread", { SYS_tgkill, -1 } },
	[PERTURB_KILL] = { "kill", "send a signal to a process", { SYS_kill, -1 } },
	[PERTURB_SIGPROCMASK] = { "rt_sigprocmask", "block or open signals",
		{ SYS_rt_sigprocmask, -1 } },
	[PERTURB_CLONE] = { "clone", "make a thread or a process",
		{ SYS_clone, SYS_clone3, -1 } },
	[PERTURB_YIELD] = { "sched_yield", "let others run", { SYS_sched_yield, -1 } },
	[PERTURB_SLEEP] = { "nanosleep", "sleep",
		{ SYS_nanosleep, SYS_clock_nanosleep, -1 } },
	[PERTURB_EPOLL] = { "epoll_wait", "wait for descriptors",
#ifdef SYS_epoll_wait
		{ SYS_epoll_pwait, SYS_epoll_wait, -1 }
#else
		{ SYS_epoll_pwait, -1 }
#endif
	},
	[PERTURB_EVENTFD] = { "eventfd", "write 8 bytes, as to an eventfd",
		{ SYS_write, -1 } },
	[PERTURB_PRCTL] = { "prctl", "what broadcasts make all threads do",
		{ SYS_prctl, -1 } },
};

static const struct {
	const char *name;
	int error;
} errors[] = { { "EAGAIN", EAGAIN }, { "EINTR", EINTR } };

const char *perturbed_call_name(enum perturbed_call call)
{
	return calls[call].name;
}

const char *perturbed_call_summary(enum perturbed_call call)
{
	return calls[call].summary;
}

const int *perturbed_call_numbers(enum perturbed_call call)
{
	return calls[call].numbers;
}

/* A wait may find the word changed; that it has not is for who waits to see. A thread is refused where
 * there are too many, and so is a real-time signal, which is queued; no other. */
bool perturbed_call_may_fail(enum perturbed_call call, const char *operation, int error)
{
	switch (call) {
	case PERTURB_FUTEX:
		return !*operation || !strcmp(operation, "wait");
	case PERTURB_TGKILL:
		return error == EAGAIN && (!*operation || !strncmp(operation, "RT", 2));
	case PERTURB_CLONE:
		return error == EAGAIN;
	default:
		return false;
	}
}

static const char *futex_operation(uint64_t operation)
{
	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return "wait";
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
	case FUTEX_WAKE_OP:
		return "wake";
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return "requeue";
	default:
		return "other";
	}
}

static const char *mask_operation(uint64_t how)
{
	return how == SIG_BLOCK ? "block" : how == SIG_UNBLOCK ? "unblock" : "set";
}

/* "HUP"; "RT2" for the kernel's real-time signals, of which the C library keeps some to itself. */
static void name_signal(uint64_t signal, char operation[OPERATION_SIZE])
{
	const char *name = sigabbrev_np((int)signal);

	if (name)
		snprintf(operation, OPERATION_SIZE, "%s", name);
	else
		snprintf(
			operation, OPERATION_SIZE, "RT%d", (int)signal - FIRST_REAL_TIME);
}

static void name_operation(enum perturbed_call call, int number,
	const uint64_t arguments[6], char operation[OPERATION_SIZE])
{
	const char *name = "";

	if (call == PERTURB_TGKILL || call == PERTURB_KILL) {
		name_signal(arguments[call == PERTURB_TGKILL ? 2 : 1], operation);
		return;
	}
	if (call == PERTURB_FUTEX)
		name = futex_operation(arguments[1]);
	else if (call == PERTURB_SIGPROCMASK)
		name = mask_operation(arguments[0]);
	else if (call == PERTURB_CLONE && number == SYS_clone)
		name = arguments[0] & CLONE_THREAD ? "thread" : "process";
	snprintf(operation, OPERATION_SIZE, "%s", name);
}

enum perturbed_call perturbed_call_of(
	int number, const uint64_t arguments[6], char operation[OPERATION_SIZE])
{
	for (int c = 0; c < PERTURBED_CALLS; c++) {
		for (const int *n = calls[c].numbers; *n >= 0; n++) {
			if (*n != number)
				continue;
			name_operation(
				(enum perturbed_call)c, number, arguments, operation);
			return (enum perturbed_call)c;
		}
	}
	return PERTURBED_CALLS;
}

static bool is_at(const char *wanted, const char *site)
{
	size_t length = strlen(wanted);

	if (!length || !strcmp(wanted, site))
		return true;
	return !strncmp(wanted, site, length) && site[length] == '+';
}

bool perturbed_place_has(const struct perturbed_place *place, enum perturbed_call call,
	const char *operation, const char *site)
{
	return place->call == call &&
	       (!*place->operation || !strcmp(place->operation, operation)) &&
	       is_at(place->site, site);
}

static void print_place(struct line *line, const struct perturbed_place *place)
{
	line_add(line, "%s%s%s%s%s", calls[place->call].name,
		*place->operation ? "." : "", place->operation, *place->site ? "@" : "",
		place->site);
}

static const char *error_name(int error)
{
	return error == EAGAIN ? "EAGAIN" : "EINTR";
}

void perturbed_item_print(const struct perturbed_place *place, int error,
	const struct perturbed_place *until, char text[ITEM_TEXT_SIZE])
{
	struct line line = { .text = text, .size = ITEM_TEXT_SIZE };

	*text = '\0';
	print_place(&line, place);
	if (error)
		line_add(&line, "=%s", error_name(error));
	if (!until)
		return;
	line_add(&line, "~");
	print_place(&line, until);
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && !memcmp(text, word, length);
}

static bool take_text(char *out, size_t size, const char *text, size_t length)
{
	if (!length || length >= size)
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

/* CALL[.OPERATION][@SITE] */
static bool read_place(const char *text, size_t length, struct perturbed_place *place)
{
	const char *at = memchr(text, '@', length);
	size_t before = at ? (size_t)(at - text) : length;
	const char *dot = memchr(text, '.', before);
	size_t name = dot ? (size_t)(dot - text) : before;
	int call = 0;

	*place = (struct perturbed_place){ 0 };
	while (call < PERTURBED_CALLS && !is_word(text, name, calls[call].name))
		call++;
	if (call == PERTURBED_CALLS)
		return false;
	place->call = (enum perturbed_call)call;
	if (dot &&
		!take_text(place->operation, OPERATION_SIZE, dot + 1, before - name - 1))
		return false;
	return !at || take_text(place->site, SITE_SIZE, at + 1, length - before - 1);
}

static bool read_error(const char *text, size_t length, int *error)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		if (!is_word(text, length, errors[i].name))
			continue;
		*error = errors[i].error;
		return true;
	}
	return false;
}

static bool read_item(const char *text, size_t length, struct perturbed_item *item)
{
	const char *equals = memchr(text, '=', length),
		   *until = memchr(text, '~', length);
	size_t place = equals  ? (size_t)(equals - text)
		       : until ? (size_t)(until - text)
			       : length;

	*item = (struct perturbed_item){ .holds = until && !equals };
	if (!read_place(text, place, &item->place))
		return false;
	if (equals)
		return read_error(equals + 1, length - place - 1, &item->error) &&
		       perturbed_call_may_fail(
			       item->place.call, item->place.operation, item->error);
	return !until || read_place(until + 1, length - place - 1, &item->until);
}

static int add_word(struct perturbation *plan, const char *text, size_t length)
{
	struct perturbed_item item;

	if (is_word(text, length, "none"))
		return 0;
	if (is_word(text, length, "delays"))
		plan->delays = true;
	else if (is_word(text, length, "errors"))
		plan->errors = true;
	else if (is_word(text, length, "plain"))
		plan->plain = true;
	else if (!read_item(text, length, &item))
		return -EINVAL;
	else if (plan->count == PLACES_MAX)
		return -E2BIG;
	else
		plan->items[plan->count++] = item;
	return 0;
}

int perturbation_parse(
	const char *text, struct perturbation *plan, const char **wrong, size_t *length)
{
	int error;

	*plan = (struct perturbation){ 0 };
	if (!*text)
		return 0;
	for (;; text += *length + 1) {
		*length = strcspn(text, ",");
		*wrong = text;
		error = add_word(plan, text, *length);
		if (error)
			return error;
		if (!text[*length])
			return 0;
	}
}

static void name_plans(const char *known[PERTURBED_CALLS + 4])
{
	int count = 0;

	known[count++] = "delays";
	known[count++] = "errors";
	known[count++] = "plain";
	for (int c = 0; c < PERTURBED_CALLS; c++)
		known[count++] = calls[c].name;
	known[count] = NULL;
}

int perturbation_check(const char *text, char *complaint, size_t size)
{
	const char *known[PERTURBED_CALLS + 4], *wrong = text;
	struct perturbation plan;
	size_t length = 0;
	char word[PLACE_TEXT_SIZE];
	int error = 0;

	if (strlen(text) >= PERTURBATION_SIZE) {
		snprintf(complaint, size,
			"--perturb '%.40s...': expected at most %d characters", text,
			PERTURBATION_SIZE - 1);
		return -EINVAL;
	}
	error = perturbation_parse(text, &plan, &wrong, &length);
	snprintf(word, sizeof word, "%.*s", (int)length, wrong);
	if (error == -E2BIG)
		snprintf(complaint, size, "--perturb: more than %d places, at '%s'",
			PLACES_MAX, word);
	if (error != -EINVAL)
		return error ? -EINVAL : 0;
	name_plans(known);
	if (strpbrk(word, ".@=~"))
		snprintf(complaint, size,
			"--perturb '%s': expected CALL[.OPERATION][@SITE], with =EAGAIN "
			"or "
			"=EINTR where the call may fail so, or ~ and another place "
			"(hupstorm list perturbations)",
			word);
	else
		snprintf(complaint, size,
			"unknown perturbation '%s'; did you mean '%s'? (hupstorm list "
			"perturbations)",
			word, nearest_name(word, known));
	return -EINVAL;
}

bool perturbation_is_any(const struct perturbation *plan)
{
	return plan->delays || plan->errors || plan->count;
}

bool perturbation_wants(const struct perturbation *plan, enum perturbed_call call)
{
	if (plan->delays || (plan->errors && perturbed_call_may_fail(call, "", EAGAIN)))
		return true;
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].place.call == call ||
			(plan->items[i].holds && plan->items[i].until.call == call))
			return true;
	return false;
}

bool perturbation_has_sites(const struct perturbation *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (*plan->items[i].place.site || *plan->items[i].until.site)
			return true;
	return false;
}
