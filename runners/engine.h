/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An engine: how cells of one kind are started, watched and ended. The executor (execute.h)
 * knows nothing else of them.
 *
 * A running cell is the engine's own; who uses it holds it as `void *`.
 */
#ifndef HUPSTORM_RUNNERS_ENGINE_H
#define HUPSTORM_RUNNERS_ENGINE_H

#include "cell.h"
#include "evidence.h"

struct engine_operations {
	/* Why this cell cannot run here, or NULL. */
	const char *(*why_not)(
		const struct cell *cell, const struct cell_settings *settings);

	/* 0, or a negative errno: the system has no process, memory or descriptor to give.
	 * The parent must have one thread. */
	int (*start)(void **running, const struct cell *cell,
		const struct cell_settings *settings);

	/* Descriptors that become readable when the cell has ended, and when it asks for
	 * something; the latter may be -1. */
	int (*ended_descriptor)(const void *running);
	int (*asking_descriptor)(const void *running);

	/* Who answers its system calls, to be served when its descriptor is readable. */
	struct perturber *(*perturber)(const void *running);

	/* Every so often: look at the cell; when it asks: answer. What is found ends it. Take
	 * some ms. */
	void (*look)(void *running);
	void (*answer)(void *running);

	/* When it has ended: what came of it, and the evidence, which is the caller's, or NULL;
	 * or kill it, for no outcome. Both free `running`, and kill whatever may be left of the
	 * cell. */
	void (*collect)(
		void *running, struct outcome *outcome, struct evidence **evidence);
	void (*abandon)(void *running);
};

/* That runs this cell. */
const struct engine_operations *engine_of(const struct cell *cell);

#endif
