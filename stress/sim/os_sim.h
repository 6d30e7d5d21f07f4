/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam on a simulated machine (os.h): the same runtime sources, compiled with
 * HUPSTORM_SIMULATED, run on virtual threads of one thread of the system, one step at a
 * time. machine.h says what the machine is like; included by os.h only.
 */
#ifndef HUPSTORM_STRESS_SIM_OS_SIM_H
#define HUPSTORM_STRESS_SIM_OS_SIM_H

/* All virtual threads have the one errno. */
enum { OS_ERRNO_IS_OWN = 0 };

/* Patience has no place where time stands still. */
enum { OS_SPINS = 1, OS_SHORT_NAPS = 0, OS_LONGEST_NAP = 1 };

/* What the runtime keeps for each thread. */
struct os_thread {
	uint32_t virtual_thread; /* index + 1; 0: none since the last join */
};

uint64_t sim_now(void);
bool sim_keeps_events(void);
int sim_futex_wait(const os_word *word, uint32_t expected, uint64_t deadline);
void sim_futex_wake(const os_word *word, uint32_t count);
int sim_sleep_until(uint64_t deadline);
void sim_yield(void);
uint64_t sim_mask(void);
void sim_set_mask(uint64_t bits);
int sim_kill_process(int signal);
int sim_kill_thread(uint32_t tid, int signal);
struct thread *sim_self(void);
bool sim_on_signal_stack(int signal);
int sim_poller_wait(int poller, uint64_t deadline);
void sim_poller_post(int poller);
void sim_poller_take(int poller);
int sim_pipe_read(int pipe, uint8_t *byte);
int sim_pipe_write(int pipe, uint8_t byte);
int sim_attribute(int value); /* 0 and 1 set it, -1 reads it */
void sim_last_words(const char *text, size_t length);

/* Not the numbers 32 to 34, as in the native build. */
#define SIM_ALL_SIGNALS (~(UINT64_C(7) << 31))

os_inline bool os_keeps_events(void)
{
	return sim_keeps_events();
}

os_inline uint64_t os_now(void)
{
	return sim_now();
}

os_inline int os_futex_wait(const os_word *word, uint32_t expected, uint64_t deadline)
{
	return sim_futex_wait(word, expected, deadline);
}

os_inline void os_futex_wake(const os_word *word, uint32_t count)
{
	sim_futex_wake(word, count);
}

os_inline int os_sleep_until(uint64_t deadline)
{
	return sim_sleep_until(deadline);
}

os_inline int os_sleep(uint64_t *left)
{
	uint64_t deadline = os_now() + *left, now;
	int result = sim_sleep_until(deadline);

	now = os_now();
	*left = deadline > now ? deadline - now : 0;
	return result;
}

os_inline void os_yield(void)
{
	sim_yield();
}

os_inline void os_relax(void)
{
	sim_yield();
}

os_inline struct os_signal_set os_signals_get(void)
{
	return (struct os_signal_set){ sim_mask() };
}

os_inline void os_signals_set(struct os_signal_set mask)
{
	sim_set_mask(mask.bits);
}

os_inline struct os_signal_set os_signals_block_all(void)
{
	struct os_signal_set before = os_signals_get();

	sim_set_mask(SIM_ALL_SIGNALS);
	return before;
}

os_inline int os_kill_process(int signal)
{
	return sim_kill_process(signal);
}

os_inline int os_kill_thread(uint32_t tid, int signal)
{
	return sim_kill_thread(tid, signal);
}

os_inline struct thread *os_self(void)
{
	return sim_self();
}

os_inline bool os_on_signal_stack(const struct os_thread *thread, int signal)
{
	(void)thread;
	return sim_on_signal_stack(signal);
}

os_inline int os_poller_wait(const struct os_poller *poller, uint64_t deadline)
{
	return sim_poller_wait(poller->event, deadline);
}

os_inline void os_poller_post(const struct os_poller *poller)
{
	sim_poller_post(poller->event);
}

os_inline void os_poller_take(const struct os_poller *poller)
{
	sim_poller_take(poller->event);
}

os_inline int os_pipe_read(const struct os_pipe *pipe, uint8_t *byte)
{
	return sim_pipe_read(pipe->read_end, byte);
}

os_inline int os_pipe_write(const struct os_pipe *pipe, uint8_t byte)
{
	return sim_pipe_write(pipe->write_end, byte);
}

os_inline int os_attribute_set(bool value)
{
	return sim_attribute(value);
}

os_inline int os_attribute_get(void)
{
	return sim_attribute(-1);
}

os_inline void os_last_words(const char *text, size_t length)
{
	sim_last_words(text, length);
}

#endif
