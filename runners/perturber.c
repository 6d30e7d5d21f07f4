/* SPDX-License-Identifier: BSD-2-Clause */
#include "perturber.h"

#include "filter.h"
#include "sandbox.h"
#include "stress/os.h"
#include "stress/random.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* From 1 us on each octave is as likely as another: to 2 ms anywhere, to 8 ms at places that are asked
 * for. The rest is as in noise.c. */
enum {
	SHORTEST_BIT = 10,
	OCTAVES_ANYWHERE = 11,
	OCTAVES_ASKED_FOR = 13,
	ONE_IN_ANYWHERE = 8,
	ONE_IN_ASKED_FOR = 2,
	ONE_FAILS_IN = 8,
	DUTY = 5,
};

#define HOLD_MOST (20 * OS_MILLISECOND)

enum {
	HELD_MAX = 1024,
	SHARES = 2048,
	AT_ONCE = 64,	     /* answers, before somebody else is looked after */
	NOTICES_ENOUGH = 64, /* of which a seed draws not all to be let go */
};

/* A call that waits for its answer. */
struct held {
	uint64_t id, since, due;
	struct share *share;
	pid_t tid;
	const struct perturbed_place *until; /* NULL: until it is due alone */
};

/* What a thread has been held up for. */
struct share {
	pid_t tid;
	uint64_t since, spent;
};

struct perturber {
	struct perturber_plan plan;
	pid_t child;
	int events, timer, handover, listener;
	bool rests;
	struct random random;
	struct sites *sites;
	struct seccomp_notif *notice;
	struct seccomp_notif_resp *answer;
	size_t held_count;
	struct held held[HELD_MAX];
	struct share shares[SHARES];
	uint64_t seen, delays, time, errors, stale;
	unsigned escapes;
	char escape[128]; /* the first */
	pthread_t meanwhile;
	int meanwhile_ends; /* eventfd; -1: nobody answers meanwhile */
};

struct perturbation perturbation_of(const struct cell *cell)
{
	struct perturbation plan;
	const char *wrong;
	size_t length;

	if (perturbation_parse(cell->perturbation, &plan, &wrong, &length))
		plan = (struct perturbation){ 0 };
	return plan;
}

const char *perturber_why_not(const struct cell *cell)
{
	const struct perturbation plan = perturbation_of(cell);

	return perturbation_is_any(&plan) ? filter_why_not(&plan) : NULL;
}

static int listen_to(struct perturber *p, int descriptor)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = descriptor };

	return epoll_ctl(p->events, EPOLL_CTL_ADD, descriptor, &event) ? -errno : 0;
}

static void close_if_open(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
	*descriptor = -1;
}

static int open_descriptors(struct perturber *p, int *handover)
{
	int ends[2];

	p->events = epoll_create1(EPOLL_CLOEXEC);
	p->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (p->events < 0 || p->timer < 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	p->handover = ends[0];
	*handover = ends[1];
	return listen_to(p, p->timer);
}

int perturber_new(
	struct perturber **out, const struct perturber_plan *plan, int *handover)
{
	struct perturber *p = calloc(1, sizeof *p);
	int error;

	*out = NULL;
	*handover = -1;
	if (!p)
		return -ENOMEM;
	p->plan = *plan;
	p->random.state = plan->seed ^ UINT64_C(0x7065727475726265);
	p->events = p->timer = p->handover = p->listener = p->meanwhile_ends = -1;
	p->sites = sites_new();
	error = p->sites ? open_descriptors(p, handover) : -ENOMEM;
	/* Where there is no seccomp (an emulator of user programs) there will be no notice either. */
	if (!error && seccomp_notify_alloc(&p->notice, &p->answer) == -ENOMEM)
		error = -ENOMEM;
	if (!error) {
		*out = p;
		return 0;
	}
	close_if_open(handover);
	perturber_free(p);
	return error;
}

void perturber_begin(struct perturber *p, pid_t child)
{
	p->child = child;
	if (listen_to(p, p->handover))
		close_if_open(&p->handover);
}

void perturber_free(struct perturber *p)
{
	if (!p)
		return;
	close_if_open(&p->listener);
	close_if_open(&p->handover);
	close_if_open(&p->timer);
	close_if_open(&p->events);
	if (p->notice)
		seccomp_notify_free(p->notice, p->answer);
	sites_free(p->sites);
	free(p);
}

int perturber_descriptor(const struct perturber *p)
{
	return p->handover >= 0 || p->listener >= 0 ? p->events : -1;
}

/* A call that was interrupted, or whose thread has been killed, waits no more. */
static void reply(struct perturber *p, uint64_t id, int error)
{
	*p->answer = (struct seccomp_notif_resp){ .id = id,
		.error = -error,
		.flags = error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE };
	if (ioctl(p->listener, SECCOMP_IOCTL_NOTIF_SEND, p->answer))
		p->stale++;
}

/* NULL: there are too many threads. */
static struct share *share_of(struct perturber *p, pid_t tid, uint64_t now)
{
	for (unsigned i = 0; i < SHARES; i++) {
		struct share *share = &p->shares[((unsigned)tid + i) % SHARES];

		if (share->tid == tid)
			return share;
		if (share->tid)
			continue;
		*share = (struct share){ .tid = tid, .since = now };
		return share;
	}
	return NULL;
}

static bool can_afford(const struct share *share, uint64_t now)
{
	return share && share->spent * DUTY <= now - share->since;
}

static void let_go(struct perturber *p, size_t index, uint64_t now)
{
	struct held *held = &p->held[index];
	uint64_t time = now - held->since;

	held->share->spent += time;
	p->time += time;
	reply(p, held->id, 0);
	*held = p->held[--p->held_count];
}

static void let_all_go(struct perturber *p)
{
	while (p->held_count)
		let_go(p, p->held_count - 1, os_now());
}

static void let_due_go(struct perturber *p, uint64_t now)
{
	for (size_t i = p->held_count; i-- > 0;)
		if (p->held[i].due <= now)
			let_go(p, i, now);
}

/* One that is due now goes off at once; none disarms it. */
static void set_timer(struct perturber *p)
{
	struct itimerspec when = { 0 };
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < p->held_count; i++)
		if (p->held[i].due < first)
			first = p->held[i].due;
	if (first != UINT64_MAX) {
		when.it_value.tv_sec = (time_t)(first / OS_SECOND);
		when.it_value.tv_nsec = (long)(first % OS_SECOND);
	}
	timerfd_settime(p->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* A call that has been notified. */
struct notified {
	enum perturbed_call call;
	char operation[OPERATION_SIZE];
	const char *site; /* "" if nobody asks */
	pid_t tid;
	uint64_t id, now;
};

static void note_item(struct perturber *p, const struct notified *n, int error,
	const struct perturbed_place *until)
{
	struct perturbed_place place = { .call = n->call };
	char item[ITEM_TEXT_SIZE];

	if (!p->plan.tally)
		return;
	memcpy(place.operation, n->operation, sizeof place.operation);
	snprintf(place.site, sizeof place.site, "%s", n->site);
	perturbed_item_print(&place, error, until, item);
	item_tally_add(p->plan.tally, item);
}

static uint64_t draw_delay(struct perturber *p, unsigned octaves)
{
	uint64_t shortest = UINT64_C(1)
			    << (SHORTEST_BIT + random_below(&p->random, octaves));

	return shortest + random_below(&p->random, (uint32_t)shortest);
}

static bool hold(struct perturber *p, const struct notified *n, uint64_t time,
	const struct perturbed_place *until)
{
	struct share *share = share_of(p, n->tid, n->now);

	if (p->held_count == HELD_MAX || !can_afford(share, n->now))
		return false;
	p->held[p->held_count++] =
		(struct held){ n->id, n->now, n->now + time, share, n->tid, until };
	p->delays++;
	note_item(p, n, 0, until);
	return true;
}

static bool fail(struct perturber *p, const struct notified *n, int error)
{
	p->errors++;
	note_item(p, n, error, NULL);
	reply(p, n->id, error);
	return true;
}

static bool one_in(struct perturber *p, unsigned many)
{
	return !random_below(&p->random, many);
}

/* True if something was done, and it has been answered or is held. */
static bool do_item(
	struct perturber *p, const struct notified *n, const struct perturbed_item *item)
{
	if (!perturbed_place_has(&item->place, n->call, n->operation, n->site))
		return false;
	if (item->error)
		return perturbed_call_may_fail(n->call, n->operation, item->error) &&
		       one_in(p, ONE_FAILS_IN) && fail(p, n, item->error);
	if (!one_in(p, ONE_IN_ASKED_FOR))
		return false;
	if (item->holds)
		return hold(p, n, HOLD_MOST, &item->until);
	return hold(p, n, draw_delay(p, OCTAVES_ASKED_FOR), NULL);
}

static bool do_anything(struct perturber *p, const struct notified *n)
{
	const struct perturbation *plan = &p->plan.perturbation;

	for (size_t i = 0; i < plan->count; i++)
		if (do_item(p, n, &plan->items[i]))
			return true;
	if (plan->errors && perturbed_call_may_fail(n->call, n->operation, EAGAIN) &&
		one_in(p, ONE_FAILS_IN))
		return fail(p, n, EAGAIN);
	return plan->delays && one_in(p, ONE_IN_ANYWHERE) &&
	       hold(p, n, draw_delay(p, OCTAVES_ANYWHERE), NULL);
}

/* Those that were held until somebody else is here. */
static void let_waiting_go(struct perturber *p, const struct notified *n)
{
	for (size_t i = p->held_count; i-- > 0;) {
		const struct held *held = &p->held[i];

		if (held->until && held->tid != n->tid &&
			perturbed_place_has(held->until, n->call, n->operation, n->site))
			let_go(p, i, n->now);
	}
}

static void perturb(struct perturber *p)
{
	const struct seccomp_data *data = &p->notice->data;
	struct notified n = { .tid = (pid_t)p->notice->pid,
		.id = p->notice->id,
		.site = "",
		.now = os_now() };

	n.call = perturbed_call_of(data->nr, (const uint64_t *)data->args, n.operation);
	if (n.call == PERTURBED_CALLS || p->rests) {
		reply(p, n.id, 0);
		return;
	}
	p->seen++;
	if (p->plan.tally || perturbation_has_sites(&p->plan.perturbation))
		n.site = site_name(p->sites, n.tid, data->instruction_pointer);
	if (!do_anything(p, &n))
		reply(p, n.id, 0);
	let_waiting_go(p, &n);
}

static void name_thread(pid_t tid, char *name, size_t size)
{
	char path[64];
	FILE *file;

	*name = '\0';
	snprintf(path, sizeof path, "/proc/%d/comm", (int)tid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(name, (int)size, file))
		name[strcspn(name, "\n")] = '\0';
	fclose(file);
}

static void note_escape(struct perturber *p)
{
	char name[32], call[64];

	if (p->escapes++)
		return;
	name_thread((pid_t)p->notice->pid, name, sizeof name);
	sandbox_describe(&p->notice->data, call, sizeof call);
	snprintf(p->escape, sizeof p->escape, "thread %u (%s) tried %s", p->notice->pid,
		name, call);
}

static void answer_one(struct perturber *p)
{
	int error = 0;

	if (p->plan.sandboxed)
		error = sandbox_judge(&p->notice->data, (pid_t)p->notice->pid, p->child,
			p->plan.processes);
	if (!error) {
		perturb(p);
		return;
	}
	note_escape(p);
	reply(p, p->notice->id, error);
}

/* False: there is none any more, or never again. The kernel wants the struct to be zero. */
static bool receive(struct perturber *p)
{
	struct pollfd polled = { .fd = p->listener, .events = POLLIN };

	if (p->listener < 0 || poll(&polled, 1, 0) <= 0)
		return false;
	if (!(polled.revents & POLLIN)) {
		close_if_open(&p->listener);
		return false;
	}
	memset(p->notice, 0, sizeof *p->notice);
	while (ioctl(p->listener, SECCOMP_IOCTL_NOTIF_RECV, p->notice)) {
		if (errno == EINTR)
			continue;
		p->stale += errno == ENOENT;
		return false;
	}
	return true;
}

static void take_listener(struct perturber *p)
{
	struct pollfd polled = { .fd = p->handover, .events = POLLIN };

	if (p->handover < 0 || poll(&polled, 1, 0) <= 0)
		return;
	p->listener = filter_receive_listener(p->handover);
	close_if_open(&p->handover);
	if (p->listener >= 0)
		listen_to(p, p->listener);
}

void perturber_serve(struct perturber *p)
{
	uint64_t expirations;

	take_listener(p);
	if (read(p->timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
		perror("hupstorm: perturber");
	let_due_go(p, os_now());
	for (int i = 0; i < AT_ONCE && receive(p); i++)
		answer_one(p);
	let_due_go(p, os_now());
	set_timer(p);
}

void perturber_rest(struct perturber *p, bool rests)
{
	if (p->rests == rests)
		return;
	p->rests = rests;
	let_all_go(p);
	set_timer(p);
}

static void *answer_meanwhile(void *argument)
{
	struct perturber *p = argument;
	struct pollfd polled[2] = { { .fd = p->events, .events = POLLIN },
		{ .fd = p->meanwhile_ends, .events = POLLIN } };

	while (poll(polled, 2, -1) >= 0 || errno == EINTR) {
		if (polled[1].revents)
			break;
		perturber_serve(p);
	}
	return NULL;
}

/* Signals are the main thread's, which has blocked those that it reads. */
bool perturber_answer_meanwhile(struct perturber *p)
{
	perturber_rest(p, true);
	p->meanwhile_ends = eventfd(0, EFD_CLOEXEC);
	if (p->meanwhile_ends >= 0 &&
		pthread_create(&p->meanwhile, NULL, answer_meanwhile, p))
		close_if_open(&p->meanwhile_ends);
	return p->meanwhile_ends >= 0;
}

void perturber_answer_no_more(struct perturber *p)
{
	uint64_t one = 1;

	if (p->meanwhile_ends < 0)
		return;
	if (write(p->meanwhile_ends, &one, sizeof one) < 0)
		perror("hupstorm: perturber");
	pthread_join(p->meanwhile, NULL);
	close_if_open(&p->meanwhile_ends);
}

static bool is_too_slow(enum verdict verdict)
{
	return verdict == VERDICT_SLOW || verdict == VERDICT_STARVED;
}

/* It may be slow by itself: that is to be seen without. */
static void blame(const struct perturber *p, struct outcome *outcome)
{
	char *reason = outcome->reason;
	size_t used = strlen(reason);

	snprintf(reason + used, REASON_SIZE - used,
		"; the perturber may have drowned it: %" PRIu64 " calls were held up for "
		"%.1f s in all",
		p->delays, os_seconds(p->time));
}

/* What passed without what it should have gone through, or went through nothing else. */
static void check_exposure(const struct perturber *p, struct outcome *outcome)
{
	uint64_t done = p->delays + p->errors;

	if (!perturbation_is_any(&p->plan.perturbation) ||
		verdict_is_red(outcome->verdict) || outcome->verdict == VERDICT_SKIPPED)
		return;
	if (p->stale > p->seen / 2 && p->stale > NOTICES_ENOUGH)
		snprintf(outcome->reason, sizeof outcome->reason,
			"the perturber has drowned it: %" PRIu64 " of %" PRIu64
			" calls were interrupted before they were answered",
			p->stale, p->seen);
	else if (is_too_slow(outcome->verdict) && done)
		blame(p, outcome);
	else if (outcome->verdict == VERDICT_PASS && !done && p->seen >= NOTICES_ENOUGH)
		snprintf(outcome->reason, sizeof outcome->reason,
			"the perturber has done nothing at %" PRIu64 " system calls",
			p->seen);
	else
		return;
	outcome->verdict = VERDICT_INVALID;
}

static void report_escapes(const struct perturber *p, struct outcome *outcome)
{
	char *reason = outcome->reason;
	size_t used = strlen(reason);
	char others[48] = "";

	if (!p->escapes)
		return;
	if (p->escapes > 1)
		snprintf(others, sizeof others, ", and %u calls more were",
			p->escapes - 1);
	if (!verdict_is_red(outcome->verdict)) {
		outcome->verdict = VERDICT_ORACLE;
		used = 0;
	}
	snprintf(reason + used, REASON_SIZE - used, "%ssandbox: %s, which was refused%s",
		used ? "; " : "", p->escape, others);
}

void perturber_report(const struct perturber *p, struct outcome *outcome)
{
	outcome->perturb_count = p->delays;
	outcome->perturb_time = p->time;
	outcome->perturb_stale = p->stale;
	outcome->perturb_errors = p->errors;
	check_exposure(p, outcome);
	report_escapes(p, outcome);
}
