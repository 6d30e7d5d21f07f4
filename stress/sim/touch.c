/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a compiler calls with -fsanitize=thread, as far as C programs are concerned (the interface is that of
 * LLVM's tsan_interface.h and tsan_interface_atomic.h). There is one thread, so atomic accesses are plain ones.
 */
#include "touch.h"

#include <stdint.h>
#include <string.h>

struct sim_touches sim_touches;

void sim_touch_slow(const void *at, size_t size)
{
	if (sim_touches.count == SIM_TOUCHES_MAX)
		sim_touches.all = false;
	else
		sim_touches.list[sim_touches.count++] = (struct sim_touch){ at, size };
}

#ifndef HUPSTORM_TRACED

const bool sim_is_traced = false;

bool sim_is_touch(const void *function)
{
	(void)function;
	return false;
}

#else

const bool sim_is_traced = true;

#define SAYS_ONE(name, size)                                                             \
	void __tsan_##name##size(const void *at);                                        \
	void __tsan_##name##size(const void *at)                                         \
	{                                                                                \
		sim_touch(at, size);                                                     \
	}
#define SAYS(name)                                                                       \
	SAYS_ONE(name, 1)                                                                \
	SAYS_ONE(name, 2) SAYS_ONE(name, 4) SAYS_ONE(name, 8) SAYS_ONE(name, 16)
SAYS(read)
SAYS(write)
SAYS(unaligned_read)
SAYS(unaligned_write)
SAYS(read_write)

#define FIVE(name)                                                                       \
	__tsan_##name##1, __tsan_##name##2, __tsan_##name##4, __tsan_##name##8,          \
		__tsan_##name##16

bool sim_is_touch(const void *function)
{
	static void (*const all[])(const void *) = { FIVE(read), FIVE(write),
		FIVE(unaligned_read), FIVE(unaligned_write), FIVE(read_write) };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if ((uintptr_t)all[i] == (uintptr_t)function)
			return true;
	return false;
}

#define SAYS_RANGE(name)                                                                 \
	void __tsan_##name##_range(const void *at, size_t size);                         \
	void __tsan_##name##_range(const void *at, size_t size)                          \
	{                                                                                \
		sim_touch(at, size);                                                     \
	}
SAYS_RANGE(read)
SAYS_RANGE(write)

#define UPDATES(bits, type, name, value)                                                 \
	type __tsan_atomic##bits##_##name(type *at, type by, int order);                 \
	type __tsan_atomic##bits##_##name(type *at, type by, int order)                  \
	{                                                                                \
		type was = *at;                                                          \
                                                                                         \
		(void)order;                                                             \
		sim_touch(at, sizeof *at);                                               \
		*at = (type)(value);                                                     \
		return was;                                                              \
	}
#define EXCHANGES(bits, type, name)                                                      \
	int __tsan_atomic##bits##_compare_exchange_##name(                               \
		type *at, type *expected, type value, int order, int otherwise);         \
	int __tsan_atomic##bits##_compare_exchange_##name(                               \
		type *at, type *expected, type value, int order, int otherwise)          \
	{                                                                                \
		int same = *at == *expected;                                             \
                                                                                         \
		(void)order;                                                             \
		(void)otherwise;                                                         \
		sim_touch(at, sizeof *at);                                               \
		if (same)                                                                \
			*at = value;                                                     \
		else                                                                     \
			*expected = *at;                                                 \
		return same;                                                             \
	}
#define EXCHANGES_TELLING(bits, type)                                                    \
	type __tsan_atomic##bits##_compare_exchange_val(                                 \
		type *at, type expected, type value, int order, int otherwise);          \
	type __tsan_atomic##bits##_compare_exchange_val(                                 \
		type *at, type expected, type value, int order, int otherwise)           \
	{                                                                                \
		type was = *at;                                                          \
                                                                                         \
		(void)order;                                                             \
		(void)otherwise;                                                         \
		sim_touch(at, sizeof *at);                                               \
		if (was == expected)                                                     \
			*at = value;                                                     \
		return was;                                                              \
	}
#define ATOMIC(bits, type)                                                               \
	type __tsan_atomic##bits##_load(const type *at, int order);                      \
	type __tsan_atomic##bits##_load(const type *at, int order)                       \
	{                                                                                \
		(void)order;                                                             \
		sim_touch(at, sizeof *at);                                               \
		return *at;                                                              \
	}                                                                                \
	void __tsan_atomic##bits##_store(type *at, type value, int order);               \
	void __tsan_atomic##bits##_store(type *at, type value, int order)                \
	{                                                                                \
		(void)order;                                                             \
		sim_touch(at, sizeof *at);                                               \
		*at = value;                                                             \
	}                                                                                \
	UPDATES(bits, type, exchange, by)                                                \
	UPDATES(bits, type, fetch_add, was + by)                                         \
	UPDATES(bits, type, fetch_sub, was - by)                                         \
	UPDATES(bits, type, fetch_or, was | by)                                          \
	UPDATES(bits, type, fetch_and, was &by)                                          \
	UPDATES(bits, type, fetch_xor, was ^ by)                                         \
	EXCHANGES(bits, type, strong)                                                    \
	EXCHANGES(bits, type, weak)                                                      \
	EXCHANGES_TELLING(bits, type)
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(const void *caller);
void __tsan_func_entry(const void *caller)
{
	(void)caller;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	(void)order;
}

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

/* What clang makes of copies, and what traced files call memcpy and so on (TRACED_FLAGS). */
#define COPIES(name, function)                                                           \
	void *name(void *to, const void *from, size_t size);                             \
	void *name(void *to, const void *from, size_t size)                              \
	{                                                                                \
		sim_touch(to, size);                                                     \
		sim_touch(from, size);                                                   \
		return function(to, from, size);                                         \
	}
COPIES(__tsan_memcpy, memcpy)
COPIES(__tsan_memmove, memmove)
COPIES(sim_memcpy, memcpy)
COPIES(sim_memmove, memmove)

#define FILLS(name)                                                                      \
	void *name(void *to, int byte, size_t size);                                     \
	void *name(void *to, int byte, size_t size)                                      \
	{                                                                                \
		sim_touch(to, size);                                                     \
		return memset(to, byte, size);                                           \
	}
FILLS(__tsan_memset)
FILLS(sim_memset)

int sim_memcmp(const void *one, const void *other, size_t size);
int sim_memcmp(const void *one, const void *other, size_t size)
{
	sim_touch(one, size);
	sim_touch(other, size);
	return memcmp(one, other, size);
}

size_t sim_strlen(const char *text);
size_t sim_strlen(const char *text)
{
	size_t length = strlen(text);

	sim_touch(text, length + 1);
	return length;
}

char *sim_strncpy(char *to, const char *from, size_t size);
char *sim_strncpy(char *to, const char *from, size_t size)
{
	sim_touch(to, size);
	sim_touch(from, strnlen(from, size));
	return strncpy(to, from, size);
}

int sim_strcmp(const char *one, const char *other);
int sim_strcmp(const char *one, const char *other)
{
	sim_touch(one, strlen(one) + 1);
	sim_touch(other, strlen(other) + 1);
	return strcmp(one, other);
}

#endif
