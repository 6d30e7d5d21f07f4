/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the seam on the simulated machine. */
#include "inside.h"
#include "scrub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The C library's numbers are among these. */
enum { FIRST_REALTIME = 32 };

static uint64_t bit_of(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

void os_begin(void)
{
}

SIM_UNSCRUBBED uint64_t sim_now(void)
{
	return machine.s.now + running_local()->clock;
}

SIM_UNSCRUBBED bool sim_keeps_events(void)
{
	return !machine.config.abstract_time;
}

/* With abstract time what is far away never comes, and the rest is told from now on, which
 * ends what the thread timed out for before. */
uint64_t sim_deadline(uint64_t deadline)
{
	uint64_t now = sim_now(), left = deadline > now ? deadline - now : 0;

	if (deadline == UINT64_MAX || !machine.config.abstract_time)
		return deadline;
	running_local()->clock = 0;
	return left < OS_SECOND ? left : UINT64_MAX;
}

void sim_time_has_come(uint64_t deadline)
{
	if (machine.config.abstract_time)
		running_local()->clock = deadline;
	else if (deadline > machine.s.now)
		machine.s.now = deadline;
}

static unsigned next_rank(const os_word *word)
{
	unsigned rank = 1;

	for (unsigned i = 0; i < machine.s.count; i++) {
		const struct virtual_thread *t = &machine.s.threads[i];

		if (t->state == VIRTUAL_SLEEPS && t->word == word &&
			t->asleep_rank >= rank)
			rank = t->asleep_rank + 1;
	}
	return rank;
}

/* The kernel looks at the word and queues the caller in one step; after a handler it
 * restarts the call, and looks again. */
int sim_futex_wait(const os_word *word, uint32_t expected, uint64_t deadline)
{
	uint64_t until = sim_deadline(deadline);
	enum turn turn;

	at_point(SIM_OP_FUTEX_WAIT, word, 0, expected);
	do {
		if (atomic_load_explicit(&word->value, memory_order_relaxed) != expected)
			return -EAGAIN;
		/* Where no handler can come it is not looked at again. */
		if (running()->mask == SIM_ALL_SIGNALS)
			expected = 0;
		running()->asleep_rank = next_rank(word);
		turn = await_at(VIRTUAL_SLEEPS, SIM_OP_FUTEX_WAIT, word, 0, until);
		running()->asleep_rank = 0;
	} while (turn == TURN_INTERRUPTED);
	/* At the coarse level whoever sleeps here looks at no clock (broadcast.c). */
	if (turn == TURN_TIMED_OUT && !machine.config.coarse)
		sim_time_has_come(until);
	return turn == TURN_TIMED_OUT ? -ETIMEDOUT : 0;
}

static struct virtual_thread *first_sleeper(const os_word *word)
{
	struct virtual_thread *first = NULL;

	for (unsigned i = 0; i < machine.s.count; i++) {
		struct virtual_thread *t = &machine.s.threads[i];

		if (t->state == VIRTUAL_SLEEPS && t->word == word &&
			(!first || t->asleep_rank < first->asleep_rank))
			first = t;
	}
	return first;
}

void sim_futex_wake(const os_word *word, uint32_t count)
{
	struct virtual_thread *sleeper;

	at_point(SIM_OP_FUTEX_WAKE, word, count, 0);
	while (count-- && (sleeper = first_sleeper(word))) {
		sleeper->state = VIRTUAL_READY;
		sleeper->asleep_rank = 0;
		sleeper->deadline = UINT64_MAX;
		thread_changed((unsigned)(sleeper - machine.s.threads));
	}
}

int sim_sleep_until(uint64_t deadline)
{
	uint64_t until = sim_deadline(deadline);

	at_point(SIM_OP_SLEEP, NULL, 0, 0);
	if (deadline <= sim_now())
		return 0;
	if (await_at(VIRTUAL_SLEEPS, SIM_OP_SLEEP, NULL, 0, until) == TURN_INTERRUPTED)
		return -EINTR;
	sim_time_has_come(until);
	return 0;
}

void sim_yield(void)
{
	running_local()->yields = true;
	at_point(SIM_OP_YIELD, NULL, 0, 0);
}

SIM_UNSCRUBBED uint64_t sim_mask(void)
{
	return running()->mask;
}

/* A signal that becomes deliverable is delivered at the next point, not before. */
void sim_set_mask(uint64_t bits)
{
	/* To open the mask is nobody else's business: with abstract time, where states
	 * are counted, no point. */
	if (!machine.config.abstract_time || bits & ~running()->mask)
		at_point(SIM_OP_MASK, NULL, bits != 0, 0);
	running()->mask = bits & SIM_ALL_SIGNALS;
}

static bool is_deadly(int signal)
{
	static const char words[] = "killed by a signal that nobody handles\n";

	if (machine.s.disposition[signal] != OS_SIGNAL_DEFAULT ||
		signal == OS_SIGNAL_NUDGE || signal == OS_SIGNAL_BROADCAST)
		return false;
	sim_last_words(words, sizeof words - 1);
	return true;
}

static void post(uint64_t *pending, int signal)
{
	if (is_deadly(signal))
		machine_end(SIM_ABORTED);
	if (machine.s.disposition[signal] >= OS_SIGNAL_HANDLE)
		*pending |= bit_of(signal);
}

int sim_kill_process(int signal)
{
	at_point(SIM_OP_KILL_PROCESS, NULL, (uint32_t)signal, 0);
	post(&machine.s.pending, signal);
	return 0;
}

int sim_kill_thread(uint32_t tid, int signal)
{
	at_point(SIM_OP_KILL_THREAD, NULL, (uint32_t)signal, tid);
	if (signal >= FIRST_REALTIME)
		return -EAGAIN;
	for (unsigned i = 0; i < machine.s.count; i++) {
		struct virtual_thread *t = &machine.s.threads[i];

		if (t->tid != tid || t->state == VIRTUAL_FREE ||
			t->state == VIRTUAL_ENDED)
			continue;
		post(&t->pending, signal);
		thread_changed(i);
		return 0;
	}
	return -ESRCH;
}

int os_signal_dispose(int signal, enum os_disposition disposition, void (*handler)(int),
	enum os_disposition *before)
{
	if (signal < 1 || signal > OS_SIGNALS)
		return -EINVAL;
	at_point(SIM_OP_MASK, NULL, (uint32_t)signal, 0);
	if (before)
		*before = machine.s.disposition[signal] < OS_SIGNAL_HANDLE
				  ? machine.s.disposition[signal]
				  : OS_SIGNAL_HANDLE;
	machine.s.disposition[signal] = (uint8_t)disposition;
	/* There is one handler for all. */
	if (disposition >= OS_SIGNAL_HANDLE && handler)
		machine.s.handler = handler;
	/* What is ignored, or will be, is not kept. */
	if (disposition < OS_SIGNAL_HANDLE) {
		machine.s.pending &= ~bit_of(signal);
		for (unsigned i = 0; i < machine.s.count; i++) {
			machine.s.threads[i].pending &= ~bit_of(signal);
			thread_changed(i);
		}
	}
	return 0;
}

enum os_disposition os_signal_disposition(int signal)
{
	at_point(SIM_OP_MASK, NULL, (uint32_t)signal, 0);
	return machine.s.disposition[signal];
}

int os_child_start(bool execute)
{
	(void)execute;
	return -ENOSYS;
}

int os_child_wait(int child)
{
	(void)child;
	return -ENOSYS;
}

int os_thread_create(struct os_thread *thread, void (*entry)(void *), void *argument)
{
	int index;

	at_point(SIM_OP_CREATE, NULL, 0, 0);
	index = make_thread(entry, argument, SIM_ALL_SIGNALS);
	if (index < 0)
		return -EAGAIN;
	thread->virtual_thread = (uint32_t)index + 1;
	return 0;
}

int os_thread_enter(struct os_thread *thread, struct thread *self, uint32_t *tid)
{
	(void)thread;
	running()->self = self;
	*tid = running()->tid;
	return 0;
}

void os_signal_stack_off(void)
{
}

void os_thread_leave(struct os_thread *thread)
{
	(void)thread;
	running()->self = NULL;
}

void os_thread_join(struct os_thread *thread)
{
	at_point(SIM_OP_JOIN, NULL, 0, 0);
	if (!thread->virtual_thread)
		return;
	running()->joined = thread->virtual_thread - 1;
	await_at(VIRTUAL_JOINS, SIM_OP_JOIN, NULL, 0, UINT64_MAX);
	machine.s.threads[running()->joined].state = VIRTUAL_FREE;
	thread_changed(running()->joined);
	thread->virtual_thread = 0;
}

SIM_UNSCRUBBED struct thread *sim_self(void)
{
	return machine.on ? running()->self : NULL;
}

/* There is one stack for all that a thread does: it counts what was asked for. */
bool sim_on_signal_stack(int signal)
{
	return machine.s.disposition[signal] != OS_SIGNAL_HANDLE_OFF_STACK;
}

int os_poller_open(struct os_poller *poller)
{
	if (machine.s.pollers == SIM_POLLERS_MAX)
		return -EMFILE;
	*poller = (struct os_poller){ 0, machine.s.pollers++ };
	return 0;
}

void os_poller_close(struct os_poller *poller)
{
	machine.s.event[poller->event] = false;
}

int sim_poller_wait(int poller, uint64_t deadline)
{
	uint64_t until = sim_deadline(deadline);
	enum turn turn;

	at_point(SIM_OP_POLL, NULL, 0, 0);
	if (machine.s.event[poller] || deadline <= sim_now())
		return machine.s.event[poller];
	running()->poller = poller;
	turn = await_at(VIRTUAL_POLLS, SIM_OP_POLL, NULL, 0, until);
	if (turn == TURN_TIMED_OUT)
		sim_time_has_come(until);
	return turn == TURN_INTERRUPTED ? -EINTR : machine.s.event[poller];
}

void sim_poller_post(int poller)
{
	at_point(SIM_OP_POST, NULL, 1, 0);
	machine.s.event[poller] = true;
}

void sim_poller_take(int poller)
{
	at_point(SIM_OP_POST, NULL, 0, 0);
	machine.s.event[poller] = false;
}

int os_pipe_open(struct os_pipe *pipe)
{
	for (int i = 0; i < SIM_PIPES_MAX; i++) {
		if (machine.s.pipes[i].open)
			continue;
		machine.s.pipes[i] = (struct sim_pipe){ .open = true };
		*pipe = (struct os_pipe){ i, i };
		return 0;
	}
	return -EMFILE;
}

void os_pipe_close(struct os_pipe *pipe)
{
	machine.s.pipes[pipe->read_end].open = false;
}

bool pipe_has_news(int pipe)
{
	return machine.s.pipes[pipe].bytes || !machine.s.pipes[pipe].open;
}

int sim_pipe_read(int pipe, uint8_t *byte)
{
	at_point(SIM_OP_PIPE, NULL, 0, 0);
	running()->pipe = pipe;
	if (!pipe_has_news(pipe) && await_at(VIRTUAL_READS, SIM_OP_PIPE, NULL, 0,
					    UINT64_MAX) == TURN_INTERRUPTED)
		return -EINTR;
	if (!machine.s.pipes[pipe].bytes)
		return 0;
	machine.s.pipes[pipe].bytes--;
	*byte = 0;
	return 1;
}

int sim_pipe_write(int pipe, uint8_t byte)
{
	(void)byte;
	at_point(SIM_OP_PIPE, NULL, 1, 0);
	machine.s.pipes[pipe].bytes++;
	return 1;
}

int sim_attribute(int value)
{
	at_point(SIM_OP_ATTRIBUTE, NULL, (uint32_t)value, 0);
	if (value < 0)
		return running()->attribute;
	running()->attribute = value;
	return 0;
}

bool sim_attribute_seen(void)
{
	return running()->attribute;
}

void sim_last_words(const char *text, size_t length)
{
	char *words = machine.result->words;
	size_t used = strlen(words), room = SIM_WORDS - 1 - used;

	memcpy(words + used, text, length < room ? length : room);
}

void os_abort(void)
{
	machine_end(SIM_ABORTED);
}

void os_exit(int status)
{
	(void)status;
	machine_end(SIM_EXITED);
}
