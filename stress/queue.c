/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of threads. A thread is in one at most; the caller holds the lock that guards
 * the queue. What is not in use is NO_THREAD: the explorer compares states. */
#include "runtime.h"

void queue_init(struct thread_queue *queue)
{
	queue->head = queue->tail = NO_THREAD;
}

bool queue_empty(const struct thread_queue *queue)
{
	return queue->head == NO_THREAD;
}

void queue_push(struct thread_queue *queue, struct thread *thread)
{
	thread->next_runnable = NO_THREAD;
	if (queue_empty(queue))
		queue->head = thread->id;
	else
		thread_at(queue->tail)->next_runnable = thread->id;
	queue->tail = thread->id;
}

struct thread *queue_pop(struct thread_queue *queue)
{
	struct thread *thread;

	if (queue_empty(queue))
		return NULL;
	thread = thread_at(queue->head);
	queue->head = thread->next_runnable;
	thread->next_runnable = NO_THREAD;
	if (queue_empty(queue))
		queue->tail = NO_THREAD;
	return thread;
}

/* Whoever came last, for a queue that is not first come, first served. */
struct thread *queue_pop_last(struct thread_queue *queue)
{
	struct thread *before = NULL, *last;

	if (queue_empty(queue))
		return NULL;
	last = thread_at(queue->head);
	while (last->id != queue->tail) {
		before = last;
		last = thread_at(last->next_runnable);
	}
	if (!before)
		return queue_pop(queue);
	before->next_runnable = NO_THREAD;
	queue->tail = before->id;
	return last;
}

uint32_t queue_length(const struct thread_queue *queue)
{
	uint32_t length = 0;

	for (uint32_t id = queue->head; id != NO_THREAD;
		id = thread_at(id)->next_runnable)
		length++;
	return length;
}
